"""`pip show`: what one distribution says of itself, and who needs it."""

from __future__ import annotations

from alcove.environments import installed
from alcove.environments.metadata import decode
from alcove.pip.dependencies import applies, name_of
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from alcove.environments.installed import Distribution
    from alcove.pip.session import Session

__all__ = ["run"]


_UNTOLD = frozenset(
    "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \t\n\r\v\f"
)  # string.punctuation, whitespace


class _Headers(NamedTuple):
    """The headers of a METADATA, asked by name in any case."""

    pairs: Sequence[tuple[str, str]]

    def first(self, name: str) -> str:
        """Return the first value of a header, or ""."""
        return next(iter(self.every(name)), "")

    def every(self, name: str) -> list[str]:
        """Return all values of a header."""
        return [_dedented(value) for key, value in self.pairs if key.lower() == name.lower()]


def run(session: Session) -> int:
    """Carry out `pip show`; 1 where none of the names is installed."""
    parsed, output = session.parsed, session.output
    if not parsed.arguments:
        output.warning("ERROR: Please provide a package name or names.")
        return 1
    found = {each.normalised: each for each in session.contents().distributions}
    missing = sorted(name for name in parsed.arguments if installed.normalise(name) not in found)
    if missing:
        output.warning(f"Package(s) not found: {', '.join(missing)}")
    shown = 0
    for name in parsed.arguments:
        distribution = found.get(installed.normalise(name))
        if distribution is None:
            continue
        if shown:
            output.info("---")
        shown += 1
        for line in _describe(session, distribution, found):
            output.info(line)
    return 0 if shown else 1


def _describe(
    session: Session, distribution: Distribution, found: Mapping[str, Distribution]
) -> Iterable[str]:
    headers = _Headers(distribution.headers())
    yield f"Name: {distribution.name}"
    yield f"Version: {distribution.version}"
    yield f"Summary: {headers.first('Summary')}"
    yield f"Home-page: {_home_page(headers)}"
    yield f"Author: {headers.first('Author')}"
    yield f"Author-email: {headers.first('Author-email')}"
    expression = headers.first("License-Expression")
    if expression and _at_least_2_4(headers.first("Metadata-Version")):
        yield f"License-Expression: {expression}"
    else:
        yield f"License: {headers.first('License')}"
    yield f"Location: {distribution.location}"
    editable = distribution.editable_location()
    if editable:
        yield f"Editable project location: {editable}"
    yield f"Requires: {', '.join(_requires(session, distribution))}"
    yield f"Required-by: {', '.join(_required_by(session, distribution, found))}"
    if session.parsed.times("verbose"):
        yield from _more(distribution, headers)
    if session.parsed.flag("files"):
        yield "Files:"
        files = distribution.files()
        if files is None:
            yield "Cannot locate RECORD or installed-files.txt"
        else:
            yield from (f"  {path}" for path in _shown_files(files))


def _more(distribution: Distribution, headers: _Headers) -> Iterable[str]:
    yield f"Metadata-Version: {headers.first('Metadata-Version')}"
    yield f"Installer: {distribution.installer()}"
    yield "Classifiers:"
    yield from (f"  {text}" for text in headers.every("Classifier"))
    yield "Entry-points:"
    points = decode(distribution.read("entry_points.txt") or b"")
    yield from (f"  {line.strip()}" for line in points.splitlines())
    yield "Project-URLs:"
    yield from (f"  {text}" for text in headers.every("Project-URL"))


def _home_page(headers: _Headers) -> str:
    said = headers.first("Home-page")
    if said:
        return said
    for text in headers.every("Project-URL"):
        label, comma, url = text.partition(",")
        # PEP 753: labels are compared without punctuation, blanks and case.
        plain = "".join(c for c in label if c not in _UNTOLD)
        if comma and plain.lower() == "homepage":
            return url.strip()
    return ""


def _requires(session: Session, distribution: Distribution) -> list[str]:
    requirements = distribution.requires()
    try:
        names = {name_of(text) for text in requirements if applies(text, session.markers)}
    except ValueError:
        return sorted(requirements, key=str.lower)
    return sorted(names, key=str.lower)


def _required_by(
    session: Session, distribution: Distribution, found: Mapping[str, Distribution]
) -> list[str]:
    try:
        names = [
            each.name
            for each in found.values()
            if any(
                installed.normalise(name_of(text)) == distribution.normalised
                and applies(text, session.markers)
                for text in each.requires()
            )
        ]
    except ValueError:
        return ["#N/A"]
    return sorted(names, key=str.lower)


def _shown_files(files: Sequence[str]) -> list[str]:
    """Return the files in order, without the links of a view, which stand for the files below them."""
    clean = {_clean(path) for path in files}
    above: set[str] = set()
    for path in clean:
        head = path.rpartition("/")[0]
        while head and head not in above:
            above.add(head)
            head = head.rpartition("/")[0]
    return sorted(clean - above)


def _clean(path: str) -> str:
    parts = "/".join(part for part in path.split("/") if part not in {"", "."})
    return "/" + parts if path.startswith("/") else parts


def _dedented(value: str) -> str:
    """Take away the indentation that writers of METADATA give to the lines that continue a value."""
    if "\n" not in value:
        return value
    import textwrap

    return textwrap.dedent(" " * 8 + value)


def _at_least_2_4(version: str) -> bool:
    parts = version.split(".")
    return all(part.isdigit() for part in parts) and tuple(map(int, parts)) >= (2, 4)
