"""JSON with comments and trailing commas, as VS Code keeps its settings: read with positions, edited in place.

Rule: an edit changes the text of one value, or adds one member; every other byte stays as it is.
"""

from __future__ import annotations

import json

from alcove.errors import AlcoveError
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["BrokenText", "Member", "Node", "parse", "put"]

_DEPTH = 200  # of nesting; nothing honest comes near
_BLANK = " \t\r\n"
_WORDS = {"true": True, "false": False, "null": None}


class BrokenText(AlcoveError):
    """The text is no JSON with comments; the message says where, lines and columns counted from 1."""

    advice = "correct it there; nothing was written"


class Node(NamedTuple):
    """One value: the half-open range of the text that it takes, what it says, and its members where it is an object."""

    start: int
    end: int
    value: Any
    members: tuple[Member, ...] = ()


class Member(NamedTuple):
    """One member of an object: where its key begins, the key, its value, and where its comma ends (0: it has none)."""

    start: int
    key: str
    node: Node
    comma: int


def parse(text: str, *, where: str) -> Node:
    """Return the value that `text` holds; BrokenText, with `where` (a path) before line and column, where it holds none."""
    reader = _Reader(text, where)
    start = reader.skip(1 if text.startswith("\ufeff") else 0)
    node = reader.value(start, 0)
    end = reader.skip(node.end)
    if end < len(text):
        raise reader.wrong(end, "something follows the end of the settings")
    return node


def put(text: str, key: str, value: object, *, where: str) -> str:
    """Return `text` with the member `key` of its outermost object saying `value`, added at the end where it is missing.

    Of several members of one name the last is changed, which is the one that counts. A text without any value gets an
    object. BrokenText where the text cannot be read, or is no object.
    """
    if not _Reader(text, where).holds_something():
        gap = "" if not text or text.endswith("\n") or text == "\ufeff" else "\n"
        return f'{text}{gap}{{\n    "{key}": {_shown(value, "    ")}\n}}\n'
    root = parse(text, where=where)
    if not isinstance(root.value, dict):
        raise _Reader(text, where).wrong(root.start, "the settings are no object")
    for member in reversed(root.members):
        if member.key == key:
            if member.node.value == value:
                return text
            shown = _shown(value, _indent(text, member.start), newline=_newline(text))
            return text[: member.node.start] + shown + text[member.node.end :]
    return _added(text, root, key, value)


def _added(text: str, root: Node, key: str, value: object) -> str:
    newline = _newline(text)
    name = json.dumps(key)
    if not root.members:
        # what stands between the braces can only be blanks and comments, and stays
        inner = text[root.start + 1 : root.end - 1]
        outer = _indent(text, root.start)
        head = inner.rstrip() if inner.strip() else ""
        added = f"{newline}{outer}    {name}: {_shown(value, outer + '    ', newline=newline)}"
        return f"{text[: root.start + 1]}{head}{added}{newline}{outer}{text[root.end - 1 :]}"
    last = root.members[-1]
    end = last.comma or last.node.end
    if "\n" not in text[root.start : last.start]:  # all of it on one line
        comma, tail = ("", ",") if last.comma else (",", "")
        return f"{text[:end]}{comma} {name}: {_shown(value, None)}{tail}{text[end:]}"
    indent = _indent(text, last.start)
    rest = _end_of_line(text, end)  # after a comment that speaks of the member before
    shown = f"{newline}{indent}{name}: {_shown(value, indent, newline=newline)}"
    if last.comma:
        return f"{text[:rest]}{shown},{text[rest:]}"
    return f"{text[:end]},{text[end:rest]}{shown}{text[rest:]}"


def _shown(value: object, indent: str | None, *, newline: str = "\n") -> str:
    """Return `value` as JSON; lists over several lines where `indent` says how far the line of its key is in."""
    if indent is None or not isinstance(value, list | dict) or not value:
        return json.dumps(value, ensure_ascii=False)
    step = "\t" if indent.startswith("\t") else (indent or "    ")
    inner = json.dumps(value, ensure_ascii=False, indent=step)
    return inner.replace("\n", newline + indent)


def _newline(text: str) -> str:
    at = text.find("\n")
    return "\r\n" if at > 0 and text[at - 1] == "\r" else "\n"


def _indent(text: str, position: int) -> str:
    """Return the blanks that begin the line of `position`."""
    line = text[text.rfind("\n", 0, position) + 1 : position].lstrip("\ufeff")
    return line[: len(line) - len(line.lstrip(" \t"))]


def _end_of_line(text: str, position: int) -> int:
    """Return where the blanks and comments end that follow `position` on its line."""
    here = position
    while True:
        while here < len(text) and text[here] in " \t":
            here += 1
        if text.startswith("//", here):
            end = text.find("\n", here)
            end = len(text) if end < 0 else end
            return end - 1 if text[end - 1] == "\r" else end
        close = text.find("*/", here)
        if not text.startswith("/*", here) or "\n" in text[here:close]:
            return position
        here = position = close + 2


class _Reader:
    """Reads one text; every method takes a position and returns the one after what it read."""

    def __init__(self, text: str, where: str) -> None:
        self.text = text
        self.where = where

    def wrong(self, position: int, reason: str) -> BrokenText:
        """Return the error for what is wrong at a position."""
        before = self.text[:position].lstrip("\ufeff")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        return BrokenText(f"{self.where}:{line}:{column}: {reason}")

    def holds_something(self) -> bool:
        """Tell whether there is anything but blanks and comments."""
        return self.skip(1 if self.text.startswith("\ufeff") else 0) < len(self.text)

    def skip(self, here: int) -> int:
        """Pass blanks and comments."""
        text = self.text
        while here < len(text):
            if text[here] in _BLANK:
                here += 1
            elif text.startswith("//", here):
                end = text.find("\n", here)
                here = len(text) if end < 0 else end
            elif text.startswith("/*", here):
                end = text.find("*/", here + 2)
                if end < 0:
                    raise self.wrong(here, "a comment is not closed")
                here = end + 2
            else:
                return here
        return here

    def value(self, here: int, depth: int) -> Node:
        """Read one value."""
        if here >= len(self.text):
            raise self.wrong(here, "a value is missing at the end")
        if depth > _DEPTH:
            raise self.wrong(here, "nested too deeply")
        first = self.text[here]
        if first == "{":
            return self.object(here, depth)
        if first == "[":
            return self.array(here, depth)
        if first == '"':
            text, end = self.string(here)
            return Node(here, end, text)
        return self.word(here)

    def object(self, start: int, depth: int) -> Node:
        """Read an object, its braces included."""
        members: list[Member] = []
        here = self.skip(start + 1)
        while not self.text.startswith("}", here):
            if members and not members[-1].comma:
                raise self.wrong(here, "a comma or } is missing")
            if not self.text.startswith('"', here):
                raise self.wrong(here, "a key in double quotes, or }, is missing")
            key, end = self.string(here)
            colon = self.skip(end)
            if not self.text.startswith(":", colon):
                raise self.wrong(colon, "a colon is missing")
            node = self.value(self.skip(colon + 1), depth + 1)
            after = self.skip(node.end)
            comma = after + 1 if self.text.startswith(",", after) else 0
            members.append(Member(here, key, node, comma))
            here = self.skip(comma or after)
        return Node(start, here + 1, {one.key: one.node.value for one in members}, tuple(members))

    def array(self, start: int, depth: int) -> Node:
        """Read an array, its brackets included."""
        values: list[Any] = []
        here = self.skip(start + 1)
        comma = True
        while not self.text.startswith("]", here):
            if not comma:
                raise self.wrong(here, "a comma or ] is missing")
            node = self.value(here, depth + 1)
            values.append(node.value)
            after = self.skip(node.end)
            comma = self.text.startswith(",", after)
            here = self.skip(after + 1) if comma else after
        return Node(start, here + 1, values)

    def string(self, start: int) -> tuple[str, int]:
        """Read a string; return what it says and where it ends."""
        here = start + 1
        while here < len(self.text) and self.text[here] not in '"\n':
            here += 2 if self.text[here] == "\\" else 1
        if not self.text.startswith('"', here):
            raise self.wrong(start, "a string is not closed")
        try:
            return str(json.loads(self.text[start : here + 1], strict=False)), here + 1
        except ValueError:
            raise self.wrong(start, "a string holds an escape that JSON does not have") from None

    def word(self, start: int) -> Node:
        """Read a number, true, false or null."""
        end = start
        while end < len(self.text) and (self.text[end].isalnum() or self.text[end] in "+-."):
            end += 1
        word = self.text[start:end]
        if word in _WORDS:
            return Node(start, end, _WORDS[word])
        digits = word.removeprefix("-")[:1].isdecimal()  # Python's JSON takes NaN and Infinity too
        try:
            return Node(start, end, json.loads(word if digits else ""))
        except ValueError:
            shown = word or self.text[start]
            raise self.wrong(start, f"{shown!r} is no value") from None
