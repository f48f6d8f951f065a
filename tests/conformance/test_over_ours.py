"""Other makers of environments run over one of ours: the link and the keys come back, and what they brought is kept."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from alcove.testing.interpreters import require_interpreter
from alcove.testing.wheels import wheel
from tests.conformance.worlds import World, world_at

if TYPE_CHECKING:
    from pathlib import Path


def _tool(name: str) -> str:
    beside = os.path.join(os.path.dirname(sys.executable), name)
    found = beside if os.path.exists(beside) else shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not there")
    return found


@pytest.fixture
def world(tmp_path: Path) -> World:
    found = world_at(str(tmp_path / "world"))
    wheel(found.links, "demo", "1.0", files={"demo/__init__.py": "WHICH = 1\n"})
    wheel(found.links, "other", "1.0", files={"other/__init__.py": "WHICH = 1\n"})
    return found


@pytest.mark.tools
@pytest.mark.parametrize("maker", ["virtualenv", "uv"])
def test_another_maker_over_ours(world: World, maker: str) -> None:
    program = _tool(maker)
    base = require_interpreter("3.12")
    env = world.create("env", base)
    world.alcove("install", "--env", env, "demo")
    command = {
        "virtualenv": [program, "-q", "--no-download", "-p", base, env],
        "uv": [program, "venv", "-q", "--allow-existing", "-p", base, env],
    }[maker]
    world.run(*command)
    world.alcove("install", "--env", env, "other")
    assert os.path.islink(f"{env}/lib/python3.12")
    assert world.python(env, "import other; print(other.WHICH)") == "1\n"
    with open(f"{env}/pyvenv.cfg", encoding="utf-8") as stream:
        keys = {line.partition("=")[0].strip() for line in stream}
    assert "uv" not in keys
    assert "alcove" in keys
    world.alcove("rollback", "--env", env, "1")
    assert world.python(env, "import demo; print(demo.WHICH)") == "1\n"
