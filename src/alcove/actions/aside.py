"""What stands where something of an environment belongs, kept aside and never removed; for `repair` and its dry run."""

from __future__ import annotations

from alcove.actions.finding import Mend
from alcove.transactions import restore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.layout import Layout

__all__ = ["Aside"]


class Aside:
    """A directory that is in the way: `place` (absolute) is where it lies, before it is kept aside as after."""

    __slots__ = ("_layout", "_was", "place")

    def __init__(self, layout: Layout, path: str, was: str = "a directory") -> None:
        self._layout = layout
        self._was = was
        self.place = path

    def mend(self) -> Mend:
        """Return what keeps it aside."""
        return Mend(f"{self.place} was {self._was}; it is kept", self._keep)

    def _keep(self) -> tuple[str]:
        before, self.place = self.place, restore.keep(self._layout, self.place)
        return (f"{before} was {self._was}; it is kept as {self.place}",)
