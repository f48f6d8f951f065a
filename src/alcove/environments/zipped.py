"""Distributions in archives on the path: zipped eggs of `easy_install`, and what `importlib.metadata` finds in other ZIP files.

Rule: whatever the archive is, no error: what cannot be read is not there. No archive is met in most environments, so what
reads them is imported when one is.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["content", "metadata_in"]

_LIMIT = 1 << 24  # bytes of one member
_MOST = 1 << 16  # members


def metadata_in(path: str) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """Yield (name of the metadata directory, (name of the file with the headers, its content)) of the archive `path` (absolute).

    A wheel on the path is left out, as pip does.
    """
    if path.endswith(".whl"):
        return
    tops = dict.fromkeys(name.partition("/")[0] for name in _names(path))
    for top in tops:
        low = top.lower()
        if low.endswith((".dist-info", ".egg-info")) or (
            path.lower().endswith(".egg") and low == "egg-info"
        ):
            for name in ("METADATA", "PKG-INFO"):
                head = content(f"{path}/{top}", name)
                if head is not None:
                    yield top, (name, head)
                    break


def content(info: str, name: str) -> bytes | None:
    """Return the file `name` of the metadata directory `info`, whose parent (absolute) is an archive; None for none."""
    path, _, top = info.rpartition("/")
    return _read(path, f"{top}/{name}")


def _names(path: str) -> list[str]:
    from zipfile import ZipFile  # noqa: PLC0415  dear, and seldom needed

    from alcove.files import packed  # noqa: PLC0415

    if not os.path.isfile(path):  # a pipe would be waited for
        return []
    try:
        with ZipFile(path) as archive:
            return archive.namelist()[:_MOST]
    except packed.damage(OSError):
        return []


def _read(path: str, member: str) -> bytes | None:
    from zipfile import ZipFile  # noqa: PLC0415  as above

    from alcove.files import packed  # noqa: PLC0415

    if not os.path.isfile(path):
        return None
    try:
        with ZipFile(path) as archive, archive.open(member) as stream:
            return stream.read(_LIMIT)
    except packed.damage(OSError, KeyError):
        return None
