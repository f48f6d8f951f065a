"""How much disk an entry takes.

Rule: what is counted is what the file system gave (blocks of 512 bytes), not how long files are; so what `envs` says is
shared is what `gc` gets back, which counts the bytecode too.
"""

from __future__ import annotations

from alcove.files import trees
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

__all__ = ["Measured", "measure", "taken"]

_BLOCK = 512  # bytes of `st_blocks`, everywhere


class Measured(NamedTuple):
    """The bytes that a directory takes on disk, and those of them that are bytecode; `held`: a file has another hard link."""

    size: int
    bytecode: int
    held: bool


def measure(path: str) -> Measured:
    """Return what the directory `path` (absolute) takes, all below it and not itself; OSError where it cannot be read."""
    size = bytecode = 0
    held = False
    for facts, is_directory, is_bytecode in _below(path):
        bytes_taken = taken(facts)
        size += bytes_taken
        bytecode += bytes_taken if is_bytecode else 0
        held = held or (facts.st_nlink > 1 and not is_directory)
    return Measured(size, bytecode, held)


def taken(facts: os.stat_result) -> int:
    """Return the bytes that a file or directory takes on disk."""
    blocks = getattr(facts, "st_blocks", None)
    return facts.st_size if blocks is None else blocks * _BLOCK


def _below(path: str) -> Iterator[tuple[os.stat_result, bool, bool]]:
    for name, entry in trees.walk(path):
        is_directory = entry.is_dir(follow_symlinks=False)
        is_bytecode = not is_directory and name.rpartition("/")[0].endswith("__pycache__")
        yield entry.stat(follow_symlinks=False), is_directory, is_bytecode
