"""`show`: what installed distributions say of themselves, and who needs them."""

from __future__ import annotations

from alcove.actions.judgement import needed_of
from alcove.actions.needs import lazy_target, take_visible
from alcove.actions.steady import steadily
from alcove.environments import installed
from alcove.environments.metadata import decode
from alcove.errors import NoSuchDistribution
from alcove.events import Warned
from alcove.records import NamedTuple
from alcove.requirements.dependencies import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alcove.actions.judgement import Names
    from alcove.environments.installed import Distribution
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["Shown", "describe", "show", "shown_files"]

# string.punctuation; the module `string` imports `re`, which `pip show` can do without
_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


class Shown(NamedTuple):
    """What is known of one distribution; texts are "" where nothing is said.

    `required_by` is None where a requirement of another cannot be read; `files` None where there is no list of them.
    """

    name: str
    version: str
    summary: str
    home_page: str
    author: str
    author_email: str
    license: str
    license_expression: str
    location: str
    editable: str
    requires: tuple[str, ...]
    required_by: tuple[str, ...] | None
    installer: str
    requested: bool
    metadata_version: str
    classifiers: tuple[str, ...]
    entry_points: tuple[str, ...]
    project_urls: tuple[str, ...]
    files: tuple[str, ...] | None


class _Headers(NamedTuple):
    """The headers of a METADATA, asked by name in any case."""

    pairs: Sequence[tuple[str, str]]

    def first(self, name: str) -> str:
        """Return the first value of a header, or ""."""
        return next(iter(self.every(name)), "")

    def every(self, name: str) -> tuple[str, ...]:
        """Return all values of a header."""
        return tuple(_dedented(value) for key, value in self.pairs if key.lower() == name.lower())


def show(
    layout: Layout,
    names: Iterable[str],
    settings: Settings,
    *,
    reporter: Reporter | None = None,
) -> list[Shown]:
    """Return what is known of the distributions `names` (any spelling), in their order.

    NoSuchDistribution where none of them is installed; one that is not is told, and the others shown.
    """
    wanted = list(names)
    missing, found = steadily(layout, lambda: _found(layout, wanted, settings))
    for name in missing:
        if reporter is not None:
            reporter.emit(Warned(f"{name} is not installed"))
    return found


def _found(
    layout: Layout, wanted: Sequence[str], settings: Settings
) -> tuple[list[str], list[Shown]]:
    """Return which of `wanted` are not installed, and what is known of the others."""
    target = lazy_target(layout, settings)
    inventory = take_visible(layout, settings)
    there = {one.normalised: one for one in inventory.contents.distributions}
    missing = [name for name in wanted if installed.normalise(name) not in there]
    if wanted and len(missing) == len(wanted):
        raise NoSuchDistribution(
            f"{', '.join(missing)}: not installed in {layout.root}",
            hint="alcove list shows what is",
        )
    needed = needed_of(inventory, layout.python, markers=lambda: target().markers)
    return missing, [
        describe(
            there[installed.normalise(name)],
            there.values(),
            needed=needed,
            editable=there[installed.normalise(name)].editable_location(),
        )
        for name in wanted
        if name not in missing
    ]


def describe(
    distribution: Distribution,
    others: Iterable[Distribution],
    *,
    needed: Names,
    editable: str,
) -> Shown:
    """Return what is known of one distribution; `others`: all that are installed, it among them.

    `needed`: what each of them needs, see `judgement.needed_of`.
    """
    headers = _Headers(distribution.headers())
    points = decode(distribution.read("entry_points.txt") or b"")
    files = distribution.files()
    return Shown(
        name=distribution.name,
        version=distribution.version,
        summary=headers.first("Summary"),
        home_page=_home_page(headers),
        author=headers.first("Author"),
        author_email=headers.first("Author-email"),
        license=headers.first("License"),
        license_expression=headers.first("License-Expression"),
        location=distribution.location,
        editable=editable,
        requires=_requires(distribution, needed),
        required_by=_required_by(distribution, others, needed),
        installer=distribution.installer(),
        requested=distribution.requested(),
        metadata_version=headers.first("Metadata-Version"),
        classifiers=headers.every("Classifier"),
        entry_points=tuple(line.strip() for line in points.splitlines()),
        project_urls=headers.every("Project-URL"),
        files=None if files is None else tuple(shown_files(files)),
    )


def shown_files(files: Sequence[str]) -> list[str]:
    """Return the files in order, without the links of a view, which stand for the files below them."""
    clean = {_clean(path) for path in files}
    above: set[str] = set()
    for path in clean:
        head = path.rpartition("/")[0]
        while head and head not in above:
            above.add(head)
            head = head.rpartition("/")[0]
    return sorted(clean - above)


def _home_page(headers: _Headers) -> str:
    said = headers.first("Home-page")
    if said:
        return said
    for text in headers.every("Project-URL"):
        label, comma, url = text.partition(",")
        # PEP 753: labels are compared without punctuation, blanks and case.
        plain = "".join(c for c in label if c not in _PUNCTUATION and not c.isspace())
        if comma and plain.lower() == "homepage":
            return url.strip()
    return ""


def _requires(distribution: Distribution, needed: Names) -> tuple[str, ...]:
    """Return the names that it needs; all its requirements as written, where one cannot be read."""
    names = needed[distribution.normalised]
    return tuple(sorted(distribution.requires(), key=str.lower)) if names is None else names


def _required_by(
    distribution: Distribution, others: Iterable[Distribution], needed: Names
) -> tuple[str, ...] | None:
    """Return the names of those that need it; None where what one asks of it cannot be read."""
    names = []
    for each in others:
        wanted = needed[each.normalised]
        mine = map(name_of, each.requires()) if wanted is None else wanted
        if distribution.normalised in map(installed.normalise, mine):
            if wanted is None:
                return None
            names.append(each.name)
    return tuple(sorted(names, key=str.lower))


def _clean(path: str) -> str:
    parts = "/".join(part for part in path.split("/") if part not in {"", "."})
    return "/" + parts if path.startswith("/") else parts


def _dedented(value: str) -> str:
    """Take away the indentation that writers of METADATA give to the lines that continue a value."""
    if "\n" not in value:
        return value
    import textwrap

    return textwrap.dedent(" " * 8 + value)
