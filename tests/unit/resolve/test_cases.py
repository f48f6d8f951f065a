"""The solver against its functional cases, which are data: tests/unit/resolve/cases/*.toml.

A case has a `name`, an `index` (as `MemoryCandidates` takes it), what is `asked`, and what comes out: `result`, or
`error` (the class) with `message` and `hint` (whole, or only what they must hold: `says`). The other keys are in `run`.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from alcove import errors
from alcove.events import Event, Warned
from alcove.requirements.controls import Releases
from alcove.requirements.spec import Asked, parse
from alcove.resolve.solver import EVERYTHING, resolve
from alcove.testing.candidates import MemoryCandidates

if TYPE_CHECKING:
    from alcove.requirements.resolution import Resolution

CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted((Path(__file__).parent / "cases").glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]


class Listening:
    """A reporter that keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def emit(self, event: Event, /) -> None:
        """Keep one event."""
        self.events.append(event)


def markers(python: str) -> dict[str, str]:
    return {
        "implementation_name": "cpython",
        "implementation_version": python,
        "os_name": "posix",
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "platform_release": "6.1",
        "platform_system": "Linux",
        "platform_version": "1",
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "sys_platform": "linux",
    }


def asked(value: str | dict[str, Any], origin: str) -> Asked:
    """Read one requirement of a case; a table has `text`, `hashes`, `editable`, `origin`."""
    table: dict[str, Any] = {"text": value} if isinstance(value, str) else value
    one = parse(table["text"], origin=table.get("origin", origin), directory="/nowhere")
    return one._replace(
        hashes=tuple(table.get("hashes", ())), editable=table.get("editable", False)
    )


def run(case: dict[str, Any], candidates: MemoryCandidates, reporter: Listening) -> Resolution:
    """Resolve what a case asks."""
    upgrade = case.get("upgrade", ())
    return resolve(
        [asked(one, "command line") for one in case["asked"]],
        candidates,
        markers=markers(case.get("python", "3.12.1")),
        constraints=[asked(one, "constraints.txt:1:1") for one in case.get("constraints", ())],
        installed=case.get("installed", {}),
        upgrade=EVERYTHING if upgrade == "all" else upgrade,
        releases=Releases(frozenset(case.get("pre", ())), frozenset(case.get("only_final", ()))),
        dependencies=not case.get("no_deps", False),
        reporter=reporter,
    )


def shown(resolution: Resolution) -> list[str]:
    """Write a result as the cases do: `name[extras]==version`, with ` @ URL` where it is from an address."""
    return [
        one.name
        + (f"[{','.join(one.extras)}]" if one.extras else "")
        + f"=={one.version}"
        + (f" @ {one.origin.url}" if one.origin.kind != "index" else "")
        for one in resolution.distributions
    ]


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    known = {
        "name", "index", "asked", "python", "constraints", "installed", "upgrade", "pre", "only_final", "no_deps",
        "result", "error", "message", "hint", "says", "unmet", "facts", "pages", "warns", "requested", "requires",
    }  # fmt: skip
    assert set(case) <= known, "a key that nobody reads"
    candidates = MemoryCandidates(case["index"], python=case.get("python", "3.12.1"))
    reporter = Listening()
    if "error" in case:
        with pytest.raises(getattr(errors, case["error"])) as caught:
            run(case, candidates, reporter)
        error = caught.value
        assert type(error).__name__ == case["error"]
        if "message" in case:
            assert error.message == case["message"].strip("\n")
        for text in case.get("says", ()):
            assert text in error.message
        if "hint" in case:
            assert error.hint == case["hint"]
        if "unmet" in case:
            assert [error.requirement, *error.versions] == case["unmet"]
        assert error.hint, "every failure says what to do"
    else:
        resolution = run(case, candidates, reporter)
        assert shown(resolution) == case["result"]
        if "requested" in case:
            assert [one.name for one in resolution.distributions if one.requested] == case[
                "requested"
            ]
        for name, requires in case.get("requires", {}).items():
            assert [list(one.requires) for one in resolution.distributions if one.name == name] == [
                requires
            ]
    if "facts" in case:
        assert (
            sorted(
                {f"{name} {version}" for what, name, version in candidates.log if what == "facts"}
            )
            == case["facts"]
        )
    if "pages" in case:
        assert (
            sorted({name for what, name, _ in candidates.log if what == "versions"})
            == case["pages"]
        )
    warned = [event.text for event in reporter.events if isinstance(event, Warned)]
    assert warned == case.get("warns", [])
    repeated = [entry for entry in candidates.log if entry[0] in {"facts", "versions"}]
    assert len(repeated) == len(set(repeated)), "nothing is asked twice"
