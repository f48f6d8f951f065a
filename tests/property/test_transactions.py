"""Whatever is changed, undone and shown again, in whatever order: a slot holds what its generation's json says."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alcove.environments import generation as generations
from alcove.events import Silent
from alcove.transactions.apply import Held
from alcove.transactions.tidy import tidy
from tests.crash import examine
from tests.unit.transactions.machine import Machine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.environments.generation import Placement

NAMES = ("pure", "tool", "nsa", "nsb", "coll", "ision", "data", "datum", "pth")


def every(machine: Machine) -> dict[tuple[str, int], Placement]:
    """Return each distribution in two versions; they share namespaces, a directory, a script and a data file."""
    found = {}
    for version in (1, 2):
        text = f"version = {version}\n"
        parts = {
            "pure": {"files": {"pure/__init__.py": text, f"pure/m{version}.py": "", "p.py": text}},
            "tool": {
                "files": {"tool.py": text},
                "entry_points": {"run": "tool:main", f"run{version}": "tool:main"},
                "scripts": {"script": f"#!python\n{text}"},
            },
            "nsa": {"files": {"ns/a/__init__.py": text, "ns/deep/a/__init__.py": text}},
            "nsb": {"files": {"ns/b/__init__.py": text, "ns/deep/b.py": text}},
            "coll": {
                "files": {"both/__init__.py": "c = 1\n", f"both/c{version}/__init__.py": text}
            },
            "ision": {
                "files": {"both/__init__.py": "i = 1\n", "both/i/__init__.py": text},
                "entry_points": {"run": "both:main"},
            },
            "data": {"data": {"share/x/d": text, f"share/v{version}/d": "d", "etc/d.conf": text}},
            "datum": {"data": {"share/x/e": text, "share/x/d": "datum"}, "headers": {"d.h": text}},
            "pth": {"files": {"pth.pth": "import pth\n", "pth/__init__.py": text}},
        }
        for name in NAMES:
            found[name, version] = machine.unpacked(name, f"{version}.0", **parts[name])  # type: ignore[arg-type]
    return found


ROOT = tempfile.mkdtemp(prefix="alcove-property-")
ENTRIES: dict[tuple[str, int], Placement] = {}
COUNT = itertools.count()


def setup_module() -> None:
    """Unpack all distributions once."""
    ENTRIES.update(every(Machine(ROOT)))


def teardown_module() -> None:
    """Remove what all examples made."""
    shutil.rmtree(ROOT)


class Fresh(Machine):
    """An environment of its own on the one store."""

    @property
    def env(self) -> str:
        """Where the environment is made."""
        return f"{self.root}/env-{next(COUNT)}"


WANTED = st.dictionaries(st.sampled_from(NAMES), st.sampled_from((1, 2)))
STEPS = st.lists(st.one_of(WANTED, st.integers(0, 6)), min_size=1, max_size=7)


def states(steps: list[dict[str, int] | int], *, mode: str = "view") -> Iterator[tuple[int, str]]:
    """Carry out the steps; yield after each the number of the generation shown, and where the environment is."""
    machine = Fresh(ROOT)
    layout = machine.create(mode=mode)
    shutil.rmtree(f"{layout.root}/nothing", ignore_errors=True)
    own = Path(f"{layout.site_packages}/ns/own.py")
    own.parent.mkdir()
    own.write_text("own\n", encoding="ascii")
    highest, seen = 0, {0: examine.seen(layout)}
    for step in steps:
        if isinstance(step, dict):
            found = machine.show(layout, [ENTRIES[pair] for pair in step.items()])
            highest += 1
            assert found.number == highest
            seen[found.number] = examine.seen(layout)
        else:
            found = machine.again(layout, step % (highest + 1))
            assert examine.seen(layout) == seen[found.number]
        assert own.read_text(encoding="ascii") == "own\n"
        assert examine.wrong(layout) == []
        yield found.number, layout.root
    before = examine.seen(layout)
    one = tidy(layout, Silent())
    assert tidy(layout, Silent()) == one
    with Held(layout) as held:
        assert held.shown == one[0]
    assert examine.seen(layout) == before
    shutil.rmtree(layout.root)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_any_way_leads_to_what_the_json_says(steps: list[dict[str, int] | int]) -> None:
    for number, root in states(steps):
        path = f"{root}/.alcove/generations/{number}.json"
        assert generations.load(path).number == number


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_with_real_files_too(steps: list[dict[str, int] | int]) -> None:
    assert len(list(states(steps, mode="hardlink"))) == len(steps)
