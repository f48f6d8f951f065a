"""The history of an environment: which generations there are, where undo and redo lead, which may go."""

from __future__ import annotations

import errno
import os

from alcove.environments import generation as generations
from alcove.environments.layout import SLOTS
from alcove.errors import AlcoveError, BrokenEnvironment, TransactionError
from alcove.files import ops, reading, trees
from alcove.files.checksums import is_newer
from alcove.pasting import pasted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from alcove.environments.generation import Generation
    from alcove.environments.layout import Layout

__all__ = [
    "above",
    "below",
    "entries_of",
    "highest",
    "history",
    "known_entries",
    "load",
    "newest_readable",
    "numbers",
    "prunable",
    "prune",
    "readable",
    "refuse_newer",
    "sources",
]


_START = 32  # bytes: the format stands first


def numbers(layout: Layout) -> list[int]:
    """Return the numbers of the kept generations, lowest first."""
    try:
        names = os.listdir(layout.private + "/generations")
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            raise
        return []
    return sorted(
        int(name[:-5]) for name in names if name.endswith(".json") and name[:-5].isdecimal()
    )


def load(layout: Layout, number: int) -> Generation:
    """Return the generation `number`; TransactionError where it is not kept."""
    try:
        return generations.load(f"{layout.private}/generations/{number}.json")
    except FileNotFoundError as error:
        raise TransactionError(
            f"generation {number} is not kept", hint="alcove history shows those that are"
        ) from error


def history(layout: Layout) -> list[Generation]:
    """Return the kept generations, lowest number first."""
    return [load(layout, number) for number in numbers(layout)]


def readable(layout: Layout) -> Iterator[Generation]:
    """Yield the kept generations that can be read, lowest number first."""
    for number in numbers(layout):
        try:
            yield load(layout, number)
        except (AlcoveError, OSError):
            continue


def refuse_newer(layout: Layout) -> None:
    """Raise NewerFormat where a newer alcove wrote one of the states: what looks like damage then is none to be put right."""
    paths = [f"{layout.slot(name)}/slot.json" for name in SLOTS]
    paths += [f"{layout.private}/generations/{number}.json" for number in numbers(layout)]
    for path in paths:
        try:
            start = reading.content(path, limit=_START)
        except OSError:
            continue
        if is_newer(start):
            raise generations.newer(path)


def highest(layout: Layout, shown: int) -> int:
    """Return the highest number ever used, of which the next generation's is one more."""
    return max([shown, *numbers(layout)])


def below(layout: Layout, shown: Generation, *, kept: Collection[int] = ()) -> int:
    """Return the number that `undo` leads to; TransactionError where there is none.

    `kept`: numbers that will be kept by then, beside those that are.
    """
    there = (*kept, *numbers(layout))
    if shown.parent in there:
        return shown.parent
    why = f"generation {shown.number} is the oldest that is kept"
    if shown.parent >= 0 and min(there, default=shown.number) < shown.number:
        why = f"generation {shown.parent}, from which {shown.number} was made, is not kept"
    raise TransactionError(
        f"there is nothing to undo: {why}", hint="alcove history shows the states that are kept"
    )


def above(layout: Layout, shown: Generation) -> int:
    """Return the number that `redo` leads to: the highest child; TransactionError where there is none."""
    for number in reversed(numbers(layout)):
        if number > shown.number and load(layout, number).parent == shown.number:
            return number
    raise TransactionError(
        f"there is nothing to redo: nothing came after generation {shown.number}",
        hint="alcove history shows the states that are kept",
    )


def entries_of(layout: Layout) -> set[str]:
    """Return the names of the store's entries that the kept generations use."""
    found = set()
    for generation in history(layout):
        found.update(sources(generation))
    return found


def known_entries(layout: Layout) -> tuple[set[str], bool]:
    """Return the names of the entries that the generations use which can be read, and whether these are all that are kept."""
    found = list(readable(layout))
    return set().union(*map(sources, found)), len(found) == len(numbers(layout))


def sources(generation: Generation) -> set[str]:
    """Return the names of the store's entries that one generation uses."""
    return {one.source[2:] for one in generation.placements if one.source.startswith("e/")}


def prunable(layout: Layout, *, shown: int, keep: int, newest: int, now: float) -> list[int]:
    """Return the numbers beyond the last `keep` that are older than `newest` seconds; never the one that is shown."""
    known = numbers(layout)
    return [
        number
        for number in (known[:-keep] if keep else known)
        if number != shown
        and now - os.stat(f"{layout.private}/generations/{number}.json").st_mtime > newest
    ]


def prune(layout: Layout, *, shown: int, keep: int, newest: int, now: float) -> list[int]:
    """Remove the generations that are `prunable`, and return their numbers.

    What others placed goes with the last generation that names it.
    """
    gone = prunable(layout, shown=shown, keep=keep, newest=newest, now=now)
    for number in gone:
        ops.unlink(f"{layout.private}/generations/{number}.json")
    if gone and os.path.isdir(kept := layout.private + "/kept"):
        used = {one.source for generation in history(layout) for one in generation.placements}
        for name in os.listdir(kept):
            if f"kept/{name}" not in used:
                trees.remove(f"{kept}/{name}")
    return gone


def newest_readable(layout: Layout) -> Generation:
    """Return the highest generation whose json can be read, for repairs; BrokenEnvironment where there is none."""
    for number in reversed(numbers(layout)):
        try:
            return load(layout, number)
        except BrokenEnvironment:
            continue
    raise BrokenEnvironment(
        f"{layout.root}: no generation can be read",
        hint=f"alcove create --clear {pasted(layout.root)} makes it anew;"
        f" alcove freeze --env {pasted(layout.root)} tells before what it holds",
    )
