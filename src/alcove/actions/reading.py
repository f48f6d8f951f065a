"""What is shown, read without the lock: readers need none, because a switch is one rename."""

from __future__ import annotations

from alcove.environments import generation as generations
from alcove.errors import BrokenEnvironment
from alcove.pasting import pasted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.generation import Generation
    from alcove.environments.layout import Layout

__all__ = ["counted", "shown"]


def shown(layout: Layout) -> Generation:
    """Return the generation that is shown; BrokenEnvironment where the slot does not say."""
    try:
        return generations.load(layout.current + "/slot.json")
    except OSError as error:
        raise BrokenEnvironment(
            f"{layout.root}: .alcove/current/slot.json cannot be read: {error.strerror}",
            hint=f"alcove repair --env {pasted(layout.root)}",
        ) from error


def counted(generation: Generation) -> int:
    """Return how many distributions a generation holds, pip not counted: it comes with the environment, unasked."""
    return sum(one.name != "pip" for one in generation.placements)
