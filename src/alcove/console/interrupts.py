"""SIGTERM, and SIGHUP of a terminal that was closed, end a command as Ctrl-C does: what is half done is taken back."""

from __future__ import annotations

import alcove

__all__ = ["end_on_terminate"]


def end_on_terminate() -> None:
    """Turn SIGTERM and SIGHUP into KeyboardInterrupt for this process, which is a command of ours and nobody else's.

    SIGHUP not where it is ignored, as by `nohup`.
    """
    import _signal  # type: ignore[import-not-found]  # noqa: PLC0415  `signal` builds its enums first

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    alcove.is_command = True
    _signal.signal(_signal.SIGTERM, interrupt)
    hangup = getattr(_signal, "SIGHUP", None)  # Windows has none
    if hangup is not None and _signal.getsignal(hangup) == _signal.SIG_DFL:
        _signal.signal(hangup, interrupt)
