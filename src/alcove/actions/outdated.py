"""`outdated`: the installed distributions of which an index has something newer that fits."""

from __future__ import annotations

from alcove import index_settings
from alcove.actions.listing import distributions
from alcove.actions.steady import steadily
from alcove.errors import NoSuchDistribution
from alcove.events import Silent
from alcove.records import NamedTuple
from alcove.requirements.controls import Releases, merged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from alcove.environments.installed import Distribution
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.index.session import Index
    from alcove.settings import Settings

__all__ = ["Newest", "Outdated", "newest", "outdated"]


class Newest(NamedTuple):
    """The newest release that fits: `kind` is "wheel" or "sdist"."""

    version: str
    kind: str


class Outdated(NamedTuple):
    """An installed distribution, and the newest version that fits."""

    name: str
    version: str
    latest: str
    kind: str


def outdated(
    layout: Layout,
    settings: Settings,
    *,
    sources: Mapping[str, object] | None = None,
    offline: bool = False,
    reporter: Reporter | None = None,
) -> list[Outdated]:
    """Return what is older than what the indexes have, in the order of names; `sources`: options by pip's names.

    What came from elsewhere than an index is left out. IndexUnreachable where an index does not answer.
    """
    from packaging.version import InvalidVersion, Version

    from alcove.index.session import Index

    configured = index_settings.read(
        settings.variables,
        settings.home,
        prefix=layout.root,
        layers=[sources or {}],  # type: ignore[list-item]
    )
    there = steadily(layout, lambda: _of_indexes(layout))
    found = []
    with Index(
        configured,
        cache=settings.cache,
        offline=offline or settings.offline,
        refresh=(":all:",),  # what there is now is the question
        reporter=reporter or Silent(),
    ) as index:
        known = newest(
            layout,
            [one.normalised for one in there],
            index,
            settings,
            releases=Releases(*merged((), first=(":all:",) if configured.pre else ())),
            no_binary=configured.no_binary,
            only_binary=configured.only_binary,
        )
    for one in there:
        best = known.get(one.normalised)
        try:
            if best is not None and Version(best.version) > Version(one.version):
                found.append(Outdated(one.name, one.version, best.version, best.kind))
        except InvalidVersion:
            continue
    return found


def newest(
    layout: Layout,
    names: Iterable[str],
    index: Index,
    settings: Settings,
    *,
    releases: Releases,
    no_binary: Collection[str],
    only_binary: Collection[str],
    before: str = "",
) -> dict[str, Newest]:
    """Return the newest fitting release of each of `names` (normalised) that an index has; yanked ones do not count.

    `releases`: of which pre-releases count; `before`: an ISO time at or after which nothing that counts was uploaded, or "".
    """
    from packaging.version import Version

    from alcove.actions.compatible import Chooser
    from alcove.environments.layout import refuse_other_python
    from alcove.index.passing import Unanswered
    from alcove.interpreters.inspect import inspect
    from alcove.interpreters.target import target_of

    interpreter = inspect(layout.python, cache=settings.cache)
    refuse_other_python(layout, interpreter.version)
    target = target_of(interpreter, cache=settings.cache)
    chooser = Chooser(target, no_binary=no_binary, only_binary=only_binary, before=before)
    wanted = list(names)
    index.prefetch(wanted)
    found: dict[str, Newest] = {}
    for name in wanted:
        try:
            project = index.project(name)
        except (NoSuchDistribution, Unanswered):
            continue  # the index has told which place does not answer
        for version in project.versions():
            file = chooser.best(project.files(version))
            if (
                file
                and file.yanked is None
                and (releases.allows(name) or not Version(version).is_prerelease)
            ):
                found[name] = Newest(version, file.kind)
                break
    return found


def _of_indexes(layout: Layout) -> list[Distribution]:
    found = distributions(layout)
    return [one for one in found if one.normalised != "pip" and not one.direct_url()]
