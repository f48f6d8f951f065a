"""What is asked of an index before it is decided what is needed, and what is not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NoReturn

import pytest

from alcove import settings
from alcove.actions import ahead
from alcove.actions.install import engine_for
from alcove.actions.request import Request
from alcove.events import Silent
from tests.unit.transactions.machine import Machine

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from alcove.index_settings import IndexSettings


class Session:
    """Stands for the indexes: keeps what it is asked for."""

    def __init__(self, known: IndexSettings) -> None:
        self.known = known
        self.asked: list[str] = []
        self.closed = False

    def prefetch(self, names: Iterable[str]) -> None:
        """Take names that will be asked for."""
        self.asked += sorted(names)

    def close(self) -> None:
        """Say that nobody asks any more."""
        self.closed = True


class Asker:
    """Begins requests in an environment that holds pip alone, with indexes that only listen."""

    def __init__(self, root: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.layout = Machine(root).create()
        self.root = root
        self.sessions: list[Session] = []
        monkeypatch.setattr(ahead, "opened", self._open)

    def _open(self, known: IndexSettings, *_: object, **__: object) -> Session:
        self.sessions.append(Session(known))
        return self.sessions[-1]

    def settings(self, **variables: str) -> settings.Settings:
        """Return settings of a user without any of the machine's."""
        own = {"HOME": self.root, "PIP_CONFIG_FILE": os.devnull}
        return settings.read({**own, **variables}, cwd=self.root)

    def request(self, *names: str, **fields: object) -> Request:
        """Return a request for `names`."""
        return Request(self.root, "x", names, **fields)  # type: ignore[arg-type]

    def ask(self, request: Request, *, there: Iterable[str] = (), **variables: str) -> list[str]:
        """Return for which projects pages were asked."""
        given = self.settings(**variables)
        known = ahead.configured(self.layout, request, given, [request.sources])
        ahead.begun(known, self.layout, request, given, there=there, reporter=Silent())
        return [name for session in self.sessions for name in session.asked]


@pytest.fixture
def asker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asker:
    return Asker(str(tmp_path), monkeypatch)


def test_pages_of_names_are_asked_for(asker: Asker) -> None:
    request = asker.request("Flask", "zope.interface>=5", "uvicorn[standard]", "a (<2)")
    assert asker.ask(request) == ["a", "flask", "uvicorn", "zope-interface"]


@pytest.mark.parametrize(
    "text",
    ["./flask", "flask.zip", "flask @ https://h.example/f.zip", "a; python_version<'3'", "!", "é"],
)
def test_nothing_is_asked_where_one_may_mean_something_else(asker: Asker, text: str) -> None:
    assert asker.ask(asker.request("flask", text)) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"files": ("more.txt",)},
        {"constraints": ("limits.txt",)},
        {"editables": (".",)},
        {"groups": ("test",)},
        {"scripts": ("one.py",)},
        {"exact": True},
        {"offline": True},
    ],
)
def test_nothing_is_asked_before_files_are_read(asker: Asker, fields: dict[str, object]) -> None:
    assert asker.ask(asker.request("flask", **fields)) == []


@pytest.mark.parametrize("variables", [{"ALCOVE_OFFLINE": "1"}, {"PIP_CONSTRAINT": "limits.txt"}])
def test_nor_where_settings_say_so(asker: Asker, variables: dict[str, str]) -> None:
    assert asker.ask(asker.request("flask"), **variables) == []


def test_what_is_installed_may_do(asker: Asker) -> None:
    assert asker.ask(asker.request("flask", "click"), there=["Click"]) == []


def test_the_indexes_that_were_named_are_asked(asker: Asker) -> None:
    request = asker.request("flask", sources={"index-url": "https://other.example/simple"})
    assert asker.ask(request) == ["flask"]
    assert asker.sessions[0].known.index_url == "https://other.example/simple"


def test_a_session_that_nobody_takes_over_is_closed(
    asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("alcove.actions.engine.Engine", interrupted)
    with pytest.raises(KeyboardInterrupt):
        engine_for(asker.layout, asker.request("flask"), asker.settings(), Silent(), there=())
    assert [session.closed for session in asker.sessions] == [True]
