"""A resolution as requirements.txt: pins in the order of names, for pip and for all that read its files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from alcove.errors import LockError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alcove.requirements.resolution import Pinned, Resolution

__all__ = ["Hashed", "dumps"]

_LINE = re.compile(r"[\x00-\x1f\x7f]")


class Hashed(Protocol):
    """A file of a pinned version; an `index.pages.File` is one."""

    @property
    def hashes(self) -> Sequence[tuple[str, str]]:
        """Return (algorithm, hex digest) pairs."""


def dumps(
    resolution: Resolution,
    *,
    hashes: bool = False,
    files: Mapping[str, Sequence[Hashed]] | None = None,
) -> str:
    """Return the text of a requirements file with the pins of `resolution`.

    With `hashes`, each has the sha256 of its file, and of all `files` of its name, so that other machines may take
    another wheel. LockError where one cannot have a hash (version control, directories) or none is known.

    >>> from alcove.requirements.resolution import Origin, Pinned, Resolution
    >>> print(dumps(Resolution((Pinned("six", "1.16.0", Origin("index", "", "")),))), end="")
    six==1.16.0
    """
    lines = []
    for pin in sorted(resolution.distributions, key=lambda pin: (pin.name, pin.version)):
        line = _requirement(pin, hashes=hashes)
        if _LINE.search(line):
            raise LockError(
                f"{pin.name} {pin.version} cannot be written on one line of a requirements file"
            )
        if hashes:
            line += _hashes(pin, (files or {}).get(pin.name, ()))
        lines.append(f"{line}\n")
    return "".join(lines)


def _requirement(pin: Pinned, *, hashes: bool) -> str:
    origin = pin.origin
    name = f"{pin.name}[{','.join(sorted(pin.extras))}]" if pin.extras else pin.name
    if origin.kind == "index":
        return f"{name}=={pin.version}"
    if hashes and origin.kind not in ("url", "file"):
        raise LockError(
            f"{pin.name} comes from {_IN_WORDS.get(origin.kind, origin.kind)}, which has no hash",
            hint="write the file without hashes",
        )
    if origin.kind in ("directory", "editable"):
        return _directory(pin, name)
    fragment = f"#subdirectory={quote(origin.subdirectory)}" if origin.subdirectory else ""
    if origin.kind == "vcs":
        if origin.vcs is None or not origin.vcs[2]:
            raise LockError(f"{pin.name} comes from version control, and nobody knows its commit")
        return f"{name} @ {origin.vcs[0]}+{origin.url}@{origin.vcs[2]}{fragment}"
    return f"{name} @ {origin.url}{fragment}"


def _directory(pin: Pinned, name: str) -> str:
    below = f"/{quote(pin.origin.subdirectory)}" if pin.origin.subdirectory else ""
    url = pin.origin.url.rstrip("/") + below
    if pin.origin.kind == "directory":
        return f"{name} @ {url}"
    return f"-e {url}{name.removeprefix(pin.name)}"  # pip takes extras from the end of the URL


def _hashes(pin: Pinned, files: Sequence[Hashed]) -> str:
    found = {digest.lower() for file in files for kind, digest in file.hashes if kind == "sha256"}
    if pin.origin.sha256:
        found.add(pin.origin.sha256)
    if not found:
        raise LockError(
            f"{pin.name} {pin.version}: no sha256 of it is known",
            hint="write the file without hashes",
        )
    return "".join(f" \\\n    --hash=sha256:{digest}" for digest in sorted(found))


_IN_WORDS = {
    "vcs": "version control",
    "directory": "a directory",
    "editable": "an editable directory",
}
