"""What the quick commands import: a budget, asked of the interpreter itself with `-X importtime`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from alcove.testing.index import index
from alcove.testing.wheels import wheel
from scripts.import_graph import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# HOUSE, "Never imports", 7: nothing quick loads these.
HEAVY = {
    "alcove.index",
    "alcove.resolve",
    "asyncio",
    "dataclasses",
    "os",  # what a launcher puts in its place is enough
    "packaging",
    "rich",
    "urllib3",
}
# What ends before any command runs loads none of these either.
ALSO_HEAVY = {"argparse", "collections", "inspect", "json", "pathlib", "re", "subprocess", "typing"}

# Where nothing is built and no lock or project file is read, nothing that does so is loaded.
BUILDING = {"alcove.builds.hooks", "alcove.locks", "packaging.pylock", "pyproject_hooks", "tomllib"}

START = (
    "import sys; sys.path.insert(0, {source!r}); sys.argv = ['alcove', *sys.argv[1:]]; "
    "from alcove.compiled import stand_in; stand_in(sys.modules); "
    "from alcove.cli.main import main; sys.exit(main())"
)

CREATE = os.path.join(ROOT, "src", "alcove", "cli", "commands", "create_command.py")

pytestmark = pytest.mark.skipif(
    not os.path.exists(CREATE),
    reason="there are no commands yet",
)


PIP = (
    "import sys; sys.path[:0] = [{source!r}, *{libraries!r}]; "
    "from alcove.compiled import stand_in; stand_in(sys.modules); "
    "from alcove.pip.entry import main; main(sys.argv[1:])"
)


def imported(*words: str, directory: Path, start: str = START) -> tuple[int, set[str]]:
    """Run a command line in `directory`; return its exit code and the modules that it imported after start-up."""
    code, names = imported_in_turn(*words, directory=directory, start=start)
    return code, set(names)


def imported_in_turn(*words: str, directory: Path, start: str = START) -> tuple[int, list[str]]:
    """Return the same in the order in which they were ready."""
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    code = start.format(source=os.path.join(ROOT, "src"), libraries=libraries)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "importtime", "-c", code, *words],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    rows = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    names = [line.rpartition("|")[2].strip() for line in rows]
    if not any(name in ("alcove.cli.main", "alcove.pip.entry") for name in names):
        pytest.fail(done.stderr[-2000:])
    # What the interpreter loads for itself comes before the first of ours.
    first = next(index for index, name in enumerate(names) if name.startswith("alcove"))
    return done.returncode, names[first:]


def over_budget(names: set[str], budget: set[str]) -> list[str]:
    """Return the imported modules that are, or lie in, one of the budget's."""
    return sorted(
        name for name in names if any(f"{name}.".startswith(f"{each}.") for each in budget)
    )


@pytest.mark.usefixtures("alcove_home")
@pytest.mark.parametrize(
    ("words", "code", "more"),
    [
        (["--version"], 0, ALSO_HEAVY),
        (["--help"], 0, ALSO_HEAVY),
        (["list", "--help"], 0, ALSO_HEAVY),
        (["lst"], 2, {"alcove.console"}),  # looking for the nearest name may cost something
        (["list", "--no-such-option"], 2, {"alcove.console"}),
    ],
    ids=["version", "help", "verb-help", "no-such-verb", "no-such-option"],
)
def test_before_any_command(words: list[str], code: int, more: set[str], tmp_path: Path) -> None:
    ended, names = imported(*words, directory=tmp_path)
    assert ended == code
    assert over_budget(names, HEAVY | more | {"alcove.actions", "alcove.cli.commands"}) == []


@pytest.mark.usefixtures("alcove_home")
@pytest.mark.parametrize(
    "words",
    [
        ["create", "other", "-p", sys.executable],
        ["list"],
        ["freeze"],
        ["envs"],
        ["info"],
        ["history"],
        ["activate", "--shell", "bash"],
        ["run", "python", "-c", "pass"],
    ],
    ids=lambda words: words[0],
)
def test_quick_commands(words: list[str], tmp_path: Path) -> None:
    made, _ = imported("create", ".venv", "-p", sys.executable, directory=tmp_path)
    assert made == 0
    ended, names = imported(*words, directory=tmp_path)
    assert ended == 0
    assert over_budget(names, HEAVY) == []


@pytest.mark.usefixtures("alcove_home")
@pytest.mark.parametrize(
    "words", [["list"], ["freeze"], ["show", "good"], ["check"]], ids=lambda words: words[0]
)
def test_the_pip_inside_of_an_untouched_environment(words: list[str], tmp_path: Path) -> None:
    """What was found once is remembered: nothing is decided anew, nothing dear is imported."""
    good = wheel(str(tmp_path), "good", requires=["pip>=1; python_version > '3'"])
    made, _ = imported("create", ".venv", "-p", sys.executable, directory=tmp_path)
    call = [str(tmp_path / ".venv"), "pip"]
    filled, _ = imported(*call, "install", "--no-deps", good, directory=tmp_path, start=PIP)
    assert (made, filled) == (0, 0)
    call += words
    time.sleep(0.1)  # what changed a moment ago is not remembered
    first, _ = imported(*call, directory=tmp_path, start=PIP)
    ended, names = imported(*call, directory=tmp_path, start=PIP)
    assert (first, ended) == (0, 0)
    assert over_budget(names, HEAVY | ALSO_HEAVY | {"alcove.pip.wiring"}) == []


@pytest.mark.usefixtures("alcove_home")
def test_the_pip_inside_installs_what_is_remembered(tmp_path: Path) -> None:
    good = wheel(str(tmp_path), "good")
    made, _ = imported("create", ".venv", "-p", sys.executable, directory=tmp_path)
    call = [str(tmp_path / ".venv"), "pip"]
    found = index(str(tmp_path / "index"))
    found.add(good)
    install = (*call, "install", "good", "--index-url", found.url)
    first, whole = imported(*install, directory=tmp_path, start=PIP)
    gone, _ = imported(*call, "uninstall", "-y", "good", directory=tmp_path, start=PIP)
    again, names = imported(*install, directory=tmp_path, start=PIP)
    assert (made, first, gone, again) == (0, 0, 0, 0)
    assert "alcove.resolve.solver" in whole
    assert over_budget(whole, BUILDING) == []
    assert over_budget(names, HEAVY) == []


@pytest.mark.usefixtures("alcove_home")
def test_the_import_system_is_whole_before_the_first_thread(tmp_path: Path) -> None:
    """What is imported below `importlib` while another thread imports that itself finds an import system that knows nothing."""
    found = index(str(tmp_path / "index"))
    found.add(wheel(str(tmp_path / "wheels"), "one", "1.0"))
    subprocess.run(
        [sys.executable, "-m", "alcove", "create", "env", "-p", sys.executable],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.path.join(ROOT, "src")},
        check=True,
        capture_output=True,
    )
    words = (str(tmp_path / "env"), "pip", "install", "-i", found.url, "one")
    code, names = imported_in_turn(*words, directory=tmp_path, start=PIP)
    assert code == 0
    assert names.index("importlib") < names.index("alcove.index.workers")
