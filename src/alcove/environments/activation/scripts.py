"""All activation scripts of one environment: what `create` writes below `bin/`.

One template per shell lies in `templates/` (files, not modules: reading one costs a tenth of an import). Rules:
nothing here reads the environment, and nothing of the prefix or the prompt becomes code of a shell; both go in last
and as literals, so that no text of the user's is searched for a place of ours.
"""

from __future__ import annotations

from alcove.environments.activation import quoting

__all__ = ["NAMES", "render"]

NAMES = (
    "activate",
    "activate.fish",
    "activate.csh",
    "activate.nu",
    "activate.xsh",
    "Activate.ps1",
    "activate.bat",
    "deactivate.bat",
    "activate_this.py",
)

_BACKSLASH = chr(92)


def render(prefix: str, *, prompt: str, bin_name: str = "bin") -> list[tuple[str, bytes, bool]]:
    """Return (file name below `bin_name`, content, executable) of every activation script.

    `prefix`: the environment's absolute path (without NUL; surrogate escapes for undecodable bytes), which only the
    shells that cannot tell where a sourced file lies go by. `prompt`: the name shown, as `(prompt) `. `bin_name`:
    "bin" or "Scripts". `Activate.ps1` is venv's spelling; virtualenv's, `activate.ps1`, is the same file where the
    file system ignores case, so only one of the two is placed.
    """
    texts = (
        _fill("activate", bin_name, _posix(prefix, prompt)),
        _fill("activate.fish", bin_name, _fish(prefix, prompt)),
        _fill("activate.csh", bin_name, _csh(prefix, prompt)),
        _fill("activate.nu", bin_name, _nu(prefix, prompt)),
        _fill("activate.xsh", bin_name, _xonsh(prefix, prompt)),
        _fill("Activate.ps1", bin_name, quoting.powershell(prompt)),
        _fill("activate.bat", bin_name, _cmd(prompt)).replace("\n", "\r\n"),
        _fill("deactivate.bat", bin_name, "").replace("\n", "\r\n"),
        _fill("activate_this.txt", bin_name, quoting.python(prompt)),
    )
    return [
        (name, text.encode("utf-8", "surrogateescape"), False)
        for name, text in zip(NAMES, texts, strict=True)
    ]


def _fill(template: str, bin_name: str, values: str) -> str:
    """Return the template of that name with its two places, `@BIN@` and then `@VALUES@`, filled."""
    path = f"{__file__[: -len('scripts.py')]}templates/{template}"
    data: bytes = __loader__.get_data(path)  # type: ignore[name-defined]  # a zip file answers too
    return data.decode().replace("@BIN@", bin_name).replace("@VALUES@", values)


def _posix(prefix: str, prompt: str) -> str:
    """Return the values for `activate`: for shells that read a prompt's values again, a name with that doubled."""
    return (
        f"_virtual_env={quoting.posix(prefix)}\n"
        f"_virtual_env_prompt={quoting.posix(prompt)}\n"
        f"_virtual_env_backslash={quoting.posix(prompt.replace(_BACKSLASH, _BACKSLASH * 2))}\n"
        f"_virtual_env_bang={quoting.posix(prompt.replace('!', '!!'))}"
    )


def _fish(prefix: str, prompt: str) -> str:
    """Return the values for `activate.fish`."""
    return f"set -l _virtual_env {quoting.fish(prefix)}\nset -l _virtual_env_prompt {quoting.fish(prompt)}"


def _csh(prefix: str, prompt: str) -> str:
    """Return the values for `activate.csh`: the name also as the prompts of csh and of tcsh show it."""
    bang = prompt.replace("!", _BACKSLASH + "!")
    percent = "".join([_TCSH.get(character, character) for character in prompt])
    return (
        f"set _virtual_env = {quoting.csh(prefix)}\n"
        f"set _virtual_env_prompt = {quoting.csh(prompt)}\n"
        f"set _virtual_env_bang = {quoting.csh(bang)}\n"
        f"set _virtual_env_percent = {quoting.csh(percent)}"
    )


_TCSH = {"%": "%%", "!": "\\!", "\\": "\\\\", "^": "\\^"}


def _nu(prefix: str, prompt: str) -> str:
    """Return the values for `activate.nu`."""
    return (
        f"const virtual_env_recorded = {quoting.nu(prefix)}\n"
        f"const virtual_env_prompt = {quoting.nu(prompt)}"
    )


def _xonsh(prefix: str, prompt: str) -> str:
    """Return the values for `activate.xsh`: two arguments of a call."""
    return f"        {quoting.python(prefix)},\n        {quoting.python(prompt)},"


def _cmd(prompt: str) -> str:
    """Return the values for `activate.bat`: in PROMPT a `$` begins a code of cmd's, and `$$` is the sign itself."""
    return (
        f'@set "VIRTUAL_ENV_PROMPT={quoting.cmd(prompt)}"\n'
        f'@set "_VIRTUAL_ENV_SHOWN=({quoting.cmd(prompt.replace("$", "$$"))}) "'
    )
