"""TOML as it is written for locks: what `tomllib` reads back is what was given."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alcove.locks.toml import Value, document

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
PLAIN = TEXTS | st.booleans() | st.integers(-(2**63), 2**63 - 1)
INLINE = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def test_a_lock_is_one_line_a_file() -> None:
    values: dict[str, Value] = {
        "lock-version": "1.0",
        "packages": [
            {
                "name": "six",
                "wheels": [
                    {
                        "upload-time": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
                        "url": "https://index.example/six.whl",
                        "hashes": {"sha256": "ab"},
                    }
                ],
            }
        ],
        "tool": {"x": {"y": True}},
    }
    assert (
        document(values)
        == """\
lock-version = "1.0"

[[packages]]
name = "six"
wheels = [
    { upload-time = 2024-01-02T03:04:05Z, url = "https://index.example/six.whl", hashes = { sha256 = "ab" } },
]

[tool]
x = { y = true }
"""
    )


@given(st.dictionaries(TEXTS, INLINE, max_size=4))
def test_what_is_written_is_read_back(values: dict[str, Value]) -> None:
    # An array that mixes tables and other values is no value of ours.
    if not any(_mixed(value) for value in values.values()):
        assert tomllib.loads(document(values)) == values


def _mixed(value: Value) -> bool:
    if isinstance(value, dict):
        return any(_mixed(item) for item in value.values())
    if isinstance(value, list):
        return len({isinstance(item, dict) for item in value}) > 1 or any(
            _mixed(item) for item in value
        )
    return False


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        document({"a": "\ud800"})
