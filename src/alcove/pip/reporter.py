"""What alcove tells while it works, in the words that pip has for it."""

from __future__ import annotations

from alcove.events import Built, Notice, Step, Warned
from alcove.plans.plan import normalise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.events import Event
    from alcove.pip.output import Output

__all__ = ["PipReporter"]


class PipReporter:
    """Tells what alcove does in the words that pip has for it; `built`: of what wheels were built, normalised names."""

    _VERBS = {  # noqa: RUF012  a table, never changed
        "fetching": "Downloading",
        "preparing": "Preparing metadata of",
        "building": "Building wheel for",
        "waiting": "Waiting for",
    }

    def __init__(self, output: Output) -> None:
        self._output = output
        self._warned: set[Warned] = set()
        self.built: set[str] = set()

    def emit(self, event: Event, /) -> None:
        """Write one event."""
        if isinstance(event, Step):
            verb = self._VERBS.get(event.verb)
            if verb is None:
                self._output.verbose(f"{event.verb.capitalize()} {event.subject}")
            else:
                self._output.info(f"{verb} {event.subject}")
        elif isinstance(event, Warned) and event not in self._warned:
            self._warned.add(
                event
            )  # what is true of all parts of a command is told by each, and said once
            self._output.warning(event.text)
            if event.hint:
                self._output.hint(event.hint)
        elif isinstance(event, Built):
            self.built.add(normalise(event.wheel.partition("-")[0]))
        elif isinstance(event, Notice):
            self._output.info(event.text)
