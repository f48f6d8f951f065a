"""The scenarios and contenders of scenarios.toml, as records, and the commands that come of them."""

from __future__ import annotations

import os
import shlex
import tomllib
from typing import NamedTuple

__all__ = ["Contender", "Scenario", "load"]

HERE = os.path.dirname(os.path.abspath(__file__))


class Scenario(NamedTuple):
    """One thing to time: the names of its steps, and whether it can be timed with cold caches."""

    name: str
    says: str
    once: tuple[str, ...]
    before: tuple[str, ...]
    timed: str
    after: tuple[str, ...]
    cold: bool

    @property
    def steps(self) -> set[str]:
        """The names of all its steps."""
        return {*self.once, *self.before, self.timed, *self.after}


class Contender(NamedTuple):
    """One tool: its program, the directory of its caches, its offline flag, and its command for each step."""

    name: str
    program: str
    home: str
    offline: str
    always: str
    steps: dict[str, str]

    def takes_part(self, scenario: Scenario) -> bool:
        """Tell whether it has a command for each step of the scenario."""
        return bool(self.always) or scenario.steps <= self.steps.keys()

    def command(self, step: str, words: dict[str, str]) -> list[str]:
        """Return the command of a step; `words` are what stands for the names in braces."""
        template = self.always or self.steps[step]
        return [
            word.format_map(words)
            for word in shlex.split(template)
            if word != "{offline}" or words["offline"]
        ]


def load(
    path: str = os.path.join(HERE, "scenarios.toml"),
) -> tuple[dict[str, Scenario], dict[str, Contender]]:
    """Return scenarios and contenders by name, in the order of the file."""
    with open(path, "rb") as stream:
        data = tomllib.load(stream)
    scenarios = {
        name: Scenario(
            name,
            row["says"],
            tuple(row.get("once", ())),
            tuple(row.get("before", ())),
            row["timed"],
            tuple(row.get("after", ())),
            row.get("cold", False),
        )
        for name, row in data["scenarios"].items()
    }
    contenders = {}
    for name, row in data["contenders"].items():
        steps = {**data["steps"], **row}
        program, home, offline, always = (
            steps.pop(key, "") for key in ("program", "home", "offline", "always")
        )
        contenders[name] = Contender(name, program, home, offline, always, steps)
    return scenarios, contenders
