"""`pip freeze`: what is installed, as lines that install it again."""

from __future__ import annotations

import os

from alcove.actions.freeze import Frozen, direct_reference, frozen_of
from alcove.environments import installed
from alcove.errors import AlcoveError
from alcove.pip.listing import STANDARD_LIBRARY, selected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.environments.installed import Distribution
    from alcove.pip.session import Session

__all__ = ["Frozen", "direct_reference", "run"]

_ADDED = "## The following requirements were added by pip freeze:"


def run(session: Session) -> int:
    """Carry out `pip freeze`; 0."""
    parsed, output = session.parsed, session.output
    skipped = set(STANDARD_LIBRARY) | set(parsed.texts("excludes"))
    if not parsed.flag("all"):
        skipped |= _tools(session.place.python)
    frozen: dict[str, Frozen] = {}
    for distribution in selected(session):
        each = _freeze(distribution, session)
        if not (each.editable and parsed.flag("exclude_editable")):
            frozen[installed.normalise(each.name)] = each
    files = parsed.texts("requirements")
    if files:
        for line in _in_order(session, files, frozen):
            output.data(line)
        output.data(_ADDED)
    for each in sorted(frozen.values(), key=lambda one: one.name.lower()):
        if installed.normalise(each.name) not in skipped:
            for line in each.lines():
                output.data(line)
    return 0


def _tools(python: str) -> set[str]:
    """Return what freeze hides: pip, and what a venv of that Python brought along besides."""
    numbers = tuple(int(part) for part in python.split(".") if part.isdigit())
    return {"pip", "setuptools", "distribute", "wheel"} if numbers < (3, 12) else {"pip"}


def _freeze(distribution: Distribution, session: Session) -> Frozen:
    return frozen_of(
        distribution,
        editable=session.editable(distribution),
        environ=session.environ,
        warn=session.output.warning,
    )


def _in_order(session: Session, files: list[str], frozen: dict[str, Frozen]) -> Iterator[str]:
    """Yield the lines of requirements files with what is installed; what is given leaves `frozen`."""
    kept: set[str] = set()
    given: dict[str, list[str]] = {}
    output = session.output
    for file in files:
        for raw in _lines(os.path.join(session.directory, file), file):
            line = raw.strip()
            if not line or line.startswith("#") or _is_option(line):
                if raw.rstrip() not in kept:
                    kept.add(raw.rstrip())
                    yield raw.rstrip()
                continue
            bare = _without_comment(line)
            name = _name(bare)
            key = installed.normalise(name)
            if not name:
                # in pip these two go to stdout, and so into the file that is made of it
                output.warning(
                    f"Skipping line in requirement file [{file}] because it's not clear what it"
                    f" would install: {_without_flag(line)}"
                )
                output.hint("add #egg=PackageName to the URL to avoid this warning")
            elif key in frozen:
                yield from frozen.pop(key).lines()
                given.setdefault(name, []).append(file)
            elif given.get(name):
                given[name].append(file)
            else:
                output.warning(
                    f"Requirement file [{file}] contains {bare}, but package {name!r} is not installed"
                )
    for name, where in given.items():
        if len(where) > 1:
            listed = ", ".join(sorted(set(where)))
            output.warning(f"Requirement {name} included multiple times [{listed}]")


def _is_option(line: str) -> bool:
    """Tell whether a line is given back as it is: an option asks for nothing, and all but `-e` are options (pip knows some)."""
    return line.startswith("-") and not line.startswith(("-e", "--editable"))


def _lines(path: str, file: str) -> list[str]:
    r"""Return the lines of a requirements file, each with those that a `\` continues it by."""
    found: list[str] = []
    begun = ""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as stream:
            for line in stream:
                text = line.rstrip("\n")
                if text.endswith("\\") and not text.lstrip().startswith("#"):
                    begun += text[:-1]
                else:
                    found.append(begun + line)
                    begun = ""
    except OSError as error:
        raise AlcoveError(
            f"Could not open requirements file: [Errno {error.errno}] {error.strerror}: {file!r}"
        ) from error
    return [*found, begun] if begun else found


def _without_comment(line: str) -> str:
    """Take off a comment: `#` at the start or after a blank (a URL may hold one)."""
    for position, letter in enumerate(line):
        if letter == "#" and (position == 0 or line[position - 1].isspace()):
            return line[:position].strip()
    return line


def _name(line: str) -> str:
    """Return the name of what a line installs, as written; "" where it does not say it."""
    from alcove.requirements.dependencies import name_of

    editable = line.startswith(("-e", "--editable"))
    if editable or "://" in line.partition("@")[0]:
        fragment = line.partition("#")[2]
        pairs = (part.partition("=") for part in fragment.split("&"))
        egg = next((value for key, _, value in pairs if key == "egg"), "")
        return name_of(egg) or ("" if editable else _wheel_name(line.partition("#")[0]))
    if line.endswith(".whl") or line.startswith((".", "/")):
        return _wheel_name(line)
    return name_of(line)


def _wheel_name(line: str) -> str:
    """Return the name that a wheel's file name begins with; "" for another path."""
    base, dot, kind = line.rpartition("/")[2].rpartition(".")
    return base.partition("-")[0] if dot and kind == "whl" and base.count("-") >= 4 else ""


def _without_flag(line: str) -> str:
    for flag in ("--editable", "-e"):
        if line.startswith(flag):
            return line[len(flag) :].strip().lstrip("=")
    return line
