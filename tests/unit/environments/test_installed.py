"""What is read from a directory of modules, whatever stands there."""

from __future__ import annotations

import json
import os
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alcove.environments.installed import normalise, read, read_all
from alcove.environments.metadata import file_path, header_lines, record_paths, requires_txt

if TYPE_CHECKING:
    from pathlib import Path


def dist_info(directory: Path, stem: str, text: str | bytes, **files: str | bytes) -> Path:
    """Write a `.dist-info`; keyword `direct_url__json` becomes the file `direct_url.json`."""
    info = directory / f"{stem}.dist-info"
    info.mkdir(parents=True)
    for name, content in {"METADATA": text, **files}.items():
        data = content if isinstance(content, bytes) else content.encode()
        (info / name.replace("__", ".")).write_bytes(data)
    return info


def test_a_distribution(tmp_path: Path) -> None:
    info = dist_info(
        tmp_path,
        "Foo.Bar_baz-1.0",
        "Metadata-Version: 2.1\nName: Foo.Bar_baz\nVersion: 1.0-x\nRequires-Dist: a>1\n"
        "requires-dist: b ;\n  os_name == 'nt'\n\nRequires-Dist: body\n",
        INSTALLER="\n pip \n",
        REQUESTED="",
        RECORD="foo.py,,\n",
    )
    contents = read(str(tmp_path))
    assert contents.problems == ()
    (found,) = contents.distributions
    assert (found.name, found.normalised, found.version) == ("Foo.Bar_baz", "foo-bar-baz", "1.0-x")
    assert found.directory_version == "1.0"
    assert (found.location, found.dist_info) == (str(tmp_path), str(info))
    assert found.requires() == ["a>1", "b ;\n  os_name == 'nt'"]
    assert found.installer() == "pip"
    assert found.requested()
    assert found.files() == ["foo.py"]
    assert found.direct_url() is None
    assert found.editable_location() == ""


def test_the_order_is_the_listings(tmp_path: Path) -> None:
    for name in "zyxabc":
        dist_info(tmp_path, f"{name}-1", f"Name: {name}\nVersion: 1\n\n")
    listed = [name[0] for name in os.listdir(tmp_path)]
    assert [found.name for found in read(str(tmp_path)).distributions] == listed


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    assert read(str(tmp_path / "none")) == ((), ())


@pytest.mark.parametrize(
    ("stem", "text", "expected", "kind"),
    [
        ("a-1", "", ("a", "1"), "metadata"),
        ("a-1", "Name: A\n\n", ("A", "1"), "metadata"),
        ("a-1", b"Name: \xff\xfe\nVersion: 2\n\n", ("��", "2"), ""),
        ("a-1", "name: A\r\nVERSION: 2\r\n\r\nVersion: 3", ("A", "2"), ""),
        ("nodash", "Name: b\nVersion: 2\n\n", ("b", "2"), ""),
    ],
)
def test_broken_metadata_is_read_as_far_as_it_goes(
    tmp_path: Path, stem: str, text: str | bytes, expected: tuple[str, str], kind: str
) -> None:
    dist_info(tmp_path, stem, text)
    contents = read(str(tmp_path))
    assert [(found.name, found.version) for found in contents.distributions] == [expected]
    assert [problem.kind for problem in contents.problems] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("stem", "text", "kind"),
    [
        ("~lpha-1", "Name: alpha\nVersion: 1\n\n", "leftover"),
        ("-1", "Name: x\nVersion: 1\n\n", ""),
        ("a b-1", "Name: x\nVersion: 1\n\n", "name"),
        ("ä-1", "Name: x\nVersion: 1\n\n", "name"),
        ("nodash", "", "name"),
    ],
)
def test_what_is_no_distribution_is_a_problem(
    tmp_path: Path, stem: str, text: str, kind: str
) -> None:
    dist_info(tmp_path, stem, text)
    contents = read(str(tmp_path))
    assert [problem.kind for problem in contents.problems] == ([kind] if kind else [])
    assert len(contents.distributions) == (0 if kind else 1)


def test_no_metadata_file_and_odd_file_kinds(tmp_path: Path) -> None:
    (tmp_path / "a-1.dist-info").mkdir()
    (tmp_path / "b-1.dist-info" / "METADATA").mkdir(parents=True)
    (tmp_path / "c-1.dist-info").mkdir()
    os.mkfifo(tmp_path / "c-1.dist-info" / "METADATA")
    (tmp_path / "d-1.dist-info").symlink_to("nowhere")
    (tmp_path / "e-1.dist-info").mkdir()
    (tmp_path / "e-1.dist-info" / "METADATA").symlink_to("METADATA")
    contents = read(str(tmp_path))
    assert sorted(found.name for found in contents.distributions) == ["a", "b", "c", "d", "e"]
    assert {found.version for found in contents.distributions} == {"1"}
    assert {problem.kind for problem in contents.problems} <= {"metadata", "unreadable"}


def test_a_long_head_is_read_whole_for_its_requirements(tmp_path: Path) -> None:
    text = "Name: a\nVersion: 1\n" + "Classifier: x\n" * 9000 + "Requires-Dist: last\n\n"
    dist_info(tmp_path, "a-1", text)
    assert read(str(tmp_path)).distributions[0].requires() == ["last"]


def test_eggs(tmp_path: Path) -> None:
    egg = tmp_path / "old_one-1.2-py3.8.egg-info"
    egg.mkdir()
    (egg / "PKG-INFO").write_text("Name: old-one\nVersion: 1.2\n")
    (egg / "requires.txt").write_text("six\n[x]\nrest\n")
    (egg / "installed-files.txt").write_text("../old_one.py\nPKG-INFO\n")
    (tmp_path / "distutils_one-0.1.egg-info").write_text("Name: distutils_one\nVersion: 0.1\n")
    found = {each.normalised: each for each in read(str(tmp_path)).distributions}
    assert found["old-one"].requires() == ["six", 'rest ; extra == "x"']
    assert found["old-one"].files() == ["old_one.py", "old_one-1.2-py3.8.egg-info/PKG-INFO"]
    assert found["old-one"].version == "1.2"
    assert found["distutils-one"].version == "0.1"
    assert found["distutils-one"].files() is None
    assert found["distutils-one"].requires() == []


def test_links_to_projects_and_added_paths(tmp_path: Path) -> None:
    site, project, added = tmp_path / "site", tmp_path / "project", tmp_path / "added"
    site.mkdir()
    (project / "dev.egg-info").mkdir(parents=True)
    (project / "dev.egg-info" / "PKG-INFO").write_text("Name: dev\nVersion: 2\n")
    (site / "dev.egg-link").write_text(f"{project}\n.")
    (site / "empty.egg-link").write_text("\n")
    dist_info(added, "added-1", "Name: added\nVersion: 1\n\n")
    egg = added / "zipped.egg" / "EGG-INFO"
    egg.mkdir(parents=True)
    (egg / "PKG-INFO").write_text("Name: zipped\nVersion: 3\n")
    (site / "x.pth").write_text(
        "# no\nimport sys; boom\n../added\n../added/zipped.egg\nnot/there\n"
    )
    (site / "_alcove.pth").write_text("../added\n")
    found = {each.normalised: each for each in read_all([str(site)]).distributions}
    assert sorted(found) == ["added", "dev", "zipped"]
    assert found["dev"].editable_location() == str(project)
    assert found["added"].editable_location() == ""


def archive(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as opened:
        for name, text in members.items():
            opened.writestr(name.replace("__", "/"), text)
    return path


def test_archives_on_the_path(tmp_path: Path) -> None:
    """What `easy_install` left zipped, and what else `importlib.metadata` finds in ZIP files, in the order of the path."""
    egg = {"EGG-INFO__PKG-INFO": "Name: Zegg\nVersion: 1\n\n", "EGG-INFO__requires.txt": "six\n"}
    archive(tmp_path / "zegg-1-py3.8.egg", **egg)
    archive(tmp_path / "not-named.egg", **egg)
    more = {"plain-2.dist-info__METADATA": "Name: plain\nVersion: 2\n\n"}
    archive(tmp_path / "more.zip", **more, **egg)  # EGG-INFO counts in eggs only
    archive(
        tmp_path / "w-1-py3-none-any.whl", **{"w-1.dist-info__METADATA": "Name: w\nVersion: 1\n\n"}
    )
    archive(tmp_path / "empty.egg", **{"EGG-INFO__zip-safe": ""})
    (tmp_path / "torn.egg").write_bytes((tmp_path / "zegg-1-py3.8.egg").read_bytes()[:-30])
    os.mkfifo(tmp_path / "pipe.egg")
    names = ["zegg-1-py3.8.egg", "more.zip", "w-1-py3-none-any.whl", "torn.egg", "empty.egg"]
    (tmp_path / "easy-install.pth").write_text("\n".join(["pipe.egg", *names]))
    found, problems = read(str(tmp_path))
    assert not problems
    zegg, plain = found
    assert (zegg.name, zegg.version, zegg.requires()) == ("Zegg", "1", ["six"])
    assert zegg.location == f"{tmp_path}/zegg-1-py3.8.egg/"
    assert (zegg.files(), zegg.installer(), zegg.requested()) == (None, "", False)
    assert (plain.name, plain.requires(), plain.read("nothing")) == ("plain", [], None)
    (alone,) = read_all([str(tmp_path / "none")], before=[str(tmp_path / "not-named.egg")])[0]
    assert alone.name == "Zegg"


def test_of_one_name_the_first_counts(tmp_path: Path) -> None:
    for place in ("a", "b", "c"):
        dist_info(tmp_path / place, f"X-{place}1", f"Name: X\nVersion: {place}1\n\n")
    paths = [str(tmp_path / place) for place in ("a", "b")]
    (found,) = read_all(paths, before=[str(tmp_path / "c")]).distributions
    assert found.version == "c1"


@pytest.mark.parametrize(
    ("content", "editable", "wrong"),
    [
        ({"url": "file:///a%20b", "dir_info": {"editable": True}}, "/a b", ""),
        ({"url": "file:///a", "dir_info": {"editable": "yes"}}, "", ""),
        ({"url": "file:///a", "dir_info": {}}, "", ""),
        ({"url": "https://x.example", "archive_info": {}}, "", ""),
        ({"url": 1, "dir_info": {}}, "", "Missing required value in 'url'"),
        ({"url": "x"}, "", "Exactly one of"),
        ({"url": "x", "dir_info": {}, "archive_info": {}}, "", "Exactly one of"),
        ({"url": "x", "dir_info": []}, "", "Exactly one of"),
        ({"url": "x", "vcs_info": {"vcs": "git"}}, "", "Missing required value in 'vcs_info'"),
        ({"url": "x", "archive_info": {"hashes": ["a"]}}, "", "Unexpected type"),
        ({"url": "x", "dir_info": {}, "subdirectory": 1}, "", "Unexpected type"),
        ([], "", "Missing required value in 'url'"),
    ],
)
def test_direct_url(tmp_path: Path, content: object, editable: str, wrong: str) -> None:
    dist_info(tmp_path, "a-1", "Name: a\nVersion: 1\n\n", direct_url__json=json.dumps(content))
    (found,) = read(str(tmp_path)).distributions
    value, problem = found.direct_url_or_problem()
    assert problem.startswith(wrong)
    assert (value is None) == bool(wrong)
    assert found.editable_location() == editable


def test_direct_url_that_is_no_json(tmp_path: Path) -> None:
    dist_info(tmp_path, "a-1", "Name: a\nVersion: 1\n\n", direct_url__json="{")
    (found,) = read(str(tmp_path)).distributions
    assert found.direct_url() is None
    assert found.direct_url_or_problem()[1]


def test_torn_record() -> None:
    text = 'a.py,sha256=x,1\n"b,c.py",,\n"d ""e"".py",,\n"torn\n\nlast'
    assert record_paths(text) == ["a.py", "b,c.py", 'd "e".py', "torn", "last"]


@given(st.text())
def test_record_of_anything(text: str) -> None:
    assert all(isinstance(path, str) and path for path in record_paths(text))


@given(st.binary())
def test_headers_of_anything(content: bytes) -> None:
    assert all("\n" not in key for key, _ in header_lines(content))


@given(st.text())
def test_requires_txt_of_anything(text: str) -> None:
    assert len(requires_txt(text)) <= len(text.splitlines())


def test_headers() -> None:
    content = b"A: 1\r\nB:  x\n   more\n\ty\nC:\nnot a header\nD: 2\n"
    assert header_lines(content) == [("A", "1"), ("B", "x\n   more\n\ty"), ("C", "")]


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:///a/b", "/a/b"),
        ("file://localhost/a", "/a"),
        ("file:/a", "/a"),
        ("file:///%C3%BC%zz%2", "/ü%zz%2"),
        ("https://x.example/a%20b", "https://x.example/a%20b"),
    ],
)
def test_file_addresses(url: str, path: str) -> None:
    assert file_path(url) == path


@given(st.text(alphabet="aB-_.", min_size=1))
def test_normalised_as_packaging_does(name: str) -> None:
    from packaging.utils import canonicalize_name

    assert normalise(name) == canonicalize_name(name)
