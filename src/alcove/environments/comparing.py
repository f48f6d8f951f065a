"""One distribution as it stands in a slot, compared with how it was placed. Reads only; nothing is followed or changed."""

from __future__ import annotations

import os

from alcove.environments import own_record
from alcove.environments.views import GUARD
from alcove.errors import InvalidWheel
from alcove.files import digest, reading, trees
from alcove.records import NamedTuple
from alcove.store import entries
from alcove.store.layout import Store
from alcove.wheels import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from alcove.environments.generation import Placement
    from alcove.environments.views import Slot

__all__ = ["Difference", "differences", "is_written_anew"]


class Difference(NamedTuple):
    """One path of a slot that is not as it was placed.

    `kind`: "link", "guard" (of a real directory that holds links), "file" (a copy or hard link of the entry's), "own"
    (written for this environment) or "script".
    `path`: relative to the slot. `source`: what it is made from, below the entry, or "". `what`: "missing", "changed",
    "replaced" (something else stands there). `shared`: a file that the entry has too was changed in place.
    """

    kind: str
    path: str
    source: str
    what: str
    shared: bool = False


def differences(slot: Slot, placement: Placement) -> list[Difference]:
    """Return how the distribution differs from its placement; EntryDamaged where its entry cannot be read."""
    hashes = _hashes(slot, placement)
    return [
        *_links(slot, placement),
        *_guards(slot, placement),
        *_files(slot, placement, hashes),
        *_dist_info(slot, placement),
        *_scripts(slot, placement),
    ]


def is_written_anew(own: str, kept: str) -> bool:
    """Tell whether an installer wrote a dist-info (`own`, absolute) again since its copy `kept` was made.

    Its RECORD is another one then, and true of what stands there: where it is not, something was damaged.
    """
    try:
        content = reading.content(f"{own}/RECORD")
        if content == reading.content(f"{kept}/RECORD"):
            return False
        rows = record.parse(content, own)
        start = os.path.basename(own) + "/"
        if f"{start}METADATA" not in rows or f"{start}RECORD" not in rows:
            return False
        own_rows = [row for path, row in rows.items() if path.startswith(start) and row.hash]
        return all(_is_true(os.path.dirname(own), row) for row in own_rows)
    except (OSError, InvalidWheel):
        return False


def _is_true(site: str, row: record.Row) -> bool:
    algorithm, wanted = record.decode_hash(row.hash, site)
    path = f"{site}/{row.path}"
    return digest.is_among(path, digest.sha256_of(path), (f"{algorithm}:{wanted.hex()}",))


def _hashes(slot: Slot, placement: Placement) -> Mapping[str, str]:
    """Return the sha256 of the entry's files by their path; what others placed is compared with its copy."""
    if placement.source.startswith("e/"):
        store = Store("", "", slot.private + "/e", "", "")
        return {one.path: one.sha256 for one in entries.full(store, placement.source[2:])}
    root = f"{slot.private}/{placement.source}"
    paths = [f"lib/{path}" for path in placement.files]
    paths += [f"dist-info/{path}" for path in placement.dist_files]
    for folder in placement.dist_links:  # real directories, each file of which is its own
        below = f"dist-info/{folder}"
        if os.path.isdir(f"{root}/{below}"):
            paths += [f"{below}/{path}" for path, _ in trees.walk(f"{root}/{below}")]
    return {
        path: digest.sha256_of(f"{root}/{path}")
        for path in paths
        if os.path.isfile(f"{root}/{path}")
    }


def _links(slot: Slot, placement: Placement) -> Iterator[Difference]:
    wanted = {
        f"site-packages/{path}": f"{'../' * (path.count('/') + 2)}{placement.source}/lib/{path}"
        for path in placement.links
    }
    for name in () if placement.record == "kept" else placement.dist_links:
        path = f"{placement.dist_info}/{name}"
        up = "../" * (name.count("/") + 3)
        wanted[f"site-packages/{path}"] = f"{up}{placement.source}/dist-info/{name}"
    for path, text in wanted.items():
        try:
            if os.readlink(f"{slot.path}/{path}") != text:
                yield Difference("link", path, text, "changed")
        except FileNotFoundError:
            yield Difference("link", path, text, "missing")
        except OSError:
            yield Difference("link", path, text, "replaced")


def _guards(slot: Slot, placement: Placement) -> Iterator[Difference]:
    """Look for the file of nobody's that keeps another installer from taking a directory with links of others away."""
    for directory in sorted({path.rpartition("/")[0] for path in placement.links if "/" in path}):
        path = f"site-packages/{directory}/{GUARD}"
        if not os.path.isfile(f"{slot.path}/{path}"):
            there = os.path.lexists(f"{slot.path}/{path}")
            yield Difference("guard", path, "", "replaced" if there else "missing")


def _files(slot: Slot, placement: Placement, hashes: Mapping[str, str]) -> Iterator[Difference]:
    wanted = [(f"site-packages/{path}", f"lib/{path}") for path in placement.files]
    for tree in placement.trees:
        start = f"lib/{tree}/"
        wanted += [(f"site-packages/{path[4:]}", path) for path in hashes if path.startswith(start)]
    wanted += [
        (f"site-packages/{placement.dist_info}/{name}", f"dist-info/{name}")
        for name in placement.dist_files
        if not (name == "RECORD" and placement.record != "kept")
    ]
    if placement.record == "kept":
        nested = [path for path in hashes if path.startswith("dist-info/") and path.count("/") > 1]
        own = f"site-packages/{placement.dist_info}/"
        wanted += [(own + path.removeprefix("dist-info/"), path) for path in nested]
    for path, source in wanted:
        what = _compare(f"{slot.path}/{path}", hashes.get(source, ""))
        if what:
            shared = what == "changed" and _same(slot, placement, path, source)
            yield Difference("file", path, source, what, shared)


def _compare(path: str, sha256: str) -> str:
    """Return "" where the file is what it was, else what is wrong with it."""
    if os.path.islink(path) or os.path.isdir(path):
        return "replaced"
    try:
        return "" if digest.sha256_of(path) == sha256 else "changed"
    except FileNotFoundError:
        return "missing"
    except (OSError, NotADirectoryError):
        return "replaced"


def _same(slot: Slot, placement: Placement, path: str, source: str) -> bool:
    try:
        return os.path.samefile(
            f"{slot.path}/{path}", f"{slot.private}/{placement.source}/{source}"
        )
    except OSError:
        return False


def _dist_info(slot: Slot, placement: Placement) -> Iterator[Difference]:
    """Compare what is written for this environment: RECORD, REQUESTED, direct_url.json."""
    if placement.record == "kept":
        return
    folder = f"site-packages/{placement.dist_info}"
    for name, content in (
        ("REQUESTED", b"" if placement.requested else None),
        ("direct_url.json", placement.direct_url.encode() if placement.direct_url else None),
    ):
        if content is not None and name not in placement.dist_files:
            what = _content(f"{slot.path}/{folder}/{name}", content)
            if what:
                yield Difference("own", f"{folder}/{name}", "", what)
    if not os.path.isdir(f"{slot.path}/{folder}"):
        yield Difference("own", f"{folder}/RECORD", "", "missing")
        return
    what = _content(f"{slot.path}/{folder}/RECORD", _record(slot, placement))
    if what:
        yield Difference("own", f"{folder}/RECORD", "", what)


def _record(slot: Slot, placement: Placement) -> bytes:
    if placement.record not in ("", "seed"):
        return own_record.compose(placement, slot)
    prepared = "RECORD.requested" if placement.requested else "RECORD"
    path = f"{slot.private}/{placement.source}/dist-info/{prepared}"
    try:
        return reading.content(path)
    except OSError:
        return b""


def _content(path: str, wanted: bytes) -> str:
    if os.path.islink(path) or os.path.isdir(path):
        return "replaced"
    try:
        return "" if reading.content(path) == wanted else "changed"
    except FileNotFoundError:
        return "missing"
    except OSError:
        return "replaced"


def _scripts(slot: Slot, placement: Placement) -> Iterator[Difference]:
    for launcher in placement.launchers:
        path = f"{slot.path}/bin/{launcher.name}"
        try:
            wanted = slot.launcher(placement, launcher, slot)
        except OSError:
            continue  # the entry lacks the script, which is told of the entry
        what = _content(path, wanted)
        if not what and not os.access(path, os.X_OK):
            what = "changed"
        if what:
            yield Difference("script", f"bin/{launcher.name}", launcher.name, what)
