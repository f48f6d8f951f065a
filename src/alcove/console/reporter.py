"""What a terminal shows while alcove works: lines on stderr, and progress bars where somebody looks.

Rule: stdout carries data only; nothing here writes to it.
"""

from __future__ import annotations

import sys

from alcove.events import Breaks, Notice, Progress, Step, Warned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from alcove.console.bars import Bars
    from alcove.events import Event

__all__ = ["Lines", "reporter_for"]


class Lines:
    """Writes notices and warnings as lines; steps only when `verbose`; progress only on a terminal (`bars`)."""

    def __init__(self, *, quiet: int, verbose: int, bars: bool) -> None:
        self._quiet = quiet
        self._verbose = verbose
        self._with_bars = bars
        self._bars: Bars | None = None

    def emit(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, Progress):
            if self._with_bars and self._quiet == 0:
                self._open().show(event)
        elif isinstance(event, Step):
            if (
                self._verbose
                or event.verb == "waiting"
                or (event.verb == "building" and self._quiet == 0)
            ):
                self._line(
                    f"{event.verb} {event.subject}" if event.verb != "waiting" else event.subject
                )
        elif isinstance(event, Notice):
            if self._quiet == 0:
                self._line(event.text)
        elif isinstance(event, Breaks) and self._quiet < 2:
            self._line(
                f"warning: {event.text}\n  hint: alcove check shows it again, alcove undo takes it back"
            )
        elif isinstance(event, Warned) and self._quiet < 2:
            self._line(f"warning: {event.text}" + (f"\n  hint: {event.hint}" if event.hint else ""))

    def close(self) -> None:
        """Take the progress bars away."""
        if self._bars is not None:
            self._bars.close()
            self._bars = None

    def _open(self) -> Bars:
        if self._bars is None:
            from alcove.console.bars import Bars  # noqa: PLC0415  only where something is fetched, on a terminal

            self._bars = Bars()
        return self._bars

    def _line(self, text: str) -> None:
        from alcove.console.streams import tell  # noqa: PLC0415  most commands say nothing

        tell(text + "\n")


def reporter_for(*, quiet: int, verbose: int, variables: Mapping[str, str]) -> Lines:
    """Return the reporter for this process's stderr."""
    seen = sys.stderr is not None and sys.stderr.isatty() and variables.get("TERM") != "dumb"
    return Lines(quiet=quiet, verbose=verbose, bars=seen and "CI" not in variables)
