"""Metadata and downloads: as little traffic as possible, every hash checked, every break survived."""

from __future__ import annotations

import io
import os
import zipfile
from typing import TYPE_CHECKING

import pytest

from alcove.errors import (
    FetchError,
    HashMismatch,
    IndexUnreachable,
    InvalidWheel,
    NoSuchDistribution,
)
from alcove.index import NeedsBuild
from alcove.index.transport import ByteRange, Response
from alcove.testing.index_lab import Lab, file_of, metadata, noise, sdist, sha256, wheel
from alcove.testing.transport import Asked, FakeTransport, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WHEEL = "https://f.example/x-1-py3-none-any.whl"
SDIST = "https://f.example/x-1.tar.gz"


def test_the_metadata_file_is_enough(lab: Lab) -> None:
    body = metadata("x", "1")
    file = file_of(WHEEL, b"wheel", metadata=(("sha256", sha256(body)),))
    transport = FakeTransport({WHEEL + ".metadata": Reply(body)})
    assert lab.open(transport).metadata(file) == body
    assert lab.open(offline=True).metadata(file) == body
    assert transport.urls() == [WHEEL + ".metadata"]


def test_a_metadata_file_of_another_hash_is_refused(lab: Lab) -> None:
    file = file_of(WHEEL, b"wheel", metadata=(("sha256", "0" * 64),))
    transport = FakeTransport({WHEEL + ".metadata": Reply(metadata("x", "1"))})
    with pytest.raises(HashMismatch, match=r"\.metadata"):
        lab.open(transport).metadata(file)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (metadata("y", "1"), "'y'"),
        (metadata("x", "2"), "version '2'"),
        (b"", "no name or version"),
        (b"\0\xff" * 99, "no name or version"),
    ],
)
def test_metadata_of_something_else_is_refused(lab: Lab, body: bytes, message: str) -> None:
    file = file_of(WHEEL, b"wheel", metadata=())
    with pytest.raises(InvalidWheel, match=message):
        lab.open(FakeTransport({WHEEL + ".metadata": Reply(body)})).metadata(file)


def test_ranges_serve_where_the_metadata_file_is_gone(lab: Lab) -> None:
    body = wheel("x", "1", front=200_000)
    transport = FakeTransport({WHEEL: Reply(body)})
    file = file_of(WHEEL, body, metadata=())
    assert lab.open(transport).metadata(file) == metadata("x", "1")
    assert [asked.byte_range for asked in transport.asked] == [None, (-32768, 0)]


def test_only_the_bytes_of_metadata_are_asked_for(lab: Lab) -> None:
    body = wheel("x", "1", front=200_000, back=300_000)
    transport = FakeTransport({WHEEL: Reply(body, headers={"ETag": '"1"'})})
    assert lab.open(transport).metadata(file_of(WHEEL, body)) == metadata("x", "1")
    ranges = [asked.byte_range for asked in transport.asked]
    assert ranges[0] == (-32768, 0)
    assert len(ranges) == 2
    assert ranges[1]
    assert ranges[1][1] - ranges[1][0] < 1000


def test_a_part_that_is_longer_than_it_says_is_not_read_to_its_end(lab: Lab) -> None:
    body = wheel("x", "1", front=200_000)
    given: list[int] = []

    class Endless(FakeTransport):
        def get(
            self, url: str, headers: Mapping[str, str], byte_range: ByteRange | None = None
        ) -> Response:
            if byte_range is None:
                return super().get(url, headers)
            said = {"Content-Range": f"bytes {len(body) - 32768}-{len(body) - 1}/{len(body)}"}
            return Response(206, said, url=url, body=self.pieces())

        def pieces(self) -> Iterator[bytes]:
            for number in range(1000):
                given.append(number)
                yield bytes(1 << 16)

    assert lab.open(Endless({WHEEL: Reply(body)})).metadata(file_of(WHEEL, body)) == (
        metadata("x", "1")
    )
    assert len(given) == 1


def changing() -> list[Reply]:
    first = wheel("x", "1", front=200_000, back=300_000)
    return [Reply(first, headers={"ETag": '"1"'}), Reply(first, headers={"ETag": '"2"'})]


@pytest.mark.parametrize(
    "replies", [[Reply(wheel("x", "1", back=200_000), ranges=False)], changing()]
)
def test_without_proper_ranges_the_whole_file_is_taken(lab: Lab, replies: list[Reply]) -> None:
    body = replies[-1].body
    assert isinstance(body, bytes)
    transport = FakeTransport({WHEEL: list(replies)})
    index = lab.open(transport)
    file = file_of(WHEEL, body)
    assert index.metadata(file) == metadata("x", "1")
    assert transport.asked[-1].byte_range is None
    count = len(transport.asked)
    assert sha256(body) in index.download(file)
    assert len(transport.asked) == count  # it is there already


def test_a_server_without_ranges_is_asked_for_one_once(lab: Lab) -> None:
    names = ["x", "y"]
    urls = [f"https://f.example/{name}-1-py3-none-any.whl" for name in names]
    bodies = [wheel(name, "1", back=200_000) for name in names]
    transport = FakeTransport(
        {url: Reply(body, ranges=False) for url, body in zip(urls, bodies, strict=True)}
    )
    index = lab.open(transport)
    for name, url, body in zip(names, urls, bodies, strict=True):
        assert index.metadata(file_of(url, body)) == metadata(name, "1")
    asked = [bool(request.byte_range) for request in transport.asked]
    assert asked == [True, False, False]


def test_a_small_wheel_is_taken_whole(lab: Lab) -> None:
    body = wheel("x", "1")
    transport = FakeTransport({WHEEL: Reply(body)})
    assert lab.open(transport).metadata(file_of(WHEEL, body, size=len(body))) == metadata("x", "1")
    assert [asked.byte_range for asked in transport.asked] == [None]


def test_a_wheel_with_two_metadata_files_is_refused(lab: Lab) -> None:
    body = wheel("x", "1", twice=True)
    with pytest.raises(InvalidWheel, match="holds 2 METADATA"):
        lab.open(FakeTransport({WHEEL: Reply(body)})).metadata(file_of(WHEEL, body))


def test_a_wheel_of_more_members_than_a_plain_zip_can_have(lab: Lab) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:  # above 65,535 it is written as ZIP64
        archive.writestr("x-1.dist-info/METADATA", metadata("x", "1"))
        for number in range(1 << 16):
            archive.writestr(zipfile.ZipInfo(f"x/{number}"), b"")
    body = out.getvalue()
    transport = FakeTransport({WHEEL: Reply(body)})
    assert lab.open(transport).metadata(file_of(WHEEL, body)) == metadata("x", "1")


def test_a_wheel_that_is_none_is_refused(lab: Lab) -> None:
    body = b"<html>not found</html>" * 9999
    with pytest.raises(InvalidWheel, match="cannot be read as a wheel"):
        lab.open(FakeTransport({WHEEL: Reply(body)})).metadata(file_of(WHEEL, body))


def test_static_metadata_of_an_sdist(lab: Lab) -> None:
    body = sdist("x", "1")
    transport = FakeTransport({SDIST: Reply(body)})
    assert lab.open(transport).metadata(file_of(SDIST, body)) == metadata("x", "1", core="2.2")
    lab.open(offline=True).metadata(file_of(SDIST, body))
    assert len(transport.asked) == 1


@pytest.mark.parametrize(
    "body", [sdist("x", "1", core="2.1"), sdist("x", "1", "Dynamic: Requires-Dist"), b"no archive"]
)
def test_an_sdist_without_static_metadata_needs_a_build(lab: Lab, body: bytes) -> None:
    file = file_of(SDIST, body)
    transport = FakeTransport({SDIST: Reply(body)})
    for _ in range(2):
        with pytest.raises(NeedsBuild) as caught:
            lab.open(transport).metadata(file)
        assert caught.value.file == file
    assert len(transport.asked) == 1


def test_an_sdist_with_a_metadata_file(lab: Lab) -> None:
    file = file_of(SDIST, b"sdist", metadata=())
    good = metadata("x", "1", core="2.3")
    assert lab.open(FakeTransport({SDIST + ".metadata": Reply(good)})).metadata(file) == good


def test_metadata_of_files_on_this_disk(lab: Lab, tmp_path: object) -> None:
    folder = os.fspath(str(tmp_path))
    for name, body in (("x-1-py3-none-any.whl", wheel("x", "1")), ("x-1.tar.gz", sdist("x", "1"))):
        with open(os.path.join(folder, name), "wb") as stream:
            stream.write(body)
    index = lab.open(offline=True)
    assert index.metadata(file_of(f"file://{folder}/x-1-py3-none-any.whl")) == metadata("x", "1")
    assert index.metadata(file_of(f"file://{folder}/x-1.tar.gz")) == metadata("x", "1", core="2.2")
    with pytest.raises(FetchError, match="No such file"):
        index.metadata(file_of(f"file://{folder}/x-2-py3-none-any.whl"))


def test_a_download_is_kept_by_its_hash_and_checked_again(lab: Lab) -> None:
    body = wheel("x", "1")
    transport = FakeTransport({WHEEL: Reply(body)})
    file = file_of(WHEEL, body)
    path = lab.open(transport).download(file)
    assert lab.open(offline=True).download(file) == path
    with open(path, "r+b") as stream:
        stream.write(b"garbled")
    assert lab.open(transport).download(file) == path
    assert len(transport.asked) == 2
    with open(path, "rb") as stream:
        assert stream.read() == body


@pytest.mark.parametrize("algorithm", ["sha256", "sha512", "md5"])
def test_a_wrong_hash_is_refused_and_nothing_kept(lab: Lab, algorithm: str) -> None:
    file = file_of(WHEEL, hashes=((algorithm, "0" * 64),))
    with pytest.raises(HashMismatch, match=algorithm) as caught:
        lab.open(FakeTransport({WHEEL: Reply(b"garbled")})).download(file)
    assert WHEEL in caught.value.message
    assert not list(lab.cache.glob("index-v1/files/*/*/*"))


def served(body: bytes, *ends: int, headers: dict[str, str] | None = None) -> FakeTransport:
    """Return a server whose first answers break off after so many bytes."""
    replies = [Reply(body, headers=headers or {}, ends_after=end) for end in ends]
    return FakeTransport({WHEEL: [*replies, Reply(body, headers=headers or {})]})


def test_a_broken_download_goes_on_where_it_broke(lab: Lab) -> None:
    body = noise(300_000)
    transport = served(body, 100_000, 50_000, headers={"ETag": '"1"'})
    file = file_of(WHEEL, body)
    assert lab.open(transport).obtain(file).size == len(body)
    assert [asked.byte_range for asked in transport.asked] == [None, (100_000, 0), (150_000, 0)]
    assert transport.asked[1].headers["If-Range"] == '"1"'


def test_without_a_way_to_tell_it_begins_anew(lab: Lab) -> None:
    body = noise(300_000)
    transport = served(body, 100_000, headers={"ETag": 'W/"1"'})
    assert lab.open(transport).fetch(WHEEL)[1] == sha256(body)
    assert [asked.byte_range for asked in transport.asked] == [None, None]


def test_a_file_that_changed_under_way_is_fetched_once_more(lab: Lab) -> None:
    old, new = noise(300_000), noise(300_001)[::-1][:300_000]
    transport = FakeTransport({WHEEL: [Reply(old, ends_after=100_000), Reply(new), Reply(new)]})
    assert lab.open(transport).obtain(file_of(WHEEL, new)).sha256 == sha256(new)
    assert [asked.byte_range for asked in transport.asked] == [None, (100_000, 0), None]


def test_a_server_that_forgets_ranges_is_asked_for_the_whole(lab: Lab) -> None:
    body = noise(300_000)
    replies = [Reply(body, ends_after=9), Reply(status=416), Reply(body, ranges=False)]
    transport = FakeTransport({WHEEL: replies})
    assert lab.open(transport).obtain(file_of(WHEEL, body)).sha256 == sha256(body)


def test_a_download_that_always_breaks_is_unreachable(lab: Lab) -> None:
    body = noise(300_000)
    transport = FakeTransport({WHEEL: Reply(body, ends_after=0)})
    with pytest.raises(IndexUnreachable, match="ended after 0 of 300000 bytes"):
        lab.open(transport).download(file_of(WHEEL, body))


def test_the_size_of_the_index_counts(lab: Lab) -> None:
    body = noise(1000)
    with pytest.raises(FetchError, match="larger than the 10 bytes"):
        lab.open(FakeTransport({WHEEL: Reply(body)})).download(file_of(WHEEL, size=10))
    with pytest.raises(IndexUnreachable, match="after 1000 of 2000"):
        lab.open(FakeTransport({WHEEL: Reply(body)})).download(file_of(WHEEL, size=2000))


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, NoSuchDistribution), (403, IndexUnreachable), (500, IndexUnreachable)],
)
def test_files_that_are_not_given(lab: Lab, status: int, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=str(status)):
        lab.open(FakeTransport({WHEEL: Reply(status=status)})).download(file_of(WHEEL))


def test_an_empty_file_is_a_file(lab: Lab) -> None:
    index = lab.open(FakeTransport({WHEEL: Reply(b"")}))
    path, digest = index.fetch(WHEEL)
    assert os.path.getsize(path) == 0
    assert digest == sha256(b"")


def test_a_url_without_hash_is_asked_whether_it_changed(lab: Lab) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.headers.get("If-None-Match") == '"1"':
            return Reply(status=304)
        return Reply(b"archive", headers={"ETag": '"1"'})

    transport = FakeTransport({WHEEL: answer})
    first = lab.open(transport).fetch(WHEEL)
    assert lab.open(transport).fetch(WHEEL) == first
    assert lab.open(offline=True).fetch(WHEEL) == first
    assert [asked.headers.get("If-None-Match") for asked in transport.asked] == [None, '"1"']


def test_hostile_names_stay_in_the_cache(lab: Lab) -> None:
    url = "https://f.example/%2e%2e%2f%2e%2e%2fevil"
    path, _ = lab.open(FakeTransport({url: Reply(b"x")})).fetch(url)
    assert os.path.realpath(path).startswith(os.path.realpath(lab.cache) + os.sep)


def test_metadata_of_a_file_without_hash_is_not_kept_for_long(lab: Lab) -> None:
    url = WHEEL + ".metadata"
    transport = FakeTransport({url: Reply(metadata("x", "1"))})
    file = file_of(WHEEL, metadata=())
    for _ in range(2):
        lab.open(transport).metadata(file)
    assert len(transport.asked) == 1
    for path in lab.cache.glob("index-v1/metadata/*/*"):
        os.utime(path, (0, 0))
    lab.open(offline=True).metadata(file)
    lab.open(transport).metadata(file)
    assert len(transport.asked) == 2
