"""One requirement: names, addresses, paths, editables, and what is said of those that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alcove.errors import InvalidRequirement
from alcove.requirements.spec import Asked, parse, spell

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def directory(tmp_path: Path) -> str:
    """Make a working directory with two projects, a plain folder and archives."""
    for name in ("pkg", "sp ace"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pyproject.toml").touch()
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "setup.py").touch()
    (tmp_path / "plain").mkdir()
    for name in (
        "six-1.17.0-py2.py3-none-any.whl",
        "foo-1.0.tar.gz",
        "bar.zip",
        "requirements.txt",
    ):
        (tmp_path / name).touch()
    return str(tmp_path)


def read(text: str, directory: str = "/nowhere", *, editable: bool = False) -> Asked:
    def place(offset: int) -> str:
        return f"r.txt:3:{5 + offset}"

    return parse(text, origin=place(0), directory=directory, editable=editable, place=place)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("flask", Asked("flask", "flask")),
        ("  Flask_Thing  ", Asked("Flask_Thing", "flask-thing")),
        ("flask>=3, <4", Asked("flask>=3, <4", "flask", specifier="<4,>=3")),
        ("flask (>=1)", Asked("flask (>=1)", "flask", specifier=">=1")),
        ("flask[async, Do_T.env]", Asked("flask[async, Do_T.env]", "flask", ("async", "do-t-env"))),
        ("flask===banana", Asked("flask===banana", "flask", specifier="===banana")),
        (
            "flask ; python_version>'3'",
            Asked("flask ; python_version>'3'", "flask", marker='python_version > "3"'),
        ),
        ("flask ;", Asked("flask ;", "flask")),
        (
            "flask @ https://x.example/f.zip ; os_name=='posix'",
            Asked(
                "flask @ https://x.example/f.zip ; os_name=='posix'",
                "flask",
                marker='os_name == "posix"',
                url="https://x.example/f.zip",
            ),
        ),
        (
            "flask@https://x.example/f.zip; os_name=='posix'",
            Asked(
                "flask@https://x.example/f.zip; os_name=='posix'",
                "flask",
                marker='os_name == "posix"',
                url="https://x.example/f.zip",
            ),
        ),
        (
            "f[x] @ git+https://x.example/f@main#subdirectory=a",
            Asked(
                "f[x] @ git+https://x.example/f@main#subdirectory=a",
                "f",
                ("x",),
                url="git+https://x.example/f@main#subdirectory=a",
            ),
        ),
        (
            "https://x.example/f.zip",
            Asked("https://x.example/f.zip", "", url="https://x.example/f.zip"),
        ),
        (
            "https://x.example/f;g.zip",
            Asked("https://x.example/f;g.zip", "", url="https://x.example/f;g.zip"),
        ),
        (
            "https://x.example/f.zip ; os_name=='nt'",
            Asked(
                "https://x.example/f.zip ; os_name=='nt'",
                "",
                marker='os_name == "nt"',
                url="https://x.example/f.zip",
            ),
        ),
        (
            "https://x.example/Foo_Bar-1.0%2Bcpu-py3-none-any.whl#sha256=00",
            Asked(
                "https://x.example/Foo_Bar-1.0%2Bcpu-py3-none-any.whl#sha256=00",
                "foo-bar",
                specifier="==1.0+cpu",
                url="https://x.example/Foo_Bar-1.0%2Bcpu-py3-none-any.whl#sha256=00",
            ),
        ),
        (
            "https://x.example/f.zip#egg=F_g&subdirectory=h",
            Asked(
                "https://x.example/f.zip#egg=F_g&subdirectory=h",
                "f-g",
                url="https://x.example/f.zip#egg=F_g&subdirectory=h",
            ),
        ),
        (
            "git+ssh://git@x.example/a.git@v1#egg=a[b]",
            Asked(
                "git+ssh://git@x.example/a.git@v1#egg=a[b]",
                "a",
                ("b",),
                url="git+ssh://git@x.example/a.git@v1#egg=a[b]",
            ),
        ),
        (
            "https://x.example/a-1-py3-none-any.whl#egg=a[b]",
            Asked(
                "https://x.example/a-1-py3-none-any.whl#egg=a[b]",
                "a",
                ("b",),
                "==1",
                url="https://x.example/a-1-py3-none-any.whl#egg=a[b]",
            ),
        ),
        ("bzr+lp:thing#egg=a", Asked("bzr+lp:thing#egg=a", "a", url="bzr+lp:thing#egg=a")),
    ],
)
def test_requirements_without_a_disk(text: str, expected: Asked) -> None:
    assert read(text) == expected._replace(origin="r.txt:3:5")


@pytest.mark.parametrize(
    ("text", "path", "extras"),
    [
        ("./pkg", "pkg", ()),
        ("pkg/", "pkg", ()),
        ("./pkg[test, X_y]", "pkg", ("test", "x-y")),
        ("./pkg [test]", "pkg", ("test",)),
        ("./sp ace", "sp ace", ()),
        ("old/.", "old", ()),
        ("foo-1.0.tar.gz", "foo-1.0.tar.gz", ()),
        ("bar.zip[x]", "bar.zip", ("x",)),
        ("file:bar.zip", "bar.zip", ()),
        ("file://localhost{here}/bar.zip", "bar.zip", ()),
        ("file://{here}/sp%20ace", "sp ace", ()),
    ],
)
def test_paths(directory: str, text: str, path: str, extras: tuple[str, ...]) -> None:
    asked = read(text.format(here=directory), directory)
    assert asked.name == ""
    assert asked.path == f"{directory}/{path}"
    assert asked.url == f"file://{directory}/{path}".replace(" ", "%20")
    assert asked.extras == extras
    assert not asked.editable


def test_a_wheel_tells_its_name_and_version(directory: str) -> None:
    asked = read("six-1.17.0-py2.py3-none-any.whl[x] ; os_name=='posix'", directory)
    assert (asked.name, asked.specifier, asked.extras) == ("six", "==1.17.0", ("x",))
    assert asked.marker == 'os_name == "posix"'
    assert asked.path == f"{directory}/six-1.17.0-py2.py3-none-any.whl"


def test_a_folder_of_the_same_name_is_not_meant_without_a_separator(directory: str) -> None:
    assert read("pkg", directory) == Asked("pkg", "pkg", origin="r.txt:3:5")


@pytest.mark.parametrize(
    ("text", "name", "url", "extras"),
    [
        ("./pkg", "", "file://{here}/pkg", ()),
        ("pkg", "", "file://{here}/pkg", ()),
        ("plain[a,B]", "", "file://{here}/plain", ("a", "b")),
        ("file:pkg#egg=zz", "zz", "file://{here}/pkg#egg=zz", ()),
        ("git+https://x.example/a#egg=A", "a", "git+https://x.example/a#egg=A", ()),
        ("git:x.example/a#egg=a", "a", "git+git:x.example/a#egg=a", ()),
        ("a[x] @ git+https://x.example/a", "a", "git+https://x.example/a", ("x",)),
    ],
)
def test_editables(directory: str, text: str, name: str, url: str, extras: tuple[str, ...]) -> None:
    asked = read(text, directory, editable=True)
    assert asked.editable
    assert (asked.name, asked.url, asked.extras) == (name, url.format(here=directory), extras)


@pytest.mark.parametrize(
    ("text", "where", "why", "hint"),
    [
        ("", "r.txt:3:5", "it is empty", None),
        ("a\0b", "r.txt:3:5", "null byte", None),
        ("flask=1.0", "r.txt:3:10", "", "compared with =="),
        ("flask 1.0", "r.txt:3:11", "", "write it as NAME"),
        ("flask~=1", "r.txt:3:10", "", "write it as NAME"),
        ("a ; bogus == '1'", "r.txt:3:9", "", "a marker compares python_version, sys_platform"),
        ("a ; python_verison>='3'", "r.txt:3:9", "", "did you mean python_version?"),
        (
            "a ; extra == 'x' and sys_platfrom == 'linux'",
            "r.txt:3:26",
            "",
            "did you mean sys_platform?",
        ),
        (
            "git@git.example:a/b.git",
            "r.txt:3:5",
            "not a URL",
            "git+ssh://git@git.example/a/b.git",
        ),
        ("flask@3.0", "r.txt:3:5", "not a URL", "as in flask==3.0"),
        ("./pkg ; bogus == '1'", "r.txt:3:13", "", None),
        ("./pkg[a b]", "r.txt:3:5", "is not a list of extras", "PATH[one,two]"),
        ("./plain", "r.txt:3:5", "neither a pyproject.toml nor a setup.py", None),
        ("./missing.zip", "r.txt:3:5", "there is no file", None),
        ("missing/thing", "r.txt:3:12", "", "there is no "),
        ("https://x.example/bad.whl", "r.txt:3:5", "not the file name of a wheel", None),
        (
            "https://x.example/a.zip#egg=a/b",
            "r.txt:3:5",
            "the egg fragment 'a/b' is not a name",
            "NAME @ URL",
        ),
        ("file://host/a.zip", "r.txt:3:5", "it names the host 'host'", None),
        ("file:a%00.zip", "r.txt:3:5", "null byte", None),
        ("foo+https://x.example/a", "r.txt:3:8", "", None),
        ("a @ ./pkg", "r.txt:3:5", "not a URL", "https://"),
        ("a @ javascript:1", "r.txt:3:5", "not a URL", "https://"),
        ("x" * 30_000, "r.txt:3:5", "30000 characters", None),
        ("a ; " + "(" * 5000 + "os_name=='x'" + ")" * 5000, "r.txt:3:9", "too deeply", None),
    ],
)
def test_what_cannot_be_read(
    directory: str, text: str, where: str, why: str, hint: str | None
) -> None:
    with pytest.raises(InvalidRequirement) as caught:
        read(text, directory)
    assert caught.value.message.startswith(f"{where}: cannot read the requirement ")
    assert why in caught.value.message
    assert len(caught.value.message) < 500
    if hint is not None:
        assert hint in (caught.value.hint or "")


def test_a_file_without_a_separator_is_a_name_unless_it_is_an_archive(directory: str) -> None:
    assert read("requirements.txt", directory).name == "requirements-txt"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("missing", "it is neither a directory nor a repository"),
        ("./missing", "there is no directory"),
        ("https://x.example/a.zip#egg=a", "only a directory or a repository"),
        ("git+https://x.example/a", "its name is not known"),
        ("bar.zip", "neither a directory"),
        ("file:bar.zip", "is not a directory"),
        ("a @ https://x.example/a.zip", "only a directory or a repository"),
    ],
)
def test_what_cannot_be_editable(directory: str, text: str, why: str) -> None:
    with pytest.raises(InvalidRequirement, match=why) as caught:
        read(text, directory, editable=True)
    assert caught.value.hint


def test_an_origin_without_a_column_is_left_alone() -> None:
    with pytest.raises(
        InvalidRequirement, match=r"^command line: cannot read the requirement 'a b'"
    ):
        parse("a b", origin="command line", directory="/nowhere")


@pytest.mark.parametrize(
    "text",
    [
        "flask",
        'a[b,c]<2,>=1 ; os_name == "posix"',
        "a @ https://x.example/a.zip",
        "a[x] @ git+https://x.example/a@v1",
    ],
)
def test_what_is_spelled_reads_the_same(text: str) -> None:
    asked = read(text)
    again = read(spell(asked))
    assert again._replace(text="") == asked._replace(text="")


@pytest.mark.parametrize(
    ("text", "editable"), [("./pkg[x]", False), ("./pkg[x]", True), ("bar.zip", False)]
)
def test_paths_are_spelled_so_that_they_read_the_same(
    directory: str, text: str, *, editable: bool
) -> None:
    asked = read(text, directory, editable=editable)
    spelled = spell(asked).removeprefix("-e ")
    again = read(spelled, "/elsewhere", editable=editable)
    assert again._replace(text="") == asked._replace(text="")
