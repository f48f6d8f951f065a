"""What the solver asks of the port, when, and what it makes of the answers."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import alcove.resolve
from alcove.errors import AlcoveError, IndexUnreachable, InvalidRequirement
from alcove.requirements.spec import Asked, parse
from alcove.resolve.solver import resolve
from alcove.testing.candidates import MemoryCandidates

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def ask(*texts: str) -> list[Asked]:
    return [parse(text, origin="command line", directory="/nowhere") for text in texts]


def test_what_is_decided_says_what_is_yanked() -> None:
    index: dict[str, Any] = {
        "a": {"1.0": ["b==1.0", "c"]},
        "b": {"1.0": {"yanked": ""}},
        "c": {"1.0": []},
    }
    for installed, yanked in (({}, ""), ({"b": "1.0"}, None)):
        candidates = MemoryCandidates(index)
        decided = resolve(ask("a"), candidates, markers=MARKERS, installed=installed)
        assert [one.yanked for one in decided.distributions] == [None, yanked, None]


def test_hints_come_before_questions_and_all_at_once() -> None:
    index: dict[str, Any] = {
        "a": {"1.0": ["c>=1", "d", "e ; os_name == 'nt'"]},
        "b": {"1.0": []},
        "c": {"1.0": [], "0.5": []},
        "d": {"1.0": []},
    }
    candidates = MemoryCandidates(index)
    resolve(ask("a", "b"), candidates, markers=MARKERS)
    assert candidates.log == [
        ("prefetch", "a", ""),
        ("prefetch", "b", ""),
        ("versions", "a", ""),
        ("facts", "a", "1.0"),
        ("prefetch", "c", ""),
        ("prefetch", "d", ""),
        ("versions", "b", ""),
        ("facts", "b", "1.0"),
        ("versions", "c", ""),
        ("facts", "c", "1.0"),
        ("versions", "d", ""),
        ("facts", "d", "1.0"),
    ]
    accepts = {one.name: one.accepts for one in candidates.wanted}
    assert accepts["c"]("1.0")
    assert not accepts["c"]("0.5")
    assert not accepts["c"]("1.1b1"), "pre-releases are rarely taken"
    assert not accepts["c"]("nonsense")


def test_constraints_are_in_the_hints() -> None:
    candidates = MemoryCandidates({"a": {"1.0": [], "2.0": []}})
    resolve(ask("a"), candidates, markers=MARKERS, constraints=ask("a<2"))
    assert [candidates.wanted[0].accepts(version) for version in ("1.0", "2.0")] == [True, False]


def test_what_is_installed_and_fits_is_neither_hinted_nor_looked_up() -> None:
    candidates = MemoryCandidates({"a": {"1.0": ["b>=1", "c"]}, "b": {"1.0": []}, "c": {"2.0": []}})
    resolve(ask("a"), candidates, markers=MARKERS, installed={"b": "1.0"})
    assert [name for what, name, _ in candidates.log if what == "prefetch"] == ["a", "c"]
    assert ("versions", "b", "") not in candidates.log


class Endless(MemoryCandidates):
    """A port whose listing must not be read to its end."""

    def versions(self, name: str) -> Iterator[str]:
        """Give the newest, then fail."""
        yield from ("not a version", "3.0", "2.0")
        pytest.fail(f"{name} was read too far")


def test_a_listing_is_read_no_further_than_needed() -> None:
    candidates = Endless({"a": {"3.0": [], "2.0": []}})
    decided = resolve(ask("a<3"), candidates, markers=MARKERS).distributions
    assert [one.version for one in decided] == ["2.0"]


class Offline(MemoryCandidates):
    """A port without a network."""

    def versions(self, name: str) -> Iterator[str]:
        """Fail."""
        message = f"{name}: no answer"
        raise IndexUnreachable(message)


def test_what_the_port_raises_goes_through() -> None:
    with pytest.raises(IndexUnreachable, match="a: no answer"):
        resolve(ask("a"), Offline({}), markers=MARKERS)


def test_the_order_of_the_port_is_kept() -> None:
    class Wheels(MemoryCandidates):
        """As with --prefer-binary: the older one has a wheel."""

        def versions(self, name: str) -> Iterator[str]:
            """Give the one with a wheel first."""
            return iter(["1.0", "2.0"] if name else [])

    candidates = Wheels({"a": {"1.0": [], "2.0": []}})
    assert resolve(ask("a"), candidates, markers=MARKERS).distributions[0].version == "1.0"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Asked("a ; x", "a", marker="x"), "command line: "),
        (Asked("a=1", "a", specifier="=1"), "command line: "),
    ],
)
def test_records_that_are_no_requirements(asked: Asked, message: str) -> None:
    with pytest.raises(InvalidRequirement) as caught:
        resolve([asked], MemoryCandidates({}), markers=MARKERS)
    assert caught.value.message.startswith(message)


def test_a_search_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alcove.resolve.solver._MOST_STEPS", 2)
    with pytest.raises(AlcoveError, match="no answer was found in reasonable time") as caught:
        resolve(ask("a", "b"), MemoryCandidates({"a": {"1": []}, "b": {"1": []}}), markers=MARKERS)
    assert caught.value.hint


def test_the_folder_is_pure_and_one_module_knows_the_library() -> None:
    folder = Path(alcove.resolve.__file__).parent
    for path in folder.glob("*.py"):
        imported = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").partition(".")[0])
        assert not imported & {"os", "pathlib", "subprocess", "socket", "time", "random"}, path.name
        assert ("nab_resolver" in imported) == (path.name == "pubgrub.py"), path.name
