"""What the commands of `more_options` ask of alcove: a port beside `actions.Actions`, reached through its `more`.

The same rule: an action never prints, and refuses with `UsageError` what it cannot do.
"""

from __future__ import annotations

from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from alcove.events import Reporter
    from alcove.pip.actions import Actions, IndexOptions, InstallRequest
    from alcove.requirements.resolution import Pinned
else:
    Protocol = object

__all__ = ["Got", "MoreActions", "TargetWish", "more_of"]


class TargetWish(NamedTuple):
    """Another interpreter than the environment's: `python` as one to three numbers; all empty where nothing was said."""

    python: tuple[int, ...] = ()
    platforms: tuple[str, ...] = ()
    abis: tuple[str, ...] = ()
    implementation: str = ""


class Got(NamedTuple):
    """One distribution that was decided on.

    `path`: where its file was put (absolute; "" for none); `there`: whether it lay there before; `built`: whether it is a
    wheel that was built.
    """

    pinned: Pinned
    path: str = ""
    there: bool = False
    built: bool = False


def more_of(actions: Actions) -> MoreActions:
    """Return the port of the actions of one environment."""
    found: MoreActions = actions.more()  # type: ignore[attr-defined]  # every `Actions` that these commands meet has it
    return found


class MoreActions(Protocol):
    """What alcove does for one environment."""

    def cache(self) -> str:
        """Return alcove's cache (absolute)."""

    def versions(
        self,
        name: str,
        index: IndexOptions,
        wish: TargetWish,
        *,
        check_python: bool,
        reporter: Reporter,
    ) -> Sequence[str]:
        """Return the versions that have a file for the target and are not yanked, newest first; () for none."""

    def tags(self, wish: TargetWish) -> Sequence[str]:
        """Return the wheel tags of the target, best first."""

    def gather(
        self, request: InstallRequest, wish: TargetWish, reporter: Reporter, *, into: str, form: str
    ) -> Sequence[Got]:
        """Decide as if nothing were installed, and put the files into the directory `into` (absolute).

        `form`: "files" as they are offered, "wheels" with the rest built, "none": nothing is written, but every hash known.
        """
