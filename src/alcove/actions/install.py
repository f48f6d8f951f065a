"""`install`, `uninstall`, `sync`: a request carried out in one transaction, or nothing at all."""

from __future__ import annotations

import os

from alcove import __version__
from alcove.actions import memory
from alcove.actions.held import hold
from alcove.actions.request import digest_of
from alcove.actions.stores import store_root
from alcove.errors import NoSuchDistribution, TransactionError, UsageError
from alcove.events import Breaks, Notice, Silent, Warned
from alcove.files import refusals
from alcove.files.digest import text_digest
from alcove.plans.plan import normalise, plan
from alcove.records import NamedTuple
from alcove.store import layout as store_layout
from alcove.transactions import state
from alcove.transactions.apply import content_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alcove.actions.decided import Decided
    from alcove.actions.engine import Engine
    from alcove.actions.request import Request
    from alcove.environments.generation import Placement
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.plans.plan import Plan
    from alcove.requirements.resolution import Resolution
    from alcove.requirements.spec import Asked
    from alcove.settings import Settings
    from alcove.transactions.apply import Held

__all__ = ["Outcome", "engine_for", "install", "sync", "uninstall"]


class Outcome(NamedTuple):
    """What was done, or with `dry_run` would be: `generation` is the number now shown, -1 where nothing was looked at.

    `satisfied`: what was asked for and was there already. `wanted`: all that the environment holds then. `resolution`:
    what was decided, None where that was remembered. `broken`: sentences for what stays and does not fit any more; each
    was told (`events.Breaks`) before anything was done. `unbuilt`: METADATA by normalised name of what a dry run did not
    build or unpack.
    """

    plan: Plan
    generation: int
    satisfied: tuple[Asked, ...]
    wanted: tuple[Placement, ...] = ()
    resolution: Resolution | None = None
    broken: tuple[str, ...] = ()
    unbuilt: Mapping[str, bytes] = {}


_NOTHING = plan((), ())


def install(
    layout: Layout,
    request: Request,
    settings: Settings,
    *,
    reporter: Reporter | None = None,
    wait: float | None = None,
) -> Outcome:
    """Carry out an install or a sync (`request.exact`) in the environment; errors leave everything as it was.

    Where this user may not change it, TransactionError, unless all that is asked for is there.
    """
    asked = digest_of(request, layout, settings)
    if asked and not (request.upgrade or request.dry_run or request.report):
        known = state.read(layout)
        if known is not None and known.asked == asked:
            return Outcome(_NOTHING, known.number, ())
    if not (request.dry_run or request.force or request.report):
        refused = refusals.first(*layout.written)
        if refused is not None:
            return _met(layout, request, settings, refused, reporter=reporter)
    with hold(layout, settings, reporter, wait=wait, dry_run=request.dry_run) as held:
        if held.is_another:
            asked = digest_of(request, held.layout, settings)
        return _carry_out(held, request, settings, asked)


def _met(
    layout: Layout,
    request: Request,
    settings: Settings,
    refused: OSError,
    *,
    reporter: Reporter | None,
) -> Outcome:
    """Return that there is nothing to do in an environment that this user may not change; else TransactionError."""
    from alcove.actions.satisfied import satisfied
    from alcove.transactions.apply import not_yours

    dry = request._replace(dry_run=True)
    with (
        hold(layout, settings, reporter, dry_run=True) as held,
        engine_for(layout, dry, settings, held.reporter) as engine,
    ):
        found = satisfied(engine, held.shown)
        if found is None:
            raise not_yours(layout.root, refused) from refused
        return Outcome(_NOTHING, held.shown.number, found)


def sync(
    layout: Layout,
    request: Request,
    settings: Settings,
    *,
    reporter: Reporter | None = None,
    wait: float | None = None,
) -> Outcome:
    """Make the environment equal to the pins that `request` names: what they do not name goes; else as `install`."""
    return install(layout, request._replace(exact=True), settings, reporter=reporter, wait=wait)


def _carry_out(held: Held, request: Request, settings: Settings, asked: str) -> Outcome:
    shown = held.shown
    # Another alcove may decide otherwise.
    key = text_digest(asked, content_of(shown.placements), shown.mode, __version__) if asked else ""
    offline = request.offline or settings.offline
    # Shared from before an entry is looked up until the generation is shown: `gc` cannot come between.
    store = store_layout.store_at(store_root(held.layout))
    lock = store_layout.lock(
        store, shared=True, timeout=held.wait, needed=False, reporter=held.reporter
    )
    held.keep(lock)
    found = (
        memory.recall(settings.cache, key, held.layout, shown=shown.placements, offline=offline)
        if key and not request.report
        else None
    )
    if found is not None:
        _tell_again(held.reporter, found.told)
        _tell_broken(held.reporter, found.broken)
        done = finish(held, found.placements, request=request, asked=asked)
        return done._replace(broken=found.broken)
    decided, placements = _decide(held, request, settings)
    if key and decided.until is not None and not (request.upgrade or decided.unbuilt):
        memory.remember(
            settings.cache,
            key,
            placements,
            shown=shown.placements,
            pinned=decided.pinned,
            reporter=held.reporter,
            broken=decided.broken,
            told=decided.told,
            seen=decided.seen,
            until=decided.until,
        )
    _tell_broken(held.reporter, decided.broken)
    if request.force and not request.dry_run:
        from alcove.actions.putting_back import put_back

        put_back(held, (one.name for one in decided.resolution.distributions), placements)
    done = finish(held, placements, request=request, asked=asked, satisfied=decided.satisfied)
    if request.compile and not request.dry_run:
        from alcove.actions.compiling import compile_placed

        compile_placed(held.layout, [one for one in placements if one not in shown.placements])
    return done._replace(
        wanted=tuple(placements),
        resolution=decided.resolution,
        broken=decided.broken,
        unbuilt=decided.unbuilt,
    )


def _tell_again(reporter: Reporter, told: Sequence[tuple[str, str, str | None]]) -> None:
    """Say what was said when it was decided: that a version is yanked, that an extra does not exist."""
    for kind, text, hint in told:
        reporter.emit(Warned(text, hint) if kind == "Warned" else Notice(text))


def _tell_broken(reporter: Reporter, broken: Sequence[str]) -> None:
    """Say what will not fit any more, before it is so."""
    for text in broken:
        reporter.emit(Breaks(text))


def finish(
    held: Held,
    placements: Sequence[Placement],
    *,
    request: Request,
    asked: str = "",
    satisfied: tuple[Asked, ...] = (),
) -> Outcome:
    """Show `placements`, where they differ from what is shown."""
    before = held.shown.placements
    result = plan(before, placements)
    if request.dry_run:
        return Outcome(result, held.shown.number, satisfied)
    if content_of(before) != content_of(placements):
        names = (*request.requirements, *request.editables, *request.files)
        held.change(placements, why=request.command, asked=names, digest=asked)
    elif asked:
        held.note(asked)
    return Outcome(result, held.shown.number, satisfied)


def _decide(
    held: Held, request: Request, settings: Settings
) -> tuple[Decided, tuple[Placement, ...]]:
    there = [one.name for one in held.shown.placements]
    with engine_for(held.layout, request, settings, held.reporter, there=there) as engine:
        decided = engine.decide(held.shown)
        placements = place(held, decided.placements, reporter=engine.noting)
    known = decided._replace(
        told=engine.noting.noted, seen=engine.index.seen(), until=engine.index.holds_until()
    )
    return known, placements


def engine_for(
    layout: Layout,
    request: Request,
    settings: Settings,
    reporter: Reporter,
    *,
    there: Sequence[str] | None = None,
) -> Engine:
    """Return the engine that carries a request out, to be entered with `with`; it builds in workplaces of its own.

    `there`: the names of what is installed, where the first pages may be asked for at once.
    """
    from alcove.actions import ahead

    index = None
    known = ahead.configured(layout, request, settings, [request.sources])
    if there is not None:
        index = ahead.begun(known, layout, request, settings, there=there, reporter=reporter)
    try:
        from alcove.actions.engine import Engine
        from alcove.actions.workplaces import workplace

        within = request._replace(configured_by=request.configured_by or layout.root)
        return Engine(
            layout,
            request,
            settings,
            reporter=reporter,
            store_root=store_root(layout),
            workplace=lambda path: workplace(path, layout, settings, private=request.dry_run),
            fill=lambda room, texts: _fill(room, texts, within, settings, reporter),
            configured=known,
            index=index,
        )
    except BaseException:
        if index is not None:
            index.close()
        raise


def _fill(
    room: Layout, texts: Sequence[str], outer: Request, settings: Settings, reporter: Reporter
) -> None:
    """Install what a build requires into its workplace, with the index options of the request that needs the build."""
    from alcove.actions.request import Request

    limits = tuple(
        name if "://" in name else os.path.join(outer.directory, name)
        for name in outer.build_constraints
    )
    request = Request(
        directory=room.root,
        command="build requirements",
        requirements=tuple(texts),
        constraints=limits,
        build_constraints=limits,
        sources=outer.sources,
        releases=outer.releases,
        refresh=outer.refresh,
        offline=outer.offline,
        depth=outer.depth + 1,
        pip_configured=outer.pip_configured,
        configured_by=outer.configured_by,
    )
    install(room, request, settings, reporter=reporter)


def place(
    held: Held, placements: Sequence[Placement], *, reporter: Reporter | None = None
) -> tuple[Placement, ...]:
    """Return the placements arranged so that no two own a path, and tell (`reporter`, else that of `held`) where two wanted one."""
    from alcove.actions.parts import children_of, restored
    from alcove.plans.collisions import arrange
    from alcove.plans.materialize import materialize

    layout = held.layout
    alone = restored(layout, placements, mode=held.shown.mode)
    arranged, collisions = arrange(materialize(alone), children_of(layout))
    told = set()
    for collision in collisions:
        if (collision.winner, collision.loser) not in told:
            told.add((collision.winner, collision.loser))
            (reporter or held.reporter).emit(
                Warned(
                    f"{collision.winner} and {collision.loser} both have {collision.path}; that of {collision.winner} is used",
                    "uninstall one of them where they are two forms of one thing",
                )
            )
    return arranged


def uninstall(
    layout: Layout,
    names: Sequence[str],
    settings: Settings,
    *,
    command: str,
    dry_run: bool = False,
    reporter: Reporter | None = None,
    wait: float | None = None,
) -> Outcome:
    """Remove the distributions `names` (any spelling) in one transaction.

    NoSuchDistribution where none of them is installed; one that is not is told, and the others go. TransactionError for one
    that others placed without a RECORD. `dry_run`: nothing is written, and what would be refused is.
    """
    from alcove.actions.request import Request

    if not names:
        raise UsageError("nothing to uninstall was named", hint="alcove uninstall NAME")
    tell = reporter or Silent()
    if dry_run:
        from alcove.transactions import foreseen

        foreseen.refuse_others(layout)
    with hold(layout, settings, reporter, wait=wait, dry_run=dry_run) as held:
        there = {normalise(one.name): one for one in held.shown.placements}
        going = {normalise(name) for name in names}
        missing = sorted(going - there.keys())
        if len(missing) == len(going):
            raise NoSuchDistribution(
                f"{', '.join(missing)}: not installed in {layout.root}",
                hint="alcove list shows what is",
            )
        _refuse_unrecorded(layout, [there[name] for name in sorted(going & there.keys())])
        for name in missing:
            tell.emit(Warned(f"{name} is not installed"))
        rest = place(held, [one for name, one in there.items() if name not in going])
        if dry_run:
            foreseen.check(layout, held.shown, held.shown._replace(placements=rest), tell)
        request = Request(layout.root, command, tuple(names), dry_run=dry_run)
        return finish(held, rest, request=request)


def _refuse_unrecorded(layout: Layout, going: Sequence[Placement]) -> None:
    """Raise TransactionError where nobody knows the files of what others placed, as conda does: they would stay."""
    site = layout.site_packages
    for one in going:
        if one.record == "kept" and not os.path.lexists(f"{site}/{one.dist_info}/RECORD"):
            raise TransactionError(
                f"{one.name} {one.version} has no RECORD in {site}, so nobody knows which files are its own",
                hint=f"remove it with what installed it, or its files and {one.dist_info} by hand",
            )
