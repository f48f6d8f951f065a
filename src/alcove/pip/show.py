"""`pip show`: what one distribution says of itself, and who needs it."""

from __future__ import annotations

from alcove.actions.judgement import needed_of
from alcove.actions.show import describe
from alcove.environments import installed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from alcove.actions.show import Shown
    from alcove.pip.session import Session

__all__ = ["run"]


def run(session: Session) -> int:
    """Carry out `pip show`; 1 where none of the names is installed."""
    parsed, output = session.parsed, session.output
    if not parsed.arguments:
        output.warning("ERROR: Please provide a package name or names.")
        return 1
    inventory = session.inventory()
    found = {each.normalised: each for each in inventory.contents.distributions}
    missing = sorted(name for name in parsed.arguments if installed.normalise(name) not in found)
    if missing:
        output.warning(f"Package(s) not found: {', '.join(missing)}")
    shown = 0
    needed = None
    for name in parsed.arguments:
        distribution = found.get(installed.normalise(name))
        if distribution is None:
            continue
        if shown:
            output.info("---")
        shown += 1
        needed = needed or needed_of(inventory, session.place.executable, markers=session.markers)
        facts = describe(
            distribution,
            found.values(),
            needed=needed,
            editable=session.editable(distribution),
        )
        for line in _lines(session, facts):
            output.info(line)
    return 0 if shown else 1


def _lines(session: Session, facts: Shown) -> Iterable[str]:
    yield f"Name: {facts.name}"
    yield f"Version: {facts.version}"
    yield f"Summary: {facts.summary}"
    yield f"Home-page: {facts.home_page}"
    yield f"Author: {facts.author}"
    yield f"Author-email: {facts.author_email}"
    if facts.license_expression and _at_least_2_4(facts.metadata_version):
        yield f"License-Expression: {facts.license_expression}"
    else:
        yield f"License: {facts.license}"
    yield f"Location: {facts.location}"
    if facts.editable:
        yield f"Editable project location: {facts.editable}"
    yield f"Requires: {', '.join(facts.requires)}"
    needed = "#N/A" if facts.required_by is None else ", ".join(facts.required_by)
    yield f"Required-by: {needed}"
    if session.parsed.times("verbose"):
        yield from _more(facts)
    if session.parsed.flag("files"):
        yield "Files:"
        if facts.files is None:
            yield "Cannot locate RECORD or installed-files.txt"
        else:
            yield from (f"  {path}" for path in facts.files)


def _more(facts: Shown) -> Iterable[str]:
    yield f"Metadata-Version: {facts.metadata_version}"
    yield f"Installer: {facts.installer}"
    yield "Classifiers:"
    yield from (f"  {text}" for text in facts.classifiers)
    yield "Entry-points:"
    yield from (f"  {line}" for line in facts.entry_points)
    yield "Project-URLs:"
    yield from (f"  {text}" for text in facts.project_urls)


def _at_least_2_4(version: str) -> bool:
    parts = version.split(".")
    return all(part.isdigit() for part in parts) and tuple(map(int, parts)) >= (2, 4)
