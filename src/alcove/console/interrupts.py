"""SIGTERM, and SIGHUP of a terminal that was closed, end a command as Ctrl-C does: what is half done is taken back."""

from __future__ import annotations

import time

import alcove

__all__ = ["end_on_terminate"]

_TAKING_BACK = 2.0  # seconds after a signal in which another one does not disturb what it began


def end_on_terminate() -> None:
    """Turn SIGTERM and SIGHUP into KeyboardInterrupt for this process, which is a command of ours and nobody else's.

    SIGHUP and SIGINT not where they are ignored, as by `nohup` and `&`; our launcher has SIGINT end the process until here. A signal that comes soon after another one, as where a terminal is
    closed or Ctrl-C pressed twice, is passed over: what is half done would stay.
    """
    import _signal  # type: ignore[import-not-found]  # noqa: PLC0415  `signal` builds its enums first

    last = -_TAKING_BACK

    def interrupt(*_: object) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _TAKING_BACK:
            last = now
            raise KeyboardInterrupt

    alcove.is_command = True
    _signal.signal(_signal.SIGTERM, interrupt)
    if _signal.getsignal(_signal.SIGINT) in (_signal.default_int_handler, _signal.SIG_DFL):
        _signal.signal(_signal.SIGINT, interrupt)
    hangup = getattr(_signal, "SIGHUP", None)  # Windows has none
    if hangup is not None and _signal.getsignal(hangup) == _signal.SIG_DFL:
        _signal.signal(hangup, interrupt)
