"""`alcove python install` and `uninstall`: an archive of an interpreter that is here, served on 127.0.0.1 or from this disk."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from alcove.interpreters import builds, requests
from alcove.interpreters.scan import scan
from alcove.testing.index import index
from alcove.testing.interpreters import PLACES
from alcove.testing.pythons import python_archive
from alcove.testing.server import IndexServer, serve
from tests.functional.machine import Machine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.interpreters.builds import Build


class Archive(NamedTuple):
    """An archive by the name that the table gives it: its `version`, its file, its sha256, a server that has it."""

    version: str
    file: Path
    sha256: str
    server: IndexServer
    url: str

    @property
    def words(self) -> tuple[str, ...]:
        """The options that install it from the server."""
        return ("--mirror", self.url, "--hash", f"sha256:{self.sha256}")


def smallest() -> tuple[str, Build]:
    """Return the smallest interpreter of this machine of whose version the table has a build, and that."""
    here = builds.host("linux", os.uname().machine)
    known = {one.version: one for one in builds.offered(here) if not one.free_threaded}
    found = [(one.executable, one.version) for one in scan(PLACES) if one.version in known]
    if not found:
        pytest.skip("the table has no build of a version that is here")
    executable, version = min(found, key=lambda pair: os.path.getsize(pair[0]))
    return executable, known[version]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Serve one small archive, made once."""
    executable, build = smallest()
    place = tmp_path_factory.mktemp("served")
    made = index(str(place))
    os.makedirs(place / "files", exist_ok=True)
    file = place / "files" / builds.file_name(build.url)
    sha256 = python_archive(str(file), executable)
    with serve(made) as server:
        yield Archive(build.version, file, sha256, server, server.url.replace("/simple", "/files"))


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """Return a machine on whose PATH no other interpreter lies."""
    made = Machine(tmp_path / "machine")
    for program in (tmp_path / "machine" / "programs").glob("python*"):
        program.unlink()
    return made


def asked(archive: Archive) -> list[str]:
    """Return the Range headers of the requests for the archive, and forget them."""
    found = [one.headers.get("range", "") for one in archive.server.requests]
    archive.server.requests.clear()
    return found


def test_installed_found_used_and_uninstalled(bare: Machine, archive: Archive) -> None:
    half = archive.file.stat().st_size // 2
    archive.server.trouble(f"/files/{archive.file.name}", cut=half)
    asked(archive)
    (one,) = json.loads(bare.do("python", "install", archive.version, *archive.words, "--json"))
    assert asked(archive) == ["", f"bytes={half}-"]  # it broke off once, and went on
    tree = Path(one["path"])
    assert (one["new"], tree.parent) == (True, bare.data / "pythons")
    assert not [path for path in tree.parent.iterdir() if path != tree]
    assert list((bare.cache / "pythons").iterdir()) == [bare.cache / "pythons" / "lock"]
    assert "is there" in bare.do("python", "install", archive.version, *archive.words)
    assert asked(archive) == []

    rows = json.loads(bare.do("python", "list", archive.version, "--json"))
    (row,) = [row for row in rows if row["source"] == "alcove"]
    assert row["executable"] == one["executable"]
    assert row["machine"] == os.uname().machine
    bare.do("create", "-n", "web", "-p", one["executable"])
    python = str(bare.home / ".virtualenvs/web/bin/python")
    program = bare.work / "prefix.py"  # for `-c`, 3.13 imports more than the archive holds
    program.write_text("import sys; print(sys.base_prefix)\n")
    shown = bare.run(python, str(program)).stdout.strip()
    assert shown == str(tree)
    (row,) = json.loads(bare.do("python", "list", one["executable"], "--json"))
    assert row["environments"] == [str(bare.home / ".virtualenvs/web")]

    refused = bare.alcove("python", "uninstall", archive.version, "-y")
    assert refused.code == 1
    assert str(bare.home / ".virtualenvs/web") in refused.stderr
    assert tree.is_dir()
    assert bare.alcove("python", "uninstall", archive.version, "--force").code == 2  # nobody to ask
    bare.do("delete", "-y", "web")
    assert "would remove" in bare.do("python", "uninstall", archive.version, "--dry-run")
    bare.do("python", "uninstall", tree.name, "-y")
    assert not list(tree.parent.iterdir())
    gone = bare.alcove("python", "uninstall", archive.version, "-y")
    assert (gone.code, "installed no interpreter" in gone.stderr) == (1, True)


def test_from_a_directory_by_the_variable_and_the_configuration(
    bare: Machine, archive: Archive
) -> None:
    hashed = ("--hash", archive.sha256)
    place = str(archive.file.parent)
    told = bare.do("python", "install", archive.version, "--dry-run", ALCOVE_PYTHON_MIRROR=place)
    assert "would install" in told
    # the table's own hash is not that of our archive: nothing is unpacked
    done = bare.alcove("python", "install", archive.version, ALCOVE_PYTHON_MIRROR=place)
    assert (done.code, "expected" in done.stderr) == (1, True)
    config = bare.home / ".config/alcove/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f"[python]\nmirror = '{place}'\n")
    assert "installed CPython" in bare.do("python", "install", archive.version, *hashed)
    shutil.rmtree(bare.data / "pythons")
    config.write_text("[python]\nmirror = 3\n")
    assert bare.alcove("python", "install", archive.version, *hashed).code == 2
    assert bare.alcove("python", "install", "3", "--mirror", "ftp://x").code == 2


def test_a_local_archive_needs_a_hash_or_a_word(bare: Machine, archive: Archive) -> None:
    copy = bare.work / "mine.tar.gz"
    shutil.copy(archive.file, copy)
    words = ("python", "install", "--archive", "mine.tar.gz")
    done = bare.alcove(*words)
    assert (done.code, "no hash is known" in done.stderr) == (1, True)
    assert bare.alcove(*words, "--hash", "12").code == 2
    assert "would install what is in it" in bare.do(*words, "--unhashed", "--dry-run")
    assert "expected" in bare.alcove(*words, "--hash", "0" * 64).stderr
    wrong = bare.alcove(*words, "3.99", "--unhashed")
    assert (wrong.code, "does not answer" in wrong.stderr) == (1, True)
    assert not list((bare.data / "pythons").iterdir())
    assert f"installed CPython {archive.version}" in bare.do(*words, "--unhashed")
    assert f"CPython {archive.version}" in bare.do(*words, "--hash", archive.sha256)


def test_what_cannot_be_had_leaves_nothing(bare: Machine, archive: Archive) -> None:
    def refused(*words: str, text: str, code: int = 1, offline: str = "") -> None:
        done = bare.alcove("python", "install", *words, ALCOVE_OFFLINE=offline)
        assert (done.code, text in done.stderr, "Traceback" in done.stderr) == (
            code,
            True,
            False,
        ), done.text

    refused(archive.version, *archive.words, text="offline", offline="1")
    missing = (*archive.words[:1], archive.url + "/none", *archive.words[2:])
    refused(archive.version, *missing, text="404")
    archive.server.trouble(f"/files/{archive.file.name}", body=b"not an archive", times=1)
    refused(archive.version, *archive.words, text="sha256")
    bad = bare.work / "bad.tar.gz"
    python_archive(str(bad), smallest()[0], extra={"../../../x": b"out"})
    refused("--archive", "bad.tar.gz", "--unhashed", text="would leave")
    bad.write_bytes(b"")
    refused("--archive", "bad.tar.gz", "--unhashed", text="cannot be read")
    refused("--archive", "none.tar.gz", text="no such file")
    other = "3.13.1" if archive.version != "3.13.1" else "3.13.2"
    asked = requests.parse(other, directory="/", home="/")
    name = builds.file_name(builds.build_for(asked, builds.host("linux", os.uname().machine)).url)
    shutil.copy(archive.file, bare.work / name)
    words = (other, "--mirror", ".", "--hash", archive.sha256)
    refused(*words, text=f"says that it is CPython {archive.version}")
    refused("3.99", text="no build of Python")
    refused("2.7", text="pyvenv.cfg")
    refused("3.11", "3.12", "--hash", "0" * 64, text="one by one", code=2)
    assert bare.alcove("python", "list", "--mirror", "/x").code == 2
    assert not (bare.home.parent / "x").exists()
    pythons = bare.data / "pythons"
    assert not pythons.exists() or not list(pythons.iterdir())


def test_the_project_says_which(bare: Machine) -> None:
    (bare.work / ".python-version").write_text("3.12\n3.11\n")
    lines = bare.do("python", "install", "--dry-run").splitlines()
    assert [line.split()[3].rpartition(".")[0] for line in lines] == ["3.12", "3.11"]
    (bare.work / ".python-version").unlink()
    (bare.work / "pyproject.toml").write_text(
        '[project]\nname = "x"\nrequires-python = ">=3.9,<3.11"\n'
    )
    assert "CPython 3.10" in bare.do("python", "install", "--dry-run")
