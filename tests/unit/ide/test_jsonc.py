"""JSON with comments, edited: what was not meant stays byte for byte; what cannot be read is refused with its place."""

from __future__ import annotations

import json

import pytest

from alcove.ide.jsonc import BrokenText, parse, put

# text -> the same with "k" set to "v"
EDITS = {
    "nothing": ("", '{\n    "k": "v"\n}\n'),
    "blank": ("\n\n", '\n\n{\n    "k": "v"\n}\n'),
    "a byte order mark": ("\ufeff", '\ufeff{\n    "k": "v"\n}\n'),
    "a comment alone": ("// mine", '// mine\n{\n    "k": "v"\n}\n'),
    "empty": ("{}", '{\n    "k": "v"\n}'),
    "empty with a comment": ("{\n  // a\n}\n", '{\n  // a\n    "k": "v"\n}\n'),
    "one line": ('{"a": 1}', '{"a": 1, "k": "v"}'),
    "one line, comma": ('{"a": 1, }', '{"a": 1, "k": "v", }'),
    "two spaces": ('{\n  "a": 1\n}\n', '{\n  "a": 1,\n  "k": "v"\n}\n'),
    "tabs": ('{\n\t"a": 1\n}\n', '{\n\t"a": 1,\n\t"k": "v"\n}\n'),
    "trailing comma": ('{\n  "a": 1,\n}', '{\n  "a": 1,\n  "k": "v",\n}'),
    "CRLF": ('{\r\n  "a": 1 // x\r\n}\r\n', '{\r\n  "a": 1, // x\r\n  "k": "v"\r\n}\r\n'),
    "comment after the last": (
        '{\n  "a": 1 // about a\n  // end\n}',
        '{\n  "a": 1, // about a\n  "k": "v"\n  // end\n}',
    ),
    "block comment after the last": (
        '{\n  "a": [1, 2,] /* x */ /* y */\n}',
        '{\n  "a": [1, 2,], /* x */ /* y */\n  "k": "v"\n}',
    ),
    "block comment over lines": (
        '{\n  "a": 1 /* x\n y */\n}',
        '{\n  "a": 1,\n  "k": "v" /* x\n y */\n}',
    ),
    "comma behind a comment": (
        '{\n  "a": 1 // x\n  ,\n}',
        '{\n  "a": 1 // x\n  ,\n  "k": "v",\n}',
    ),
    "brace on the last line": ('{\n  "a": 1 }', '{\n  "a": 1,\n  "k": "v" }'),
    "there": ('{"k" : /* old */ "w", "z": 0}', '{"k" : /* old */ "v", "z": 0}'),
    "there twice": ('{"k": 1, "k": 2,}', '{"k": 1, "k": "v",}'),
    "there as it should be": ('{ "k":"v" }', '{ "k":"v" }'),
    "in an inner object only": ('{"a": {"k": 1}}', '{"a": {"k": 1}, "k": "v"}'),
    "a string that looks like a comment": (
        '{\n  "a": "http://x /* y */ \\"\\\\"\n}',
        '{\n  "a": "http://x /* y */ \\"\\\\",\n  "k": "v"\n}',
    ),
    "an escaped key": ('{"\\u006b": null}', '{"\\u006b": "v"}'),
}


@pytest.mark.parametrize(("before", "after"), EDITS.values(), ids=EDITS.keys())
def test_an_edit(before: str, after: str) -> None:
    found = put(before, "k", "v", where="f")
    assert found == after
    assert parse(found, where="f").value["k"] == "v"
    assert put(found, "k", "v", where="f") == found


def test_lists_are_shown_as_the_file_is() -> None:
    found = put('{\n\t"a": 1\n}', "k", ["x", "ü"], where="f")
    assert found == '{\n\t"a": 1,\n\t"k": [\n\t\t"x",\n\t\t"ü"\n\t]\n}'
    assert put('{"k": 1}', "k", [1], where="f") == '{"k": [\n    1\n]}'
    assert put("{}", "k", [], where="f") == '{\n    "k": []\n}'


BROKEN = {
    '{\n  "a": \n}': (3, 1, "no value"),
    '{\n  "a" 1}': (2, 7, "colon"),
    '{"a": 1 "b": 2}': (1, 9, "comma or }"),
    '{"a": [1 2]}': (1, 10, "comma or ]"),
    '{"a": 1,, }': (1, 9, "key in double quotes"),
    "{'a': 1}": (1, 2, "key in double quotes"),
    '{"a': (1, 2, "not closed"),
    '{"a\n": 1}': (1, 2, "not closed"),
    '{"a": "\\x"}': (1, 7, "escape"),
    '{"a": 1': (1, 8, "comma or }"),
    '{"a": ': (1, 7, "missing at the end"),
    '{"a": [': (1, 8, "missing at the end"),
    "/* x": (1, 1, "comment is not closed"),
    '{"a": 01}': (1, 7, "'01' is no value"),
    '{"a": NaN}': (1, 7, "'NaN' is no value"),
    '{"a": -Infinity}': (1, 7, "no value"),
    '{"a": True}': (1, 7, "'True' is no value"),
    "{} {}": (1, 4, "follows the end"),
    "[1]": (1, 1, "no object"),
    '\ufeff"x"': (1, 1, "no object"),
    '{\r\n  "ü": ?}': (2, 8, "'?' is no value"),
    "<<<<<<< HEAD\n{}": (1, 1, "'<' is no value"),
    '{"a": ' + "[" * 300: (1, 207, "too deeply"),
}


@pytest.mark.parametrize(("text", "place"), BROKEN.items(), ids=map(repr, range(len(BROKEN))))
def test_what_is_broken_is_refused_with_its_place(text: str, place: tuple[int, int, str]) -> None:
    line, column, reason = place
    with pytest.raises(BrokenText) as caught:
        put(text, "k", 1, where="/w/settings.json")
    assert caught.value.message.startswith(f"/w/settings.json:{line}:{column}: ")
    assert reason in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "text",
    ['{"a": [1, -2.5e3, true, false, null, "x\\n", {"b": []}]}', '"x"', "[]", " 12 "],
)
def test_plain_json_is_read_as_json_is(text: str) -> None:
    assert parse(text, where="f").value == json.loads(text)
