"""What a terminal shows while alcove works: lines on stderr, and progress bars where somebody looks.

Rule: stdout carries data only; nothing here writes to it. What it was given comes first, for both may be one file.
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
    """Writes notices and warnings as lines; steps only when `verbose`; progress only on a terminal (`bars`).

    `which`: the words that say which environment the command is for ("--env PATH"), "" for the nearest: for its hints.
    """

    def __init__(self, *, quiet: int, verbose: int, bars: bool, which: str = "") -> None:
        self._quiet = quiet
        self._verbose = verbose
        self._with_bars = bars
        self._which = which
        self._bars: Bars | None = None
        self._warned: set[Warned] = set()

    def emit(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, Progress):
            if self._with_bars and self._quiet == 0:
                self._open().show(event)
        elif isinstance(event, Step):
            if (
                self._verbose
                or event.verb == "waiting"
                or (event.verb in ("preparing", "building") and self._quiet == 0)
            ):
                self._line(
                    f"{event.verb} {event.subject}" if event.verb != "waiting" else event.subject
                )
        elif isinstance(event, Notice):
            if self._quiet == 0:
                self._line(event.text)
        elif isinstance(event, Breaks) and self._quiet < 2:
            self._warn(event.text, "alcove check shows it again, alcove undo takes it back")
        elif isinstance(event, Warned) and self._quiet < 2 and event not in self._warned:
            # What is true of all parts of a command is told by each, and said once.
            self._warned.add(event)
            self._warn(event.text, event.hint)

    def _warn(self, text: str, hint: str | None) -> None:
        from alcove.pasting import addressed  # noqa: PLC0415  as below

        more = f"\n  hint: {addressed(hint, self._which)}" if hint else ""
        self._line(f"warning: {text}{more}")

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


def reporter_for(
    *, quiet: int, verbose: int, variables: Mapping[str, str], which: str = ""
) -> Lines:
    """Return the reporter for this process's stderr; `which` as in `Lines`."""
    seen = sys.stderr is not None and sys.stderr.isatty() and variables.get("TERM") != "dumb"
    bars = seen and "CI" not in variables
    return Lines(quiet=quiet, verbose=verbose, bars=bars, which=which)
