"""Pages in HTML, as tolerant as browsers are, and never slow."""

from __future__ import annotations

import time

import pytest

from alcove.index.html_page import attributes, parse


def names(text: str) -> list[str]:
    return [filename for filename, _ in parse(text).rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<a href="a-1.tar.gz">a</a>', ["a-1.tar.gz"]),
        ("<a href='a-1.tar.gz'>a</a>", ["a-1.tar.gz"]),
        ("<a href=a-1.tar.gz>a</a>", ["a-1.tar.gz"]),
        ('<A HREF="a-1.tar.gz">a</A>', ["a-1.tar.gz"]),
        ('<a\n  data-x="1"\n  href = "a-1.tar.gz"\n>a</a>', ["a-1.tar.gz"]),
        ('<a rel="internal" href="../../a-1.zip#sha256=00">a</a>', ["a-1.zip"]),
        ('<a href="https://f.example/p/a-1%2Bcpu.whl?x=1#y=2">a</a>', ["a-1+cpu.whl"]),
        ('<a href="a-1.zip?a=1&amp;b=2">a</a>', ["a-1.zip"]),
        ('<a href="&#97;-1.zip">a</a>', ["a-1.zip"]),
        ('<a data-requires-python=">=3.8" href="a-1.zip">a</a>', ["a-1.zip"]),
        ('<a href="a-1.zip" data-yanked>a</a>', ["a-1.zip"]),
        ('<a href="a-1.zip"/><a href="b-1.zip"/>', ["a-1.zip", "b-1.zip"]),
        ('<!-- <a href="a-1.zip"> --><a href="b-1.zip">', ["b-1.zip"]),
        ('<!-- <a href="a-1.zip">', []),
        ('<script>"<a href=x.zip>"</script><a href="b-1.zip">', ["b-1.zip"]),
        ('<abbr href="a-1.zip"><area href="b-1.zip"><a>', []),
        ('<a href="">x</a><a href="../">up</a><a name="x">y</a>', []),
        ('<a href="a-1.zip" href="b-1.zip">', ["a-1.zip"]),
        ('<a href="a-1.zip>never closed <a href="b-1.zip">', ["a-1.zip>never closed <a href="]),
        ('<a href="a-1.zip', []),
        ("no page at all", []),
        ("", []),
        ('<a title="a > b" href="a-1.zip">', ["a-1.zip"]),
    ],
)
def test_links(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_attributes_are_unescaped_and_the_first_of_a_name_counts() -> None:
    raw = 'href="a" DATA-Requires-Python=\'&gt;=3.8,&lt;4\' data-yanked data-x=y href="b"'
    assert attributes(raw) == {
        "href": "a",
        "data-requires-python": ">=3.8,<4",
        "data-yanked": "",
        "data-x": "y",
    }


def test_base_and_version_of_the_protocol() -> None:
    page = parse(
        "<head><meta name='pypi:repository-version' content='1.1'><base href='/files/'></head>"
        "<body><a href='a-1.zip'></body>"
    )
    assert (page.base, page.api) == ("/files/", "1.1")


def test_no_row_holds_a_line_break_or_credentials() -> None:
    text = '<a href="https://me:secret@f.example/a-1.zip#sha256=0&amp;x=1"\n\tdata-yanked="a\nb">'
    [(filename, raw)] = parse(text).rows
    assert filename == "a-1.zip"
    assert "secret" not in raw
    assert not set("\n\r\t") & set(raw)
    assert attributes(raw) == {
        "href": "https://f.example/a-1.zip#sha256=0&x=1",
        "data-yanked": "a b",
    }


@pytest.mark.parametrize(
    "piece",
    [
        "<a ",
        "<a href=",
        '<a href="',
        "<a href='",
        "<a \"'",
        "<!--",
        "<script>",
        "<script></script ",
        "<a x = ",
        "<base ",
        "<meta name='",
        '<a href="&',
        "<a href=x\t",
    ],
)
def test_hostile_pages_take_time_in_proportion(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    start = time.process_time()
    parse(text)
    assert time.process_time() - start < 3
