"""`pip hash`: lines of `--hash` for local files, as requirements files take them."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.pip.session import Session

__all__ = ["run"]

_BLOCK = 1 << 20  # bytes


def run(session: Session) -> int:
    """Carry out `pip hash`; 1 without a file, 2 for one that cannot be read, as in pip."""
    parsed = session.parsed
    if not parsed.arguments:
        session.output.complain(f"\nUsage: {session.program} hash [options] <file> ...")
        return 1
    algorithm = parsed.text("algorithm") or "sha256"
    for path in parsed.arguments:
        try:
            digest = _digest(os.path.join(session.directory, path), algorithm)
        except OSError as error:
            session.output.critical(f"{path}: {error.strerror}")
            session.output.hint("name files that can be read")
            return 2
        session.output.info(f"{path}:\n--hash={algorithm}:{digest}")
    return 0


def _digest(path: str, algorithm: str) -> str:
    import hashlib

    hasher = hashlib.new(algorithm)
    with open(path, "rb", buffering=0) as stream:
        while block := stream.read(_BLOCK):
            hasher.update(block)
    return hasher.hexdigest()
