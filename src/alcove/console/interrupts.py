"""SIGTERM ends a command as Ctrl-C does: what is half done is taken back."""

from __future__ import annotations

__all__ = ["end_on_terminate"]


def end_on_terminate() -> None:
    """Turn SIGTERM into KeyboardInterrupt for this process."""
    import _signal  # type: ignore[import-not-found]  # noqa: PLC0415  `signal` builds its enums first

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    _signal.signal(_signal.SIGTERM, interrupt)
