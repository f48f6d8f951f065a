"""Activation and deactivation, one test per property, in every shell that is installed."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.functional.activation.shells import SHELLS, Shell, of_kind

if TYPE_CHECKING:
    from tests.functional.activation.conftest import Stage

every_shell = pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell.name)
posix_shells = pytest.mark.parametrize("shell", of_kind("posix"), ids=lambda shell: shell.name)


@every_shell
def test_activation_sets_the_variables(stage: Stage) -> None:
    env = stage.environment("data", "The Name")
    seen = stage.run(stage.python_home(), stage.activate(env), stage.record("in"))["in"].environment
    assert seen["VIRTUAL_ENV"] == env
    assert seen["VIRTUAL_ENV_PROMPT"] == "The Name"
    assert seen["PATH"] == f"{env}/bin:/usr/bin:/bin"
    assert "PYTHONHOME" not in seen


@every_shell
@pytest.mark.parametrize("home", [None, "/some/python"])
def test_deactivation_restores_the_environment(stage: Stage, home: str | None) -> None:
    env = stage.environment("data")
    seen = stage.run(
        stage.shell.succeed() if home is None else stage.shell.export("PYTHONHOME", home),
        stage.record("before"),
        stage.activate(env),
        "deactivate",
        stage.record("after"),
    )
    assert seen["after"].environment == seen["before"].environment
    assert seen["after"].environment.get("PYTHONHOME") == home


@every_shell
def test_only_the_variables_promised_reach_children(stage: Stage) -> None:
    env = stage.environment("data")
    seen = stage.run(
        stage.python_home(),
        stage.set_up_prompt(),
        stage.record("before"),
        stage.activate(env),
        stage.record("in"),
    )
    before, after = seen["before"].environment, seen["in"].environment
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed == {"VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "PATH", "PYTHONHOME"}


@every_shell
def test_the_users_changes_to_path_survive(stage: Stage) -> None:
    env = stage.environment("data")
    seen = stage.run(
        stage.activate(env),
        stage.shell.surround_path("/opt/first dir", "/opt/last"),
        stage.record("in"),
        "deactivate",
        stage.record("after"),
    )
    assert seen["in"].environment["PATH"] == f"/opt/first dir:{env}/bin:/usr/bin:/bin:/opt/last"
    assert seen["after"].environment["PATH"] == "/opt/first dir:/usr/bin:/bin:/opt/last"


@every_shell
def test_activated_twice_is_activated_once(stage: Stage) -> None:
    env = stage.environment("data")
    seen = stage.run(
        stage.python_home(),
        stage.set_up_prompt(),
        stage.record("before", stage.shell.prompt()),
        stage.activate(env),
        stage.activate(env),
        stage.record("in", stage.shell.prompt()),
        "deactivate",
        stage.record("after", stage.shell.prompt()),
    )
    assert seen["in"].environment["PATH"] == f"{env}/bin:/usr/bin:/bin"
    assert _plain(seen["in"].values[0]) == "(data) > "
    assert seen["after"] == seen["before"]


@every_shell
def test_another_environment_takes_the_place(stage: Stage) -> None:
    one, two = stage.environment("one"), stage.environment("two")
    seen = stage.run(
        stage.python_home(),
        stage.set_up_prompt(),
        stage.record("before", stage.shell.prompt()),
        stage.activate(one),
        stage.activate(two),
        stage.record("in", stage.shell.prompt()),
        "deactivate",
        stage.record("after", stage.shell.prompt()),
    )
    assert seen["in"].environment["VIRTUAL_ENV"] == two
    assert seen["in"].environment["PATH"] == f"{two}/bin:/usr/bin:/bin"
    assert _plain(seen["in"].values[0]) == "(two) > "
    assert seen["after"] == seen["before"]


@every_shell
@pytest.mark.parametrize("name", ["one", "two"])
def test_a_shell_inside_an_activated_one_gives_back_what_it_got(stage: Stage, name: str) -> None:
    one = stage.environment("one")
    inner = one if name == "one" else stage.environment(name)
    seen = stage.run(
        stage.record("before"),
        stage.activate(inner),
        stage.record("in"),
        "deactivate",
        stage.record("after"),
        environ=stage.base(
            VIRTUAL_ENV=one, VIRTUAL_ENV_PROMPT="one", PATH=f"{one}/bin:/usr/bin:/bin"
        ),
    )
    assert seen["in"].environment["VIRTUAL_ENV"] == inner
    assert seen["in"].environment["PATH"] == f"{inner}/bin:{one}/bin:/usr/bin:/bin"
    assert seen["after"] == seen["before"]


@every_shell
def test_the_prompt_shows_the_name_and_comes_back(stage: Stage) -> None:
    env = stage.environment("data", "The Name")
    prompt = stage.shell.prompt()
    seen = stage.run(
        stage.python_home(),
        stage.set_up_prompt(),
        stage.record("before", prompt),
        stage.activate(env),
        stage.record("in", prompt),
        "deactivate",
        stage.record("after", prompt),
    )
    assert _plain(seen["in"].values[0]) == "(The Name) > "
    assert seen["after"].values == seen["before"].values


@pytest.mark.parametrize("shell", of_kind("posix", "fish", "csh"), ids=lambda shell: shell.name)
def test_a_prompt_set_meanwhile_stays(stage: Stage) -> None:
    env = stage.environment("data")
    seen = stage.run(
        stage.set_up_prompt(),
        stage.activate(env),
        stage.shell.set_prompt("mine: "),
        "deactivate",
        stage.record("after", stage.shell.prompt()),
    )
    assert seen["after"].values == ["mine: "]


@every_shell
def test_the_prompt_is_left_alone_on_request(stage: Stage) -> None:
    env = stage.environment("data")
    seen = stage.run(
        stage.set_up_prompt(),
        stage.activate(env),
        stage.record("in", stage.shell.prompt()),
        "deactivate",
        stage.record("after", stage.shell.prompt()),
        environ=stage.base(VIRTUAL_ENV_DISABLE_PROMPT="1"),
    )
    assert seen["in"].values == ["> "]
    assert seen["in"].environment["VIRTUAL_ENV_PROMPT"] == "data"
    assert seen["after"].values == ["> "]


@posix_shells
def test_an_unset_prompt_stays_unset(stage: Stage) -> None:
    env = stage.environment("data")
    prompt = stage.shell.prompt()
    seen = stage.run(
        "unset PS1",
        stage.activate(env),
        stage.record("in", prompt),
        "deactivate",
        stage.record("after", prompt),
    )
    assert seen["in"].values == seen["after"].values == ["unset"]


@posix_shells
@pytest.mark.parametrize("options", ["set -eu", "set -eu; set -o noclobber", "set -f", "IFS=/a"])
def test_shell_options_do_not_matter(stage: Stage, options: str) -> None:
    env, other = stage.environment("data"), stage.environment("na$me")
    seen = stage.run(
        options,
        stage.record("before"),
        stage.activate(env),
        stage.activate(other),
        stage.record("in"),
        "deactivate",
        stage.record("after"),
    )
    assert seen["in"].environment["PATH"] == f"{other}/bin:/usr/bin:/bin"
    assert seen["after"] == seen["before"]


@pytest.mark.parametrize(
    "shell", [s for s in SHELLS if s.name.startswith("zsh")], ids=lambda shell: shell.name
)
def test_zsh_has_nothing_to_warn_of(stage: Stage) -> None:
    env = stage.environment("data")
    seen = stage.run(
        "setopt warncreateglobal warnnestedvar",
        stage.record("before"),
        stage.activate(env),
        "deactivate",
        stage.record("after"),
        environ=stage.base(VIRTUAL_ENV="/outer", VIRTUAL_ENV_PROMPT="o", PYTHONHOME="/some/python"),
    )
    assert seen["after"] == seen["before"]


@pytest.mark.parametrize("shell", of_kind("posix", "csh"), ids=lambda shell: shell.name)
def test_an_unset_path_stays_unset(stage: Stage) -> None:
    env = stage.environment("data")
    seen = stage.run(
        stage.shell.unset("PATH"),
        stage.activate(env),
        stage.record("in"),
        "deactivate",
        stage.record("after"),
    )
    assert seen["in"].environment["PATH"] == f"{env}/bin"
    assert "PATH" not in seen["after"].environment


@pytest.mark.parametrize("shell", of_kind("csh"), ids=lambda shell: shell.name)
@pytest.mark.parametrize("path", ["", "/nowhere", "/a b:/nowhere:"])
def test_a_path_without_the_programs_of_the_system_comes_back(stage: Stage, path: str) -> None:
    env = stage.environment("data")
    seen = stage.run(
        stage.activate(env),
        "alias printenv false",
        stage.shell.export("PATH", path and f"{env}/bin:{path}"),
        "deactivate",
        stage.record("after"),
    )
    assert seen["after"].environment["PATH"] == path


@every_shell
def test_nothing_is_left_behind(stage: Stage) -> None:
    env, odd = stage.environment("data"), stage.environment("o$d%!\\")
    listed = [str(stage.root / name) for name in ("before", "after")]
    stage.run(
        stage.python_home(),
        stage.set_up_prompt(),
        stage.shell.names(listed[0]),
        stage.activate(env),
        stage.activate(odd),
        "deactivate",
        stage.shell.names(listed[1]),
        stage.record("end"),
        environ=stage.base(VIRTUAL_ENV="/outer", VIRTUAL_ENV_PROMPT="o"),
    )
    before, after = (_names(Path(path)) for path in listed)
    assert "PATH" in before | {name.upper() for name in before}
    assert after - before == set()
    assert before - after == set()


@every_shell
def test_commands_are_found_anew(stage: Stage) -> None:
    outside = stage.root / "outside"
    stage.command(outside, "outside")
    env = stage.environment("data")
    call = "^which-one" if stage.shell.family == "nu" else "which-one"
    stage.run(
        call,
        stage.activate(env),
        call,
        "deactivate",
        call,
        stage.record("end"),
        environ=stage.base(PATH=f"{outside}:/usr/bin:/bin"),
    )
    assert stage.printed.split() == ["outside", "inside", "outside"]


@every_shell
def test_a_moved_environment_activates(stage: Stage) -> None:
    old = stage.environment("old place", "name")
    new = str(stage.root / "new $place")
    os.rename(old, new)
    seen = stage.run(stage.activate(new), stage.record("in"), "deactivate", stage.record("after"))
    assert seen["in"].environment["VIRTUAL_ENV"] == new
    assert seen["in"].environment["PATH"] == f"{new}/bin:/usr/bin:/bin"
    assert seen["after"].environment["PATH"] == "/usr/bin:/bin"


@every_shell
def test_a_copy_activates_itself(stage: Stage) -> None:
    env = stage.environment("original")
    copy = str(stage.root / "copy")
    os.mkdir(copy)
    os.mkdir(f"{copy}/bin")
    for name in ("pyvenv.cfg", f"bin/{stage.shell.script}"):
        Path(copy, name).write_bytes(Path(env, name).read_bytes())
    seen = stage.run(stage.activate(copy), stage.record("in"))
    assert seen["in"].environment["VIRTUAL_ENV"] == copy


@every_shell
def test_a_link_to_the_script_finds_the_environment(stage: Stage) -> None:
    env = stage.environment("data")
    link = stage.root / f"link{stage.shell.suffix}"
    link.symlink_to(f"{env}/bin/{stage.shell.script}")
    seen = stage.run(stage.shell.source(str(link)), stage.record("in"))
    assert seen["in"].environment["VIRTUAL_ENV"] == env


@pytest.mark.parametrize(
    "shell", [s for s in SHELLS if s.knows_place], ids=lambda shell: shell.name
)
def test_links_on_the_way_stay_as_the_user_wrote_them(stage: Stage) -> None:
    env = stage.environment("data")
    link = stage.root / "link"
    link.symlink_to(env)
    seen = stage.run(stage.activate(str(link)), stage.record("in"))
    assert seen["in"].environment["VIRTUAL_ENV"] == str(link)


@every_shell
@pytest.mark.parametrize("written", ["data", "./data", "other/../data"])
def test_a_relative_path_becomes_absolute(stage: Stage, written: str) -> None:
    env = stage.environment("data")
    (stage.root / "other").mkdir()
    seen = stage.run(stage.activate(written), stage.record("in"))
    assert seen["in"].environment["VIRTUAL_ENV"] == env


def test_bash_refuses_to_run_what_must_be_sourced(tmp_path: Path) -> None:
    import subprocess

    from tests.functional.activation.conftest import Stage

    env = Stage(tmp_path, SHELLS[0]).environment("data")
    done = subprocess.run(
        ["bash", f"{env}/bin/activate"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 33
    assert "must be sourced" in done.stderr


def _plain(text: str) -> str:
    """Return `text` without the colours of a terminal."""
    return re.sub(r"\x1b(\[[0-9;]*m|\(B)", "", text)


_VOLATILE = re.compile(
    r"_|__warningregistry__|__*(status|nothing|n)?|RANDOM|SRANDOM|LINENO|SECONDS|EPOCH.*|BASH_.*|PIPESTATUS|FUNCNAME|OLDPWD|PPID|TTYIDLE|"
    r"status|history|killring|ARGC|argv|_AST.*|hash.*|reply|REPLY|LS_COLORS|match|mbegin|mend|(KSH_)?MATCH|MBEGIN|MEND"
)


def _names(path: Path) -> set[str]:
    """Return the names that a listing begins its lines with, but for those that change by themselves."""
    found = set()
    for line in path.read_text(errors="replace").splitlines():
        name = re.match(r"(?:declare -f |alias )?([\w.-]+)", line)
        if name and not _VOLATILE.fullmatch(name[1]):
            found.add(name[1])
    return found


def test_the_listing_reads_names(tmp_path: Path) -> None:
    (tmp_path / "names").write_text("PATH='x'\ndeclare -f deactivate\nSECONDS=3\n")
    assert _names(tmp_path / "names") == {"PATH", "deactivate"}


def test_every_shell_of_the_list_has_its_own_name() -> None:
    assert len({shell.name for shell in SHELLS}) == len(SHELLS)
    assert all(isinstance(shell, Shell) for shell in SHELLS)
