"""Under which name a built wheel is kept in the cache: equal inputs, equal name."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from alcove.files import data

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["cache_key"]

_FORMAT = 1  # another number when what is built from the same inputs changes


def cache_key(
    origin: str,
    interpreter: Iterable[str],
    *,
    config_settings: Mapping[str, str | Sequence[str]] | None = None,
    requires: Iterable[str] = (),
    subdirectory: str = "",
) -> str:
    """Return 64 hex digits that stand for a wheel built from these inputs; pure.

    `origin`: "sha256:…" of an sdist, or what identifies a tree ("git+https://…@COMMIT"). `interpreter`: what its
    tags are made of (cache tag, platform, libc and so on; order counts). `requires`: the pins of the build
    environment, or the backend's requirements; their order does not count.
    """
    settings = [
        [name, value if isinstance(value, str) else list(value)]
        for name, value in sorted((config_settings or {}).items())
    ]
    facts = [_FORMAT, origin, subdirectory, list(interpreter), settings, sorted(requires)]
    return sha256(data.dumps(facts)).hexdigest()
