"""The options that a line of a requirements file may have, and how they are split from the requirement before them.

pip reads them with optparse: long names may be shortened, `-rFILE` and `--name=value` work, values follow shell quoting.
"""

from __future__ import annotations

import os
import shlex
from typing import NamedTuple

__all__ = ["Given", "OptionError", "frozen_editable", "read_options", "split_line"]

# name -> whether a value follows. The first name of a row is the one that `Given.name` has.
_OPTIONS: tuple[tuple[tuple[str, ...], bool], ...] = (
    (("-r", "--requirement"), True),
    (("-c", "--constraint"), True),
    (("-e", "--editable"), True),
    (("-i", "--index-url", "--pypi-url"), True),
    (("--extra-index-url",), True),
    (("--no-index",), False),
    (("-f", "--find-links"), True),
    (("--no-binary",), True),
    (("--only-binary",), True),
    (("--prefer-binary",), False),
    (("--require-hashes",), False),
    (("--no-require-hashes",), False),
    (("--pre",), False),
    (("--all-releases",), True),
    (("--only-final",), True),
    (("--trusted-host",), True),
    (("--use-feature",), True),
    (("--hash",), True),
    (("-C", "--config-settings"), True),
)
_KNOWN = {
    name: (names[-1] if len(names) < 3 else names[1], takes)
    for names, takes in _OPTIONS
    for name in names
}


class OptionError(ValueError):
    """An option that does not exist or lacks its value; `offset` in the line, `hint` where there is one."""

    def __init__(self, message: str, offset: int, hint: str | None = None) -> None:
        super().__init__(message)
        self.offset = offset
        self.hint = hint


class Given(NamedTuple):
    """One option of a line: its long name, its value ("" without one), and where it stands in the line."""

    name: str
    value: str
    offset: int


def split_line(line: str) -> tuple[str, int]:
    """Part a line into the requirement before the options, and the offset where the options begin.

    As in pip only a blank parts the two, so that markers, which the shell's quoting would spoil, stay whole.
    """
    offset = 0
    for token in line.split(" "):
        if token.startswith("-"):
            return line[:offset].strip(), offset
        offset += len(token) + 1
    return line.strip(), len(line)


def frozen_editable(line: str) -> tuple[tuple[Given, ...], tuple[str, ...]] | None:
    """Read `-e DIRECTORY` as `pip freeze` writes it: without quotes, whatever the directory's name; None for any other line."""
    start, _, path = line.partition(" ")
    if start != "-e" or not os.path.isabs(path) or not os.path.isdir(path):
        return None
    return (Given("--editable", path, 3),), ()


def read_options(line: str, offset: int) -> tuple[tuple[Given, ...], tuple[str, ...]]:
    """Read the options from `offset` on: they, and what stands among them and belongs to none.

    Raises `OptionError`.
    """
    try:
        words = shlex.split(line[offset:])
    except ValueError as error:
        raise OptionError("a quotation mark is not closed", offset) from error
    given: list[Given] = []
    rest: list[str] = []
    position = offset
    index = 0
    while index < len(words):
        word = words[index]
        index += 1
        found = line.find(word.partition("=")[0], position)
        position = found if found >= 0 else position
        if not word.startswith("-") or word == "-":
            rest.append(word)
            continue
        if word == "--":
            rest.extend(words[index:])
            break
        name, value, takes = _option(word, position)
        if takes and value is None:
            if index == len(words):
                raise OptionError(f"{name} needs a value", position)
            value = words[index]
            index += 1
        given.append(Given(name, value or "", position))
        position += len(word)
    return tuple(given), tuple(rest)


def _option(word: str, offset: int) -> tuple[str, str | None, bool]:
    """Recognise one word: the long name, the value that is part of the word, and whether the option takes one."""
    if word.startswith("--"):
        spelled, equals, value = word.partition("=")
        name, takes = _long(spelled, offset)
        if equals and not takes:
            raise OptionError(f"{name} takes no value", offset)
        return name, value if equals else None, takes
    known = _KNOWN.get(word[:2])
    if known is None:
        raise OptionError(f"there is no option {word[:2]}", offset, _offer())
    return known[0], word[2:] or None, known[1]


def _long(spelled: str, offset: int) -> tuple[str, bool]:
    """Find an option by its long name or by a beginning that only one has."""
    if spelled in _KNOWN:
        return _KNOWN[spelled]
    fitting = sorted({known for name, known in _KNOWN.items() if name.startswith(spelled)})
    if len(fitting) == 1 and len(spelled) > 2:
        return fitting[0]
    if fitting:
        raise OptionError(f"{spelled} may be {', '.join(name for name, _ in fitting)}", offset)
    raise OptionError(f"there is no option {spelled} in a requirements file", offset, _offer())


def _offer() -> str:
    """List what there is."""
    return "there are " + ", ".join(sorted({name for name, _ in _KNOWN.values()}))
