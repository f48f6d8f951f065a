"""The symbolic links that every environment has: to the store, to the interpreter, to what it shows.

They say the same in every environment of a store, so one of each is kept there and hard-linked: where a new inode is dear
(ext4, for minutes after many were deleted), they are a fifth of what making an environment takes.
"""

from __future__ import annotations

from alcove.files import links, ops, trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.layout import Layout
    from alcove.interpreters.kept import Interpreter

__all__ = ["link", "link_store", "place_interpreter"]

_KEPT = "links-v1"  # below the directory of the store


def link(text: str, target: str, *, data: str) -> None:
    """Make `target` (absolute) a symbolic link that says `text`; `data`: the directory of the store, or "" for none."""
    if data:
        links.place_kept(text, target, kept=f"{data}/{_KEPT}")
    else:
        ops.symlink(text, target)


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
