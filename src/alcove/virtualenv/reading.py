"""What a command line, the variables `VIRTUALENV_*` and `virtualenv.ini` say together, in this order of weight."""

from __future__ import annotations

import os
import sys

from alcove.errors import UsageError
from alcove.settings import home_of
from alcove.virtualenv.words import FOLLOWS, OPTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping, Sequence

    from alcove.virtualenv.words import Option

__all__ = ["config_file", "read"]

_TRUE = {"1", "yes", "true", "on"}
_FALSE = {"0", "no", "false", "off"}
_OPERATORS = ("<", ">", "=", "!", "~")


def read(words: Sequence[str], variables: Mapping[str, str]) -> Namespace:
    """Return the value of each option by its name; `dest` is as it was said.

    SystemExit (2, after the usage on stderr) where the words are wrong; UsageError where the file or a variable is.
    """
    parser = _parser(config_file(variables))
    found = parser.parse_args(list(words))
    defaults = _configured(variables)
    for option in OPTIONS:
        if getattr(found, option.name, None) is None:
            empty: object = [] if option.kind == "many" else 0 if option.kind == "count" else None
            setattr(found, option.name, defaults.get(option.name, empty))
        value = getattr(found, option.name)
        if option.choices and value and value not in option.choices:
            parser.error(f"argument {option.flags[0]}: {value!r} is none of {option.choices}")
    found.python = _pythons(found.python, defaults.get("python"))
    return found


def config_file(variables: Mapping[str, str]) -> str:
    """Return the path of the configuration file, which may not be there."""
    named = variables.get("VIRTUALENV_CONFIG_FILE")
    if named:
        return named
    home = home_of(variables)
    if sys.platform == "darwin":
        folder = os.path.join(home, "Library", "Application Support", "virtualenv")
    elif sys.platform == "win32":
        local = variables.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
        folder = os.path.join(local, "pypa", "virtualenv")
    else:
        base = variables.get("XDG_CONFIG_HOME", "")
        folder = os.path.join(
            base if os.path.isabs(base) else os.path.join(home, ".config"), "virtualenv"
        )
    return os.path.join(folder, "virtualenv.ini")


def _pythons(said: list[str], configured: object) -> list[str]:
    """Return the interpreters to try: those of the command line before those of the settings."""
    more = configured if isinstance(configured, list) and configured != said else []
    return [*said, *more]


def _parser(config: str) -> ArgumentParser:
    import argparse

    parser = argparse.ArgumentParser(
        prog="virtualenv",
        description="Make an environment of alcove as virtualenv does.",
        epilog=f"config file {config} ({'active' if os.path.isfile(config) else 'missing'}; "
        "another with VIRTUALENV_CONFIG_FILE)",
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"virtualenv {FOLLOWS} from {os.path.dirname(__file__)} (alcove)",
    )
    for option in OPTIONS:
        text = option.help or f"does nothing here: {option.deaf}"
        settings: dict[str, object] = {"dest": option.name, "default": None, "help": text}
        if option.kind in ("flag", "yes", "no"):
            settings |= {"action": "store_const", "const": option.kind != "no"}
        elif option.kind == "count":
            settings["action"] = "count"
        elif option.name == "extra_search_dir":
            settings |= {"action": "extend", "nargs": "+", "metavar": option.metavar}
        elif option.kind == "many":
            settings |= {"action": "append", "metavar": option.metavar}
        else:
            settings["metavar"] = option.metavar
        parser.add_argument(*option.flags, **settings)  # type: ignore[arg-type]
    parser.add_argument("dest", metavar="DEST", help="the directory of the environment")
    return parser


def _configured(variables: Mapping[str, str]) -> dict[str, object]:
    """Return what the variables say, and where they do not, the file."""
    file = _section(config_file(variables))
    found: dict[str, object] = {}
    for source, texts in (("file", file), ("variable", _variables(variables))):
        for option in OPTIONS:
            for flag in option.flags:
                text = texts.get(flag.lstrip("-").replace("-", "_"))
                if flag.startswith("--") and text:
                    value = _value(option, text, f"{source} {flag.lstrip('-')}")
                    if value is not None:
                        found[option.name] = value
    return found


def _variables(variables: Mapping[str, str]) -> dict[str, str]:
    prefix = "VIRTUALENV_"
    return {
        name[len(prefix) :].lower(): value
        for name, value in variables.items()
        if name.startswith(prefix)
    }


def _section(path: str) -> dict[str, str]:
    """Return the section [virtualenv] of the file; UsageError where it cannot be read."""
    if not os.path.isfile(path):
        return {}
    from configparser import ConfigParser, Error

    parser = ConfigParser(interpolation=None)  # a `%` in a prompt is a `%`
    try:
        with open(path, encoding="utf-8-sig") as stream:
            parser.read_file(stream, path)
    except (OSError, UnicodeError, Error) as error:
        text = " ".join(str(error).split())
        raise UsageError(f"{path} cannot be read: {text}", hint="mend or remove it") from error
    if not parser.has_section("virtualenv"):
        return {}
    return {key.replace("-", "_"): value for key, value in parser.items("virtualenv")}


def _value(option: Option, text: str, source: str) -> object:
    """Return the value that a text of a variable or of the file says; None where it says nothing."""
    if option.kind in ("flag", "yes", "no"):
        state = text.lower()
        if state not in _TRUE | _FALSE:
            raise UsageError(f"{source}: {text!r} is neither true nor false", hint="write 1 or 0")
        if option.kind == "flag":
            return state in _TRUE
        # each of the pair counts as its flag given, or as nothing
        return (option.kind == "yes") if state in _TRUE else None
    if option.kind == "count":
        if not text.isdigit():
            raise UsageError(f"{source}: {text!r} is no number", hint="write 0, 1 or 2")
        return int(text)
    return _several(text) if option.kind == "many" else text


def _several(text: str) -> list[str]:
    """Split by lines, else by commas and the separator of PATH; `>=3.9,<3.12` stays one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        return lines
    found: list[str] = []
    for part in text.split(","):
        piece = part.strip()
        if found and piece.startswith(_OPERATORS) and any(one in found[-1] for one in _OPERATORS):
            found[-1] += f",{piece}"
        elif piece:
            found += [one for one in piece.split(os.pathsep) if one]
    return found
