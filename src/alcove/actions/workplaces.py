"""The isolated environments in which wheels are built: views like any other, gone when the build is done."""

from __future__ import annotations

from alcove.actions.stores import store_root
from alcove.environments.create import Wanted, create
from alcove.interpreters.inspect import inspect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.environments.layout import Layout
    from alcove.interpreters.kept import Interpreter
    from alcove.settings import Settings

__all__ = ["detached", "workplace"]


def workplace(path: str, parent: Layout, settings: Settings, *, private: bool = False) -> Layout:
    """Return an empty environment at `path` (absolute) with the interpreter and the store of `parent`.

    `private`: with a store of its own, which goes with it: for dry runs.
    """
    interpreter = inspect(parent.python, cache=settings.cache)
    return _made(path, interpreter, store_root(parent), private=private)


def detached(path: str, interpreter: Interpreter, settings: Settings) -> Layout:
    """Return an empty environment at `path` (absolute) with `interpreter` and the store of the user."""
    return _made(path, interpreter, settings.data)


def _made(path: str, interpreter: Interpreter, data: str, *, private: bool = False) -> Layout:
    wanted = Wanted(
        path=path,
        interpreter=interpreter,
        prompt="build",
        command="alcove build",
        data=data,
        mode="view",
        private=private,
        system_site=False,
        copies=False,
        placements=(),
    )
    return create(wanted)
