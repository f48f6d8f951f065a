"""How an entry's `lib/` may be shown in a view: the link rules 1 to 3, computed once when a wheel is unpacked.

Rule: where a doubt is left, a directory is real. A real one costs a few links more; a linked one that should
have been real lets one environment change another.
"""

from __future__ import annotations

import posixpath
import re

from alcove.store.known import APPENDED, HARMLESS_PTH, WRITTEN, is_system_library
from alcove.wheels.entry import LinkRules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from alcove.store.elf import Dynamic

__all__ = ["Gathered", "compute"]

_CACHE = re.compile(
    rb"cache\s*=\s*True"
)  # begins with what stands for itself, else it takes ten times as long
_LONGER = re.compile(rb"[\w.]")
_JIT = re.compile(rb"numba|jit\s*\(|@(?:\w+\.)?(?:gu)?vectorize\s*\(")
_EXTENDS = re.compile(rb"extend_path|declare_namespace")
_CHANGES = re.compile(rb"__path__\s*(?:\+?=|\.\s*(?:append|extend|insert))")
_HARMLESS = [
    re.compile(
        re.escape(line.encode())
        .replace(rb"NAMES", rb"\((?:'\w+', ?)*(?:'\w+',?)?\)")
        .replace(rb"NAME", rb"'[\w.]+'")
    )
    for line in HARMLESS_PTH
]
_LARGEST_EMPTY = 1 << 16  # bytes; an __init__.py above that holds more than comments


class Gathered:
    """What the contents of a wheel's files tell, taken down while they pass (`see`, `see_binary`).

    All paths are relative to `lib/`.
    """

    __slots__ = ("_binaries", "_cached", "_inits", "_modules", "_pth")

    def __init__(self) -> None:
        self._inits: dict[str, str] = {}  # directory -> "plain", "empty", "changes", "extends"
        self._modules: set[str] = set()  # directories that hold modules besides an __init__.py
        self._cached: set[str] = set()  # directories whose sources keep numba's cache beside them
        self._binaries: dict[str, Dynamic] = {}
        self._pth = False

    def see(self, path: str, content: bytes) -> None:
        """Take down what the file `path` with this `content` tells (of a large file: its first piece)."""
        directory, _, name = path.rpartition("/")
        if name.endswith(".py"):
            if name == "__init__.py":
                self._inits[directory] = _init_kind(content)
            else:
                self._modules.add(directory)
            if b"cache" in content and _is_cached(content):
                self._cached.add(directory)
        elif name.startswith("__init__."):
            if name.endswith((".so", ".pyd")) or (
                name == "__init__.pyi" and directory.endswith("-stubs")
            ):
                self._inits.setdefault(directory, "plain")
        elif name.endswith(".pth") and not directory:
            self._pth = self._pth or _runs_code(content)

    def see_binary(self, path: str, dynamic: Dynamic) -> None:
        """Take down the dynamic section of the ELF file `path`."""
        self._binaries[path] = dynamic

    def forced(self, files: Iterable[str]) -> tuple[set[str], tuple[str, ...]]:
        """Return the directories that must be real, with those above them, and the libraries nobody here has."""
        own = {path.rpartition("/")[2] for path in files}
        own.update(dynamic.soname for dynamic in self._binaries.values())
        directories = {path.rpartition("/")[0] for path in files}
        needs: set[str] = set()
        real: set[str] = set()
        for path, dynamic in self._binaries.items():
            missing = {
                name for name in dynamic.needed if name not in own and not is_system_library(name)
            }
            needs |= missing
            top = self._linked_above(path)
            if missing or any(_leaves(path, one, top, directories) for one in dynamic.paths):
                _add_with_parents(real, posixpath.dirname(path))
        for directory in self._cached:
            _add_with_parents(real, directory)
        return real, tuple(sorted(needs))

    def _linked_above(self, path: str) -> str:
        """Return the directory above the file `path` that is linked where no rule for binaries forbids it, or ""."""
        owned = False
        end = path.find("/")
        while end > 0:
            directory = path[:end]
            package = self.is_package(directory)
            if not self.is_shared(directory) if package else owned:
                return directory
            owned = owned or (package and self.owns_its_data(directory))
            end = path.find("/", end + 1)
        return ""

    def provided(self) -> tuple[tuple[str, str], ...]:
        """Return (name, path) of the shared libraries that others may need."""
        return tuple(
            sorted(
                (dynamic.soname or posixpath.basename(path), path)
                for path, dynamic in self._binaries.items()
                if dynamic.soname or posixpath.basename(path).startswith("lib")
            )
        )

    def is_shared(self, directory: str) -> bool:
        """Say whether a directory with an `__init__` may have parts of other distributions in it."""
        kind = self._inits[directory]
        return kind == "extends" or (kind in {"empty", "changes"} and "/" not in directory)

    def owns_its_data(self, directory: str) -> bool:
        """Say whether what stands in a directory without `__init__` is this distribution's alone.

        `directory` has one. A portion that exists to be shared (`nvidia`) has nothing but directories beside its
        empty `__init__.py`, or declares itself a namespace; those with modules (`mypy`) merely look like it.
        """
        kind = self._inits[directory]
        return kind in {"plain", "changes"} or (kind == "empty" and directory in self._modules)

    def is_package(self, directory: str) -> bool:
        """Say whether the directory has an `__init__`."""
        return directory in self._inits

    def runs_code(self) -> bool:
        """Say whether a `.pth` file runs code that is not known to be harmless."""
        return self._pth


def compute(project: str, files: Iterable[tuple[str, int]], gathered: Gathered) -> LinkRules:
    """Return the rules for the files (path relative to `lib/`, bytes) of a distribution (normalised name)."""
    whole = "pth" if gathered.runs_code() else "appended" if project in APPENDED else ""
    listed = sorted(files)
    forced, needs = gathered.forced([path for path, _ in listed])
    children, held = _tree(listed)
    for directory in WRITTEN.get(project, ()):
        if directory in children:
            _add_with_parents(forced, directory)
    links: list[str] = []
    directories: list[str] = []
    shared: list[str] = []
    real: list[tuple[str, int]] = list(held.get("", ()))
    pending = [(name, False) for name in sorted(children[""], reverse=True)]
    while pending:
        directory, owned = pending.pop()
        package = gathered.is_package(directory)
        parts = package and gathered.is_shared(directory)
        if whole or (directory not in forced and (not parts if package else owned)):
            links.append(directory)
            continue
        directories.append(directory)
        real.extend(held.get(directory, ()))
        if parts:
            shared.append(directory)
        inner = owned or (package and gathered.owns_its_data(directory))
        pending.extend((name, inner) for name in sorted(children[directory], reverse=True))
    return LinkRules(
        tuple(links),
        tuple(directories),
        tuple(real),
        tuple(shared),
        whole,
        needs,
        gathered.provided(),
    )


def _tree(
    files: list[tuple[str, int]],
) -> tuple[dict[str, list[str]], dict[str, list[tuple[str, int]]]]:
    """Return the directories in each directory, and the files in each ("" is `lib/` itself)."""
    children: dict[str, list[str]] = {"": []}
    held: dict[str, list[tuple[str, int]]] = {}
    for path, size in files:
        directory = path.rpartition("/")[0]
        held.setdefault(directory, []).append((path, size))
        missing = []
        while directory not in children:
            missing.append(directory)
            directory = posixpath.dirname(directory)
        for name in reversed(missing):
            children[name] = []
            children[posixpath.dirname(name)].append(name)
    return children, held


def _is_cached(content: bytes) -> bool:
    """Tell whether a source has numba keep what it compiles."""
    if not (b"jit" in content or b"numba" in content or b"vectorize" in content):
        return False
    said = any(
        not _LONGER.match(content, max(found.start() - 1, 0), found.start())
        for found in _CACHE.finditer(content)
    )
    return said and _JIT.search(content) is not None


def _init_kind(content: bytes) -> str:
    if len(content) <= _LARGEST_EMPTY and all(
        not line or line.startswith(b"#") for line in map(bytes.strip, content.splitlines())
    ):
        return "empty"
    if _EXTENDS.search(content):
        return "extends"
    return "changes" if b"__path__" in content and _CHANGES.search(content) else "plain"


def _runs_code(content: bytes) -> bool:
    """Say whether `site` would run a line: one that begins with `import` and a blank or a tab."""
    return any(
        line.startswith((b"import ", b"import\t"))
        and not any(known.fullmatch(line.rstrip()) for known in _HARMLESS)
        for line in content.removeprefix(b"\xef\xbb\xbf").splitlines()
    )


def _leaves(path: str, searched: str, top: str, directories: set[str]) -> bool:
    """Say whether a search path of the file `path` leads out of the linked directory `top` to what is not the wheel's.

    Whether another distribution has what is there, only an environment knows; a real directory is right in any case.
    """
    for token in ("$ORIGIN", "${ORIGIN}"):
        if searched.startswith(token):
            rest = searched[len(token) :].lstrip("/")
            break
    else:
        return False
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), rest))
    if target == top or (top and target.startswith(top + "/")):
        return False
    return target not in directories


def _add_with_parents(found: set[str], directory: str) -> None:
    while directory and directory not in found:
        found.add(directory)
        directory = posixpath.dirname(directory)
