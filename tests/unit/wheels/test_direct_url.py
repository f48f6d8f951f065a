"""direct_url.json, written and read, and the requirement that freeze makes of it."""

from __future__ import annotations

import json

import pytest

from alcove.wheels import direct_url
from alcove.wheels.direct_url import DirectUrl

ARCHIVE = DirectUrl("archive", "https://index.example/x.whl", sha256="ab" * 32)
EDITABLE = DirectUrl("directory", "file:///home/me/my%20x", editable=True)
VCS = DirectUrl(
    "vcs", "https://git.example/x.git", "sub", vcs="git", commit="c" * 40, requested="main"
)


@pytest.mark.parametrize("origin", [ARCHIVE, EDITABLE, VCS, DirectUrl("directory", "file:///x")])
def test_what_is_written_is_read(origin: DirectUrl) -> None:
    assert direct_url.parse(direct_url.compose(origin)) == origin


def test_the_archive_form_is_the_one_of_pep_610() -> None:
    assert json.loads(direct_url.compose(ARCHIVE)) == {
        "url": ARCHIVE.url,
        "archive_info": {"hash": "sha256=" + "ab" * 32, "hashes": {"sha256": "ab" * 32}},
    }


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://user:secret@h.example/x", "https://h.example/x"),
        ("https://secret@h.example/x", "https://h.example/x"),
        ("https://${USER}:${TOKEN}@h.example/x", "https://${USER}:${TOKEN}@h.example/x"),
        ("ssh://git@h.example/x", "ssh://git@h.example/x"),
        ("https://h.example/@x", "https://h.example/@x"),
        ("file:///x", "file:///x"),
    ],
)
def test_credentials_are_left_out(url: str, kept: str) -> None:
    assert direct_url.without_credentials(url) == kept


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"url": 1}', b'{"url": "x"}', b"\xff"])
def test_a_broken_file_is_no_origin(content: bytes) -> None:
    assert direct_url.parse(content) is None
