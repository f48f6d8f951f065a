"""Write any text as one literal of a shell's language, so that it is data and never code.

Every function takes any `str` without NUL and returns source text that the shell reads back as that very
text. Undecodable bytes of a path travel as surrogate escapes, as `os.fsdecode` makes them.
"""

from __future__ import annotations

__all__ = ["cmd", "csh", "fish", "nu", "posix", "powershell", "python"]


def posix(text: str) -> str:
    r"""Return `text` as a literal of bash, dash, zsh, ksh, mksh, yash and busybox.

    >>> print(posix("it's $x"))
    'it'\''s $x'
    """
    return "'" + text.replace("'", "'\\''") + "'"


def fish(text: str) -> str:
    r"""Return `text` as a literal of fish, where a backslash quotes inside single quotes.

    >>> print(fish("it's $x"))
    'it\'s $x'
    """
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def csh(text: str) -> str:
    r"""Return `text` as a literal of csh and tcsh.

    What history and `set backslash_quote` give a meaning to inside quotes stands outside them.

    >>> print(csh("it's !x"))
    'it'\''s '\!'x'
    """
    return "'" + "".join([_CSH.get(character, character) for character in text]) + "'"


_CSH = {"\\": "'\\\\'", "'": "'\\''", "!": "'\\!'", "\n": "\\\n"}


def nu(text: str) -> str:
    r"""Return `text` as a literal of nushell: double quotes, in which `$` has no meaning.

    >>> print(nu('a "b" $x'))
    "a \"b\" $x"
    """
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join([c if c >= " " else f"\\u{{{ord(c):x}}}" for c in text]) + '"'


def powershell(text: str) -> str:
    """Return `text` as an expression of PowerShell in ASCII alone.

    Windows PowerShell reads a script without a byte order mark in the machine's code page, PowerShell 7 in
    UTF-8: what is not ASCII is therefore spelled as UTF-16 code units.

    >>> print(powershell("it's é"))
    ('it''s ' + [char]0xe9)
    """
    pieces: list[str] = []
    run = ""
    for character in text:
        if " " <= character <= "~":
            run += "''" if character == "'" else character
            continue
        if run:
            pieces.append(f"'{run}'")
            run = ""
        pieces.extend(f"[char]0x{unit:x}" for unit in _units(character))
    if run or not pieces:
        pieces.append(f"'{run}'")
    if pieces[0][0] == "[":
        pieces.insert(0, "''")  # [char] + [char] would be a sum of numbers
    return pieces[0] if len(pieces) == 1 else "(" + " + ".join(pieces) + ")"


def _units(character: str) -> list[int]:
    code = ord(character)
    if code < 0x10000:
        return [code]
    return [0xD800 + (code - 0x10000 >> 10), 0xDC00 + (code & 0x3FF)]


def cmd(text: str) -> str:
    """Return `text` as the value in a line `set "NAME=value"` of a batch file, without delayed expansion.

    Inside these quotes only `%` and the quote itself have a meaning. A batch file has no form for a quote that
    stays data wherever the value is used again, nor for a line break: `'` and a space take their places.

    >>> print(cmd('50% & "more"'))
    50%% & 'more'
    """
    return "".join([_CMD.get(c, c if c >= " " and c != "\x7f" else " ") for c in text])


_CMD = {"%": "%%", '"': "'"}


def python(text: str) -> str:
    r"""Return `text` as a literal of Python 3 (and of xonsh) in ASCII alone.

    >>> print(python("é"))
    '\xe9'
    """
    return ascii(text)
