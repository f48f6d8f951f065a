"""The function `alcove` in the real shells: what it does to its shell, and how often it starts the program."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from alcove.shells.init import shell_init
from tests.functional.activation.conftest import Stage
from tests.functional.activation.shells import SHELLS, Shell

every_shell = pytest.mark.parametrize(
    "shell",
    [s for s in SHELLS if s.name in {"bash", "zsh", "fish", "nu", "xonsh"}],
    ids=lambda shell: shell.name,
)


class Session:
    """A stage whose shell reads what `shell-init` prints."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.name = stage.shell.name
        self.starts = stage.root / "starts"
        program = stage.root / "it's $(touch OWNED) alcove"
        source = Path(__file__).with_name("program.py")
        library = Path(__file__).parents[3] / "src"
        program.write_text(
            f"#!/bin/sh\nSTARTS='{self.starts}' PYTHONPATH='{library}' PYTHONHOME= exec '{sys.executable}' -S '{source}' \"$@\"\n"
        )
        program.chmod(0o755)
        self.file = stage.root / f"init{stage.shell.suffix}"
        self.program = str(program)

    def init(self, *, on_cd: bool = False) -> str:
        """Return the line that reads the text."""
        self.file.write_text(shell_init(self.name, program=self.program, on_cd=on_cd))
        return f"source {self.stage.shell.quote(str(self.file))}"

    def count(self) -> int:
        """Return how often the program was started."""
        return len(self.starts.read_text().splitlines()) if self.starts.exists() else 0

    def cd(self, directory: str) -> str:
        """Return the lines by which a user changes the directory, and the shell's own call after it."""
        quoted = self.stage.shell.quote(directory)
        hook = {
            "bash": 'eval "$PROMPT_COMMAND"',
            "zsh": '"${precmd_functions[@]}"',
            "nu": "_alcove-cd",
        }.get(self.name, "")
        return f"cd {quoted}\n{hook}"


@pytest.fixture
def session(tmp_path: Path, shell: Shell) -> Session:
    return Session(Stage(tmp_path, shell))


@every_shell
def test_activate_and_deactivate_act_on_the_shell_with_one_start(session: Session) -> None:
    stage = session.stage
    env = stage.environment("an env", "na$(me)")
    prompt = stage.shell.prompt()
    seen = stage.run(
        stage.set_up_prompt(),
        session.init(),
        stage.python_home(),
        stage.record("before", prompt),
        f"alcove activate {stage.shell.quote(env)}",
        stage.record("in"),
        stage.shell.surround_path("/first", "/last"),
        "alcove deactivate",
        stage.record("after", prompt),
    )
    assert seen["in"].environment["VIRTUAL_ENV"] == env
    assert seen["in"].environment["VIRTUAL_ENV_PROMPT"] == "na$(me)"
    assert seen["in"].environment["PATH"] == f"{env}/bin:/usr/bin:/bin"
    assert "PYTHONHOME" not in seen["in"].environment
    after = {**seen["after"].environment, "PATH": seen["before"].environment["PATH"]}
    assert after == seen["before"].environment
    assert seen["after"].environment["PATH"] == "/first:/usr/bin:/bin:/last"
    assert seen["after"].values == seen["before"].values
    assert session.count() == 1
    assert not (stage.root / "OWNED").exists()


@every_shell
def test_other_words_go_to_the_program(session: Session) -> None:
    stage = session.stage
    stage.run(session.init(), "alcove list 'a b'", "alcove activate --help", stage.record("end"))
    assert stage.printed.splitlines() == [
        "said: list a b",
        f"said: activate --function --shell {session.name} --help",
    ]
    assert session.count() == 2


@pytest.mark.parametrize(
    "shell", [s for s in SHELLS if s.name in {"bash", "zsh", "fish"}], ids=lambda shell: shell.name
)
def test_the_exit_status_is_the_programs(session: Session) -> None:
    stage = session.stage
    status = "$status" if session.name == "fish" else "$?"
    seen = stage.run(session.init(), "alcove fail", stage.record("status", status))
    assert seen["status"].values == ["7"]


@every_shell
def test_activation_on_cd_starts_the_program_once_per_environment(session: Session) -> None:
    stage = session.stage
    stage.environment("project/.venv")
    stage.environment("other/.venv")
    (stage.root / "project/sub/deep").mkdir(parents=True)
    (stage.root / "outside").mkdir()
    (stage.root / "other/inner").mkdir()
    (stage.root / "other/inner/pyproject.toml").touch()
    here = str(stage.root)
    walk = [
        "project",
        "project/sub/deep",
        "project/sub",
        "outside",
        "other",
        "other/inner",
        "project",
        ".",
    ]
    lines: list[str] = []
    for number, place in enumerate(walk):
        lines += [session.cd(f"{here}/{place}"), stage.record(str(number))]
    seen = stage.run(session.init(on_cd=True), stage.record("before"), *lines)
    found = [
        seen[str(number)].environment.get("VIRTUAL_ENV", "")[len(here) + 1 :]
        for number in range(len(walk))
    ]
    project = "project/.venv"
    assert found == [project, project, project, "", "other/.venv", "", project, ""]
    assert session.count() == 3
    assert seen[str(len(walk) - 1)].environment["PATH"] == "/usr/bin:/bin"


@every_shell
def test_what_the_user_activated_stays_on_cd(session: Session) -> None:
    stage = session.stage
    mine = stage.environment("mine")
    stage.environment("project/.venv")
    here = str(stage.root)
    seen = stage.run(
        session.init(on_cd=True),
        f"alcove activate {stage.shell.quote(mine)}",
        session.cd(f"{here}/project"),
        stage.record("in"),
        session.cd(here),
        stage.record("out"),
    )
    assert seen["in"].environment["VIRTUAL_ENV"] == mine
    assert seen["out"].environment["VIRTUAL_ENV"] == mine
    assert session.count() == 1


@every_shell
def test_reading_the_text_starts_nothing(session: Session) -> None:
    session.stage.run(session.init(on_cd=True), session.stage.record("end"))
    assert session.count() == 0


@every_shell
def test_the_script_of_an_environment_and_the_function_take_turns(session: Session) -> None:
    stage = session.stage
    one, two = stage.environment("one"), stage.environment("two")
    seen = stage.run(
        session.init(),
        stage.record("before"),
        stage.activate(one),
        f"alcove activate {stage.shell.quote(two)}",
        stage.record("two"),
        "alcove deactivate",
        stage.record("between"),
        f"alcove activate {stage.shell.quote(one)}",
        "deactivate",
        stage.record("after"),
    )
    assert seen["two"].environment["VIRTUAL_ENV"] == two
    assert seen["two"].environment["PATH"] == f"{two}/bin:/usr/bin:/bin"
    assert seen["between"] == seen["before"]
    assert seen["after"] == seen["before"]


@pytest.mark.parametrize("shell", [s for s in SHELLS if s.name == "zsh"], ids=["zsh"])
def test_zsh_has_nothing_to_warn_of(session: Session) -> None:
    stage = session.stage
    env = stage.environment("data")
    stage.environment("project/.venv")
    # `run` fails where anything is said
    seen = stage.run(
        "setopt warncreateglobal",
        session.init(on_cd=True),
        f"alcove activate {env}",
        "alcove deactivate",
        session.cd(str(stage.root / "project")),
        stage.record("in"),
        session.cd(str(stage.root)),
        stage.record("end"),
    )
    assert seen["in"].environment["VIRTUAL_ENV"] == str(stage.root / "project/.venv")
    assert "VIRTUAL_ENV" not in seen["end"].environment
