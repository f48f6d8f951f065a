"""Which module runs each command of `more_options`; only its own is imported."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from alcove.pip.session import Session

__all__ = ["runner_of"]


def runner_of(name: str) -> Callable[[Session], int]:
    """Return what runs the command `name`, a key of `more_options.COMMANDS`."""
    if name == "inspect":
        from alcove.pip.inspect import run as runner
    elif name == "index":
        from alcove.pip.versions import run as runner
    elif name == "cache":
        from alcove.pip.cache import run as runner
    elif name == "config":
        from alcove.pip.config import run as runner
    elif name == "hash":
        from alcove.pip.hash import run as runner
    elif name == "completion":
        from alcove.pip.completion import run as runner
    elif name == "debug":
        from alcove.pip.debug import run as runner
    elif name == "download":
        from alcove.pip.download import run as runner
    elif name == "wheel":
        from alcove.pip.wheel import run as runner
    else:
        from alcove.pip.lock import run as runner
    return runner
