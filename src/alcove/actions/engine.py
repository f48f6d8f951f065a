"""From a request to placements: read the files, resolve, obtain entries, place. Composes; owns no format."""

from __future__ import annotations

import os
from functools import partial

from alcove.actions import ahead, anew, asking
from alcove.actions.breaking import broken_by
from alcove.actions.building import Builder
from alcove.actions.candidates import IndexCandidates
from alcove.actions.compatible import Chooser
from alcove.actions.decided import Decided, Resolved
from alcove.actions.hashing import check_dependencies, check_hashes, stated
from alcove.actions.keeping import is_that_commit, kept
from alcove.actions.missing import all_of
from alcove.actions.noting import Noting
from alcove.actions.obtained import in_store
from alcove.actions.origins import Origins
from alcove.actions.pins import OURS, check_pins, is_pin, is_seed
from alcove.actions.present import facts_of
from alcove.actions.request import sees_base
from alcove.actions.source_trees import Sources
from alcove.environments.layout import refuse_other_python
from alcove.events import Notice
from alcove.index.workers import Job, Workers
from alcove.interpreters.inspect import inspect
from alcove.interpreters.target import target_of
from alcove.plans.placements import natural
from alcove.plans.plan import normalise
from alcove.requirements.controls import Releases, merged
from alcove.resolve import solver
from alcove.store.layout import store_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence
    from types import TracebackType
    from typing import Self

    from alcove.actions.obtained import Obtained
    from alcove.actions.request import Request
    from alcove.environments.generation import Generation, Placement
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.index.file import File
    from alcove.index.session import Index
    from alcove.index_settings import IndexSettings
    from alcove.requirements.resolution import Pinned
    from alcove.requirements.spec import Asked
    from alcove.resolve.candidates import Facts
    from alcove.settings import Settings
    from alcove.wheels.entry import Entry

__all__ = ["Engine"]

_WORKERS = 4


class Engine:
    """All that one request needs, opened together; a context manager."""

    def __init__(
        self,
        layout: Layout,
        request: Request,
        settings: Settings,
        *,
        reporter: Reporter,
        store_root: str,
        workplace: Callable[[str], Layout],
        fill: Callable[[Layout, Sequence[str]], None],
        configured: IndexSettings,
        index: Index | None = None,
    ) -> None:
        self.layout = layout
        self.request = request
        self.settings = settings
        self.reporter = reporter
        self.noting = Noting(reporter)
        self.store = store_at(store_root)
        self.interpreter = inspect(layout.python, cache=settings.cache)
        refuse_other_python(layout, self.interpreter.version)
        self.target = target_of(self.interpreter, cache=settings.cache)
        if request.declared is not None:
            from alcove.interpreters.restricted import restricted

            self.target = restricted(self.interpreter, request.declared, cache=settings.cache)
        self.configured = configured
        self._opened_with = configured, request.refresh
        self._index = index
        self.asking: asking.Asking | None = None
        self.builder = Builder(
            self.interpreter,
            cache=settings.cache,
            make=workplace,
            fill=fill,
            environ=settings.variables,
            reporter=reporter,
            present=None if request.isolated_builds else layout,
            check_present=request.check_build_dependencies,
            depth=request.depth,
            idle_timeout=self.configured.build_idle_timeout,
        )

    def __enter__(self) -> Self:
        """Return the engine."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End what is under way and remove what was made on the way."""
        if self._index is not None:
            self._index.close()
        self.builder.close()

    # -- reading --------------------------------------------------------------------------------------------------

    def read(self) -> tuple[list[Asked], list[Asked], list[Pinned]]:
        """Return what is asked for, the constraints, and what locks pin; what files say of indexes holds from then on."""
        # What limits a build are its own constraints (pip: `--build-constraint`), not those of what is installed.
        limits = () if self.request.depth else self.configured.constraints
        found = asking.read(
            self.request,
            self.settings,
            target=self.target,
            fetch=self._fetch,
            reporter=self.reporter,
            configured=limits,
        )
        self.configured = ahead.configured(self.layout, self.request, self.settings, found.layers)
        self.asking = found
        return list(found.asked), list(found.constraints), list(found.locked)

    def _fetch(self, url: str) -> bytes:
        path, _ = self.index.fetch(url)
        with open(path, "rb") as stream:
            return stream.read()

    @property
    def index(self) -> Index:
        """The session of indexes, opened when it is first needed."""
        if self._index is None:
            self._opened_with = self.configured, self.request.refresh
            self._index = ahead.opened(
                self.configured, self.request, self.settings, reporter=self.reporter
            )
        return self._index

    # -- deciding -------------------------------------------------------------------------------------------------

    def decide(self, shown: Generation) -> Decided:
        """Return what the environment is to hold, with every entry in the store; errors leave all as it was."""
        asked, constraints, locked = self.read()
        asked = [one for one in asked if not self.is_ours(one, shown)]
        installed = {} if self.request.force else self.installed(shown)
        found = anew.resolve(self, asked, constraints, installed=installed)
        decided = self._place(shown, found, locked, asked=asked)
        if self.request.exact or self.request.no_deps:  # pip: then nobody asks what fits
            return decided
        there = installed or self.installed(shown)
        return decided._replace(broken=broken_by(decided.resolution, there, self.target.markers))

    def resolve(
        self,
        asked: Sequence[Asked],
        constraints: Sequence[Asked],
        installed: Mapping[str, tuple[str, Facts]],
    ) -> Resolved:
        """Return the decision for `self.target` on what `read` gave; `installed`: name -> (version, facts), kept where it fits."""
        # Files came over the network before their own options were known; or pages are to be asked for again.
        wanted = self.configured, self.request.refresh
        if self._index is not None and self._opened_with != wanted:
            self._index.close()
            self._index = None
        chooser = self._chooser()
        origins = self._origins()(
            self.index,
            chooser,
            self.builder,
            store=self.store,
            environ=self.settings.variables,
            reporter=self.reporter,
            sources=self._source_trees(),
            settings={one.name: one.config_settings for one in asked if one.config_settings},
        )
        hashes = self._need_hashes()
        if self.request.exact:
            check_pins(asked, hashes=hashes)
        elif hashes:
            check_hashes(asked, constraints, sha256=partial(stated, self.index, chooser))
        candidates = IndexCandidates(
            self.index,
            chooser,
            origins,
            store=self.store,
            installed=installed,
            pins_only=self.request.exact or self.request.no_deps,
        )
        try:
            resolution = solver.resolve(
                asked,
                candidates,
                markers=self.target.markers,
                constraints=constraints,
                installed={name: version for name, (version, _) in installed.items()},
                upgrade=self._upgraded(asked),
                releases=self._releases(),
                python=self.target.python if self.request.check_python else "",
                dependencies=not (self.request.exact or self.request.no_deps),
                reporter=self.noting,
            )
        finally:
            candidates.close()
        if hashes and not self.request.exact:
            check_dependencies(resolution, asked, constraints)
        return Resolved(resolution, origins, candidates)

    def _origins(self) -> type[Origins]:
        if not self.request.dry_run:
            return Origins
        from alcove.actions.previews import Previews

        return Previews

    def _chooser(self) -> Chooser:
        return Chooser(
            self.target,
            no_binary=self.configured.no_binary,
            only_binary=self.configured.only_binary,
            prefer_binary=self.configured.prefer_binary,
            check_python=self.request.check_python,
            before=self.configured.uploaded_prior_to,
        )

    def _source_trees(self) -> Sources:
        request = self.request
        directory = request.source_directory or f"{self.layout.root}/src"
        return Sources(os.path.join(request.directory, directory), request.exists_action)

    def _need_hashes(self) -> bool:
        said = self.asking.hashes if self.asking is not None else self.request.require_hashes
        return said or (self.configured.require_hashes and not self.request.no_require_hashes)

    def _releases(self) -> Releases | None:
        said = self.asking.releases if self.asking is not None else self.request.releases
        first = (":all:",) if self.configured.pre else ()
        return Releases(*merged(said, first=first)) if said or first else None

    def is_ours(self, asked: Asked, shown: Generation) -> bool:
        """Tell whether `pip` is asked for where there is a pip of ours, which stays."""
        if asked.name != OURS or not any(
            one.name == OURS and is_seed(one) for one in shown.placements
        ):
            return False
        self.noting.emit(
            Notice(f"pip is alcove's here and stays as it is ({asked.text} was asked for)")
        )
        return True

    def _upgraded(self, asked: Sequence[Asked]) -> Container[str]:
        if "**" in self.request.upgrade:
            return solver.EVERYTHING
        names = set(self.request.upgrade) - {"*"}
        if "*" in self.request.upgrade:
            names.update(one.name for one in asked if one.name)
        return names

    def installed(self, shown: Generation) -> dict[str, tuple[str, Facts]]:
        """Return what is there by normalised name: (version, facts); of the base, too, where that is seen."""
        found: dict[str, tuple[str, Facts]] = {}
        if sees_base(self.layout) and not self.request.exact:
            from alcove.actions.base import base_facts, user_site

            found.update(base_facts(self.interpreter, user_site(self.layout, self.settings)))
        for placement in shown.placements:
            row = facts_of(self.layout, self.store, placement)
            if row is not None and not (is_seed(placement) and self.request.exact):
                found[normalise(placement.name)] = row
        return found

    # -- placing --------------------------------------------------------------------------------------------------

    def _place(
        self,
        shown: Generation,
        decision: Resolved,
        locked: Sequence[Pinned],
        *,
        asked: Sequence[Asked],
    ) -> Decided:
        origins, candidates = decision.origins, decision.candidates
        there = {normalise(one.name): one for one in shown.placements}
        wanted: dict[str, Placement] = {}
        if not self.request.exact:
            wanted.update(there)
        elif OURS in there and is_seed(there[OURS]):
            wanted[OURS] = there[OURS]
        resolution = kept(
            decision.resolution,
            there,
            force=self.request.force,
            only_dependencies=self.request.only_dependencies,
            reporter=self.noting,
        )
        missing = [one for one in resolution.distributions if one.origin.kind != "installed"]
        same = [] if self.request.force else locked
        stay = {one.name for one in same if is_that_commit(there.get(one.name), one)}
        wanted.update({name: there[name] for name in stay})
        locked = [one for one in locked if one.name not in stay]
        obtained = self._obtain(missing, locked, origins=origins, candidates=candidates)
        unbuilt = {}
        for one, found in zip([*missing, *locked], obtained, strict=True):
            if found.unbuilt:
                unbuilt[one.name] = found.unbuilt
            requested = one.requested or (
                one.name in there and there[one.name].requested and not self.request.exact
            )
            wanted[one.name] = natural(
                found.entry,
                library=self.layout.library,
                mode=shown.mode,
                requested=requested,
                direct_url=found.direct_url,
            )
        for one in resolution.distributions:
            if one.origin.kind == "installed" and one.name in there:  # else it is the base's
                before = there[one.name]
                requested = one.requested or (before.requested and not self.request.exact)
                wanted[one.name] = before._replace(requested=requested)
        stays = {one.name for one in resolution.distributions if one.origin.kind == "installed"}
        return Decided(
            tuple(wanted.values()),
            tuple(one for one in asked if one.name in stays),
            tuple(asked),
            self.request.exact and all(is_pin(one) for one in asked),
            resolution,
            unbuilt=unbuilt,
        )

    def _prefetch(self, files: Sequence[File | None], stored: Sequence[Entry | None]) -> None:
        """Begin to fetch the files that are needed: in a dry run, those whose metadata is not enough."""
        self.index.prefetch_files(
            [
                file
                for file, known in zip(files, stored, strict=True)
                if file is not None and known is None and not (self.request.dry_run and file.sha256)
            ]
        )

    def _obtain(
        self,
        missing: Sequence[Pinned],
        locked: Sequence[Pinned],
        *,
        origins: Origins,
        candidates: IndexCandidates,
    ) -> list[Obtained]:
        """Return the entries of what is not installed, wheels fetched and unpacked side by side; none is in a dry run."""
        stored = [in_store(self.store, one) for one in missing]
        files = [candidates.files.get((one.name, one.version)) for one in missing]
        self._prefetch(files, stored)
        new = stored.count(None) + len(locked)
        beside = 0 if self.request.dry_run else origins.begin(new)
        workers = Workers(most=max(_WORKERS, beside))
        jobs = []
        try:
            for one, file, known in zip(missing, files, stored, strict=True):
                wheel = file is not None and file.kind == "wheel"
                expect = candidates.expected(one.name, one.version)
                job = Job(partial(origins.obtain, one, file, known=known, expect=expect))
                jobs.append(job)
                # What is to be built is left to this thread, the one that Ctrl-C reaches.
                if wheel:
                    workers.submit(job)
            for one in locked:
                wheel = one.origin.filename.endswith(".whl")
                jobs.append(Job(partial(origins.obtain_url, one)))
                if wheel:
                    workers.submit(jobs[-1])
            work = zip((*missing, *locked), (job.result for job in jobs), strict=True)
            return all_of(work, offline=self.request.offline or self.settings.offline)
        except BaseException:
            origins.stop()
            raise
        finally:
            workers.close()
            origins.end()
