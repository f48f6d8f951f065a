"""list, freeze, show and check: what they write for what is installed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from alcove.pip.actions import Latest, TargetFacts
from alcove.pip.freeze import direct_reference

if TYPE_CHECKING:
    from tests.unit.pip.fakes import Inside

EDITABLE = json.dumps({"url": "file:///projects/my%20own", "dir_info": {"editable": True}})


def test_list_columns(inside: Inside) -> None:
    inside.add("zeta", "1.0")
    inside.add("Foo.Bar", "2.0rc1")
    assert inside.pip("list").out == (
        "Package Version\n------- -------\nFoo.Bar 2.0rc1\nzeta    1.0\n"
    )


def test_list_of_nothing_is_nothing(inside: Inside) -> None:
    assert inside.pip("list") == ("", "", 0)
    assert inside.pip("list", "--format=json").out == "[]\n"


def test_list_tells_where_editables_lie(inside: Inside) -> None:
    inside.add("edit", "0.1", direct_url__json=EDITABLE)
    inside.add("plain", "1")
    assert "edit    0.1     /projects/my own\n" in inside.pip("list").out
    listed = json.loads(inside.pip("list", "--format", "json").out)
    assert listed[0]["editable_project_location"] == "/projects/my own"
    assert "plain" not in inside.pip("list", "-e").out
    assert "edit" not in inside.pip("list", "--exclude-editable").out


def test_list_json_is_what_json_writes(inside: Inside) -> None:
    inside.add("plain", "1.0-beta", INSTALLER="us\n")
    expected = [
        {
            "name": "plain",
            "version": "1.0b0",
            "location": str(inside.site_packages),
            "installer": "us",
        }
    ]
    assert inside.pip("list", "-v", "--format=json").out == json.dumps(expected) + "\n"


def test_list_as_freeze(inside: Inside) -> None:
    inside.add("odd", "2004.junk")
    inside.add("plain", "1.0")
    assert inside.pip("list", "--format=freeze").out == "odd===2004.junk\nplain==1.0\n"


def test_list_leaves_out_and_is_quiet(inside: Inside) -> None:
    inside.add("a-b", "1")
    assert inside.pip("list", "--exclude", "A.b") == ("", "", 0)
    assert inside.pip("-q", "list") == ("", "", 0)
    assert inside.pip("list", "-q", "-v").out


def test_list_not_required(inside: Inside) -> None:
    inside.add("top", "1", "Requires-Dist: low>=1\nRequires-Dist: other; extra == 'x'\n")
    inside.add("low", "1")
    inside.add("other", "1")
    inside.add("windows", "1")
    inside.add("two", "1", "Requires-Dist: windows ; os_name == 'nt'\n")
    lines = inside.pip("list", "--not-required", "--format=freeze").out.split()
    assert lines == ["other==1", "top==1", "two==1", "windows==1"]


def test_list_outdated(inside: Inside) -> None:
    inside.add("old", "1.9")
    inside.add("new", "2")
    inside.add("gone", "1")
    inside.actions.newest = {"old": Latest("1.10", "wheel"), "new": Latest("2.0", "sdist")}
    answer = inside.pip("list", "--outdated", "-i", "https://index.example/simple", "--pre")
    assert answer.out == (
        "Package Version Latest Type\n------- ------- ------ -----\nold     1.9     1.10   wheel\n"
    )
    names, sources = inside.actions.asked_latest[0]
    assert sorted(names) == ["gone", "new", "old"]
    assert (sources.index_url, sources.pre) == ("https://index.example/simple", True)
    assert json.loads(inside.pip("list", "-o", "--format=json").out) == [
        {"name": "old", "version": "1.9", "latest_version": "1.10", "latest_filetype": "wheel"}
    ]
    assert inside.pip("list", "--uptodate", "--format=freeze").out == "new==2\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("-o -u", "Options --outdated and --uptodate cannot be combined."),
        ("-o --format freeze", "List format 'freeze' cannot be used with the --outdated option."),
        ("--path /x -l", "Cannot combine '--path' with '--user' or '--local'"),
    ],
)
def test_list_refusals(inside: Inside, words: str, message: str) -> None:
    assert inside.pip("list", *words.split()) == ("", f"ERROR: {message}\n", 1)


def test_list_of_a_path_alone(inside: Inside) -> None:
    inside.add("here", "1")
    other = inside.home / "other" / "there-2.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Name: there\nVersion: 2\n\n")
    assert inside.pip("list", "--path", "other", "--format=freeze").out == "there==2\n"
    assert inside.pip("freeze", "--path", "other").out == "there==2\n"


def test_an_environment_that_sees_its_base(inside: Inside) -> None:
    base = inside.home / "base"
    info = base / "based-3.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: based\nVersion: 3\n\n")
    inside.actions.base = [str(base)]
    inside.add("own", "1")
    assert inside.pip("list", "--format=freeze").out == "own==1\n"
    inside.settings("true")
    assert inside.pip("list", "--format=freeze").out == "based==3\nown==1\n"
    assert inside.pip("list", "-l", "--format=freeze").out == "own==1\n"


def test_the_users_own_modules(inside: Inside) -> None:
    mine = inside.home / ".local" / "lib" / "python3.12" / "site-packages" / "mine-1.dist-info"
    mine.mkdir(parents=True)
    (mine / "METADATA").write_text("Name: mine\nVersion: 1\n\n")
    inside.environ["HOME"] = str(inside.home)
    assert inside.pip("list", "--user").out == ""
    inside.settings("true")
    assert inside.pip("list", "--user", "--format=freeze").out == "mine==1\n"
    assert inside.pip("list", "-l").out == ""
    inside.environ["PYTHONNOUSERSITE"] = "1"
    assert inside.pip("list").out == ""


def test_pythonpath_comes_first(inside: Inside) -> None:
    info = inside.home / "path" / "own-9.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: own\nVersion: 9\n\n")
    inside.add("own", "1")
    inside.environ["PYTHONPATH"] = "path"
    assert inside.pip("freeze").out == "own==9\n"


def test_freeze_hides_tools_by_python(inside: Inside) -> None:
    for name in ("pip", "setuptools", "wheel"):
        inside.add(name, "1")
    assert inside.pip("freeze").out == "setuptools==1\nwheel==1\n"
    assert inside.pip("freeze", "--all").out == "pip==1\nsetuptools==1\nwheel==1\n"
    (inside.prefix / "lib" / "python3.12").rename(inside.prefix / "lib" / "python3.11")
    inside.site_packages = inside.prefix / "lib" / "python3.11" / "site-packages"
    assert inside.pip("freeze").out == ""


def test_freeze_is_never_quiet(inside: Inside) -> None:
    inside.add("a", "1")
    assert inside.pip("-qq", "freeze").out == "a==1\n"


def test_freeze_order_knows_no_case(inside: Inside) -> None:
    for name in ("b", "A", "C_x", "c-a"):
        inside.add(name, "1")
    assert inside.pip("freeze").out == "A==1\nb==1\nc-a==1\nC_x==1\n"


def test_freeze_editable_without_repository(inside: Inside) -> None:
    inside.add("edit", "0.1", direct_url__json=EDITABLE)
    assert inside.pip("freeze").out == (
        "# Editable install with no version control (edit==0.1)\n-e /projects/my own\n"
    )
    assert inside.pip("freeze", "--exclude-editable").out == ""


@pytest.mark.parametrize(
    ("direct_url", "expected"),
    [
        ({"url": "file:///w.whl", "archive_info": {}}, "n @ file:///w.whl"),
        (
            {"url": "file:///w.whl", "archive_info": {"hashes": {"sha256": "ab", "md5": "c"}}},
            "n @ file:///w.whl#sha256=ab",
        ),
        (
            {"url": "file:///w.whl", "archive_info": {"hash": "sha256=ab"}, "subdirectory": "s"},
            "n @ file:///w.whl#sha256=ab&subdirectory=s",
        ),
        ({"url": "file:///d", "dir_info": {}}, "n @ file:///d"),
        (
            {"url": "https://git.example/r", "vcs_info": {"vcs": "git", "commit_id": "f00"}},
            "n @ git+https://git.example/r@f00",
        ),
    ],
)
def test_direct_references(direct_url: dict[str, object], expected: str) -> None:
    assert direct_reference(direct_url, "n") == expected


def test_freeze_in_the_order_of_a_file(inside: Inside) -> None:
    for name in ("a", "b", "c"):
        inside.add(name, "1")
    (inside.home / "r.txt").write_text(
        "# first\n\nc>=1  # why\n--pre\nmissing\nA ; python_version \\\n > '3'\n-e .\n-c limits.txt\n"
        "https://x.example/files/d-1.0-py3-none-any.whl\n-e git+https://x.example/y#egg=b\n# first\n"
    )
    answer = inside.pip("freeze", "-r", "r.txt")
    assert answer.out == (
        "# first\n\nc==1\n--pre\na==1\n-c limits.txt\n"
        "b==1\n## The following requirements were added by pip freeze:\n"
    )
    assert answer.err == (
        "WARNING: Requirement file [r.txt] contains missing, but package 'missing' is not installed\n"
        "WARNING: Skipping line in requirement file [r.txt] because it's not clear what it would"
        " install: .\nhint: add #egg=PackageName to the URL to avoid this warning\n"
        "WARNING: Requirement file [r.txt] contains https://x.example/files/d-1.0-py3-none-any.whl,"
        " but package 'd' is not installed\n"
    )


def test_freeze_of_a_file_that_is_not_there(inside: Inside) -> None:
    answer = inside.pip("freeze", "-r", "nope")
    assert answer.code == 1
    assert answer.err.startswith("ERROR: Could not open requirements file: [Errno 2]")


def test_show(inside: Inside) -> None:
    inside.add(
        "Top",
        "1",
        "Summary: all\nAuthor: A\nAuthor-email: a@b.example\nLicense: MIT\n         and more\n"
        "Project-URL: Home Page, https://top.example\nRequires-Dist: low>=1\n"
        "Requires-Dist: Low2 (>1); os_name == 'posix'\nRequires-Dist: x; extra == 'y'\n"
        "Classifier: One\n",
        RECORD='top/__init__.py,,\ntop,,\n"odd,name.py",,\nTop-1.dist-info/RECORD,,\n',
        entry_points__txt="[console_scripts]\ntop = top:main\n",
        INSTALLER="alcove\n",
    )
    inside.add("low", "2", "Requires-Dist: TOP\n")
    answer = inside.pip("show", "-v", "-f", "top")
    assert answer.err == ""
    assert answer.out == (
        "Name: Top\nVersion: 1\nSummary: all\nHome-page: https://top.example\nAuthor: A\n"
        "Author-email: a@b.example\nLicense: MIT\n and more\n"
        f"Location: {inside.site_packages}\nRequires: low, Low2\nRequired-by: low\n"
        "Metadata-Version: 2.1\nInstaller: alcove\nClassifiers:\n  One\nEntry-points:\n"
        "  [console_scripts]\n  top = top:main\nProject-URLs:\n  Home Page, https://top.example\n"
        "Files:\n  Top-1.dist-info/RECORD\n  odd,name.py\n  top/__init__.py\n"
    )


def test_show_several_and_missing(inside: Inside) -> None:
    inside.add("a", "1")
    inside.add("b", "1")
    answer = inside.pip("show", "b", "zz", "A", "yy")
    assert answer.err == "WARNING: Package(s) not found: yy, zz\n"
    assert [line for line in answer.out.splitlines() if line.startswith(("Name", "---"))] == [
        "Name: b",
        "---",
        "Name: a",
    ]
    assert answer.code == 0
    assert inside.pip("show", "zz").code == 1
    assert inside.pip("show") == (
        "",
        "WARNING: ERROR: Please provide a package name or names.\n",
        1,
    )


def test_show_license_expression_needs_its_metadata_version(inside: Inside) -> None:
    info = inside.add("a", "1")
    (info / "METADATA").write_text(
        "Metadata-Version: 2.4\nName: a\nVersion: 1\nLicense-Expression: MIT\n\n"
    )
    assert "License-Expression: MIT\n" in inside.pip("show", "a").out
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: a\nVersion: 1\nLicense-Expression: MIT\n\n"
    )
    assert "License: \n" in inside.pip("show", "a").out


def test_check(inside: Inside) -> None:
    inside.add(
        "a", "1", "Requires-Dist: b>=1\nRequires-Dist: c\nRequires-Dist: d; os_name == 'nt'\n"
    )
    assert inside.pip("check") == (
        "a 1 requires b, which is not installed.\na 1 requires c, which is not installed.\n",
        "",
        1,
    )
    inside.add("b", "0.5")
    inside.add("c", "1")
    assert inside.pip("check") == ("a 1 has requirement b>=1, but you have b 0.5.\n", "", 1)


def test_check_of_a_whole_environment(inside: Inside) -> None:
    inside.add("a", "1", "Requires-Dist: b\n")
    inside.add("b", "1.0rc1", WHEEL="Wheel-Version: 1.0\nTag: py2.py3-none-any\n")
    assert inside.pip("check") == ("No broken requirements found.\n", "", 0)


def test_check_of_another_platform(inside: Inside) -> None:
    inside.actions.facts = TargetFacts({}, ("cp312-cp312-linux_x86_64", "py3-none-any"))
    inside.add("a", "1", WHEEL="Tag: cp27-cp27m-win32\n")
    inside.add("b", "1", WHEEL="Tag: cp311.cp312-cp312-any.linux_x86_64\n")
    assert inside.pip("check").out == "a 1 is not supported on this platform\n"


def test_check_of_what_cannot_be_read(inside: Inside) -> None:
    inside.add("a", "1", "Requires-Dist: this is none (((\n")
    inside.add("b", "junk-version")
    answer = inside.pip("check")
    assert answer.code == 1
    assert answer.out == ""
    assert "WARNING: Error parsing dependencies of a: " in answer.err
    assert (
        "WARNING: Error parsing dependencies of b: Invalid version: 'junk-version'\n" in answer.err
    )
