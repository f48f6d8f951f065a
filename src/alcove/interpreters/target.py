"""What wheels and markers are chosen for: an interpreter that is here, or one that is only declared.

The tags of an interpreter are kept beside its probe; where they are, neither `packaging` nor `re` is imported.
"""

from __future__ import annotations

import os

from alcove.files import data, reading
from alcove.interpreters.kept import kept_file
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.interpreters.kept import Interpreter

__all__ = ["Target", "target_of"]

_SCHEMA = 1  # of the tags that are kept


class Target(NamedTuple):
    """`python` as "3.12.1"; `markers`: the environment of PEP 508 without `extra`; `tags`: "cp312-…", the best first."""

    python: str
    markers: dict[str, str]
    tags: tuple[str, ...]


def target_of(interpreter: Interpreter, *, cache: str = "") -> Target:
    """Return the target that `interpreter` is; with `cache` (alcove's, absolute) its tags are read from and kept there."""
    if not cache:
        return Target(interpreter.version, interpreter.markers, _computed(interpreter))
    path = kept_file(interpreter.executable, cache)[: -len("json")] + "tags"
    made_from = data.dumps(
        [
            _SCHEMA,
            interpreter.executable,
            interpreter.version,
            interpreter.free_threaded,
            interpreter.pointer_bits,
            interpreter.platform,
            interpreter.facts,
        ]
    )
    tags = _read(path, made_from)
    if not tags:
        tags = _computed(interpreter)
        _write(path, made_from, tags)
    return Target(interpreter.version, interpreter.markers, tags)


def _computed(interpreter: Interpreter) -> tuple[str, ...]:
    from alcove.interpreters.tags import supported  # noqa: PLC0415  loads packaging

    return supported(interpreter)


def _read(path: str, made_from: bytes) -> tuple[str, ...]:
    """Return the tags kept in `path` where its first line says that they were made from the same facts, else none."""
    try:
        content = reading.content(path)
    except OSError:
        return ()
    if not content.startswith(made_from) or not content.endswith(b"\n"):
        return ()
    return tuple(content[len(made_from) :].decode("ascii", "replace").split())


def _write(path: str, made_from: bytes, tags: tuple[str, ...]) -> None:
    """Keep the tags; where that fails they are computed again, which is only slower."""
    from alcove.files import atomic, trees  # noqa: PLC0415  not needed where tags are kept

    try:
        trees.make_directories(os.path.dirname(path))
        atomic.replace_file(path, made_from + "\n".join(tags).encode() + b"\n")
    except OSError:
        return
