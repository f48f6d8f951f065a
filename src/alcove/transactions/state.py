"""`.alcove/state`: what a command needs to know that nothing is to be done; absent while a change is under way."""

from __future__ import annotations

import os
import time

from alcove.environments.layout import SLOTS
from alcove.files import atomic, data, ops
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.layout import Layout

__all__ = [
    "State",
    "boot",
    "forget",
    "is_hidden_restored",
    "is_restored",
    "is_settled",
    "note",
    "noted",
    "read",
    "stamps",
]

_SECOND = 10**9  # ns


class State(NamedTuple):
    """`number` is the generation shown; `site`, `bin` are mtimes in ns; `asked` is the digest of the last request.

    `prefix` is where the environment lay: another place means that it was moved. `boot` names the run of the system:
    after another start what was removed may be there again, since removals are not flushed. `tripped` is what was told
    of entries into which others wrote (`tripwire.tell_tripped`). `bare`: the hidden slot has
    no files of the user's beside those of distributions, which may be edited all the same. `a`, `b`: when the site-packages
    of the two slots were last changed by anybody, their times included (ctimes in ns): a backup that is put over an
    environment brings the mtimes back, and this record, and leaves what came since. 0 where an older alcove wrote it.
    """

    number: int
    prefix: str
    site: int
    bin: int
    asked: str
    content: str
    boot: str
    tripped: str = ""
    bare: bool = False
    a: int = 0
    b: int = 0


def stamps(layout: Layout) -> tuple[int, int]:
    """Return the mtimes (ns) of site-packages and bin: what others cannot leave alone when they install."""
    return os.stat(layout.site_packages).st_mtime_ns, os.stat(layout.bin).st_mtime_ns


def read(layout: Layout) -> State | None:
    """Return the state, or None where a change is unfinished, the environment was moved, or others wrote into it."""
    state = _written(layout)
    if state is None or state.prefix != layout.root or not _has_its_stamps(layout, state):
        return None
    return None if _restored(layout, state) else state


def is_hidden_restored(layout: Layout) -> bool:
    """Tell whether others wrote into the hidden slot since the state was written down."""
    state = _written(layout)
    return state is not None and layout.hidden() in _restored(layout, state)


def is_restored(layout: Layout) -> bool:
    """Tell whether a backup seems to have been put over the environment: the times are those written down but for what nobody can set."""
    state = _written(layout)
    return state is not None and _has_its_stamps(layout, state) and bool(_restored(layout, state))


def _written(layout: Layout) -> State | None:
    """Return what was written down, whatever happened since; None where nothing can be read."""
    try:
        return State(*data.read(layout.private + "/state"))
    except (OSError, data.DataError, TypeError):
        return None


def _has_its_stamps(layout: Layout, state: State) -> bool:
    try:
        return (state.site, state.bin) == stamps(layout)
    except OSError:
        return False


def _restored(layout: Layout, state: State) -> list[str]:
    """Return the names of the slots into which others wrote since the state was written down."""
    known = {"a": state.a, "b": state.b}
    return [name for name in SLOTS if known[name] and known[name] != _changed(layout, name)]


def _changed(layout: Layout, name: str) -> int:
    try:
        return os.stat(f"{layout.slot(name)}/site-packages").st_ctime_ns
    except OSError:
        return 0  # there is no hidden slot before the first change


def is_settled(layout: Layout, number: int) -> bool:
    """Tell whether all was in line with generation `number` once in this run of the system, and alcove began no change since.

    Others may have written since.
    """
    state = _written(layout)
    return (
        state is not None and state.number == number and bool(state.boot) and state.boot == boot()
    )


def noted(layout: Layout) -> int:
    """Return the number of the generation that was shown when last written down, whatever others did since; -1 for unknown."""
    state = _written(layout)
    return state.number if state is not None and isinstance(state.number, int) else -1


def note(
    layout: Layout,
    number: int,
    *,
    asked: str,
    content: str,
    tripped: str = "",
    bare: bool = False,
    stamps_of: tuple[int, int] | None = None,
) -> None:
    """Write that generation `number` is shown and everything is in line with it, or was when `stamps` gave `stamps_of`."""
    site, scripts = _told_apart(layout, stamps_of or stamps(layout))
    slots = [_changed(layout, name) for name in SLOTS]
    state = [number, layout.root, site, scripts, asked, content, boot(), tripped, bare, *slots]
    atomic.replace_file(layout.private + "/state", data.dumps(state))


def _told_apart(layout: Layout, found: tuple[int, int]) -> tuple[int, int]:
    """Return the stamps `found`, or earlier ones that were given instead: what others write from now on has others.

    Where a file system knows whole seconds only, what they write in the same second had the same.
    """
    if found[0] % _SECOND and found[1] % _SECOND:
        return found
    now = time.time_ns()
    places = (layout.site_packages, found[0]), (layout.bin, found[1])
    # Files get their times from a clock that is a few ms behind the one that says `now`.
    fresh = [one for one in places if not one[1] % _SECOND and 0 <= now - one[1] < 1.05 * _SECOND]
    if not fresh or stamps(layout) != found:
        return found
    for path, stamp in fresh:
        ops.utime(path, ns=(now, stamp - _SECOND))
    return stamps(layout)


def boot() -> str:
    """Return what names this run of the system; "" where nothing does."""
    try:
        descriptor = os.open("/proc/sys/kernel/random/boot_id", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        return os.read(descriptor, 64).decode().strip()
    finally:
        os.close(descriptor)


def forget(layout: Layout) -> None:
    """Say that a change is under way."""
    try:
        ops.unlink(layout.private + "/state")
    except FileNotFoundError:
        return
