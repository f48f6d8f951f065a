"""Our JSON reader and writer against the standard library's."""

from __future__ import annotations

import _json
import json
import math
import runpy
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alcove.files import data

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    SCALARS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_round_trip(value: object) -> None:
    assert data.loads(data.dumps(value)) == value


@given(VALUES)
def test_same_as_the_standard_library(value: object) -> None:
    assert json.loads(data.dumps(value)) == value
    assert data.loads(json.dumps(value, indent=1).encode()) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_a_value_or_a_data_error(content: bytes) -> None:
    try:
        value = data.loads(content)
    except data.DataError:
        return
    assert value == json.loads(content) or (isinstance(value, float) and math.isnan(value))


@pytest.mark.parametrize(
    "torn",
    [
        b"",
        b" ",
        b"{",
        b'{"a":',
        b'{"a":1',
        b"[1,",
        b"[1] x",
        b'"a',
        b"\xff",
        b"nul",
        b"[" * 200_000,
    ],
    ids=lambda torn: repr(torn[:8]),
)
def test_torn_is_a_data_error(torn: bytes) -> None:
    with pytest.raises(data.DataError):
        data.loads(torn)


def test_one_line_in_the_order_of_keys() -> None:
    assert (
        data.dumps({"b": 1, "a": [True, None, "\u00e9\n"]})
        == b'{"b":1,"a":[true,null,"\\u00e9\\n"]}\n'
    )


def test_what_has_no_form_is_refused() -> None:
    with pytest.raises(TypeError, match="set"):
        data.dumps({"a": {1}})


def test_tuples_are_lists() -> None:
    assert data.loads(data.dumps(("a", (1,)))) == ["a", [1]]


def test_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"a": 1}')
    assert data.read(str(tmp_path / "a.json")) == {"a": 1}
    with pytest.raises(FileNotFoundError):
        data.read(str(tmp_path / "b.json"))


@pytest.mark.skipif(
    sys.implementation.name != "cpython", reason="elsewhere data is the json package"
)
def test_json_is_not_needed() -> None:
    assert "json" not in vars(data)
    assert "_json" not in vars(data)


def asks_more(context: Any) -> Callable[[str, int], tuple[Any, int]]:
    """Return the scanner of a Python that wants what ours has not."""
    assert context.array_hook is None  # 3.15 wants it
    return context.hook_of_a_later_python  # type: ignore[no-any-return]


def takes_more(*words: object, another: object) -> object:
    """Return the encoder of a Python that needs another word."""
    raise AssertionError(words, another)


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="they have no C halves")
@pytest.mark.parametrize(
    ("name", "made"), [("make_scanner", asks_more), ("make_encoder", takes_more)]
)
def test_c_halves_of_a_later_python(
    name: str, made: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_json, name, made)
    later = runpy.run_path(str(data.__file__))
    assert later["loads"](later["dumps"]({"a": [1, None]})) == {"a": [1, None]}
    with pytest.raises(later["DataError"]):
        later["loads"](b"{")


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="they have no C halves")
def test_the_scanner_of_3_15_finds_all_it_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    scanner = _json.make_scanner

    def of_3_15(context: Any) -> Any:
        assert context.array_hook is None
        return scanner(context)

    monkeypatch.setattr(_json, "make_scanner", of_3_15)
    assert "_json" not in runpy.run_path(str(data.__file__))
