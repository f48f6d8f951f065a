"""The table of `alcove envs`."""

from __future__ import annotations

from time import localtime, strftime

from alcove.cli.output import size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alcove.actions.environments import Facts

__all__ = ["lines"]

_HEAD = ("", "NAME", "PYTHON", "DISTS", "OWN", "SHARED", "LAST USED", "PATH", "")
_NUMBERS = (3, 4, 5)  # columns of numbers, which stand to the right


def lines(found: Sequence[Facts]) -> Iterator[str]:
    """Yield the lines of the table, its head first."""
    rows: list[Sequence[str]] = [_HEAD, *(_row(one) for one in found)]
    # What follows the path is not aligned: one long path would move it out of sight.
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD) - 2)]
    for row in rows:
        cells = [
            cell.rjust(width) if column in _NUMBERS else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=False))
        ]
        yield "  ".join([*cells, *row[-2:]]).rstrip()


def _row(one: Facts) -> Sequence[str]:
    when = _day(one.used) if one.used else f"changed {_day(one.changed)}" if one.changed else "-"
    notes = [
        f"project {one.project}" if one.project else "",
        "" if one.ours else "not of alcove",
        "changed outside" if one.outside else "",
        "" if one.health == "ok" else one.health,
    ]
    told = "; ".join(note for note in notes if note)
    counts = (str(one.distributions), size(one.size_own), size(one.size_shared))
    star, note = "*" if one.active else " ", f"({told})" if told else ""
    return (star, one.name or "-", one.python or "?", *counts, when, one.path, note)


def _day(seconds: int) -> str:
    return strftime("%Y-%m-%d", localtime(seconds))
