"""What programs see of an environment of ours is what they see of one made by `python -m venv` and the real pip.

One environment of each kind for an interpreter; the table of cases says what is installed in both, and in what way.
Where the two may differ, the test says how and why.
"""

from __future__ import annotations

import json
import os
from typing import Any, NamedTuple

import pytest

from alcove.files.digest import sha256_of
from alcove.files.locking import Lock
from alcove.testing.interpreters import require_ensurepip, require_interpreter
from alcove.testing.sdists import project, sdist
from alcove.testing.wheels import wheel
from scripts.import_graph import ROOT
from tests.conformance import stock
from tests.conformance.worlds import World, bundled_pip, site_packages, world_at

DESCRIBE = os.path.join(ROOT, "tests", "conformance", "describe.py")
VERSIONS = ("3.8", "3.11", "3.13")

# How each distribution comes in; the words are the same for pip and for `alcove install`.
CASES = {
    "tool": "tool[more]==1.0",  # scripts of all kinds, data files, headers, an extra
    "alone": "",  # by that extra; a single module
    "plain": "",  # as a dependency: not REQUESTED; sub-packages, data inside, a licence
    "parts-a": "parts-a",  # parts of a namespace
    "parts-b": "parts_b",
    "odd.Name-x": "Odd_name.X",  # names are compared normalised and shown as written
    "by-file": "{links}/by_file-1.0-py3-none-any.whl",
    "by-url": "by-url @ file://{links}/by_url-1.0-py3-none-any.whl",
    "by-hash": "by-hash @ file://{links}/by_hash-1.0-py3-none-any.whl#sha256={hash}",
    "from-sdist": "from-sdist",
    "by-sdist-file": "{links}/by_sdist_file-1.0.tar.gz",
    "by-directory": "{projects}/by-directory",
    "editable": "-e {projects}/editable",
    "binary-like": "binary-like",  # Root-Is-Purelib: false, purelib and platlib in its data
}


OWN = ("/INSTALLER", "/RECORD", "/direct_url.json")


class Pair(NamedTuple):
    """The two environments, and what was seen of them; the prefix is `@` in all texts."""

    world: World
    theirs: str
    ours: str
    seen: dict[str, Any]
    mine: dict[str, Any]


def write_cases(world: World) -> list[str]:
    """Write what the cases need; return the words for the installers."""
    stock.fill(world)
    for name in ("by-file", "by-url", "by-hash"):
        wheel(world.links, name)
    wheel(world.links, "odd.Name-x", files={"odd/__init__.py": "", "_odd_top.py": ""})
    for name in ("from-sdist", "by-sdist-file"):
        sdist(world.links, name, "1.0", requires=["plain"])
    wheel(
        world.links,
        "binary-like",
        files={"binary_like/__init__.py": "", "binary_like/sub/deep.py": ""},
        other_data={"purelib/pure_part/__init__.py": "", "platlib/plat_part.py": ""},
        root_is_purelib=False,
    )
    projects = world.at("projects")
    for name in ("by-directory", "editable"):
        os.makedirs(f"{projects}/{name}")
        project(f"{projects}/{name}", name, "1.0")
    words = []
    for text in filter(None, CASES.values()):
        digest = sha256_of(f"{world.links}/by_hash-1.0-py3-none-any.whl")
        filled = text.format(links=world.links, projects=projects, hash=digest)
        words += filled.split(" ", 1) if filled.startswith("-e") else [filled]
    return words


@pytest.fixture(scope="module", params=VERSIONS)
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Pair:
    """Make both environments with all cases in them, for one interpreter."""
    python = require_interpreter(request.param)
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent  # pytest's processes share what one of them made
    require_ensurepip(python)
    root = str(shared / f"pair-{request.param}")
    with Lock(root + ".lock").acquire(timeout=600):
        if not os.path.exists(root + "/done"):
            fill(world_at(root), python)
            open(root + "/done", "wb").close()
    world = World(root, f"{root}/home", f"{root}/links")
    theirs, ours = world.at("env", "theirs"), world.at("env", "ours")
    return Pair(world, theirs, ours, described(world, theirs), described(world, ours))


def fill(world: World, python: str) -> None:
    """Make both environments, and install all cases in each."""
    words = write_cases(world)
    theirs = world.at("env", "theirs")
    world.run(python, "-m", "venv", theirs)
    real = (f"{theirs}/bin/python", "-I", f"{bundled_pip(python)}/pip")
    world.run(*real, "install", "-q", *words)
    ours = world.create("env/ours", python)
    world.alcove("install", "--env", ours, *words)


def described(world: World, prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(world.run(f"{prefix}/bin/python", DESCRIBE, *CASES).stdout)
    return found


@pytest.mark.parametrize("name", CASES)
def test_metadata(pair: Pair, name: str) -> None:
    theirs, ours = pair.seen["distributions"][name], pair.mine["distributions"][name]
    assert (theirs["installer"], ours["installer"]) == ("pip\n", "alcove\n")
    if theirs["direct_url"] and theirs["direct_url"].get("archive_info") == {}:
        # pips before 23.1 note only a hash that was asked for; ours notes that of what it read, as newer ones do
        assert ours["direct_url"]["archive_info"].pop("hash").startswith("sha256=")
        assert ours["direct_url"]["archive_info"].pop("hashes").keys() == {"sha256"}
    different = {"installer", "files"}
    for key in theirs.keys() - different:
        assert ours[key] == theirs[key], key


@pytest.mark.parametrize("name", CASES)
def test_files(pair: Pair, name: str) -> None:
    """All that pip's RECORD lists is in ours with the same hash; what ours lists beside it are links to directories.

    Files that each installer writes itself have contents of their own: launchers, INSTALLER, and what records them.
    """
    theirs, ours = (seen["distributions"][name]["files"] for seen in (pair.seen, pair.mine))
    assert ours.keys() >= theirs.keys()
    for path in ours.keys() - theirs.keys():
        assert ours[path] == [None, None, True], path
        assert os.path.islink(f"{site_packages(pair.ours)}/{path}"), path
    for path, facts in theirs.items():
        if not path.startswith("../../../bin/") and not path.endswith(OWN):
            assert ours[path] == facts, path
        assert os.path.exists(f"{site_packages(pair.ours)}/{path}"), path


def test_importable_names(pair: Pair) -> None:
    theirs, ours = pair.seen["tops"], pair.mine["tops"]
    installer = {"pip", "setuptools", "pkg_resources", "_distutils_hack", "distutils-precedence"}
    for names in (theirs, ours):
        for name in installer & names.keys():
            del names[name]
    theirs.pop(
        "__pycache__", None
    )  # pip lists the bytecode of single modules, which no program imports by that name
    assert ours == theirs


@pytest.mark.parametrize("key", ["paths", "schemes", "sys", "site", "config"])
def test_where_python_looks(pair: Pair, key: str) -> None:
    assert pair.mine[key] == pair.seen[key]


def test_the_path_has_one_entry_more(pair: Pair) -> None:
    """The link to the store (DESIGN 4.4), last; the editable project comes before it in the order of `.pth` files."""
    assert [path for path in pair.mine["path"] if path != "@/.alcove/store"] == pair.seen["path"]
    assert pair.mine["path"].count("@/.alcove/store") == 1


def test_data_files_and_headers(pair: Pair) -> None:
    assert pair.mine["data"] == pair.seen["data"]
    assert pair.seen["data"]["share"]
    assert pair.seen["data"]["include"]


def test_scripts_are_there_and_do_the_same(pair: Pair) -> None:
    """Activation scripts are each maker's own; pip's are there in both."""
    names = {name for name in pair.seen["bin"] if not name.lower().startswith("activate")}
    names -= {name for name in names if name.startswith("easy_install")}
    assert names <= set(pair.mine["bin"])
    world = pair.world
    for name in sorted(names - {name for name in names if name.startswith(("python", "pip"))}):
        code = 3 if name in ("tool", "tool1", "tool-window") else 0
        said = [
            world.run(f"{prefix}/bin/{name}", "a b", code=code).stdout.replace(prefix, "@")
            for prefix in (pair.theirs, pair.ours)
        ]
        assert said[0] == said[1], name
        assert said[0], name


def test_modules_are_the_same(pair: Pair) -> None:
    """Each file of site-packages that is not an installer's own has the same content, and imports find the same."""
    found = []
    for prefix in (pair.theirs, pair.ours):
        site = site_packages(prefix)
        found.append(
            {
                os.path.relpath(f"{folder}/{name}", site): sha256_of(f"{folder}/{name}")
                for folder, _, names in os.walk(site, followlinks=True)
                if "__pycache__" not in folder and ".dist-info" not in folder
                for name in names
            }
        )
    foreign = ("pip/", "setuptools/", "pkg_resources/", "_distutils_hack/", "distutils-precedence")
    theirs = {path: one for path, one in found[0].items() if not path.startswith(foreign)}
    ours = {path: one for path, one in found[1].items() if not path.startswith(foreign)}
    assert ours.pop("_alcove.pth")
    theirs.pop("easy_install.py", None)
    assert ours == theirs
