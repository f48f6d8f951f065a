"""The hooks of virtualenvwrapper that are programs: `premkvirtualenv`, `precpvirtualenv`, `prermvirtualenv`, `postrmvirtualenv`.

Rules, as there: they belong to named environments, lie in `VIRTUALENVWRAPPER_HOOK_DIR` (else `WORKON_HOME`), run from
`WORKON_HOME`, and their exit code changes nothing. Hooks that a shell reads are the business of the shell's function.
"""

from __future__ import annotations

import os

from alcove.events import Silent, Warned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["is_named", "run_hook"]


def is_named(path: str, settings: Settings) -> bool:
    """Tell whether the environment at `path` (absolute, there or not) is one of the named ones."""
    return os.path.realpath(os.path.dirname(path)) == os.path.realpath(settings.named)


def run_hook(
    hook: str, names: tuple[str, ...], settings: Settings, *, reporter: Reporter | None = None
) -> bool:
    """Run the hook with the names of environments as its arguments; tell whether there was one.

    What it prints goes to stderr, since stdout carries data. One that cannot be run, or fails, is told and changes nothing.
    """
    folder = settings.variables.get("VIRTUALENVWRAPPER_HOOK_DIR") or settings.named
    program = os.path.join(folder, hook)
    if not os.path.isfile(program):
        return False
    import subprocess

    environ = {
        **settings.variables,
        "WORKON_HOME": settings.named,
        "VIRTUALENVWRAPPER_HOOK_DIR": folder,
        "VIRTUALENVWRAPPER_PROJECT_FILENAME": settings.variables.get(
            "VIRTUALENVWRAPPER_PROJECT_FILENAME"
        )
        or ".project",
    }
    tell = reporter or Silent()
    try:
        done = subprocess.run(
            [program, *names], cwd=settings.named, env=environ, stdout=2, check=False
        )
    except OSError as error:
        text = f"the hook {program} could not be run: {error.strerror or error}"
        tell.emit(Warned(text, hint=f"chmod +x {program}, or remove it"))
        return True
    if done.returncode:
        tell.emit(Warned(f"the hook {program} ended with exit code {done.returncode}"))
    return True
