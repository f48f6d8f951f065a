"""An interpreter is started once, whatever surrounds it; one that crashes, hangs or babbles does no harm."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from alcove.errors import NoSuchInterpreter
from alcove.interpreters import child, find, told
from alcove.interpreters.inspect import inspect
from alcove.interpreters.kept import identity
from alcove.interpreters.places import places_of

if TYPE_CHECKING:
    from pathlib import Path

BASE = os.path.join(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}")
SOURCES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(find.__file__))))


def script(path: Path, body: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def counted(tmp_path: Path) -> str:
    """Return a wrapper of this interpreter that notes each start in `starts` and talks."""
    starts = tmp_path / "starts"
    return script(
        tmp_path / "bin/python3", f'echo x >> "{starts}"\necho welcome\nexec "{BASE}" "$@"'
    )


def starts(tmp_path: Path) -> int:
    return (tmp_path / "starts").read_text().count("x")


def test_it_is_started_once(tmp_path: Path, counted: str) -> None:
    cache = str(tmp_path / "cache")
    first = inspect(counted, cache=cache)
    assert first.version == ".".join(map(str, sys.version_info[:3]))
    assert inspect(counted, cache=cache) == first
    assert inspect(os.path.join(str(tmp_path), "bin", "..", "bin", "python3"), cache=cache) == first
    assert starts(tmp_path) == 1
    os.utime(counted, (1, 1))
    inspect(counted, cache=cache)
    assert starts(tmp_path) == 2


def test_a_damaged_cache_only_costs_another_start(tmp_path: Path, counted: str) -> None:
    cache = tmp_path / "cache"
    first = inspect(counted, cache=str(cache))
    for file in cache.rglob("*.json"):
        file.write_bytes(file.read_bytes()[:50])
    assert inspect(counted, cache=str(cache)) == first
    assert starts(tmp_path) == 2


def test_a_cache_that_cannot_be_used_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert inspect(BASE, cache=str(tmp_path / "file")).version


def test_variables_that_redirect_python_do_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("os", "site", "sysconfig", "platform", "json", "codecs", "encodings", "_imp"):
        (tmp_path / f"{module}.py").write_text("raise SystemExit('shadowed')\n")
    wanted = inspect(BASE, cache=str(tmp_path / "a"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "os.py"))
    monkeypatch.setenv("__PYVENV_LAUNCHER__", str(tmp_path / "python"))
    monkeypatch.setenv("_PYTHON_HOST_PLATFORM", "amiga-68k")
    assert inspect(BASE, cache=str(tmp_path / "b")) == wanted


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("kill -SEGV $$", "killed by signal 11"),
        (
            "echo cannot load libpython >&2; exit 127",
            "exited with 127 and no answer: cannot load libpython",
        ),
        ("exit 0", "exited with 0 and no answer"),
        ("echo hello", "exited with 0 and no answer"),
        ('for w; do c=$w; done; echo "${c}raw${c}"', "an answer that cannot be read"),
        (
            'for w; do c=$w; done; printf "%spairs\\0a\\0b%s" "$c" "$c"',
            "an answer that cannot be read",
        ),
        ("sleep 60", "gave no answer within 0.5 s"),
        ("sleep 60 & sleep 60", "gave no answer within 0.5 s"),
        ("trap '' TERM INT HUP; while :; do :; done", "gave no answer within 0.5 s"),
        ("exec yes", "gave no answer within 0.5 s"),
    ],
)
def test_one_that_fails_is_told_with_what_happened(tmp_path: Path, body: str, said: str) -> None:
    path = script(tmp_path / "bin/python3", body)
    began = time.monotonic()
    with pytest.raises(NoSuchInterpreter) as caught:
        inspect(path, cache=str(tmp_path / "cache"), timeout=0.5)
    assert time.monotonic() - began < 5
    assert path in caught.value.message
    assert said in caught.value.message
    assert caught.value.hint


def test_nothing_is_left_running(tmp_path: Path) -> None:
    if not shutil.which("ps"):
        pytest.skip("there is no `ps` to look with")
    path = script(tmp_path / "bin/python3", f'sleep 47 &\necho $! > "{tmp_path}/child"\nsleep 47')
    with pytest.raises(NoSuchInterpreter, match="gave no answer"):
        inspect(path, cache=str(tmp_path / "cache"), timeout=0.5)
    left = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _alive(left):
        time.sleep(0.02)
    assert not _alive(left)


def _alive(process: int) -> bool:
    done = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False
    )
    return bool(done.stdout.strip()) and not done.stdout.strip().startswith("Z")


def test_a_grandchild_that_keeps_the_pipe_does_not_delay(tmp_path: Path) -> None:
    path = script(tmp_path / "bin/python3", f'sleep 30 &\nexec "{BASE}" "$@"')
    began = time.monotonic()
    assert inspect(path, cache=str(tmp_path / "cache"), timeout=10).version
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("content", [b"", b"\x7fELF nonsense", b"#!/gone/interpreter\n"])
def test_what_cannot_be_started_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "python3"
    path.write_bytes(content)
    path.chmod(0o755)
    with pytest.raises(NoSuchInterpreter, match=r"cannot be started|no answer"):
        inspect(str(path), cache=str(tmp_path / "cache"))


def test_one_that_has_answered_is_seen_off_or_killed() -> None:
    for code, least in (("exit 0", 0.0), ("exec sleep 30", 1.0)):
        argv = ["/bin/sh", "-c", f"echo COOK COOK; {code}"]
        began = time.monotonic()
        answer = child.finish(child.start(argv, environment={}), timeout=10, until=b"COOK")
        assert answer.process
        child.see_off(answer)
        assert least <= time.monotonic() - began < 10
        with pytest.raises(ChildProcessError):
            os.waitpid(answer.process, os.WNOHANG)


def test_output_without_end_is_cut() -> None:
    answer = child.run(
        ["/bin/sh", "-c", "head -c 5000000 /dev/zero; exit 3"], environment={}, timeout=10
    )
    assert (len(answer.output), answer.code, answer.timed_out) == (1 << 20, 3, False)


def test_one_that_failed_is_asked_again_where_no_other_answers(tmp_path: Path) -> None:
    """What was missing, a library say, may have come since; the file of the interpreter does not show that."""
    root = tmp_path / "home/.pyenv/versions"
    other, newest = (root / f"3.99.{micro}/bin/python3.99" for micro in (2, 3))
    for path in (other, newest):
        path.parent.mkdir(parents=True)
        shutil.copy("/bin/false", path)  # a program, no script, that gives no answer
    cache, at = str(tmp_path / "cache"), str(newest)
    mark = {"failed": "is out of order", "since": int(time.time())}
    told.keep(at, mark, cache=cache, of=identity(at))
    places = places_of(
        {}, home=str(tmp_path / "home"), directory=str(tmp_path), own=str(tmp_path / "own")
    )
    with pytest.raises(NoSuchInterpreter) as caught:
        find.find("3.99", places=places, cache=cache)
    said = [f"{path} exited with 1 and no answer" for path in (other, newest)]
    assert "; ".join(said) in caught.value.message


def test_shims_that_lead_path_are_never_run(tmp_path: Path) -> None:
    """As on a machine where pyenv's global version is another one: the shim would fail."""
    versions = tmp_path / "home/.pyenv/versions"
    version = ".".join(map(str, sys.version_info[:3]))
    (versions).mkdir(parents=True)
    (versions / version).symlink_to(sys.base_prefix)
    shims = tmp_path / "home/.pyenv/shims"
    for name in ("python", "python3", f"python{version.rpartition('.')[0]}"):
        script(shims / name, f'echo x >> "{tmp_path}/starts"\nexit 127')
    environ = {"PATH": f"{shims}{os.pathsep}{tmp_path}/bin"}
    places = places_of(
        environ, home=str(tmp_path / "home"), directory=str(tmp_path), own=str(tmp_path / "own")
    )
    short = version.rpartition(".")[0]
    for request in (short, f"python{short}", str(shims / f"python{short}")):
        found = find.find(request, places=places, cache=str(tmp_path / "cache"))
        assert found.version.startswith(short)
    assert not (tmp_path / "starts").exists()


def modules_after(code: str) -> set[str]:
    """Return what a bare interpreter has imported after `code`."""
    told = f"import sys; sys.path.insert(0, {SOURCES!r})\n{code}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", told], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_reading_a_kept_answer_imports_next_to_nothing(tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    packaged = f"sys.path.append({os.path.dirname(os.path.dirname(pytest.__file__))!r})\n"
    code = (
        "from alcove.interpreters.inspect import inspect\n"
        "from alcove.interpreters.target import target_of\n"
        f"target_of(inspect({BASE!r}, cache={cache!r}), cache={cache!r})"
    )
    cold = modules_after(packaged + code)
    assert {"packaging", "alcove.interpreters.ask"} <= cold
    added = modules_after(code) - modules_after("import os")
    assert {name.partition(".")[0] for name in added} <= {
        "alcove",
        "__future__",
        "_json",
        "_collections",
        "errno",
    }
    assert {name for name in added if name.startswith("alcove.")} == {
        "alcove.errors",
        "alcove.files",
        "alcove.files.data",
        "alcove.files.reading",
        "alcove.interpreters",
        "alcove.interpreters.inspect",
        "alcove.interpreters.kept",
        "alcove.interpreters.real",
        "alcove.interpreters.target",
        "alcove.records",
    }


def test_a_cold_find_imports_neither_subprocess_nor_packaging(tmp_path: Path) -> None:
    version = ".".join(map(str, sys.version_info[:2]))
    code = (
        "from alcove.interpreters.places import places_of\n"
        "from alcove.interpreters.find import find\n"
        f"p = places_of({{'PATH': {os.path.dirname(BASE)!r}}}, home='/nowhere', directory='/', own='/nowhere')\n"
        f"find({version!r}, places=p, cache={str(tmp_path)!r})"
    )
    forbidden = {
        "subprocess",
        "packaging",
        "re",
        "json",
        "typing",
        "pathlib",
        "enum",
        "signal",
        "collections",
    }
    assert not modules_after(code) & forbidden
