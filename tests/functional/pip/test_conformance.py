"""The same command through the real pip and through ours, in the same environment: the same answer.

The real pip that comes with each Python is older than the one that ours follows; what only the newest one
does is compared with the newest one itself, from the index (marked `network`).
"""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from alcove.testing.interpreters import require_ensurepip
from tests.functional.pip.worlds import World, interpreter, ours, real, wheel

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = ("3.8", "3.11", "3.13")

READING = """
list
list --format=json
list --format=freeze
list -e
list --exclude-editable
list --not-required
list --not-required --format json
list --exclude Foo-bar.baz --format freeze
list -l
list --user
-q list
list --path PATH --format=json
freeze
freeze --all
freeze --exclude-editable
freeze --exclude alpha
freeze -l
freeze -q
freeze --path PATH
freeze -r requirements.txt
freeze -r requirements.txt -r requirements.txt
show alpha
show -f alpha
show beta zeta Foo.Bar-baz
show edited egg-thing develop-thing
show -f egg-thing edited
show nope
show nope beta
show
check
uninstall
uninstall -y nope
install
list --frob
list -Zq
install --frob x
list --format xml
list --format
list --outdated --uptodate
list --timeout y
--quiet=3 list
frobnicate
instal
install --user x
list --path=/x -l
""".strip().splitlines()

NEWEST = """
list -v
list -v --format json
show -v alpha zeta
list --no
list --ver
install --require-hashes --no-require-hashes x
--version
install -C x y
list -o --format freeze
""".strip().splitlines()


def fill(world: World, tmp_path: Path) -> None:
    """Install and write all kinds of distributions."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    beta = wheel(wheels, "beta", "0.5")
    wheel(
        wheels,
        "alpha",
        "1.0",
        requires=[
            "beta>=1",
            "gamma",
            'delta; extra == "x"',
            'epsilon; python_version < "3"',
            'zeta[fast]>2 ; python_version >= "3"',
        ],
        headers="Summary: The first\nHome-page: https://alpha.example\nAuthor: A\n"
        "Author-email: a@example.com\nLicense: MIT\nClassifier: X :: Y\n",
    )
    wheel(
        wheels,
        "Foo.Bar_baz",
        "2.0rc1",
        headers="Home-page: https://foo.example/\nSummary: \u00fcn\u00efcode\n",
        files={"foo_bar_baz/__init__.py": "", "foo_bar_baz/a,b.txt": ""},
    )
    wheel(wheels, "zeta", "3.0", requires=["Foo.Bar-baz"])
    assert real(world, "install", "--no-deps", str(beta)).code == 0
    names = ("alpha", "zeta", "Foo.Bar_baz")
    assert real(world, "install", "--no-deps", "--find-links", str(wheels), *names).code == 0
    write_by_hand(world, tmp_path)
    (world.home / "requirements.txt").write_text(
        "# a comment\n\n--pre\nbeta>=0.1  # why\nzeta==3\nnosuch\n"
        "-e git+https://x.example/y#egg=edited\nAlpha ; python_version>'2'\n"
    )


def write_by_hand(world: World, tmp_path: Path) -> None:
    """Write what only others than this pip leave in an environment."""
    git = {"url": "https://git.example/x", "vcs_info": {"vcs": "git", "commit_id": "abc"}}
    world.metadata("Git-Thing", "1.0", direct_url__json=json.dumps({**git, "subdirectory": "s"}))
    directory = {"url": "file:///some/dir", "dir_info": {}}
    world.metadata("dir-thing", "1.0", direct_url__json=json.dumps(directory))
    project = tmp_path / "my project"
    project.mkdir()
    (project / "pyproject.toml").touch()
    editable = {"url": project.as_uri(), "dir_info": {"editable": True}}
    world.metadata("edited", "0.1", direct_url__json=json.dumps(editable))
    repository = tmp_path / "repository"
    (repository / "sub").mkdir(parents=True)
    (repository / "sub" / "pyproject.toml").touch()
    if shutil.which("git"):
        for line in (
            "init -q",
            "add .",
            "-c user.name=a -c user.email=a@b.example commit -qm x",
            "remote add origin git@git.example:a/b.git",
        ):
            subprocess.run(["git", *line.split()], cwd=repository, check=True, env=world.environ())
    in_git = {"url": (repository / "sub").as_uri(), "dir_info": {"editable": True}}
    world.metadata("edited-git", "0.2", direct_url__json=json.dumps(in_git))
    egg = world.site_packages / "egg_thing-1.2-py3.8.egg-info"
    egg.mkdir()
    (egg / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: egg-thing\nVersion: 1.2\n")
    (egg / "requires.txt").write_text("beta\n[x]\nfoo\n")
    (egg / "installed-files.txt").write_text("../egg_thing.py\nPKG-INFO\n")
    develop = tmp_path / "develop"
    (develop / "develop_thing.egg-info").mkdir(parents=True)
    (develop / "develop_thing.egg-info" / "PKG-INFO").write_text(
        "Metadata-Version: 1.0\nName: develop-thing\nVersion: 0.9\n"
    )
    (world.site_packages / "develop-thing.egg-link").write_text(f"{develop}\n.")
    (world.site_packages / "easy-install.pth").write_text(f"{develop}\n")
    other = tmp_path / "other" / "there-2.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: there\nVersion: 2\n")


def make(version: str, root: Path) -> World:
    """Make an environment with the pip that comes with a Python; skip where there is none of it."""
    python = interpreter(version)
    if python is None:
        pytest.skip(f"no Python {version} here")
    require_ensurepip(python)
    world = World(root / "env", root / "home", version)
    world.home.mkdir()
    subprocess.run(
        [python, "-m", "venv", str(world.prefix)],
        check=True,
        env=world.environ(),
        capture_output=True,
        timeout=120,
    )
    return world


@pytest.fixture(scope="module", params=VERSIONS)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    root = tmp_path_factory.mktemp("world")
    made = make(request.param, root)
    fill(made, root)
    return made


@pytest.fixture(scope="module", params=("3.11", "3.13"))
def newest(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Make an environment with the newest real pip, which only the index has."""
    root = tmp_path_factory.mktemp("newest")
    made = make(request.param, root)
    line = [str(made.prefix / "bin" / "python"), "-m", "pip", "install", "-q", "pip==26.3"]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        pytest.skip(f"the index cannot be reached: {done.stderr[-300:]}")
    fill(made, root)
    made.metadata("broken-tag", "1", WHEEL="Wheel-Version: 1.0\nTag: cp27-cp27m-win32\n")
    made.metadata("built", "1", WHEEL="Wheel-Version: 1.0\nBuild: 7\nTag: py3-none-any\n")
    made.metadata("legacy", "1.0-beta")
    made.metadata("odd-version", "2004.junk")
    license_text = "License: MIT\n        \n        Copyright\n         indented\n"
    made.metadata("licensed", "1", license_text + "Project-URL: Home Page, https://h.example\n")
    return made


def compare(world: World, words: str) -> None:
    """Run both and compare what they write and their exit codes."""
    arguments = [
        str(world.home.parent / "other") if word == "PATH" else word for word in words.split()
    ]
    theirs, mine = real(world, *arguments), ours(world, *arguments)
    program = f"{world.prefix}/bin/python -m pip"
    assert mine.stdout == theirs.stdout
    assert mine.code == theirs.code
    assert mine.stderr == theirs.stderr.replace(program, "pip").replace("\n[package", "[package")


@pytest.mark.parametrize("words", READING)
def test_reading_as_the_pip_of_that_python(world: World, words: str) -> None:
    compare(world, words)


@pytest.mark.network
@pytest.mark.parametrize("words", [*READING, *NEWEST])
def test_reading_as_the_newest_pip(newest: World, words: str) -> None:
    compare(newest, words)


@pytest.mark.network
def test_show_of_every_distribution(newest: World) -> None:
    listed = json.loads(real(newest, "list", "--format=json").stdout)
    compare(newest, "show -v -f " + " ".join(each["name"] for each in listed))


def test_an_environment_that_sees_its_base(world: World, tmp_path: Path) -> None:
    python = interpreter(world.python)
    assert python is not None
    seeing = World(tmp_path / "env", tmp_path / "home", world.python)
    seeing.home.mkdir()
    line = [python, "-m", "venv", "--system-site-packages", str(seeing.prefix)]
    subprocess.run(line, check=True, env=seeing.environ(), capture_output=True, timeout=120)
    seeing.metadata("own", "1")
    for words in ("list -l --format=freeze", "freeze -l", "list --format=json", "list --user"):
        compare(seeing, words)
