"""The frame of an environment, which no distribution brings: settings, interpreter, links, activation, the pip of ours."""

from __future__ import annotations

import ast
import os
import sys

from alcove.actions import made
from alcove.actions.finding import Finding
from alcove.environments import config
from alcove.environments.activation import scripts
from alcove.environments.layout import BIN, SLOTS, Layout, open_layout, other_python
from alcove.environments.views import ANCHOR, ANCHOR_TEXT
from alcove.errors import AlcoveError, BrokenEnvironment, NotAnEnvironment
from alcove.files import reading
from alcove.pasting import pasted
from alcove.transactions import generations, slots, state
from alcove.transactions.generations import newest_readable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from alcove.environments.generation import Generation

__all__ = [
    "best_known",
    "check",
    "launch_of",
    "layout_of",
    "names_of_others",
    "notes",
    "pip_is_gone",
    "prompt_of",
    "scripts_of",
    "settings",
    "shown_of",
    "untrue",
]


def layout_of(path: str) -> Layout:
    """Return the layout of our environment at `path` (absolute), also where its `lib` is gone; else NotAnEnvironment."""
    try:
        return open_layout(path)
    except NotAnEnvironment:
        if not os.path.isdir(path + "/.alcove"):
            raise
    library = _library(path)
    if not library:
        raise NotAnEnvironment(
            f"{path}: nothing tells of which Python it is",
            hint=f"alcove create --clear {pasted(path)}",
        )
    return Layout(path, library)


def _library(path: str) -> str:
    """Return the folder below lib/ that the settings or the interpreter's name tell, or ""."""
    try:
        values = config.read(path + "/pyvenv.cfg")
    except AlcoveError:
        values = {}
    version = values.get("version") or values.get("version_info", "")
    if version.count("."):
        kind = "pypy" if values.get("implementation") == "PyPy" else "python"
        return kind + ".".join(version.split(".")[:2])
    names = sorted(os.listdir(f"{path}/{BIN}")) if os.path.isdir(f"{path}/{BIN}") else []
    return next((name for name in names if name.startswith(("python3.", "python2.", "pypy3."))), "")


def shown_of(layout: Layout) -> Generation:
    """Return the generation that is shown; BrokenEnvironment where the switch or the slot does not say."""
    from alcove.actions.reading import shown

    layout.shown()  # is the switch whole?
    return shown(layout)


def check(layout: Layout) -> Iterator[Finding]:
    """Yield what is wrong with the frame."""
    yield from settings(layout)
    yield from _interpreter(layout)
    yield from _links(layout)
    yield from _activation(layout)
    yield from _pip(layout)
    yield from _root(layout)


def settings(layout: Layout) -> Iterator[Finding]:
    """Yield what is wrong with `pyvenv.cfg`; keys that nobody needs may be missing."""
    path = layout.root + "/pyvenv.cfg"
    try:
        values = config.read(path)
    except AlcoveError as error:
        yield Finding("settings", "", path, error.message)
        return
    for key in ("home", "version", "include-system-site-packages", "alcove"):
        if not values.get(key):
            yield Finding("settings", "", path, f"the key {key} is missing")
    if values.get("include-system-site-packages", "true") not in ("true", "false"):
        yield Finding(
            "settings", "", path, "include-system-site-packages is neither true nor false"
        )
    if "uv" in values:
        yield Finding("settings", "", path, "a key uv, for which PyCharm skips the environment")
    for text in untrue(layout, values).values():
        yield Finding("settings", "", path, text)
    if not values.get("prompt") and (told := _lost_prompt(layout)):
        yield Finding("settings", "", path, f"the key prompt is missing: it was {told}")


def _lost_prompt(layout: Layout) -> str:
    """Return the prompt that the activation scripts say, where that is not the directory's name, which needs no key; else ""."""
    from alcove.environments.activation.told import prompt_told

    told = prompt_told(layout.bin)
    if told == os.path.basename(layout.root):
        return ""
    try:
        before = shown_of(layout).prefix  # another one, if it was moved
    except AlcoveError:
        return told
    return "" if told == os.path.basename(before) else told


def untrue(layout: Layout, values: Mapping[str, str]) -> dict[str, str]:
    """Return which of the keys `home`, `version`, `executable` of `pyvenv.cfg` cannot be true, and why.

    PEP 405: `home` is the directory of the base's interpreter. What is missing is not told.
    """
    found = {}
    home = values.get("home", "")
    if home and not os.path.isdir(home):
        found["home"] = f"home is {home}, which is not there"
    elif home and not any(os.path.exists(f"{home}/{name}") for name in _programs(layout)):
        found["home"] = f"home is {home}, where there is no {_programs(layout)[0]}"
    version = values.get("version", "")
    if other_python(layout.library, version):
        found["version"] = f"version is {version}, and the environment is one of {layout.library}"
    executable = values.get("executable", "")
    if executable and not os.path.exists(executable):
        found["executable"] = f"executable is {executable}, which is not there"
    return found


def _programs(layout: Layout) -> tuple[str, ...]:
    """Return the names that the interpreter may have in the directory of the base."""
    name = layout.library
    short = name.rstrip("t").partition(".")[0]
    return (name, name.rstrip("t"), short, short.rstrip("0123456789"), f"{short}.exe", "python.exe")


def notes(layout: Layout) -> Iterator[str]:
    """Yield what is not as it was made and what people change on purpose, so that `repair` leaves it."""
    path = layout.root + "/pyvenv.cfg"
    try:
        value = config.read(path).get("include-system-site-packages", "")
    except AlcoveError:
        value = ""
    before = made.system_site_of(layout)
    if before and value in ("true", "false") and value != before:
        yield f"{path}: include-system-site-packages is {value}, and was {before}; who wants that back edits it"
    if made.is_whole(layout):
        for name in (".gitignore", "CACHEDIR.TAG"):
            if not os.path.exists(f"{layout.root}/{name}"):
                yield f"{layout.root}/{name} is missing and stays so"


def _interpreter(layout: Layout) -> Iterator[Finding]:
    names = [
        "python",
        "python" + layout.library.lstrip("abcdefghijklmnopqrstuvwxyz").partition(".")[0],
    ]
    if layout.library.startswith("python"):
        names.append(layout.library.rstrip("t"))
    for name in names:
        path = f"{layout.bin}/{name}"
        if not os.path.lexists(path):
            yield Finding("interpreter", "", path, "missing")
        elif not os.path.exists(path):
            yield Finding("interpreter", "", path, f"leads to {os.readlink(path)}, which is gone")
        elif not os.path.isfile(path):
            yield Finding("interpreter", "", path, "is no program")
    real = os.path.basename(os.path.realpath(layout.python))
    if _is_of_another(real, layout.library):
        yield Finding("interpreter", "", layout.python, f"leads to {real}, not to {layout.library}")
    for path in names_of_others(layout):
        yield Finding("interpreter", "", path, "names a Python that is not the environment's")


def names_of_others(layout: Layout) -> list[str]:
    """Return the links in `bin` (absolute) that name another Python: venv of that Python leaves them."""
    try:
        names = sorted(os.listdir(layout.bin))
    except OSError:
        return []
    paths = [f"{layout.bin}/{name}" for name in names if _is_of_another(name, layout.library)]
    return [path for path in paths if os.path.islink(path)]


def _is_of_another(name: str, library: str) -> bool:
    """Tell whether a file's name ("python3.13") is that of another Python than the folder `library` is."""
    version = name.removeprefix("python").removesuffix("t")
    parts = version.split(".")
    if not name.startswith("python") or len(parts) != 2 or not all(map(str.isdecimal, parts)):
        return False
    return bool(other_python(library, version))


def _links(layout: Layout) -> Iterator[Finding]:
    wanted = {f"{layout.root}/lib/{layout.library}": "../.alcove/current"}
    if sys.platform.startswith("linux") and os.uname().machine.endswith("64"):
        wanted[f"{layout.root}/lib64"] = "lib"
    for path, text in wanted.items():
        if not os.path.islink(path):
            what = "is no link any more" if os.path.lexists(path) else "missing"
            yield Finding("frame", "", path, what)
        elif os.readlink(path) != text:
            yield Finding("frame", "", path, f"leads to {os.readlink(path)}, not to {text}")
    for path in (f"{layout.root}/lib", layout.bin, f"{layout.root}/include"):
        if not os.path.isdir(path):
            what = "is no directory" if os.path.lexists(path) else "missing"
            yield Finding("frame", "", path, what)
    yield from _headers(layout)
    try:
        layout.shown()
    except AlcoveError as error:
        yield Finding("frame", "", layout.current, error.message)
    yield from _private(layout)


def _headers(layout: Layout) -> Iterator[Finding]:
    """Look for the directory of CPython's headers, whose name is that of the library and what its build adds ("m")."""
    include = f"{layout.root}/include"
    if not layout.library.startswith("python") or not os.path.isdir(include):
        return
    names = [name for name in os.listdir(include) if name.startswith(layout.library)]
    if not any(os.path.isdir(f"{include}/{name}") for name in names):
        what = "is no directory" if names else "missing"
        yield Finding("frame", "", f"{include}/{names[0] if names else layout.library}", what)


def _private(layout: Layout) -> Iterator[Finding]:
    for name in ("store", "e"):
        path = f"{layout.private}/{name}"
        if not os.path.isdir(path):
            there = os.path.islink(path)
            what = f"leads to {os.readlink(path)}, which is not there" if there else "missing"
            yield Finding("frame", "", path, what)
    yield from _unlike(layout)
    if not os.path.isfile(layout.private + "/lock"):
        yield Finding("frame", "", layout.private + "/lock", "missing")
    state = layout.private + "/state"  # which may be missing
    if os.path.isdir(state) and not os.path.islink(state):
        yield Finding("frame", "", state, "is a directory")
    anchor = f"{layout.current}/site-packages/{ANCHOR}"
    try:
        if reading.content(anchor) != ANCHOR_TEXT:
            yield Finding("frame", "", anchor, "changed")
    except OSError:
        yield Finding("frame", "", anchor, "missing")


def _unlike(layout: Layout) -> Iterator[Finding]:
    """Look whether `e` is a link, and whether `store` is what belongs to it."""
    e, store = f"{layout.private}/e", f"{layout.private}/store"
    if not os.path.islink(e):
        if os.path.isdir(e):
            yield Finding("frame", "", e, "is no link any more")
        return
    root = os.readlink(e).removesuffix("/store/entries-v1")
    if not os.path.isdir(store) or not os.path.isabs(root):  # told; or a store of its own
        return
    if not os.path.islink(store):
        yield Finding("frame", "", store, "is no link any more")
    elif os.readlink(store) != f"{root}/store":
        yield Finding("frame", "", store, f"leads to {os.readlink(store)}, not to {root}/store")


def prompt_of(layout: Layout) -> str:
    """Return the name that the shell shows, as the settings say it; where they do not, what a script of ours still says.

    Where none does, it is that of the directory; and where there are no settings, the one that `create` takes.
    """
    try:
        said = config.prompt_of(config.read(layout.root + "/pyvenv.cfg"), "")
        default = os.path.basename(layout.root)
    except AlcoveError:
        said, default = "", config.default_prompt(layout.root)
    if said:
        return said
    from alcove.environments.activation.told import prompt_told

    return prompt_told(layout.bin) or default


def scripts_of(layout: Layout) -> dict[str, bytes]:
    """Return the activation scripts as they are to be where the environment lies now: content by name."""
    rendered = scripts.render(layout.root, prompt=prompt_of(layout), bin_name=BIN)
    chosen = made.activators_of(layout)
    return {name: text for name, text, _ in rendered if name in chosen}


def _activation(layout: Layout) -> Iterator[Finding]:
    for name, text in scripts_of(layout).items():
        path = f"{layout.bin}/{name}"
        try:
            if reading.content(path) != text:
                yield Finding("activation", "", path, "is not what alcove writes for this place")
        except OSError:
            what = "is no file any more" if os.path.lexists(path) else "missing"
            yield Finding("activation", "", path, what)


def launch_of(site: str) -> list[str] | None:
    """Return the words by which the pip in `site` (absolute) starts alcove; None where there is none to be read."""
    try:
        text = reading.content(f"{site}/pip/_launch.py").decode().partition("ALCOVE = ")[2]
        words = ast.literal_eval(text.strip())
    except (OSError, SyntaxError, ValueError, UnicodeDecodeError, MemoryError, RecursionError):
        return None
    return words if isinstance(words, list) and all(isinstance(w, str) for w in words) else None


def pip_is_gone(site: str) -> str:
    """Return why the pip of ours in `site` (absolute) cannot work, or ""."""
    words = launch_of(site)
    if not words:
        return "does not say where alcove is"
    for path in (words[0], words[-1]):
        if not os.path.exists(path):
            return f"starts {path}, which is gone"
    return ""


def _pip(layout: Layout) -> Iterator[Finding]:
    try:
        shown = shown_of(layout)
    except AlcoveError:
        return
    site = layout.slot(layout.shown()) + "/site-packages"
    for placement in shown.placements:
        if placement.record == "seed" and os.path.isdir(f"{site}/{placement.dist_info}"):
            reason = pip_is_gone(site)
            if reason:
                yield Finding("pip", placement.name, f"{site}/pip", reason)


def _root(layout: Layout) -> Iterator[Finding]:
    from alcove.actions.stores import store_root
    from alcove.store import roots
    from alcove.store.layout import store_at

    store = store_at(store_root(layout))
    if store.root == layout.private or not os.path.isdir(store.entries):
        return
    try:
        root = roots.find(store, layout.root)
        missing = "the store does not know the environment" if root is None else ""
        if root is not None and not set(root.entries) >= generations.entries_of(layout):
            missing = "the store does not know all that the environment uses"
    except AlcoveError as error:
        missing = error.message
    if missing:
        yield Finding("root", "", store.roots, missing)


def best_known(layout: Layout) -> tuple[str, Generation]:
    """Return what is to be shown where the switch or the slot is broken: the slot's name if one is whole, else "".

    It is the state that was shown, which need not be the newest: after an undo, the hidden slot has that.
    """
    noted = state.noted(layout)
    whole = []
    for name in SLOTS:
        found = slots.read_slot(layout.slot(name))
        if found is not None:
            if found.number == noted:
                return name, found
            whole.append((found.number, name, found))
    if noted in generations.numbers(layout):
        try:
            return "", generations.load(layout, noted)
        except BrokenEnvironment:
            noted = -1
    if whole:
        _, name, found = max(whole, key=lambda one: one[0])
        return name, found
    return "", newest_readable(layout)
