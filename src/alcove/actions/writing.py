"""Work of other threads that must come to its end once begun: when a command is stopped, it is waited for.

What waits for the network is not waited for (its threads are daemons); what writes into the store is.
"""

from __future__ import annotations

import threading

from alcove.errors import TransactionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Writing"]


class Writing:
    """Entered by each thread around what it writes; after `stop` nobody gets in."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._stopped = False

    def __enter__(self) -> None:
        """Begin; TransactionError where the command is being stopped."""
        with self._changed:
            if self._stopped:
                raise TransactionError("interrupted", hint="run the command again")
            self._inside += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Say that it is done."""
        with self._changed:
            self._inside -= 1
            self._changed.notify_all()

    def stop(self) -> None:
        """Let nobody in any more, and return when nobody is inside."""
        with self._changed:
            self._stopped = True
            while self._inside:
                self._changed.wait()
