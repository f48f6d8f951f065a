"""Beside the scripts of `venv`, in a running Python, and the literals in the real shells."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import venv
from typing import TYPE_CHECKING

import pytest

from alcove.environments.activation.scripts import render
from tests.functional.activation.names import NAMES
from tests.functional.activation.shells import SHELLS, of_kind

if TYPE_CHECKING:
    from pathlib import Path

    from tests.functional.activation.conftest import Stage

with_venv = pytest.mark.parametrize(
    "shell",
    [s for s in of_kind("posix", "fish", "csh") if s.name != "yash"],  # venv's is no yash script
    ids=lambda shell: shell.name,
)


@with_venv
@pytest.mark.parametrize("order", ["ours first", "theirs first"])
def test_the_scripts_of_venv_and_ours_take_turns(stage: Stage, order: str) -> None:
    ours = stage.environment("ours")
    theirs = str(stage.root / "theirs")
    venv.EnvBuilder(with_pip=False, symlinks=True).create(theirs)
    first, second = (ours, theirs) if order == "ours first" else (theirs, ours)
    seen = stage.run(
        stage.python_home(),
        stage.set_up_prompt(),
        stage.record("before"),
        stage.activate(first),
        stage.activate(second),
        stage.record("in"),
        "deactivate",
        stage.record("after"),
    )
    assert seen["in"].environment["VIRTUAL_ENV"] == second
    assert seen["in"].environment["PATH"] == f"{second}/bin:/usr/bin:/bin"
    after = dict(seen["after"].environment)
    if stage.shell.family == "csh":  # venv's script for csh knows nothing of PYTHONHOME
        after["PYTHONHOME"] = seen["before"].environment["PYTHONHOME"]
    after.pop("PS1", None)  # venv exports it
    assert after == seen["before"].environment


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell.name)
def test_literals_are_read_back(stage: Stage) -> None:
    chance = random.Random(20261121)  # noqa: S311  no secret: the same texts in every run
    alphabet = "'\"\\`$!%^&|<>(){}[]#~*?;\n\t é\u2019\U0001f40d-=:@xun/"
    texts = ["".join(chance.choices(alphabet, k=chance.randint(1, 12))) for _ in range(120)]
    texts += [*NAMES, ""]
    quoted = [stage.shell.quote(text) for text in texts]
    seen = stage.run(
        *[stage.record(str(at), *quoted[at : at + 20]) for at in range(0, len(texts), 20)]
    )
    found = [value for at in range(0, len(texts), 20) for value in seen[str(at)].values]
    assert found == texts


def test_a_running_python_takes_the_environment_up(tmp_path: Path) -> None:
    library = (
        tmp_path
        / "it's"
        / "lib"
        / f"python{sys.version_info[0]}.{sys.version_info[1]}"
        / "site-packages"
    )
    library.mkdir(parents=True)
    (library / "only_here.py").write_text("answer = 42\n")
    (library / "more.pth").write_text("extra\n")
    (library / "extra").mkdir()
    (tmp_path / "it's" / "bin").mkdir()
    prefix = str(tmp_path / "it's")
    scripts = {name: content for name, content, _ in render(prefix, prompt="na'me \u00e9")}
    script = tmp_path / "it's" / "bin" / "activate_this.py"
    script.write_bytes(scripts["activate_this.py"])
    program = (
        "import os, sys, runpy; runpy.run_path(sys.argv[1]); import only_here;"
        "print(only_here.answer, sys.prefix == sys.argv[2], os.environ['VIRTUAL_ENV'] == sys.argv[2],"
        "os.environ['PATH'].startswith(sys.argv[2] + os.sep), ascii(os.environ['VIRTUAL_ENV_PROMPT']),"
        "sys.path[0].endswith('site-packages'), any(p.endswith('extra') for p in sys.path))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, str(script), prefix],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.defpath},
    )
    assert done.stdout.split(maxsplit=4)[:4] == ["42", "True", "True", "True"]
    assert done.stdout.split()[-3:] == ['\\xe9"', "True", "True"]


def test_without_its_path_the_script_for_python_says_how() -> None:
    scripts = {name: content for name, content, _ in render("/x", prompt="x")}
    with pytest.raises(AssertionError, match="__file__"):
        exec(scripts["activate_this.py"], {})  # noqa: S102  what an embedder does
