"""Where the parts of an environment lie (DESIGN section 3), and how it is recognised.

Rule: three levels above `site-packages`, by its real path as by its lexical one, is the environment.
"""

from __future__ import annotations

import errno
import os

from alcove.errors import BrokenEnvironment, NotAnEnvironment
from alcove.pasting import pasted, subject
from alcove.records import NamedTuple

__all__ = [
    "BIN",
    "FILLING",
    "SLOTS",
    "Layout",
    "advice",
    "is_environment",
    "no_environment",
    "open_layout",
    "other_python",
    "refuse_other_python",
    "resolved",
]

BIN = "Scripts" if os.name == "nt" else "bin"
SLOTS = ("a", "b")
FILLING = (
    "/filling"  # below `.alcove`, while a creation puts into it what it is to hold (`unfinished`)
)
_LINKS = 40  # as many as Linux follows
# What the system says where something of an environment is missing, or something else stands in its place.
_DAMAGE = frozenset(
    (
        errno.ENOENT,
        errno.ENOTDIR,
        errno.EISDIR,
        errno.EEXIST,
        errno.ENOTEMPTY,
        errno.EINVAL,
        errno.ELOOP,
    )
)


class Layout(NamedTuple):
    """An environment of ours: `root` absolute as the user wrote it, `library` the folder below lib/ ("python3.12")."""

    root: str
    library: str

    @property
    def private(self) -> str:
        """The folder `.alcove`."""
        return self.root + "/.alcove"

    @property
    def bin(self) -> str:
        """The folder of interpreters, activation scripts and links to launchers."""
        return self.root + "/" + BIN

    @property
    def python(self) -> str:
        """The environment's interpreter, which its launchers name."""
        return self.root + "/" + BIN + ("/python.exe" if os.name == "nt" else "/python")

    @property
    def site_packages(self) -> str:
        """The lexical path of site-packages, as `sys.path` shows it."""
        return f"{self.root}/lib/{self.library}/site-packages"

    @property
    def current(self) -> str:
        """The link that is the switch."""
        return self.root + "/.alcove/current"

    @property
    def written(self) -> tuple[str, ...]:
        """What every change of the environment writes: the lock, and directories."""
        private = self.private
        inside = (f"{private}/{name}" for name in ("lock", *SLOTS, "generations"))
        return (private, *inside)

    def slot(self, name: str) -> str:
        """Return the absolute path of the slot "a" or "b"."""
        return f"{self.root}/.alcove/{name}"

    def shown(self) -> str:
        """Return the name of the slot that `current` shows."""
        try:
            name = os.readlink(self.current)
        except OSError as error:
            if not os.path.isdir(self.private):
                raise no_environment(self.root, said=" was deleted or moved") from error
            raise NotAnEnvironment(
                f"{self.root}: .alcove/current is not a link",
                hint=f"alcove repair --env {pasted(self.root)}",
            ) from error
        if name not in SLOTS:
            raise NotAnEnvironment(
                f"{self.root}: .alcove/current points to {name!r}, which is no slot",
                hint=f"alcove repair --env {pasted(self.root)}",
            )
        return name

    def hidden(self) -> str:
        """Return the name of the other slot."""
        return "b" if self.shown() == "a" else "a"


def is_environment(path: str) -> bool:
    """Tell whether the directory `path` is a virtual environment of anybody's."""
    return os.path.isfile(os.path.join(path, "pyvenv.cfg")) or os.path.isdir(
        os.path.join(path, ".alcove")
    )


def no_environment(
    path: str,
    *,
    said: str = " is not a virtual environment",
    hint: str = "alcove envs lists those that there are",
) -> NotAnEnvironment:
    """Return what is to be raised where there is none at `path` (absolute), as far as this user may look: `said`."""
    try:
        os.stat(f"{path}/.")
    except PermissionError as error:
        where = f"{path} cannot be looked into by this user: {error.strerror}"
        return NotAnEnvironment(where, hint="use it as its owner")
    except OSError:  # there is nothing
        return NotAnEnvironment(f"{path}{said}", hint=hint)
    return NotAnEnvironment(f"{path}{said}", hint=hint)


def resolved(path: str) -> str:
    """Return the directory that `path` (absolute) leads to where it is a link itself; the links above it stay as they are.

    An environment has one place, which its scripts name: through a link `.venv` it would seem to have moved, there and back.
    """
    for _ in range(_LINKS):
        if not (os.path.islink(path) and os.path.isdir(path)):
            break
        target = os.path.normpath(os.path.join(os.path.dirname(path), os.readlink(path)))
        # `..` behind a link above means another directory than it says
        same = os.path.isdir(target) and os.path.samefile(target, path)
        path = target if same else os.path.realpath(path)
    return path


def open_layout(root: str) -> Layout:
    """Return the layout of our environment `root` (absolute), by its own place where that is a link.

    NotAnEnvironment where there is none, or where it is not one of ours.
    """
    root = resolved(root)
    if not os.path.isdir(root):
        hint = f"alcove create {pasted(root)}"
        raise no_environment(root, said=": there is no such directory", hint=hint)
    if not os.path.isdir(root + "/.alcove"):
        if is_environment(root):
            raise NotAnEnvironment(
                f"{root} is a virtual environment that alcove did not make",
                hint="alcove create NEW -r REQUIREMENTS, with REQUIREMENTS from its `python -m pip freeze`",
            )
        raise no_environment(root, hint="alcove create DIR")
    name = _library(root)
    if name:
        return Layout(root, name)
    from alcove.environments.config import library_of  # noqa: PLC0415  only where another tool's writing was stopped

    name = library_of(root + "/pyvenv.cfg")
    if name:
        return Layout(root, name)
    raise NotAnEnvironment(
        f"{root}: lib/pythonX.Y is missing", hint=f"alcove repair --env {pasted(root)}"
    )


def _library(root: str) -> str:
    """Return the folder below lib/ that shows our slots, else the only one of a Python, else ""."""
    try:
        found = [name for name in os.listdir(root + "/lib") if name.startswith(("python", "pypy"))]
    except OSError:
        return ""
    # venv and virtualenv of another Python, run over it, place a directory of their own
    if len(found) > 1:
        links = [name for name in found if os.path.islink(f"{root}/lib/{name}")]
        found = links or found
    return found[0] if found else ""


def other_python(library: str, version: str) -> str:
    """Return "3.13" where `version` ("3.13.0", or "") is of another Python than the folder `library` is, else "".

    >>> print(other_python("python3.12", "3.13.0"))
    3.13
    """
    said = ".".join(version.split(".")[:2])
    own = "".join([letter for letter in library if letter.isdigit() or letter == "."])
    return said if said != own else ""


def refuse_other_python(layout: Layout, version: str) -> None:
    """Raise BrokenEnvironment where the environment's Python, of that version, is not the one of what is installed.

    `python -m venv --upgrade` and virtualenv do that when another Python runs them.
    """
    other = other_python(layout.library, version)
    if other:
        raise BrokenEnvironment(
            f"{layout.root} holds what is for {layout.library}, and something made it an environment of Python {other}",
            hint=f"alcove repair --env {pasted(layout.root)} makes it what it was; for another Python create a new one",
        )


def advice(error: OSError) -> str:
    """Return what mends the environment of ours in which `error` found something missing or in the way, or ""."""
    path = subject(error)
    if error.errno not in _DAMAGE or not os.path.isabs(path):
        return ""
    root, _, below = path.partition("/.alcove/")
    while not below and root != os.path.dirname(root):
        root = os.path.dirname(root)
        below = ".alcove" if os.path.isdir(f"{root}/.alcove") else ""
    return f"alcove repair --env {pasted(root)}" if below else ""
