"""`pip list`: what is installed, as columns, as `name==version` lines, or as JSON."""

from __future__ import annotations

import os

from alcove.environments import installed
from alcove.errors import AlcoveError
from alcove.requirements.versions import normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alcove.environments.installed import Distribution
    from alcove.pip.actions import Latest
    from alcove.pip.parse import Parsed
    from alcove.pip.session import Session

__all__ = ["run", "selected", "tabulate"]

STANDARD_LIBRARY = frozenset(
    {"python", "wsgiref", "argparse"}
)  # pip never counts these as installed


def run(session: Session) -> int:
    """Carry out `pip list`; 0."""
    parsed, output = session.parsed, session.output
    _check(parsed)
    chosen = [each for each in selected(session) if each.normalised not in STANDARD_LIBRARY]
    editable = {each.normalised: session.editable(each) for each in chosen}
    if parsed.flag("editable"):
        chosen = [each for each in chosen if editable[each.normalised]]
    if not parsed.flag("include_editable", default=True):
        chosen = [each for each in chosen if not editable[each.normalised]]
    if parsed.flag("not_required"):
        chosen = _not_required(session, chosen)
    excluded = set(parsed.texts("excludes"))
    chosen = sorted(
        (each for each in chosen if each.normalised not in excluded),
        key=lambda each: each.normalised,
    )
    latest = _latest(session, chosen)
    if latest is not None:
        chosen = [each for each in chosen if each.normalised in latest]
    form = parsed.text("format") or "columns"
    verbose = parsed.times("verbose") > 0
    shown = latest if parsed.flag("outdated") else None  # --uptodate selects, and shows nothing new
    if form == "json":
        output.info(_json(chosen, editable, shown, verbose=verbose))
    elif form == "freeze":
        for each in chosen:
            output.info(_requirement(each, verbose=verbose))
    elif chosen:
        for line in _columns(chosen, editable, shown, verbose=verbose):
            output.info(line)
    return 0


def selected(session: Session) -> list[Distribution]:
    """Return the distributions that --path, --local and --user leave, in the order of the directories."""
    parsed, place = session.parsed, session.place
    paths = parsed.texts("path")
    if paths:
        if parsed.flag("user") or parsed.flag("local"):
            raise AlcoveError("Cannot combine '--path' with '--user' or '--local'")
        absolute = [os.path.join(session.directory, path) for path in paths]
        contents = installed.read_all((), before=absolute)
        for problem in contents.problems:
            session.output.warning(problem.reason)
        return list(contents.distributions)
    found = list(session.contents().distributions)
    if parsed.flag("local"):
        found = [each for each in found if place.owns(each)]
    if parsed.flag("user"):
        found = [each for each in found if each.location == place.user_site]
    return found


def tabulate(rows: Sequence[Sequence[str]]) -> tuple[list[str], list[int]]:
    """Return the lines of a table whose columns are as wide as their widest cell, and those widths."""
    sizes = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [" ".join(map(str.ljust, row, sizes)).rstrip() for row in rows]
    return lines, sizes


def _check(parsed: Parsed) -> None:
    if parsed.flag("outdated") and parsed.flag("uptodate"):
        raise AlcoveError("Options --outdated and --uptodate cannot be combined.")
    if parsed.flag("outdated") and parsed.text("format") == "freeze":
        raise AlcoveError("List format 'freeze' cannot be used with the --outdated option.")


def _not_required(session: Session, chosen: list[Distribution]) -> list[Distribution]:
    """Leave those that no other of them needs."""
    from alcove.requirements.dependencies import name_of

    names = {each.normalised for each in chosen}
    needed: set[str] = set()
    for each in chosen:
        for requirement in each.requires():
            name = installed.normalise(name_of(requirement))
            if name in names and name not in needed and _counts(requirement, session):
                needed.add(name)
    return [each for each in chosen if each.normalised not in needed]


def _counts(requirement: str, session: Session) -> bool:
    from alcove.requirements.dependencies import applies

    try:
        return applies(requirement, session.markers)
    except ValueError:  # a marker nobody can read excludes nothing
        return True


def _latest(session: Session, chosen: Sequence[Distribution]) -> Mapping[str, Latest] | None:
    """Return the newest release of those that --outdated or --uptodate asks for; None without them."""
    parsed = session.parsed
    if not (parsed.flag("outdated") or parsed.flag("uptodate")):
        return None
    from packaging.version import InvalidVersion, Version

    from alcove.pip.reporter import PipReporter
    from alcove.pip.requests import index_options

    names = [each.normalised for each in chosen]
    warnings = PipReporter(session.output.silenced())  # stdout is for the answer
    found = session.actions().latest(names, index_options(parsed), warnings)
    kept: dict[str, Latest] = {}
    for each in chosen:
        newest = found.get(each.normalised)
        if newest is None:
            continue
        try:
            have, best = Version(each.directory_version), Version(newest.version)
        except InvalidVersion:
            continue
        if best > have if parsed.flag("outdated") else best == have:
            kept[each.normalised] = newest
    return kept


def _columns(
    chosen: Sequence[Distribution],
    editable: Mapping[str, str],
    latest: Mapping[str, Latest] | None,
    *,
    verbose: bool,
) -> list[str]:
    builds = [each.build() for each in chosen]
    any_build = any(builds)
    any_editable = any(editable[each.normalised] for each in chosen)
    header = ["Package", "Version"]
    header += ["Latest", "Type"] if latest is not None else []
    header += ["Build"] if any_build else []
    header += ["Editable project location"] if any_editable else []
    header += ["Location", "Installer"] if verbose else []
    rows = [header]
    for each, build in zip(chosen, builds, strict=True):
        row = [each.name, each.version]
        if latest is not None:
            row += latest[each.normalised]
        row += [build] if any_build else []
        row += [editable[each.normalised]] if any_editable else []
        row += [each.location, each.installer()] if verbose else []
        rows.append(row)
    lines, sizes = tabulate(rows)
    return [lines[0], " ".join("-" * size for size in sizes), *lines[1:]]


def _requirement(distribution: Distribution, *, verbose: bool) -> str:
    version = normal(distribution.directory_version)
    text = f"{distribution.name}=={version}" if version else ""
    text = text or f"{distribution.name}==={distribution.version}"
    return f"{text} ({distribution.location})" if verbose else text


def _json(
    chosen: Sequence[Distribution],
    editable: Mapping[str, str],
    latest: Mapping[str, Latest] | None,
    *,
    verbose: bool,
) -> str:
    objects = []
    for each in chosen:
        pairs = [
            ("name", each.name),
            ("version", normal(each.directory_version) or each.version),
        ]
        if verbose:
            pairs += [("location", each.location), ("installer", each.installer())]
        if latest is not None:
            newest = latest[each.normalised]
            pairs += [("latest_version", newest.version), ("latest_filetype", newest.kind)]
        if editable[each.normalised]:
            pairs.append(("editable_project_location", editable[each.normalised]))
        body = ", ".join(f"{_quoted(key)}: {_quoted(value)}" for key, value in pairs)
        objects.append("{" + body + "}")
    return "[" + ", ".join(objects) + "]"


def _quoted(text: str) -> str:
    from alcove.files import data  # the only form that needs it

    return data.dumps(text).decode().rstrip("\n")
