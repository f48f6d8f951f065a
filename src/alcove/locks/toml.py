"""TOML out of plain values, for locks: the same values give the same text, one file a line.

Rule: tables of the top level are written as `[name]` and `[[name]]`; what lies deeper is inline, so that a changed
wheel is one changed line. Reading is `tomllib`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

__all__ = ["Value", "document", "nested"]

Value: TypeAlias = "str | bool | int | datetime | Sequence[Value] | Mapping[str, Value]"

_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
}
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def document(values: Mapping[str, Value]) -> str:
    """Return the TOML text of `values`, keys in their order, but tables after all else.

    >>> print(document({"a": 1, "packages": [{"name": "x"}]}), end="")
    a = 1
    <BLANKLINE>
    [[packages]]
    name = "x"
    """
    plain: list[str] = []
    tables: list[str] = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            tables.append(f"\n[{_key(name)}]\n{_pairs(value)}")
        elif _is_tables(value):
            tables.extend(f"\n[[{_key(name)}]]\n{_pairs(item)}" for item in _mappings(value))
        else:
            plain.append(_pair(name, value))
    return "".join(plain + tables)


def nested(values: Mapping[str, Value], *, heading: str = "") -> str:
    """Return the TOML text of `values` with every table under a heading of its own, as most writers of TOML do it.

    >>> print(nested({"a": 1, "packages": [{"name": "x", "vcs": {"type": "git"}}]}), end="")
    a = 1
    <BLANKLINE>
    [[packages]]
    name = "x"
    <BLANKLINE>
    [packages.vcs]
    type = "git"
    """
    plain: list[str] = []
    tables: list[str] = []
    for name, value in values.items():
        below = f"{heading}.{_key(name)}" if heading else _key(name)
        if isinstance(value, Mapping):
            tables.append(f"\n[{below}]\n{nested(value, heading=below)}")
        elif _is_tables(value):
            tables.extend(
                f"\n[[{below}]]\n{nested(item, heading=below)}" for item in _mappings(value)
            )
        else:
            plain.append(_pair(name, value))
    return "".join(plain + tables)


def _is_tables(value: Value) -> bool:
    return bool(_mappings(value))


def _mappings(value: Value) -> list[Mapping[str, Value]]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        return []
    return [item for item in value if isinstance(item, Mapping)]


def _pairs(table: Mapping[str, Value]) -> str:
    return "".join(_pair(name, value) for name, value in table.items())


def _pair(name: str, value: Value) -> str:
    items = _mappings(value)
    if items:
        lines = "".join(f"    {_inline(item)},\n" for item in items)
        return f"{_key(name)} = [\n{lines}]\n"
    return f"{_key(name)} = {_inline(value)}\n"


def _inline(value: Value) -> str:
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(name)} = {_inline(item)}" for name, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    return f"[{', '.join(_inline(item) for item in value)}]"


def _key(name: str) -> str:
    return name if name and _BARE.issuperset(name) else _string(name)


def _string(text: str) -> str:
    # TOML: basic strings escape control characters; a lone surrogate has no form at all.
    return '"' + "".join(_ESCAPES.get(char) or _character(char) for char in text) + '"'


def _character(char: str) -> str:
    number = ord(char)
    if number < 0x20 or number == 0x7F:
        return f"\\u{number:04X}"
    if 0xD800 <= number <= 0xDFFF:
        raise ValueError("a lone surrogate has no form in TOML")
    return char
