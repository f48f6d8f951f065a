"""What an origin gives: a wheel that is at hand, a source that has to be built, and the entry that it ends as."""

from __future__ import annotations

from alcove.actions.compatible import must_be
from alcove.records import NamedTuple
from alcove.store.unpack import stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from alcove.requirements.resolution import Pinned
    from alcove.store.layout import Store
    from alcove.wheels.entry import Entry

__all__ = ["Obtained", "Source", "Wheel", "in_store", "metadata_of"]


class Obtained(NamedTuple):
    """An entry of the store, and the text of the direct_url.json that goes with it, or "".

    `unbuilt`: the METADATA of what would have to be built or unpacked, whose entry has no files and is not in the store;
    else b"".
    """

    entry: Entry
    direct_url: str
    unbuilt: bytes = b""


class Wheel(NamedTuple):
    """A wheel at hand: `path` (absolute), its sha256 where that was checked, else "", and its direct_url.json, or ""."""

    path: str
    sha256: str
    direct_url: str


class Source(NamedTuple):
    """An archive or tree at `path` (absolute) that is to be built, and how; its wheel is kept under `key` if that is not ""."""

    path: str
    key: str
    settings: tuple[tuple[str, str], ...]
    subdirectory: str
    editable: bool
    direct_url: str

    def how(self) -> dict[str, Any]:
        """Return what the builder is to be told of it."""
        return {
            "key": self.key,
            "editable": self.editable,
            "settings": self.settings,
            "subdirectory": self.subdirectory,
        }


def in_store(store: Store, pinned: Pinned) -> Entry | None:
    """Return the entry that the store has of a wheel whose sha256 an index or a lock told, else None: nothing is fetched.

    InvalidWheel where its name is that of something else than was decided.
    """
    origin = pinned.origin
    if origin.kind != "index" or not origin.filename.endswith(".whl"):
        return None
    must_be(pinned, origin.filename)
    return stored(store, origin.filename, origin.sha256)


def metadata_of(wheel: str) -> bytes:
    """Return the METADATA of the wheel at `wheel` (absolute); InvalidWheel."""
    from alcove.wheels.archive import Wheel as Archive

    with Archive(wheel) as archive:
        return archive.metadata_text
