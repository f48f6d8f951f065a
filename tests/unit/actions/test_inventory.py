"""What is remembered of an environment holds as long as nothing was touched, and no longer."""

from __future__ import annotations

import os
import time
import zipfile
from typing import TYPE_CHECKING

import pytest

from alcove.actions import faults, inventory
from alcove.actions.inventory import take
from alcove.actions.judgement import faults_of, needed_of
from alcove.environments import installed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from alcove.environments.installed import Contents

REAL_CLOCK = time.time_ns


@pytest.fixture(autouse=True)
def _later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what was just made be old enough to be remembered."""
    monkeypatch.setattr("time.time_ns", lambda: REAL_CLOCK() + 10**10)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Make a directory of modules with two distributions and a `.pth` file that names a third one's directory."""
    site = tmp_path / "site"
    (tmp_path / "project").mkdir()
    add(tmp_path / "project", "Edited", "0.1")
    add(site, "Foo.Bar", "1.0", "Requires-Dist: other>=2\nRequires-Dist: baz; extra == 'x'\n")
    add(site, "other", "2.0", INSTALLER="pip\n", REQUESTED="")
    (site / "project.pth").write_text(f"import sys\n{tmp_path}/project\n{tmp_path}/nowhere\n")
    return site


def add(site: Path, name: str, version: str, headers: str = "", **files: str) -> Path:
    """Put a distribution there."""
    info = site / f"{name.replace('.', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{headers}\nbody\n"
    )
    (info / "WHEEL").write_text("Wheel-Version: 1.0\nBuild: 7\nTag: py3-none-any\n")
    for file, content in files.items():
        (info / file.replace("__", ".")).write_text(content)
    return info


def look(site: Path, cache: Path) -> list[tuple[object, ...]]:
    """Return all that is told of each distribution."""
    found = take(str(site), cache=str(cache)).contents.distributions
    return [
        (
            *(one.name, one.normalised, one.version, one.location, one.info, one.metadata),
            *(one.headers(), one.requires(), one.installer(), one.requested(), one.build()),
            one.direct_url_or_problem(),
        )
        for one in found
    ]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """One item for each time that a directory is read anew."""
    seen: list[object] = []

    def counted(sites: Sequence[str]) -> Contents:
        seen.append(sites)
        return installed.read_all(sites)

    monkeypatch.setattr(inventory, "read_all", counted)
    return seen


def test_the_second_look_reads_nothing_anew(
    site: Path, tmp_path: Path, reads: list[object]
) -> None:
    first = look(site, tmp_path / "cache")
    assert [row[0] for row in sorted(first, key=str)] == ["Edited", "Foo.Bar", "other"]
    assert look(site, tmp_path / "cache") == first
    assert len(reads) == 1


def test_without_a_cache_nothing_is_remembered(
    site: Path, tmp_path: Path, reads: list[object]
) -> None:
    assert len(take(str(site), cache="").contents.distributions) == 3
    assert len(take(str(site), cache="").contents.distributions) == 3
    assert len(reads) == 2
    assert not (tmp_path / "cache").exists()


def _edit(info: Path) -> None:
    path = info / "METADATA"
    path.write_text(path.read_text().replace("Version: 2.0", "Version: 3.0"))


def _replace(info: Path) -> None:
    for file in info.iterdir():
        file.unlink()
    info.rmdir()
    add(info.parent, "other", "2.0", "Summary: anew\n")


CHANGES: dict[str, Callable[[Path], object]] = {
    "added": lambda site: add(site, "third", "1"),
    "removed": lambda site: os.rename(site / "other-2.0.dist-info", site / "other-2.0.gone"),
    "edited in place": lambda site: _edit(site / "other-2.0.dist-info"),
    "replaced by the same version": lambda site: _replace(site / "other-2.0.dist-info"),
    "direct_url.json": lambda site: (site / "other-2.0.dist-info" / "direct_url.json").write_text(
        '{"url": "file:///x", "dir_info": {}}'
    ),
    "no longer requested": lambda site: (site / "other-2.0.dist-info" / "REQUESTED").unlink(),
    "another .pth": lambda site: (site / "more.pth").write_text(f"{site.parent}/more\n"),
    "the .pth says another directory": lambda site: (site / "project.pth").write_text("\n"),
    "something in the directory of a .pth": lambda site: add(
        site.parent / "project", "deeper", "1"
    ),
    "a directory of a .pth that was not there": lambda site: add(
        site.parent / "nowhere", "new", "1"
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_seen(
    site: Path, tmp_path: Path, change: Callable[[Path], object], reads: list[object]
) -> None:
    look(site, tmp_path / "cache")
    change(site)
    assert look(site, tmp_path / "cache") == look(site, tmp_path / "another cache")
    assert len(reads) == 3


def test_what_changed_a_moment_ago_is_not_remembered(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reads: list[object]
) -> None:
    monkeypatch.setattr("time.time_ns", REAL_CLOCK)
    add(site, "third", "1")
    look(site, tmp_path / "cache")
    look(site, tmp_path / "cache")
    assert len(reads) == 2


@pytest.mark.parametrize("cut", [0, 1, 30, 200, 500, -1, -60])
def test_a_torn_memory_is_none(site: Path, tmp_path: Path, cut: int, reads: list[object]) -> None:
    first = look(site, tmp_path / "cache")
    (memory,) = (tmp_path / "cache" / "inventories").iterdir()
    memory.write_text(memory.read_text()[:cut])
    assert look(site, tmp_path / "cache") == first
    assert len(reads) == 2


@pytest.mark.parametrize("text", ["\x00", "alcove inventory 1\n\n\n\n", "\n\n\n\n", "\udcff"])
def test_a_garbled_memory_is_none(site: Path, tmp_path: Path, text: str) -> None:
    first = look(site, tmp_path / "cache")
    (memory,) = (tmp_path / "cache" / "inventories").iterdir()
    memory.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert look(site, tmp_path / "cache") == first


def test_names_that_would_break_the_rows_are_not_remembered(site: Path, tmp_path: Path) -> None:
    (site / "other-2.0.dist-info" / "METADATA").write_text("Name: a\tb\nVersion: 2.0\n")
    look(site, tmp_path / "cache")
    assert not (tmp_path / "cache" / "inventories").exists()


def test_problems_are_told_each_time(site: Path, tmp_path: Path) -> None:
    (site / "~ther-2.0.dist-info").mkdir()
    for _ in range(2):
        contents = take(str(site), cache=str(tmp_path / "cache")).contents
        assert [one.kind for one in contents.problems] == ["leftover"]


def test_a_zipped_egg_is_read_each_time(site: Path, tmp_path: Path) -> None:
    for version in ("1", "2"):
        with zipfile.ZipFile(site / "old.egg", "w") as egg:
            egg.writestr("EGG-INFO/PKG-INFO", f"Name: old\nVersion: {version}\n")
        (site / "easy-install.pth").write_text("./old.egg\n")
        found = take(str(site), cache=str(tmp_path / "cache")).contents.distributions
        assert [one.version for one in found if one.name == "old"] == [version]


def test_a_cache_that_cannot_be_written_does_no_harm(site: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    assert len(look(site, tmp_path / "cache")) == 3


MARKERS = {"python_version": "3.12", "os_name": "posix"}


def _judge(site: Path, cache: Path, python: Path) -> tuple[list[str], object]:
    def take_now() -> inventory.Inventory:
        return take(str(site), cache=str(cache))

    found = faults_of(
        take_now(), str(python), markers=lambda: MARKERS, tags=lambda: ["py3-none-any"]
    )
    needed = needed_of(take_now(), str(python), markers=lambda: MARKERS)
    return [one.text for one in found], needed


def test_a_judgement_is_remembered_with_its_contents(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    python.write_text("x")
    add(site, "third", "1", "Requires-Dist: other>=3\nRequires-Dist: absent\n")
    first = _judge(site, tmp_path / "cache", python)
    assert first[0] == [
        "third 1 requires absent, which is not installed.",
        "third 1 has requirement other>=3, but you have other 2.0.",
    ]
    assert isinstance(first[1], dict)
    assert first[1]["third"] == ("absent", "other")
    assert first[1]["foo-bar"] == ("other",)
    with monkeypatch.context() as patched:
        patched.setattr(faults, "faults", None)  # nothing is judged anew
        assert _judge(site, tmp_path / "cache", python) == first
    add(site, "absent", "1")
    assert _judge(site, tmp_path / "cache", python)[0] == first[0][1:]
    python.write_text("another interpreter")
    with monkeypatch.context() as patched:
        patched.setattr(faults, "faults", lambda *_, **__: [])
        assert _judge(site, tmp_path / "cache", python)[0] == []


def test_needs_alone_are_no_verdict(site: Path, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("x")
    add(site, "third", "1", "Requires-Dist: absent\n")
    cache = str(tmp_path / "cache")
    needed_of(take(str(site), cache=cache), str(python), markers=lambda: MARKERS)
    assert len(_judge(site, tmp_path / "cache", python)[0]) == 1


def test_what_cannot_be_read_is_told_each_time(site: Path, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("x")
    add(site, "third", "1", "Requires-Dist: !!\n")
    first = _judge(site, tmp_path / "cache", python)
    assert first[0][0].startswith("Error parsing dependencies of third")
    assert _judge(site, tmp_path / "cache", python) == first


def test_answers_outlive_a_change(site: Path, tmp_path: Path) -> None:
    """What was asked of `packaging` once is not asked again when something else is installed."""
    python = tmp_path / "python"
    python.write_text("x")
    add(site, "third", "1", "Requires-Dist: other>=3; os_name == 'posix'\n")
    (add(site, "fourth", "1") / "WHEEL").write_text("Tag: cp39-cp39-win32\n")
    asked: list[str] = []

    def judge() -> list[str]:
        def note(what: str, value: object) -> object:
            asked.append(what)
            return value

        found = faults_of(
            take(str(site), cache=str(tmp_path / "cache")),
            str(python),
            markers=lambda: note("markers", MARKERS),  # type: ignore[arg-type,return-value]
            tags=lambda: note("tags", ["py3-none-any"]),  # type: ignore[arg-type,return-value]
        )
        return [one.text for one in found]

    first = judge()
    assert first == [
        'third 1 has requirement other>=3; os_name == "posix", but you have other 2.0.',
        "fourth 1 is not supported on this platform",
    ]
    assert set(asked) == {"markers", "tags"}
    asked.clear()
    add(site, "fifth", "1", "Requires-Dist: third\n")
    assert judge() == first
    assert asked == []
    add(site, "sixth", "1", "Requires-Dist: third; os_name == 'nt'\n")
    assert judge() == first
    assert asked == ["markers"]
    python.write_text("another interpreter")
    asked.clear()
    assert judge() == first
    assert set(asked) == {"markers", "tags"}
    (memory,) = (tmp_path / "cache" / "inventories").glob("*.verdicts")
    memory.write_bytes(b"\xff\x00torn")
    add(site, "seventh", "1")
    assert judge() == first
