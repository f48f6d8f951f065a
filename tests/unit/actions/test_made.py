"""What is certain of how an environment was made."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.actions import made
from alcove.actions.create import Options, _command
from alcove.environments import config
from alcove.environments.activation.scripts import NAMES
from alcove.environments.create import create
from tests.unit.transactions.machine import Machine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("path", "prompt"),
    [
        ("/p/shop/.venv", "shop"),
        ("/p/shop/venv", "shop"),
        ("/envs/data", "data"),
        ("/venv", "venv"),
    ],
)
def test_the_prompt_that_nobody_chose(path: str, prompt: str) -> None:
    assert config.default_prompt(path) == prompt


@pytest.mark.parametrize(
    ("options", "command", "sees"),
    [
        (Options(), "alcove create", "false"),
        (Options(system_site=True), "alcove create --system-site-packages", "true"),
        (
            Options(system_site=True, command="alcove create --system-site-packages x"),
            "alcove create --system-site-packages x",
            "true",
        ),
        (Options(command="alcove copy /x"), "alcove copy /x", ""),
        (
            Options(activators=["activate", "activate.fish"]),
            "alcove create --activators activate,activate.fish",
            "false",
        ),
        (Options(activators=()), "alcove create --activators none", "false"),
    ],
)
def test_the_command_says_what_nothing_else_keeps(
    tmp_path: Path, options: Options, command: str, sees: str
) -> None:
    assert _command(options) == command
    layout = create(Machine(str(tmp_path)).wanted()._replace(command=command))
    assert made.command_of(layout) == command
    first = f"{layout.private}/generations/0.json"
    os.rename(first, f"{first}.away")  # as after a year of changes
    assert made.command_of(layout) == command
    os.rename(f"{first}.away", first)
    os.unlink(f"{layout.root}/pyvenv.cfg")
    assert made.command_of(layout) == command
    assert made.system_site_of(layout) == sees
    assert {*made.activators_of(layout)} & {*NAMES} == {*options.activators}
    assert made.is_whole(layout)
    assert not made.is_whole(layout._replace(root=f"{tmp_path}/nowhere"))
