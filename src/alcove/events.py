"""What happens while alcove works, as data, and who is told.

The core never prints: it calls a `Reporter`, and only `console/`, `cli/` and `pip/` have one that writes.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple, Protocol
else:  # `typing` is not imported on the hot path
    from alcove.records import NamedTuple

    Protocol = object

__all__ = ["Breaks", "Built", "Notice", "Progress", "Reporter", "Silent", "Step", "Warned"]


class Step(NamedTuple):
    """Something begins: `verb` ("resolving", "fetching", "preparing", "building", "unpacking", "waiting"), and of what."""

    verb: str
    subject: str


class Progress(NamedTuple):
    """So much of something is done: `done` of `total` in bytes; `total` is None where nobody knows."""

    subject: str
    done: int
    total: int | None


class Notice(NamedTuple):
    """Something that the user may want to know and that needs no action."""

    text: str


class Warned(NamedTuple):
    """Something that the user should act on, with what to do."""

    text: str
    hint: str | None = None


class Breaks(NamedTuple):
    """What is about to be done breaks something that is installed; told before it is done, in a sentence of pip's."""

    text: str


class Built(NamedTuple):
    """A wheel was built: its file name."""

    wheel: str


Event = Step | Progress | Notice | Warned | Breaks | Built


class Reporter(Protocol):
    """Whoever is told what happens."""

    def emit(self, event: Event, /) -> None:
        """Take one event; must not raise and may be called from any thread."""


class Silent:
    """A reporter that tells nobody; the default of every function of the library."""

    def emit(self, event: Event, /) -> None:
        """Drop the event."""
