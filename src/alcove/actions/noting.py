"""What a decision told, kept beside it: whoever is given the same decision again is told the same again.

Rule: what belongs to one run (the network, a cache that cannot be written) is told to the reporter itself, not through this.
"""

from __future__ import annotations

from alcove.events import Notice, Warned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.events import Event, Reporter

__all__ = ["Noting"]


class Noting:
    """A reporter that passes everything on to another one and keeps notices and warnings in `noted`, in their order."""

    def __init__(self, reporter: Reporter) -> None:
        self.noted: list[Notice | Warned] = []
        self._reporter = reporter

    def emit(self, event: Event, /) -> None:
        """Pass one event on."""
        if isinstance(event, Notice | Warned):
            self.noted.append(event)
        self._reporter.emit(event)
