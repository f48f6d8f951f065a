"""Which interpreter is chosen, and what is said when none is. `inspect` is a stand-in: nothing is started."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.errors import NoSuchInterpreter, UsageError
from alcove.interpreters import find, project

from .test_tags import interpreter

if TYPE_CHECKING:
    from alcove.interpreters.kept import Interpreter

    from .conftest import Machine


class Asked:
    """Stands in for `inspect`: answers from the directory's name, and notes who was asked."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.failing: dict[str, str] = {}

    def __call__(self, path: str, *, cache: str, timeout: float = 10.0) -> Interpreter:
        """Answer as `inspect` does."""
        assert cache
        assert timeout
        self.paths.append(path)
        version = path.split(os.sep)[-3]
        if version in self.failing:
            raise NoSuchInterpreter(f"{path} {self.failing[version]}")
        implementation = "PyPy" if version.startswith("pypy") else "CPython"
        free = version.endswith("t")
        version = version.removeprefix("pypy").rstrip("t")
        return interpreter(implementation=implementation, free_threaded=free)._replace(
            executable=path, version=version
        )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    stand_in = Asked()
    monkeypatch.setattr(find, "inspect", stand_in)
    return stand_in


def install(machine: Machine, *versions: str) -> None:
    for version in versions:
        name = "pypy3" if version.startswith("pypy") else "python3"
        machine.program(f"home/.pyenv/versions/{version}/bin/{name}")


def chosen(machine: Machine, request: str) -> str:
    found = find.find(request, places=machine.places(), cache=str(machine.root / "cache"))
    return found.executable.split(os.sep)[-3]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("3", "3.13.0"),
        ("3.13", "3.13.0"),
        ("3.14", "3.14.0rc2"),
        ("3.14.0rc1", "3.14.0rc1"),
        ("3.13t", "3.13.1t"),
        (">=3.10,<3.13", "3.12.10"),
        (">=3.14", "3.14.0rc2"),
        ("python", "3.13.0"),
        ("pypy", "pypy3.10.16"),
        ("pypy3.9", "pypy3.9.18"),
        ("3.10", "pypy3.10.16"),
        ("3.12", "3.12.10"),
        ("3.12.9", "3.12.9"),
    ],
)
def test_the_newest_final_cpython_wins(
    machine: Machine, asked: Asked, request_: str, expected: str
) -> None:
    install(
        machine,
        "3.12.9",
        "3.12.10",
        "3.13.0",
        "3.13.1t",
        "3.14.0rc1",
        "3.14.0rc2",
        "pypy3.10.16",
        "pypy3.9.18",
    )
    assert chosen(machine, request_) == expected
    assert len(asked.paths) == 1


def test_path_is_first_among_equals_and_a_conda_environment_last(
    machine: Machine, asked: Asked
) -> None:
    install(machine, "3.12.1")
    machine.program("3.12.1/bin/python3.12", b"\x7fELF\x003.12.1\x00")
    machine.program("home/miniconda3/envs/3.13.5/bin/python3.13")
    machine.text("home/miniconda3/envs/3.13.5/conda-meta/python-3.13.5-x_cpython.json", "{}")
    machine.path = [str(machine.root / "3.12.1/bin")]
    assert chosen(machine, "3") == "3.12.1"
    assert asked.paths == [str(machine.root / "3.12.1/bin/python3.12")]
    assert chosen(machine, "3.13") == "3.13.5"


def test_one_that_fails_is_skipped_and_named_when_it_was_the_last(
    machine: Machine, asked: Asked
) -> None:
    install(machine, "3.12.9", "3.12.10")
    asked.failing["3.12.10"] = "was killed by signal 11"
    assert chosen(machine, "3.12") == "3.12.9"
    asked.failing["3.12.9"] = "gave no answer within 10 s"
    with pytest.raises(NoSuchInterpreter) as caught:
        chosen(machine, "3.12")
    assert "signal 11" in caught.value.message
    assert "no answer within 10 s" in caught.value.message


def test_one_that_is_not_what_its_name_says_is_skipped(
    machine: Machine, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(machine, "3.12.1")
    answer = interpreter()._replace(version="3.11.0")
    monkeypatch.setattr(find, "inspect", lambda *_, **__: answer)
    with pytest.raises(NoSuchInterpreter, match=r"says that it is CPython 3\.11\.0"):
        chosen(machine, "3.12")
    assert not asked.paths


def test_python_2_is_never_started(machine: Machine, asked: Asked) -> None:
    install(machine, "2.7.18", "3.8.1")
    with pytest.raises(NoSuchInterpreter, match=r"2\.7\.18.*PEP 405") as caught:
        chosen(machine, "2.7")
    assert not asked.paths
    assert "virtualenv 20.21" in str(caught.value.hint)


@pytest.mark.parametrize("request_", ["2.7", "2", "3.5", "3.1.4", "<3", "==3.5.*", "pypy2.7"])
def test_for_one_that_is_too_old_the_oldest_supported_is_told_and_none_is_called_near(
    machine: Machine, asked: Asked, request_: str
) -> None:
    with pytest.raises(NoSuchInterpreter) as caught:
        chosen(machine, request_)
    assert "3.7 and newer (3.6 as far as that goes" in str(caught.value.hint)
    install(machine, "3.8.1", "3.12.1")
    with pytest.raises(NoSuchInterpreter) as caught:
        chosen(machine, request_)
    hint = str(caught.value.hint)
    assert "3.7 and newer (3.6 as far as that goes" in hint
    assert "there are 3.12.1 (pyenv), 3.8.1 (pyenv)" in hint
    assert "nearest" not in hint
    assert "gets one" not in hint
    assert ("virtualenv 20.21" in hint) == (request_ not in {"3.5", "3.1.4", "==3.5.*"})
    assert not asked.paths


@pytest.mark.parametrize(
    ("request_", "nearest"),
    [
        ("3.11", "3.12.1"),
        ("3.99", "3.13.0"),
        ("4", "3.13.0"),
        ("3.12.7", "3.12.1"),
        (">=3.14", "3.13.0"),
        ("3.13t", "3.13.0"),
        ("pypy", "3.13.0"),
        ("pypy3", "3.13.0"),
        ("3.12-32", "3.12.1"),
    ],
)
def test_what_there_is_and_the_nearest_are_told(
    machine: Machine, asked: Asked, request_: str, nearest: str
) -> None:
    install(machine, "3.8.1", "3.12.1", "3.13.0")
    with pytest.raises(NoSuchInterpreter) as caught:
        chosen(machine, request_)
    assert request_ in caught.value.message
    hint = str(caught.value.hint)
    assert "3.13.0 (pyenv), 3.12.1 (pyenv), 3.8.1 (pyenv)" in hint
    assert f"the nearest is -p {nearest}" in hint
    assert ("; alcove python install " in hint) == (request_ not in {"3.99", "4"})
    assert "32" not in request_ or hint.endswith("install 3.12-32 gets one")
    assert not asked.paths


@pytest.mark.parametrize(
    ("request_", "meant"),
    [
        ("3.1", "did you mean -p 3.13 or -p 3.12?"),
        ("pypy3.1", "did you mean -p pypy3.10?"),
        ("3.1t", "the nearest is -p 3.8.1"),
    ],
)
def test_a_version_cut_short_is_completed(
    machine: Machine, asked: Asked, request_: str, meant: str
) -> None:
    install(machine, "3.8.1", "3.12.1", "3.13.0", "3.13.0rc1", "pypy3.10-7.3.15")
    with pytest.raises(NoSuchInterpreter) as caught:
        chosen(machine, request_)
    assert meant in str(caught.value.hint)
    assert not asked.paths


def test_a_machine_without_any_is_told(machine: Machine, asked: Asked) -> None:
    with pytest.raises(NoSuchInterpreter) as caught:
        chosen(machine, "3")
    assert "none was found" in str(caught.value.hint)
    assert not asked.paths


def test_paths(machine: Machine, asked: Asked) -> None:
    install(machine, "3.12.1", "3.11.1")
    root = "home/.pyenv/versions/3.12.1"
    machine.text("env/pyvenv.cfg", f"home = {machine.root}/{root}/bin\n")
    machine.directory("env/bin")
    for request in (
        f"{root}/bin/python3",
        root,
        f"{machine.root}/{root}/bin",
        "./env",
        "~/.pyenv/versions/3.12.1",
        "3.12.1",
    ):
        assert chosen(machine, request) == "3.12.1", request
    assert len(asked.paths) == 6
    with pytest.raises(NoSuchInterpreter, match="holds no interpreter"):
        chosen(machine, "./home")
    machine.directory("conf/python3.11")  # as Debian's /etc has one
    with pytest.raises(NoSuchInterpreter, match="conf holds no interpreter"):
        chosen(machine, "./conf")
    with pytest.raises(NoSuchInterpreter) as caught:
        chosen(machine, "env")
    assert str(caught.value.hint).startswith("what is called so here is -p ./env; the forms are ")


def test_a_program_on_path_is_started_where_it_may_be_a_python(
    machine: Machine, asked: Asked
) -> None:
    install(machine, "3.12.1")
    machine.path = [machine.directory("a"), machine.directory("b/3.9.1/bin")]
    wrapper = machine.program("b/3.9.1/bin/python3.9-dbg", b"#!/bin/sh\n")
    other = machine.program("a/tool", b"#!/bin/sh\n")
    linked = f"{machine.root}/home/.pyenv/versions/3.12.1/bin/python3"
    os.symlink(linked, f"{machine.root}/b/3.9.1/bin/mine")
    for request, path in (("python3.9-dbg", wrapper), ("mine", f"{machine.root}/b/3.9.1/bin/mine")):
        chosen(machine, request)
        assert asked.paths.pop() == path
    with pytest.raises(NoSuchInterpreter, match=f"{other} is not called like one") as caught:
        chosen(machine, "tool")
    assert str(caught.value.hint).startswith(f"if it is a Python, give its path: -p {other}; ")
    machine.directory("home/.pyenv/versions/tool/bin")
    with pytest.raises(NoSuchInterpreter, match="versions/tool holds no interpreter"):
        chosen(machine, "tool")
    assert not asked.paths


def test_a_shim_by_its_path_stands_for_its_name(machine: Machine, asked: Asked) -> None:
    install(machine, "3.12.1", "3.11.1")
    machine.path = [machine.directory("home/.pyenv/shims")]
    shim = machine.program("home/.pyenv/shims/python3.11", b"#!/bin/sh\nexit 1\n")
    assert chosen(machine, shim) == "3.11.1"
    assert shim not in asked.paths
    with pytest.raises(NoSuchInterpreter, match="is a shim"):
        chosen(machine, machine.program("home/.pyenv/shims/pip", b"#!/bin/sh\n"))


def test_names_of_pyenv_and_programs(machine: Machine, asked: Asked) -> None:
    install(machine, "3.12.1", "my-python")
    asked.failing["my-python"] = "was asked"
    with pytest.raises(NoSuchInterpreter, match="was asked"):
        chosen(machine, "my-python")
    machine.path = [machine.directory("9/bin")]
    machine.program("9/bin/pyston3")
    assert find.find("pyston3", places=machine.places(), cache="/c").executable.endswith(
        "9/bin/pyston3"
    )
    with pytest.raises(NoSuchInterpreter, match="'adder' is no version"):
        chosen(machine, "adder")


def test_system_is_what_path_has(machine: Machine, asked: Asked) -> None:
    install(machine, "3.13.0")
    machine.path = [machine.directory("3.11.2/bin")]
    machine.program("3.11.2/bin/python3.11", b"\x7fELF\x003.11.2\x00")
    assert chosen(machine, "system") == "3.11.2"
    assert len(asked.paths) == 1


def test_best(machine: Machine, asked: Asked) -> None:
    install(machine, "3.9.1", "3.12.1", "3.13.0t", "3.14.0rc1", "pypy3.10.16")
    places, cache = machine.places(), "/c"

    def best(requires_python: str) -> str:
        return find.best(requires_python=requires_python, places=places, cache=cache).version

    assert [best(one) for one in ("", ">=3.9", "<3.12", "!=3.12.*")] == [
        "3.12.1",
        "3.12.1",
        "3.9.1",
        "3.9.1",
    ]
    with pytest.raises(NoSuchInterpreter, match=r"a final CPython >=3\.13"):
        best(">=3.13")
    with pytest.raises(UsageError):
        best("3.12")
    assert len(asked.paths) == 4


def for_project(machine: Machine, directory: str = ".") -> str:
    place = os.path.normpath(machine.root / directory)
    found = project.for_project(place, places=machine.places(), cache="/c")
    return found.executable.split(os.sep)[-3]


def test_a_project_asks_by_its_files(machine: Machine, asked: Asked) -> None:
    install(machine, "3.9.1", "3.12.1", "3.13.0", "mine")
    assert for_project(machine) == "3.13.0"
    machine.text("p/pyproject.toml", "[project]\nrequires-python = '<3.13'\n")
    machine.directory("p/sub")
    assert for_project(machine, "p/sub") == "3.12.1"
    machine.text("p/.python-version", "\ufeff# which\n3.10  3.9 # old\n3.13\n")
    assert for_project(machine, "p/sub") == "3.9.1"
    machine.text("p/sub/.python-version", "mine")
    asked.failing["mine"] = "was asked"
    with pytest.raises(NoSuchInterpreter, match=r"\.python-version: .* was asked"):
        for_project(machine, "p/sub")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "names no version"),
        (b"# nothing\n\n", "names no version"),
        (b"3.12\n3.x\n", r"\.python-version:2: '3\.x'"),
        (b"\xff\xfe3", "no text in UTF-8"),
        (b"./evil", r":1: './evil' is a path"),
        (b"3.12\n/tmp/evil\n", r":2: '/tmp/evil' is a path"),
        (b"x" * (1 << 20) + b"xx", "longer than"),
    ],
)
def test_a_broken_version_file_is_told_with_its_line(
    machine: Machine, asked: Asked, content: bytes, message: str
) -> None:
    install(machine, "3.12.1")
    (machine.root / ".python-version").write_bytes(content)
    with pytest.raises(UsageError, match=message) as caught:
        for_project(machine)
    assert str(machine.root) in caught.value.message
    assert caught.value.hint
    assert not asked.paths


def test_a_version_file_never_runs_a_program_on_path(machine: Machine, asked: Asked) -> None:
    machine.path = [machine.directory("bin")]
    machine.program("bin/evil")
    machine.text(".python-version", "evil")
    with pytest.raises(NoSuchInterpreter, match="'evil' is no version of Python and none of pyenv"):
        for_project(machine)
    assert not asked.paths


def test_a_version_file_that_is_a_directory_is_told(machine: Machine) -> None:
    machine.directory(".python-version")
    with pytest.raises(UsageError, match="cannot be read"):
        for_project(machine)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("requires-python = ", "is no TOML"),
        ("[project]\nrequires-python = 3\n", "is no text"),
        ("[project]\nrequires-python = 'three'\n", "no version specifier"),
        ("[project]\nrequires-python = '>=4'\n", "no interpreter here"),
    ],
)
def test_a_broken_requires_python_is_told_with_its_file(
    machine: Machine, asked: Asked, content: str, message: str
) -> None:
    install(machine, "3.12.1")
    path = machine.text("pyproject.toml", content)
    with pytest.raises((UsageError, NoSuchInterpreter), match=message) as caught:
        for_project(machine)
    assert caught.value.message.startswith(path)
    assert not asked.paths


@pytest.mark.parametrize(
    "content", ["", "project = 3 # requires-python", "[tool.x]\nrequires-python = '<3'"]
)
def test_a_project_that_asks_for_nothing_gets_the_best(
    machine: Machine, asked: Asked, content: str
) -> None:
    install(machine, "3.12.1")
    machine.text("pyproject.toml", content)
    assert for_project(machine) == "3.12.1"
    assert len(asked.paths) == 1
