"""The environment that virtualenv's options ask for, made: whole where its place is free, in place where it is not."""

from __future__ import annotations

import os
import sys

from alcove.actions.create import Options, create
from alcove.environments.layout import is_environment
from alcove.errors import AlcoveError, UsageError
from alcove.events import Silent
from alcove.files import ops
from alcove.settings import gone
from alcove.virtualenv.words import FOLLOWS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.interpreters.kept import Interpreter
    from alcove.settings import Settings

__all__ = ["checked_place", "make", "seeds_of"]

_EMBEDDED = ("bundle", "embed", None)


def checked_place(dest: str) -> str:
    """Return the absolute path of the environment; UsageError where virtualenv refuses the place too."""
    try:
        path = os.path.abspath(dest)
    except FileNotFoundError:
        raise gone() from None
    if not dest.strip():
        raise UsageError(
            f"destination {dest!r} must not be empty or whitespace", hint=". is this directory"
        )
    if os.path.exists(path) and not os.path.isdir(path):
        raise UsageError(
            f"the destination {path} already exists and is not a directory",
            hint="choose another one, or remove it",
        )
    if os.pathsep in path:
        raise UsageError(
            f"destination {path!r} must not contain the path separator ({os.pathsep})",
            hint="choose a path without it",
        )
    return path


def seeds_of(options: Namespace, interpreter: Interpreter) -> list[str]:
    """Return what the environment starts with: "pip" for the pip of ours, and a requirement of setuptools.

    As in virtualenv 21: setuptools up to 3.11 only unless it is asked for, wheel never.
    """
    if options.no_seed:
        return []
    found = [] if options.no_pip or options.pip == "none" else ["pip"]
    old = interpreter.version_info[:2] < (3, 12)
    version = options.setuptools or ("bundle" if old else "none")
    if not options.no_setuptools and version != "none":
        found.append("setuptools" if version in _EMBEDDED else f"setuptools=={version}")
    return found


def make(
    path: str,
    options: Namespace,
    settings: Settings,
    *,
    interpreter: Interpreter,
    activators: Sequence[str],
    reporter: Reporter | None = None,
) -> Layout:
    """Make the environment at `path` (absolute); AlcoveError where it cannot be made or seeded."""
    tell = reporter or Silent()
    seeds = seeds_of(options, interpreter)
    prompt = os.path.basename(os.getcwd()) if options.prompt == "." else options.prompt
    wants, wheels = _setuptools(seeds, options, interpreter)
    chosen = Options(
        prompt=prompt or os.path.basename(path),
        clear=bool(options.clear),
        system_site=bool(options.system_site_packages),
        copies=bool(options.copies),
        pip="pip" in seeds,
        command=f"{sys.executable} -m virtualenv {path}",
        interpreter=interpreter,
        wheels=wheels,
        config=_config(interpreter, prompt),
        ignore=not options.no_vcs_ignore,
        activators=activators,
    )
    layout = _made(path, chosen, settings, interpreter=interpreter, reporter=tell)
    if wants:
        _install(layout, wants, options, settings, reporter=tell)
    _redirect(path, options.venv_redirect)
    return layout


def _made(
    path: str,
    chosen: Options,
    settings: Settings,
    *,
    interpreter: Interpreter,
    reporter: Reporter,
) -> Layout:
    held = os.path.isdir(path) and bool(os.listdir(path))
    if held and chosen.clear and not is_environment(path):
        raise AlcoveError(
            f"{path} has no pyvenv.cfg: it is no virtual environment, and is not cleared",
            hint="choose another directory, or empty this one by hand",
        )
    if held and not chosen.clear:
        from alcove.actions.adopting import fill

        return fill(path, settings, options=chosen, interpreter=interpreter, reporter=reporter)
    return create(path, settings, options=chosen, reporter=reporter).layout


def _config(interpreter: Interpreter, prompt: str | None) -> dict[str, str]:
    """Return the keys of `pyvenv.cfg` that virtualenv writes beside those that every environment of ours has."""
    major, minor = interpreter.version_info[:2]
    return {
        "python-version": f"{major}.{minor}",
        "virtualenv": FOLLOWS,
        "base-prefix": interpreter.prefix,
        "base-exec-prefix": interpreter.prefix,
        "base-executable": interpreter.executable,
        "prompt": f'"{prompt}"' if prompt else "",
    }


def _setuptools(
    seeds: Sequence[str], options: Namespace, interpreter: Interpreter
) -> tuple[list[str], list[str]]:
    """Return what to ask an index for, and the wheels to place without one."""
    wanted = [one for one in seeds if one != "pip"]
    if wanted != ["setuptools"] or options.download or options.extra_search_dir:
        return wanted, []
    bundled = _bundled(interpreter)
    return ([], [bundled]) if bundled else (wanted, [])


def _bundled(interpreter: Interpreter) -> str:
    """Return the path of the setuptools wheel that came with an interpreter, "" without one."""
    for folder in (
        f"{interpreter.prefix}/lib/{interpreter.library}/ensurepip/_bundled",
        "/usr/share/python-wheels",  # Debian
    ):
        if os.path.isdir(folder):
            for name in sorted(os.listdir(folder), reverse=True):
                if name.startswith("setuptools-") and name.endswith(".whl"):
                    return f"{folder}/{name}"
    return ""


def _install(
    layout: Layout,
    wants: Sequence[str],
    options: Namespace,
    settings: Settings,
    *,
    reporter: Reporter,
) -> None:
    from alcove.actions.install import install
    from alcove.actions.request import Request

    sources: dict[str, object] = {}
    if options.extra_search_dir:
        folders = [os.path.abspath(folder) for folder in options.extra_search_dir]
        sources["find-links"] = folders
        if not options.download:
            sources["no-index"] = True
    request = Request(
        directory=settings.cwd,
        command="virtualenv " + " ".join(wants),
        requirements=tuple(wants),
        sources=sources,
    )
    install(layout, request, settings, reporter=reporter)


def _redirect(path: str, wanted: bool | None) -> None:  # noqa: FBT001  three states of one option
    """Write the file `.venv` beside the environment (PEP 832), where that was asked for or a project has none yet."""
    parent, name = os.path.split(path)
    target = os.path.join(parent, ".venv")
    if wanted is False or name == ".venv" or os.path.lexists(target):
        return
    if wanted or os.path.isfile(os.path.join(parent, "pyproject.toml")):
        if not name.isprintable() or name != name.strip():
            return  # the file holds one line
        ops.write(target, f"{name}\n".encode())
