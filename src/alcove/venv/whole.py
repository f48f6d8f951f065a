"""An environment made whole by one rename, where nobody's hook has to see it grow."""

from __future__ import annotations

import os
import sys

from alcove.environments.layout import is_environment
from alcove.errors import AlcoveError
from alcove.venv import running

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import SimpleNamespace
    from typing import Protocol

    from alcove.settings import Settings

    class Builder(Protocol):
        """What is looked at of an `EnvBuilder`."""

        system_site_packages: bool
        clear: bool
        symlinks: bool
        upgrade: bool
        with_pip: bool
        prompt: str | None
        scm_ignore_files: frozenset[str]

        def post_setup(self, context: SimpleNamespace) -> None: ...
        def _command(self, context: SimpleNamespace) -> str: ...


__all__ = ["config_of", "make", "possible", "refuse_foreign"]

# What runs before the environment is whole. A subclass that has its own of one of these sees it grow.
_BEFORE = (
    "ensure_directories",
    "create_configuration",
    "setup_python",
    "_setup_pip",
    "setup_scripts",
    "install_scripts",
    "replace_variables",
    "symlink_or_copy",
    "clear_directory",
    "create_git_ignore_file",
    "_call_new_python",
    "_venv_path",
)


def possible(builder: Builder, stock: type[Builder], path: str) -> bool:
    """Tell whether `builder` can make the environment at `path` (absolute) whole: no hook before, and a place for it.

    `stock` is the class whose methods are no hooks. ValueError where `clear` would remove what is no environment.
    """
    own = type(builder)
    if any(name in vars(builder) or getattr(own, name) is not getattr(stock, name) for name in _BEFORE):
        return False
    if builder.upgrade or builder.scm_ignore_files - {"git"}:
        return False
    if builder.system_site_packages and own.post_setup is not stock.post_setup:
        return False  # the hook is to see an environment that is closed to the base's distributions
    if os.path.basename(running.base_executable()) not in running.NAMES:
        return False
    if not os.path.lexists(path):
        return True
    if os.path.islink(path) or not os.path.isdir(path) or os.path.ismount(path):
        return False
    return not os.listdir(path) or (builder.clear and is_environment(path))


def refuse_foreign(path: str) -> None:
    """Raise AlcoveError where the directory `path` (absolute) may not be cleared: it is a link, or no environment."""
    if os.path.islink(path):
        raise AlcoveError(
            f"Unable to create directory {path!r}: it is a link",
            hint="name the directory that it leads to, or remove the link",
        )
    if os.path.isdir(path) and os.listdir(path) and not is_environment(path):
        raise AlcoveError(
            f"{path} has no pyvenv.cfg: it is no virtual environment, and is not cleared",
            hint="choose another directory, or empty this one by hand",
        )


def config_of(builder: Builder, context: SimpleNamespace) -> dict[str, str]:
    """Return the keys of `pyvenv.cfg` that `venv` writes, and after them those of ours."""
    from alcove import __version__

    version = sys.version_info
    values = {
        "home": context.python_dir,
        "include-system-site-packages": "true" if builder.system_site_packages else "false",
        "version": f"{version.major}.{version.minor}.{version.micro}",
        "prompt": repr(builder.prompt) if builder.prompt is not None else "",
        "executable": os.path.realpath(sys.executable),
        "command": builder._command(context),  # noqa: SLF001  ours, hidden from the hooks of `venv`
        "implementation": running.interpreter().implementation,
        "version_info": ".".join(map(str, version)),
        "alcove": __version__,
    }
    return {key: value for key, value in values.items() if value}


def make(builder: Builder, context: SimpleNamespace, settings: Settings) -> None:
    """Make the environment of `context` and all that belongs to it; AlcoveError, with nothing changed, where it fails."""
    from alcove.actions.create import Options, create

    bundled = running.bundled_setuptools() if builder.with_pip else ""
    config = config_of(builder, context)
    options = Options(
        prompt=str(builder.prompt) if builder.prompt is not None else context.env_name,
        clear=builder.clear,
        system_site=builder.system_site_packages,
        copies=not builder.symlinks,
        pip=builder.with_pip,
        command=config["command"],
        interpreter=running.interpreter(),
        wheels=[bundled] if bundled else [],
        config={"prompt": "", **config},
        ignore="git" in builder.scm_ignore_files,
    )
    create(context.env_dir, settings, options=options)
