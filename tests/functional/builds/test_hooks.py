"""Real backends in real processes: good ones, and all the ways that one can go wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from typing import TYPE_CHECKING

import pytest

from alcove.builds.activity import is_measurable
from alcove.builds.hooks import Options, build_wheel, metadata
from alcove.builds.process import Limits
from alcove.errors import BuildFailed
from alcove.events import Built, Notice, Step
from alcove.testing.sdists import project, sdist
from tests.hostile.cases import BUILD_WHEEL as WHEEL
from tests.hostile.cases import BUILDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from alcove.events import Event
    from tests.functional.builds.conftest import HandMade

ENVIRON: Mapping[str, str] = {
    "PATH": "/usr/bin:/bin",
    "PYTHONPATH": "/nowhere",
    "VIRTUAL_ENV": "/nowhere",
}
OPTIONS = Options(environ=ENVIRON, limits=Limits(timeout=300))


class Told:
    """A reporter that keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def emit(self, event: Event, /) -> None:
        """Keep the event."""
        self.events.append(event)


def content(wheel: str) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_tree_becomes_a_wheel(tmp_path: Path, environment: HandMade) -> None:
    tree = project(str(tmp_path / "tree"), "demo", "1.2", build_requires=["helper>=1"])
    out = str(tmp_path / "out")
    told = Told()
    wheel = build_wheel(tree, environment=environment, out=out, options=OPTIONS, reporter=told)
    assert wheel == os.path.join(out, "demo-1.2-py3-none-any.whl")
    assert os.listdir(out) == ["demo-1.2-py3-none-any.whl"]
    assert content(wheel)["demo/__init__.py"] == b"__version__ = '1.2'\n"
    assert environment.installed == [["helper>=1"], ["helper>=1"]]
    assert told.events == [Step("building", "tree"), Built("demo-1.2-py3-none-any.whl")]


def test_an_sdist_becomes_a_wheel(tmp_path: Path, environment: HandMade) -> None:
    path = sdist(str(tmp_path / "dists"), "demo", "1.2")
    wheel = build_wheel(
        path,
        environment=environment,
        out=str(tmp_path / "out"),
        config_settings={"--flag": ["a", "b"], "one": "1"},
        options=OPTIONS,
    )
    assert json.loads(content(wheel)["demo/settings.json"]) == {"--flag": ["a", "b"], "one": "1"}
    assert os.listdir(tmp_path / "out") == [os.path.basename(wheel)]


def test_an_archive_that_is_no_project_is_told_by_its_name(
    tmp_path: Path, environment: HandMade
) -> None:
    path = str(tmp_path / "demo-1.0.tar.gz")
    (tmp_path / "demo-1.0").mkdir()
    (tmp_path / "demo-1.0" / "x").touch()
    with tarfile.open(path, "w:gz") as archive:
        archive.add(tmp_path / "demo-1.0", "demo-1.0")
    with pytest.raises(BuildFailed, match=r"^demo-1\.0\.tar\.gz is not a Python project"):
        build_wheel(path, environment=environment, out=str(tmp_path / "out"), options=OPTIONS)


def test_a_part_of_a_tree_is_built(tmp_path: Path, environment: HandMade) -> None:
    project(str(tmp_path / "tree/part"), "demo", "1.2")
    out = str(tmp_path / "out")
    wheel = build_wheel(
        str(tmp_path / "tree"),
        environment=environment,
        out=out,
        subdirectory="part",
        options=OPTIONS,
    )
    assert os.path.basename(wheel) == "demo-1.2-py3-none-any.whl"
    for part, message in (("..", "tree: .*leads out"), ("none", "tree: .*no subdirectory")):
        with pytest.raises(BuildFailed, match=message):
            build_wheel(str(tmp_path / "tree"), environment=environment, out=out, subdirectory=part)


def test_an_editable_wheel_points_to_the_tree(tmp_path: Path, environment: HandMade) -> None:
    tree = project(str(tmp_path / "tree"), "demo")
    wheel = build_wheel(
        tree, environment=environment, out=str(tmp_path / "out"), editable=True, options=OPTIONS
    )
    assert content(wheel)["__editable__.demo.pth"].decode() == f"{tree}\n"


def test_an_archive_cannot_be_editable(tmp_path: Path, environment: HandMade) -> None:
    path = sdist(str(tmp_path / "dists"), "demo", "1.2")
    with pytest.raises(BuildFailed, match="only a directory can be installed editable"):
        build_wheel(path, environment=environment, out=str(tmp_path / "out"), editable=True)


def test_a_backend_without_editables_is_told_with_what_to_do(
    tmp_path: Path, environment: HandMade
) -> None:
    tree = project(str(tmp_path / "tree"), "demo", hooks="del build_editable\n")
    with pytest.raises(BuildFailed, match=r"has no build_editable \(PEP 660\)") as caught:
        build_wheel(
            tree, environment=environment, out=str(tmp_path / "out"), editable=True, options=OPTIONS
        )
    assert caught.value.hint is not None
    assert "without -e" in caught.value.hint


def test_metadata_comes_without_a_wheel(tmp_path: Path, environment: HandMade) -> None:
    tree = project(str(tmp_path / "tree"), "demo", "1.2", requires=["six>=1"])
    prepared = metadata(tree, environment=environment, out=str(tmp_path / "out"), options=OPTIONS)
    assert b"\nRequires-Dist: six>=1\n" in prepared.content
    assert prepared.wheel == ""
    assert os.listdir(tmp_path / "out") == []


def test_metadata_of_a_backend_that_prepares_none_comes_from_the_wheel(
    tmp_path: Path, environment: HandMade
) -> None:
    tree = project(
        str(tmp_path / "tree"), "demo", "1.2", hooks="del prepare_metadata_for_build_wheel\n"
    )
    prepared = metadata(tree, environment=environment, out=str(tmp_path / "out"), options=OPTIONS)
    assert b"\nVersion: 1.2\n" in prepared.content
    assert prepared.wheel == str(tmp_path / "out" / "demo-1.2-py3-none-any.whl")
    assert os.path.isfile(prepared.wheel)


@pytest.mark.parametrize(("method", "at"), [(zipfile.ZIP_DEFLATED, 0), (zipfile.ZIP_LZMA, 6)])
def test_metadata_of_a_wheel_that_is_damaged(
    tmp_path: Path, environment: HandMade, method: int, at: int
) -> None:
    hooks = (
        "del prepare_metadata_for_build_wheel\n"
        "make = build_wheel\n"
        "def build_wheel(directory, settings=None, metadata=None):\n"
        "    import zipfile\n"
        "    name = make(directory, settings, metadata)\n"
        "    path = os.path.join(directory, name)\n"
        f"    with zipfile.ZipFile(path, 'w', {method}) as archive:\n"
        "        archive.writestr('demo-1.2.dist-info/METADATA', 'Name: demo\\n' * 200)\n"
        "    with open(path, 'r+b') as stream:\n"
        f"        stream.seek(30 + len('demo-1.2.dist-info/METADATA') + {at})\n"
        "        stream.write(b'\\xff' * 20)\n"
        "    return name\n"
    )
    tree = project(str(tmp_path / "tree"), "demo", "1.2", hooks=hooks)
    with pytest.raises(BuildFailed, match="cannot be read"):
        metadata(tree, environment=environment, out=str(tmp_path / "out"), options=OPTIONS)


def test_the_backend_sees_only_its_environment(tmp_path: Path, environment: HandMade) -> None:
    hooks = (
        "import sys\n"
        "NAMES = [n for n in os.environ if n.startswith(('PYTHONPATH', 'PYTHONHOME', 'VIRTUAL_ENV'))]\n"
        "print('SEEN', json.dumps([sys.prefix, NAMES, os.environ['PATH']]))\n"
        "print('USER', sys.flags.no_user_site, sys.stdin.read() == '')\n"
    )
    tree = project(str(tmp_path / "tree"), "demo", hooks=hooks)
    told = Told()
    build_wheel(
        tree,
        environment=environment,
        out=str(tmp_path / "out"),
        options=OPTIONS._replace(verbose=True),
        reporter=told,
    )
    seen = [event.text for event in told.events if isinstance(event, Notice)]
    expected = json.dumps([environment.prefix, [], f"{environment.scripts}:/usr/bin:/bin"])
    assert f"SEEN {expected}" in seen
    assert "USER 1 True" in seen


@pytest.mark.parametrize("case", BUILDS)
def test_a_backend_that_misbehaves_is_told(
    tmp_path: Path, environment: HandMade, case: str
) -> None:
    body, message = BUILDS[case]
    tree = project(str(tmp_path / "tree"), "demo", hooks=WHEEL + body)
    out = tmp_path / "out"
    with pytest.raises(BuildFailed, match=message) as caught:
        build_wheel(tree, environment=environment, out=str(out), options=OPTIONS)
    assert caught.value.message.startswith("building tree failed: ")
    assert all(name.endswith(".log") for name in os.listdir(out))


def test_the_hooks_before_are_checked_too(tmp_path: Path, environment: HandMade) -> None:
    cases = [
        ("def get_requires_for_build_wheel(s=None):\n    return 'six'\n", "where a list"),
        ("def get_requires_for_build_wheel(s=None):\n    return ['a b']\n", "is no requirement"),
        (
            "raise ImportError('half installed')\n",
            "cannot be imported: ImportError: half installed",
        ),
        ("import sys\nsys.exit('gone')\n", "gone"),
        ("del build_wheel\n", "AttributeError"),
    ]
    for number, (hooks, message) in enumerate(cases):
        tree = project(str(tmp_path / str(number)), "demo", hooks=hooks)
        with pytest.raises(BuildFailed, match=message):
            build_wheel(tree, environment=environment, out=str(tmp_path / "out"), options=OPTIONS)


def test_prepared_metadata_is_checked(tmp_path: Path, environment: HandMade) -> None:
    start = "def prepare_metadata_for_build_wheel(out, settings=None):\n"
    cases = [
        ("    return '../x.dist-info'\n", "name of a .dist-info"),
        ("    return 'x'\n", "name of a .dist-info"),
        ("    return None\n", "name of a .dist-info"),
        ("    return 'x.dist-info'\n", "no METADATA"),
        (
            "    os.symlink('/etc', os.path.join(out, 'x.dist-info'))\n    return 'x.dist-info'\n",
            "no METADATA",
        ),
    ]
    for number, (body, message) in enumerate(cases):
        tree = project(str(tmp_path / str(number)), "demo", hooks=start + body)
        with pytest.raises(BuildFailed, match=message):
            metadata(tree, environment=environment, out=str(tmp_path / "out"), options=OPTIONS)


def test_the_end_of_the_output_is_shown_and_the_log_is_kept(
    tmp_path: Path, environment: HandMade
) -> None:
    body = (
        "    for number in range(100):\n        print('line', number)\n"
        "    print('\\x1b[31mred\\x1b[0m \\x07bell')\n    raise SystemExit(3)\n"
    )
    tree = project(str(tmp_path / "tree"), "demo", hooks=WHEEL + body)
    logs = tmp_path / "logs"
    with pytest.raises(BuildFailed) as caught:
        build_wheel(
            tree,
            environment=environment,
            out=str(tmp_path / "out"),
            options=OPTIONS._replace(logs=str(logs)),
        )
    lines = caught.value.message.split("\n")
    assert "line 99" in lines
    assert "line 1" not in lines
    assert "red \N{REPLACEMENT CHARACTER}bell" in lines
    assert len(lines) == 42
    (log,) = logs.iterdir()
    assert caught.value.hint == f"the whole log: {log}"
    assert "line 0\n" in log.read_text()
    assert os.listdir(tmp_path / "out") == []


@pytest.mark.parametrize("trick", ["os.unlink(log)", "os.unlink(log); os.mkfifo(log)"])
def test_a_backend_may_play_with_the_log(tmp_path: Path, environment: HandMade, trick: str) -> None:
    body = f"    log = os.path.join(out, '..', 'log.txt')\n    {trick}\n    print('x')\n    raise SystemExit(3)\n"
    tree = project(str(tmp_path / "tree"), "demo", hooks=WHEEL + body)
    with pytest.raises(BuildFailed, match="in build_wheel with exit code 3"):
        build_wheel(
            tree,
            environment=environment,
            out=str(tmp_path / "out"),
            options=OPTIONS._replace(verbose=True),
        )


def test_an_interpreter_that_is_gone_is_told(tmp_path: Path, environment: HandMade) -> None:
    os.unlink(environment.python)
    tree = project(str(tmp_path / "tree"), "demo")
    with pytest.raises(BuildFailed, match="No such file") as caught:
        build_wheel(tree, environment=environment, out=str(tmp_path / "out"), options=OPTIONS)
    assert caught.value.hint is not None
    assert "make the environment again" in caught.value.hint


def test_read_only_directories_are_cleared(tmp_path: Path, environment: HandMade) -> None:
    body = (
        "    os.mkdir(os.path.join(out, 'd'))\n    open(os.path.join(out, 'd', 'f'), 'w').close()\n"
        "    os.chmod(os.path.join(out, 'd'), 0o500)\n    os.chmod(out, 0o700)\n    return real(out)\n"
    )
    tree = project(str(tmp_path / "tree"), "demo", hooks=WHEEL + body)
    wheel = build_wheel(tree, environment=environment, out=str(tmp_path / "out"), options=OPTIONS)
    assert os.listdir(tmp_path / "out") == [os.path.basename(wheel)]


HANG = (
    "    import subprocess, sys, time\n"
    "    child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "    with open(os.environ['PIDS'], 'w') as stream:\n"
    "        stream.write('{} {}'.format(os.getpid(), child.pid))\n"
    "    os.rename(os.environ['PIDS'], os.environ['PIDS'] + '.done')\n"
    "    time.sleep(600)\n"
)


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", "rb") as stream:
            return stream.read().rpartition(b")")[2].split()[0] != b"Z"
    except FileNotFoundError:
        return False


def ended(pids: Path) -> bool:
    """Say whether the processes named in a file end within 5 seconds."""
    numbers = [int(number) for number in pids.read_text().split()]
    assert len(numbers) == 2
    for _ in range(100):
        if not any(alive(number) for number in numbers):
            return True
        time.sleep(0.05)
    return False


def test_a_backend_that_hangs_is_stopped_with_its_children(
    tmp_path: Path, environment: HandMade
) -> None:
    tree = project(str(tmp_path / "tree"), "demo", hooks=WHEEL + HANG)
    options = Options(environ={**ENVIRON, "PIDS": str(tmp_path / "pids")}, limits=Limits(timeout=3))
    with pytest.raises(BuildFailed, match="no end after 3 seconds"):
        build_wheel(tree, environment=environment, out=str(tmp_path / "out"), options=options)
    assert ended(tmp_path / "pids.done")


@pytest.mark.skipif(not is_measurable(), reason="the system does not tell CPU times")
def test_a_backend_that_works_in_silence_is_left_alone(
    tmp_path: Path, environment: HandMade
) -> None:
    spin = "import time; end = time.monotonic() + 2\\nwhile time.monotonic() < end: pass"
    body = (
        "    import subprocess, sys\n"
        f"    subprocess.check_call([sys.executable, '-c', '{spin}'], start_new_session=True)\n"
        "    return real(out)\n"
    )
    tree = project(str(tmp_path / "tree"), "demo", hooks=WHEEL + body)
    options = Options(environ=ENVIRON, limits=Limits(timeout=300, idle=1))
    assert build_wheel(tree, environment=environment, out=str(tmp_path / "out"), options=options)


@pytest.mark.skipif(not is_measurable(), reason="the system does not tell CPU times")
def test_an_idle_backend_is_stopped_with_its_children(
    tmp_path: Path, environment: HandMade
) -> None:
    tree = project(str(tmp_path / "tree"), "demo", hooks=WHEEL + HANG)
    options = Options(environ={**ENVIRON, "PIDS": str(tmp_path / "pids")}, limits=Limits(idle=1))
    with pytest.raises(BuildFailed, match="no output and no CPU time for 1 second"):
        build_wheel(tree, environment=environment, out=str(tmp_path / "out"), options=options)
    assert ended(tmp_path / "pids.done")


def test_a_build_can_be_cancelled_from_elsewhere(tmp_path: Path, environment: HandMade) -> None:
    tree = project(str(tmp_path / "tree"), "demo", hooks=WHEEL + HANG)
    done = tmp_path / "pids.done"
    limits = Limits(timeout=300, cancelled=done.exists)
    options = Options(environ={**ENVIRON, "PIDS": str(tmp_path / "pids")}, limits=limits)
    with pytest.raises(BuildFailed, match="with cancelled"):
        build_wheel(tree, environment=environment, out=str(tmp_path / "out"), options=options)
    assert ended(done)


def test_a_backend_that_prints_for_ever_is_stopped(tmp_path: Path, environment: HandMade) -> None:
    tree = project(
        str(tmp_path / "tree"), "demo", hooks=WHEEL + "    while True:\n        print('y' * 9999)\n"
    )
    options = Options(environ=ENVIRON, limits=Limits(timeout=300, output=1 << 20))
    with pytest.raises(BuildFailed, match="more than 1 MiB of output"):
        build_wheel(tree, environment=environment, out=str(tmp_path / "out"), options=options)


def test_ctrl_c_stops_the_backend_and_leaves_nothing(tmp_path: Path, environment: HandMade) -> None:
    tree = project(str(tmp_path / "tree"), "demo", hooks=WHEEL + HANG)
    program = f"""
import sys
import tarfile
sys.path[:0] = {sys.path!r}
from types import SimpleNamespace
from alcove.builds.activity import is_measurable
from alcove.builds.hooks import Options, build_wheel
environment = SimpleNamespace(
    python={environment.python!r}, prefix={environment.prefix!r}, scripts={environment.scripts!r},
    install=lambda requirements: None,
)
try:
    build_wheel(
        {tree!r}, environment=environment, out={str(tmp_path / "out")!r},
        options=Options(environ={{"PATH": "/bin", "PIDS": {str(tmp_path / "pids")!r}}}),
    )
except KeyboardInterrupt:
    sys.exit(130)
"""
    with subprocess.Popen([sys.executable, "-c", program]) as process:
        done = tmp_path / "pids.done"
        deadline = time.monotonic() + 300
        while not done.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    assert ended(done)
    assert os.listdir(tmp_path / "out") == []
