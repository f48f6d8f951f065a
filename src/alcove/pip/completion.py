"""`pip completion`: the script by which a shell asks this pip what may follow."""

from __future__ import annotations

import os

from alcove.pip.completing import script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.pip.session import Session

__all__ = ["run"]

_SHELLS = ("bash", "fish", "powershell", "zsh")


def run(session: Session) -> int:
    """Carry out `pip completion`; 0, without a shell too, as in pip."""
    shell = next((name for name in reversed(session.parsed.values) if name in _SHELLS), "")
    if not shell:
        listed = " or ".join(f"--{name}" for name in _SHELLS)
        session.output.complain(f"ERROR: You must pass {listed}")
        return 0
    program = os.path.basename(session.program.split(" ")[-1])
    session.output.data(script(shell, program).removesuffix("\n"))
    return 0
