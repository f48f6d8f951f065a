"""Which environment a command is about (DESIGN section 8): never the base interpreter."""

from __future__ import annotations

import os

from alcove.actions.moved import known_as, settle
from alcove.environments.layout import Layout, is_environment, open_layout, resolved
from alcove.errors import NotAnEnvironment, UsageError
from alcove.pasting import pasted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.settings import Settings

__all__ = ["argument", "find", "named_path", "path_of"]

_PROJECT = ("pyproject.toml", ".git")


def find(settings: Settings, *, env: str = "", name: str = "", dry_run: bool = False) -> Layout:
    """Return the environment that `env` (a path) or `name` says, else the active one, else the nearest `.venv`.

    UsageError where both are said; NotAnEnvironment where there is none, or it is none of ours. One that was moved by
    hand is made right, but not for a `dry_run`.
    """
    path = path_of(settings, env=env, name=name)
    return open_layout(known_as(path) if dry_run else settle(path, settings))


def path_of(settings: Settings, *, env: str = "", name: str = "", word: str = "") -> str:
    """Return the absolute path of the environment that is meant, whoever made it.

    `word`: an argument ENV (see `argument`) of a command that takes one beside `env` and `name`.
    """
    if word and (env or name):
        raise UsageError(
            "ENV and an option both say which environment", hint="ENV, --env PATH or -n NAME"
        )
    return argument(word, settings) if word else resolved(_said(settings, env=env, name=name))


def _said(settings: Settings, *, env: str, name: str) -> str:
    if env and name:
        raise UsageError("--env and -n both say which environment", hint="say one of them")
    if env:
        return _followed(absolute(env, settings))
    if name:
        path = named_path(name, settings)
        if not os.path.isdir(path):
            raise NotAnEnvironment(
                f"there is no environment called {name!r} (in {settings.named})",
                hint=f"alcove create -n {pasted(name)}; alcove envs lists those that there are",
            )
        return path
    if settings.active:
        if not os.path.isdir(settings.active):
            raise NotAnEnvironment(
                f"the active environment {settings.active} is gone",
                hint="deactivate, or say which: --env, -n",
            )
        return settings.active
    return _nearest(settings)


def named_path(name: str, settings: Settings) -> str:
    """Return the absolute path of the environment called `name`, there or not; UsageError for what is no name."""
    if (
        not name
        or name.startswith((".", "-"))
        or "/" in name
        or "\\" in name
        or name != name.strip()
        or "\0" in name
    ):
        raise UsageError(
            f"{name!r} cannot be the name of an environment",
            hint="a name has no separator, begins with neither a dot nor a dash, and has no space at an end;"
            " a path is said without -n: ./DIR",
        )
    if os.path.lexists(settings.named) and not os.path.isdir(settings.named):
        raise UsageError(
            f"{settings.named}, where named environments lie, is not a directory",
            hint="set WORKON_HOME to one that is",
        )
    return os.path.join(settings.named, name)


def argument(word: str, settings: Settings) -> str:
    """Return the absolute path of the environment that an argument ENV means.

    With a separator or a leading dot it is a path; else a directory here that holds `pyvenv.cfg`; else a name.
    """
    if "/" in word or os.sep in word or word.startswith("."):
        return _followed(absolute(word, settings))
    here = absolute(word, settings) if settings.here else ""
    is_here = bool(here) and os.path.isfile(os.path.join(here, "pyvenv.cfg"))
    named = named_path(word, settings)
    is_named = is_environment(named)
    if is_here and is_named and os.path.realpath(here) != os.path.realpath(named):
        raise UsageError(
            f"{word!r} is a directory here and the name of an environment",
            hint=f"{pasted(f'./{word}')} is the one, {pasted(named)} the other",
        )
    if is_here:
        return here
    if is_named:
        return named
    raise NotAnEnvironment(
        f"{word!r} is neither an environment here nor the name of one",
        hint="alcove envs lists those that there are",
    )


def absolute(path: str, settings: Settings) -> str:
    """Return `path` made absolute without following links; `~` is the user's home."""
    if path == "~" or path.startswith("~/"):
        path = settings.home + path[1:]
    return os.path.normpath(path if os.path.isabs(path) else os.path.join(settings.cwd, path))


def _followed(path: str) -> str:
    """Return where a `.venv` that is a file leads (PEP 832), or the path itself; NotAnEnvironment where it leads nowhere."""
    if not os.path.isfile(path):
        return path
    from alcove.environments.discover import followed

    found = followed(path)
    if not os.path.isdir(found):
        raise NotAnEnvironment(
            f"{path} is a file that names {found}, where there is no environment (PEP 832)",
            hint=f"correct or remove {pasted(path)}, or make what it names: alcove create {pasted(found)}",
        )
    return found


def _nearest(settings: Settings) -> str:
    here = settings.cwd
    while True:
        path = os.path.join(here, ".venv")
        if os.path.lexists(path):
            return _followed(path)
        if os.path.isfile(os.path.join(here, ".python-envs")):
            from alcove.environments.discover import default_in

            path = default_in(here)
            if path:
                return path
        parent = os.path.dirname(here)
        if parent == here or any(os.path.exists(os.path.join(here, name)) for name in _PROJECT):
            raise NotAnEnvironment(
                "no environment is active, and there is no .venv (nor .python-envs) here or above",
                hint="alcove create makes one here; --env PATH and -n NAME say which is meant",
            )
        here = parent
