"""The command line of pip, read as its documentation says: abbreviations, `--a=b`, `-rFILE`, `-qq`, `--`.

Driven by the table in `options`; no `argparse` or `optparse`, whose import costs more than `pip list`.
"""

from __future__ import annotations

import os

from alcove.environments.installed import normalise
from alcove.errors import AlcoveError, UsageError
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alcove.pip.options import Option

__all__ = ["Misconfigured", "Parsed", "parse", "takes_value", "truth"]

Value = bool | int | float | str | list[str]

_WITHOUT_VALUE = frozenset({"flag", "unflag", "count", "none", "no-cache"})
_LISTS = frozenset(
    {"append", "paths", "choices", "packages", "formats", "setting", "group", "pair", "refresh"}
)


class Misconfigured(AlcoveError):
    """A configuration file or a PIP_* variable gives an option a value that it does not take."""

    exit_code = 3

    def __init__(self, key: str, reason: str) -> None:
        variable = "PIP_" + key.upper().replace("-", "_")
        super().__init__(
            f"An error occurred during configuration: {reason.replace('--' + key, key)}",
            hint=f"correct {variable}, or {key} in a configuration file of pip: pip config debug shows which there are",
        )


class Parsed(NamedTuple):
    """What a command line said: the values by the table's names, and the arguments that are no options."""

    values: dict[str, Value]
    arguments: list[str]

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return whether a flag was given."""
        return bool(self.values.get(name, default))

    def times(self, name: str) -> int:
        """Return how often a counted option was given, or an integer's value (0 without)."""
        value = self.values.get(name, 0)
        return int(value) if isinstance(value, (int, float)) else 0

    def text(self, name: str) -> str | None:
        """Return the text that an option was given."""
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def number(self, name: str) -> float | None:
        """Return the number that an option was given."""
        value = self.values.get(name)
        return float(value) if isinstance(value, (int, float)) else None

    def texts(self, name: str) -> list[str]:
        """Return all texts that an option was given, in their order."""
        value = self.values.get(name)
        return value if isinstance(value, list) else []


def parse(
    arguments: Sequence[str],
    options: Sequence[Option],
    *,
    defaults: Mapping[str, Sequence[str]] | None = None,
    interspersed: bool = True,
) -> Parsed:
    """Read a command line. UsageError in pip's words for what is not of the form.

    `defaults`: values by long option name without dashes, from configuration and PIP_* variables; those of
    other commands are passed over. With `interspersed` off, the first argument ends the options.
    """
    table = {spelling: option for option in options for spelling in option[0]}
    values: dict[str, Value] = {}
    _apply_defaults(values, table, defaults or {})
    rest: list[str] = []
    pending = list(arguments)
    while pending:
        argument = pending.pop(0)
        if argument == "--":
            rest += pending
            break
        if argument.startswith("--"):
            _long(argument, pending, values, table)
        elif argument.startswith("-") and len(argument) > 1:
            _short(argument, pending, values, table)
        elif interspersed:
            rest.append(argument)
        else:
            rest += [argument, *pending]
            break
    return Parsed(values, rest)


def takes_value(option: Option) -> bool:
    """Tell whether an option is followed by a value."""
    return option[1] not in _WITHOUT_VALUE


def truth(text: str) -> bool | None:
    """Return what a configuration's yes or no says; None for anything else.

    >>> truth("on"), truth("0"), truth("maybe")
    (True, False, None)
    """
    text = text.lower()
    if text in {"y", "yes", "t", "true", "on", "1"}:
        return True
    return False if text in {"n", "no", "f", "false", "off", "0"} else None


def _long(
    argument: str, pending: list[str], values: dict[str, Value], table: Mapping[str, Option]
) -> None:
    given, equals, value = argument.partition("=")
    name = _complete(given, table)
    option = table[name]
    if option[1] in _WITHOUT_VALUE:
        if equals:
            raise UsageError(f"{name} option does not take a value")
        _take(values, option, name, "")
        return
    if not equals:
        if not pending:
            raise UsageError(f"{name} option requires 1 argument")
        value = pending.pop(0)
    _take(values, option, name, value)


def _short(
    argument: str, pending: list[str], values: dict[str, Value], table: Mapping[str, Option]
) -> None:
    letters = argument[1:]
    while letters:
        name, letters = "-" + letters[0], letters[1:]
        option = table.get(name)
        if option is None:
            raise UsageError(f"no such option: {name}")
        if option[1] in _WITHOUT_VALUE:
            _take(values, option, name, "")
            continue
        if not letters and not pending:
            raise UsageError(f"{name} option requires 1 argument")
        _take(values, option, name, letters or pending.pop(0))
        return


def _complete(given: str, table: Mapping[str, Option]) -> str:
    """Return the long option that `given` is, or begins without doubt."""
    if given in table:
        return given
    possible = sorted(name for name in table if name.startswith(given) and len(given) > 2)
    if not possible:
        raise UsageError(f"no such option: {given}")
    if len(possible) > 1:
        raise UsageError(f"ambiguous option: {given} ({', '.join(possible)}?)")
    return possible[0]


def _take(values: dict[str, Value], option: Option, name: str, text: str) -> None:
    _, kind, key, extra = option
    if kind == "count":
        before = values.get(key, 0)
        values[key] = (before if isinstance(before, int) else 0) + 1
    elif kind in _WITHOUT_VALUE:
        values[key] = kind == "flag" if kind != "no-cache" else ""
    elif kind in _LISTS:
        _append(values, option, name, text)
    else:
        values[key] = _scalar(kind, name, text, extra)


def _scalar(kind: str, name: str, text: str, choices: tuple[str, ...]) -> Value:
    if kind == "integer":
        try:
            return int(text, 0) if text[:1] == "0" and len(text) > 1 else int(text)
        except ValueError:
            raise UsageError(f"option {name}: invalid integer value: {text!r}") from None
    if kind == "number":
        try:
            return float(text)
        except ValueError:
            raise UsageError(f"option {name}: invalid floating-point value: {text!r}") from None
    if kind == "choice":
        return _chosen(name, text, choices)
    if kind == "python":
        _check_python(name, text)
    if kind == "moment":
        import time

        from alcove.requirements.moments import moment

        return moment(text, now=time.time(), option=name)
    return os.path.expanduser(text) if kind == "path" else text


def _append(values: dict[str, Value], option: Option, name: str, text: str) -> None:
    _, kind, key, extra = option
    listed = values.setdefault(key, [])
    if not isinstance(listed, list):
        raise TypeError(key)
    if kind == "formats":
        other = values.setdefault(extra[0], [])
        if isinstance(other, list):
            _exclude(text, listed, other)
    elif kind == "refresh":
        _refresh(text, listed)
    else:
        listed.append(_item(kind, name, text, extra))


def _item(kind: str, name: str, text: str, extra: tuple[str, ...]) -> str:
    """Return one value of an option that may be repeated, checked."""
    if kind == "choices":
        return _chosen(name, text, extra)
    if kind == "paths":
        return os.path.expanduser(text)
    if kind == "packages":
        return normalise(text)
    if kind == "pair":
        return extra[0] + text
    if kind == "group":
        _check_group(name, text)
    elif kind == "setting" and "=" not in text:
        raise UsageError(f"Arguments to {name} must be of the form KEY=VAL")
    return text


def _check_python(name: str, text: str) -> None:
    """Refuse what is no version of a Python: "3", "37", "3.7", "3.7.3"."""
    parts = text.split(".")
    if len(parts) > 3:
        why = "at most three version parts are allowed"
    elif not all(part.isdecimal() for part in parts):
        why = "each version part must be an integer"
    else:
        return
    raise UsageError(f"{name} error: invalid --python-version value: {text!r}: {why}")


def _refresh(text: str, listed: list[str]) -> None:
    """Add to `--refresh-package`, which takes `:all:` and `:none:`, too."""
    if text.startswith("-"):
        raise UsageError("--refresh-package option requires 1 argument.")
    for raw in text.split(","):
        if raw in (":all:", ":none:"):
            listed[:] = [":all:"] if raw == ":all:" else []
        elif normalise(raw) not in listed:
            listed.append(normalise(raw))


def _check_group(name: str, text: str) -> None:
    """Check "[PATH:]NAME": the path must be that of a project or a lock."""
    path, colon, _ = text.rpartition(":")
    base = os.path.basename(path.partition("[")[0])
    lock = base == "pylock.toml" or (base.startswith("pylock.") and base.endswith(".toml"))
    if colon and base != "pyproject.toml" and not lock:
        raise UsageError(
            f"{name} error: group paths use local 'pyproject.toml' or 'pylock.toml' files"
        )


def _exclude(text: str, listed: list[str], other: list[str]) -> None:
    """Add to `--no-binary` or `--only-binary`, which take names from each other, as pip documents it."""
    if text.startswith("-"):
        raise UsageError("--no-binary / --only-binary option requires 1 argument.")
    names = text.split(",")
    while ":all:" in names:
        other.clear()
        listed[:] = [":all:"]
        del names[: names.index(":all:") + 1]
        if ":none:" not in names:
            return
    for raw in names:
        if raw == ":none:":
            listed.clear()
            continue
        name = normalise(raw)
        if name in other:
            other.remove(name)
        if name not in listed:
            listed.append(name)


def _chosen(name: str, text: str, choices: tuple[str, ...]) -> str:
    if text not in choices:
        listed = ", ".join(map(repr, choices))
        raise UsageError(f"option {name}: invalid choice: {text!r} (choose from {listed})")
    return text


def _apply_defaults(
    values: dict[str, Value], table: Mapping[str, Option], defaults: Mapping[str, Sequence[str]]
) -> None:
    for key, said_texts in defaults.items():
        option = table.get("--" + key)
        texts = [text for text in said_texts if text]  # pip: an empty value is none
        if option is None or not texts:
            continue
        kind, name = option[1], option[2]
        if kind in {"flag", "unflag", "none"}:
            said = truth(texts[-1])
            if said is None:
                raise UsageError(
                    f"{texts[-1]} is not a valid value for {key} option, please specify a boolean"
                    " value like yes/no, true/false or 1/0 instead."
                )
            values[name] = said
        elif kind == "count":
            values[name] = _counted(key, texts[-1])
        elif kind in _LISTS:
            for text in texts:
                _configure(values, option, key, text)
        else:
            _configure(values, option, key, texts[-1])


def _configure(values: dict[str, Value], option: Option, key: str, text: str) -> None:
    """Take a value that a configuration gives; AlcoveError with pip's exit code where it is not of the kind."""
    try:
        _take(values, option, "--" + key, text)
    except UsageError as error:
        if option[1] not in {"integer", "number", "choice", "choices"}:
            raise
        raise Misconfigured(key, error.message) from error


def _counted(key: str, text: str) -> int:
    said = truth(text)
    if said is not None:
        return int(said)
    if not text.isdigit():
        raise UsageError(
            f"{text} is not a valid value for {key} option, please instead specify either a"
            " non-negative integer or a boolean value like yes/no or false/true which is"
            " equivalent to 1/0."
        )
    return int(text)
