"""An environment of ours made around what a directory already holds, step by step, as `python -m venv` fills one.

Rules: what is there stays there, a real `lib/pythonX.Y` as the slot that is shown; each step is one that is done already
or not yet, so a second run goes on where a first one was stopped; `pyvenv.cfg` and the interpreter are the caller's.
"""

from __future__ import annotations

import os
import sys
import time

from alcove.environments import generation as generations
from alcove.environments import views
from alcove.environments.generation import Generation
from alcove.environments.layout import Layout
from alcove.environments.skeleton import link_store
from alcove.errors import AlcoveError
from alcove.files import atomic, links, ops, trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.create import Wanted

__all__ = ["adopt"]


def adopt(wanted: Wanted) -> Layout:
    """Make the directories, links and the first generation that are missing in `wanted.path`, and return the layout.

    AlcoveError where a file or a link stands where a directory has to be, or an environment of another Python is there.
    """
    layout = Layout(wanted.path, wanted.interpreter.library)
    include = f"{layout.root}/include/{wanted.interpreter.include}"
    for path in (layout.root, layout.bin, f"{layout.root}/include", include, f"{layout.root}/lib"):
        _directory(path)
    _refuse_another(layout)
    if sys.platform not in ("darwin", "win32") and wanted.interpreter.pointer_bits == 64:
        _link("lib", f"{layout.root}/lib64")
    trees.make_directories(layout.private + "/generations")
    if not os.path.lexists(layout.private + "/lock"):
        ops.write(layout.private + "/lock", b"", 0o644)
    if not os.path.lexists(layout.private + "/store"):
        link_store(layout, "" if wanted.private else wanted.data)
    library = f"{layout.root}/lib/{layout.library}"
    if not os.path.lexists(layout.current):
        _fill_slot(wanted, layout, "a", 0)
        ops.symlink("a", layout.current)
    elif os.path.lexists(library) and not os.path.islink(library):
        # virtualenv was here: its directory is the next state, ours before stays in the history
        hidden = layout.hidden()
        _fill_slot(wanted, layout, hidden, 1 + max(_numbers(layout), default=0))
        atomic.replace_link(layout.current, hidden)
    _link("../.alcove/current", f"{layout.root}/lib/{layout.library}")
    return layout


def _directory(path: str) -> None:
    """Make a directory; a link to one is refused, since what it leads to is not of this environment."""
    try:
        trees.make_directories(path)
    except (FileExistsError, NotADirectoryError) as error:
        raise _in_the_way(path) from error
    if os.path.islink(path):
        raise _in_the_way(path)


def _in_the_way(path: str) -> AlcoveError:
    return AlcoveError(
        f"Unable to create directory {path!r}: something else is there",
        hint="move it away, or choose another directory",
    )


def _link(text: str, path: str) -> None:
    if not os.path.lexists(path):
        ops.symlink(text, path)


def _refuse_another(layout: Layout) -> None:
    """Refuse to make one environment of two Pythons: they would share one `site-packages`."""
    for name in os.listdir(f"{layout.root}/lib"):
        path = f"{layout.root}/lib/{name}"
        ours = os.path.islink(path) and os.path.isdir(layout.private)
        if ours and name != layout.library and name.startswith(("python", "pypy")):
            raise AlcoveError(
                f"{layout.root} is an environment of {name}, not of {layout.library}",
                hint="--clear makes it anew",
            )


def _numbers(layout: Layout) -> list[int]:
    names = os.listdir(layout.private + "/generations")
    return [int(name[:-5]) for name in names if name.endswith(".json") and name[:-5].isdigit()]


def _fill_slot(wanted: Wanted, layout: Layout, name: str, number: int) -> None:
    """Make a slot of the library folder that is there, or of nothing, showing generation `number` of no distribution.

    What others placed there is taken in by the next change, as it is wherever others wrote into an environment.
    """
    slot, library = layout.slot(name), f"{layout.root}/lib/{layout.library}"
    for path in (library, library + "/site-packages"):
        if os.path.lexists(path) and (os.path.islink(path) or not os.path.isdir(path)):
            raise _in_the_way(path)
    if os.path.isdir(library):
        trees.remove(slot)  # rubbish, or a hidden slot that is made anew when it is needed
        ops.rename(library, slot)
    for path in ("", "/bin", "/site-packages", "/site-packages/__pycache__"):
        trees.make_directories(slot + path)
    if not os.path.lexists(f"{slot}/site-packages/{views.ANCHOR}"):
        ops.write(f"{slot}/site-packages/{views.ANCHOR}", views.ANCHOR_TEXT)
    shown = Generation(
        number=number,
        parent=number - 1,
        time=int(time.time()),
        why=generations.without_logins(wanted.command),
        asked=(),
        mode=wanted.mode,
        prefix=layout.root,
        outside=number > 0,
        placements=(),
    )
    trees.remove(slot + "/slot.json")
    ops.write(slot + "/slot.json", generations.encode(shown))
    ops.fsync(slot + "/slot.json")
    trees.remove(f"{layout.private}/generations/{number}.json")
    links.relink(slot + "/slot.json", f"{layout.private}/generations/{number}.json")
