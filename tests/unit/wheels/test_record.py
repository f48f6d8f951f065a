"""RECORD: read from hostile wheels, written for views."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alcove.errors import InvalidWheel
from alcove.testing.wheels import record_hash
from alcove.wheels import record
from alcove.wheels.record import Row


@pytest.mark.parametrize(
    "data",
    [
        b"a.py,sha256=x,3\nb.py,,\n",
        b"\xef\xbb\xbfa.py,sha256=x,3\r\nb.py,,\r\n",
        b"a.py,sha256=x,3\n\n\nb.py,,",
        b'"a.py",sha256=x,3\nb.py,,\n',
    ],
)
def test_rows_are_read_with_all_kinds_of_line_ends(data: bytes) -> None:
    rows = record.parse(data, "RECORD")
    assert rows == {"a.py": Row("a.py", "sha256=x", 3), "b.py": Row("b.py")}


def test_a_path_with_a_comma_or_a_quote_is_read() -> None:
    assert list(record.parse(b'"a,""b"".py",,\n', "R")) == ['a,"b".py']
    assert list(record.parse(b"a,b.py,,\n", "R")) == ["a,b.py"]


@pytest.mark.parametrize(
    "data",
    [b"a.py\n", b"a.py,x\n", b"a.py,,-3\n", b"a.py,,x\n", b"a.py,,1\na.py,,2\n", b"\xff,,\n"],
)
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidWheel):
        record.parse(data, "RECORD")


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_hashes_are_read(algorithm: str) -> None:
    digest = hashlib.new(algorithm, b"x").digest()
    assert record.decode_hash(record_hash(b"x", algorithm), "x") == (algorithm, digest)
    assert record.decode_hash(f"{algorithm}={digest.hex()}", "x") == (algorithm, digest)


@pytest.mark.parametrize(
    "text", ["", "md5=rL0Y20zC-Fzt72VPzMSk2A", record_hash(b"", "sha1"), "sha256=", "sha256=a%%"]
)
def test_weak_and_broken_hashes_are_refused(text: str) -> None:
    with pytest.raises(InvalidWheel):
        record.decode_hash(text, "x.whl")


def test_what_is_a_link_is_listed_first() -> None:
    data = record.compose(
        "x-1.dist-info",
        ["x", "x-1.dist-info/licenses"],
        dist_info=[record.row("x-1.dist-info/METADATA", hashlib.sha256(b"m").hexdigest(), 1)],
        scripts=["x"],
        outside=[Row("../../../share/x")],
        files=[Row("x/__init__.py", "sha256=z", 0), Row("x/a,b.py")],
    )
    assert data.decode().splitlines() == [
        "x,,",
        "x-1.dist-info/licenses,,",
        f"x-1.dist-info/METADATA,{record_hash(b'm')},1",
        "x-1.dist-info/RECORD,,",
        "../../../bin/x,,",
        "../../../share/x,,",
        "x/__init__.py,sha256=z,0",
        '"x/a,b.py",,',
    ]


@given(st.lists(st.text("abc,\" é'", min_size=1), unique=True))
def test_what_is_composed_can_be_read(paths: list[str]) -> None:
    files = [Row(path, "sha256=z", 1) for path in paths]
    data = record.compose("i", (), dist_info=(), scripts=(), outside=(), files=files)
    assert list(record.parse(data, "R").values())[1:] == files
