"""Listings and projects: versions sorted, files made when asked for, sources merged."""

from __future__ import annotations

from random import Random

import pytest

from alcove.errors import FetchError
from alcove.files.data import dumps
from alcove.index import File, Project, html_page, json_page, links
from alcove.index.fetch import Answer
from alcove.index.pages import Listing, group
from alcove.index.reader import read_rows

BASE = "https://index.example/simple/six/"


def html(*anchors: str, project: str = "six", base: str = BASE) -> Listing:
    page = html_page.parse("".join(anchors))
    return group(project, page.rows, form="html", base=base)


def json(*files: dict[str, object]) -> Listing:
    page = json_page.parse(dumps({"files": list(files)}))
    return group("six", page.rows, form="json", base=BASE)


def test_versions_come_newest_first_and_in_normal_form() -> None:
    names = ["1.0", "1.10", "1.9", "1.0rc1", "2.0.dev1", "1.0-1", "nonsense"]
    listing = html(*(f'<a href="six-{name}.tar.gz">' for name in names))
    expected = ["2.0.dev1", "1.10", "1.9", "1.0.post1", "1.0", "1.0rc1"]
    assert Project("six", [listing]).versions() == expected


def test_no_row_is_taken_apart_before_its_version_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []

    def count(raw: str) -> dict[str, str]:
        seen.append(raw)
        return html_page.attributes(raw)

    monkeypatch.setattr(links, "attributes", count)
    project = Project("six", [html(*(f'<a href="six-{n}.tar.gz">' for n in range(3000)))])
    assert len(project.versions()) == 3000
    assert not seen
    assert project.files("7")[0].filename == "six-7.tar.gz"
    assert project.files("7")[0].filename == "six-7.tar.gz"
    assert len(seen) == 1


def test_all_that_html_says_of_a_file() -> None:
    listing = html(
        '<a href="../../f/six-1.0-py3-none-any.whl#sha256=AB&egg=six" data-requires-python="&gt;=3.8 "'
        ' data-yanked="it &amp; breaks" data-core-metadata="sha256=cd" data-upload-time="2026-01-01">x</a>'
    )
    assert Project("six", [listing]).files("1.0") == (
        File(
            project="six",
            version="1.0",
            filename="six-1.0-py3-none-any.whl",
            url="https://index.example/f/six-1.0-py3-none-any.whl",
            kind="wheel",
            hashes=(("sha256", "ab"),),
            requires_python=">=3.8",
            yanked="it & breaks",
            size=None,
            upload_time="2026-01-01",
            metadata=(("sha256", "cd"),),
        ),
    )


def test_all_that_json_says_of_a_file() -> None:
    listing = json(
        {
            "filename": "six-1.0.tar.gz",
            "url": "https://files.example/a/six-1.0.tar.gz",
            "hashes": {"sha256": "AB", "odd": "x", "md5": 5},
            "requires-python": ">=3.8",
            "yanked": True,
            "size": 12,
            "upload-time": "2026-01-01T00:00:00Z",
            "core-metadata": {"sha256": "cd"},
            "dist-info-metadata": False,
        }
    )
    assert Project("six", [listing]).files("1.0") == (
        File(
            project="six",
            version="1.0",
            filename="six-1.0.tar.gz",
            url="https://files.example/a/six-1.0.tar.gz",
            kind="sdist",
            hashes=(("sha256", "ab"),),
            requires_python=">=3.8",
            yanked="",
            size=12,
            upload_time="2026-01-01T00:00:00Z",
            metadata=(("sha256", "cd"),),
        ),
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"data-yanked": ""}, {"yanked": ""}),
        ({"data-core-metadata": "true"}, {"metadata": ()}),
        ({"data-dist-info-metadata": "sha256=0"}, {"metadata": (("sha256", "0"),)}),
        ({"data-core-metadata": "false"}, {"metadata": None}),
        ({"data-core-metadata": ""}, {"metadata": None}),
        ({"data-dist-info-metadata": "true", "data-core-metadata": "false"}, {"metadata": None}),
    ],
)
def test_odd_attributes(given: dict[str, str], expected: dict[str, object]) -> None:
    words = " ".join(f'{name}="{value}"' for name, value in given.items())
    [file] = Project("six", [html(f'<a href="six-1.tar.gz" {words}>')]).files("1")
    assert {name: getattr(file, name) for name in expected} == expected


@pytest.mark.parametrize(
    "given",
    [
        {"hashes": []},
        {"hashes": {"sha256": None}},
        {"requires-python": 3},
        {"yanked": []},
        {"size": "12"},
        {"size": -1},
        {"size": True},
        {"upload-time": {}},
        {"core-metadata": 1},
        {"core-metadata": "yes"},
    ],
)
def test_values_of_the_wrong_kind_count_as_not_given(given: dict[str, object]) -> None:
    [file] = Project("six", [json({"url": "six-1.tar.gz", **given})]).files("1")
    assert file == File("six", "1", "six-1.tar.gz", BASE + "six-1.tar.gz", "sdist")


@pytest.mark.parametrize(
    "href",
    [
        "file:///etc/six-1.tar.gz",
        "javascript:six-1.tar.gz",
        "ftp://x.example/six-1.tar.gz",
        "data:,/six-1.tar.gz",
        "https://[bad/six-1.tar.gz",
    ],
)
def test_a_page_from_the_network_leads_to_the_network_only(href: str) -> None:
    assert Project("six", [html(f'<a href="{href}">')]).files("1") == ()


def test_of_one_file_name_the_first_source_wins() -> None:
    first = html('<a href="six-1.0.tar.gz">', base="https://first.example/")
    second = html(
        '<a href="six-1.0.tar.gz"><a href="six-1.0.0-py3-none-any.whl"><a href="six-2.0.tar.gz">',
        base="https://second.example/",
    )
    project = Project("six", [first, second])
    assert project.versions() == ["2.0", "1.0"]
    assert [file.url for file in project.files("1.0")] == [
        "https://first.example/six-1.0.tar.gz",
        "https://second.example/six-1.0.0-py3-none-any.whl",
    ]
    assert {file.version for file in project.files("1.0")} == {"1.0"}


def test_a_version_is_found_under_every_spelling() -> None:
    project = Project("six", [html('<a href="six-1.0.0.tar.gz">')])
    assert project.files("1") == project.files("1.0.0") != ()
    assert project.files("1.1") == ()
    assert project.files("nonsense") == ()


PAGE = (
    "<!-- c --><base href='/f/'><a href=\"six-1.0-py3-none-any.whl#sha256=00\" data-yanked='x'"
    ' data-requires-python="&gt;=3" data-core-metadata="sha256=0">six</a>\n<a href=six-2.tar.gz>'
)
JSON = dumps(
    {
        "meta": {"api-version": "1.1"},
        "files": [
            {"filename": "six-1.zip", "url": "six-1.zip", "hashes": {"sha256": "0"}, "size": 1}
        ],
    }
)


def test_no_mutation_of_a_page_raises_anything_but_our_errors() -> None:
    random = Random(1)  # noqa: S311  the same mutations each time
    for number in range(2000):
        body = bytearray(PAGE.encode() if number % 2 else JSON)
        for _ in range(random.randrange(1, 6)):
            place = random.randrange(len(body))
            body[place : place + random.randrange(3)] = random.choice(
                [
                    b"",
                    b"<",
                    b'"',
                    b"'",
                    b"\\",
                    b"\xff",
                    b"[",
                    b"]",
                    b"&#0;",
                    b"\\ud800",
                    b"//[",
                    b"null",
                    b"%",
                ]
            )
        kind = "text/html" if number % 2 else "application/json"
        try:
            rows = read_rows(Answer(200, {"content-type": kind}, BASE, bytes(body)))
        except FetchError:
            continue
        project = Project("six", [group("six", rows.rows, form=rows.form, base=rows.base)])
        for version in project.versions():
            for file in project.files(version):
                assert file.url.startswith(("https://", "http://"))
