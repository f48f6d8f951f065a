"""All activation scripts of one environment: what `create` writes below `bin/`.

Rule: nothing here reads the disk or the environment, and nothing of `prefix` or `prompt` becomes code of a shell.
"""

from __future__ import annotations

from alcove.environments.activation import batch, csh, fish, nu, posix, powershell, this, xonsh

__all__ = ["NAMES", "render"]

NAMES = (
    "activate",
    "activate.fish",
    "activate.csh",
    "activate.nu",
    "activate.xsh",
    "activate.ps1",
    "Activate.ps1",
    "activate.bat",
    "deactivate.bat",
    "activate_this.py",
)


def render(prefix: str, *, prompt: str, bin_name: str = "bin") -> list[tuple[str, bytes, bool]]:
    """Return (file name below `bin_name`, content, executable) of every activation script.

    `prefix`: the environment's absolute path (without NUL; surrogate escapes for undecodable bytes), which only the
    shells that cannot tell where a sourced file lies go by. `prompt`: the name shown, as `(prompt) `. `bin_name`:
    "bin" or "Scripts". `activate.ps1` (virtualenv's spelling) and `Activate.ps1` (venv's) have the same content:
    where a file system takes both for one name, writing both leaves one.
    """
    power = powershell.script(prompt, bin_name=bin_name)
    texts = (
        posix.script(prefix, prompt, bin_name=bin_name),
        fish.script(prefix, prompt, bin_name=bin_name),
        csh.script(prefix, prompt, bin_name=bin_name),
        nu.script(prefix, prompt, bin_name=bin_name),
        xonsh.script(prefix, prompt, bin_name=bin_name),
        power,
        power,
        batch.activate(prompt, bin_name=bin_name),
        batch.deactivate(),
        this.script(prompt, bin_name=bin_name),
    )
    return [
        (name, text.encode("utf-8", "surrogateescape"), False)
        for name, text in zip(NAMES, texts, strict=True)
    ]
