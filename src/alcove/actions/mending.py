"""What is wrong with the frame of an environment, each with what puts it right: its links, interpreter and settings.

Rule: looking for the next thing changes nothing. `repair` puts right what is found before it looks on; a dry run does
not, so what is found must not depend on it where that can be.
"""

from __future__ import annotations

import os
from functools import partial

from alcove import __version__
from alcove.actions import frame, made
from alcove.actions.aside import Aside
from alcove.actions.finding import Mend
from alcove.actions.scripts import content_of
from alcove.environments import config
from alcove.environments.layout import other_python
from alcove.environments.views import ANCHOR, ANCHOR_TEXT
from alcove.errors import AlcoveError, InterpreterGone
from alcove.files import atomic, ops, trees
from alcove.pasting import pasted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.environments.layout import Layout
    from alcove.interpreters.kept import Interpreter
    from alcove.settings import Settings

__all__ = ["TOOK_IN", "anchor", "interpreter", "links", "store", "store_of"]


TOOK_IN = "took in "


def store_of(layout: Layout, settings: Settings) -> tuple[str, str]:
    """Return the root of the store that is to be used (absolute), and what the link `.alcove/e` is to say.

    It is the user's where the one that the environment names is gone.
    """
    private, end = layout.private, "/store/entries-v1"
    text = _text(private + "/e")
    if os.path.isabs(text) and text.endswith(end) and os.path.isdir(text):
        return text.removesuffix(end), text  # the links of distributions go through it
    if text == end[1:] or (
        os.path.isdir(private + "/store") and not os.path.islink(private + "/store")
    ):
        return private, end[1:]
    named = os.path.dirname(_text(private + "/store"))
    root = named if named and os.path.isdir(f"{named}/store/entries-v1") else settings.data
    return root, f"{root}/store/entries-v1"


def store(layout: Layout, settings: Settings) -> Iterator[Mend]:
    """Make `.alcove/store` and `.alcove/e` lead to a store (see `store_of`), and let the lock be there."""
    private = layout.private
    root, entries = store_of(layout, settings)
    yield Mend("", partial(trees.make_directories, f"{root}/store/entries-v1"))
    if root != private and _text(private + "/store") != f"{root}/store":
        yield from _make_way(layout, private + "/store")
        yield Mend(
            f"{private}/store leads to {root}/store",
            partial(ops.symlink, f"{root}/store", private + "/store"),
        )
    if _text(private + "/e") != entries:
        yield from _make_way(layout, private + "/e")
        lead = partial(atomic.replace_link, private + "/e", entries)
        yield Mend(f"{private}/e leads to {entries}", lead)
    if not os.path.isfile(private + "/lock"):
        yield from _make_way(layout, private + "/lock")
        write = partial(ops.write, private + "/lock", b"", 0o644)
        yield Mend(f"{private}/lock is there again", write)
    if os.path.isdir(private + "/state") and not os.path.islink(private + "/state"):
        yield Aside(layout, private + "/state").mend()


def links(layout: Layout) -> Iterator[Mend]:
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
            aside = Aside(layout, path)
            yield aside.mend()
            yield from _take_in(layout, aside)
        yield Mend(f"{path} leads to {text}", partial(atomic.replace_link, path, text))


def _take_in(layout: Layout, aside: Aside) -> Iterator[Mend]:
    """Move what others placed in a `site-packages` of their own to that of the slot, unless the slot has the name."""
    site = f"{aside.place}/site-packages"
    target = f"{layout.current}/site-packages"
    if not os.path.isdir(site) or not os.path.isdir(target):
        return
    for name in sorted(os.listdir(site)):
        if not os.path.lexists(f"{target}/{name}") and name != "__pycache__":
            move = partial(ops.rename, f"{site}/{name}", f"{target}/{name}")
            yield Mend(f"{TOOK_IN}{name}", move)


def anchor(layout: Layout) -> Iterator[Mend]:
    """Write the `.pth` file that names the store where it is missing or changed."""
    path = f"{layout.current}/site-packages/{ANCHOR}"
    if os.path.isdir(os.path.dirname(path)) and content_of(path) != ANCHOR_TEXT:
        yield from _make_way(layout, path)
        yield Mend(f"{path} is written", partial(atomic.replace_file, path, ANCHOR_TEXT))


def interpreter(layout: Layout, settings: Settings) -> Iterator[Mend]:
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
        lead = partial(atomic.replace_link, layout.python, found.executable)
        yield Mend(f"{layout.python} leads to {found.executable}", lead)
    for other in frame.names_of_others(layout):
        text = f"{other} is gone: it names a Python that is not the environment's"
        yield Mend(text, partial(ops.unlink, other))
    major, minor = found.version_info[:2]
    for name in (f"python{major}", f"python{major}.{minor}"):
        path = f"{layout.bin}/{name}"
        # A link to one of the others is right once that is, which a dry run does not make so.
        leads = _text(path) in {"python", f"python{major}"} - {name}
        if not leads and not os.path.isfile(path):
            yield from _make_way(layout, path)
            yield Mend(f"{path} leads to python", partial(atomic.replace_link, path, "python"))
    yield from _directory(layout, f"{layout.root}/include/{found.include}")
    yield from _settings(layout, found)


def _linked(layout: Layout, settings: Settings) -> Interpreter | None:
    """Return what the environment's python leads to, if that is of the environment's version."""
    from alcove.interpreters.inspect import inspect

    if not os.path.isfile(layout.python):
        return None
    path = layout.root + "/pyvenv.cfg"
    # With such settings still there (a dry run) only the interpreter that is linked starts.
    unreadable = os.path.lexists(path) and not os.path.isfile(path)
    program = os.path.realpath(layout.python) if unreadable else layout.python
    found = inspect(program, cache=settings.cache)
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
            hint=f"install that Python again, or make it anew: alcove create --clear {pasted(layout.root)}"
            f" (alcove freeze --env {pasted(layout.root)} tells before what it holds)",
        )
    return found


def _settings(layout: Layout, found: Interpreter) -> Iterator[Mend]:
    """Write the keys that are missing or untrue, and take `uv` away; the other keys stay, and their order.

    Where nothing is wrong, a key that nobody needs may be missing: whoever made the environment may not write it.
    """
    path = layout.root + "/pyvenv.cfg"
    if not any(frame.settings(layout)):
        return
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
        changed = [key for key in values if values[key] != before.get(key)]
        write = partial(atomic.replace_file, path, config.render(values), durable=True)
        yield Mend(f"{path}: {', '.join(changed) or 'uv is gone'}", write)


# What virtualenv adds, of the Python that it was run for.
_OF_VIRTUALENV = (
    "virtualenv",
    "python-version",
    "base-prefix",
    "base-exec-prefix",
    "base-executable",
)


def _directory(layout: Layout, path: str) -> Iterator[Mend]:
    if os.path.isdir(path):
        return
    if os.path.lexists(path):
        yield Aside(layout, path, "no directory").mend()
    yield Mend(f"{path} is there again", partial(trees.make_directories, path))


def _make_way(layout: Layout, path: str) -> Iterator[Mend]:
    """Let nothing of another kind stand where a file or a directory of ours belongs: a directory is kept aside."""
    if os.path.isdir(path) and not os.path.islink(path):
        yield Aside(layout, path).mend()
    elif os.path.lexists(path):
        yield Mend("", partial(ops.unlink, path))


def _text(path: str) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""
