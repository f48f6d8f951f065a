"""What is installed below a directory of modules, read from its metadata directories alone.

One listing of the directory and one read per distribution; nothing is imported that costs more than that
(no `importlib.metadata`, `email`, `re`, `json`, `packaging`). Whatever the files hold, no error: a metadata
directory that cannot be understood is a `Problem`, and the rest is read.
"""

from __future__ import annotations

import os

from alcove.environments.metadata import (
    decode,
    direct_url_problem,
    file_path,
    header_lines,
    name_and_version,
    record_paths,
    requires_txt,
)
from alcove.errors import NotAFile
from alcove.files import reading
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

__all__ = [
    "Contents",
    "Distribution",
    "Known",
    "Problem",
    "added_by",
    "normalise",
    "read",
    "read_all",
]

_HEAD = 1 << 16  # bytes; Name and Version stand in the first few hundred
_LIMIT = 1 << 24  # bytes; nothing honest in a metadata directory is larger


class Problem(NamedTuple):
    """A metadata directory or file (`path`, absolute) that is no whole distribution.

    `kind`: "leftover" (`~name`, of an interrupted pip), "name" (no valid project name), "metadata" (no
    METADATA, or one without Name or Version; the distribution is listed by its directory's name),
    "unreadable". `reason` is a sentence without a full stop.
    """

    path: str
    kind: str
    reason: str


class Known(NamedTuple):
    """What the small files of a metadata directory were found to say: see the methods of the same names.

    `direct`: whether there is a direct_url.json; it is small, and read when it is asked for.
    """

    requested: bool
    installer: str
    build: str
    direct: bool


class Distribution(NamedTuple):
    """One installed distribution; all paths are absolute, and as given (links are not resolved).

    `name` and `version` are as METADATA writes them, `normalised` is the name by PEP 503, from the metadata
    directory's name, as pip compares it. `location` is the directory of modules; `info` the metadata
    directory, or the file for what distutils installed; in an archive, with its path before it. `metadata` is the name of the file that holds the
    headers, `head` its first 64 KiB. `linked` is the `.egg-link` through which it was found, or "". With `known`
    `head` is empty: the files were read at another time, and are read again for what is not in it.
    """

    name: str
    normalised: str
    version: str
    location: str
    info: str
    metadata: str
    head: bytes
    linked: str = ""
    known: Known | None = None

    @property
    def dist_info(self) -> str:
        """The metadata directory (absolute)."""
        return self.info

    @property
    def directory_version(self) -> str:
        """The version that the name of a `.dist-info` directory says; else that of the metadata."""
        stem, dot, kind = self.info.rpartition("/")[2].rpartition(".")
        version = stem.partition("-")[2]
        return version if dot and kind == "dist-info" and version else self.version

    def read(self, name: str) -> bytes | None:
        """Return the file `name` of the metadata directory; None where there is none that can be read."""
        try:
            return _slurp(os.path.join(self.info, name))
        except NotADirectoryError:  # in an archive, or one file is all there is
            return _from_archive(self.info, name)
        except OSError:
            return None

    def headers(self) -> list[tuple[str, str]]:
        """Return the headers of METADATA in their order; continuation lines are joined by newlines."""
        head = self.head
        if self.known is not None or len(head) == _HEAD:
            path = os.path.join(self.info, self.metadata) if self.metadata else self.info
            try:
                head = _slurp(path)
            except OSError:
                head = self.head
        return header_lines(head)

    def requires(self) -> list[str]:
        """Return the requirements as written (Requires-Dist, or an egg-info's requires.txt)."""
        listed = [value.strip() for key, value in self.headers() if key.lower() == "requires-dist"]
        if not listed and not self.info.endswith(".dist-info"):
            listed = requires_txt(decode(self.read("requires.txt") or b""))
        return listed

    def installer(self) -> str:
        """Return the first line of INSTALLER that says something, or ""."""
        if self.known is not None:
            return self.known.installer
        for line in decode(self.read("INSTALLER") or b"").splitlines():
            if line.strip():
                return line.strip()
        return ""

    def build(self) -> str:
        """Return the build number of the wheel that it came from (the header Build of WHEEL), or ""."""
        if self.known is not None:
            return self.known.build
        wheel = self.read("WHEEL")
        if not wheel or b"uild:" not in wheel:
            return ""
        return next((text for key, text in header_lines(wheel) if key.lower() == "build"), "")

    def requested(self) -> bool:
        """Tell whether the user asked for it by name (PEP 376: REQUESTED)."""
        if self.known is not None:
            return self.known.requested
        return os.path.isfile(os.path.join(self.info, "REQUESTED"))

    def direct_url(self) -> dict[str, Any] | None:
        """Return direct_url.json (PEP 610), or None where there is none or it breaks the rules."""
        return self.direct_url_or_problem()[0]

    def direct_url_or_problem(self) -> tuple[dict[str, Any] | None, str]:
        """Return direct_url.json and "", or None and what is wrong with it ("" where there is none)."""
        content = None
        if self.known is None or self.known.direct:
            content = self.read("direct_url.json")
        if content is None:
            return None, ""
        from alcove.files import data  # noqa: PLC0415  most have none

        try:
            value = data.loads(content)
        except data.DataError as error:
            return None, str(error)
        wrong = direct_url_problem(value)
        return (None, wrong) if wrong else (value, "")

    def editable_location(self) -> str:
        """Return the project's directory where it is installed in editable mode, else ""."""
        direct = self.direct_url()
        if direct is not None:
            info = direct.get("dir_info")
            return file_path(direct["url"]) if info and info.get("editable") is True else ""
        return self.location if self.linked else ""

    def files(self) -> list[str] | None:
        """Return the paths that RECORD lists, relative to `location`, as written; None without a list.

        A row that is torn or quoted wrongly gives what can be made of it, never an error.
        """
        record = self.read("RECORD")
        if record:
            return record_paths(decode(record))
        listed = self.read("installed-files.txt")
        if listed is None:
            return None if record is None else []
        base = os.path.basename(self.info)
        lines = [line for line in decode(listed).splitlines() if line]
        return [os.path.normpath(os.path.join(base, line)) for line in lines]


def _from_archive(info: str, name: str) -> bytes | None:
    from alcove.environments import zipped  # noqa: PLC0415  most are in none

    return zipped.content(info, name)


class Contents(NamedTuple):
    """What was found, in the order of the directories and of their listings, and what was not understood."""

    distributions: tuple[Distribution, ...]
    problems: tuple[Problem, ...]


def read(directory: str) -> Contents:
    """Read the distributions of one directory (absolute); one that is missing has none."""
    return read_all((directory,))


def read_all(sites: Iterable[str], *, before: Sequence[str] = ()) -> Contents:
    """Read several directories (absolute), in the order of `sys.path`; of one name the first counts.

    `before` come first and are read alone (PYTHONPATH); for `sites` the directories count too that their
    `.pth` files add, and those that their `.egg-link` files name.
    """
    found: dict[str, Distribution] = {}
    problems: list[Problem] = []
    seen: set[str] = set()
    pending = [(path, False) for path in before] + [(path, True) for path in sites]
    while pending:
        directory, is_site = pending.pop(0)
        if directory in seen:
            continue
        seen.add(directory)
        added, links = _scan(directory, found, problems)
        for link in links:
            _scan(_linked_directory(directory, link), found, problems, linked=f"{directory}/{link}")
        if is_site:
            pending[:0] = [
                (path, False) for name in sorted(added) for path in added_by(directory, name)
            ]
    return Contents(tuple(found.values()), tuple(problems))


def normalise(name: str) -> str:
    """Return a project's name in the form that PEP 503 compares.

    >>> normalise("Foo.Bar__baz")
    'foo-bar-baz'
    """
    name = name.lower().replace("_", "-").replace(".", "-")
    while "--" in name:
        name = name.replace("--", "-")
    return name


def _scan(
    directory: str,
    found: dict[str, Distribution],
    problems: list[Problem],
    *,
    linked: str = "",
) -> tuple[list[str], list[str]]:
    """Add the distributions of one directory; return the names of its `.pth` and `.egg-link` files."""
    pth: list[str] = []
    links: list[str] = []
    try:
        names = os.listdir(directory)
    except NotADirectoryError:
        _scan_archive(directory, found, problems)
        return pth, links
    except OSError:
        return pth, links
    if directory.endswith(".egg") and "EGG-INFO" in names:
        names = ["EGG-INFO"]
    for name in names:
        if name.endswith((".dist-info", ".egg-info")) or name == "EGG-INFO":
            distribution = _distribution(directory, name, problems, linked)
            if distribution is not None:
                found.setdefault(distribution.normalised, distribution)
        elif name.endswith(".pth"):
            pth.append(name)
        elif name.endswith(".egg-link"):
            links.append(name)
    return pth, links


def _scan_archive(path: str, found: dict[str, Distribution], problems: list[Problem]) -> None:
    from alcove.environments import zipped  # noqa: PLC0415  most paths are directories

    for name, known in zipped.metadata_in(path):
        one = _distribution(path, name, problems, "", known)
        if one is not None:  # pip shows the place of one in an archive so
            found.setdefault(one.normalised, one._replace(location=f"{path}/"))


def _distribution(
    directory: str,
    name: str,
    problems: list[Problem],
    linked: str,
    known: tuple[str, bytes] | None = None,
) -> Distribution | None:
    info = f"{directory}/{name}"
    stem = name.rpartition(".")[0]
    said, dash, version = stem.partition("-")
    if not dash and name.endswith(".dist-info"):
        said = ""
    if said.startswith("~"):
        reason = (
            f"Ignoring incompletely removed distribution {name} ({directory}); '~'-prefixed leftover"
            " directories are the result of a previous incomplete installation, and can be deleted"
        )
        problems.append(Problem(info, "leftover", reason))
        return None
    metadata, head = known or _head(info, problems)
    written, written_version = name_and_version(head)
    normalised = normalise(said or written)
    if not _valid(normalised):
        reason = f"Ignoring invalid distribution {normalised or name} ({directory})"
        problems.append(Problem(info, "name", reason))
        return None
    if not written or not written_version:
        reason = f"{info} has no METADATA that says its name and version"
        problems.append(Problem(info, "metadata", reason))
    version = version if name.endswith(".dist-info") else version.partition("-")[0]
    return Distribution(
        written or normalised,
        normalised,
        written_version or version,
        directory,
        info,
        metadata,
        head,
        linked,
    )


def _head(info: str, problems: list[Problem]) -> tuple[str, bytes]:
    """Return the name of the file that holds the headers ("": `info` itself) and its first 64 KiB."""
    for name in ("METADATA", "PKG-INFO", ""):
        try:
            descriptor = reading.opened(f"{info}/{name}" if name else info)
        except (FileNotFoundError, NotADirectoryError, NotAFile):
            continue
        except OSError as error:
            problems.append(Problem(info, "unreadable", f"{info}: {error.strerror}"))
            return name, b""
        try:
            return name, os.read(descriptor, _HEAD)
        except OSError:  # a directory where a file should be
            continue
        finally:
            os.close(descriptor)
    return "METADATA", b""


def _valid(name: str) -> bool:
    """Tell whether a normalised name obeys PEP 508: ASCII letters and digits, `-` inside only."""
    return (
        name.isascii()
        and name.replace("-", "").isalnum()
        and not name.startswith("-")
        and not name.endswith("-")
    )


def added_by(directory: str, name: str) -> list[str]:
    """Return the directories and archives that a `.pth` file adds to the path; its lines of code are never run."""
    if name == "_alcove.pth":  # leads to the store, which holds no metadata directory
        return []
    try:
        lines = decode(_slurp(f"{directory}/{name}")).splitlines()
    except OSError:
        return []
    added = []
    for line in lines:
        text = line.rstrip()
        if not text or text.startswith(("#", "import ", "import\t")):
            continue
        added.append(os.path.normpath(os.path.join(directory, text)))
    return [path for path in added if "\0" not in path]


def _linked_directory(directory: str, link: str) -> str:
    try:
        lines = decode(_slurp(f"{directory}/{link}")).splitlines()
    except OSError:
        return ""
    target = next((line.strip() for line in lines if line.strip()), "")
    if not target or "\0" in target:
        return ""
    return os.path.normpath(os.path.join(directory, target))


def _slurp(path: str) -> bytes:
    """Return what the file holds, up to 16 MiB; never waits for a pipe."""
    return reading.content(path, limit=_LIMIT)
