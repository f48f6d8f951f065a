"""The part of the fake actions that the commands beside installing and listing ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from alcove.events import Notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.events import Reporter
    from alcove.pip.actions import IndexOptions, InstallRequest
    from alcove.pip.more_actions import Got, TargetWish

__all__ = ["Asked", "FakeMore"]


class Asked(NamedTuple):
    """One request to gather files."""

    request: InstallRequest
    wish: TargetWish
    into: str
    form: str


class FakeMore:
    """Notes requests and answers with what the test put here."""

    def __init__(self) -> None:
        self.cached = "/the/cache"
        self.offered: dict[str, list[str]] = {}
        self.asked_versions: list[tuple[str, IndexOptions, TargetWish, bool]] = []
        self.some_tags: list[str] = ["py3-none-any"]
        self.wishes: list[TargetWish] = []
        self.gathered: list[Asked] = []
        self.got: list[Got] = []

    def cache(self) -> str:
        """Return the path that the test says."""
        return self.cached

    def versions(
        self,
        name: str,
        index: IndexOptions,
        wish: TargetWish,
        *,
        check_python: bool,
        reporter: Reporter,
    ) -> Sequence[str]:
        """Note the question."""
        reporter.emit(Notice("one of two has it"))
        self.asked_versions.append((name, index, wish, check_python))
        return self.offered.get(name, [])

    def tags(self, wish: TargetWish) -> Sequence[str]:
        """Note the target."""
        self.wishes.append(wish)
        return self.some_tags

    def gather(
        self,
        request: InstallRequest,
        wish: TargetWish,
        _reporter: Reporter,
        *,
        into: str,
        form: str,
    ) -> Sequence[Got]:
        """Note the request."""
        self.gathered.append(Asked(request, wish, into, form))
        return self.got
