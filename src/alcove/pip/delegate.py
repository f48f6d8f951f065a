"""The commands that the real pip does: its own code, run by the environment's Python."""

from __future__ import annotations

import os
import sys

from alcove.errors import InterpreterGone
from alcove.pasting import pasted
from alcove.pip.version import real_pip_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from alcove.pip.actions import Actions
    from alcove.pip.where import Place

__all__ = ["command", "hand_over", "replace_process"]


def command(place: Place, actions: Actions, arguments: Sequence[str]) -> list[str]:
    """Return the command line that runs the real pip. InterpreterGone where the Python is."""
    if not os.path.exists(place.executable):
        raise InterpreterGone(
            f"the Python of {place.prefix} is gone: {place.executable}",
            hint=f"alcove repair --env {pasted(place.prefix)}",
        )
    pip = actions.real_pip(real_pip_for(place.python))
    # -I: nothing of the user's PYTHONPATH comes between this Python and that pip
    return [place.executable, "-I", pip, *arguments]


def hand_over(
    place: Place,
    actions: Actions,
    arguments: Sequence[str],
    *,
    environ: Mapping[str, str],
    execute: Callable[[list[str], dict[str, str]], int],
) -> int:
    """Run the real pip with `arguments`, and return its exit code where `execute` returns at all."""
    changed = dict(environ)
    changed.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")  # its newer self is none of ours
    changed.pop("__PYVENV_LAUNCHER__", None)
    return execute(command(place, actions, arguments), changed)


def replace_process(line: list[str], environ: dict[str, str]) -> int:
    """Become the program `line`; on Windows run it and return its exit code."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "nt":
        import subprocess

        return subprocess.run(line, env=environ, check=False).returncode
    return os.execve(line[0], line, environ)  # noqa: S606  a list, never a shell
