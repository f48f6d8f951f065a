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


def test_without_a_thread_who_asks_does_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    workers = Workers()
    monkeypatch.setattr(threading.Thread, "start", refuse)
    jobs = [Job(lambda: 1), Job(lambda: 2)]
    for job in jobs:
        workers.submit(job)
    assert [job.result() for job in jobs] == [1, 2]
    workers.close()
