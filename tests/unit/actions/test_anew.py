"""What nothing meets is looked for once more, on pages that are asked for again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from alcove.actions import anew
from alcove.actions.request import Request
from alcove.errors import AlcoveError, IndexUnreachable, NoSuchDistribution, ResolutionImpossible
from alcove.requirements import spec

if TYPE_CHECKING:
    from collections.abc import Sequence

FOUND = cast("Any", object())


class Resolver:
    """An engine whose `resolve` fails with one error after the other, as long as there are any."""

    def __init__(
        self, *errors: AlcoveError, unasked: Sequence[str] = (), upgrade: tuple[str, ...] = ()
    ) -> None:
        self.request = Request(
            directory="/", command="install", refresh=("before",), upgrade=upgrade
        )
        self.index = cast("Any", self)
        self.refreshed: list[tuple[str, ...]] = []
        self._errors = list(errors)
        self._unasked = frozenset(unasked)

    def unasked(self) -> frozenset[str]:
        """Return what `Index.unasked` would."""
        return self._unasked

    def resolve(self, *_: object) -> Any:
        """Fail, or return FOUND; note what is refreshed."""
        self.refreshed.append(self.request.refresh)
        if self._errors:
            raise self._errors.pop(0)
        return FOUND


def nothing(requirement: str) -> AlcoveError:
    return NoSuchDistribution("nothing", requirement=requirement)


def run(resolver: Resolver) -> Any:
    return anew.resolve(resolver, [], [], installed={})


def test_what_resolves_is_resolved_once() -> None:
    resolver = Resolver(unasked=["demo"])
    assert run(resolver) is FOUND
    assert len(resolver.refreshed) == 1


@pytest.mark.parametrize(
    "error",
    [
        nothing("Demo[x]>=2"),
        ResolutionImpossible("no", requirement="demo==2 (from other)"),
    ],
)
def test_the_page_of_what_is_lacking_is_asked_for_again(error: AlcoveError) -> None:
    resolver = Resolver(error, unasked=["demo", "other"])
    assert run(resolver) is FOUND
    assert resolver.refreshed == [("before",), ("before", "demo")]


def test_so_is_a_page_of_many_projects() -> None:
    resolver = Resolver(nothing("demo"), unasked=[""])
    assert run(resolver) is FOUND
    assert resolver.refreshed[-1] == ("before", "")


@pytest.mark.parametrize(
    ("error", "unasked"),
    [
        (nothing("demo"), ["other"]),  # it was just read
        (nothing(""), ["demo"]),
        (nothing("./demo-1.0.whl"), ["demo"]),
        (ResolutionImpossible("these two exclude each other"), ["demo"]),
        (IndexUnreachable("no answer"), ["demo"]),
    ],
)
def test_what_no_page_can_change_is_an_error_at_once(
    error: AlcoveError, unasked: list[str]
) -> None:
    resolver = Resolver(error, unasked=unasked)
    with pytest.raises(type(error)):
        run(resolver)
    assert len(resolver.refreshed) == 1


@pytest.mark.parametrize(
    ("upgrade", "refreshed"),
    [((), ()), (("*",), ("demo", "other")), (("**",), ("demo", "other")), (("other",), ("other",))],
)
def test_what_is_to_be_the_newest_is_asked_for_again(
    upgrade: tuple[str, ...], refreshed: tuple[str, ...]
) -> None:
    resolver = Resolver(upgrade=upgrade)
    words = ("other", "demo", "https://x.example/demo-1.zip")
    asked = [spec.parse(word, origin="here", directory="/") for word in words]
    assert anew.resolve(resolver, asked, [], installed={}) is FOUND
    assert resolver.refreshed == [("before", *refreshed)]


def test_the_second_failure_stands() -> None:
    resolver = Resolver(nothing("demo"), nothing("demo"), unasked=["demo"])
    with pytest.raises(NoSuchDistribution):
        run(resolver)
    assert len(resolver.refreshed) == 2
