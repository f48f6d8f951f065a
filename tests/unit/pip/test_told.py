"""What `pip install` says of what it did and found: names as the user wrote them, and each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alcove.actions.install import Outcome
from alcove.pip import satisfied
from alcove.pip.actions import IndexOptions, InstallRequest
from alcove.pip.changes import changes_of
from alcove.plans.plan import Change, Plan
from alcove.requirements.spec import parse
from alcove.settings import read
from tests.unit.transactions.machine import Machine

if TYPE_CHECKING:
    from pathlib import Path


def request(directory: Path, *requirements: str, files: tuple[str, ...] = ()) -> InstallRequest:
    options = IndexOptions()
    return InstallRequest(requirements, (), files, (), (), (), options, str(directory), ("pip",))


def test_what_was_installed(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text(
        "# all\n  SIX>=1\nfoo-bar[x] ; python_version > '3'\n-r more.txt\n"
    )
    asked = request(tmp_path, "Foo_Bar==1", files=("r.txt", "gone.txt", "pylock.toml"))
    found = [Change(name, "", "1", "") for name in ("Foo.Bar", "six", "Other")]
    outcome = Outcome(Plan(tuple(found), (), (), ()), 1, ())
    changes = changes_of(outcome, satisfied.written(asked))
    assert {one.proper for one in changes} == {"Foo.Bar", "six", "Other"}
    names = {one.name for one in changes}
    assert names == {
        "Foo_Bar",
        "SIX",
        "Other",
    }  # the first spelling counts; else that of the metadata


def test_what_was_there(tmp_path: Path) -> None:
    machine = Machine(str(tmp_path))
    layout = machine.create()
    machine.show(layout, [machine.unpacked("foo.bar"), machine.unpacked("six")])
    texts = ("Foo_Bar>=1", "SIX[x] ; python_version > '3'", "six", "foo-bar<9", "none-of-it")
    asked = [parse(text, origin="command line", directory="/") for text in texts]
    settings = read({"HOME": machine.root}, cwd=machine.root)
    told = satisfied.told(layout, asked, settings, base_paths=list)
    assert [one.requirement for one in told] == ["Foo_Bar>=1", "SIX[x]"]
