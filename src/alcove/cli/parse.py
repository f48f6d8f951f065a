"""A command line read by the table: no command is imported for `--help` or for a usage error."""

from __future__ import annotations

from alcove.cli.table import COMMON, every, verb_of
from alcove.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.cli.table import Option, Verb

__all__ = ["Values", "parse"]


class Values:
    """What was said: option values by name, and the arguments; an option that was not said is "", (), 0 or False."""

    __slots__ = ("_said", "arguments", "verb", "words")

    def __init__(
        self,
        verb: str,
        said: dict[str, object],
        arguments: tuple[str, ...],
        words: tuple[str, ...] = (),
    ) -> None:
        self.verb = verb
        self.words = words
        self.arguments = arguments
        self._said = said

    def text(self, name: str) -> str:
        """Return the value of an option that takes one, or ""."""
        value = self._said.get(name, "")
        return value if isinstance(value, str) else ""

    def many(self, name: str) -> tuple[str, ...]:
        """Return the values of an option that may be repeated."""
        value = self._said.get(name, [])
        return tuple(value) if isinstance(value, list) else ()

    def flag(self, name: str) -> bool:
        """Tell whether a flag was said."""
        return bool(self._said.get(name, False))

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """Return the value of an option, or ""; UsageError where it is none of `choices`."""
        value = self.text(name)
        if value and value not in choices:
            flag = "--" + name.replace("_", "-")
            raise UsageError(f"{flag} cannot be {value!r}", hint=f"one of: {', '.join(choices)}")
        return value

    @property
    def wait(self) -> float | None:
        """For how many seconds to wait for a busy environment: 0 with `--no-wait`, else None (the settings say)."""
        return 0.0 if self.flag("no_wait") else None

    def count(self, name: str) -> int:
        """Return how often an option was said."""
        value = self._said.get(name, 0)
        return value if isinstance(value, int) else 0


def parse(words: Sequence[str]) -> Values:
    """Return what `words` (without the program's name) say; UsageError where they are not of the table's form.

    The verb is "help" or "version" where only that was asked.
    """
    if not words or words[0] in ("-h", "--help", "help"):
        return Values("help", {}, tuple(words[1:2]))
    if words[0] in ("-V", "--version"):
        return Values("version", {}, ())
    verb = verb_of(words[0])
    if verb is None:
        from alcove.cli.mistaken import advice

        raise UsageError(f"there is no command {words[0]!r}", hint=advice(words[0], list(every())))
    if verb.argument is not None and verb.argument.arity == "all":
        return Values(verb.name, {}, tuple(words[1:]), tuple(words[1:]))
    said, arguments = _read(verb, list(words[1:]))
    if said.get("help"):
        return Values("help", {}, (verb.name,))
    _check_count(verb, arguments)
    return Values(verb.name, said, tuple(arguments), tuple(words[1:]))


def _read(verb: Verb, words: list[str]) -> tuple[dict[str, object], list[str]]:
    options = {flag: option for option in (*verb.options, *COMMON) for flag in option.flags}
    said: dict[str, object] = {}
    arguments: list[str] = []
    rest = verb.argument is not None and verb.argument.arity == "rest"
    while words:
        word = words.pop(0)
        if word == "--":
            return said, arguments + words
        if not word.startswith("-") or word == "-":
            arguments.append(word)
            if rest:
                return said, arguments + words
        elif word.startswith("--"):
            flag, equals, value = word.partition("=")
            option = options.get(flag)
            if option is None:
                raise _unknown(verb, flag, options)
            _take(verb, option, flag, said=said, words=words, value=value if equals else None)
        else:
            _read_short(verb, word, said, words)
    return said, arguments


def _read_short(verb: Verb, word: str, said: dict[str, object], words: list[str]) -> None:
    """Read `-x`, `-xVALUE` and `-xyz`."""
    options = {flag: option for option in (*verb.options, *COMMON) for flag in option.flags}
    letters = word[1:]
    while letters:
        flag, letters = "-" + letters[0], letters[1:]
        option = options.get(flag)
        if option is None:
            raise UsageError(
                f"alcove {verb.name} has no option {flag}", hint=f"alcove {verb.name} --help"
            )
        if option.kind in ("value", "many") and letters:
            _take(verb, option, flag, said=said, words=words, value=letters)
            return
        _take(verb, option, flag, said=said, words=words, value=None)


def _take(
    verb: Verb,
    option: Option,
    flag: str,
    *,
    said: dict[str, object],
    words: list[str],
    value: str | None,
) -> None:
    if option.kind in ("flag", "count"):
        if value is not None:
            raise UsageError(
                f"{flag} of alcove {verb.name} takes no value", hint=f"alcove {verb.name} --help"
            )
        before = said.get(option.name, 0)
        said[option.name] = (before if isinstance(before, int) else 0) + 1
        return
    if value is None and words:
        value = words.pop(0)
    if not value:  # an unset variable of a script, most often
        raise UsageError(
            f"{flag} of alcove {verb.name} needs a value: {option.metavar}",
            hint=f"alcove {verb.name} --help",
        )
    if option.kind == "many":
        values = said.setdefault(option.name, [])
        if isinstance(values, list):
            values.append(value)
    elif option.name in said and said[option.name] != value:
        raise UsageError(
            f"{flag} of alcove {verb.name} was given twice: {said[option.name]} and {value}"
        )
    else:
        said[option.name] = value


def _unknown(verb: Verb, flag: str, options: dict[str, Option]) -> UsageError:
    from alcove.cli.mistaken import nearest

    return UsageError(
        f"alcove {verb.name} has no option {flag}",
        hint=nearest(flag, [name for name in options if name.startswith("--")])
        or f"alcove {verb.name} --help",
    )


def _check_count(verb: Verb, arguments: list[str]) -> None:
    argument = verb.argument
    most = 0 if argument is None else {"1": 1, "2": 2, "?": 1}.get(argument.arity, len(arguments))
    least = 0 if argument is None else {"1": 1, "2": 2, "+": 1, "rest": 1}.get(argument.arity, 0)
    if argument is not None and argument.arity != "rest" and "" in arguments:
        raise UsageError(
            f"{argument.name} of alcove {verb.name} is empty", hint=f"alcove {verb.name} --help"
        )
    if len(arguments) > most:
        raise UsageError(
            f"alcove {verb.name} does not take {arguments[most]!r}",
            hint=f"alcove {verb.name} --help",
        )
    if len(arguments) < least and argument is not None:
        raise UsageError(
            f"alcove {verb.name} needs {argument.name}: {argument.help}",
            hint=f"alcove {verb.name} --help",
        )
