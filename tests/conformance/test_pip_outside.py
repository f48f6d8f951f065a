"""What the pip inside installs outside its environment, where it does better than the real pip (docs/reference/pip.md)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.actions.create import Options, create
from alcove.testing.interpreters import require_interpreter
from alcove.testing.wheels import wheel
from tests.conformance.test_pip_install import PYTHON, Ours
from tests.conformance.worlds import World, world_at

if TYPE_CHECKING:
    from pathlib import Path


class Seeing(Ours):
    """An environment that sees its base and the user's site."""

    def __init__(self, world: World, python: str) -> None:
        super().__init__(world, python)
        self.prefix = world.at("seeing")
        create(self.prefix, self.settings, options=Options(python=python, system_site=True))


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Seeing:
    world = world_at(str(tmp_path_factory.mktemp("outside") / "w"))
    for version in ("1.0", "2.0"):
        files = {"beta/__init__.py": f"VERSION = {version!r}\n", f"beta/only_{version[0]}.py": ""}
        wheel(world.links, "beta", version, files=files, headers={"beta.h": ""})
    os.makedirs(world.at("work-ours"))
    return Seeing(world, require_interpreter(PYTHON))


def infos(library: str) -> list[str]:
    return sorted(name for name in os.listdir(library) if name.endswith(".dist-info"))


def test_the_users_site(ours: Seeing) -> None:
    library = f"{ours.world.home}/.local/lib/python{PYTHON}/site-packages"
    assert ours.pip(["install", "--user", "beta==1.0"]).code == 0
    assert infos(library) == ["beta-1.0.dist-info"]
    done = ours.pip(["install", "--user", "--upgrade", "beta"])
    assert done.out.endswith("Successfully installed beta-2.0\n"), done
    assert infos(library) == ["beta-2.0.dist-info"]
    assert sorted(os.listdir(f"{library}/beta")) == ["__init__.py", "only_2.py"]
    said = ours.world.run(
        f"{ours.prefix}/bin/python", "-c", "import beta; print(beta.VERSION, beta.__file__)"
    ).stdout
    assert said == f"2.0 {library}/beta/__init__.py\n"
    assert "beta==2.0" in ours.pip(["freeze", "--user"]).out
    again = ours.pip(["install", "--user", "beta"])
    assert "Requirement already satisfied: beta in" in again.out


def test_the_users_site_comes_after_the_environment(ours: Seeing) -> None:
    assert ours.pip(["install", "--force-reinstall", "beta==1.0"]).code == 0
    done = ours.pip(["install", "--user", "--ignore-installed", "beta==2.0"])
    assert done.code == 1
    assert "will lack sys.path precedence to beta in" in done.err
    assert ours.pip(["uninstall", "-y", "beta"]).code == 0


@pytest.mark.parametrize("where", [["--prefix", "other"], ["--root", "image", "--prefix", "/usr"]])
def test_another_version_is_replaced_whole(ours: Seeing, where: list[str]) -> None:
    base = "image/usr" if "--root" in where else "other"
    library = f"{ours.work}/{base}/lib/python{PYTHON}/site-packages"
    for version in ("1.0", "2.0"):
        assert ours.pip(["install", "--ignore-installed", *where, f"beta=={version}"]).code == 0
        assert infos(library) == [f"beta-{version}.dist-info"]
        only = f"only_{version[0]}.py"
        assert sorted(os.listdir(f"{library}/beta")) == ["__init__.py", only]
    header = f"{ours.work}/{base}/include/site/python{PYTHON}/beta/beta.h"
    assert os.path.isfile(header)


def test_bytecode_is_made_and_recorded(ours: Seeing) -> None:
    done = ours.pip(["install", "--compile", "--target", "compiled", "beta==1.0"])
    assert done.code == 0
    cache = f"{ours.work}/compiled/beta/__pycache__"
    name = f"__init__.cpython-{PYTHON.replace('.', '')}.pyc"
    assert name in os.listdir(cache)
    with open(f"{ours.work}/compiled/beta-1.0.dist-info/RECORD", encoding="utf-8") as stream:
        assert f"beta/__pycache__/{name},,\n" in stream.read()
    code = f"import sys; sys.path.insert(0, {ours.work + '/compiled'!r}); import beta; print(beta.__cached__)"
    assert ours.world.run(f"{ours.prefix}/bin/python", "-c", code).stdout == f"{cache}/{name}\n"


def test_bytecode_is_made_in_the_environment_where_it_is_asked_for(ours: Seeing) -> None:
    name = f"__init__.cpython-{PYTHON.replace('.', '')}.pyc"
    cache = f"{ours.prefix}/lib/python{PYTHON}/site-packages/beta/__pycache__"
    assert ours.pip(["install", "--no-compile", "--ignore-installed", "beta==2.0"]).code == 0
    assert name not in os.listdir(cache)
    assert ours.pip(["uninstall", "-y", "beta"]).code == 0
    assert ours.pip(["install", "--compile", "--ignore-installed", "beta==2.0"]).code == 0
    assert name in os.listdir(cache)
    assert ours.pip(["uninstall", "-y", "beta"]).code == 0


def test_nothing_is_left_of_a_failure(ours: Seeing, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / "mine").write_text("")
    done = ours.pip(["install", "--target", str(target), "beta", "nowhere-at-all"])
    assert done.code == 1
    assert os.listdir(target) == ["mine"]
