"""What requests led to, remembered: the same request on the same content needs no resolution (DESIGN: the hot path).

Below `<cache>/resolutions/`; may be deleted at any time, and a torn file counts as none. A line says what is decided, with
the dist-info of each placement that was shown already and "" for each that was not; the lines of those follow.
"""

from __future__ import annotations

import os
import time

from alcove.environments.generation import Placement, decode_placements, encode_placement
from alcove.events import Silent
from alcove.files import atomic, data, reading, trees
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alcove.environments.layout import Layout
    from alcove.events import Notice, Reporter, Warned

__all__ = ["Recalled", "recall", "remember"]

_FORMAT = 6
_LISTED = 2048  # bytes of a directory that are listed in the time in which one file is looked for
_FRESH = 600  # seconds for which an unpinned decision holds at most


class Recalled(NamedTuple):
    """What a request led to: the placements, sentences for what it breaks of what stays, and what was told of it.

    `told`: ("Notice" or "Warned", text, hint), as `alcove.events` has them.
    """

    placements: tuple[Placement, ...]
    broken: tuple[str, ...]
    told: tuple[tuple[str, str, str | None], ...]


def recall(
    cache: str, key: str, layout: Layout, *, shown: Sequence[Placement], offline: bool
) -> Recalled | None:
    """Return what the request `key` led to, or None where that is unknown, old, or not in the store."""
    try:
        head, *lines = reading.content(_path(cache, key)).split(b"\n")[:-1]
        version, written, until, names, broken, told, seen = data.loads(head)
        holds = until is None or written <= time.time() < until
        if version != _FORMAT or not (holds or offline):
            return None
        if seen and not _are_as_seen(seen):
            return None
        there = {placement.dist_info: placement for placement in shown}
        coming = iter(decode_placements(lines))
        found = tuple([there[name] if name else next(coming) for name in names])
        said = tuple([(str(kind), str(text), hint and str(hint)) for kind, text, hint in told])
    except (OSError, LookupError, TypeError, ValueError, AttributeError, StopIteration):
        return None  # `data.DataError` is a ValueError
    coming_in = [one.source for one in found if one.dist_info not in there]
    if not _are_there(layout, coming_in):
        return None
    return Recalled(found, tuple(map(str, broken)), said)


def _are_as_seen(seen: Sequence[Sequence[object]]) -> bool:
    """Tell whether the places on this disk that were looked at hold what they held: people put wheels into them."""
    from alcove.files.stamps import stamp

    return all(stamp(str(path)) == known for path, known in seen)


def _are_there(layout: Layout, sources: Sequence[str]) -> bool:
    """Tell whether the store has all entries `sources` (below `.alcove`); an entry gets its name when it is whole.

    Of many, a list of the store is quicker than a look at each: hundreds of inodes that need not be read.
    """
    entries = f"{layout.private}/e"
    try:
        if len(sources) * _LISTED > os.stat(entries).st_size:
            return {f"e/{name}" for name in os.listdir(entries)}.issuperset(sources)
    except OSError:
        return False
    return all(os.path.isfile(f"{layout.private}/{source}/entry.json") for source in sources)


def remember(
    cache: str,
    key: str,
    placements: Sequence[Placement],
    *,
    shown: Sequence[Placement],
    pinned: bool,
    reporter: Reporter | None = None,
    broken: Sequence[str] = (),
    told: Sequence[Notice | Warned] = (),
    seen: Mapping[str, str] | None = None,
    until: float = float("inf"),
) -> None:
    """Remember what the request `key` led to; `pinned`: it can lead to nothing else; `broken`, `told`: as in `Recalled`.

    `seen`: what was looked at on this disk, by path, with `files.stamps`: it holds only as long as that stays so.
    `until`: when (epoch seconds) the first page of an index is to be asked for again: what is not pinned holds no longer.
    A cache that cannot be written is told: the next time it is decided again.
    """
    before = set(shown)
    names = [one.dist_info if one in before else "" for one in placements]
    lines = [encode_placement(one) for one in placements if one not in before]
    said = [(type(one).__name__, one.text, getattr(one, "hint", None)) for one in told]
    now = int(time.time())
    end = None if pinned else int(min(until, now + _FRESH))
    head = data.dumps([_FORMAT, now, end, names, broken, said, [*(seen or {}).items()]])
    path = _path(cache, key)
    try:
        trees.make_directories(os.path.dirname(path))
        atomic.replace_file(path, head + b"".join(line + b"\n" for line in lines))
    except OSError as error:
        from alcove.files import spare

        (reporter or Silent()).emit(spare.without(cache, error))


def _path(cache: str, key: str) -> str:
    return f"{cache}/resolutions/{key[:2]}/{key[2:]}.json"
