"""A wheel becomes an entry: checked, written aside, made durable, renamed to its place.

Rules: nothing appears under an entry's name before all of it was compared with RECORD; the members pass once,
hashed while they are written; of two processes with one wheel the second uses the entry of the first.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import ExitStack

from alcove.errors import InvalidWheel, StoreError
from alcove.events import Silent, Step, Warned
from alcove.files import ops, reading, trees
from alcove.files.refusals import FULL
from alcove.pasting import subject
from alcove.records import NamedTuple
from alcove.store import elf, entries, records, refused, rules
from alcove.store.layout import (
    ASIDE,
    Store,
    directory_name,
    directory_names,
    lock,
    mtime_of,
)
from alcove.store.publish import Built, drop, let_read, settle
from alcove.store.records import prepared_links
from alcove.wheels import names
from alcove.wheels.archive import Placed, Wheel
from alcove.wheels.entry import Entry, FileRecord

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alcove.events import Reporter
    from alcove.wheels.metadata import Metadata

__all__ = ["INSTALLER", "build", "renew", "stored", "unpack"]

INSTALLER = b"alcove\n"
_WHOLE = 4 << 20  # bytes: a smaller file is read in one piece


class _Written(NamedTuple):
    """What came of writing a wheel's files: their records, and what their contents tell of links."""

    files: list[FileRecord]
    gathered: rules.Gathered


def unpack(
    store: Store,
    wheel_path: str,
    *,
    sha256: str = "",
    verified: bool = False,
    expect: Callable[[Metadata | Entry], None] | None = None,
    reporter: Reporter | None = None,
) -> Entry:
    """Return the entry of the wheel at `wheel_path` (absolute), unpacked now or found in the store.

    `sha256` (hex): what the wheel must be; "" takes it as it is. `verified`: the caller has just compared it.
    `expect` is given what says of the wheel what it needs, before a byte is written, and may raise.
    HashMismatch, InvalidWheel, StoreError; the store is then as it was.
    """
    aside = _aside(store)
    try:
        found = build(
            store,
            wheel_path,
            sha256=sha256,
            verified=verified,
            expect=expect,
            reporter=reporter,
            aside=aside,
        )
        return found if isinstance(found, Entry) else settle(store, [found])[0]
    except OSError as error:
        raise _not_unpacked(store, wheel_path, error) from error
    finally:
        drop(aside)  # where Ctrl-C came after it was built, and before it got its place


def renew(
    store: Store, wheel_path: str, directory: str, *, sha256: str, reporter: Reporter | None = None
) -> Entry:
    """Unpack the wheel at `wheel_path` (absolute) once more, in the place of the entry `directory`, damaged or gone.

    What stands there goes when the new one is durable, and stays where there is none: HashMismatch, InvalidWheel, StoreError.
    """
    tell, aside = reporter or Silent(), _aside(store)
    try:
        with ExitStack() as keeping:
            keeping.enter_context(lock(store, shared=True, reporter=tell))
            with Wheel(wheel_path, sha256=sha256) as wheel:
                if directory not in directory_names(wheel.project, wheel.version, sha256):
                    raise StoreError(
                        f"{wheel.filename} is not what {directory} was unpacked from",
                        hint=f"alcove install {wheel.project}=={wheel.version} unpacks it in a place of its own",
                    )
                tell.emit(Step("unpacking", wheel.filename))
                entry = _build(aside, store, wheel, sha256=sha256, reporter=tell)
                built = Built(aside, wheel.project, wheel.version, entry, keeping.pop_all())
        return settle(store, [built], instead=directory)[0]
    except OSError as error:
        raise _not_unpacked(store, wheel_path, error) from error
    finally:
        drop(aside)  # as in `unpack`


def _not_unpacked(store: Store, wheel_path: str, error: OSError) -> StoreError:
    where = subject(error) or (store.entries if error.errno in FULL else wheel_path)
    return StoreError(
        f"{os.path.basename(wheel_path)} could not be unpacked into {store.root}: {error.strerror}: {where}",
        hint=refused.hint(error),
    )


def build(
    store: Store,
    wheel_path: str,
    *,
    sha256: str,
    verified: bool,
    expect: Callable[[Metadata | Entry], None] | None = None,
    reporter: Reporter | None = None,
    aside: str = "",
) -> Entry | Built:
    """Return the entry that the store has of a wheel, else what was built of it, which `settle` is to be given; as `unpack`.

    `aside`: the directory to build it in (absolute), not there yet. OSError where it cannot be written.
    """
    digest, aside = sha256.lower() or _digest(wheel_path), aside or _aside(store)
    with ExitStack() as keeping:
        held = keeping.enter_context(lock(store, shared=True, needed=False, reporter=reporter))
        known = _known(store, wheel_path, digest)
        if known is not None:
            if expect is not None:
                expect(known)
            return known
        (reporter or Silent()).emit(Step("unpacking", os.path.basename(wheel_path)))
        check = "" if verified or not sha256 else digest
        with Wheel(wheel_path, sha256=check) as wheel:
            if expect is not None:
                expect(wheel.metadata)
            if not held.held:
                keeping.enter_context(lock(store, shared=True))  # which says why not
            entry = _build(aside, store, wheel, sha256=digest, reporter=reporter or Silent())
            return Built(aside, wheel.project, wheel.version, entry, keeping.pop_all())


def stored(store: Store, filename: str, sha256: str) -> Entry | None:
    """Return the entry of the wheel of this name and `sha256` (hex, or ""), or None where the store has no whole one.

    StoreError where `gc` is at work, InvalidWheel where the name is none of a wheel.
    """
    with lock(store, shared=True, needed=False):
        return _known(store, filename, sha256.lower()) if sha256 else None


def _digest(path: str) -> str:
    with open(reading.opened(path), "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _known(store: Store, wheel_path: str, sha256: str) -> Entry | None:
    said = names.parse_filename(os.path.basename(wheel_path))
    return entries.lookup(
        store,
        sha256,
        name=names.normalise(said.name),
        version=names.canonical_version(said.version.replace("_", "-")),
    )


def _aside(store: Store) -> str:
    return f"{store.entries}/{ASIDE}{os.getpid()}-{os.urandom(4).hex()}"


def _build(aside: str, store: Store, wheel: Wheel, *, sha256: str, reporter: Reporter) -> Entry:
    """Lay all of an entry into the new directory `aside` (absolute), and return what it says."""
    trees.make_directories(store.entries)
    try:
        ops.spread(store.entries)
        ops.mkdir(aside)
        tree = _Tree(aside, mtime_of(sha256))
        written = _write_files(tree, wheel)
        _tell_dropped(wheel, reporter)
        entry = _entry(wheel, sha256, written)
        _write_prepared(tree, entry, written.files)
        written.files.sort()
        view, complete = entries.encode(entry, tuple(written.files))
        _write_links(tree, aside, entry)
        tree.write("view.json", view)
        tree.write("entry.json", complete)
        tree.settle()
        let_read(aside, store)
    except BaseException:
        trees.remove(aside)
        raise
    return entry


class _Tree:
    """A directory that is being filled, each file with one modification time (seconds)."""

    def __init__(self, root: str, mtime: int) -> None:
        self._root = root
        self._times = (mtime * 1_000_000_000, mtime * 1_000_000_000)
        self._made = {""}
        for name in ("lib", "dist-info"):
            self.directory(name)

    def directory(self, path: str) -> None:
        """Make the directory `path` (relative) and those above it, each once."""
        if path not in self._made:
            self.directory(path.rpartition("/")[0])
            ops.mkdir(f"{self._root}/{path}")
            self._made.add(path)

    def write(self, path: str, content: bytes, mode: int = 0o666) -> None:
        """Write a file whole."""
        self.directory(path.rpartition("/")[0])
        target = f"{self._root}/{path}"
        ops.write(target, content, mode)
        ops.utime(target, ns=self._times)

    def stream(self, path: str, chunks: Iterator[bytes], mode: int = 0o666) -> None:
        """Write a file in pieces."""
        self.directory(path.rpartition("/")[0])
        target = f"{self._root}/{path}"
        ops.stream(target, chunks, mode)
        ops.utime(target, ns=self._times)

    def absolute(self, path: str) -> str:
        """Return the absolute path of a file in the tree."""
        return f"{self._root}/{path}"

    def settle(self) -> None:
        """Give the directories their time, too; nothing is written after that."""
        for path in sorted(self._made, reverse=True):
            ops.utime(f"{self._root}/{path}", ns=self._times)


def _write_files(tree: _Tree, wheel: Wheel) -> _Written:
    files: list[FileRecord] = []
    gathered = rules.Gathered()
    sources: set[str] = set()
    for placed in wheel.placed:
        path = placed.path
        checked = _Checked(placed, wheel)
        # Of the mode only the question "executable?" is taken, never setuid or write bits (CVE-2026-24049).
        mode = 0o777 if placed.member.mode & 0o111 else 0o666
        head = _write_file(tree, checked, mode)
        if not path:
            continue
        files.append(FileRecord(path, checked.sha256, placed.member.size))
        if path.startswith("lib/"):
            inner = path[4:]
            gathered.see(inner, head)
            if head.startswith(elf.MAGIC) and (dynamic := elf.read(tree.absolute(path))):
                gathered.see_binary(inner, dynamic)
            if inner.endswith(".py"):
                sources.add(path.rpartition("/")[0])
    for directory in sorted(sources):
        # So that an import, which writes bytecode here, leaves the time of the directory itself alone.
        tree.directory(f"{directory}/__pycache__")
    return _Written(files, gathered)


def _write_file(tree: _Tree, checked: _Checked, mode: int) -> bytes:
    """Write a member where it has a place, else only compare it; return its content, of a large one the first piece."""
    if checked.placed.member.size <= _WHOLE:
        content = checked.whole()
        if checked.placed.path:
            tree.write(checked.placed.path, content, mode)
        return content
    if checked.placed.path:
        tree.stream(checked.placed.path, checked.chunks(), mode)
    else:
        for _ in checked.chunks():
            pass
    return checked.head


class _Checked:
    """The content of one member, compared with its row of RECORD when the last piece has passed."""

    __slots__ = ("_wheel", "head", "placed", "sha256")

    def __init__(self, placed: Placed, wheel: Wheel) -> None:
        self.placed = placed
        self._wheel = wheel
        self.head = b""  # the first piece
        self.sha256 = ""  # hex, known at the end

    def whole(self) -> bytes:
        """Return all of it; InvalidWheel where it is not what RECORD says."""
        content = self._wheel.read(self.placed.member)
        ours = hashlib.sha256(content)
        algorithm = self.placed.algorithm
        self._compare(ours, ours if algorithm == "sha256" else hashlib.new(algorithm, content))
        return content

    def chunks(self) -> Iterator[bytes]:
        """Yield the pieces; InvalidWheel at the end where they are not what RECORD says."""
        algorithm = self.placed.algorithm
        ours = hashlib.sha256()
        theirs = ours if algorithm == "sha256" else hashlib.new(algorithm)
        for piece in self._wheel.chunks(self.placed.member):
            self.head = self.head or piece
            ours.update(piece)
            if theirs is not ours:
                theirs.update(piece)
            yield piece
        self._compare(ours, theirs)

    def _compare(self, ours: hashlib._Hash, theirs: hashlib._Hash) -> None:
        self.sha256 = ours.hexdigest()
        expected = self.placed.digest
        if expected and theirs.digest() != expected:
            raise InvalidWheel(
                f"{self._wheel.filename}: {self.placed.member.name!r} does not have the hash that RECORD says",
                hint="remove the file, so that it is fetched again, or tell its authors",
            )


def _tell_dropped(wheel: Wheel, reporter: Reporter) -> None:
    sources = {one.path for one in wheel.placed}
    for one in wheel.placed:
        name = one.member.name
        if (
            not one.path
            and name.endswith((".pyc", ".pyo"))
            and "__pycache__" not in name
            and f"lib/{name[:-1]}" not in sources
        ):
            reporter.emit(
                Warned(f"{wheel.filename} brings {name} without its source; bytecode is not placed")
            )


def _entry(wheel: Wheel, sha256: str, written: _Written) -> Entry:
    lib = [(one.path[4:], one.size) for one in written.files if one.path.startswith("lib/")]
    info = [(one.path[10:], one.size) for one in written.files if one.path.startswith("dist-info/")]
    info.append(("INSTALLER", len(INSTALLER)))
    return Entry(
        directory=directory_name(wheel.project, wheel.version, sha256),
        name=wheel.metadata.name,
        version=wheel.metadata.version,
        wheel=wheel.filename,
        sha256=sha256,
        tags=wheel.name.tags,
        requires_python=wheel.metadata.requires_python,
        requires=wheel.metadata.requires,
        extras=wheel.metadata.extras,
        entry_points=wheel.entry_points,
        rules=rules.compute(wheel.project, lib, written.gathered),
        dist_info=tuple(sorted(info)),
        dist_info_name=wheel.dist_info,
        scripts=wheel.scripts,
        data=_below(written.files, "data/"),
        headers=_below(written.files, "headers/"),
    )


def _below(files: list[FileRecord], prefix: str) -> tuple[FileRecord, ...]:
    return tuple(
        sorted(
            one._replace(path=one.path[len(prefix) :])
            for one in files
            if one.path.startswith(prefix)
        )
    )


def _write_prepared(tree: _Tree, entry: Entry, files: list[FileRecord]) -> None:
    """Write what is prepared for the dist-info in an environment, and add it to `files`."""

    def add(name: str, content: bytes) -> None:
        path = f"dist-info/{name}"
        tree.write(path, content)
        files.append(FileRecord(path, hashlib.sha256(content).hexdigest(), len(content)))

    add("INSTALLER", INSTALLER)
    files.sort()
    plain, requested = records.prepared(entry, files)
    add("RECORD", plain)
    add("RECORD.requested", requested)
    add("REQUESTED", b"")  # a hard link costs a fraction of a new file


def _write_links(tree: _Tree, aside: str, entry: Entry) -> None:
    """Make the symbolic links that views show, so that they need only be hard-linked, at a third of the cost."""
    tree.directory("links")
    for name, text in prepared_links(entry).items():
        ops.symlink(text, f"{aside}/links/{name}")
