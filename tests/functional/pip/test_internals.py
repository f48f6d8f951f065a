"""Programs that import what lies inside pip (pip-tools, old `setup.py`) find it, in the real one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from alcove.environments.seed import Launch
from tests.functional.pip.test_started import MAIN, answer, call, empty, seed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.functional.pip.worlds import World

PARTS = {
    "__init__.py": "__version__ = '24.9'\n",
    "_vendor/__init__.py": "",
    "_vendor/requests.py": "",
    "_internal/__init__.py": "raise Exception('ours comes first')\n",
    "_internal/req.py": "from pip._internal.cli import parser\nfrom pip._internal.utils import _log\nstate = _log.told\n",
    "_internal/cli/__init__.py": "",
    "_internal/cli/main.py": "raise Exception('ours comes first')\n",
    "_internal/cli/parser.py": "",
    "_internal/utils/__init__.py": "",
    "_internal/utils/_log.py": "told = []\ndef init_logging(): told.append(1)\n",
}


@pytest.fixture(params=["3.6", "3.13"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    made = empty(tmp_path, request.param)
    seed(made, Launch(sys.executable, ("-I",), str(MAIN)))
    for path, text in PARTS.items():
        target = tmp_path / "VERSION/pip" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return made


def test_what_ours_lacks_is_that_of_the_real_pip(world: World, tmp_path: Path) -> None:
    version = {"3.6": "21.3.1", "3.13": "26.3"}[world.python]
    real = tmp_path / version / "pip"
    (tmp_path / "VERSION").rename(tmp_path / version)
    code = (
        "import pip\n"
        "from pip._internal.cli.main import main\n"
        "print(pip.__version__, 'pip._vendor' in __import__('sys').modules)\n"
        "from pip._internal.req import state\n"
        "from pip._vendor import requests\n"
        "print(state, pip.__version__, pip.__file__, requests.__file__)\n"
        "raise SystemExit(main(['--version']))"
    )
    said = answer(
        world, "python", "-B", "-c", code, TEST_REAL_PIP=f"{tmp_path}/VERSION/pip"
    ).splitlines()
    assert said[0] == "26.3 False"
    assert said[1] == f"[1] 24.9 {real}/__init__.py {real}/_vendor/requests.py"
    assert said[2].startswith("pip 26.3 from ")


def test_where_the_real_pip_cannot_be_had_the_module_is_missing(world: World) -> None:
    code = "import pip\ntry: import pip._vendor\nexcept ImportError as error: print(error)\nprint(pip.__version__)"
    done = call(world, ["python", "-c", code])
    assert done.stdout == "No module named 'pip._vendor'\n26.3\n"
    assert done.stderr == "ERROR: no index has it\n"
