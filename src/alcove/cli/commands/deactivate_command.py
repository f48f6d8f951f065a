"""`alcove deactivate`, where no function of the shell is in the way."""

from __future__ import annotations

from alcove.actions.use import shell_of
from alcove.errors import AlcoveError
from alcove.shells.init import SHELLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(_values: Values, settings: Settings, _reporter: Reporter) -> int:
    """Explain that a program cannot change the shell that started it, and what can."""
    if not settings.active:
        raise AlcoveError("no environment is active in this shell", hint="alcove envs lists all")
    shell = shell_of(settings)
    lines = {
        "fish": "alcove shell-init fish | source",
        "powershell": "alcove shell-init powershell | Out-String | Invoke-Expression",
        "nu": "alcove shell-init nu --install",
        "xonsh": "execx($(alcove shell-init xonsh))",
    }
    known = shell if shell in SHELLS else "bash"
    line = lines.get(known, f'eval "$(alcove shell-init {known})"')
    raise AlcoveError(
        f"a program cannot leave {settings.active} for the shell that started it",
        hint=f"type: deactivate\nto have alcove deactivate as well, for this shell: {line}"
        f"\nand for all to come: alcove shell-init {known} --install",
    )
