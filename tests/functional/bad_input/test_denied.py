"""What the machine refuses: no permission, no space, no home, an environment that somebody else is changing.

Where the tests run as root, another user is played with `setpriv`, and a full disk is a small tmpfs in a mount
namespace of its own; where neither can be had the test says so.
"""

from __future__ import annotations

import errno
import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove.files.locking import Lock
from alcove.testing.wheels import wheel
from tests.functional.machine import Done, Machine, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.testing.index import DiskIndex

NOBODY = 65534


@pytest.fixture
def machine(alcove_index: DiskIndex, tmp_path: Path) -> Iterator[Machine]:
    """Return a machine that other users may pass into, with an environment and an index."""
    wheels = str(tmp_path / "wheels")
    alcove_index.add(wheel(wheels, "small", "1.0"))
    alcove_index.add(wheel(wheels, "big", "1.0", files={"big.bin": os.urandom(400_000)}))
    alcove_index.add(wheel(wheels, "new", "1.0"))
    place = Path(tempfile.mkdtemp(prefix="alcove-test-"))
    place.chmod(0o755)
    shutil.copytree(alcove_index.directory, place / "index")
    python = open_to_others()
    made = Machine(place / "machine", index_url=f"file://{place}/index/simple", python=python)
    made.do("create", "env", "-p", python, "--with", "small")
    made.environ["VIRTUAL_ENV"] = str(made.work / "env")
    yield made
    shutil.rmtree(place)


@functools.cache
def open_to_others() -> str:
    """Return a Python that can run alcove and that other users can run, else the one that runs the tests."""
    places = (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3")
    code = "import sys; sys.exit(sys.version_info < (3, 11))"
    for python in places:
        if NOBODY_RUNS and subprocess.run(nobody(python, "-c", code), check=False).returncode == 0:
            return python
    return sys.executable


NOBODY_RUNS = os.geteuid() == 0 and shutil.which("setpriv") is not None


def nobody(*words: str) -> list[str]:
    """Return the command line that runs `words` as a user who owns nothing here."""
    # `sh` in between: the first program after setpriv still passes where only root may
    other = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return [*other, "sh", "-c", 'exec "$@"', "sh", *words]


def as_nobody(machine: Machine, *words: str) -> Done:
    """Run alcove as a user who owns nothing here; skip where that cannot be."""
    if not NOBODY_RUNS:
        pytest.skip("NOT TESTED: another user can only be played by root, with setpriv")
    if machine.run(*nobody("alcove", "--version")).code:
        pytest.skip("NOT TESTED: other users cannot run this Python, or not read this checkout")
    return machine.run(*nobody("alcove", *words))


def refused(done: Done, *said: str) -> None:
    """Hold a refusal against what it should say."""
    assert done.code == 1, done.text
    assert "Traceback" not in done.text
    assert done.stderr.startswith("error: "), done.text
    assert "\nhint: " in done.stderr, done.text
    for text in said:
        assert text in done.stderr, done.text


@pytest.mark.parametrize(
    "words",
    [
        ("install", "big"),
        ("uninstall", "-y", "small"),
        ("undo",),
        ("undo", "--dry-run"),
        ("uninstall", "small", "--dry-run"),
        ("create", "other"),
        ("create", "-n", "other"),
        ("create", "--clear", "env"),
        ("create", "other", "--dry-run"),
        ("delete", "-y", "env"),
    ],
    ids=" ".join,
)
def test_no_permission(machine: Machine, words: tuple[str, ...]) -> None:
    before = machine.state()
    done = as_nobody(machine, *words)
    refused(done)
    assert machine.state() == before


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("info",),
        ("history",),
        ("diff", "env", "env"),
    ],
)
def test_reading_needs_no_permission_to_write(machine: Machine, words: tuple[str, ...]) -> None:
    before = machine.state() | snapshot(machine.cache)
    done = as_nobody(machine, *words)
    assert (done.code, done.stderr) == (0, ""), done.text
    assert machine.state() | snapshot(machine.cache) == before


def test_what_is_there_already_needs_no_permission(machine: Machine) -> None:
    pins = machine.work / "pins.txt"
    pins.write_text("small==1.0\n")
    before = machine.state()
    for words in (("install", "-U", "small"), ("install", "small==1.0"), ("sync", "pins.txt")):
        done = as_nobody(machine, *words)
        assert (done.code, done.stdout) == (0, "nothing to do\n"), done.text
    pins.write_text("")
    before[str(pins)] = machine.state()[str(pins)]
    refused(as_nobody(machine, "sync", "pins.txt"), "may not be changed by this user")
    refused(as_nobody(machine, "install", "--force-reinstall", "small"), "may not be changed")
    assert machine.state() == before


def test_a_home_that_cannot_be_written(machine: Machine) -> None:
    open_place = machine.work / "open"
    open_place.mkdir()
    open_place.chmod(0o777)
    before = machine.state()
    refused(as_nobody(machine, "create", "open/env"), str(machine.home))
    assert machine.state() == before


def test_no_home_at_all(machine: Machine) -> None:
    for name in ("HOME", "ALCOVE_HOME", "ALCOVE_CACHE"):
        del machine.environ[name]
    done = machine.alcove("list")
    assert (done.code, done.stderr) == (0, ""), done.text


def test_another_users_environment_by_sudo(machine: Machine) -> None:
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED: sudo is played by root")
    os.chown(machine.work / "env", NOBODY, NOBODY)
    sudo = {"SUDO_USER": "nobody", "SUDO_UID": str(NOBODY)}
    before = machine.state()
    for words in (
        ("install", "big"),
        ("uninstall", "-y", "small"),
        ("undo",),
        ("delete", "-y", "env"),
        ("create", "--clear", "env"),
    ):
        refused(machine.run("alcove", *words, environ=sudo), "sudo", "nobody")
    assert machine.state() == before
    assert machine.run("alcove", "list", environ=sudo).code == 0
    done = machine.alcove("install", "big")  # root itself may
    assert done.code == 0, done.text
    assert done.stderr.count(f"warning: {machine.work}/env belongs to user nobody") == 1, done.text
    assert (
        f"hint: run alcove as that user, or give it back: chown -Rh nobody {machine.work}/env\n"
        in (done.stderr)
    )
    assert machine.alcove("install", "big").stderr == ""  # nothing is written


@pytest.mark.parametrize("words", [("install", "big"), ("undo",)])
def test_a_busy_environment(machine: Machine, words: tuple[str, ...]) -> None:
    machine.do("install", "big")
    before = machine.state()
    with Lock(str(machine.work / "env" / ".alcove" / "lock")).acquire() as lock:
        lock.sign("process 4711 of the test")
        done = machine.alcove(*words, "--no-wait")
        if words != ("install", "big"):  # which has nothing to do, and so needs no lock
            refused(done, "process 4711 of the test", "env is being changed")
    assert machine.state() == before


FULL = """
mount -t tmpfs -o size=8m tmpfs {place} || exit 77
cp -a {place}.kept/. {place}/
cat /dev/zero > {place}/fill 2>/dev/null
truncate -s -{free}k {place}/fill
"$@"
code=$?
umount {place} 2>/dev/null || true
exit $code
"""


@pytest.mark.parametrize(
    ("where", "free", "words"),
    [
        ("alcove-data", 0, ("create", "other")),
        ("alcove-data", 100, ("create", "other", "--with", "big")),
        ("alcove-data", 100, ("create", "--clear", "env", "--with", "big")),
        ("alcove-data", 0, ("install", "big")),
        ("alcove-data", 100, ("install", "big")),
        ("alcove-data", 400, ("install", "big")),
    ],
)
def test_no_space(machine: Machine, where: str, free: int, words: tuple[str, ...]) -> None:
    """`where` lies on a file system that is full but for `free` kilobytes while the command runs."""
    shutil.copytree(machine.home / where, f"{machine.home / where}.kept", symlinks=True)
    before = machine.state()
    extra = ("--link-mode", "view", "-p", open_to_others()) if words[0] == "create" else ()
    refused(mounted(machine, where, FULL, *words, *extra, free=free), os.strerror(errno.ENOSPC))
    assert machine.state() == before


def test_no_space_for_the_cache(machine: Machine) -> None:
    place = machine.home / "alcove-cache"
    shutil.copytree(place, f"{place}.kept", symlinks=True)
    done = mounted(machine, "alcove-cache", FULL, "install", "big")
    assert done.code == 0, done.text
    assert done.stderr.count(f"warning: the cache {place} cannot be written") == 1, done.text
    assert os.strerror(errno.ENOSPC) in done.stderr
    assert "big" in machine.do("list")


def mounted(machine: Machine, where: str, script: str, *words: str, free: int = 0) -> Done:
    """Run alcove while something is mounted on `where` in its home, by a script of `sh`; skip where that cannot be."""
    unshare = shutil.which("unshare")
    if os.geteuid() != 0 or unshare is None:
        pytest.skip("NOT TESTED: what is mounted for a test, root mounts")
    text = script.format(place=machine.home / where, free=free)
    done = machine.run(unshare, "-m", "sh", "-c", text, "sh", "alcove", *words)
    if done.code == 77:
        pytest.skip("NOT TESTED: nothing can be mounted here")
    return done


READ_ONLY = """
mount --bind {place} {place} || exit 77
mount -o remount,ro,bind {place} || exit 77
exec "$@"
"""


def test_a_store_that_is_mounted_read_only(machine: Machine) -> None:
    def run(*words: str) -> Done:
        return mounted(machine, "alcove-data", READ_ONLY, *words)

    machine.do("install", "big")
    (root,) = [one for one in (machine.data / "roots").iterdir() if "/env" in one.read_text()]
    root.write_text(re.sub(r'"seen":\d+', '"seen":1000000000', root.read_text()))
    (machine.data / "store.lock").unlink()
    store = snapshot(machine.data)
    for words in (
        ("install", "small==1.0"),  # which is there
        ("undo",),
        ("install", "big"),  # which the store has
        ("uninstall", "-y", "big"),
        ("create", "--clear", "env", "--with", "small", "-p", open_to_others()),
    ):
        done = run(*words)
        assert (done.code, done.stderr) == (0, ""), done.text
    create = ("create", "other", "-p", open_to_others())
    for refusable in (("install", "new"), create, ("gc", "-y")):
        refused(run(*refusable), str(machine.data), os.strerror(errno.EROFS), "ALCOVE_HOME")
    done = run("install", "new", "--dry-run")
    assert (done.code, "+ new 1.0" in done.stdout) == (0, True), done.text
    assert done.stderr.count(f"warning: the store {machine.data} would take nothing new") == 1
    assert snapshot(machine.data) == store


def test_a_cache_that_cannot_be_made(machine: Machine) -> None:
    machine.environ["ALCOVE_CACHE"] = os.devnull + "/cache"
    create = ("create", "other", "-p", open_to_others(), "--with", "small")
    for words in (("install", "big"), create):
        done = machine.alcove(*words)
        assert done.code == 0, done.text
        said = f"warning: the cache {os.devnull}/cache cannot be written"
        assert done.stderr.count(said) == 1, done.text
        assert "ALCOVE_CACHE=" in done.stderr, done.text


def test_a_busy_environment_is_not_cleared(machine: Machine) -> None:
    before = machine.state()
    clear = ("create", "--clear", "env", "-p", open_to_others())
    with Lock(str(machine.work / "env" / ".alcove" / "lock")).acquire() as lock:
        lock.sign("process 4711 of the test")
        refused(machine.alcove(*clear, "--no-wait"), "process 4711 of the test", "env is being")
        assert machine.state() == before
        waiting = machine.start(*clear)
        assert waiting.stderr is not None
        assert "process 4711 of the test" in waiting.stderr.readline()
    waiting.communicate(timeout=300)
    assert waiting.returncode == 0
    assert "small" not in machine.do("list")


def test_what_comes_before_an_error_is_printed_before_it(machine: Machine) -> None:
    done = as_nobody(machine, "gc", "-y")
    assert (done.code, "nothing to remove" in done.stdout) == (0, True), done.text
    assert f"the store {machine.data} cannot be changed: {os.strerror(errno.EACCES)}" in done.stderr
    machine.do("delete", "-y", "env")
    done = machine.run(*nobody("sh", "-c", "alcove gc -y 2>&1"))
    assert done.code == 1, done.text
    assert done.stdout.index("  small-1.0-") < done.stdout.index("error: ")
