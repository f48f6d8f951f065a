"""The benchmarks' data and arithmetic, without running anything."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.cli.parse import parse
from benchmarks.__main__ import table
from benchmarks.harness import Series, Setting, _Run, environ, measure
from benchmarks.scenarios import HERE, Contender, Scenario, load

if TYPE_CHECKING:
    from pathlib import Path

SCENARIOS, CONTENDERS = load()
WORDS = {
    "alcove": "/bin/alcove",
    "uv": "/bin/uv",
    "virtualenv": "/bin/virtualenv",
    "python": "/bin/a python",
    "env": "/work/an env",
    "lock": "/work/lock.txt",
}


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_every_contender_takes_part_in_every_scenario(scenario: Scenario) -> None:
    out = {name for name, each in CONTENDERS.items() if not each.takes_part(scenario)}
    # the pip inside, venv and virtualenv have no command that looks for interpreters
    without = {"alcove-pip", "alcove-m-pip", "venv", "virtualenv"}
    assert out == (without if scenario.name in {"find", "pythons"} else set())


@pytest.mark.parametrize("contender", CONTENDERS.values(), ids=CONTENDERS)
@pytest.mark.parametrize("offline", ["", "--offline"])
def test_commands_are_lists_of_whole_words(contender: Contender, offline: str) -> None:
    for step in contender.steps:
        command = contender.command(step, {**WORDS, "offline": offline})
        assert os.path.isabs(command[0]) or command[0] == "rm"
        assert "" not in command
        assert not [word for word in command if "{" in word]
    assert contender.command("drop", {**WORDS, "offline": ""})[-1] in {
        "/work/an env",
        "pass",
        "--version",
    }


@pytest.mark.parametrize("name", ["alcove", "alcove-offline"])
def test_our_own_commands_are_of_the_grammar(name: str) -> None:
    contender = CONTENDERS[name]
    for step in contender.steps.keys() - {"drop", "first-run"}:
        words = contender.command(step, {**WORDS, "offline": contender.offline})
        assert parse(words[1:]).verb == words[1]


def test_only_offline_contenders_are_offline() -> None:
    for name, contender in CONTENDERS.items():
        assert bool(contender.offline) == name.endswith("-offline")


def test_the_lock_is_versions_only() -> None:
    with open(os.path.join(HERE, "locks", "set118.txt"), encoding="utf-8") as lines:
        rows = [line.strip() for line in lines]
    assert len(rows) == 118
    assert all(row.count("==") == 1 and "/" not in row for row in rows)
    assert not any(row.startswith("humanize") for row in rows)  # it is what `add` adds


def test_a_contender_sees_nothing_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "PIP_INDEX_URL",
        "UV_INDEX",
        "VIRTUAL_ENV",
        "PYTHONDONTWRITEBYTECODE",
        "ALCOVE_LINK_MODE",
    ):
        monkeypatch.setenv(name, "x")
    seen = environ("/work/home")
    assert "x" not in seen.values()
    assert all(
        seen[name].startswith("/work/home")
        for name in ("HOME", "ALCOVE_HOME", "ALCOVE_CACHE", "UV_CACHE_DIR")
    )


def test_table() -> None:
    rows = [
        Series("alcove", [0.03, 0.01, 0.02], [0.01, 0.01, 0.01]),
        Series("uv", [0.2], [0.1]),
        Series("venv", [], [], "it broke"),
    ]
    text = table(SCENARIOS["fill"], rows)
    assert "| alcove | 20.0 | 10.0 | 10.0 | 3 | 1.00 |" in text
    assert "| uv | 200.0 | 200.0 | 100.0 | 1 | 10.00 |" in text
    assert "venv failed: it broke" in text


@pytest.mark.parametrize("late", [False, True])
def test_environments_are_deleted_between_the_runs_or_after_all_of_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, late: bool
) -> None:
    made: list[str] = []
    seen: list[int] = []

    def run(run: _Run, step: str, *, offline: str) -> tuple[float, float]:  # noqa: ARG001  as it is called
        if step == "create":
            made.append(run.environment)
            os.mkdir(run.environment)
        elif step == "drop":
            os.rmdir(run.environment)
        else:
            seen.append(sum(map(os.path.exists, set(made))))
        return 1.0, 1.0

    monkeypatch.setattr(_Run, "_run", run)
    setting = Setting(str(tmp_path), {}, 3, 60, cold=False, late=late)
    (series,) = measure(SCENARIOS["fill"], [CONTENDERS["alcove"]], setting, tell=lambda _text: None)
    assert (series.failed, len(series.wall)) == ("", 3)
    assert seen == ([1, 2, 3, 4] if late else [1] * 4)  # the first one fills the caches
