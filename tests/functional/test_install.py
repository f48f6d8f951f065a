"""The installer, run as a user does, with a small stand-in for alcove's source and an index of files on disk."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import ssl
import subprocess
import sys
import zipfile
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.request import HTTPSHandler

import pytest

from alcove.testing.index import index
from scripts.fetch import opener
from scripts.import_graph import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.testing.index import DiskIndex
    from alcove.testing.server import IndexServer

MAIN = """
import sys
import demo


def main():
    print("alcove", demo.answer, sys.argv[1:], sys.flags.isolated, sys.flags.no_site)
    return 7 if sys.argv[1:] != ["--version"] else 0
"""
SETTINGS = """
import collections

Settings = collections.namedtuple(
    "Settings", "index_url extra_index_urls find_links no_index trusted_hosts cert proxy timeout"
)


def read(environ, home):
    links = tuple(environ.get("PIP_FIND_LINKS", "").split())
    return Settings(environ["PIP_INDEX_URL"], (), links, False, (), "", "", 5.0)
"""


def wheel(directory: Path, *members: tuple[str, str]) -> str:
    """Write demo-1.0 with some members, and return its path."""
    path = directory / "demo-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members or (("demo.py", "answer = 42\n"),):
            archive.writestr(name, content)
        archive.writestr(
            "demo-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"
        )
    return str(path)


def pin(checkout: Path, path: str) -> None:
    """Pin the wheel at `path` as all that alcove needs."""
    with open(path, "rb") as stream:
        digest = hashlib.sha256(stream.read()).hexdigest()
    (checkout / "requirements" / "runtime.txt").write_text(
        f"# pins\ndemo==1.0 --hash=sha256:{digest}\n"
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout: the real installer, and a stand-in for what it installs."""
    root = tmp_path / "check out"
    source = root / "src" / "alcove"
    (source / "cli").mkdir(parents=True)
    (root / "requirements").mkdir()
    shutil.copy(os.path.join(ROOT, "install.py"), root)
    shutil.copytree(
        os.path.join(ROOT, "scripts"),
        root / "scripts",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    (source / "files").mkdir()
    for name in (
        "errors.py",
        "compiled.py",
        "records.py",
        "settings.py",
        "files/__init__.py",
        "files/locking.py",
        "files/refusals.py",
        "files/reading.py",
    ):
        shutil.copy(os.path.join(ROOT, "src", "alcove", name), source / name)
    (source / "__init__.py").write_text('__version__ = "1.2.3"\n')
    (source / "index_settings.py").write_text(SETTINGS)
    (source / "cli" / "__init__.py").write_text("")
    (source / "cli" / "main.py").write_text(MAIN)
    return root


@pytest.fixture
def offered(
    tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch, alcove_home: Path
) -> DiskIndex:
    """Offer the pinned wheel in an index that the settings name."""
    files = index(str(tmp_path / "the index"))
    path = wheel(tmp_path)
    files.add(path)
    pin(checkout, path)
    monkeypatch.setenv("PIP_INDEX_URL", files.url)
    monkeypatch.setenv(
        "PATH", os.path.join(alcove_home, ".local", "bin") + os.pathsep + os.environ["PATH"]
    )
    return files


def run(
    checkout: Path, *words: str, python: str = sys.executable
) -> subprocess.CompletedProcess[str]:
    """Run the installer of a checkout, for the Python that runs it."""
    command = [python, str(checkout / "install.py"), "--here", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def versions(home: Path) -> list[str]:
    """Return the installed versions, and the names of whatever else a run may have left beside them."""
    usual = {"current", ".lock"}
    return sorted(set(os.listdir(home / "alcove-data" / "app")) - usual)


@pytest.mark.usefixtures("offered")
def test_install(checkout: Path, alcove_home: Path) -> None:
    done = run(checkout)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "hint" not in done.stderr
    command = alcove_home / ".local" / "bin" / "alcove"
    started = subprocess.run([command, "a b", "c"], capture_output=True, text=True, check=False)
    assert (started.stdout, started.returncode) == ("alcove 42 ['a b', 'c'] 1 1\n", 7)
    (version,) = versions(alcove_home)
    library = alcove_home / "alcove-data" / "app" / version / "lib"
    assert version.startswith("1.2.3-")
    assert (library / "__pycache__" / f"demo.{sys.implementation.cache_tag}.pyc").exists()


@pytest.mark.usefixtures("offered")
def test_where_no_directory_of_a_script_is_searched(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    done = run(checkout)
    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize(("module", "name"), [("_ssl", "ssl"), ("zlib", "zlib")])
def test_a_python_that_was_built_without(
    checkout: Path, alcove_home: Path, module: str, name: str
) -> None:
    code = "import runpy, sys; sys.modules[sys.argv.pop(1)] = None; runpy.run_path(sys.argv.pop(1), run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", code, module, str(checkout / "install.py"), "--here"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert f" was built without {name}, which alcove needs" in done.stderr.splitlines()[0]
    assert not (alcove_home / "alcove-data" / "app").exists()


@pytest.mark.usefixtures("offered")
def test_an_interrupt_while_alcove_starts_ends_it_without_a_word(
    checkout: Path, alcove_home: Path
) -> None:
    main = checkout / "src" / "alcove" / "cli" / "main.py"
    main.write_text(
        "import os, signal, sys\n"
        "if sys.argv[1:] != ['--version']:\n"  # which the installer tries
        "    os.kill(os.getpid(), signal.SIGINT)\n" + MAIN
    )
    assert run(checkout).returncode == 0
    command = alcove_home / ".local" / "bin" / "alcove"
    started = subprocess.run([command], capture_output=True, text=True, check=False)
    assert (started.returncode, started.stdout, started.stderr) == (-signal.SIGINT, "", "")


def test_a_second_run_needs_no_network(
    checkout: Path, alcove_home: Path, offered: DiskIndex
) -> None:
    assert run(checkout).returncode == 0
    shutil.rmtree(offered.directory)
    command = alcove_home / ".local" / "bin" / "alcove"
    before = os.lstat(command).st_ino
    done = run(checkout)
    assert (done.returncode, "there already" in done.stderr) == (0, True)
    assert os.lstat(command).st_ino == before


@pytest.mark.usefixtures("offered")
def test_a_cache_that_cannot_be_written_is_done_without(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("ALCOVE_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    done = run(checkout)
    assert done.returncode == 0, done.stderr
    assert "fetched files are not kept" in done.stderr
    assert os.listdir(tmp_path / "temporary") == []


@pytest.mark.usefixtures("offered")
def test_a_place_that_cannot_be_written_is_told(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ALCOVE_HOME", str(tmp_path / "file" / "data"))
    done = run(checkout)
    assert done.returncode == 1
    assert "hint: name a directory of yours with room in it: --prefix DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_damage_is_mended_from_the_cache(
    checkout: Path, alcove_home: Path, offered: DiskIndex
) -> None:
    assert run(checkout).returncode == 0
    shutil.rmtree(offered.directory)
    (version,) = versions(alcove_home)
    demo = alcove_home / "alcove-data" / "app" / version / "lib" / "demo.py"
    demo.write_text("answer = 41\n")
    assert run(checkout).returncode == 0
    assert demo.read_text() == "answer = 42\n"
    assert versions(alcove_home) == [version]


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("size", [None, 0, 50, 1000])
def test_modules_come_from_the_bundle_where_it_is_whole(
    checkout: Path, alcove_home: Path, size: int | None
) -> None:
    main = checkout / "src" / "alcove" / "cli" / "main.py"
    main.write_text(MAIN + "\n\ndef main():\n    print(type(__spec__.loader).__name__)\n")
    assert run(checkout).returncode == 0
    library = alcove_home / "alcove-data" / "app" / "current" / "lib"
    if size is not None:
        os.truncate(library / "alcove.bundle", size)
    command = alcove_home / ".local" / "bin" / "alcove"
    started = subprocess.run([command], capture_output=True, text=True, check=False)
    wanted = "Bundle\n" if size is None else "SourceFileLoader\n"
    assert (started.stdout, started.stderr) == (wanted, "")


@pytest.mark.usefixtures("offered")
def test_new_source_is_a_new_version_and_the_one_before_stays(
    checkout: Path, alcove_home: Path
) -> None:
    seen = []
    for number in range(3):
        (checkout / "src" / "alcove" / "new.py").write_text(f"number = {number}\n")
        assert run(checkout).returncode == 0
        seen.append(os.readlink(alcove_home / "alcove-data" / "app" / "current"))
    assert versions(alcove_home) == sorted(seen[1:])
    assert len(set(seen)) == 3


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize(
    ("main", "said"),
    [
        ("raise ImportError('no such thing')", "no such thing"),
        ("import os; os._exit(3)", "exit code 3"),
    ],
)
def test_what_does_not_start_is_not_taken_into_use(
    checkout: Path, alcove_home: Path, main: str, said: str
) -> None:
    run(checkout)
    command = alcove_home / ".local" / "bin" / "alcove"
    good = command.resolve()
    (checkout / "src" / "alcove" / "cli" / "main.py").write_text(main)
    for _ in range(2):  # what lies there whole by now is tried again
        done = run(checkout)
        assert done.returncode == 1
        assert f"bin/alcove does not start: {said}" in done.stderr.replace("ImportError: ", "")
        assert "Traceback" not in done.stderr
        assert command.resolve() == good
    (checkout / "src" / "alcove" / "cli" / "main.py").write_text(MAIN + "# mended\n")
    assert run(checkout).returncode == 0
    assert len(versions(alcove_home)) == 2


@pytest.mark.usefixtures("offered")
def test_prefix_with_spaces_and_length(checkout: Path, tmp_path: Path) -> None:
    prefix = tmp_path / "pre fix" / ("long" * 40)
    done = run(checkout, "--prefix", str(prefix))
    assert done.returncode == 0, done.stderr
    assert "export PATH=" in done.stderr
    started = subprocess.run(
        [prefix / "bin" / "alcove"], capture_output=True, text=True, check=False
    )
    assert started.stdout == "alcove 42 [] 1 1\n"


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("name", ["py thon", "p" * 130, "it's"])
def test_an_interpreter_no_first_line_can_name(
    checkout: Path, tmp_path: Path, name: str, alcove_home: Path
) -> None:
    base = sys._base_executable  # type: ignore[attr-defined]
    launcher = tmp_path / name
    launcher.write_text(f"#!/bin/sh\nexec '{base}' \"$@\"\n")
    launcher.chmod(0o755)
    # The installer is told that it runs in that interpreter, as it would be by one that lies there.
    code = f"import sys; sys._base_executable = {str(launcher)!r}; sys.argv = ['install.py', '--here']; import install; sys.exit(install.main())"
    done = subprocess.run(
        [base, "-c", code], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    command = alcove_home / ".local" / "bin" / "alcove"
    started = subprocess.run([command, "x"], capture_output=True, text=True, check=False)
    assert started.stdout == "alcove 42 ['x'] 1 1\n", started.stderr


@pytest.mark.usefixtures("offered")
def test_uninstall(checkout: Path, alcove_home: Path) -> None:
    store = alcove_home / "alcove-data" / "store"
    store.mkdir(parents=True)
    assert run(checkout).returncode == 0
    assert run(checkout, "--uninstall").returncode == 0
    assert not os.path.lexists(alcove_home / ".local" / "bin" / "alcove")
    assert os.listdir(alcove_home / "alcove-data") == ["store"]
    assert run(checkout, "--uninstall").returncode == 0


@pytest.mark.usefixtures("offered")
def test_a_command_of_others_is_left_alone(checkout: Path, alcove_home: Path) -> None:
    command = alcove_home / ".local" / "bin" / "alcove"
    command.parent.mkdir(parents=True)
    command.write_text("mine")
    done = run(checkout)
    assert done.returncode == 1
    assert "not ours" in done.stderr
    assert command.read_text() == "mine"
    assert not (alcove_home / "alcove-data").exists()
    assert run(checkout, "--uninstall").returncode == 0
    assert command.read_text() == "mine"


def test_another_file_than_the_pinned_is_refused(
    checkout: Path, tmp_path: Path, offered: DiskIndex, alcove_home: Path
) -> None:
    (tmp_path / "other").mkdir()
    offered.add(wheel(tmp_path / "other", ("demo.py", "answer = 666\n")))
    done = run(checkout)
    assert done.returncode == 1
    assert "no file with the sha256" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (alcove_home / "alcove-data").exists()


def test_find_links(
    checkout: Path, tmp_path: Path, offered: DiskIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(offered.directory)
    assert run(checkout).returncode == 1
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    assert run(checkout).returncode == 0


@pytest.mark.usefixtures("offered")
def test_http_with_a_passing_trouble_and_credentials(
    checkout: Path,
    alcove_index: DiskIndex,
    alcove_index_server: IndexServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both indexes lie in the test's directory, so the server offers what `offered` holds."""
    listed = alcove_index.add(str(checkout.parent / "demo-1.0-py3-none-any.whl"))
    alcove_index_server.credentials = ("user", "pass word")
    alcove_index_server.trouble(f"/files/{listed.filename}", status=503)
    alcove_index_server.trouble(f"/files/{listed.filename}", cut=10)
    address = alcove_index_server.url.replace("//", "//user:pass%20word@")
    monkeypatch.setenv("PIP_INDEX_URL", address)
    done = run(checkout)
    assert done.returncode == 0, done.stderr
    assert [request.status for request in alcove_index_server.requests] == [200, 503, 200, 200]


def test_the_authority_of_a_company_is_trusted_as_pip_trusts_it() -> None:
    settings: Any = SimpleNamespace(trusted_hosts=(), cert="", proxy="")
    handlers: list[Any] = vars(opener(settings, "index.example"))["handlers"]
    (https,) = (each for each in handlers if isinstance(each, HTTPSHandler))
    trust = vars(https)["_context"]
    assert trust.verify_mode == ssl.CERT_REQUIRED
    assert not trust.verify_flags & ssl.VERIFY_X509_STRICT  # set from Python 3.13 on


@pytest.mark.parametrize(
    "member",
    ["../evil.py", "/evil.py", "a/../../evil.py", "demo-1.0.data/scripts/x", "x.pth", "a\\b.py"],
)
def test_a_wheel_with_a_member_out_of_place(
    checkout: Path, tmp_path: Path, offered: DiskIndex, alcove_home: Path, member: str
) -> None:
    (tmp_path / "other").mkdir()
    path = wheel(tmp_path / "other", ("demo.py", ""), (member, "evil"))
    offered.add(path)
    pin(checkout, path)
    done = run(checkout)
    assert (done.returncode, "has no place" in done.stderr) == (1, True), done.stderr
    assert versions(alcove_home) == []
    assert not list(tmp_path.rglob("evil.py"))


def test_no_answer_is_told(
    checkout: Path, offered: DiskIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert offered.listed
    monkeypatch.setenv("PIP_INDEX_URL", "ftp://user:secret@index.example/simple")
    done = run(checkout)
    assert done.returncode == 1
    assert "hint: check the network" in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("offered")
def test_two_at_once(checkout: Path, alcove_home: Path) -> None:
    words = [sys.executable, str(checkout / "install.py"), "--here"]
    runs = [subprocess.Popen(words, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    said = [each.communicate(timeout=120)[1] for each in runs]  # all end before any is judged
    assert [each.returncode for each in runs] == [0] * 4, said
    assert sum("there already" in each for each in said) == 3
    assert len(versions(alcove_home)) == 1
