"""What every environment has alike: links to the store, to the interpreter, to what it shows, and files that never differ.

One of each is kept with the store and hard-linked: where a new inode is dear (ext4, for minutes after many were deleted),
they are a quarter of what making an environment takes. What people edit in place is not among them.
"""

from __future__ import annotations

import os

from alcove.files import links, ops, trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from alcove.environments.layout import Layout
    from alcove.interpreters.kept import Interpreter

__all__ = ["begin", "keep", "kept", "link", "link_store", "place_interpreter"]

_PLACES = 4  # parts of the disk: what is to be known of one is in memory the second time
_KEPT = "links-v1"  # below the directory of the store
_FOR_ALL = (
    0o444  # a file made under a narrower umask would keep others from it in the next environment
)


def begin(root: str, names: Iterable[str], *, aside: bool) -> None:
    """Make `.alcove` and the directories `names` in the empty directory `root` (absolute); built aside, in a place of their own.

    A directory that somebody made, a mount point perhaps, keeps the flags that it has.
    """
    if not aside:
        for name in (".alcove", *names):
            ops.mkdir(f"{root}/{name}")
        return
    ops.spread(root)
    # ext4 goes by the name under which a directory is made: with one name for all, the next one would lie where the last one
    # was filled, or deleted. It looks through the whole disk for a place: once is enough, the other directories lie with it.
    chance = f"{root}/.{os.urandom(1)[0] % _PLACES}"
    ops.mkdir(chance)
    ops.rename(chance, f"{root}/.alcove")
    for name in names:
        ops.mkdir(f"{root}/.alcove/{name}")
        ops.rename(f"{root}/.alcove/{name}", f"{root}/{name}")


def link(text: str, target: str, *, data: str) -> None:
    """Make `target` (absolute) a symbolic link that says `text`; `data`: the directory of the store, or "" for none."""
    if data:
        links.place_kept(text, target, kept=f"{data}/{_KEPT}")
    else:
        ops.symlink(text, target)


def kept(path: str, *, data: str) -> str:
    """Return where a file that all environments have alike is kept by its name (absolute); "" without a store to share."""
    return f"{data}/{_KEPT}/@{os.path.basename(path)}" if data else ""


def keep(path: str, *, data: str) -> None:
    """Keep the file `path` (absolute, durable) for the environments to come, where there is none and all may read it."""
    if data and os.stat(path).st_mode & _FOR_ALL == _FOR_ALL:
        links.keep(path, kept(path, data=data))


def link_store(layout: Layout, data: str) -> None:
    """Give `.alcove`, which has neither, its links to the store of `data` (absolute), or with "" a store of its own."""
    if data:
        trees.make_directories(f"{data}/store/entries-v1")
        trees.make_directories(f"{data}/{_KEPT}")
        link(f"{data}/store", layout.private + "/store", data=data)
        link(f"{data}/store/entries-v1", layout.private + "/e", data=data)
    else:
        ops.mkdir(layout.private + "/store")
        ops.mkdir(layout.private + "/store/entries-v1")
        ops.symlink("store/entries-v1", layout.private + "/e")


def place_interpreter(
    layout: Layout, interpreter: Interpreter, *, copies: bool, data: str
) -> list[str]:
    """Place the interpreter under its names, as copies or links; return the paths (absolute) that were written."""
    names = [
        f"python{interpreter.version_info[0]}",
        f"python{interpreter.version_info[0]}.{interpreter.version_info[1]}",
    ]
    if interpreter.implementation == "PyPy":
        names += [
            "pypy",
            "pypy3",
            f"pypy{interpreter.version_info[0]}.{interpreter.version_info[1]}",
        ]
    if copies:  # the other names, too: through a link, Python would take the copy for the base
        ops.copy(interpreter.executable, layout.python)
        for name in names:
            links.relink(layout.python, f"{layout.bin}/{name}")
        return [layout.python]
    ops.symlink(interpreter.executable, layout.python)  # of every interpreter another one
    for name in names:
        link("python", f"{layout.bin}/{name}", data=data)
    return []
