"""`pip install`: alcove's install, in pip's words."""

from __future__ import annotations

import os

from alcove.environments import installed
from alcove.errors import AlcoveError, InvalidRequirement
from alcove.pip.install_rules import SOURCES, check
from alcove.pip.reporter import PipReporter
from alcove.pip.requests import install_request
from alcove.pip.version import PIP_VERSION
from alcove.requirements.dependencies import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Any

    from alcove.pip.actions import Change, InstallOutcome, Satisfied
    from alcove.pip.session import Session

__all__ = ["run"]

_CONFLICTS = (
    "pip's dependency resolver does not currently take into account all the packages that are"
    " installed. This behaviour is the source of the following dependency conflicts."
)


def run(session: Session) -> int:
    """Carry out `pip install`; 0."""
    parsed, output = session.parsed, session.output
    check(session)
    # A pip that goes elsewhere is a distribution like any other.
    kept = [] if parsed.text("target") else [text for text in parsed.arguments if _is_pip(text)]
    # An empty word is what a script's empty variable leaves: pip passes over it.
    others = [text for text in parsed.arguments if text not in kept and text.strip()]
    for text in kept:
        _keep_pip(session, text)
    if not others and not any(parsed.texts(name) for name in SOURCES):
        if parsed.text("report") is not None:
            _write_report(session, _empty_report(session))
        return 0
    reporter = PipReporter(output)
    outcome = session.actions().install(install_request(session, others), reporter)
    _tell(session, outcome, built=reporter.built)
    return 0


def _is_pip(text: str) -> bool:
    return installed.normalise(name_of(text)) == "pip" and not os.path.exists(text)


def _keep_pip(session: Session, text: str) -> None:
    """Answer a request for pip itself: the pip of an environment is alcove's, and stays."""
    output = session.output
    name = name_of(text)
    if text.strip() != name and not _fits(text):
        output.warning(
            f"{text.strip()} was asked for; the pip of this environment is alcove's, follows pip"
            f" {PIP_VERSION}, and stays"
        )
        return
    place = session.displayed(session.place.site_packages)
    output.info(f"Requirement already satisfied: {text.strip()} in {place} ({PIP_VERSION})")


def _fits(text: str) -> bool:
    from packaging.requirements import InvalidRequirement as Unreadable
    from packaging.requirements import Requirement

    try:
        requirement = Requirement(text)
    except Unreadable as error:
        first, _, rest = str(error).partition("\n")
        raise InvalidRequirement(f"Invalid requirement: {text!r}: {first}\n{rest}") from error
    return not requirement.url and requirement.specifier.contains(PIP_VERSION, prereleases=True)


def _tell(session: Session, outcome: InstallOutcome, *, built: Collection[str]) -> None:
    output, parsed = session.output, session.parsed
    for satisfied in outcome.satisfied:
        output.info(_satisfied(satisfied, session.displayed))
    if outcome.report is not None and parsed.text("report") is not None:
        _write_report(session, outcome.report)
    if parsed.flag("dry_run"):
        if outcome.changes:
            # pip: here the names are those of METADATA
            pairs = sorted((one.proper or one.name, one.version) for one in outcome.changes)
            output.info("Would install " + " ".join(f"{name}-{version}" for name, version in pairs))
        return
    done = [one.name for one in outcome.changes if installed.normalise(one.name) in built]
    if done:  # not what only the builds needed
        output.info(f"Successfully built {' '.join(done)}")
    if outcome.changes:
        names = ", ".join(change.name for change in outcome.changes)
        output.info(f"Installing collected packages: {names}")
        for change in outcome.changes:
            _tell_replaced(session, change)
    if outcome.conflicts and parsed.flag("warn_conflicts", default=True):
        output.critical("\n".join((_CONFLICTS, *outcome.conflicts)))
    if outcome.changes:
        changed = sorted(outcome.changes, key=lambda change: change.name)
        listed = " ".join(f"{change.name}-{change.version}" for change in changed)
        output.info(f"Successfully installed {listed}")


def _tell_replaced(session: Session, change: Change) -> None:
    if change.before:
        output = session.output
        output.info(f"  Attempting uninstall: {change.name}")
        output.info(f"    Found existing installation: {change.name} {change.before}")
        output.info(f"    Uninstalling {change.name}-{change.before}:")
        output.info(f"      Successfully uninstalled {change.name}-{change.before}")


def _satisfied(satisfied: Satisfied, displayed: Callable[[str], str]) -> str:
    through = f" (from {satisfied.through})" if satisfied.through else ""
    place = displayed(satisfied.location)
    return (
        f"Requirement already satisfied: {satisfied.requirement} in {place}{through}"
        f" ({satisfied.version})"
    )


def _empty_report(session: Session) -> Mapping[str, Any]:
    return {
        "version": "1",
        "pip_version": PIP_VERSION,
        "install": [],
        "environment": dict(session.markers()),
    }


def _write_report(session: Session, report: Mapping[str, Any]) -> None:
    import json

    text = json.dumps(report, indent=2, ensure_ascii=False)
    target = session.parsed.text("report") or "-"
    if target == "-":
        session.output.data(text)
        return
    path = os.path.join(session.directory, target)
    try:  # written in place, as pip does: it may be /dev/stdout or a pipe
        with open(path, "w", encoding="utf-8", errors="surrogateescape") as stream:
            stream.write(text)
    except OSError as error:
        raise AlcoveError(f"the report cannot be written to {target}: {error.strerror}") from error
