"""Alcove's side of the other commands of the pip inside: the port `more_actions.MoreActions`, carried out by the library."""

from __future__ import annotations

from alcove.environments.layout import open_layout
from alcove.errors import NoSuchDistribution
from alcove.pip.cache_place import cached
from alcove.pip.more_actions import Got

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Protocol

    from alcove.actions.request import Request
    from alcove.events import Reporter
    from alcove.index.session import Index
    from alcove.interpreters.target import Target
    from alcove.pip.actions import IndexOptions, InstallRequest
    from alcove.pip.more_actions import TargetWish
    from alcove.settings import Settings

    class _Opens(Protocol):
        def __call__(
            self, options: IndexOptions | None, *, cache: str, reporter: Reporter
        ) -> Index: ...


__all__ = ["MoreEnvironmentActions"]


class MoreEnvironmentActions:
    """What alcove does for the environment at `prefix` (absolute). `index` opens indexes, `request` translates requests."""

    def __init__(
        self,
        prefix: str,
        given: Settings,
        *,
        index: _Opens,
        request: Callable[[InstallRequest], Request],
    ) -> None:
        self._prefix = prefix
        self._settings = given
        self._index = index
        self._request = request

    def cache(self) -> str:
        """Return alcove's cache."""
        return self._settings.cache

    def versions(
        self,
        name: str,
        index: IndexOptions,
        wish: TargetWish,
        *,
        check_python: bool,
        reporter: Reporter,
    ) -> Sequence[str]:
        """Return the versions that have a file for the target and are not yanked."""
        from alcove.actions.compatible import Chooser

        chooser = Chooser(
            self._target(wish),
            no_binary=index.no_binary,
            only_binary=index.only_binary,
            check_python=check_python,
            before=index.uploaded_prior_to,
        )
        with (
            cached(self._settings, index.cache_dir) as given,
            self._index(index, cache=given.cache, reporter=reporter) as session,
        ):
            try:
                project = session.project(name)
            except NoSuchDistribution:
                return ()
            return [
                version
                for version in project.versions()
                if any(file.yanked is None for file in chooser.fitting(project.files(version)))
            ]

    def tags(self, wish: TargetWish) -> Sequence[str]:
        """Return the wheel tags of the target."""
        return self._target(wish).tags

    def gather(
        self, request: InstallRequest, wish: TargetWish, reporter: Reporter, *, into: str, form: str
    ) -> Sequence[Got]:
        """Decide as if nothing were installed, and put the files into a directory."""
        from alcove.actions.gather import gather

        with cached(self._settings, request.sources.cache_dir) as given:
            rows = gather(
                open_layout(self._prefix),
                self._request(request),
                given,
                into=into,
                form=form,
                target=self._target(wish) if wish != type(wish)() else None,
                reporter=reporter,
            )
            return [Got(row.pinned, row.path, row.there, row.built) for row in rows]

    def _target(self, wish: TargetWish) -> Target:
        from alcove.interpreters.inspect import inspect
        from alcove.interpreters.restricted import Restriction, restricted

        cache = self._settings.cache
        interpreter = inspect(open_layout(self._prefix).python, cache=cache)
        return restricted(interpreter, Restriction(*wish), cache=cache)
