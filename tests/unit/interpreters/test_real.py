"""From any python to its base, by the path that lives longest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alcove.errors import InterpreterGone
from alcove.interpreters import real

if TYPE_CHECKING:
    from .conftest import Machine


def install(machine: Machine, prefix: str, version: str = "3.12") -> str:
    machine.text(f"{prefix}/lib/python{version}/os.py", "")
    return machine.program(f"{prefix}/bin/python{version}")


def test_a_base_stays(machine: Machine) -> None:
    base = install(machine, "opt/3.12.1")
    assert real.base_of(base) == base


@pytest.mark.parametrize(
    "settings",
    [
        "version = 3.12.1",
        "version_info = 3.12.1.final.0\nimplementation = CPython",
        "executable = /gone/python3.12",
        "",
    ],
)
@pytest.mark.parametrize("copies", [False, True])
def test_an_environment_leads_to_its_base(machine: Machine, settings: str, copies: bool) -> None:  # noqa: FBT001
    base = install(machine, "opt")
    machine.link("opt/bin/python3", "python3.12")
    machine.text("env/pyvenv.cfg", f"HOME={machine.root}/opt/bin\n{settings}\n")
    if copies:
        asked = machine.program("env/bin/python3.12")
    else:
        machine.link("env/bin/python", base)
        asked = machine.link("env/bin/python3.12", "python")
    assert real.base_of(asked) == base


def test_the_environments_own_minor_is_taken_of_several_in_home(machine: Machine) -> None:
    install(machine, "usr", "3.8")
    base = install(machine, "usr", "3.12")
    machine.link("usr/bin/python", "python3.8")
    machine.text("env/pyvenv.cfg", f"home = {machine.root}/usr/bin\nversion = 3.12.1\n")
    assert real.base_of(machine.program("env/bin/python")) == base


def test_environments_from_environments(machine: Machine) -> None:
    base = install(machine, "opt")
    machine.text("a/pyvenv.cfg", f"home = {machine.root}/opt/bin\n")
    first = machine.link("a/bin/python3.12", base)
    machine.text("b/pyvenv.cfg", f"home = {machine.root}/a/bin\n")
    assert real.base_of(machine.link("b/bin/python", first)) == base


@pytest.mark.parametrize(
    "config", ["", "home = \n", "home = /gone\n", "home = here\0\n", "\udcff=1"]
)
def test_an_environment_without_a_base_is_told(machine: Machine, config: str) -> None:
    asked = machine.program("env/bin/python")
    (machine.root / "env/pyvenv.cfg").write_bytes(config.encode("utf-8", "surrogateescape"))
    with pytest.raises(InterpreterGone) as caught:
        real.base_of(asked)
    assert "env" in caught.value.message
    assert caught.value.hint


def test_one_of_ours_without_a_base_can_be_led_to_another(machine: Machine) -> None:
    asked = machine.program("env/bin/python")
    machine.text("env/pyvenv.cfg", "home = /gone\nversion = 3.12.1\n")
    with pytest.raises(InterpreterGone) as foreign:
        real.base_of(asked)
    machine.directory("env/.alcove")
    with pytest.raises(InterpreterGone) as ours:
        real.base_of(asked)
    way = (
        f"alcove repair --env {machine.root}/env leads it to another Python 3.12 where there is one"
    )
    assert str(ours.value.hint) == f"{way}; else {foreign.value.hint}"


def test_a_circle_of_environments_is_told(machine: Machine) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        machine.program(f"{one}/bin/python")
        machine.text(f"{one}/pyvenv.cfg", f"home = {machine.root}/{other}/bin\n")
    with pytest.raises(InterpreterGone, match="circle"):
        real.base_of(str(machine.root / "a/bin/python"))


def test_the_name_with_the_minor_is_better(machine: Machine) -> None:
    base = install(machine, "opt")
    for name in ("python", "python3"):
        assert real.stable(machine.link(f"opt/bin/{name}", "python3.12"), "python3.12") == base


def test_another_interpreter_of_that_name_is_not_taken(machine: Machine) -> None:
    install(machine, "opt")
    other = machine.program("opt/bin/python")
    assert real.stable(other, "python3.12") == other


def test_a_link_is_followed_only_to_where_the_library_is(machine: Machine) -> None:
    base = install(machine, "uv/cpython-3.12.1-linux")
    machine.link("uv/cpython-3.12-linux", "cpython-3.12.1-linux")
    through_minor = str(machine.root / "uv/cpython-3.12-linux/bin/python3.12")
    link = machine.link("local/bin/python3.12", through_minor)
    assert real.stable(link, "python3.12") == through_minor
    assert real.stable(base, "python3.12") == through_minor
    beside = install(machine, "usr")
    assert real.stable(machine.link("usr/bin/python3", "python3.12"), "python3.12") == beside


def test_a_versioned_directory_stays_without_a_link_for_the_minor(machine: Machine) -> None:
    base = install(machine, "versions/3.12.1")
    machine.directory("versions/3.12")
    assert real.stable(base, "python3.12") == base


def test_homebrews_opt_replaces_its_cellar(machine: Machine) -> None:
    base = install(machine, "brew/Cellar/python@3.12/3.12.1_1")
    machine.link("brew/opt/python@3.12", "../Cellar/python@3.12/3.12.1_1")
    linked = machine.link("brew/bin/python3.12", "../Cellar/python@3.12/3.12.1_1/bin/python3.12")
    wanted = str(machine.root / "brew/opt/python@3.12/bin/python3.12")
    assert real.stable(base, "python3.12") == real.stable(linked, "python3.12") == wanted


def test_settings_are_read_whatever_the_file_holds(machine: Machine) -> None:
    machine.text(
        "env/pyvenv.cfg", "home = /x = y\nInclude-System-Site-Packages = false\nnonsense\n"
    )
    assert real.settings_of(str(machine.root / "env")) == {
        "home": "/x = y",
        "include-system-site-packages": "false",
    }
    assert real.settings_of(str(machine.root)) == {}
