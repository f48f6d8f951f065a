"""Progress bars on a terminal, by `rich`."""

from __future__ import annotations

from threading import Lock

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TransferSpeedColumn,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove import events

__all__ = ["Bars"]


class Bars:
    """One bar for each thing that is fetched; a finished one goes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tasks: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._progress.start()

    def show(self, event: events.Progress) -> None:
        """Move a bar; may be called from any thread."""
        with self._lock:
            task = self._tasks.get(event.subject)
            if task is None:
                task = self._progress.add_task(event.subject, total=event.total)
                self._tasks[event.subject] = task
            self._progress.update(task, completed=event.done, total=event.total)
            if event.total is not None and event.done >= event.total:
                self._progress.remove_task(task)
                del self._tasks[event.subject]

    def close(self) -> None:
        """Take all bars away."""
        self._progress.stop()
