"""Turn the bytes of a requirements file into logical lines that know where each character stood.

Decoding, continuation lines, comments and variables follow pip 26.3.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, NamedTuple

from alcove.errors import InvalidRequirement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Line", "decode", "logical_lines"]

# The longer marks first: the one of UTF-16-LE begins the one of UTF-32-LE.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
)
_CODING = re.compile(rb"coding[:=]\s*([-\w.]+)")
_COMMENT = re.compile(r"(^|\s+)#.*$")
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
_LONGEST = 1_000_000  # characters of a logical line; what variables expand to is in it


class _Piece(NamedTuple):
    """From `offset` of a logical line on, its characters stood at `line` and from `column` on."""

    offset: int
    line: int
    column: int


class Line(NamedTuple):
    """One logical line. `variables`: the names that it expands; both counts of a place start with 1."""

    text: str
    pieces: tuple[_Piece, ...]
    variables: tuple[str, ...] = ()

    def place(self, offset: int) -> tuple[int, int]:
        """Give line and column of the character at `offset` (the start of a variable for what it expanded to)."""
        found = self.pieces[0]
        for piece in self.pieces:
            if piece.offset > offset:
                break
            found = piece
        return found.line, found.column + max(0, offset - found.offset)


def decode(data: bytes, *, origin: str) -> str:
    """Give the text of a requirements file: by its byte order mark, by `coding:` in the first two lines, else UTF-8.

    `origin` is the name of the file. Raises `InvalidRequirement` with the place of the first bad byte.
    """
    encoding = _encoding(data)
    for mark, name in _MARKS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], name
            break
    try:
        return data.decode(encoding)
    except LookupError as error:
        raise InvalidRequirement(
            f"{origin}:1:1: {encoding!r} is not the name of an encoding",
            hint="write '# coding: utf-8'",
        ) from error
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        raise InvalidRequirement(
            f"{origin}:{line}:{column}: the byte 0x{data[error.start]:02x} is not {encoding}",
            hint="save the file as UTF-8, or name its encoding in the first line: '# coding: latin-1'",
        ) from error
    except ValueError as error:
        raise InvalidRequirement(f"{origin}:1:1: it cannot be read as {encoding}") from error


def _encoding(data: bytes) -> str:
    """Find the encoding that a comment in the first two lines names (as in PEP 263)."""
    for line in data[:4096].split(b"\n")[:2]:
        if line.startswith(b"#") and (match := _CODING.search(line)):
            return match[1].decode("ascii", "replace")
    return "utf-8"


def logical_lines(text: str, *, environ: Mapping[str, str]) -> Iterator[Line]:
    """Join continued lines, drop comments and blanks, put in the values of `${VARIABLES}` that are set."""
    for joined in _joined(text):
        kept = _COMMENT.sub("", joined.text)
        start = len(kept) - len(kept.lstrip())
        kept = kept.strip()
        if kept:
            yield _expanded(_cut(joined, kept, start), environ)


def _joined(text: str) -> Iterator[Line]:
    r"""Join each line that ends in `\` with the next one; a comment ends the joining."""
    pieces: list[_Piece] = []
    parts: list[str] = []
    length = 0
    for number, line in enumerate(text.splitlines(), start=1):
        comment = _COMMENT.match(line) is not None
        continued = line.endswith("\\") and not comment
        # pip puts a blank before a comment line, so that it ends what went before it.
        shown = line.strip("\\") if continued else " " + line if comment else line
        stripped = len(line) - len(line.lstrip("\\")) if continued else 0
        pieces.append(_Piece(length, number, 0 if comment else stripped + 1))
        parts.append(shown)
        length += len(shown)
        if not continued:
            yield Line("".join(parts), tuple(pieces))
            pieces, parts, length = [], [], 0
    if parts:
        yield Line("".join(parts), tuple(pieces))


def _cut(line: Line, kept: str, start: int) -> Line:
    """Move the places of a line whose first `start` characters went away."""
    number, column = line.place(start)
    later = (
        piece._replace(offset=piece.offset - start) for piece in line.pieces if piece.offset > start
    )
    return Line(kept, (_Piece(0, number, column), *later))


def _expanded(line: Line, environ: Mapping[str, str]) -> Line:
    """Put in the values of variables; one that is not set, or empty, stays as it is written (as in pip)."""
    if "${" not in line.text:
        return line
    parts: list[str] = []
    pieces: list[_Piece] = [line.pieces[0]]
    names: list[str] = []
    done = length = 0
    for match in _VARIABLE.finditer(line.text):
        names.append(match[1])
        value = environ.get(match[1]) or match[0]
        parts += [line.text[done : match.start()], value]
        length += match.start() - done
        _shift(pieces, line, (done, match.start()), length - (match.start() - done))
        pieces.append(_Piece(length, *line.place(match.start())))
        length += len(value)
        done = match.end()
        pieces.append(_Piece(length, *line.place(done)))
    _shift(pieces, line, (done, len(line.text)), length)
    parts.append(line.text[done:])
    text = "".join(parts)
    if len(text) > _LONGEST:
        number, column = line.place(0)
        raise InvalidRequirement(
            f"line {number}, column {column}: the variables make the line {len(text)} characters long"
        )
    return Line(text, tuple(pieces), tuple(names))


def _shift(pieces: list[_Piece], line: Line, span: tuple[int, int], offset: int) -> None:
    """Take over the pieces that begin inside a span of the old line, which begins at `offset` of the new one."""
    start, end = span
    pieces.extend(
        piece._replace(offset=offset + piece.offset - start)
        for piece in line.pieces
        if start < piece.offset < end
    )
