"""Resolutions of small random indexes: they meet all requirements, and exist exactly where brute force finds one."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.version import Version

from alcove.errors import AlcoveError, NoSuchDistribution, ResolutionImpossible
from alcove.requirements.resolution import Resolution
from alcove.requirements.spec import parse
from alcove.resolve.solver import resolve
from alcove.testing.candidates import MemoryCandidates

NAMES = ["a", "b", "c", "d"]
VERSIONS = ["1.0", "1.1", "2.0"]
MARKERS = {
    "implementation_name": "cpython",
    "implementation_version": "3.12.1",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_release": "6.1",
    "platform_system": "Linux",
    "platform_version": "1",
    "python_full_version": "3.12.1",
    "python_version": "3.12",
    "sys_platform": "linux",
}
Index = dict[str, dict[str, Any]]

specifiers = st.sampled_from(
    ["", "", "==1.0", "==1.1", "==2.0", "<2", ">1", ">=1.1", "!=1.1", "==1.*", "<1"]
)
extras = st.sampled_from(["", "", "", "[x]", "[y]", "[x,y]"])
conditions = st.sampled_from(
    ["", "", "", " ; extra == 'x'", " ; extra == 'y'", " ; os_name == 'nt'"]
)


@st.composite
def requirements(draw: st.DrawFn, *, conditional: bool) -> str:
    text = draw(st.sampled_from(NAMES)) + draw(extras) + draw(specifiers)
    return text + (draw(conditions) if conditional else "")


@st.composite
def indexes(draw: st.DrawFn) -> Index:
    releases = st.fixed_dictionaries(
        {
            "requires": st.lists(requirements(conditional=True), max_size=3),
            "extras": st.just(["x", "y"]),
        }
    )
    return {
        name: {
            version: draw(releases)
            for version in draw(st.lists(st.sampled_from(VERSIONS), max_size=3, unique=True))
        }
        for name in NAMES
    }


def attempt(index: Index, asked: list[str], **options: Any) -> Resolution | AlcoveError:
    parsed = [parse(text, origin="command line", directory="/nowhere") for text in asked]
    try:
        return resolve(parsed, MemoryCandidates(index), markers=MARKERS, **options)
    except (ResolutionImpossible, NoSuchDistribution) as error:
        return error


def closed(index: Index, asked: list[str], pins: dict[str, str]) -> bool:
    """Tell whether some pins meet the requirements and everything that these bring in, extras followed to the end."""
    waiting = [Requirement(text) for text in asked]
    done: set[str] = set()
    while waiting:
        one = waiting.pop()
        if str(one) in done:
            continue
        done.add(str(one))
        if one.name not in pins or not one.specifier.contains(pins[one.name], prereleases=True):
            return False
        for text in index[one.name][pins[one.name]]["requires"]:
            needed = Requirement(text)
            applies = any(
                needed.marker is None or needed.marker.evaluate({**MARKERS, "extra": extra})
                for extra in ["", *one.extras]
            )
            needed.marker = None
            if applies:
                waiting.append(needed)
    return True


def solvable(index: Index, asked: list[str]) -> bool:
    """Try every combination."""
    choices = [[None, *index[name]] for name in NAMES]
    for combination in itertools.product(*choices):
        pins = {
            name: version
            for name, version in zip(NAMES, combination, strict=True)
            if version is not None
        }
        if closed(index, asked, pins):
            return True
    return False


@given(indexes(), st.lists(requirements(conditional=False), min_size=1, max_size=3))
@settings(max_examples=300, deadline=None)
def test_a_resolution_is_right_and_exists_where_one_can(index: Index, asked: list[str]) -> None:
    outcome = attempt(index, asked)
    if isinstance(outcome, Resolution):
        pins = {one.name: one.version for one in outcome.distributions}
        assert closed(index, asked, pins)
        for name in pins:
            fewer = {other: version for other, version in pins.items() if other != name}
            assert not closed(index, asked, fewer), "nothing is there that nobody needs"
    else:
        assert not solvable(index, asked), str(outcome)
        assert outcome.hint
        assert len(outcome.message.splitlines()) < 30


@given(indexes(), st.lists(requirements(conditional=False), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_the_same_question_has_the_same_answer(index: Index, asked: list[str]) -> None:
    assert str(attempt(index, asked)) == str(attempt(index, asked))


@given(indexes(), st.lists(requirements(conditional=False), min_size=1, max_size=2))
@settings(max_examples=100, deadline=None)
def test_what_was_resolved_stays_when_it_is_installed(index: Index, asked: list[str]) -> None:
    outcome = attempt(index, asked)
    if isinstance(outcome, Resolution):
        installed = {one.name: one.version for one in outcome.distributions}
        again = attempt(index, asked, installed=installed)
        assert again == outcome


@given(indexes(), st.sampled_from(NAMES))
@settings(max_examples=60, deadline=None)
def test_one_name_without_conflicts_gets_its_newest(index: Index, name: str) -> None:
    lonely: Index = {
        other: {version: [] for version in releases} for other, releases in index.items()
    }
    outcome = attempt(lonely, [name])
    if index[name]:
        assert isinstance(outcome, Resolution)
        assert [one.version for one in outcome.distributions] == [max(index[name], key=Version)]
    else:
        assert isinstance(outcome, NoSuchDistribution)
