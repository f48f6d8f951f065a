"""`pip config`: what pip's files and variables say, read, changed and shown where it stands."""

from __future__ import annotations

import os

from alcove.errors import AlcoveError
from alcove.pip.config_files import Configuration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.pip.session import Session

__all__ = ["run"]

_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "list": (),
    "edit": (),
    "get": ("name",),
    "set": ("name", "value"),
    "unset": ("name",),
    "debug": (),
}
_KINDS = ("user", "global", "site")


def run(session: Session) -> int:
    """Carry out `pip config`; 1 for what cannot be done."""
    words, output = session.parsed.arguments, session.output
    if not words or words[0] not in _ARGUMENTS:
        output.error(f"Need an action ({', '.join(sorted(_ARGUMENTS))}) to perform.")
        return 1
    action, rest = words[0], words[1:]
    only = _only(session, action)
    if only is None:
        output.error("Need exactly one file to operate upon (--user, --site, --global) to perform.")
        return 1
    configuration = Configuration(
        session.environ,
        session.home(),
        prefix=session.place.prefix,
        isolated=session.parsed.flag("isolated"),
        only=only,
    )
    wanted = _ARGUMENTS[action]
    if len(rest) != len(wanted):
        example = " ".join([action, *(f"[{name}]" for name in wanted)])
        output.error(
            f"Got unexpected number of arguments, expected {len(wanted)}."
            f' (example: "{session.program} config {example}")'
        )
        return 1
    try:
        _carry_out(session, configuration, action, rest)
    except AlcoveError as error:
        output.error(error.message)
        if error.hint:
            output.hint(error.hint)
        return 1
    return 0


def _only(session: Session, action: str) -> str | None:
    """Return the kind of files to look at: "" for all, None where several were named."""
    said = [kind for kind in _KINDS if session.parsed.flag(kind)]
    if len(said) > 1:
        return None
    if said:
        return said[0]
    if action in {"list", "debug"}:
        return ""
    site = os.path.join(session.place.prefix, "pip.ini" if os.name == "nt" else "pip.conf")
    return "site" if os.path.exists(site) else "user"


def _carry_out(
    session: Session, configuration: Configuration, action: str, words: list[str]
) -> None:
    output = session.output
    if action == "list":
        for _, values in sorted(configuration.by_file().items()):
            for key, value in sorted(values.items()):
                output.info(f"{key}={value!r}")
    elif action == "debug":
        _debug(session, configuration)
    elif action == "get":
        output.info(configuration.get(words[0]))
    elif action == "edit":
        _edit(session, configuration)
    else:
        done = (
            configuration.set(words[0], words[1])
            if action == "set"
            else configuration.unset(words[0])
        )
        _warn(session, configuration)
        output.info(f"Writing to {done}")


def _warn(session: Session, configuration: Configuration) -> None:
    for text in configuration.warnings:
        session.output.warning(text)


def _debug(session: Session, configuration: Configuration) -> None:
    output = session.output
    output.info("env_var:")
    for name, value in sorted(configuration.variables()):
        output.info(f"  PIP_{name.upper()}={value!r}")
    for kind, files in sorted(configuration.kinds()):
        output.info(f"{kind}:")
        for path in files:
            there = os.path.exists(path)
            output.info(f"  {path}, exists: {there}")
            if there:
                for key, value in configuration.values[kind].get(path, {}).items():
                    output.info(f"    {key}: {value}")


def _edit(session: Session, configuration: Configuration) -> None:
    """Start the user's editor on the file that a change goes to, and wait for it."""
    import shlex
    import subprocess

    environ = session.environ
    said = session.parsed.text("editor") or environ.get("VISUAL") or environ.get("EDITOR")
    if not said:
        raise AlcoveError("Could not determine editor to use.", hint="--editor, or EDITOR")
    path = configuration.target()
    _warn(session, configuration)
    session.output.flush()
    try:
        done = subprocess.run([*shlex.split(said), path], env=dict(environ), check=False)
    except (OSError, ValueError) as error:
        raise AlcoveError(
            f"{said} cannot be started: {error}", hint="--editor, or EDITOR"
        ) from error
    if done.returncode:
        raise AlcoveError(f"Editor Subprocess exited with exit code {done.returncode}")
