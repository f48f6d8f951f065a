"""Every case of the table: one clear message, the right exit code, and nothing changed anywhere."""

from __future__ import annotations

import os
import re
import shlex
import sys
from typing import TYPE_CHECKING

import pytest

from alcove.testing.index import index
from alcove.testing.sdists import sdist
from alcove.testing.wheels import Member, wheel
from tests.functional.bad_input.cases import CASES, Case
from tests.functional.machine import Machine, snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.testing.index import DiskIndex


@pytest.fixture(scope="module")
def troubled_index(tmp_path_factory: pytest.TempPathFactory) -> DiskIndex:
    """Return an index that holds, beside a few good ones, distributions with something wrong each."""
    directory = tmp_path_factory.mktemp("troubled")
    made = index(str(directory / "index"))
    wheels = str(directory / "wheels")
    for version in ("2.1.2", "2.2.0"):
        made.add(wheel(wheels, "itsdangerous", version))
    made.add(wheel(wheels, "click", "8.1.7"))
    made.add(wheel(wheels, "only-windows", tags="cp311-cp311-win_amd64"))
    made.add(wheel(wheels, "from-the-future", requires_python=">=4"))
    made.add(wheel(wheels, "withdrawn"), yanked="it was wrong")
    made.add(wheel(wheels, "needs-old", requires=["itsdangerous<2.2"]))
    altered = made.add(wheel(wheels, "altered"), metadata=False)
    made.listed["altered"][altered.filename] = altered._replace(sha256="0" * 64)
    made.yank("altered-1.0-py3-none-any.whl")
    made.add(
        wheel(wheels, "cut-short", patch=lambda content: content[: len(content) // 2]),
        hashed=False,
        metadata=False,
    )
    made.add(wheel(wheels, "climbing", unrecorded=[Member("../../evil.py", b"evil = 1\n")]))
    made.add(
        wheel(
            wheels,
            "wrong-record",
            record_rows=lambda rows: [[rows[0][0], "sha256=AAAA", rows[0][2]], *rows[1:]],
        )
    )
    made.add(wheel(wheels, "takes-python", scripts={"python": "#!python\n"}))
    made.add(wheel(wheels, "bad-metadata", metadata="\xff\xfe no metadata"), metadata=False)
    made.add(sdist(wheels, "breaks", "1.0", hooks="\nraise RuntimeError('no compiler here')\n"))
    for name, page in (
        ("garbage-page", b"\x89PNG\r\n\x1a\n\0\0\0"),
        ("garbage-json", b'{"files": [1, 2, {"filename": 7}]}'),
        ("hostile-links", b'<a href="x">../../../etc/x-1.0-py3-none-any.whl</a><a href="::::">'),
    ):
        os.makedirs(os.path.join(made.simple, name))
        with open(os.path.join(made.simple, name, "index.html"), "wb") as stream:
            stream.write(page)
    return made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, troubled_index: DiskIndex) -> Machine:
    """Return one machine for all cases: none of them may change it."""
    machine = Machine(tmp_path_factory.mktemp("refused"), index_url=troubled_index.url)
    machine.do("create", "env", "-p", sys.executable, "--with", "itsdangerous==2.1.2")
    machine.do("create", "best")  # so that the store has the pip of ours for the default, too
    machine.environ["VIRTUAL_ENV"] = str(machine.work / "env")
    return machine


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_refused(case: Case, shared: Machine, troubled_index: DiskIndex) -> None:
    place = shared.home / "cases" / case.name
    put(place, case)

    def filled(text: str) -> str:
        text = text.replace("@WORK@", str(place)).replace("@ENV@", str(shared.work / "env"))
        return text.replace("@DIST@", os.path.join(troubled_index.directory, "files"))

    before = state(shared, place)
    environ = {name: filled(value) for name, value in case.environ}
    done = shared.alcove(*shlex.split(filled(case.words)), cwd=place, **environ)
    assert done.code == case.code, done.text
    for pattern in case.said:
        assert re.search(filled(pattern), done.stderr), done.text
    assert "error: " in done.stderr, done.text
    assert "\nhint: " in done.stderr, done.text
    assert done.stdout == "", done.text
    assert "hidden-word" not in done.text
    if "no compiler here" not in case.said and "missing" not in case.said:
        assert "Traceback" not in done.text
    assert state(shared, place) == before
    assert left_over(shared) == []


def put(place: Path, case: Case) -> None:
    """Lay out the files of a case."""
    place.mkdir(parents=True)
    for name, content in case.files:
        path = place / name
        if name.endswith("/"):
            path.mkdir()
            continue
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode("utf-8", "surrogateescape"))


def state(machine: Machine, place: Path) -> dict[str, str]:
    """Return what no refused command may change."""
    return machine.state() | snapshot(place) | snapshot(machine.home / ".virtualenvs")


def left_over(machine: Machine) -> list[str]:
    """Return what lies in the cache and looks unfinished: names of work in progress, empty rooms of builds."""
    found = [path for path in snapshot(machine.cache) if path.endswith((".tmp", ".part"))]
    builds = machine.cache / "builds"
    return found + (os.listdir(builds) if builds.is_dir() else [])
