"""A store, wheels and one environment in a directory, without a process or an index: what transactions work on."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from alcove.actions.install import place
from alcove.environments.create import Wanted, create
from alcove.interpreters.kept import Interpreter
from alcove.plans.placements import natural
from alcove.store.layout import store_at
from alcove.store.unpack import unpack
from alcove.testing.wheels import wheel
from alcove.transactions.apply import Held

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Unpack

    from alcove.environments.generation import Generation, Placement
    from alcove.environments.layout import Layout
    from alcove.events import Event
    from alcove.testing.wheels import Parts

__all__ = ["INTERPRETER", "Machine", "Said"]

_LIBRARY = f"python{sys.version_info[0]}.{sys.version_info[1]}"

INTERPRETER = Interpreter(
    executable=sys.executable,
    implementation="CPython",
    version="3.12.1",
    version_info=(3, 12, 1, "final", 0),
    library=_LIBRARY,
    home=os.path.dirname(sys.executable),
    prefix=sys.base_prefix,
    include=_LIBRARY,
    cache_tag="cpython-312",
    free_threaded=False,
    pointer_bits=64,
    platform="linux-x86_64",
    markers={},
    facts={},
    site_packages=(),
)


class Said:
    """A reporter that keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def emit(self, event: Event) -> None:
        """Keep an event."""
        self.events.append(event)

    @property
    def text(self) -> str:
        """All of it as one text."""
        return "\n".join(str(event) for event in self.events)


class Machine(NamedTuple):
    """One directory (absolute) with `wheels`, `data` and `env`."""

    root: str

    @property
    def env(self) -> str:
        """Where the environment is made."""
        return f"{self.root}/env"

    def unpacked(
        self, name: str, version: str = "1.0", *, mode: str = "view", **parts: Unpack[Parts]
    ) -> Placement:
        """Return how a distribution stands alone; its wheel is made and unpacked."""
        path = wheel(f"{self.root}/wheels/{name}-{version}", name, version, **parts)
        entry = unpack(store_at(f"{self.root}/data"), path)
        return natural(entry, library=_LIBRARY, mode=mode)

    def wanted(self, path: str = "", *, private: bool = False, mode: str = "view") -> Wanted:
        """Return what an empty environment is to be."""
        return Wanted(
            path=path or self.env,
            interpreter=INTERPRETER,
            prompt="env",
            command="create",
            data=f"{self.root}/data",
            mode=mode,
            private=private,
            system_site=False,
            copies=False,
            placements=(),
        )

    def create(self, *, mode: str = "view") -> Layout:
        """Make the environment, empty."""
        return create(self.wanted(mode=mode))

    def show(
        self, layout: Layout, placements: Iterable[Placement], *, said: Said | None = None
    ) -> Generation:
        """Show these placements as a new generation."""
        with Held(layout, reporter=said) as held:
            return held.change(place(held, tuple(placements)), why="test")

    def again(self, layout: Layout, number: int, *, said: Said | None = None) -> Generation:
        """Show a kept generation again."""
        with Held(layout, reporter=said) as held:
            return held.show_again(number)
