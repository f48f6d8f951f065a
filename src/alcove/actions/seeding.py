"""The pip of ours as an entry of the store: made once for each Python and each alcove, then placed like any other."""

from __future__ import annotations

import os
import sys

from alcove.environments.generation import DataFile, placement_of
from alcove.events import Silent
from alcove.files import atomic, data, reading, trees
from alcove.files.digest import sha256_of, text_digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from alcove.environments.generation import Placement
    from alcove.environments.seed import SeedFile
    from alcove.events import Reporter
    from alcove.interpreters.kept import Interpreter
    from alcove.store.layout import Store

__all__ = ["is_current", "is_ours", "launch_words", "seed", "seeds"]


def launch_words() -> tuple[str, tuple[str, ...], str]:
    """Return (interpreter, flags, file) by which an environment's pip starts this alcove; paths absolute.

    `-I`, because the user's PYTHONPATH is for the environment; `-S`, where alcove's libraries lie beside it.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    # The installer's tree changes its name with each version; its link `current` does not.
    installed = os.path.dirname(os.path.dirname(package))
    current = os.path.join(os.path.dirname(installed), "current")
    if os.path.isfile(f"{current}/bin/pip.py"):
        return sys.executable, ("-I", "-S"), f"{current}/bin/pip.py"
    return sys.executable, ("-I",), os.path.join(package, "pip", "__main__.py")


def is_current(site: str, programs: str) -> bool:
    """Tell whether the pip of ours in `site`, with its `programs` (absolute directories), is as this alcove makes it."""
    from alcove.environments.seed import DIST_INFO

    return os.path.isdir(f"{site}/{DIST_INFO}") and _is_alike(site, programs)


def is_ours(entry: str) -> bool:
    """Tell whether the directory `entry` (absolute) of the store holds the pip that this alcove makes."""
    return _is_alike(f"{entry}/lib", f"{entry}/data/bin")


def _is_alike(site: str, programs: str) -> bool:
    from alcove.environments.seed import DIST_INFO, Launch, pip_files

    for file in pip_files("3", Launch(*launch_words())):
        kind, _, below = file.path.partition("/")
        if below.startswith(DIST_INFO) or (kind == "bin" and below != "pip"):
            continue  # what lies there tells nothing more; and `bin` has the same program by three names
        try:
            if reading.content(f"{programs if kind == 'bin' else site}/{below}") != file.content:
                return False
        except OSError:
            return False
    return True


def seed(
    store: Store, interpreter: Interpreter, *, cache: str, reporter: Reporter | None = None
) -> Placement:
    """Return the placement of the pip of ours for an interpreter; its entry is in `store` when this returns."""
    tell = reporter or Silent()
    words = launch_words()
    key = text_digest(store.root, interpreter.library, words[0], *words[1], words[2], _stamp())
    found = _kept(store, cache, key)
    return found or _keep(cache, key, _make(store, interpreter, words, cache, tell), tell)


def reseed(store: Store, interpreter: Interpreter, source: str, *, cache: str) -> bool:
    """Unpack the pip of ours once more in the place of its entry `source` ("e/NAME"); False where that is of another alcove."""
    from alcove.actions.rooms import room
    from alcove.environments.seed import Launch, pip_files
    from alcove.store.layout import directory_names
    from alcove.store.unpack import renew
    from alcove.wheels import names

    staged = room(cache, "seeds")
    try:
        path = _wheel(staged, pip_files(interpreter.version, Launch(*launch_words())))
        sha256 = sha256_of(path)
        said = names.parse_filename(os.path.basename(path))
        project, version = names.normalise(said.name), names.canonical_version(said.version)
        directory = source.removeprefix("e/")
        if directory not in directory_names(project, version, sha256):
            return False
        renew(store, path, directory, sha256=sha256)
    finally:
        trees.remove(staged)
    return True


def _kept(store: Store, cache: str, key: str) -> Placement | None:
    """Return the placement that was kept under `key`, None where there is none or its entry is gone."""
    try:
        found = placement_of(data.read(f"{cache}/seeds/{key}.json"))
        there = os.path.isfile(f"{store.entries}/{found.source[2:]}/entry.json")
    except (OSError, data.DataError, KeyError, TypeError, ValueError):
        return None
    return found if there else None


def _keep(cache: str, key: str, placement: Placement, reporter: Reporter) -> Placement:
    """Keep the placement; a cache that cannot be written is told: it is made out again next time."""
    try:
        trees.make_directories(f"{cache}/seeds")
        atomic.replace_file(f"{cache}/seeds/{key}.json", data.dumps(placement._asdict()))
    except OSError as error:
        from alcove.files import spare

        reporter.emit(spare.without(cache, error))
    return placement


def seeds(
    store: Store,
    interpreter: Interpreter,
    *,
    cache: str,
    pip: bool,
    wheels: Iterable[str] = (),
    mode: str = "view",
    reporter: Reporter | None = None,
) -> list[Placement]:
    """Return the placements that an environment starts with: the pip of ours, and the `wheels` (absolute paths)."""
    tell = reporter or Silent()
    placements = [seed(store, interpreter, cache=cache, reporter=tell)] if pip else []
    for path in wheels:
        facts = os.stat(path)
        stamp = f"{path} {facts.st_ino} {facts.st_size} {facts.st_mtime_ns}"
        key = text_digest(store.root, interpreter.library, mode, stamp)
        found = _kept(store, cache, key)
        if found is None:
            from alcove.plans.placements import natural
            from alcove.store.unpack import unpack

            placed = natural(unpack(store, path), library=interpreter.library, mode=mode)
            found = _keep(cache, key, placed, tell)
        placements.append(found)
    return placements


def _stamp() -> str:
    """Return what changes when the files of the pip of ours may have changed."""
    from alcove import __version__

    facts = os.stat(
        os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "__init__.py")
    )
    return f"{__version__} {facts.st_mtime_ns} {facts.st_ino}"


def _make(
    store: Store,
    interpreter: Interpreter,
    words: tuple[str, tuple[str, ...], str],
    cache: str,
    reporter: Reporter,
) -> Placement:
    from alcove.environments.seed import Launch, pip_files
    from alcove.plans.placements import natural
    from alcove.store.unpack import unpack

    files = pip_files(interpreter.version, Launch(*words))
    from alcove.actions.rooms import room

    staged = room(cache, "seeds", reporter)
    try:
        entry = unpack(store, _wheel(staged, files))
    finally:
        trees.remove(staged)
    placed = natural(entry, library=interpreter.library, mode="view")
    return placed._replace(
        launchers=(),
        data=tuple(DataFile(file.path, f"data/{file.path}", file.sha256) for file in entry.data),
        record="seed",
    )


def _wheel(directory: str, files: list[SeedFile]) -> str:
    """Write the files of the pip of ours as a wheel into `directory` (absolute) and return its path."""
    import zipfile

    from alcove.environments.seed import DIST_INFO
    from alcove.wheels import record

    stem = DIST_INFO.removesuffix(".dist-info")
    path = f"{directory}/{stem}-py2.py3-none-any.whl"
    rows = []
    with zipfile.ZipFile(path, "w") as archive:
        for file in files:
            kind, _, below = file.path.partition("/")
            if below in (
                f"{DIST_INFO}/RECORD",
                f"{DIST_INFO}/INSTALLER",
                f"{DIST_INFO}/entry_points.txt",
            ):
                continue  # unpack writes the first two; its programs are scripts of sh, not launchers
            name = below if kind == "site-packages" else f"{stem}.data/data/bin/{below}"
            info = zipfile.ZipInfo(name, (2001, 1, 1, 0, 0, 0))
            info.external_attr = (0o755 if file.executable else 0o644) << 16
            archive.writestr(info, file.content)
            rows.append(record.row(name, _sha256(file.content), len(file.content)))
        listing = record.compose(DIST_INFO, (), dist_info=rows, scripts=(), outside=(), files=())
        archive.writestr(zipfile.ZipInfo(f"{DIST_INFO}/RECORD", (2001, 1, 1, 0, 0, 0)), listing)
    return path


def _sha256(content: bytes) -> str:
    from alcove.files.digest import sha256

    return sha256(content).hexdigest()
