"""What is said where a process meets a limit of the system: at the places where it would be taken for something else."""

from __future__ import annotations

import errno
import os
import threading
from typing import TYPE_CHECKING

import pytest

from alcove import limits
from alcove.builds import process
from alcove.cli import main
from alcove.errors import AlcoveError, NoSuchInterpreter
from alcove.files import spare
from alcove.interpreters import ask, child
from alcove.store import refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MET = [errno.EMFILE, errno.ENFILE, errno.EFBIG, errno.EAGAIN, errno.ENOMEM]


def error(number: int) -> OSError:
    return OSError(number, os.strerror(number), "/d/store/x")


@pytest.mark.parametrize("number", MET)
def test_every_limit_has_an_advice(number: int) -> None:
    advice = limits.advice(error(number))
    assert advice.endswith(", and try again") or ": ulimit -" in advice
    assert refused.hint(error(number)) == advice
    assert spare.without("/c", error(number)).hint == advice


def test_what_is_no_limit_has_none() -> None:
    assert limits.advice(error(errno.ENOSPC)) == ""
    assert limits.advice(ValueError()) == ""
    assert limits.advice(OSError("no number")) == ""
    assert "ulimit -v" in limits.advice(MemoryError())


def refuse(number: int) -> Callable[..., object]:
    def spawn(*_: object, **__: object) -> object:
        raise error(number)

    return spawn


def test_an_interpreter_is_not_remembered_as_broken_for_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python3.12"
    python.touch(mode=0o755)
    monkeypatch.setattr(child, "start", refuse(errno.EAGAIN))
    with pytest.raises(AlcoveError, match=f"cannot be started: {os.strerror(errno.EAGAIN)}") as met:
        ask.ask(str(python), cache=str(tmp_path / "cache"), timeout=1.0)
    assert not isinstance(met.value, NoSuchInterpreter)
    assert "ulimit -u" in str(met.value.hint)
    assert not (tmp_path / "cache").exists()
    monkeypatch.setattr(child, "start", refuse(errno.ENOEXEC))
    with pytest.raises(NoSuchInterpreter):
        ask.ask(str(python), cache=str(tmp_path / "cache"), timeout=1.0)
    assert (tmp_path / "cache").exists()


def test_a_system_without_a_null_device_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "posix_spawn", refuse(errno.ENOENT))
    monkeypatch.setattr(os, "devnull", "/dev/none/null")
    with pytest.raises(OSError, match="No such file or directory: /dev/none/null"):
        child.start(["/bin/sh"], environment={})


def test_a_build_that_gets_no_thread_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(OSError, match=os.strerror(errno.EAGAIN)):
        process.run(["/bin/sleep", "60"], directory="/", environ={}, log=str(tmp_path / "log"))


def test_no_memory_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(_: object) -> int:
        raise MemoryError

    monkeypatch.setattr(main, "_run", run)
    assert main.run(["list"]) == 1
    assert capsys.readouterr().err.startswith("error: there is not enough memory\n\nhint: ")


def test_a_store_where_no_link_can_be_made() -> None:
    said = refused.hint(error(errno.ENOSYS))
    assert said
    assert said.startswith("its file system has no symbolic links")
    assert "ALCOVE_HOME" in said
