"""`pip uninstall`: asks, removes all that was agreed to in one generation, and says so."""

from __future__ import annotations

import os

from alcove.environments import installed
from alcove.errors import AlcoveError, InvalidRequirement
from alcove.pip.reporter import PipReporter
from alcove.pip.requests import index_options
from alcove.requirements.dependencies import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from alcove.environments.installed import Distribution
    from alcove.pip.session import Session

__all__ = ["run"]


def run(session: Session) -> int:
    """Carry out `pip uninstall`; 0, also where something is not installed (as pip does)."""
    output = session.output
    asked = _asked(session)
    found = {each.normalised: each for each in session.contents().distributions}
    agreed: dict[str, Distribution] = {}
    left: list[str] = []
    for key, name in asked.items():
        distribution = found.get(key)
        if distribution is None:
            output.warning(f"Skipping {name} as it is not installed.")
        elif not distribution.info.endswith(".dist-info"):
            left.append(name)
        elif _may_go(session, distribution):
            agreed[key] = distribution
    if agreed:
        _remove(session, agreed)
    return _by_the_real_pip(session, left) if left else 0


def _remove(session: Session, agreed: Mapping[str, Distribution]) -> None:
    output = session.output
    yes = session.parsed.flag("yes")
    session.actions().uninstall(list(agreed), session.command, PipReporter(output))
    for distribution in agreed.values():
        said = f"{distribution.name}-{distribution.version}"
        if yes:
            _announce(session, distribution)
        output.info(f"  Successfully uninstalled {said}")


def _by_the_real_pip(session: Session, names: Sequence[str]) -> int:
    """Leave to the real pip what `setup.py install` and `develop` placed: eggs and links to them have no RECORD."""
    from alcove.pip.delegate import hand_over

    session.output.flush()
    words = ["uninstall", *(["-y"] if session.parsed.flag("yes") else []), *names]
    return hand_over(
        session.place, session.actions(), words, environ=session.environ, execute=session.execute
    )


def _asked(session: Session) -> Mapping[str, str]:
    """Return the names asked for, in their order: normalised, and as written."""
    parsed = session.parsed
    names: dict[str, str] = {}
    for argument in parsed.arguments:
        name = _name(argument)
        if name:
            names.setdefault(installed.normalise(name), name)
        else:
            session.output.warning(
                f"Invalid requirement: {argument!r} ignored - the uninstall command expects named"
                " requirements."
            )
    for file in parsed.texts("requirements"):
        for name in session.actions().requirement_names(file, index_options(parsed)):
            names.setdefault(installed.normalise(name), name)
    if not names:
        raise AlcoveError(
            'You must give at least one requirement to uninstall (see "pip help uninstall")'
        )
    return names


def _name(argument: str) -> str:
    """Return the name of a requirement; "" for a path or URL that tells none; InvalidRequirement for neither."""
    name = name_of(argument)
    rest = argument.strip()[len(name) :].lstrip()
    if not rest.startswith("@") and (said := _said_by_place(argument)):
        return said
    if "://" in argument.partition("@")[0] or (os.path.exists(argument) and os.sep in argument):
        return ""
    reason = ""
    if not name or not name[0].isalnum() or not name[-1].isalnum():
        reason = "Expected package name at the start of dependency specifier"
    elif rest[:1] not in _AFTER_NAME:
        reason = "Expected semicolon (after name with no version specifier) or end"
    if reason:
        raise InvalidRequirement(f"Invalid requirement: {argument!r}: {reason}")
    return name


def _said_by_place(argument: str) -> str:
    """Return the name that a URL or path tells, by `#egg=` or by the file name of a wheel; "" where it does not."""
    place, _, fragment = argument.strip().partition("#")
    for part in fragment.split("&"):
        if part.startswith("egg="):
            return name_of(part.removeprefix("egg="))
    filename = place.rpartition("/")[2].partition("[")[0]
    name, *rest = filename.removesuffix(".whl").split("-")
    is_wheel = filename.endswith(".whl") and len(rest) in _PARTS and all(rest)
    return name if is_wheel and name.replace("_", "a").replace(".", "a").isalnum() else ""


_PARTS = (
    4,
    5,
)  # of the name of a wheel behind that of the distribution; the build tag may be missing
_AFTER_NAME = ("", "[", "=", "<", ">", "!", "~", ";", "@", "(")


def _may_go(session: Session, distribution: Distribution) -> bool:
    output, place = session.output, session.place
    if distribution.normalised == "pip" and distribution.installer() == "alcove":
        output.warning(
            "pip is a part of this environment and stays: alcove put it there, and no module of"
            " yours imports it"
        )
        output.hint(f"alcove create --without-pip makes an environment without it: {place.prefix}")
        return False
    if not place.owns(distribution):
        _announce(session, distribution)
        output.info(
            f"    Not uninstalling {distribution.normalised} at {distribution.location},"
            f" outside environment {place.prefix}"
        )
        output.info(f"    Can't uninstall '{distribution.name}'. No files were found to uninstall.")
        return False
    if session.parsed.flag("yes"):
        return True
    _announce(session, distribution)
    output.info("  Would remove:")
    for path in _listed(distribution):
        output.info(f"    {path}")
    while True:
        answer = session.ask("Proceed (Y/n)? ").strip().lower()
        if answer in {"y", "n", ""}:
            return answer != "n"
        output.data(f"Your response ({answer!r}) was not one of the expected responses: y, n, ")


def _announce(session: Session, distribution: Distribution) -> None:
    session.output.info(f"Found existing installation: {distribution.name} {distribution.version}")
    session.output.info(f"Uninstalling {distribution.name}-{distribution.version}:")


def _listed(distribution: Distribution) -> list[str]:
    """Return what would go, folders of modules as one line `FOLDER/*`."""
    files = distribution.files() or []
    absolute = [os.path.normpath(os.path.join(distribution.location, path)) for path in files]
    shown = [path for path in absolute if not path.endswith(".pyc")]
    folders = {
        os.path.dirname(path)
        for path in shown
        if path.endswith("__init__.py") or ".dist-info" in path
    }
    folders = {folder for folder in folders if not _below(folder, folders)}
    links = {path for path in shown if path in folders}
    single = {path for path in shown if path not in links and not _below(path, folders)}
    return sorted(single | {os.path.join(folder, "*") for folder in folders})


def _below(path: str, folders: Iterable[str]) -> bool:
    return any(path.startswith(folder + os.sep) for folder in folders)
