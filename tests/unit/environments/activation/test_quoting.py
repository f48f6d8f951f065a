"""Every quoting function gives one literal that is read back as the very text."""

from __future__ import annotations

import ast
import json
import re
import shlex

from hypothesis import given
from hypothesis import strategies as st

from alcove.environments.activation import quoting

TEXT = st.text(st.characters(min_codepoint=1, exclude_categories=["Cs"]))
NASTY = st.text(st.sampled_from("'\"\\`$!%^&|<>(){}[]#~*?;\n\t éā\u2019\u201b\U0001f40d-=:@x"))


@given(TEXT | NASTY)
def test_posix_is_one_word_of_a_shell(text: str) -> None:
    assert shlex.split(quoting.posix(text)) == [text]


@given(TEXT | NASTY)
def test_fish_has_two_escapes(text: str) -> None:
    literal = quoting.fish(text)
    inside = re.fullmatch(r"'((?:[^'\\]|\\.)*)'", literal, re.DOTALL)
    assert inside
    assert re.sub(r"\\(['\\])", r"\1", inside[1]) == text


@given(TEXT | NASTY)
def test_csh_keeps_history_and_backslashes_outside_quotes(text: str) -> None:
    literal = quoting.csh(text)
    pieces = re.findall(r"'((?:[^'\\!\n]|\\\n)*)'|\\([\\'!])", literal)
    assert "".join(quoted.replace("\\\n", "\n") + bare for quoted, bare in pieces) == text
    assert re.fullmatch(r"(?:'(?:[^'\\!\n]|\\\n)*'|\\[\\'!])+", literal)


@given(TEXT | NASTY)
def test_nu_reads_as_json_does(text: str) -> None:
    literal = quoting.nu(text)
    as_json = re.sub(
        r"(?<!\\)((?:\\\\)*)\\u\{(.*?)\}", lambda m: f"{m[1]}\\u{int(m[2], 16):04x}", literal
    )
    assert json.loads(as_json) == text


@given(TEXT | NASTY)
def test_powershell_is_a_sum_of_strings_in_ascii(text: str) -> None:
    literal = quoting.powershell(text)
    assert literal.isascii()
    pieces = literal[1:-1].split(" + ") if literal.startswith("(") else [literal]
    # A string may hold " + " itself: join what was torn apart.
    units: list[bytes] = []
    whole = ""
    for piece in pieces:
        whole = f"{whole} + {piece}" if whole else piece
        if whole.startswith("[char]"):
            units.append(int(whole[6:], 16).to_bytes(2, "little"))
            whole = ""
        elif re.fullmatch(r"'(?:[^']|'')*'", whole):
            units.append(whole[1:-1].replace("''", "'").encode("utf-16-le"))
            whole = ""
    assert whole == ""
    assert b"".join(units).decode("utf-16-le") == text


def test_powershell_begins_with_a_string() -> None:
    assert quoting.powershell("\u2019") == "('' + [char]0x2019)"
    assert quoting.powershell("") == "''"
    assert quoting.powershell("\U0001f40d") == "('' + [char]0xd83d + [char]0xdc0d)"


@given(TEXT | NASTY)
def test_cmd_holds_nothing_that_ends_the_quotes(text: str) -> None:
    value = quoting.cmd(text)
    assert not re.search(r'["\x00-\x1f\x7f]', value)
    assert "%" not in value.replace("%%", "")
    assert len(value.replace("%%", "%")) == len(text)


@given(st.text())
def test_python_is_a_literal_in_ascii(text: str) -> None:
    assert quoting.python(text).isascii()
    assert ast.literal_eval(quoting.python(text)) == text
