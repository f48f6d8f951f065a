"""What an environment says of its own place, written for where it lies: activation scripts and prompt."""

from __future__ import annotations

import os
from functools import partial

from alcove.actions import frame
from alcove.actions.aside import Aside
from alcove.actions.finding import Mend
from alcove.environments import config
from alcove.environments.layout import BIN
from alcove.files import atomic, reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.environments.layout import Layout

__all__ = ["activation", "content_of", "rename_prompt"]


def activation(layout: Layout) -> Iterator[Mend]:
    """Yield what makes the activation scripts those of where the environment lies now."""
    for name, text in frame.scripts_of(layout).items():
        path = f"{layout.root}/{BIN}/{name}"
        if content_of(path) != text:
            if os.path.isdir(path) and not os.path.islink(path):
                yield Aside(layout, path).mend()
            yield Mend(f"{path} is written", partial(_write, layout, path, text))


def _write(layout: Layout, path: str, text: bytes) -> None:
    # Staged where `tidy` sweeps, and whole before it takes the place of the one that was there.
    atomic.replace_file(path, text, durable=True, directory=layout.private)


def rename_prompt(layout: Layout) -> None:
    """Make the shell show the name of the environment's directory."""
    path = layout.root + "/pyvenv.cfg"
    values = config.read(path)
    values["prompt"] = repr(os.path.basename(layout.root))
    atomic.replace_file(path, config.render(values), durable=True, directory=layout.private)


def content_of(path: str) -> bytes | None:
    """Return what the file `path` (absolute) holds, or None where it cannot be read."""
    try:
        return reading.content(path)
    except OSError:
        return None
