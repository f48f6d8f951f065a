"""Moments before which files must have been uploaded."""

from __future__ import annotations

import pytest

from alcove.errors import UsageError
from alcove.requirements.moments import is_before, moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-01-01T00:00:00Z", "2023-01-01T00:00:00+00:00"),
        ("2023-01-01T01:00:00+01:00", "2023-01-01T00:00:00+00:00"),
        ("P1D", "1970-01-02T00:00:00+00:00"),
        ("P0D", "1970-01-03T00:00:00+00:00"),
    ],
)
def test_what_is_read(text: str, expected: str) -> None:
    assert moment(text, now=2 * 86400, option="--x") == expected


@pytest.mark.parametrize("text", ["", "soon", "P1W", "P-1D", "PD", "2023-13-01", "P99999999999D"])
def test_what_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="option --x: invalid value"):
        moment(text, now=0, option="--x")


def test_a_time_without_a_zone_of_an_index_is_utc() -> None:
    limit = "2023-01-01T00:00:00+00:00"
    assert is_before("2022-12-31T23:59:59.999999Z", limit)
    assert is_before("2022-12-31T23:59:59", limit)
    assert not is_before("2023-01-01T00:00:00Z", limit)
    with pytest.raises(ValueError, match="soon"):
        is_before("soon", limit)
