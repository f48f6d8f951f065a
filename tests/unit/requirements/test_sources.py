"""Dependency groups, pyproject.toml, and inline metadata of scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from alcove.errors import InvalidRequirement
from alcove.requirements import groups, pyproject, script
from alcove.requirements.hashes import check, wanted
from alcove.requirements.resolution import Origin, Pinned, Resolution
from alcove.requirements.spec import Asked

if TYPE_CHECKING:
    from pathlib import Path

TABLE = {
    "test": ["pytest>7", "coverage"],
    "docs": ["sphinx"],
    "Typing_Test": [{"include-group": "test"}, "mypy"],
    "all": [{"include-group": "DOCS"}, {"include-group": "typing-test"}, {"include-group": "test"}],
}


def expand(table: dict[str, Any], group: str) -> list[str]:
    return [text for text, _ in groups.expand(table, group, origin="p.toml")]


def test_groups_are_put_in_place() -> None:
    assert expand(TABLE, "typing.test") == ["pytest>7", "coverage", "mypy"]
    assert expand(TABLE, "all") == [
        "sphinx",
        "pytest>7",
        "coverage",
        "mypy",
        "pytest>7",
        "coverage",
    ]
    assert groups.expand(TABLE, "typing-test", origin="p.toml")[2] == (
        "mypy",
        "p.toml:dependency-groups.Typing_Test[1]",
    )


@pytest.mark.parametrize(
    ("table", "group", "message"),
    [
        ({}, "x", "p.toml: there is no dependency group 'x'"),
        (
            {"a": [{"include-group": "b"}]},
            "a",
            "p.toml: there is no dependency group 'b', which 'a' includes",
        ),
        (
            {"a": [{"include-group": "A"}]},
            "a",
            "p.toml:dependency-groups.a[0]: the group includes itself: a -> a",
        ),
        (
            {"a": ["x", {"include-group": "b"}], "b": [{"include-group": "a"}]},
            "a",
            "p.toml:dependency-groups.b[0]: the group includes itself: a -> b -> a",
        ),
        (
            {"a-b": [], "A_B": []},
            "a-b",
            "p.toml: the dependency groups 'a-b' and 'A_B' have one name",
        ),
        ({"a": "x"}, "a", "p.toml:dependency-groups.a: a group is a list, this is str"),
        (
            {"a": [1]},
            "a",
            "p.toml:dependency-groups.a[0]: 1 is neither a requirement nor an include",
        ),
        (
            {"a": [{"include-group": 1}]},
            "a",
            "p.toml:dependency-groups.a[0]: {'include-group': 1} is neither",
        ),
        ({"a": [{"include-group": "a", "x": 1}]}, "a", "p.toml:dependency-groups.a[0]: "),
        (
            {"a": ["x", "-e ."]},
            "a",
            "p.toml:dependency-groups.a[1]: cannot read the requirement '-e .'",
        ),
    ],
)
def test_groups_that_are_wrong(table: dict[str, Any], group: str, message: str) -> None:
    with pytest.raises(InvalidRequirement) as caught:
        expand(table, group)
    assert caught.value.message.startswith(message)


def test_includes_that_double_are_stopped() -> None:
    table: dict[str, Any] = {"g0": ["a"]}
    for number in range(1, 30):
        table[f"g{number}"] = [{"include-group": f"g{number - 1}"}] * 2
    with pytest.raises(InvalidRequirement, match="more than 20000 requirements"):
        expand(table, "g29")


def project(tmp_path: Path, text: str) -> pyproject.Project:
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    return pyproject.read(str(tmp_path / "pyproject.toml"), shown="p.toml")


PROJECT = """
[project]
name = "Thing"
version = "1"
requires-python = ">=3.9"
dependencies = ["a>1", "b ; os_name == 'nt'"]
[project.optional-dependencies]
Fast_er = ["c"]
[dependency-groups]
test = ["d"]
[tool.x]
y = 1
"""


def test_a_project(tmp_path: Path) -> None:
    found = project(tmp_path, PROJECT)
    assert found == pyproject.Project(
        "Thing",
        "1",
        ">=3.9",
        ("a>1", "b ; os_name == 'nt'"),
        {"fast-er": ("c",)},
        {"test": ["d"]},
        (),
        {"x": {"y": 1}},
        "p.toml",
    )
    asked = pyproject.asked_of(found, directory="/nowhere", extras=["fast.ER"], group=["test"])
    assert [(one.text, one.origin) for one in asked] == [
        ("a>1", "p.toml:project.dependencies[0]"),
        ("b ; os_name == 'nt'", "p.toml:project.dependencies[1]"),
        ("c", "p.toml:project.optional-dependencies.fast.ER[0]"),
        ("d", "p.toml:dependency-groups.test[0]"),
    ]
    assert (
        pyproject.asked_of(found, directory="/nowhere", group=["test"], dependencies=False)
        == asked[3:]
    )


def test_a_file_without_a_project(tmp_path: Path) -> None:
    found = project(tmp_path, "[dependency-groups]\ndev = ['a']\n")
    assert (found.name, found.dependencies) == ("", ())
    assert [one.name for one in pyproject.asked_of(found, directory="/nowhere", group=["dev"])] == [
        "a"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = [", "p.toml: this is not TOML: "),
        ("project = 1", "p.toml: project must be a table"),
        ("[project]\nname = 1", "p.toml:project.name must be a string"),
        ("[project]\ndependencies = 'a'", "p.toml:project.dependencies must be a list of strings"),
        ("[project]\ndependencies = ['a', 1]", "p.toml:project.dependencies[1] must be a string"),
        (
            "[project.optional-dependencies]\nx = 1",
            "p.toml:project.optional-dependencies.x must be a list",
        ),
        ("dependency-groups = 1", "p.toml: dependency-groups must be a table"),
        ("x = " + "[" * 20_000, "p.toml: this TOML cannot be read"),
        ("x = " + "1" * 5000, "p.toml: this TOML cannot be read"),
    ],
)
def test_files_that_are_wrong(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InvalidRequirement) as caught:
        project(tmp_path, text)
    assert caught.value.message.startswith(message)


def test_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(b"a = 1\nb = '\xe9'")
    with pytest.raises(InvalidRequirement, match=r"^p:2: TOML is UTF-8, the byte 0xe9 is not$"):
        pyproject.read(str(tmp_path / "p"), shown="p")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequirement, match="No such file"):
        pyproject.read(str(tmp_path / "none.toml"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"extras": ["nope"]}, "p.toml: the project has no extra 'nope'"),
        ({"group": ["nope"]}, "p.toml: there is no dependency group 'nope'"),
    ],
)
def test_what_a_project_does_not_have(
    tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidRequirement) as caught:
        pyproject.asked_of(project(tmp_path, PROJECT), directory="/nowhere", **options)
    assert caught.value.message == message
    assert caught.value.hint


def test_dynamic_dependencies_are_not_guessed(tmp_path: Path) -> None:
    found = project(tmp_path, "[project]\nname='a'\ndynamic=['dependencies']")
    with pytest.raises(InvalidRequirement, match="is dynamic"):
        pyproject.asked_of(found, directory="/nowhere")


SCRIPT = """#!/usr/bin/env python
# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "a<2",
#
#   "b",
# ]
# [tool.x]
# y = 1
# ///
import a
"""


def test_a_script() -> None:
    assert script.read(SCRIPT.encode(), origin="s.py") == script.Script(
        ">=3.11", ("a<2", "b"), {"x": {"y": 1}}
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import a\n",
        "# /// script\n# a = 1\nx\n",
        "# /// other\n# x\n# ///\n",
        "#/// script\n# ///\n",
    ],
)
def test_scripts_without_metadata(text: str) -> None:
    assert script.read(text.encode(), origin="s.py") is None


def test_the_last_closing_line_counts() -> None:
    text = "# /// script\n# dependencies = []\n# ///\n# ///\n"
    assert script.block(text, "script", origin="s.py") == "dependencies = []\n///"
    windows = SCRIPT.replace("\n", "\r\n")
    assert script.read(windows.encode(), origin="s.py") == script.read(
        SCRIPT.encode(), origin="s.py"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SCRIPT + SCRIPT, "s.py:14: a second block '# /// script'; the first is in line 2"),
        ("# /// script\n# x = [\n# ///\n", "s.py (inline metadata): this is not TOML"),
        ("# /// script\n# dependencies = 'a'\n# ///\n", "s.py: dependencies must be a list"),
        (
            "# /// script\n# dependencies = ['a b']\n# ///\n",
            "s.py: cannot read the requirement 'a b'",
        ),
        ("# /// script\n# requires-python = 3\n# ///\n", "s.py: requires-python must be a string"),
        ("# /// script\n# requires-python = '3'\n# ///\n", "s.py: requires-python: "),
        ("# /// script\n# tool = 3\n# ///\n", "s.py: tool must be a table"),
    ],
)
def test_scripts_that_are_wrong(text: str, message: str) -> None:
    with pytest.raises(InvalidRequirement) as caught:
        script.read(text.encode(), origin="s.py")
    assert caught.value.message.startswith(message)


HASH = "sha256:" + "0" * 64


def pinned(name: str, kind: str = "index", url: str = "") -> Pinned:
    return Pinned(name, "1.0", Origin(kind, url, ""))


def test_hash_checking_mode() -> None:
    good = [
        Asked("a==1.0", "a", specifier="==1.0", hashes=(HASH,), origin="r:1:1"),
        Asked("u", "", url="https://x.example/u.zip#sha256=00", origin="r:2:1"),
    ]
    resolution = Resolution((pinned("a"), pinned("u", "url", "https://x.example/u.zip#sha256=00")))
    check(good, [], resolution)
    assert wanted(good, required=None)
    assert not wanted(good, required=False)
    assert wanted([], required=True)
    assert not wanted(good[1:], required=None)
    check([good[0]._replace(hashes=())], [good[0]], Resolution((pinned("a"),)))


def test_hash_checking_mode_names_all_that_is_wrong() -> None:
    asked = [
        Asked("a", "a", hashes=(HASH,), origin="r:1:1"),
        Asked("b==1.0", "b", specifier="==1.0", origin="r:2:1"),
        Asked("c==1.*", "c", specifier="==1.*", hashes=(HASH,), origin="r:3:1"),
    ]
    resolution = Resolution(
        (pinned("a"), pinned("b"), pinned("c"), pinned("d"), pinned("e", "vcs"))
    )
    with pytest.raises(InvalidRequirement) as caught:
        check(asked, [], resolution)
    assert caught.value.message.splitlines()[1:] == [
        "  a 1.0 is not pinned with == (r:1:1)",
        "  b 1.0 has no hash (r:2:1)",
        "  c 1.0 is not pinned with == (r:3:1)",
        "  d 1.0 is a dependency that is not listed",
        "  e 1.0 is not an archive, and so has no hash",
    ]
