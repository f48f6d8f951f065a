"""`alcove bundle`: what it writes installs elsewhere, without an index, with alcove and with the real pip."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alcove import settings
from alcove.actions.bundle import Targets, bundle
from alcove.actions.create import Options, create
from alcove.actions.freeze import freeze
from alcove.actions.install import install
from alcove.actions.missing import MissingFiles
from alcove.actions.request import Request
from alcove.errors import AlcoveError, HashMismatch, IndexUnreachable, UsageError
from alcove.testing.sdists import project, sdist
from alcove.testing.wheels import wheel

if TYPE_CHECKING:
    from alcove.actions.bundle import Bundled
    from alcove.settings import Settings
    from alcove.testing.index import DiskIndex
    from alcove.testing.server import IndexServer
    from tests.functional.commands.conftest import User

LINUX, WINDOWS = "manylinux_2_28_x86_64", "win_amd64"


@pytest.fixture
def given(alcove_home: Path, tmp_path: Path) -> Settings:
    """Return the settings of a user who stands in a directory of wheels and sources."""
    links = str(tmp_path / "links")
    wheel(links, "meal", "1.0", requires=["spoon>=1", "knife ; sys_platform == 'win32'"])
    wheel(links, "spoon", "1.0")
    wheel(links, "knife", "1.0", tags="cp312-cp312-win_amd64")
    sdist(links, "soup", "2.0", requires=["spoon"])
    project(str(tmp_path / "own"), "own", "0.1", requires=["meal"])
    variables = {**os.environ, "HOME": str(alcove_home)}
    return settings.read(variables, cwd=str(tmp_path))


def made(
    given: Settings,
    name: str,
    *words: str,
    targets: Targets | None = None,
    files: tuple[str, ...] = (),
) -> Bundled:
    """Bundle `words` out of the directory of links."""
    request = Request(
        directory=given.cwd,
        command="test",
        requirements=words,
        files=files,
        sources={"no-index": True, "find-links": [f"{given.cwd}/links"]},
    )
    path = f"{given.cwd}/{name}"
    return bundle(path, request, given, targets=targets or Targets(sys.executable))


def names(directory: Path) -> list[str]:
    """Return the files of a bundle."""
    return sorted(path.name for path in (directory / "files").iterdir())


def test_installs_elsewhere_with_the_real_pip_and_with_alcove(
    given: Settings, tmp_path: Path
) -> None:
    done = made(given, "kit.tar.gz", "soup", "./own")
    shutil.rmtree(tmp_path / "links")
    with tarfile.open(done.path) as archive:
        # Not an argument: the first releases of 3.11 have none (PEP 706).
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(tmp_path / "there")  # noqa: S202  made above
    kit = tmp_path / "there" / "kit"
    assert names(kit) == [
        "meal-1.0-py3-none-any.whl",
        "own-0.1-py3-none-any.whl",
        "soup-2.0-py3-none-any.whl",
        "spoon-1.0-py3-none-any.whl",
    ]
    told = json.loads((kit / "bundle.json").read_text())
    assert [file["filename"] for file in told["files"] if file["requested"]] == [
        "own-0.1-py3-none-any.whl",
        "soup-2.0-py3-none-any.whl",
    ]
    other = given._replace(cache=str(tmp_path / "other cache"), data=str(tmp_path / "other data"))
    request = Request(
        directory="/", command="test", files=(str(kit / "requirements.txt"),), offline=True
    )
    env = create(
        str(tmp_path / "env"), other, options=Options(python=sys.executable), request=request
    )
    assert [line.name for line in freeze(env.layout, other)] == [
        "meal",
        "own",
        "soup",
        "spoon",
    ]
    line = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        env.layout.python,
        "install",
        "--dry-run",
        "--no-deps",
    ]
    line += ["--ignore-installed", "-r", str(kit / "requirements.txt")]
    variables = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PIP_CONFIG_FILE": os.devnull}
    pip = subprocess.run(line, capture_output=True, text=True, check=False, cwd="/", env=variables)
    if "No module named pip" in pip.stderr:
        python = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info[1]}"
        line[0] = str(python)
        pip = subprocess.run(
            line, capture_output=True, text=True, check=False, cwd="/", env=variables
        )
    assert pip.returncode == 0, pip.stderr
    assert "Would install meal-1.0 own-0.1 soup-2.0 spoon-1.0" in pip.stdout


def test_the_same_request_gives_the_same_bytes(given: Settings, tmp_path: Path) -> None:
    first = Path(made(given, "kit.zip", "soup", "./own").path).read_bytes()
    shutil.rmtree(given.cache)
    os.utime(tmp_path / "own" / "pyproject.toml", (1, 1))
    assert Path(made(given, "kit.zip", "soup", "./own").path).read_bytes() == first


def test_for_other_machines(given: Settings, tmp_path: Path) -> None:
    targets = Targets(sys.executable, ("3.12",), (LINUX, WINDOWS))
    done = made(given, "kit", "soup", "meal", targets=targets)
    assert done.targets == (f"Python 3.12 on {LINUX}", f"Python 3.12 on {WINDOWS}")
    assert names(tmp_path / "kit") == [
        "knife-1.0-cp312-cp312-win_amd64.whl",
        "meal-1.0-py3-none-any.whl",
        "soup-2.0-py3-none-any.whl",  # built here, for any platform
        "spoon-1.0-py3-none-any.whl",
    ]
    text = (tmp_path / "kit" / "requirements.txt").read_text()
    assert "\nknife==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:" in text
    assert "\nmeal==1.0 \\\n    --hash=sha256:" in text
    # a bundle takes the place of the one before
    made(given, "kit", "spoon")
    assert names(tmp_path / "kit") == ["spoon-1.0-py3-none-any.whl"]


def test_a_target_that_something_does_not_fit(given: Settings, tmp_path: Path) -> None:
    with pytest.raises(AlcoveError, match=f"for Python 3.13 on {WINDOWS}: .*knife"):
        made(given, "kit", "knife", targets=Targets(sys.executable, ("3.12", "3.13"), (WINDOWS,)))
    with pytest.raises(UsageError, match="no platform"):
        made(given, "kit", "spoon", targets=Targets(sys.executable, (), ("toaster",)))
    assert sorted(path.name for path in tmp_path.iterdir() if "kit" in path.name) == []


def test_a_wheel_that_is_built_for_this_machine_only(given: Settings, tmp_path: Path) -> None:
    hooks = (
        "\n_pure = build_wheel\n"
        "def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):\n"
        "    import os\n"
        "    name = _pure(wheel_directory, config_settings, metadata_directory)\n"
        "    other = name.replace('py3-none-any', 'py3-none-linux_x86_64')\n"
        "    os.rename(os.path.join(wheel_directory, name), os.path.join(wheel_directory, other))\n"
        "    return other\n"
    )
    sdist(str(tmp_path / "links"), "engine", "1.0", hooks=hooks)
    with pytest.raises(AlcoveError, match="is for this machine"):
        made(given, "kit", "engine", targets=Targets(sys.executable, (), (WINDOWS,)))


def test_a_lock(given: Settings, tmp_path: Path) -> None:
    digest = made(given, "first", "spoon").files[0].sha256
    (tmp_path / "pylock.toml").write_text(
        'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "spoon"\nversion = "1.0"\n'
        '[[packages.wheels]]\nname = "spoon-1.0-py3-none-any.whl"\npath = "links/spoon-1.0-py3-none-any.whl"\n'
        f'hashes = {{sha256 = "{digest}"}}\n[[packages]]\nname = "own"\ndirectory = {{path = "own"}}\n'
    )
    done = made(given, "kit", files=("pylock.toml",))
    assert [(one.name, one.version) for one in done.files] == [("own", "0.1"), ("spoon", "1.0")]


def test_a_hash_that_differs(given: Settings, tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text(f"spoon==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(HashMismatch, match=r"spoon-1.0-py3-none-any.whl has the sha256"):
        made(given, "kit", files=("r.txt",))
    assert not (tmp_path / "kit").exists()


def test_offline_names_every_file_that_is_missing(
    given: Settings,
    tmp_path: Path,
    alcove_index: DiskIndex,
    alcove_index_server: IndexServer,
) -> None:
    for name, requires in (("plate", ["bowl", "cup"]), ("bowl", []), ("cup", [])):
        wheel(str(tmp_path / "stock"), name, "1.0", requires=requires)
        alcove_index.add(str(tmp_path / "stock" / f"{name}-1.0-py3-none-any.whl"))
    request = Request(
        directory=given.cwd,
        command="test",
        requirements=("plate",),
        sources={"index-url": alcove_index_server.url, "trusted-host": ["127.0.0.1", "localhost"]},
    )
    targets = Targets(sys.executable)
    path = str(tmp_path / "kit")
    done = bundle(path, request, given, targets=targets)
    assert len(done.files) == 3
    for name in ("bowl", "cup"):
        for kept in Path(given.cache).rglob(f"{name}-1.0-py3-none-any.whl"):
            kept.unlink()
    two = Targets(sys.executable, ("3.12", "3.13"), (LINUX,))
    for wanted in (targets, two):
        with pytest.raises(MissingFiles) as caught:
            bundle(path, request._replace(offline=True), given, targets=wanted)
        lines = caught.value.message.splitlines()
        assert lines[0] == "offline, and 2 files are not in the cache:"
        assert [line.split()[0] for line in lines[1:]] == [
            "bowl-1.0-py3-none-any.whl",
            "cup-1.0-py3-none-any.whl",
        ]
    assert len(names(tmp_path / "kit")) == 3  # the one before is left
    layout = create(str(tmp_path / "env"), given, options=Options(python=sys.executable)).layout
    with pytest.raises(MissingFiles, match="2 files are not in the cache"):
        install(layout, request._replace(offline=True), given)
    assert [one.requirement for one in freeze(layout, given)] == []


def test_the_command(user: User) -> None:
    words = ("bundle", "--no-index", "-f", str(user.wheels), "-p", sys.executable)
    told = user.ask(*words, "feast", "-o", "kit.zip")
    assert told["path"] == str(user.project / "kit.zip")
    assert [file["filename"] for file in told["files"]] == [
        "feast-1.0-py3-none-any.whl",
        "flavour-2.0-py3-none-any.whl",
        "meal-1.0-py3-none-any.whl",
        "spoon-1.0-py3-none-any.whl",
    ]
    assert "wrote " in user.type(*words, "spoon", "-o", "kit").stdout
    assert user.type(*words, "spoon", "-o", "kit", "-q").stdout == ""
    (user.project / "mine").write_text("x")
    assert "left alone" in user.type(*words, "spoon", "-o", "mine", code=1).stderr
    assert user.type(*words, "spoon", code=2).stderr.startswith("error: it is not said where to")
    assert "nothing to bundle" in user.type("bundle", "-o", "x", code=2).stderr


def test_no_bundle_is_made_while_one_of_several_places_does_not_answer(given: Settings) -> None:
    down = {"index-url": "http://127.0.0.1:1/simple", "retries": 0}
    request = Request(
        directory=given.cwd,
        command="test",
        requirements=("meal",),
        sources={"find-links": [f"{given.cwd}/links"], **down},
    )
    path = f"{given.cwd}/kit"
    with pytest.raises(IndexUnreachable, match=":1/simple does not answer") as caught:
        bundle(path, request, given, targets=Targets(python=sys.executable))
    assert "leave it out" in str(caught.value.hint)
    assert not os.path.lexists(path)
