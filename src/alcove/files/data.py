"""JSON in and out without the `json` package, whose import costs more than most of what we read.

The C halves of the standard library's parser and encoder are used where the interpreter has them
(CPython); elsewhere this module is the `json` package under two other names.
"""

from __future__ import annotations

from alcove.files import reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    JSON = Any  # what a JSON text can hold; every reader narrows it at once

__all__ = ["DataError", "dumps", "loads", "read"]


class DataError(ValueError):
    """The bytes are no JSON text in UTF-8."""


def read(path: str) -> JSON:
    """Return what the JSON file `path` (absolute) holds; OSError, or DataError where it is torn."""
    return loads(reading.content(path))


class _Context:
    """What the C scanner asks of its decoder."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    array_hook = None  # asked for by 3.15
    parse_float = float
    parse_int = int
    parse_constant = staticmethod({"NaN": None}.get)
    memo: dict[str, str] = {}  # noqa: RUF012  the scanner clears it itself


def _refuse(value: object) -> Any:
    raise TypeError(f"{type(value).__name__} has no form in JSON")


# Both halves are private: a later Python may have others, or ask more of who calls them.
try:
    from _json import encode_basestring_ascii as _quote
    from _json import make_encoder as _make_encoder
    from _json import make_scanner as _make_scanner

    _scan = _make_scanner(_Context())  # type: ignore[arg-type]
    _make_encoder({}, _refuse, _quote, None, ":", ",", False, False, False)
except (ImportError, AttributeError, TypeError):  # PyPy and others
    import json as _json

    def loads(data: bytes | memoryview) -> JSON:
        """Return what the JSON text `data` says."""
        try:
            return _json.loads(bytes(data))
        except (ValueError, RecursionError) as error:
            raise DataError(str(error)) from error

    def dumps(value: JSON) -> bytes:
        """Return `value` as JSON in UTF-8, one line, keys in their order, with a newline at the end."""
        return _json.dumps(value, separators=(",", ":")).encode() + b"\n"

else:
    _BLANK = " \t\n\r"

    def loads(data: bytes | memoryview) -> JSON:
        """Return what the JSON text `data` says."""
        try:
            text = str(data, "utf-8")
            value, end = _scan(text, len(text) - len(text.lstrip(_BLANK)))
        except (ValueError, RecursionError, StopIteration, SystemError, ImportError) as error:
            # The C scanner finds its own error class only once `json.decoder` is loaded (SystemError otherwise).
            raise DataError(_explain(bytes(data)) or str(error)) from None
        if text[end:].strip(_BLANK):
            raise DataError(f"something follows the JSON value at character {end}")
        return value

    def _explain(data: bytes) -> str:
        import json  # noqa: PLC0415  only for a message, never on the hot path

        try:
            json.loads(data)
        except (ValueError, RecursionError) as error:
            return str(error)
        return ""

    def dumps(value: JSON) -> bytes:
        """Return `value` as JSON in UTF-8, one line, keys in their order, with a newline at the end."""
        encode = _make_encoder({}, _refuse, _quote, None, ":", ",", False, False, False)
        return "".join(encode(value, 0)).encode() + b"\n"
