"""Other installers take our locks and requirements files, and install what they say."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from alcove.locks.checks import file_url
from alcove.locks.exports import requirements
from alcove.locks.write import dumps
from alcove.requirements.resolution import Origin, Pinned, Resolution
from alcove.testing.sdists import project, sdist

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.tools


def uv() -> str:
    """Return the path of the development environment's uv, or of another; skips where there is none."""
    beside = os.path.join(os.path.dirname(sys.executable), "uv")
    path = beside if os.access(beside, os.X_OK) else shutil.which("uv")
    if path is None:
        pytest.skip("uv is not installed")
    return path


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        "UV_PYTHON_DOWNLOADS": "never",
        "PIP_CONFIG_FILE": os.devnull,
    }


@pytest.fixture
def python(tmp_path: Path) -> str:
    """Return the interpreter of a new environment without pip."""
    prefix = str(tmp_path / "environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", prefix], check=True)
    return os.path.join(prefix, "bin", "python")


def archive(kind: str, path: str) -> Origin:
    with open(path, "rb") as stream:
        digest = hashlib.sha256(stream.read()).hexdigest()
    return Origin(kind, file_url(path), os.path.basename(path), digest, os.path.getsize(path))


def wheel(directory: Path, name: str, version: str) -> str:
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as stream:
        stream.writestr(f"{name}.py", "")
        stream.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        stream.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        stream.writestr(f"{info}/RECORD", "")
    return str(path)


def archives(root: Path) -> list[Pinned]:
    """Return pins of every kind of archive, which lie below `root` and beside it."""
    beside = root.parent / "beside"
    return [
        Pinned(
            "one", "1.0", archive("index", wheel(root / "files", "one", "1.0")), requires=("two",)
        ),
        Pinned("two", "2.0", archive("index", sdist(str(root / "files"), "two", "2.0"))),
        Pinned("three", "3.0", archive("file", wheel(beside, "three", "3.0")), requested=True),
    ]


def trees(root: Path) -> list[Pinned]:
    """Return pins of source trees."""
    first = project(str(root / "a tree"), "four", "4.0")
    second = project(str(root.parent / "other"), "five", "5.0")
    return [
        Pinned("four", "4.0", Origin("editable", file_url(first), "")),
        Pinned("five", "5.0", Origin("directory", file_url(second), "")),
    ]


def installed(python: str) -> list[str]:
    program = (
        "from importlib.metadata import distributions\n"
        "print(*sorted(d.metadata['Name'] + '==' + d.version for d in distributions()))"
    )
    return subprocess.run(
        [python, "-I", "-c", program], check=True, capture_output=True, text=True
    ).stdout.split()


def test_uv_installs_from_our_lock(tmp_path: Path, environ: dict[str, str], python: str) -> None:
    path = tmp_path / "project" / "pylock.toml"
    text = dumps(
        Resolution((*archives(path.parent), *trees(path.parent))),
        path=str(path),
        requires_python=">=3.8",
    )
    path.write_text(text)
    command = [uv(), "pip", "sync", "--offline", "--python", python, str(path)]
    subprocess.run(command, check=True, env=environ)
    assert installed(python) == ["five==5.0", "four==4.0", "one==1.0", "three==3.0", "two==2.0"]


def test_uv_installs_from_our_requirements(
    tmp_path: Path, environ: dict[str, str], python: str
) -> None:
    root = tmp_path / "project"
    path = root / "requirements.txt"
    command = [
        uv(),
        "pip",
        "sync",
        "--offline",
        "--find-links",
        str(root / "files"),
        "--python",
        python,
    ]
    pins = archives(root)
    path.write_text(requirements.dumps(Resolution(tuple(pins)), hashes=True))
    subprocess.run([*command, "--require-hashes", str(path)], check=True, env=environ)
    assert installed(python) == ["one==1.0", "three==3.0", "two==2.0"]
    path.write_text(requirements.dumps(Resolution((*pins, *trees(root)))))
    subprocess.run([*command, str(path)], check=True, env=environ)
    assert installed(python) == ["five==5.0", "four==4.0", "one==1.0", "three==3.0", "two==2.0"]


@pytest.mark.network
def test_pip_installs_from_both(tmp_path: Path, environ: dict[str, str], python: str) -> None:
    prefix = str(tmp_path / "pip")
    subprocess.run([sys.executable, "-m", "venv", prefix], check=True)
    newest = os.path.join(prefix, "bin", "python")
    upgrade = [newest, "-m", "pip", "install", "--quiet", "--upgrade", "pip>=26.1"]
    subprocess.run(upgrade, check=True)
    root = tmp_path / "project"
    lock = root / "pylock.toml"
    pins = archives(root)
    install = [newest, "-m", "pip", "--python", python, "install", "--no-index"]
    # pip wants a hash of everything once one thing has one: trees go into a lock of their own.
    lock.write_text(dumps(Resolution(tuple(pins)), path=str(lock)))
    subprocess.run([*install, "-r", str(lock)], check=True, env=environ)
    lock.write_text(dumps(Resolution(tuple(trees(root))), path=str(lock)))
    subprocess.run([*install, "-r", str(lock)], check=True, env=environ)
    expected = ["five==5.0", "four==4.0", "one==1.0", "three==3.0", "two==2.0"]
    assert installed(python) == expected
    hashed = root / "requirements.txt"
    hashed.write_text(requirements.dumps(Resolution(tuple(pins)), hashes=True))
    again = [*install, "--force-reinstall", "--find-links", str(root / "files"), "-r", str(hashed)]
    subprocess.run(again, check=True, env=environ)
    assert installed(python) == expected
