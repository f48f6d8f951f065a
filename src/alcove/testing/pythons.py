"""An archive of an interpreter of this machine, as small as one that starts can be: what a build of Python looks like.

Rule: the binary is the machine's, the standard library what a start needs; the layout is that of python-build-standalone's
`install_only` archives.
"""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import tarfile

__all__ = ["python_archive"]

_NEEDED = (
    "__future__",
    "_collections_abc",
    "_sitebuiltins",
    "_weakrefset",
    "abc",
    "codecs",
    "genericpath",
    "io",
    "keyword",
    "os",
    "posixpath",
    "site",
    "stat",
)
_FACTS = (
    "import os, sys; print('%d.%d' % sys.version_info[:2]); print(os.path.dirname(os.__file__))"
)


def python_archive(path: str, executable: str, *, extra: dict[str, bytes] | None = None) -> str:
    """Write a .tar.gz of the CPython `executable` to `path` (both absolute); return its sha256 in hex.

    `extra`: more files, by their names below the archive's top directory.
    """
    words = [executable, "-I", "-S", "-c", _FACTS]
    version, library = subprocess.run(
        words, capture_output=True, text=True, check=True
    ).stdout.split("\n")[:2]
    folder = f"python/lib/python{version}"
    with tarfile.open(path, "w:gz", compresslevel=1) as tar:
        _add(tar, f"python/bin/python{version}", _read(os.path.realpath(executable)), mode=0o755)
        for name in ("python", "python3"):
            link = tarfile.TarInfo(f"python/bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, f"python{version}"
            tar.addfile(link)
        for name in _NEEDED:
            source = os.path.join(library, name + ".py")
            if os.path.isfile(source):
                _add(tar, f"{folder}/{name}.py", _read(source))
        for name in ("__init__", "aliases", "utf_8", "utf_8_sig", "latin_1", "ascii"):
            source = os.path.join(library, "encodings", name + ".py")
            _add(tar, f"{folder}/encodings/{name}.py", _read(source))
        for name, content in (extra or {}).items():
            _add(tar, f"python/{name}", content)
    return hashlib.sha256(_read(path)).hexdigest()


def _add(tar: tarfile.TarFile, name: str, content: bytes, mode: int = 0o644) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = len(content), mode, 1_700_000_000
    tar.addfile(info, io.BytesIO(content))


def _read(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read()
