"""The frame of an environment made right again: its links, its interpreter, its settings, its activation scripts."""

from __future__ import annotations

import os

from alcove import __version__
from alcove.actions import frame, made
from alcove.actions.scripts import content_of
from alcove.environments import config
from alcove.environments.flipped import righted
from alcove.environments.generation import load
from alcove.environments.layout import SLOTS, other_python
from alcove.environments.views import ANCHOR, ANCHOR_TEXT
from alcove.errors import AlcoveError, BrokenEnvironment, InterpreterGone
from alcove.files import atomic, ops, trees
from alcove.pasting import pasted
from alcove.transactions import generations, restore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.environments.layout import Layout
    from alcove.interpreters.kept import Interpreter
    from alcove.settings import Settings

__all__ = ["anchor", "bits", "interpreter", "links", "store"]


def store(layout: Layout, settings: Settings) -> Iterator[str]:
    """Make `.alcove/store` and `.alcove/e` lead to a store: the user's, where the one that they name is gone."""
    private = layout.private
    if _text(private + "/e") == "store/entries-v1" or (
        os.path.isdir(private + "/store") and not os.path.islink(private + "/store")
    ):
        root, entries = private, "store/entries-v1"
    else:
        named = os.path.dirname(_text(private + "/store"))
        root = named if named and os.path.isdir(f"{named}/store/entries-v1") else settings.data
        entries = f"{root}/store/entries-v1"
        if _text(private + "/store") != f"{root}/store":
            trees.make_directories(f"{root}/store/entries-v1")
            trees.remove(private + "/store")
            ops.symlink(f"{root}/store", private + "/store")
            yield f"{private}/store leads to {root}/store"
    trees.make_directories(f"{root}/store/entries-v1")
    if _text(private + "/e") != entries:
        yield from _make_way(layout, private + "/e")
        atomic.replace_link(private + "/e", entries)
        yield f"{private}/e leads to {entries}"
    if not os.path.isfile(private + "/lock"):
        yield from _make_way(layout, private + "/lock")
        ops.write(private + "/lock", b"", 0o644)
        yield f"{private}/lock is there again"


def bits(layout: Layout) -> Iterator[str]:
    """Put back what the disk changed in the json of a generation, where it is one bit and the checksum tells which."""
    paths = [f"{layout.slot(name)}/slot.json" for name in SLOTS]
    paths += [
        f"{layout.private}/generations/{number}.json" for number in generations.numbers(layout)
    ]
    for path in paths:
        try:
            load(path)
        except OSError:
            continue
        except BrokenEnvironment:
            text = righted(content_of(path) or b"")
            if text:
                atomic.replace_file(path, text, durable=True)
                yield f"{path} had one bit changed, and is as it was"


def links(layout: Layout) -> Iterator[str]:
    """Make `lib/pythonX.Y` and `lib64` the links that they were, and directories of what has to be one.

    What stands in their place is kept aside. A link to a directory is one, wherever that lies.
    """
    for path in (
        f"{layout.root}/lib",
        layout.bin,
        f"{layout.root}/include",
        f"{layout.private}/generations",
    ):
        yield from _directory(layout, path)
    wanted = {f"{layout.root}/lib/{layout.library}": "../.alcove/current"}
    if any(one.path == f"{layout.root}/lib64" for one in frame.check(layout)):
        wanted[f"{layout.root}/lib64"] = "lib"
    for path, text in wanted.items():
        if _text(path) == text:
            continue
        if os.path.isdir(path) and not os.path.islink(path):
            kept = restore.keep(layout, path)
            yield f"{path} was a directory; it is kept as {kept}"
            yield from _take_in(layout, f"{kept}/site-packages")
        atomic.replace_link(path, text)
        yield f"{path} leads to {text}"


def _take_in(layout: Layout, site: str) -> Iterator[str]:
    """Move what others placed in a `site-packages` of their own to that of the slot, unless the slot has the name."""
    target = f"{layout.current}/site-packages"
    if not os.path.isdir(site) or not os.path.isdir(target):
        return
    for name in sorted(os.listdir(site)):
        if not os.path.lexists(f"{target}/{name}") and name != "__pycache__":
            ops.rename(f"{site}/{name}", f"{target}/{name}")
            yield f"took in {name}"


def anchor(layout: Layout) -> Iterator[str]:
    """Write the `.pth` file that names the store where it is missing or changed."""
    path = f"{layout.current}/site-packages/{ANCHOR}"
    if os.path.isdir(os.path.dirname(path)) and content_of(path) != ANCHOR_TEXT:
        yield from _make_way(layout, path)
        atomic.replace_file(path, ANCHOR_TEXT)
        yield f"{path} is written"


def interpreter(layout: Layout, settings: Settings) -> Iterator[str]:
    """Make the links to the interpreter and `pyvenv.cfg` right; InterpreterGone where none of that version is here."""
    path = layout.root + "/pyvenv.cfg"
    if os.path.lexists(path) and not os.path.isfile(path):
        yield from _make_way(
            layout, path
        )  # Python ends at once where it cannot read what stands there
    now = _linked(layout, settings)
    found = now or _same_version(layout, settings)
    if now is None:
        yield from _make_way(layout, layout.python)
        atomic.replace_link(layout.python, found.executable)
        yield f"{layout.python} leads to {found.executable}"
    for path in frame.names_of_others(layout):
        ops.unlink(path)
        yield f"{path} is gone: it names a Python that is not the environment's"
    major, minor = found.version_info[:2]
    for name in (f"python{major}", f"python{major}.{minor}"):
        if not os.path.isfile(f"{layout.bin}/{name}"):
            yield from _make_way(layout, f"{layout.bin}/{name}")
            atomic.replace_link(f"{layout.bin}/{name}", "python")
            yield f"{layout.bin}/{name} leads to python"
    yield from _directory(layout, f"{layout.root}/include/{found.include}")
    yield from _settings(layout, found)


def _linked(layout: Layout, settings: Settings) -> Interpreter | None:
    """Return what the environment's python leads to, if that is of the environment's version."""
    from alcove.interpreters.inspect import inspect

    if not os.path.isfile(layout.python):
        return None
    found = inspect(layout.python, cache=settings.cache)
    if other_python(layout.library, found.version):
        # the settings may be those of another Python alone: where does the link lead?
        real = os.path.realpath(layout.python)
        if real == layout.python:  # a copy
            return None
        found = inspect(real, cache=settings.cache)
    return None if other_python(layout.library, found.version) else found


def _same_version(layout: Layout, settings: Settings) -> Interpreter:
    from alcove.actions.create import find_interpreter

    request = layout.library.removeprefix("python")
    found = find_interpreter(request, settings, beside=layout.root)
    if found.library != layout.library:
        raise InterpreterGone(
            f"{layout.python} leads to no {layout.library}, and there is no other",
            hint=f"install that Python again, or make it anew: alcove create --clear {pasted(layout.root)}",
        )
    return found


def _settings(layout: Layout, found: Interpreter) -> Iterator[str]:
    """Write the keys that are missing or untrue, and take `uv` away; the other keys stay, and their order."""
    path = layout.root + "/pyvenv.cfg"
    try:
        values = config.read(path)
    except AlcoveError:
        values = {}
    before = dict(values)
    major, minor, micro, level, serial = found.version_info
    right = {
        "home": found.home,
        "implementation": found.implementation,
        "version": f"{major}.{minor}.{micro}",
        "version_info": f"{major}.{minor}.{micro}.{level}.{serial}",
        "include-system-site-packages": made.system_site_of(layout) or "false",
        "executable": os.path.realpath(found.executable),
        "command": made.command_of(layout) or "alcove repair",
        "prompt": repr(frame.prompt_of(layout)),
        "alcove": __version__,
    }
    wrong = frame.untrue(layout, values)
    if wrong.keys() & {"home", "version"}:
        for key in _OF_VIRTUALENV:
            values.pop(key, None)
        values.update({key: right[key] for key in ("home", "version", "version_info")})
    if wrong:
        values["executable"] = right["executable"]
    for key, value in right.items():
        if not values.get(key):
            values[key] = value
    if values["include-system-site-packages"] not in ("true", "false"):
        values["include-system-site-packages"] = right["include-system-site-packages"]
    values.pop("uv", None)
    if values != before:
        yield from _make_way(layout, path)
        atomic.replace_file(path, config.render(values), durable=True)
        changed = [key for key in values if values[key] != before.get(key)]
        yield f"{path}: {', '.join(changed) or 'uv is gone'}"


# What virtualenv adds, of the Python that it was run for.
_OF_VIRTUALENV = (
    "virtualenv",
    "python-version",
    "base-prefix",
    "base-exec-prefix",
    "base-executable",
)


def _directory(layout: Layout, path: str) -> Iterator[str]:
    if os.path.isdir(path):
        return
    if os.path.lexists(path):
        yield f"{path} was no directory; it is kept as {restore.keep(layout, path)}"
    trees.make_directories(path)
    yield f"{path} is there again"


def _make_way(layout: Layout, path: str) -> Iterator[str]:
    """Let nothing of another kind stand where a file or a directory of ours belongs: a directory is kept aside."""
    if os.path.isdir(path) and not os.path.islink(path):
        yield f"{path} was a directory; it is kept as {restore.keep(layout, path)}"
    elif os.path.lexists(path):
        ops.unlink(path)


def _text(path: str) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""
