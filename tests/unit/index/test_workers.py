"""Workers that an interrupt meets."""

from __future__ import annotations

import threading

import pytest

from alcove.index.workers import Job, Workers


def test_an_interrupt_before_a_thread_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: threading.Thread) -> None:
        raise KeyboardInterrupt

    workers = Workers()
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", interrupt)
        with pytest.raises(KeyboardInterrupt):
            workers.submit(Job(int))
    workers.close()
