"""The bundle of compiled modules: what is written into it comes out of it, in an order in which it can run."""

from __future__ import annotations

import _imp
import gc
import importlib
import marshal
import os
import signal
import sys
from importlib.util import MAGIC_NUMBER
from threading import Event, Thread
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from alcove import compiled
from scripts import bundling
from scripts.import_graph import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO
    from pathlib import Path
    from types import CodeType
    from typing import Any

FILES = {
    "__init__.py": "",
    "compiled.py": "",
    "one.py": """
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.two import Nothing
else:
    kept = "else"


class Record:
    field: int = 3


def add(a: int, *more: int, b: Nothing = 1) -> int:
    \"\"\"Not kept.\"\"\"
    return a + b + sum(more)
""",
    "cli/__init__.py": "",
    "cli/main.py": "from alcove import one\n\n\ndef main():\n    import alcove.late\n",
    "late.py": "",
    "evaluated.py": "def f(a: int) -> int: ...\n",
    "broken.py": "this is no Python",
    "x/templates/activate": "echo @HERE@\n",
}


@pytest.fixture
def package(tmp_path: Path) -> str:
    """Write a small package called alcove, and its bundle beside it."""
    for name, text in FILES.items():
        path = tmp_path / "alcove" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    where = str(tmp_path / "alcove")
    bundling.write(where, f"{tmp_path}/{bundling.NAME}", final=where)
    return where


@pytest.fixture
def opening(package: str) -> Iterator[compiled.Bundle]:
    """Open the bundle of the package as a launcher does."""
    with open(f"{os.path.dirname(package)}/{bundling.NAME}", "rb", 0) as stream:
        yield opened(stream, package)


def opened(stream: FileIO, package: str) -> compiled.Bundle:
    """Read the head of a bundle."""
    words = stream.read(compiled.HEAD).split()
    assert stream.seek(0, 2) == int(words[6])
    found = compiled.Bundle(stream, package, int(words[4]), int(words[5]))
    stream.seek(compiled.HEAD)
    loader = marshal.loads(stream.read(int(words[3])) or b"")  # noqa: S302  written a moment ago
    assert loader.co_filename == f"{package}/compiled.py"
    return found


def space_of(code: CodeType) -> dict[str, Any]:
    """Run the code of a module and return its names."""
    space: dict[str, Any] = {"__name__": "alcove.one"}
    exec(code, space)  # noqa: S102  it was compiled here
    return space


def test_modules_and_files_come_out_as_they_went_in(package: str, opening: compiled.Bundle) -> None:
    spec = opening.find_spec("alcove.one")
    assert spec is not None
    assert (spec.origin, spec.parent) == (f"{package}/one.py", "alcove")
    folder = opening.find_spec("alcove.cli")
    assert folder is not None
    assert folder.submodule_search_locations == [f"{package}/cli"]
    assert opening.find_spec("alcove.broken") is None
    assert opening.find_spec("json") is None
    assert opening.get_source("alcove.late") == ""
    os.unlink(f"{package}/x/templates/activate")
    assert opening.get_data(f"{package}/x/templates/activate") == b"echo @HERE@\n"
    assert opening.get_data(f"{package}/one.py") == FILES["one.py"].encode()


def test_extension_modules_are_taken_from_where_this_python_has_its_own(
    tmp_path: Path, opening: compiled.Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "demo.so").write_bytes(b"")
    places = {"demo": f"{tmp_path}/demo.so", "gone": f"{tmp_path}/gone.so"}
    opening._natives.update(places)
    assert opening.find_spec("demo") is None  # of another Python with the same bytecode
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    opening._natives.update(places)
    found = opening.find_spec("demo")
    assert found is not None
    assert found.origin == places["demo"]
    assert opening.find_spec("gone") is None


def test_what_only_readers_need_is_left_out(opening: compiled.Bundle) -> None:
    space = space_of(opening.get_code("alcove.one"))
    assert space["add"](1, 2, b=3) == 6
    assert space["add"].__doc__ is None
    assert space["add"].__annotations__ == {}
    assert space["kept"] == "else"
    assert space["Record"].__annotations__ == {"field": "int"}


def test_annotations_that_are_evaluated_stay(opening: compiled.Bundle) -> None:
    space = space_of(opening.get_code("alcove.evaluated"))
    assert space["f"].__annotations__ == {"a": int, "return": int}


def test_every_module_of_a_group_stands_behind_what_it_needs() -> None:
    modules = bundling._modules(SOURCE, SOURCE)
    for head, late in bundling._TOGETHER.items():
        names = bundling._closure((*late, head), modules)
        assert names[-1] == head
        for at, name in enumerate(names):
            before = set(names[:at])
            assert name.rpartition(".")[0] in before | {""}
            needs = {need for need in modules[name].imports if not need.startswith(f"{name}.")}
            assert needs <= before, name


def test_reading_leaves_the_position_of_the_file_to_others(opening: compiled.Bundle) -> None:
    # A process that was forked from this one shares it, and reads at the same time.
    stream = opening._stream
    stream.seek(7)
    assert space_of(opening.get_code("alcove.one"))["add"](1, b=1) == 2
    opening.prepare("alcove.cli.main")
    assert stream.tell() == 7


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return a module that can be imported, by which modules tell that they run, and wait."""
    made = ModuleType("gate")
    vars(made).update(begun=Event(), go=Event())
    monkeypatch.setitem(sys.modules, "gate", made)
    return made


def gated(root: Path, files: dict[str, str]) -> str:
    """Write modules, and the bundle of those of the package below `root`, whose path is returned."""
    package = f"{root}/alcove"
    names = ("__init__.py", "compiled.py", "cli/__init__.py")
    for name, text in {**{f"alcove/{name}": "" for name in names}, **files}.items():
        os.makedirs(os.path.dirname(f"{root}/{name}"), exist_ok=True)
        with open(f"{root}/{name}", "w", encoding="ascii") as stream:
            stream.write(text)
    bundling.write(package, f"{root}/{bundling.NAME}", final=package)
    return package


def test_another_thread_waits_for_a_module_of_a_group(tmp_path: Path, gate: ModuleType) -> None:
    package = gated(
        tmp_path,
        {
            "alcove/cli/main.py": "from alcove import slowly\n",
            "alcove/slowly.py": "import gate\ngate.begun.set()\ngate.go.wait(30)\nwhole = True\n",
        },
    )
    found: list[bool] = []

    def use() -> None:
        found.append(hasattr(importlib.import_module("alcove.slowly"), "whole"))

    with open(f"{tmp_path}/{bundling.NAME}", "rb", 0) as bundle:
        threads = [Thread(target=opened(bundle, package).prepare, args=("alcove.cli.main",))]
        threads[0].start()
        assert gate.begun.wait(30)
        threads.append(Thread(target=use))
        threads[1].start()
        threads[1].join(0.1)
        gate.go.set()
        for thread in threads:
            thread.join()
    del sys.modules["alcove.slowly"]
    assert found == [True]


def test_a_group_lets_other_threads_import(
    tmp_path: Path, gate: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it runs may wait for a module that another thread is importing, which imports one more."""
    package = gated(
        tmp_path,
        {
            "alcove/cli/main.py": "from alcove import waiting\n",
            "alcove/waiting.py": "import gate\ngate.go.set()\nimport theirs\n",
            "theirs.py": "import gate\ngate.begun.set()\ngate.go.wait(30)\nimport one_more\n",
            "one_more.py": "",
        },
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    with open(f"{tmp_path}/{bundling.NAME}", "rb", 0) as bundle:
        finder = opened(bundle, package)
        _imp.acquire_lock()  # as the import system does when it asks a finder
        try:
            asking = Thread(target=importlib.import_module, args=("theirs",), daemon=True)
            asking.start()
            _imp.release_lock()
            assert gate.begun.wait(30)
            _imp.acquire_lock()
            finder.find_spec("alcove.cli.main")
            assert _imp.lock_held()
        finally:
            _imp.release_lock()
        asking.join(30)
    assert not asking.is_alive()
    for name in ("alcove.waiting", "theirs", "one_more"):
        del sys.modules[name]


def test_another_python_takes_the_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "started.py").write_text("said = []\ndef main(): said.append(1)\n")
    program = bundling.launcher(str(tmp_path), "started", "main()")
    monkeypatch.setattr(gc, "disable", lambda: None)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(sys, "path", [*sys.path])
    words = [str(word).encode() for word in (compiled.FORMAT, sys.implementation.cache_tag)]
    rest = b"4 0 0 %d" % (compiled.HEAD + 4)
    bundle = tmp_path / bundling.NAME
    head = b" ".join([*words, MAGIC_NUMBER.hex().encode(), rest])
    bundle.write_bytes(head.ljust(compiled.HEAD) + b"torn")
    space: dict[str, Any] = {}
    with pytest.raises((ValueError, EOFError)):
        exec(program, space)  # noqa: S102  our own
    space["stream"].close()
    with monkeypatch.context() as patch:
        patch.setattr(sys.implementation, "cache_tag", "cpython-399")
        exec(program, space)  # noqa: S102  our own
    space["stream"].close()
    assert sys.modules.pop("started").said == [1]

    head = b" ".join(
        [*words, b"0d0d0d0a", rest]
    )  # of one that was there before the system was brought up to date
    bundle.write_bytes(head.ljust(compiled.HEAD) + b"torn")
    exec(program, space)  # noqa: S102  our own
    space["stream"].close()
    assert sys.modules.pop("started").said == [1]
