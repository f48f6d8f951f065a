"""A large file over several processes: it goes on where it stopped, and pieces of two files never become one."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from alcove.errors import FetchError, HashMismatch, IndexUnreachable
from alcove.events import Silent
from alcove.index.resumable import fetch
from alcove.index_settings import IndexSettings
from alcove.testing.index_lab import noise
from alcove.testing.transport import FakeTransport, Reply

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://files.example/cpython-3.12.1.tar.gz"
BODY = noise(50_000)
SHA = hashlib.sha256(BODY).hexdigest()


def get(path: Path, *replies: Reply | bytes, sha256: str = SHA, retries: int = 0) -> FakeTransport:
    transport = FakeTransport(
        {URL: [each if isinstance(each, Reply) else Reply(each) for each in replies]}
    )
    settings = IndexSettings(retries=retries)
    try:
        fetch(
            URL,
            str(path),
            sha256=sha256,
            settings=settings,
            reporter=Silent(),
            transport=transport,
            pause=lambda _: None,
        )
    finally:
        get.last = transport  # type: ignore[attr-defined]
    return transport


def test_a_whole_file_is_fetched_once_and_not_again(tmp_path: Path) -> None:
    part = tmp_path / "part"
    assert len(get(part, BODY).asked) == 1
    assert part.read_bytes() == BODY
    assert get(part, BODY).asked == []


def test_the_next_process_goes_on_where_the_last_one_stopped(tmp_path: Path) -> None:
    part = tmp_path / "part"
    with pytest.raises(IndexUnreachable, match="ended after"):
        get(part, Reply(BODY, ends_after=20_480))
    assert part.read_bytes() == BODY[:20_480]
    assert [one.byte_range for one in get(part, BODY).asked] == [(20_480, 0)]
    assert part.read_bytes() == BODY


def test_within_one_process_too(tmp_path: Path) -> None:
    transport = get(tmp_path / "part", Reply(BODY, ends_after=4096), BODY, retries=2)
    assert [one.byte_range for one in transport.asked] == [None, (4096, 0)]


def test_a_server_without_ranges_gives_all_of_it(tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.write_bytes(BODY[:100])
    get(part, Reply(BODY, ranges=False))
    assert part.read_bytes() == BODY


def test_pieces_of_two_files_are_fetched_anew(tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.write_bytes(b"another file")
    transport = get(part, BODY)
    assert [one.byte_range for one in transport.asked] == [(12, 0), None]
    assert part.read_bytes() == BODY


def test_more_than_there_is_begins_anew(tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.write_bytes(BODY + b"more")
    get(part, BODY, retries=1)
    assert part.read_bytes() == BODY


def test_another_content_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    part = tmp_path / "part"
    with pytest.raises(HashMismatch, match=SHA) as caught:
        get(part, b"not it")
    assert hashlib.sha256(b"not it").hexdigest() in caught.value.message
    assert not part.exists()


def test_without_a_hash_it_begins_anew(tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.write_bytes(b"of something")
    transport = get(part, Reply(BODY, ends_after=4096), BODY, sha256="", retries=1)
    assert [one.byte_range for one in transport.asked] == [None, None]
    assert part.read_bytes() == BODY


def test_a_missing_file_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IndexUnreachable, match="404") as caught:
        get(tmp_path / "part", Reply(b"", status=404))
    assert "--mirror" in str(caught.value.hint)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="cannot be written"):
        get(tmp_path / "none" / "part", BODY)
