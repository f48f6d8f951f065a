"""What `alcove activate NAME --function` prints: the code that the shell function runs in its own shell.

The first line is `MARK`, by which the function tells code from other output (`--help`), which it shows instead.
"""

from __future__ import annotations

from alcove.environments.activation import quoting
from alcove.errors import UsageError
from alcove.files import data

__all__ = ["MARK", "activation_code"]

MARK = "# alcove: activate"


def activation_code(shell: str, prefix: str, *, prompt: str, bin_name: str = "bin") -> str:
    """Return the text that activates the environment `prefix` (absolute), shown as `prompt`, in `shell`.

    nushell can run no code made at run time: it gets a JSON object (`prefix`, `prompt`, `bin`) in one line. bash and zsh
    get a call of the function that also knows virtualenvwrapper's hooks.
    UsageError for a shell that has no such function.
    """
    if shell == "nu":
        facts = {"prefix": prefix, "prompt": prompt, "bin": f"{prefix}/{bin_name}"}
        return data.dumps(facts).decode()
    lines = {
        "bash": f"_alcove_enter {quoting.posix(prefix)}",
        "zsh": f"_alcove_enter {quoting.posix(prefix)}",
        "fish": f"source {quoting.fish(f'{prefix}/{bin_name}/activate.fish')}",
        "powershell": f". {quoting.powershell(f'{prefix}/{bin_name}/Activate.ps1')}",
        "xonsh": f"source @({quoting.python(f'{prefix}/{bin_name}/activate.xsh')})",
    }
    if shell not in lines:
        raise UsageError(
            f"no code for the shell {shell!r}", hint=f"one of {', '.join([*lines, 'nu'])}"
        )
    return f"{MARK}\n{lines[shell]}\n"
