"""What the command line prints."""

from __future__ import annotations

import pytest

from alcove.cli.output import noun, size


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (5 << 20, "5.0 MiB"), (3 << 40, "3.0 TiB")],
)
def test_sizes(count: int, text: str) -> None:
    assert size(count) == text


def test_one_is_not_many() -> None:
    assert [noun(count, "distribution") for count in (0, 1, 2)] == [
        "distributions",
        "distribution",
        "distributions",
    ]
    assert [noun(count, "entry", "entries") for count in (1, 2)] == ["entry", "entries"]
