"""The pip that stands in an environment, started in all the ways that programs start pip."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove.environments.seed import Launch, pip_files
from tests.functional.pip.worlds import World, interpreter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.functional.machine import Machine

MAIN = Path(__file__).with_name("started.py")
VERSIONS = ("3.6", "3.7", "3.8", "3.11", "3.13")


def seed(world: World, launch: Launch) -> None:
    """Put our pip into an environment."""
    for file in pip_files(world.python, launch):
        kind, _, below = file.path.partition("/")
        root = world.prefix / "bin" if kind == "bin" else world.site_packages
        target = root / below
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
        if file.executable:
            target.chmod(0o755)


def empty(root: Path, version: str) -> World:
    """Make an environment without any pip, in a place whose name needs quoting."""
    python = interpreter(version)
    if python is None:
        pytest.skip(f"no Python {version} here")
    world = World(root / "it's a $(place)", root / "home", version)
    world.home.mkdir()
    line = [python, "-m", "venv", "--without-pip", str(world.prefix)]
    subprocess.run(line, check=True, env=world.environ(), capture_output=True, timeout=300)
    return world


@pytest.fixture(params=VERSIONS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    made = empty(tmp_path, request.param)
    seed(made, Launch(sys.executable, ("-I",), str(MAIN)))
    return made


@pytest.fixture
def one(tmp_path: Path) -> World:
    made = empty(tmp_path, "3.11")
    seed(made, Launch(sys.executable, ("-I",), str(MAIN)))
    return made


def call(
    world: World,
    line: Sequence[str],
    *,
    text: str = "",
    cwd: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program of the environment: the first word is its name in bin/."""
    program = line[0] if "/" in line[0] else str(world.prefix / "bin" / line[0])
    return subprocess.run(
        [program, *line[1:]],
        env={**world.environ(), **(variables or {})},
        cwd=cwd or world.home,
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def answer(world: World, *line: str, **environ: str) -> str:
    """Return what a program writes; it must succeed and complain of nothing."""
    done = call(world, line, variables=environ)
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout


def test_every_way_to_start_it(world: World) -> None:
    place = world.site_packages / "pip"
    expected = f"pip 26.3 from {place} (python {world.python})\n"
    for line in (
        ["pip", "--version"],
        ["pip3", "--version"],
        [f"pip{world.python}", "--version"],
        ["python", "-m", "pip", "--version"],
        ["python", "-I", "-m", "pip", "--version"],
        ["python", "-sE", "-m", "pip", "--version"],
        ["python", str(place), "--version"],
        ["python", str(place / "__main__.py"), "--version"],
        ["python", "-c", "import sys, pip; sys.exit(pip.main(['--version']))"],
        [
            "python",
            "-c",
            "import sys; from pip._internal.cli.main import main; sys.exit(main(['--version']))",
        ],
        ["python", "-c", "import sys; from pip._internal import main; sys.exit(main(['-V']))"],
    ):
        assert answer(world, *line) == expected


def test_through_runpy_as_an_ide_does(world: World) -> None:
    code = (
        "import runpy, sys\nsys.argv[1:] = {}\n"
        "try: runpy.run_module('pip', run_name='__main__', alter_sys=True)\n"
        "except SystemExit as end: print('went on', end.code)\n"
    )
    assert "went on 0" in answer(world, "python", "-c", code.format(["list"]))
    done = call(world, ["python", "-c", code.format(["list", "--frob"])])
    assert done.stdout == "went on 2\n"
    assert "no such option: --frob" in done.stderr


def test_the_calls_of_other_programs(world: World) -> None:
    quiet = "--disable-pip-version-check --no-python-version-warning --log x.log"
    line = ["python", "-sE", "-m", "pip", *quiet.split(), "install", "--quiet", "six"]
    assert answer(world, *line) == ""
    assert answer(world, "python", "-m", "pip", "list", "--format=json") == (
        '[{"name": "pip", "version": "26.3"}]\n'
    )
    assert answer(world, "python", "-m", "pip", "freeze", "--all") == "pip==26.3\n"
    assert answer(world, "python", "-I", "-m", "pip", "install", "-c", "c.txt", "x").endswith(
        "Successfully installed x-1.0\n"
    )


def test_importlib_metadata_and_the_real_pip_see_ours(one: World) -> None:
    code = (
        "from importlib.metadata import distribution as d; p = d('pip');"
        "print(p.version, all(f.locate().exists() for f in p.files), len(p.files))"
    )
    assert answer(one, "python", "-c", code) == "26.3 True 16\n"


def test_exit_codes(one: World) -> None:
    for start in (["pip"], ["python", "-m", "pip"]):
        assert call(one, [*start, "list", "--frob"]).returncode == 2
        assert call(one, [*start, "show", "nope"]).returncode == 1
        assert call(one, [*start, "frobnicate"]).returncode == 1
    code = "import pip, sys; sys.exit(pip.main(['list', '--frob']))"
    assert call(one, ["python", "-c", code]).returncode == 2


def test_usage_says_how_it_was_called(one: World) -> None:
    assert "\n  pip3 list [options]\n" in call(one, ["pip3", "list", "--frob"]).stderr
    done = call(one, ["python", "-m", "pip", "list", "--frob"])
    assert f"\n  {one.prefix}/bin/python -m pip list [options]\n" in done.stderr


def test_stdin_goes_through(one: World) -> None:
    for line in (
        ["pip", "install", "input"],
        ["python", "-m", "pip", "install", "input"],
        ["python", "-c", "import pip; pip.main(['install', 'input'])"],
    ):
        assert call(one, line, text="hello\n").stdout.startswith("read hello\n")


def test_variables_of_python_do_not_reach_alcove(one: World, tmp_path: Path) -> None:
    (tmp_path / "os.py").write_text("raise SystemExit('shadowed')")
    bad = {"PYTHONPATH": str(tmp_path), "PYTHONHOME": str(tmp_path), "PYTHONSTARTUP": "x"}
    assert answer(one, "pip", "--version", **bad).startswith("pip 26.3 from ")
    assert answer(one, "python", "-I", "-m", "pip", "--version", **bad).startswith("pip 26.3 from ")
    kept = answer(one, "python", "-m", "pip", "install", "path", PYTHONPATH="/x")
    assert " True\n" in kept
    dropped = answer(one, "python", "-E", "-m", "pip", "install", "path", PYTHONPATH="/x")
    assert " False\n" in dropped


def test_modules_of_the_current_directory_do_no_harm(one: World) -> None:
    for name in ("subprocess", "json", "typing", "alcove"):
        (one.home / f"{name}.py").write_text("raise SystemExit('shadowed')")
    assert answer(one, "python", "-m", "pip", "--version").startswith("pip 26.3 from ")
    assert answer(one, "pip", "--version").startswith("pip 26.3 from ")


def test_a_moved_environment_keeps_its_pip(one: World) -> None:
    moved = World(one.prefix.with_name("moved"), one.home, one.python)
    one.prefix.rename(moved.prefix)
    for line in (["pip", "--version"], ["python", "-m", "pip", "--version"]):
        assert f"from {moved.site_packages}/pip" in answer(moved, *line)


def test_found_by_any_name_of_the_script(one: World) -> None:
    expected = f"from {one.site_packages}/pip"
    link = one.home / "my pip"
    link.symlink_to(one.prefix / "bin" / "pip")
    relative = one.home / "rel"
    relative.symlink_to(os.path.relpath(one.prefix / "bin" / "pip3", one.home))
    assert expected in answer(one, str(link), "--version")
    assert expected in answer(one, str(relative), "--version")
    bin_directory = one.prefix / "bin"
    assert expected in call(one, ["./pip", "--version"], cwd=bin_directory).stdout
    assert expected in call(one, ["/bin/sh", "pip", "--version"], cwd=bin_directory).stdout
    assert expected in call(one, ["../bin/./pip", "--version"], cwd=bin_directory).stdout
    path = f"{bin_directory}{os.pathsep}{os.environ['PATH']}"
    done = call(one, ["/bin/sh", "-c", "pip --version"], variables={"PATH": path})
    assert expected in done.stdout
    through = one.home / "environment"
    through.symlink_to(one.prefix)
    done = call(one, [str(through / "bin" / "pip"), "--version"])
    assert f"from {through}/lib/" in done.stdout


@pytest.mark.parametrize("missing", ["python", "main"])
def test_when_alcove_is_gone(tmp_path: Path, missing: str) -> None:
    world = empty(tmp_path, "3.8")
    here = Launch(sys.executable, ("-I",), str(MAIN))
    gone = str(tmp_path / "no 'such' $(thing)")
    seed(world, here._replace(python=gone) if missing == "python" else here._replace(main=gone))
    for line in (
        ["pip", "list"],
        ["python", "-m", "pip", "list"],
        ["python", "-c", "import pip, sys; sys.exit(pip.main(['list']))"],
    ):
        done = call(world, line)
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr.startswith(
            "ERROR: the alcove that made this environment cannot be started: "
        )
        assert (
            f"hint: install alcove again and run: alcove repair --env {world.prefix}\n"
            in done.stderr
        )
        assert "Traceback" not in done.stderr


def test_an_interpreter_of_alcove_that_does_not_start(tmp_path: Path) -> None:
    world = empty(tmp_path, "3.8")
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x7fELF nothing")
    broken.chmod(0o755)
    seed(world, Launch(str(broken), ("-I",), str(MAIN)))
    for line in (
        ["python", "-m", "pip", "list"],
        ["python", "-c", "import pip, sys; sys.exit(pip.main(['list']))"],
    ):
        done = call(world, line)
        assert done.returncode == 1
        assert "cannot be started" in done.stderr
        assert "Traceback" not in done.stderr


def test_alcove_in_a_place_that_needs_quoting(tmp_path: Path) -> None:
    world = empty(tmp_path, "3.8")
    odd = tmp_path / 'a\'b "c" $(touch x) `y` ü\\n'
    odd.mkdir()
    main = odd / "main program.py"
    main.write_text("import sys; print(sys.argv[2:])")
    seed(world, Launch(sys.executable, ("-I",), str(main)))
    assert answer(world, "pip", "a b", "'c'") == "['pip', 'a b', \"'c'\"]\n"
    assert "'a b', \"'c'\"]" in answer(world, "python", "-m", "pip", "a b", "'c'")


def test_another_python_that_meets_our_modules(one: World, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "list"],
        env={**one.environ(), "PYTHONPATH": str(one.site_packages)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if sys.prefix != sys.base_prefix:
        assert "Traceback" not in done.stderr
    else:
        assert done.returncode == 1
        assert "works in its own environment only" in done.stderr


@pytest.mark.parametrize(
    "start",
    [
        ["pip"],
        ["python", "-m", "pip"],
        ["python", "-c", "import sys, pip; sys.exit(pip.main(sys.argv[1:]))"],
    ],
)
def test_interrupt(one: World, start: list[str]) -> None:
    program = str(one.prefix / "bin" / start[0])
    process = subprocess.Popen(
        [program, *start[1:], "install", "sleep"],
        env=one.environ(),
        cwd=one.home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "asleep\n"
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, errors = process.communicate(timeout=300)
    assert errors == "ERROR: Operation cancelled by user\n"
    assert process.returncode == 1


def test_termination_reaches_alcove(one: World) -> None:
    process = subprocess.Popen(
        [str(one.prefix / "bin" / "python"), "-m", "pip", "install", "sleep"],
        env=one.environ(),
        cwd=one.home,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "asleep\n"
    process.terminate()
    process.communicate(timeout=300)
    assert process.returncode == -signal.SIGTERM


def test_a_reader_that_goes_away(one: World) -> None:
    for number in range(1000):  # more than a pipe holds and `head` reads at once
        one.metadata(f"distribution-number-{number}", "1." + "2" * 150)
    line = '"$PROGRAM" freeze | head -1; exit ${PIPESTATUS[0]}'
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    done = call(one, [bash, "-c", line], variables={"PROGRAM": f"{one.prefix}/bin/pip"})
    assert done.returncode == 120
    assert done.stderr == "ERROR: Pipe to stdout was broken\n"


def test_the_real_pip_does_the_rest(tmp_path: Path) -> None:
    world = empty(tmp_path, "3.11")
    seed(world, Launch(sys.executable, ("-I",), str(MAIN)))
    donor = interpreter("3.11")
    assert donor is not None
    code = "import pip, os; print(os.path.dirname(pip.__file__))"
    found = subprocess.run([donor, "-c", code], capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip("that Python has no pip of its own")
    alone = tmp_path / "real" / "pip"  # as in an entry of the store: no metadata beside it
    alone.parent.mkdir()
    alone.symlink_to(found.stdout.strip())
    where = {"TEST_REAL_PIP": str(alone)}
    assert "Search for PyPI packages" in answer(world, "pip", "help", "search", **where)
    done = call(world, ["python", "-m", "pip", "search"], variables=where)
    assert done.returncode == 1
    assert "Missing required argument (search query)" in done.stderr


@pytest.mark.parametrize("words", [["list"], ["list", "--format=json"], ["freeze"], ["show", "a"]])
def test_reading_loads_little(one: World, words: list[str]) -> None:
    one.metadata("a", "1.0", "Requires-Dist: b>=1\nRequires-Dist: c; extra == 'x'\n\n")
    one.metadata("b", "1.0rc1")
    heavy = "{'typing', 're', 'json', 'collections', 'packaging', 'argparse', 'email', 'pathlib'}"
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from alcove.pip.entry import start\n"
        "code = start(sys.argv[2:], environ={}, defaults=lambda c, i: {}, actions=None)\n"
        f"sys.exit(code or ' '.join({heavy} & set(sys.modules)) or 0)\n"
    )
    source = str(MAIN.parents[3] / "src")
    line = [sys.executable, "-I", "-S", "-c", code, source, str(one.prefix), "pip", *words]
    done = call(one, line)
    assert (done.stderr, done.returncode) == ("", 0)


def test_where_the_directory_is_gone(one: World, tmp_path: Path) -> None:
    python = one.prefix / "bin" / "python"
    (tmp_path / "gone").mkdir()
    script = f'rmdir "$PWD" && exec "{python}" -m pip --version'.replace("$(place)", r"\$(place)")
    done = subprocess.run(
        ["/bin/sh", "-c", script],
        env=one.environ(),
        cwd=tmp_path / "gone",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert (done.returncode, done.stdout[:4]) == (0, "pip ")


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text")
def test_debug_in_a_place_whose_name_is_no_text(machine: Machine) -> None:
    prefix = os.fsencode(machine.work) + b"/v\xff"
    machine.do("create", os.fsdecode(prefix), "-p", "3.12")
    done = subprocess.run(
        [prefix + b"/bin/pip", "debug"],
        env={**machine.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"sys.executable: " + prefix + b"/bin/python" in done.stdout
