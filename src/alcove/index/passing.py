"""What is said where one of several places does not answer, and the others are enough, or are not.

Rule: never silently: which place it was, why, and what follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alcove.errors import IndexUnreachable

if TYPE_CHECKING:
    from alcove.index.fetch import NoAnswer

__all__ = ["Unanswered", "missed", "passed_over"]

_HINT = "try again when it answers, or let it be an error: ALCOVE_INDEX_STRATEGY=first-index"


class Unanswered(IndexUnreachable):
    """The places that answer have no such project, and one that might have it does not answer."""


def passed_over(place: str, error: NoAnswer, name: str, *, known: bool) -> tuple[str, str]:
    """Return (text, hint) of a warning; `place` as it may be shown, `name` normalised, `known`: a page read before counts.

    Of a place that is down the text is the same for every project.
    """
    if not error.answered:
        text = f"{place} does not answer ({error.reason}): "
        if known:
            return text + "its pages are used as they were read before", _HINT
        return text + "passed over, and what other places have is taken", _HINT
    if known:
        return f"{error.message}: the page is used as it was read before", _HINT
    return f"{error.message}: passed over, and {name!r} is taken from other places", _HINT


def missed(place: str, error: NoAnswer) -> IndexUnreachable:
    """Return the error in the place of that warning where what is decided is written down for later: a lock, a bundle."""
    text = error.message if error.answered else f"{place} does not answer ({error.reason})"
    return IndexUnreachable(
        f"{text}: what is pinned without it would be what other places have of what it may have",
        hint="try again when it answers, or leave it out of the options and settings if nothing is to come from it",
    )
