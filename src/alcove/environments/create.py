"""A new environment, made aside and there by one rename (DESIGN section 3); `pyvenv.cfg` is what makes it one.

Rule (DESIGN 6.8): a directory that is not an environment is never cleared; one that holds anything is never filled.
"""

from __future__ import annotations

import errno
import os
import sys
import time

from alcove import __version__
from alcove.environments import config, rendering, skeleton, staging, views
from alcove.environments import generation as generations
from alcove.environments.activation.scripts import NAMES, render
from alcove.environments.generation import Generation
from alcove.environments.layout import BIN, Layout, is_environment
from alcove.environments.unfinished import (
    COMING,
    HERE,
    MARK,
    at_work,
    clean,
    empty,
    exchanged,
    finish,
    give_back,
    held,
    is_left,
    take_back,
    too_late,
    vacates,
)
from alcove.errors import AlcoveError, UsageError
from alcove.files import durable, links, ops, refusals, trees
from alcove.files.locking import Busy, DirectoryLock
from alcove.pasting import pasted
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from alcove.environments.generation import Placement
    from alcove.interpreters.kept import Interpreter

__all__ = ["Bring", "Wanted", "check_place", "config_of", "create", "foresee_place"]

_ALIKE = frozenset(("CACHEDIR.TAG", views.ANCHOR))
_REAL = ("copy", "clone")  # modes in which nothing is hard-linked
_IGNORE = b"*\n"
_CACHE_TAG = b"Signature: 8a477f597d28d172789f06886806bc55\n# An environment: it can be made again from its requirements.\n"


class Bring(NamedTuple):
    """What a new environment gets from another one before it is there; both are called with its layout aside.

    `sources` brings what placements are made from that lies in the environment itself, `files` all else. Both return the
    paths (absolute) of the files that they wrote.
    """

    sources: Callable[[Layout], list[str]]
    files: Callable[[Layout], list[str]]


class Wanted(NamedTuple):
    """What an environment is to be. `data` is the directory of the store, absolute; with `private` it has its own.

    `prompt` is what the shell shows; `command` is what goes into `pyvenv.cfg`; `placements` what it starts with.
    `config`: keys of `pyvenv.cfg` beside ours or in the place of them, "" leaves one out; `ignore`: with a `.gitignore`;
    `activators`: the names of the activation scripts, of `activation.scripts.NAMES`. `bring`: what comes from another one.
    `mark` (see `unfinished`): what says that it is not whole yet, or "".
    """

    path: str
    interpreter: Interpreter
    prompt: str
    command: str
    data: str
    mode: str
    private: bool
    system_site: bool
    copies: bool
    placements: Sequence[Placement]
    config: Mapping[str, str] | None = None
    ignore: bool = True
    activators: Sequence[str] = NAMES
    bring: Bring | None = None
    mark: str = ""


def check_place(path: str, *, clear: bool) -> str:
    """Return "new", "empty" or "clear" for the place `path` (absolute); AlcoveError where nothing may be made there."""
    if os.pathsep in path and os.name != "nt":
        raise UsageError(
            f"{path!r} holds a {os.pathsep!r}, which would end it within PATH",
            hint="choose a path without it",
        )
    if "\n" in path or "\r" in path:
        raise UsageError(
            f"{path!r} holds a line break, with which no script can name its interpreter",
            hint="choose a path without it",
        )
    if not os.path.lexists(path):
        _check_above(path)
        return "new"
    if os.path.islink(path) and not os.path.exists(path):
        raise AlcoveError(f"{path} is a link to nothing", hint=f"remove it: rm {pasted(path)}")
    if not os.path.isdir(path):
        raise AlcoveError(f"{path} is a file", hint="choose another path, or remove it")
    names = os.listdir(path)
    if not names or is_left(path, names):
        return "empty"
    if not is_environment(path):
        if not os.path.lexists(path):  # somebody took it away meanwhile
            return "new"
        raise AlcoveError(
            f"{path} is a directory with files in it and no virtual environment; it is left alone",
            hint="choose a path that does not exist or is empty",
        )
    if not clear:
        raise AlcoveError(
            f"{path} is a virtual environment already",
            hint=f"alcove create --clear {pasted(path)} makes it anew, without what it holds",
        )
    return "clear"


def foresee_place(path: str, *, clear: bool) -> None:
    """Raise what `create` would for the place `path` (absolute), also where its directory takes no file; nothing is changed."""
    place = "new" if vacates(path) else check_place(path, clear=clear)
    really = os.path.realpath(path)
    missing = ""
    here = really if place == "empty" else os.path.dirname(really)
    while not os.path.lexists(here):
        missing, here = here, os.path.dirname(here)
    from alcove.environments.refused import lacks_links, refusal  # noqa: PLC0415  for dry runs

    refused = refusals.foreseen(here)
    if refused is None and lacks_links(here):
        refused = OSError(errno.EPERM, os.strerror(errno.EPERM))
    if refused is not None:
        refused.filename = missing or really
        raise refusal(refused, path)


def _check_above(path: str) -> None:
    above = os.path.dirname(path)
    while not os.path.lexists(above):
        above = os.path.dirname(above)
    if not os.path.isdir(above):
        raise AlcoveError(
            f"{path} cannot be made, because {above} is no directory", hint="choose another path"
        )


def create(
    wanted: Wanted,
    *,
    clear: bool = False,
    fill: Callable[[Layout], None] | None = None,
    whole_from: int = 0,
) -> Layout:
    """Make the environment and return its layout; AlcoveError, with nothing changed, where that cannot be.

    `fill` puts into the environment, once it stands, what else it is to hold; where that fails, all is as it was.
    `whole_from`: the generation that shows it all; killed before that, the next creation here takes this one back.
    """
    take_back(wanted.path)
    place = check_place(wanted.path, clear=clear)
    final = Layout(wanted.path, wanted.interpreter.library)
    # Where `path` is a link to a directory, that directory's place is taken and the link stays.
    path = os.path.realpath(wanted.path) if os.path.islink(wanted.path) else wanted.path
    try:
        staging.sweep(path)
        if place == "empty":
            _make_inside(wanted, final, fill, whole_from=whole_from)
        else:
            trees.make_directories(os.path.dirname(path))
            _make_aside(
                wanted, final, path, clear=place == "clear", fill=fill, whole_from=whole_from
            )
    except OSError as error:
        from alcove.environments.refused import refusal  # noqa: PLC0415  for the error only

        raise refusal(error, wanted.path) from error
    return final


def _make_aside(
    wanted: Wanted,
    final: Layout,
    path: str,
    *,
    clear: bool,
    fill: Callable[[Layout], None] | None,
    whole_from: int,
) -> None:
    """Make the environment beside `path`, and give it its place by one rename.

    What was there is locked, too: it lies aside for as long as it may have to be put back.
    """
    with held(path) if clear else DirectoryLock(path):
        staged, lock = staging.make(path)
        with lock:
            try:
                if fill is not None:
                    before = os.path.basename(staged) if clear else ""
                    wanted = wanted._replace(mark=f"{whole_from} {before}")
                _make(wanted, Layout(staged, final.library), final)
                there = clear and exchanged(staged, path)
                if not there:
                    _rename_new(staged, path)
                if fill is not None:
                    try:
                        finish(final, fill)
                    except BaseException:
                        give_back(staged, path, before=there)
                        raise
            except BaseException:
                clean(staged)  # what could not be put there
                raise
            lock.release()  # it is whole: others need not wait until what was in the way has gone
            clean(staged, made=path)


def _make_inside(
    wanted: Wanted,
    final: Layout,
    fill: Callable[[Layout], None] | None,
    *,
    whole_from: int,
) -> None:
    """Make the environment inside an empty directory, which may be a mount point or somebody's current one."""
    try:
        lock = DirectoryLock(os.path.realpath(final.root)).acquire()
    except Busy:
        raise at_work(final.root) from None
    with lock:
        _empty_again(final.root)
        try:
            if fill is not None:
                wanted = wanted._replace(mark=f"{whole_from} {HERE}")
            _make(wanted, final, final)
            ops.fsync(final.root)
            if fill is not None:
                finish(final, fill)
        except BaseException:
            if os.path.lexists(f"{final.root}/pyvenv.cfg"):
                ops.rename(f"{final.root}/pyvenv.cfg", f"{final.root}/{COMING}")
            empty(final.root)
            raise


def _empty_again(path: str) -> None:
    """Take away what a killed creation left; AlcoveError where another one has come to its end since `path` was looked at."""
    names = os.listdir(path)
    if names and not is_left(path, names):
        raise too_late(path)
    if names:
        empty(path)


def _rename_new(staged: str, path: str) -> None:
    try:
        ops.rename(staged, path)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise too_late(path) from error
        raise


def _make(wanted: Wanted, staged: Layout, final: Layout) -> None:
    """Make all of the environment in the empty directory of `staged`; `pyvenv.cfg` appears last, when all is written back."""
    interpreter = wanted.interpreter
    root, library = staged.root, interpreter.library
    skeleton.begin(root, (BIN, "include", "lib"), aside=root != final.root)
    written = [f"{root}/{COMING}"]
    ops.write(written[0], config.render(config_of(wanted)))
    for name in (f"include/{interpreter.include}", ".alcove/generations"):
        ops.mkdir(f"{root}/{name}")
    data = "" if wanted.private else wanted.data
    skeleton.link_store(staged, data)
    skeleton.link("../.alcove/current", f"{root}/lib/{library}", data=data)
    if sys.platform not in ("darwin", "win32") and interpreter.pointer_bits == 64:
        skeleton.link("lib", f"{root}/lib64", data=data)
    if wanted.bring is not None:
        written += wanted.bring.sources(staged)
    written += skeleton.place_interpreter(staged, interpreter, copies=wanted.copies, data=data)
    alike = "" if wanted.mode in _REAL else data
    written += _write_own(wanted, staged, final, alike)
    ops.write(f"{root}/.alcove/lock", b"")
    skeleton.link("a", staged.current, data=data)
    written += _first_generation(wanted, staged, final, alike)
    if wanted.bring is not None:
        written += wanted.bring.files(staged)
    if wanted.mark:
        written.append(f"{root}/{MARK}")
        ops.write(written[-1], wanted.mark.encode())
    durable.order(written)
    for path in written:
        if os.path.basename(path) in _ALIKE:
            skeleton.keep(path, data=alike)
    ops.rename(written[0], f"{root}/pyvenv.cfg")


def _write_own(wanted: Wanted, staged: Layout, final: Layout, data: str) -> list[str]:
    """Place the activation scripts and what tells other tools to leave the directory alone; return what was written."""
    written = []
    # Each has its own inode, also where all say the same: venv and uv, run over an environment, write into them in place.
    for name, text, executable in render(final.root, prompt=wanted.prompt, bin_name=BIN):
        if name in wanted.activators:
            written.append(f"{staged.bin}/{name}")
            ops.write(written[-1], text, 0o777 if executable else 0o666)
    tag = f"{staged.root}/CACHEDIR.TAG"
    if links.place_alike(_CACHE_TAG, tag, twin=skeleton.kept(tag, data=data)):
        written.append(tag)
    if wanted.ignore:  # people add lines to it, so every environment has one of its own
        written.append(f"{staged.root}/.gitignore")
        ops.write(written[-1], _IGNORE)
    return written


def _first_generation(wanted: Wanted, staged: Layout, final: Layout, data: str) -> list[str]:
    """Make slot `a` show generation 0, which holds the pip of ours or nothing; return what was written."""
    first = Generation(
        number=0,
        parent=-1,
        time=int(time.time()),
        why=generations.without_logins(wanted.command),
        asked=(),
        mode=wanted.mode,
        prefix=final.root,
        outside=False,
        placements=tuple(wanted.placements),
    )
    slot = rendering.slot(staged, "a", mode=wanted.mode)._replace(python=final.python)
    views.make_slot(slot, anchor=skeleton.kept(views.ANCHOR, data=data))
    for placement in first.placements:
        views.show(slot, placement)
        for file in placement.data:
            target = f"{staged.root}/{file.path}"
            source = f"{staged.private}/{placement.source}/{file.source}"
            in_etc = file.path.startswith("etc/")  # DESIGN 4.6: people edit these in place
            if not file.path.startswith(f"{BIN}/"):  # which is there
                trees.make_directories(os.path.dirname(target))
            if links.place_file(source, target, mode="hardlink", always_copy=in_etc):
                slot.written.append(target)
    slot.written.append(slot.path + "/slot.json")
    ops.write(slot.written[-1], generations.encode(first))
    links.relink(slot.written[-1], staged.private + "/generations/0.json")
    return slot.written


def config_of(wanted: Wanted) -> dict[str, str]:
    """Return the keys and values of `pyvenv.cfg`."""
    interpreter = wanted.interpreter
    major, minor, micro, level, serial = interpreter.version_info
    values = {
        "home": interpreter.home,
        "implementation": interpreter.implementation,
        "version": f"{major}.{minor}.{micro}",
        "version_info": f"{major}.{minor}.{micro}.{level}.{serial}",
        # A missing key lets the base's site-packages in.
        "include-system-site-packages": "true" if wanted.system_site else "false",
        "executable": os.path.realpath(interpreter.executable),
        "command": generations.without_logins(wanted.command),
        "prompt": repr(wanted.prompt),
        "alcove": __version__,
    }
    values.update(wanted.config or {})
    return {key: value for key, value in values.items() if value}
