"""METADATA, against the email package and against wheels that are odd."""

from __future__ import annotations

import email.parser
import pathlib
from importlib.metadata import distributions

import pytest

from alcove.errors import InvalidWheel
from alcove.wheels import metadata


def test_the_fields_that_matter_are_read() -> None:
    data = (
        "\ufeffMetadata-Version: 2.4\r\nNAME:  Demo.X \r\nVersion: 1.0\r\nRequires-Python: >=3.8\r\n"
        "Requires-Dist: six\r\nRequires-Dist: a\r\n   >=1\r\nProvides-Extra: t\r\nDynamic: Requires-Dist\r\n"
        "Summary: a\x0cName: evil\r\n\r\nRequires-Dist: not-this\r\n"
    ).encode()
    assert metadata.parse(data, "METADATA") == metadata.Metadata(
        "2.4", "Demo.X", "1.0", ">=3.8", ("six", "a >=1"), ("t",), ("requires-dist",)
    )


def test_latin_1_is_read() -> None:
    data = "Name: x\nVersion: 1\nAuthor: Jörg\n".encode("latin-1")
    assert dict(metadata.headers(data))["author"] == "Jörg"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Name: x\n",
        b"Version: 1\n",
        b"\nName: x\nVersion: 1\n",
        b"Name: x\nName: y\nVersion: 1\n",
    ],
)
def test_without_one_name_and_version_it_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidWheel):
        metadata.parse(data, "METADATA")


def test_it_reads_what_the_email_package_reads() -> None:
    seen = 0
    for distribution in distributions():
        path = pathlib.Path(str(distribution.locate_file(""))) / "x"
        content = distribution.read_text("METADATA")
        if not content:
            continue
        theirs = email.parser.Parser().parsestr(content, headersonly=True)
        ours = metadata.parse(content.encode(), str(path))
        assert (ours.name, ours.version) == (theirs["Name"], theirs["Version"])
        assert list(ours.requires) == (theirs.get_all("Requires-Dist") or [])
        seen += 1
    assert seen > 5
