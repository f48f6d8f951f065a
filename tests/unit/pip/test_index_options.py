"""From the options of pip's command line to the names that settings have."""

from __future__ import annotations

from alcove.pip.actions import IndexOptions
from alcove.pip.wiring import sources_of


def test_what_was_not_said_is_left_out() -> None:
    assert sources_of(IndexOptions()) == {}


def test_a_number_that_is_zero_was_said() -> None:
    found = sources_of(IndexOptions(retries=0, timeout=0.0, find_links=("a", "b")))
    assert found == {"retries": 0, "timeout": 0.0, "find-links": ["a", "b"]}


def test_a_proxy_that_is_empty_switches_the_variables_off() -> None:
    assert sources_of(IndexOptions(proxy="")) == {"no-proxy-env": True}
