"""`pip index versions`: which versions of a project fit, newest first, and which of them is installed."""

from __future__ import annotations

from alcove.environments import installed
from alcove.errors import FetchError, NoSuchDistribution
from alcove.pip.more_actions import more_of
from alcove.pip.reporter import PipReporter
from alcove.pip.requests import index_options
from alcove.pip.targets import target_wish

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.pip.more_actions import TargetWish
    from alcove.pip.session import Session

__all__ = ["run"]


def run(session: Session) -> int:
    """Carry out `pip index`; 1 where there is no such project, or no action was named."""
    output, parsed = session.output, session.parsed
    if parsed.arguments[:1] != ["versions"]:
        output.error("Need an action (versions) to perform.")
        return 1
    wish = target_wish(parsed)
    names = parsed.arguments[1:]
    if len(names) != 1:
        output.error("You need to specify exactly one argument")
        return 1
    try:
        versions = _versions(session, names[0], wish)
    except NoSuchDistribution:
        versions = []
    except FetchError as error:
        output.error(error.message)
        if error.hint:
            output.hint(error.hint)
        return 1
    if not versions:
        output.error(f"No matching distribution found for {names[0]}")
        return 1
    _tell(session, names[0], versions)
    return 0


def _versions(session: Session, name: str, wish: TargetWish) -> list[str]:
    """Return what fits; pre-releases only where they were asked for."""
    from packaging.version import Version

    from alcove.requirements.controls import Releases, merged

    parsed, normalised = session.parsed, installed.normalise(name)
    options = index_options(parsed)
    found = more_of(session.actions()).versions(
        normalised,
        options,
        wish,
        check_python=not parsed.flag("ignore_requires_python"),
        reporter=PipReporter(session.output.silenced()),
    )
    releases = Releases(*merged(options.releases, first=(":all:",) if options.pre else ()))
    if releases.allows(normalised):
        return list(found)
    return [version for version in found if not Version(version).is_prerelease]


def _tell(session: Session, name: str, versions: list[str]) -> None:
    there = {each.normalised: each for each in session.contents().distributions}
    mine = there.get(installed.normalise(name))
    latest = versions[0]
    output = session.output
    if session.parsed.flag("json"):
        import json

        found: dict[str, object] = {"name": name, "versions": versions, "latest": latest}
        if mine is not None:
            found["installed_version"] = mine.version
        output.info(json.dumps(found))
        return
    output.info(f"{name} ({latest})")
    output.info(f"Available versions: {', '.join(versions)}")
    if mine is not None:
        from packaging.version import Version

        output.info(f"  INSTALLED: {mine.version}")
        pre = " (pre-release; install with `pip install --pre`)" if Version(latest).pre else ""
        output.info(f"  LATEST:    {latest}{pre}")
