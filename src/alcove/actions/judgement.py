"""What was found of installed distributions by the markers of their interpreter, remembered beside the inventory.

Rule: it counts for the contents that it was found of (see `inventory`), and for the interpreter and the system that
gave the markers; a distribution that cannot be read is judged anew each time.
"""

from __future__ import annotations

import os

from alcove.actions.faults import Fault
from alcove.actions.inventory import write
from alcove.files import reading
from alcove.requirements.dependencies import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from alcove.actions.inventory import Inventory
    from alcove.actions.verdicts import Verdicts
    from alcove.environments.installed import Distribution

    Markers = Callable[[], Mapping[str, str]]
    # By normalised name what is needed, as written; None where it cannot be read.
    Names = dict[str, tuple[str, ...] | None]

__all__ = ["faults_of", "needed_of"]


def faults_of(
    inventory: Inventory,
    python: str,
    *,
    markers: Markers,
    tags: Callable[[], Collection[str]],
) -> list[Fault]:
    """Return what does not fit together, as `faults.faults` does.

    `python`: the interpreter (absolute). `markers`, `tags`: its own, asked only when they are needed.
    """
    stamp = _stamp(python)
    known = _recalled(inventory.note, stamp, "faults")
    if known is not None:
        return [Fault(*row) for row in known]
    from alcove.actions.faults import faults

    distributions = inventory.contents.distributions
    verdicts, keep = _verdicts(inventory, python, stamp, markers=markers, tags=tags)
    requires = {one.info: one.requires() for one in distributions}
    found = faults(distributions, verdicts, requires=lambda one: requires[one.info])
    if not any(one.kind == "unreadable" for one in found):
        _keep(inventory, stamp, _names(distributions, verdicts, requires), found)
    keep()
    return found


def needed_of(inventory: Inventory, python: str, *, markers: Markers) -> Names:
    """Return by normalised name what each distribution needs without extras: names as written, sorted in any case.

    None for one with a requirement that cannot be read. `python`: the interpreter (absolute).
    """
    stamp = _stamp(python)
    known = _recalled(inventory.note, stamp, "needs")
    if known is not None:
        return {row[0]: tuple(row[1:]) for row in known}
    verdicts, keep = _verdicts(inventory, python, stamp, markers=markers, tags=tuple)
    distributions = inventory.contents.distributions
    names = _names(distributions, verdicts, {one.info: one.requires() for one in distributions})
    keep()
    if None not in names.values():
        _keep(inventory, stamp, names, None)
    return names


def _verdicts(
    inventory: Inventory,
    python: str,
    stamp: str,
    *,
    markers: Markers,
    tags: Callable[[], Collection[str]],
) -> tuple[Verdicts, Callable[[], None]]:
    """Return the answers that are known for the environment of `python`, and what remembers the new ones."""
    from alcove.actions.verdicts import Verdicts

    path = inventory.beside(os.path.dirname(python)) if stamp else ""
    text = ""
    if path:
        try:
            text = reading.content(path).decode()
        except (OSError, ValueError):
            text = ""
    found = Verdicts(markers, tags, stamp=stamp, text=text)

    def keep() -> None:
        told = found.text()
        if path and told:
            write(path, told)

    return found, keep


def _names(
    distributions: Sequence[Distribution],
    verdicts: Verdicts,
    requires: Mapping[str, Sequence[str]],
) -> Names:
    found: Names = {}
    for one in distributions:
        try:
            names = {name_of(text) for text in requires[one.info] if verdicts.applies(text)}
        except ValueError:
            found[one.normalised] = None
        else:
            found[one.normalised] = tuple(sorted(names, key=str.lower))
    return found


def _stamp(python: str) -> str:
    """Return what tells one interpreter and system from another; "" where nothing does."""
    try:
        there = os.stat(python)
        system = os.uname()
    except (OSError, AttributeError):  # gone, or Windows
        return ""
    words = (there.st_dev, there.st_ino, there.st_size, there.st_mtime_ns, *system)
    return " ".join(map(str, words))


def _recalled(note: str, stamp: str, kind: str) -> list[list[str]] | None:
    """Return the rows of one kind that a note has for that stamp; None where it has none, not even an empty one."""
    lines = note.split("\n")
    if not stamp or lines[0] != stamp or kind not in lines:
        return None
    start = lines.index(kind) + 1
    if "" not in lines[start:]:
        return None  # torn
    return [line.split("\t") for line in lines[start : lines.index("", start)]]


def _keep(inventory: Inventory, stamp: str, names: Names, found: Sequence[Fault] | None) -> None:
    rows = [(one, *needed) for one, needed in names.items() if needed is not None]
    cells = [cell for row in (*rows, *(found or ())) for cell in row]
    if not stamp or len(rows) < len(names) or not all(map(str.isprintable, cells)):
        return
    lines = [stamp, "needs", *map("\t".join, rows), ""]
    if found is not None:
        lines += ["faults", *map("\t".join, found), ""]
    inventory.keep("\n".join(lines))
