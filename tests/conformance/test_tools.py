"""Other people's tools, from the public index, behave in an environment of ours as in one made by pip.

Issue 3, "It is done when". Everything is downloaded once; both environments are filled from the same wheels.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest

from alcove.files.digest import sha256_of
from alcove.files.locking import Lock
from alcove.testing.interpreters import require_interpreter
from alcove.testing.wheels import wheel
from scripts.import_graph import ROOT
from tests.conformance.worlds import World, site_packages, world_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.tools, pytest.mark.network]

PINS = os.path.join(ROOT, "tests", "conformance", "tools.txt")
VERSION = "3.12"
PYRIGHT = "1.1.414"


class Pair(NamedTuple):
    """A world with an environment made by pip and one of ours, filled with the same distributions."""

    world: World
    theirs: str
    ours: str

    def both(self, act: Callable[[str, str], object]) -> list[object]:
        """Do the same in both, `act(prefix, directory)`; return what each said, with `@` for what is its own."""
        found = []
        for prefix in (self.theirs, self.ours):
            directory = self.world.at("work", os.path.basename(prefix))
            os.makedirs(directory, exist_ok=True)
            said = act(prefix, directory)
            if isinstance(said, str):
                said = said.replace(directory, "@work").replace(prefix, "@")
            found.append(said)
        return found


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Pair:
    """Make both environments; where pytest runs in several processes, one of them does, and the others wait."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent
    python = require_interpreter(VERSION)
    root = str(shared / "tools")
    with Lock(root + ".lock").acquire(timeout=900):
        if os.path.exists(root + "/done"):
            return Pair(
                World(root, f"{root}/home", f"{root}/links"), f"{root}/theirs", f"{root}/ours"
            )
        world = world_at(root)
        pip = (python, "-I", "-m", "pip")
        words = ("download", "-q", "--only-binary=:all:", "-d", world.links, "-r", PINS)
        environ = {name: os.environ[name] for name in ("PATH", "PIP_CERT") if name in os.environ}
        world.run(
            *pip, *words, environ=environ | {"HOME": world.home, "PIP_CONFIG_FILE": os.devnull}
        )
        for version in ("1", "2"):
            fast(world, version)
        wanted = (f"-r{PINS}", "fastlib", "constant==1")
        world.run(python, "-m", "venv", world.at("theirs"))
        world.run(
            world.at("theirs/bin/python"), "-m", "pip", "install", "-q", "--no-compile", *wanted
        )
        world.alcove("create", world.at("ours"), "-p", python)
        world.alcove("install", "--env", world.at("ours"), "-r", PINS, "fastlib", "constant==1")
        open(root + "/done", "wb").close()
        return Pair(world, world.at("theirs"), world.at("ours"))


def fast(world: World, version: str) -> None:
    """Write a library whose compiled code depends on another distribution of the same environment."""
    source = (
        "import numba\nimport constant\n\n\n@numba.njit(cache=True)\ndef answer(x):\n"
        "    return x + constant.VALUE\n"
    )
    if version == "1":
        wheel(world.links, "fastlib", files={"fastlib/__init__.py": source})
    wheel(world.links, "constant", version, files={"constant.py": f"VALUE = {version}00\n"})


def write(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def fetch(url: str, *, until: Callable[[str], bool] = lambda _: True, seconds: float = 90) -> str:
    """Return the page at `url` once it answers and says what is waited for."""
    end = time.monotonic() + seconds
    last = ""
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310  of this machine
                last = str(answer.read(), "utf-8", "replace")
                if until(last):
                    return last
        except (OSError, http.client.HTTPException) as error:  # a reloader may end it in mid-answer
            last = str(error)
        time.sleep(0.3)
    raise AssertionError(f"{url}: {last[:500]}")


@contextmanager
def serving(pair: Pair, words: list[str], directory: str) -> Iterator[None]:
    """Run a server, and end it with all that it started."""
    with open(f"{directory}/server.log", "wb") as log:
        server = subprocess.Popen(
            words,
            cwd=directory,
            env=pair.world.environ(),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield
    finally:
        os.killpg(server.pid, 15)
        server.wait(30)


PROGRAM = """
import flask
import numpy as np
import matplotlib.pyplot as plt
from django.http import HttpRequest

app = flask.Flask(__name__)
reveal_type(app.name)
reveal_type(np.zeros(3).sum())
reveal_type(plt.figure())
x: int = flask.jsonify({})
"""


def test_mypy(pair: Pair) -> None:
    def act(prefix: str, directory: str) -> object:
        write(f"{directory}/program.py", PROGRAM)
        words = (f"{prefix}/bin/mypy", "--no-error-summary", "program.py")
        return pair.world.run(*words, directory=directory, code=1).stdout

    theirs, ours = pair.both(act)
    assert ours == theirs
    assert 'Revealed type is "str"' in str(ours)
    assert "Cannot find" not in str(theirs).replace("django", "")


def test_pyright(pair: Pair) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm on this machine")
    folder = pair.world.at("npm")
    program = f"{folder}/node_modules/.bin/pyright"
    if not os.path.exists(program):
        words = ("install", "--silent", "--no-audit", "--no-fund", "--prefix", folder)
        pair.world.run(npm, *words, f"pyright@{PYRIGHT}")

    def act(prefix: str, directory: str) -> object:
        write(f"{directory}/program.py", PROGRAM)
        words = ("--outputjson", "--pythonpath", f"{prefix}/bin/python", "program.py")
        done = json.loads(pair.world.run(program, *words, directory=directory, code=1).stdout)
        return [
            (row["range"]["start"]["line"], row["message"].replace(prefix, "@"))
            for row in done["generalDiagnostics"]
        ]

    theirs, ours = pair.both(act)
    assert ours == theirs
    assert not any("could not be resolved" in text for _, text in ours)  # type: ignore[attr-defined]


def test_jedi(pair: Pair) -> None:
    """Names are completed, and definitions found, in an environment that is not the one it runs in."""
    code = (
        "import jedi, sys; env = jedi.create_environment(sys.argv[1], safe=False)\n"
        "script = jedi.Script('import flask\\nflask.Fla', environment=env)\n"
        "print([one.name for one in script.complete(2, 9)], env.version_info[:2])\n"
        "(found,) = script.goto(1, 8, follow_imports=True)\n"
        "print(found.full_name, found.module_path)"
    )
    theirs, ours = pair.both(lambda prefix, _: pair.world.python(pair.theirs, code, prefix))
    assert ours == theirs
    assert str(ours).startswith(
        "['Flask', 'flash'] (3, 12)\nflask @/lib/python3.12/site-packages/flask/"
    )


SUITE = """
import flask
import shop


def test_answer():
    assert shop.answer(1) == 2


def test_plugin(request):
    assert request.config.pluginmanager.hasplugin("_cov")
    assert request.config.pluginmanager.hasplugin("xdist")
"""
SHOP = (
    "import flask, numpy\n\ndef answer(x):\n    return x + 1\n\ndef unused():\n    return flask\n"
)


def test_pytest_and_its_plugins(pair: Pair) -> None:
    def act(prefix: str, directory: str) -> object:
        write(f"{directory}/suite/shop.py", SHOP)
        write(f"{directory}/suite/test_shop.py", SUITE)
        words = (f"{prefix}/bin/pytest", "-q", "-n2", "--cov", "--cov-report=term-missing")
        said = pair.world.run(*words, directory=f"{directory}/suite").stdout
        return re.sub(r" in \d+\.\d+s( \(.*\))?", "", re.sub(r"\d+ workers.*|=+|_+|-+", "", said))

    theirs, ours = pair.both(act)
    assert ours == theirs
    assert "2 passed" in str(ours)
    assert "shop.py" in str(ours)


def test_coverage_run(pair: Pair) -> None:
    """It measures the user's code alone, by default and where all is asked for."""

    def act(prefix: str, directory: str) -> object:
        write(f"{directory}/cov/shop.py", SHOP + "\nprint(answer(1))\n")
        program = f"{prefix}/bin/coverage"
        pair.world.run(program, "run", "shop.py", directory=f"{directory}/cov")
        pair.world.run(program, "json", "-q", directory=f"{directory}/cov")
        with open(f"{directory}/cov/coverage.json", encoding="utf-8") as stream:
            found = json.load(stream)
        return {path: one["summary"] for path, one in found["files"].items()}

    theirs, ours = pair.both(act)
    assert ours == theirs
    assert list(ours) == ["shop.py"]  # type: ignore[call-overload]


def test_flask_run_debug(pair: Pair) -> None:
    """The page answers, and after an edit the reloader shows the new one."""
    source = (
        "import flask\napp = flask.Flask(__name__)\n@app.get('/')\ndef index():\n    return '{}'\n"
    )

    def act(prefix: str, directory: str) -> object:
        write(f"{directory}/web/app.py", source.format("first"))
        port = free_port()
        words = [f"{prefix}/bin/flask", "run", "--debug", "--port", str(port)]
        with serving(pair, words, f"{directory}/web"):
            url = f"http://127.0.0.1:{port}/"
            first = fetch(url)
            time.sleep(1.1)  # the reloader compares whole seconds
            write(f"{directory}/web/app.py", source.format("second"))
            return first, fetch(url, until=lambda text: text == "second")

    assert pair.both(act) == [("first", "second"), ("first", "second")]


def test_django(pair: Pair) -> None:
    def act(prefix: str, directory: str) -> object:
        shutil.rmtree(f"{directory}/site", ignore_errors=True)
        os.makedirs(f"{directory}/site")
        pair.world.run(
            f"{prefix}/bin/django-admin", "startproject", "shop", ".", directory=f"{directory}/site"
        )
        python = f"{prefix}/bin/python"
        commands = ["check", "startapp till", "migrate -v1", "findstatic admin/css/base.css"]
        said = [
            pair.world.run(
                python, "manage.py", *words.split(), directory=f"{directory}/site"
            ).stdout
            for words in commands
        ]
        made = sorted(
            (os.path.relpath(f"{folder}/{name}", directory), os.access(f"{folder}/{name}", os.W_OK))
            for folder, _, names in os.walk(f"{directory}/site")
            for name in names
            if not name.endswith(".pyc")
        )
        return "".join(said) + repr(made)

    theirs, ours = pair.both(act)
    for text in (theirs, ours):
        assert "System check identified no issues" in str(text)
    assert without_paths(str(ours)) == without_paths(str(theirs))


def without_paths(text: str) -> str:
    """Return a text without what stands before a package, as these programs print real paths, which lead to the store."""
    return re.sub(r"[^\s']*/(?=(django/contrib|cmake/data)/)", "SITE/", text)


def notebook(cells: list[str], *, kernel: str = "python3") -> dict[str, object]:
    """Return a notebook of cells of code, not executed."""
    rows: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": one,
            "id": f"c{at}",
        }
        for at, one in enumerate(cells)
    ]
    spec = {"name": kernel, "display_name": "x", "language": "python"}
    return {
        "cells": rows,
        "metadata": {"kernelspec": spec},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def test_nbconvert_execute(pair: Pair) -> None:
    cells = ["import sys, numpy as np\nprint(np.arange(3).sum())", "%pip --version", "1 / 2"]

    def act(prefix: str, directory: str) -> object:
        write(f"{directory}/book.ipynb", json.dumps(notebook(cells)))
        words = (
            "nbconvert",
            "--to",
            "notebook",
            "--execute",
            "book.ipynb",
            "--output",
            "done.ipynb",
        )
        pair.world.run(f"{prefix}/bin/jupyter", *words, directory=directory)
        with open(f"{directory}/done.ipynb", encoding="utf-8") as stream:
            outputs = [cell["outputs"] for cell in json.load(stream)["cells"]]
        assert outputs[1][0]["text"][0].startswith("pip ")
        return [outputs[0][0]["text"], outputs[2][0]["data"]]

    theirs, ours = pair.both(act)
    assert ours == theirs
    assert ours == [["3\n"], {"text/plain": ["0.5"]}]


def test_nbconvert_executes_in_a_kernel_of_ours(pair: Pair) -> None:
    """An environment without ipykernel: what it has is imported, and one that is lent to it runs the cells."""
    world = pair.world
    bare = world.at("bare")
    world.create("bare", require_interpreter(VERSION), "constant==1")
    world.alcove("kernel", "install", bare, "--display-name", "Bare")
    directory = world.at("work", "kernel")
    cells = ["import sys, constant\nprint(sys.prefix, constant.VALUE)", "%pip list --format=freeze"]
    cells += [
        "!command -v python; echo $VIRTUAL_ENV",
        "import ipykernel\nprint(ipykernel.__file__)",
    ]
    write(f"{directory}/book.ipynb", json.dumps(notebook(cells, kernel="bare")))
    words = ("nbconvert", "--to", "notebook", "--execute", "--inplace", "book.ipynb")
    world.run(f"{pair.theirs}/bin/jupyter", *words, directory=directory)
    with open(f"{directory}/book.ipynb", encoding="utf-8") as stream:
        # one output or several, as the lines came
        said = [
            "".join("".join(one["text"]) for one in cell["outputs"])
            for cell in json.load(stream)["cells"]
        ]
    assert said[0] == f"{bare} 100\n"
    pins = [one.partition("==") for one in said[1].splitlines()]  # IPython adds a note
    assert [name for name, equal, _ in pins if equal] == ["constant", "pip"]
    assert said[2].split() == [f"{bare}/bin/python", bare]
    assert said[3].startswith(world.at("home", "alcove-data", "kernels"))
    assert set(world.versions(bare)) == {"constant"}
    world.alcove("kernel", "remove", "bare")
    listing = world.run(f"{pair.theirs}/bin/jupyter", "kernelspec", "list", "--json").stdout
    assert list(json.loads(listing)["kernelspecs"]) == ["python3"]


def test_jupyterlab(pair: Pair) -> None:
    """The page and the static files that it names, which stand below share/ of the environment."""

    def act(prefix: str, directory: str) -> object:
        port = free_port()
        words = [f"{prefix}/bin/jupyter", "lab", "--no-browser", "--allow-root", f"--port={port}"]
        words += ["--IdentityProvider.token=", "--ServerApp.root_dir=."]
        with serving(pair, words, directory):
            base = f"http://127.0.0.1:{port}"
            page = fetch(f"{base}/lab")
            names = sorted(set(re.findall(r'"(/static/lab/[^"?]+\.(?:js|css))', page)))
            names += sorted(set(re.findall(r'"(/[^"?]*/favicon[^"?]*)"', page)))
            names.append("/lab/api/themes/@jupyterlab/theme-light-extension/index.css")
            return {name: len(fetch(base + name, seconds=5)) for name in names}

    theirs, ours = pair.both(act)
    assert ours == theirs
    assert len(ours) >= 3  # type: ignore[arg-type]
    assert all(ours.values())  # type: ignore[attr-defined]


def test_cmake(pair: Pair) -> None:
    code = (
        "import cmake, os; print(cmake.__version__, cmake.CMAKE_BIN_DIR, sorted(os.listdir(cmake.CMAKE_BIN_DIR)),"
        " os.path.samefile(cmake.CMAKE_DATA, os.path.dirname(cmake.__file__) + '/data'))"
    )

    def act(prefix: str, directory: str) -> object:
        said = pair.world.python(prefix, code)
        said += pair.world.run(f"{prefix}/bin/cmake", "--version").stdout
        return (
            said
            + pair.world.run(
                f"{prefix}/bin/cmake", "--help-module-list", directory=directory
            ).stdout
        )

    theirs, ours = pair.both(act)
    assert without_paths(str(ours)) == without_paths(str(theirs))
    assert "cmake version" in str(ours)


def test_numba_with_a_cache_in_two_environments(pair: Pair) -> None:
    """Compiled code holds a constant of its own environment: the cache of one must not serve the other."""
    world = pair.world
    other = world.at("other")
    if not os.path.exists(other):
        world.create(
            "other", require_interpreter(VERSION), "numba==0.68.1", "fastlib", "constant==2"
        )
    code = "import fastlib; print(fastlib.answer(1)); print(sum(fastlib.answer.stats.cache_hits.values()))"
    for expected_hits in ("0", "1"):
        for prefix, answer in ((pair.theirs, "101"), (pair.ours, "101"), (other, "201")):
            assert world.python(prefix, code).split() == [answer, expected_hits], prefix


def test_savefig(pair: Pair) -> None:
    code = (
        "import sys, matplotlib; matplotlib.use('agg'); import matplotlib.pyplot as plt; "
        "plt.plot([1, 3, 2], label='x'); plt.title('Ünïcode $x^2$'); plt.legend(); plt.savefig(sys.argv[1])"
    )

    def act(prefix: str, directory: str) -> object:
        pair.world.python(prefix, code, f"{directory}/figure.png")
        return sha256_of(f"{directory}/figure.png")

    theirs, ours = pair.both(act)
    assert ours == theirs


def test_the_store_is_as_it_was(pair: Pair) -> None:
    """After whatever of the above ran: every file of every entry still has the hash that it was unpacked with."""
    assert pair.world.store()
    assert os.path.islink(f"{site_packages(pair.ours)}/django")
