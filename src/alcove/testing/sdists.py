"""Builders of source trees and sdists, whose backend lies in the tree itself: no build of theirs needs a network.

>>> sdist("/tmp/dists", "demo", "1.0", requires=["six"])  # doctest: +SKIP
'/tmp/dists/demo-1.0.tar.gz'
"""

from __future__ import annotations

import io
import json
import os
import tarfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["project", "sdist"]

# The backend: PEP 517 and PEP 660 in a file that every Python from 3.6 on runs.
_BACKEND = """\
import base64, hashlib, json, os, zipfile

with open("tiny.json") as stream:
    FACTS = json.load(stream)
STEM = "{}-{}".format(FACTS["name"].replace("-", "_"), FACTS["version"])
TAG = "py3-none-any"


def _metadata():
    lines = ["Metadata-Version: 2.1", "Name: " + FACTS["name"], "Version: " + FACTS["version"]]
    lines += ["Requires-Dist: " + item for item in FACTS["requires"]]
    return "\\n".join(lines) + "\\n"


def _dist_info():
    wheel = "Wheel-Version: 1.0\\nGenerator: tiny\\nRoot-Is-Purelib: true\\nTag: " + TAG + "\\n"
    return {"METADATA": _metadata(), "WHEEL": wheel}


def _wheel(directory, files):
    info = STEM + ".dist-info/"
    files = dict(files)
    files.update((info + name, text.encode()) for name, text in _dist_info().items())
    rows = []
    name = STEM + "-" + TAG + ".whl"
    with zipfile.ZipFile(os.path.join(directory, name), "w") as archive:
        for path, data in sorted(files.items()):
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            rows.append("{},sha256={},{}".format(path, digest, len(data)))
            archive.writestr(zipfile.ZipInfo(path), data)
        record = "\\n".join(rows + [info + "RECORD,,"]) + "\\n"
        archive.writestr(zipfile.ZipInfo(info + "RECORD"), record)
    return name


def _sources():
    found = {}
    for top in FACTS["modules"]:
        for folder, _, names in os.walk(top):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as stream:
                    found[path.replace(os.sep, "/")] = stream.read()
    return found


def get_requires_for_build_wheel(config_settings=None):
    return FACTS["build_requires"]


def get_requires_for_build_editable(config_settings=None):
    return FACTS["build_requires"]


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    name = STEM + ".dist-info"
    os.mkdir(os.path.join(metadata_directory, name))
    for path, text in _dist_info().items():
        with open(os.path.join(metadata_directory, name, path), "w") as stream:
            stream.write(text)
    return name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    files = _sources()
    if config_settings:
        files[FACTS["modules"][0] + "/settings.json"] = json.dumps(config_settings, sort_keys=True).encode()
    return _wheel(wheel_directory, files)


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    pth = "__editable__." + FACTS["modules"][0] + ".pth"
    return _wheel(wheel_directory, {pth: (os.getcwd() + "\\n").encode()})
"""

_TINY = """\
[build-system]
requires = [{requires}]
build-backend = "tiny_backend"
backend-path = ["backend"]
"""

_SETUPTOOLS = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "{name}"
version = "{version}"
dependencies = [{dependencies}]

[tool.setuptools]
packages = ["{module}"]
"""

_SETUP = """\
from setuptools import setup

setup(name={name!r}, version={version!r}, packages=[{module!r}], install_requires={requires!r})
"""


def project(
    directory: str,
    name: str,
    version: str = "1.0",
    *,
    requires: Sequence[str] = (),
    backend: str = "tiny",
    build_requires: Sequence[str] = (),
    hooks: str = "",
    files: Mapping[str, str | bytes] | None = None,
) -> str:
    """Write a source tree into `directory` (absolute, made where missing) and return it.

    It holds the package NAME (dashes made underscores) with a `__version__`. `backend`: "tiny" (in the tree, needs
    nothing), "setuptools" (pyproject.toml) or "legacy" (setup.py alone); the last two need a real setuptools.
    `build_requires`: what the tiny backend asks for, in `[build-system]` and by its hook. `hooks`: Python text at
    the end of the tiny backend, to make it misbehave. `files`: more files or others, by path; relative to the tree.
    """
    module = name.replace("-", "_").replace(".", "_")
    content: dict[str, str | bytes] = {f"{module}/__init__.py": f"__version__ = {version!r}\n"}
    if backend == "tiny":
        facts = {
            "name": name,
            "version": version,
            "requires": list(requires),
            "modules": [module],
            "build_requires": list(build_requires),
        }
        content["tiny.json"] = json.dumps(facts)
        content["backend/tiny_backend.py"] = _BACKEND + hooks
        content["pyproject.toml"] = _TINY.format(requires=_strings(build_requires))
    elif backend == "setuptools":
        content["pyproject.toml"] = _SETUPTOOLS.format(
            name=name, version=version, dependencies=_strings(requires), module=module
        )
    elif backend == "legacy":
        content["setup.py"] = _SETUP.format(
            name=name, version=version, module=module, requires=list(requires)
        )
    else:
        raise ValueError(f"no such backend: {backend}")
    content.update(files or {})
    for path, text in content.items():
        target = os.path.join(directory, *path.split("/"))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as stream:
            stream.write(text.encode() if isinstance(text, str) else text)
    return directory


def sdist(
    directory: str,
    name: str,
    version: str,
    *,
    requires: Sequence[str] = (),
    backend: str = "tiny",
    build_requires: Sequence[str] = (),
    hooks: str = "",
    files: Mapping[str, str | bytes] | None = None,
    dynamic: Sequence[str] = (),
    metadata_version: str = "2.2",
) -> str:
    """Write NAME-VERSION.tar.gz (PEP 625) of such a tree into `directory` (absolute) and return its path.

    Its PKG-INFO is static (PEP 643) but for the fields of `dynamic`. The bytes are the same at each call.
    """
    stem = f"{name.lower().replace('-', '_').replace('.', '_')}-{version}"
    tree = os.path.join(directory, f".{stem}.tree")
    project(
        tree,
        name,
        version,
        requires=requires,
        backend=backend,
        build_requires=build_requires,
        hooks=hooks,
        files=files,
    )
    lines = [f"Metadata-Version: {metadata_version}", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {item}" for item in requires] + [
        f"Dynamic: {item}" for item in dynamic
    ]
    path = os.path.join(directory, f"{stem}.tar.gz")
    with open(path, "wb") as stream:
        stream.write(_packed(tree, stem, "\n".join(lines) + "\n"))
    return path


def _packed(tree: str, stem: str, pkg_info: str) -> bytes:
    import gzip

    names = [
        os.path.relpath(os.path.join(folder, name), tree)
        for folder, _, found in os.walk(tree)
        for name in found
    ]
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in sorted(names):
            with open(os.path.join(tree, name), "rb") as stream:
                _add(archive, f"{stem}/{name.replace(os.sep, '/')}", stream.read())
        _add(archive, f"{stem}/PKG-INFO", pkg_info.encode())
    return gzip.compress(plain.getvalue(), mtime=0)


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    info.mtime = 1_000_000_000
    archive.addfile(info, io.BytesIO(data))


def _strings(values: Sequence[str]) -> str:
    return ", ".join(json.dumps(value) for value in values)
