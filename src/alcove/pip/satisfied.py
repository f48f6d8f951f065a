"""What a `pip install` asked for and found there already, for the lines by which pip says so.

Rule: where the outcome of a request was remembered, nothing that takes long to import is imported to say it, unless there
is something to be said.
"""

from __future__ import annotations

import os

from alcove.pip.actions import Satisfied
from alcove.plans.plan import normalise
from alcove.requirements.dependencies import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from packaging.requirements import Requirement

    from alcove.environments.installed import Distribution
    from alcove.environments.layout import Layout
    from alcove.pip.actions import Change, InstallRequest, TargetFacts
    from alcove.requirements.spec import Asked
    from alcove.settings import Settings

__all__ = ["asked_again", "may_be_more", "told", "written"]


def may_be_more(request: InstallRequest, changes: Sequence[Change]) -> bool:
    """Tell whether a request names anything besides what it changed."""
    done = {normalise(one.name) for one in changes}
    return any(name not in done for name in _names(request))


def _names(request: InstallRequest) -> Iterator[str]:
    """Yield the names that a request begins its lines with: enough of such as its outcome is remembered of."""
    for text in request.requirements:
        yield normalise(name_of(text))
    for file in _files(request):
        with open(
            os.path.join(request.directory, file), encoding="utf-8", errors="replace"
        ) as stream:
            for line in stream:
                if name := name_of(line):
                    yield normalise(name)


def _files(request: InstallRequest) -> list[str]:
    """Return the requirements files of a request that can be read again; locks say nothing of what was there."""
    return [
        name
        for name in request.files
        if not name.endswith(".toml") and os.path.isfile(os.path.join(request.directory, name))
    ]


def written(request: InstallRequest) -> Iterator[str]:
    """Yield the names that a request begins its lines with, as they are spelled there; of nested files none."""
    yield from request.requirements
    yield from request.editables
    for file in _files(request):
        with open(
            os.path.join(request.directory, file), encoding="utf-8", errors="replace"
        ) as stream:
            yield from map(name_of, stream)


def asked_again(
    request: InstallRequest,
    changes: Sequence[Change],
    *,
    environ: Mapping[str, str],
    markers: Callable[[], TargetFacts],
) -> list[Asked]:
    """Return what a request names besides what it changed, read again: its outcome was remembered and does not say.

    `environ`: for the variables of files. `markers`: the values of the environment's Python, asked when needed.
    """
    from alcove.requirements import requirements_txt
    from alcove.requirements.dependencies import applies
    from alcove.requirements.spec import parse

    found = [
        parse(text, origin="command line", directory=request.directory)
        for text in request.requirements
    ]
    for name in _files(request):
        read = requirements_txt.read(
            name, directory=request.directory, fetch=lambda _: b"", environ=environ
        )
        found += read.asked
    done = {normalise(one.name) for one in changes}
    return [
        one
        for one in found
        if one.name not in done and applies(one.text, lambda: markers().markers)
    ]


def told(
    layout: Layout,
    asked: Sequence[Asked],
    settings: Settings,
    *,
    base_paths: Callable[[], Sequence[str]],
    besides: Collection[str] = (),
    markers: Callable[[], TargetFacts] | None = None,
) -> tuple[Satisfied, ...]:
    """Return where what is asked for lies, and in which version, and then what that needs, but for `besides`.

    `base_paths`: the base's directories of modules. `markers` as `asked_again` has it; None where needs do not count.
    """
    from alcove.actions.request import sees_base
    from alcove.environments import installed
    from alcove.requirements.spec import spell

    places = [layout.site_packages]
    if sees_base(layout):
        from alcove.actions.base import user_site

        user = user_site(layout, settings)
        places += [*([user] if user else []), *base_paths()]
    there = {one.normalised: one for one in installed.read_all(places).distributions}
    roots = []
    named: set[str] = set()
    for one in asked:
        if one.name in there and one.name not in named:
            named.add(one.name)
            text, found = spell(one._replace(marker="", name=_written(one))), there[one.name]
            said = Satisfied(text, found.location, found.version, _origin(one))
            roots.append((one.name, one.extras, said))
    needed = () if markers is None else _needed(there, roots, {*besides}, markers)
    return (*(said for _, _, said in roots), *needed)


def _written(one: Asked) -> str:
    """Return the name as the user spelled it."""
    name = name_of(one.text)
    return name if normalise(name) == one.name else one.name


def _origin(one: Asked) -> str:
    """Return where a requirement stands, as pip says it; "" for the command line."""
    file, line, _ = (*one.origin.rsplit(":", 2), "", "")[:3]
    return f"-r {file} (line {line})" if line.isdecimal() else ""


def _needed(
    there: Mapping[str, Distribution],
    roots: Sequence[tuple[str, tuple[str, ...], Satisfied]],
    besides: set[str],
    markers: Callable[[], TargetFacts],
) -> Iterator[Satisfied]:
    """Yield what is needed and there, each once: for what was asked for in its order, then in that of names, as pip looks."""
    from heapq import heapify, heappop, heappush

    from packaging.requirements import InvalidRequirement, Requirement

    pending = [(place, name, extras, said) for place, (name, extras, said) in enumerate(roots)]
    heapify(pending)
    seen = besides | {name for _, name, _, _ in pending}
    while pending:
        _, name, extras, said = heappop(pending)
        path = f"{said.requirement}->{said.through}" if said.through else said.requirement
        for text in there[name].requires():
            try:
                needed = Requirement(text)
            except InvalidRequirement:
                continue
            other = normalise(needed.name)
            if other in seen or other not in there or not _counts(needed, extras, markers):
                continue
            seen.add(other)
            needed.marker = None
            found = there[other]
            row = Satisfied(str(needed), found.location, found.version, path)
            yield row
            more = tuple(sorted(map(normalise, needed.extras)))
            heappush(pending, (len(roots), other, more, row))


def _counts(needed: Requirement, extras: Sequence[str], markers: Callable[[], TargetFacts]) -> bool:
    if needed.marker is None:
        return True
    values = dict(markers().markers)
    return any(needed.marker.evaluate({**values, "extra": one}) for one in ("", *extras))
