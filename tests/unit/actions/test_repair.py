"""`repair` puts right what `verify` finds: things of another kind in the places of the environment's own."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from alcove.actions import healing
from alcove.actions.held import hold, register
from alcove.actions.repair import Repaired, repair
from alcove.actions.verify import verify
from alcove.environments import config, generation
from alcove.environments.activation.scripts import render
from alcove.environments.activation.told import prompt_told
from alcove.environments.create import create
from alcove.environments.views import ANCHOR_TEXT, GUARD
from alcove.errors import NewerFormat, StoreError
from alcove.events import Notice, Step
from alcove.settings import read
from alcove.store.layout import lock, store_at
from alcove.transactions import generations
from tests.crash import examine
from tests.unit.dry import held_against, untouched
from tests.unit.transactions.machine import INTERPRETER, Machine

if TYPE_CHECKING:
    from collections.abc import Callable

    from alcove.actions.finding import Verified
    from alcove.environments.layout import Layout
    from alcove.events import Event
    from alcove.interpreters.kept import Interpreter
    from alcove.settings import Settings
    from alcove.store.layout import Store
    from alcove.store.verify import Difference

MINE = INTERPRETER._replace(
    version=".".join(map(str, sys.version_info[:3])),
    version_info=(*sys.version_info[:3], sys.version_info[3], sys.version_info[4]),
)
FILES = {"demo/__init__.py": "x = 1\n", "ns/part/__init__.py": "", "single.py": "y = 1\n"}
DATA = {"share/demo/list.txt": "salt\n", "etc/demo.conf": "a = 1\n"}


class Kept:
    """Keeps what is told."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def emit(self, event: Event) -> None:
        """Keep one text."""
        if isinstance(event, Notice):
            self.texts.append(event.text)


class Bench:
    """An environment with a distribution of every kind of file, in a directory of the test."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.machine = Machine(str(root))
        self.layout: Layout = create(self.machine.wanted()._replace(interpreter=MINE))
        self.settings: Settings = read(
            {"HOME": str(root), "ALCOVE_HOME": f"{root}/data", "ALCOVE_CACHE": f"{root}/cache"},
            cwd=str(root),
        )
        self.placement = self.machine.unpacked(
            "demo", files=FILES, data=DATA, entry_points={"demo": "demo:main"}
        )
        self.machine.show(self.layout, [self.placement])
        register(self.layout, anew=True)

        def asked(*_: object, **__: object) -> Interpreter:
            return MINE  # which no process is asked for

        monkeypatch.setattr("alcove.interpreters.inspect.inspect", asked)
        monkeypatch.setattr("alcove.actions.create.find_interpreter", asked)

    def verify(self) -> Verified:
        """Return what is wrong."""
        return verify(self.layout.root, self.settings)

    def foretell(self) -> tuple[list[str], bool]:
        """Return what a dry run says would be done, and whether that is all; nothing is touched for it."""
        events = Kept()
        with untouched(self.machine.root):
            told = repair(self.layout.root, self.settings, dry_run=True, reporter=events)
        return list(told.done), not any("shows only when" in text for text in events.texts)

    def repair(self) -> Repaired:
        """Put it right, as a dry run says it would be."""
        dry = self.foretell()
        done = repair(self.layout.root, self.settings, offline=True)
        held_against(dry, list(done.done))
        return done


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    made = Bench(tmp_path, monkeypatch)
    assert made.verify().findings == ()
    return made


# Whatever is done to a path is done to a new file of its name: `bin/python` is a link to this machine's interpreter.
def gone(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)


def directory(path: str) -> None:
    gone(path)
    os.mkdir(path)
    Path(path, "mine").write_text("mine\n", encoding="utf-8")


def loop(path: str) -> None:
    gone(path)
    os.symlink(os.path.basename(path), path)


def dangling(path: str) -> None:
    gone(path)
    os.symlink("/nowhere/at/all", path)


def file(path: str) -> None:
    gone(path)
    Path(path).write_text("a file\n", encoding="utf-8")


def pipe(path: str) -> None:
    gone(path)
    os.mkfifo(path)


ALL = (gone, directory, loop, dangling, file, pipe)
FOR_FILES = (gone, directory, loop, dangling, pipe)
FOR_DIRECTORIES = (gone, loop, dangling, file, pipe)
PLACES: dict[str, tuple[Callable[[str], None], ...]] = {
    "pyvenv.cfg": ALL,
    "bin": FOR_DIRECTORIES,
    "bin/python": FOR_FILES,
    "bin/python3": FOR_FILES,
    "bin/activate": FOR_FILES,
    "bin/activate.fish": FOR_FILES,
    "bin/demo": FOR_FILES,
    "lib": FOR_DIRECTORIES,
    "lib64": ALL,
    "include": FOR_DIRECTORIES,
    "include/PYTHON": FOR_DIRECTORIES,
    "lib/PYTHON": (gone, loop, dangling, file, pipe),
    "share": FOR_DIRECTORIES,
    "share/demo": FOR_DIRECTORIES,
    "share/demo/list.txt": ALL,
    "etc": FOR_DIRECTORIES,
    "etc/demo.conf": FOR_FILES,
    ".alcove/current": ALL,
    ".alcove/e": ALL,
    ".alcove/store": ALL,
    ".alcove/state": (directory,),
    ".alcove/lock": (gone, directory, loop, dangling, pipe),
    ".alcove/generations": FOR_DIRECTORIES,
    ".alcove/generations/1.json": ALL,
    ".alcove/SLOT": FOR_DIRECTORIES,
    ".alcove/SLOT/slot.json": ALL,
    ".alcove/SLOT/bin": FOR_DIRECTORIES,
    ".alcove/SLOT/site-packages": FOR_DIRECTORIES,
    ".alcove/SLOT/site-packages/demo": ALL,
    ".alcove/SLOT/site-packages/ns": FOR_DIRECTORIES,
    ".alcove/SLOT/site-packages/ns/.alcove-shared": FOR_FILES[1:],
    ".alcove/SLOT/site-packages/_alcove.pth": ALL,
    ".alcove/SLOT/site-packages/demo-1.0.dist-info": FOR_DIRECTORIES,
    ".alcove/SLOT/site-packages/demo-1.0.dist-info/RECORD": ALL,
    ".alcove/SLOT/site-packages/demo-1.0.dist-info/METADATA": ALL,
}
CASES = [(place, damage) for place, damages in PLACES.items() for damage in damages]


@pytest.mark.parametrize(
    ("place", "damage"), CASES, ids=[f"{one.__name__}-{place}" for place, one in CASES]
)
def test_whatever_stands_there(bench: Bench, place: str, damage: Callable[[str], None]) -> None:
    layout = bench.layout
    before = examine.seen(layout)
    place = place.replace("PYTHON", layout.library).replace("SLOT", layout.shown())
    damage(f"{layout.root}/{place}")
    assert bench.verify().findings
    done = bench.repair()
    assert (done.left, done.reasons) == ((), ())
    assert done.done
    assert bench.verify().findings == ()
    assert examine.seen(layout) == before
    assert [one for one in examine.wrong(layout) if one != ".alcove/replaced"] == []
    assert bench.repair().done == ()
    bench.machine.show(layout, [])
    assert [one for one in examine.wrong(layout) if one != ".alcove/replaced"] == []


def longer(path: str) -> None:
    """Let a file be a new one, longer and for nobody to start."""
    if os.path.isfile(path) and not os.path.islink(path):
        content = Path(path).read_bytes()
        gone(path)
        Path(path).write_bytes(content + b"x")


def every_path(root: str) -> list[str]:
    """Return all paths below `root` (absolute), relative to it; links are not followed."""
    found = []
    for folder, names, files in os.walk(root):
        found += [os.path.relpath(os.path.join(folder, name), root) for name in (*names, *files)]
    return sorted(found)


# What nobody misses: it is made anew when it is needed, or it is the user's to remove (a state too: the oldest ones go).
UNMISSED = [".alcove/state", ".alcove/HIDDEN", "__pycache__", ".gitignore", "CACHEDIR.TAG"]
UNMISSED += ["generations/0.json", "generations/2.json"]


@pytest.mark.parametrize("damage", [gone, longer, directory])
def test_verify_and_a_dry_run_know_what_repair_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[str], None]
) -> None:
    """Break everything that an environment has, one after the other: the three agree, and all is whole again."""
    rest = [""]
    while rest:
        path = rest.pop()
        bench = Bench(tmp_path / "x", monkeypatch)
        layout = bench.layout
        bench.machine.show(layout, [])
        bench.machine.again(layout, 1)
        register(layout, anew=True)
        if not path:
            rest = every_path(layout.root)
            rest.remove(".alcove")  # without that it is none of ours
        elif damage is not directory or not os.path.isdir(f"{layout.root}/{path}"):
            _agree(bench, path, damage)
        shutil.rmtree(tmp_path / "x")


def _changed(path: str) -> tuple[int, int]:
    """Return what every change of a file changes; the time of its last reading is none (a link's is that of following it)."""
    facts = os.lstat(path)
    return facts.st_ino, facts.st_ctime_ns


def _agree(bench: Bench, path: str, damage: Callable[[str], None]) -> None:
    layout = bench.layout
    full = f"{layout.root}/{path}"
    was = _changed(full)
    unmissed = any(one.replace("HIDDEN", layout.hidden()) in path for one in UNMISSED)
    unmissed = unmissed or (damage is longer and path.endswith(("pyvenv.cfg", "lock", GUARD)))
    damage(full)
    if os.path.lexists(full) and _changed(full) == was:
        return
    found = bench.verify()
    done = bench.repair()  # which is held against a dry run
    outside = done.done and all(one.startswith("what others did") for one in done.done)
    if outside or not done.done:
        assert found.findings == found.older == (), path
        assert found.told or unmissed, path
    else:
        assert found.findings or found.older, path
    assert (done.left, done.reasons, bench.verify().findings) == ((), (), ()), path
    assert bench.repair().done == (), path


def settings_of(layout: Layout) -> dict[str, str]:
    return config.read(f"{layout.root}/pyvenv.cfg")


def edit(layout: Layout, **keys: str) -> None:
    """Give keys of `pyvenv.cfg` other values, with `-` for `_`; "" takes one away."""
    values = settings_of(layout)
    values.update({key.replace("_", "-") if "site" in key else key: keys[key] for key in keys})
    path = Path(layout.root, "pyvenv.cfg")
    path.write_bytes(config.render({key: value for key, value in values.items() if value}))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"home": "/nowhere/bin"}, "home is /nowhere/bin, which is not there"),
        ({"home": "/"}, f"home is /, where there is no {MINE.library}"),
        ({"home": ""}, "the key home is missing"),
        ({"version": "3.4.1"}, f"version is 3.4.1, and the environment is one of {MINE.library}"),
        ({"version": "", "version_info": ""}, "the key version is missing"),
        ({"executable": "/nowhere/python"}, "executable is /nowhere/python, which is not there"),
        ({"include_system_site_packages": "maybe"}, "include-system-site-packages is neither"),
        ({"include_system_site_packages": ""}, "the key include-system-site-packages is missing"),
        ({"uv": "0.13"}, "a key uv"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, dict) else "",
)
def test_settings_that_cannot_be_true(bench: Bench, keys: dict[str, str], said: str) -> None:
    before = settings_of(bench.layout)
    edit(bench.layout, **keys)
    (found,) = bench.verify().findings
    assert (found.part, found.path) == ("settings", f"{bench.layout.root}/pyvenv.cfg")
    assert found.what.startswith(said)
    assert bench.repair().left == ()
    assert settings_of(bench.layout) == before


def rendered(bench: Bench, prompt: str) -> None:
    """Give the environment a prompt, as `create --prompt` does."""
    edit(bench.layout, prompt=repr(prompt))
    for name, text, _ in render(bench.layout.root, prompt=prompt):
        Path(bench.layout.bin, name).write_bytes(text)
    assert bench.verify().findings == ()


@pytest.mark.parametrize("lost", ["pyvenv.cfg", "prompt", "prompt and alcove"])
@pytest.mark.parametrize("others", [("activate", "activate.fish"), ("activate.nu", "activate.xsh")])
def test_a_prompt_comes_back_from_the_script_that_still_says_it(
    bench: Bench, lost: str, others: tuple[str, ...]
) -> None:
    rendered(bench, "it's $HOME")
    before = settings_of(bench.layout)
    if lost == "pyvenv.cfg":
        gone(f"{bench.layout.root}/pyvenv.cfg")
    else:
        edit(bench.layout, **dict.fromkeys(lost.split(" and "), ""))
    for name in others:
        file(f"{bench.layout.bin}/{name}")
    said = [one.what for one in bench.verify().findings if one.part == "settings"]
    assert lost == "pyvenv.cfg" or "the key prompt is missing: it was it's $HOME" in said
    assert bench.repair().left == ()
    assert settings_of(bench.layout)["prompt"] == before["prompt"]
    assert prompt_told(bench.layout.bin) == "it's $HOME"
    assert bench.repair().done == ()


def test_a_change_gives_back_the_prompt_with_our_key(bench: Bench) -> None:
    rendered(bench, "shop")
    edit(bench.layout, prompt="", alcove="")
    os.unlink(f"{bench.layout.private}/state")
    bench.machine.show(bench.layout, [])
    assert settings_of(bench.layout)["prompt"] == "'shop'"


def test_a_key_that_nobody_needs_may_be_missing(bench: Bench) -> None:
    edit(bench.layout, prompt="", command="", implementation="")
    assert bench.verify().findings == ()
    assert bench.repair().done == ()
    assert "prompt" not in settings_of(bench.layout)


def made_by(bench: Bench, command: str) -> None:
    """Let the first state say that this command made the environment."""
    first = generations.load(bench.layout, 0)
    path = Path(bench.layout.private, "generations", "0.json")
    path.unlink()
    path.write_bytes(generation.encode(first._replace(why=command)))


@pytest.mark.parametrize(
    ("command", "before", "after"),
    [
        ("alcove create .venv", "false", "true"),
        ("alcove create .venv --system-site-packages", "true", "false"),
        ("/usr/bin/python3 -m venv .venv", "false", "true"),
        ("/usr/bin/python3 -m venv --system-site-packages .venv", "true", "false"),
        ("virtualenv .venv", "", "true"),
    ],
)
def test_what_people_change_on_purpose_is_told_and_stays(
    bench: Bench, command: str, before: str, after: str
) -> None:
    made_by(bench, command)
    edit(bench.layout, include_system_site_packages=after)
    found = bench.verify()
    assert found.findings == ()
    told = [one for one in found.told if "include-system-site-packages" in one]
    assert bool(told) == bool(before)
    assert all(f"is {after}, and was {before}" in one for one in told)
    assert bench.repair().done == ()
    assert settings_of(bench.layout)["include-system-site-packages"] == after
    gone(f"{bench.layout.root}/pyvenv.cfg")
    assert bench.repair().left == ()
    wanted = before or "false"
    assert settings_of(bench.layout)["include-system-site-packages"] == wanted
    assert settings_of(bench.layout)["command"] == command


def test_files_for_other_tools_are_told_and_stay_away(bench: Bench) -> None:
    for name in (".gitignore", "CACHEDIR.TAG"):
        gone(f"{bench.layout.root}/{name}")
    assert bench.verify().told == (), "nobody knows whether whoever made it wanted them"
    made_by(bench, "alcove create env")
    root = bench.layout.root
    assert bench.verify().told == (
        f"{root}/.gitignore is missing and stays so",
        f"{root}/CACHEDIR.TAG is missing and stays so",
    )
    assert bench.verify().findings == ()
    assert bench.repair().done == ()
    assert not os.path.lexists(f"{root}/.gitignore")


def test_the_guard_comes_to_an_environment_that_was_made_without(bench: Bench) -> None:
    guard = f"{bench.layout.site_packages}/ns/{GUARD}"
    os.unlink(guard)
    found = bench.verify()
    assert found.findings == ()
    assert found.told == (
        f"no {GUARD} in 1 of its directories, as an older alcove made them; the next change, or repair, adds it",
    )
    assert bench.repair().left == ()
    assert Path(guard).read_bytes() == ANCHOR_TEXT
    assert bench.verify().told == ()


def test_the_next_change_brings_the_guards_and_so_does_an_undo(bench: Bench) -> None:
    layout = bench.layout
    other = bench.machine.unpacked("other")
    bench.machine.show(layout, [bench.placement, other])
    for name in ("a", "b"):
        os.unlink(f"{layout.slot(name)}/site-packages/ns/{GUARD}")
    bench.machine.again(layout, 1)
    register(layout, anew=True)
    assert bench.verify() == (layout.root, 1, (), (), ())
    bench.machine.show(layout, [bench.placement])
    assert bench.verify() == (layout.root, 3, (), (), ())


@pytest.mark.parametrize("damage", ALL)
@pytest.mark.parametrize("number", [1, 2])
def test_what_an_entry_says_in_short(
    bench: Bench, damage: Callable[[str], None], number: int
) -> None:
    if number == 2:  # a state that is kept needs it, and the one that is shown does not
        bench.machine.show(bench.layout, [])
    view = os.path.realpath(f"{bench.layout.private}/{bench.placement.source}/view.json")
    before = Path(view).read_bytes(), os.stat(view).st_mtime
    damage(view)
    (found,) = bench.verify().findings
    assert (found.part, "view.json" in found.what) == ("entry", True)
    done = bench.repair()  # without an index: `entry.json` says it
    assert (done.done, done.left) == ((f"{view} is as it was",), ())
    assert (Path(view).read_bytes(), os.stat(view).st_mtime) == before
    assert bench.verify().findings == ()


@pytest.mark.parametrize("damage", [gone, file, dangling, pipe, directory])
def test_links_that_an_entry_has_ready(bench: Bench, damage: Callable[[str], None]) -> None:
    folder = f"{bench.layout.private}/{bench.placement.source}/links"
    before = {name: os.readlink(f"{folder}/{name}") for name in os.listdir(folder)}
    damage(os.path.realpath(folder))
    (found,) = bench.verify().findings
    assert found.part == "entry"
    assert "links/demo (missing)" in found.what
    assert bench.repair().left == ()
    assert {name: os.readlink(f"{folder}/{name}") for name in os.listdir(folder)} == before
    gone(f"{folder}/demo")
    os.symlink("/elsewhere", f"{folder}/+demo.new")
    os.rename(f"{folder}/+demo.new", f"{folder}/+demo")
    (found,) = bench.verify().findings
    assert found.what == "links/+demo (changed), links/demo (missing)"
    assert bench.repair().left == ()
    assert {name: os.readlink(f"{folder}/{name}") for name in os.listdir(folder)} == before


def test_a_root_that_is_a_pipe(bench: Bench) -> None:
    store = store_at(f"{bench.machine.root}/data")
    (name,) = os.listdir(store.roots)
    pipe(f"{store.roots}/{name}")
    (found,) = bench.verify().findings
    assert found.part == "root"
    assert "is a pipe" in found.what
    assert verify(bench.layout.root, bench.settings, whole=True).findings == (found,)
    assert bench.repair().left == ()
    assert os.path.isfile(f"{store.roots}/{name}")


def test_a_damaged_entry_stays_until_its_wheel_is_at_hand(bench: Bench) -> None:
    module = f"{bench.layout.site_packages}/demo/__init__.py"
    Path(module).write_text("x = 2\n", encoding="utf-8")
    done = repair(bench.layout.root, bench.settings, offline=True)
    assert [one.what for one in done.left]
    assert "is not to be had" in done.reasons[0]
    assert Path(module).read_text(encoding="utf-8") == "x = 2\n"
    kept = f"{bench.settings.cache}/files/{bench.placement.sha256[:2]}/{bench.placement.sha256}"
    os.makedirs(kept)
    shutil.copy(f"{bench.machine.root}/wheels/demo-1.0/demo-1.0-py3-none-any.whl", kept)
    held: list[bool] = []

    def seen(event: Event) -> None:
        if isinstance(event, Step) and event.verb == "unpacking":
            with pytest.raises(StoreError, match="in use"):
                lock(store_at(f"{bench.machine.root}/data"), shared=False, timeout=0)
            held.append(True)

    done = repair(
        bench.layout.root, bench.settings, offline=True, reporter=SimpleNamespace(emit=seen)
    )
    assert (done.left, done.reasons) == ((), ())
    assert done.done == ("demo 1.0 is unpacked again, from the cache",)
    assert Path(module).read_text(encoding="utf-8") == "x = 1\n"
    assert held == [True], "gc is kept away meanwhile"


def test_an_entry_that_may_not_be_read_is_unpacked_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = f"{bench.settings.cache}/files/{bench.placement.sha256[:2]}/{bench.placement.sha256}"
    os.makedirs(kept)
    shutil.copy(f"{bench.machine.root}/wheels/demo-1.0/demo-1.0-py3-none-any.whl", kept)
    closed = f"{bench.machine.root}/data/store/entries-v1/{bench.placement.source[2:]}/lib/demo"
    number = os.stat(closed).st_ino
    real = os.scandir

    def scandir(path: str) -> object:
        if os.stat(path).st_ino == number:  # which it is at any path
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return real(path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", scandir)
        assert any("lib/demo (unreadable)" in one.what for one in bench.verify().findings)
        done = repair(bench.layout.root, bench.settings, offline=True)
    assert done.done == ("demo 1.0 is unpacked again, from the cache",)
    assert done.left == ()
    assert os.stat(closed).st_ino != number


@pytest.mark.parametrize("dry_run", [True, False])
def test_an_entry_is_hashed_once(
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
    dry_run: bool,  # noqa: FBT001
) -> None:
    store = store_at(f"{bench.machine.root}/data")
    late = f"{store.entries}/{bench.placement.source[2:]}/lib/demo"
    os.utime(
        late, (1, 1)
    )  # so that there is something to say of its time, where nothing else differs
    looks: list[str] = []

    def counted(_: Store, directory: str, *, deep: bool = False) -> list[Difference]:
        assert deep
        looks.append(directory)
        return []

    monkeypatch.setattr(healing, "damaged", counted)
    repair(bench.layout.root, bench.settings, dry_run=dry_run)
    assert looks == [bench.placement.source[2:]]


@pytest.mark.parametrize("name", ["current/slot.json", "generations/0.json"])
def test_what_a_newer_alcove_wrote_is_left_to_that(bench: Bench, name: str) -> None:
    path = Path(bench.layout.private, name)
    text = path.read_bytes().replace(b'"format":2', b'"format":3').replace(b'"mode"', b'"new"')
    path.unlink()  # it may be one file with another of these
    path.write_bytes(text)
    words = "of a format that this alcove does not know"
    with untouched(bench.machine.root):
        for dry_run in (True, False):
            with pytest.raises(NewerFormat, match=words):
                repair(bench.layout.root, bench.settings, dry_run=dry_run)
        with pytest.raises(NewerFormat, match=words):
            bench.verify()


def test_a_change_says_that_a_newer_alcove_wrote_what_is_shown(bench: Bench) -> None:
    path = Path(bench.layout.current, "slot.json")
    text = path.read_bytes().replace(b'"format":2', b'"format":3')
    path.unlink()
    path.write_bytes(text)
    with (
        pytest.raises(NewerFormat, match="json is of a format") as e,
        hold(bench.layout, bench.settings),
    ):
        pass
    assert e.value.hint == "use the newer alcove that wrote it"
