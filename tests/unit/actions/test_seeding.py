"""The entry of the pip of ours, made again where it is damaged."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from alcove.actions.seeding import reseed, seed
from alcove.store.layout import entry_path, store_at
from alcove.store.verify import damaged
from tests.unit.transactions.machine import INTERPRETER

if TYPE_CHECKING:
    from pathlib import Path


def test_a_damaged_pip_is_unpacked_again_in_its_place(tmp_path: Path) -> None:
    store, cache = store_at(f"{tmp_path}/data"), f"{tmp_path}/cache"
    source = seed(store, INTERPRETER, cache=cache).source
    directory = source[2:]
    os.unlink(f"{entry_path(store, directory)}/lib/pip/__init__.py")
    assert reseed(store, INTERPRETER, source, cache=cache)
    assert damaged(store, directory, deep=True) == []
    assert os.listdir(store.entries) == [directory]
    assert os.listdir(f"{cache}/seeds") == [
        name for name in os.listdir(f"{cache}/seeds") if name.endswith(".json")
    ]


def test_the_pip_of_another_alcove_stays_as_it_is(tmp_path: Path) -> None:
    store, cache = store_at(f"{tmp_path}/data"), f"{tmp_path}/cache"
    source = seed(store, INTERPRETER, cache=cache).source
    other = source[:-10] + "0123456789"
    os.rename(entry_path(store, source[2:]), entry_path(store, other[2:]))
    assert not reseed(store, INTERPRETER, other, cache=cache)
    assert os.listdir(store.entries) == [other[2:]]
