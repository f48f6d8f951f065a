"""Launchers: the programs in an environment's `bin` that call an entry point, and the scripts of wheels.

What is written here runs under every Python from 2.7 to 3.15. Windows' `.exe` launchers are not there.
"""

from __future__ import annotations

import os

from alcove.errors import UsageError

__all__ = ["launcher", "moved", "rewrite_shebang"]

_OTHERS = b"'''exec' "  # how that line begins with pip, distlib and uv
_PLAIN = str.maketrans("/._-+@%:,", "0" * 9)
_TAIL = b'\' "$0" "$@"'  # of the line that starts an interpreter whose path no shebang can hold
_LONGEST_SHEBANG = 127  # bytes with "#!": what Linux before 5.1 read of the first line
_LAUNCHER = """\
import sys

from {module} import {first}

if __name__ == "__main__":
    if sys.argv[0].endswith(".exe"):
        sys.argv[0] = sys.argv[0][:-4]
    sys.exit({attribute}())
"""


def launcher(python: str, module: str, attribute: str, *, gui: bool = False) -> bytes:
    """Return a program that runs `module:attribute` (dotted identifiers) with the interpreter `python`.

    `python` is an absolute path. `gui` changes nothing but on Windows.

    >>> print(launcher("/e/bin/python", "a.b", "c.d").decode().splitlines()[0])
    #!/e/bin/python
    """
    del gui
    body = _LAUNCHER.format(module=module, first=attribute.partition(".")[0], attribute=attribute)
    coding = "" if _shebang_fits(os.fsencode(python)) else "# -*- coding: utf-8 -*-\n"
    if not body.isascii():
        coding = "# -*- coding: utf-8 -*-\n"
    return _first_lines(python, coding.encode()) + body.encode()


def rewrite_shebang(script: bytes, python: str) -> bytes:
    """Return a wheel's script for the interpreter `python`; one that names no `#!python` stays as it is.

    Binary distribution format: "If the first line of a file in scripts/ starts with exactly b'#!python',
    it is rewritten to point to the correct interpreter." Arguments on that line are dropped, as pip does.
    """
    if not script.startswith(b"#!python"):
        return script
    first, newline, rest = script.partition(b"\n")
    word = first[2:].split()[0] if first[2:].split() else b""
    if word not in {b"python", b"pythonw"}:
        return script
    return _first_lines(python, b"") + (rest if newline else b"")


def moved(script: bytes, old: str, new: str) -> bytes:
    r"""Return a script that starts a program in the directory `old` so that it starts the one in `new` (absolute paths).

    One that starts something else, or whose new first line no system would read whole, stays as it is.

    >>> moved(b"#!/old/bin/python3 -I\\n1\\n", "/old/bin", "/new/bin")
    b'#!/new/bin/python3 -I\\n1\\n'
    """
    before, after = os.fsencode(old) + b"/", os.fsencode(new) + b"/"
    lines = script.split(b"\n", 3)
    if lines[0].startswith(b"#!" + before):
        line = b"#!" + after + lines[0][len(before) + 2 :]
        name = line[len(after) + 2 :].partition(b" ")[0]
        rest = script[len(lines[0]) :].removeprefix(b"\n")
        if _shebang_fits(after) and len(line) <= _LONGEST_SHEBANG:
            return line + script[len(lines[0]) :]
        return _first_lines(os.fsdecode(after + name), b"") + rest if _is_python(name) else script
    if lines[0] == b"#!/bin/sh" and len(lines) == 4:  # `_first_lines`
        start = b"'exec' " + _quoted(before)[:-1]
        name, quote, tail = lines[2].removeprefix(start).partition(b"'")
        if lines[2].startswith(start) and quote + tail == _TAIL and _is_python(name):
            return _first_lines(os.fsdecode(after + name), lines[1] + b"\n") + lines[3]
    start = b"#!/bin/sh\n" + _OTHERS
    if script.startswith(start):
        quote = script[len(start) : len(start) + 1]
        quote = quote if quote in (b'"', b"'") else b""
        if script.startswith(start + quote + before) and _is_plain(after, quote):
            return start + quote + after + script[len(start + quote + before) :]
    return script


def _is_plain(path: bytes, quote: bytes) -> bool:
    """Tell whether a path stands for itself in a line of `sh`, between these quotes or, with b"", without any."""
    special = {b'"': b'"$`\\\n\0', b"'": b"'\n\0"}.get(quote)
    if special is None:
        return path.decode("ascii", "replace").translate(_PLAIN).isalnum()
    return not set(path) & set(special)


def _is_python(name: bytes) -> bool:
    return name.startswith((b"python", b"pypy")) and b"/" not in name


def _first_lines(python: str, coding: bytes) -> bytes:
    path = os.fsencode(python)
    if b"\n" in path or b"\r" in path or b"\0" in path:
        raise UsageError(
            f"{python!r}: no launcher can name an interpreter with a line break in its path",
            hint="make the environment in a directory with a plain name",
        )
    if _shebang_fits(path):
        return b"#!" + path + b"\n" + coding
    # A shebang ends at a blank and at 127 bytes. /bin/sh takes the third line for a command, Python for
    # strings that stand side by side; neither sees a backslash sequence, which new Pythons warn of.
    coding = coding or b"# -*- coding: utf-8 -*-\n"
    word = _quoted(path) if _is_text(path) else _printed(path)
    return b"#!/bin/sh\n" + coding + b"'exec' " + word + _TAIL[1:] + b"\n"


def _shebang_fits(path: bytes) -> bool:
    plain = not any(mark in path for mark in b" \t") and _is_text(path)
    return plain and len(path) + 2 <= _LONGEST_SHEBANG


def _is_text(path: bytes) -> bool:
    """Tell whether Python reads a source file with this path in it: it refuses what is no UTF-8, in comments too."""
    try:
        path.decode()
    except UnicodeDecodeError:
        return False
    return True


def _printed(path: bytes) -> bytes:
    """Return any path as one word of sh that has `printf` write it, and is a Python string literal without its bytes."""
    pieces = (
        one if one.isalnum() or one in b"/._-+" else b"\\%03o" % one[0]
        for one in (path[at : at + 1] for at in range(len(path)))
    )
    return b"\"$(printf '" + b"".join(pieces) + b"')\""


def _quoted(path: bytes) -> bytes:
    """Return `path` as one word of sh that is also a row of Python string literals."""
    pieces = []
    plain = b""
    for mark in path:
        if mark in b"'\\":
            if plain:
                pieces.append(b"'" + plain + b"'")
            pieces.append(b'"' + (b"\\\\" if mark == 92 else b"'") + b'"')
            plain = b""
        else:
            plain += bytes([mark])
    if plain:
        pieces.append(b"'" + plain + b"'")
    return b"".join(pieces)
