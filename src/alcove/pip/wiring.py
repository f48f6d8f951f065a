"""Alcove's side of the pip inside: the port `actions.Actions`, carried out by the library."""

from __future__ import annotations

import os

from alcove.environments.layout import open_layout
from alcove.errors import AlcoveError, UsageError
from alcove.pip.actions import Change, InstallOutcome, Latest, Satisfied, TargetFacts
from alcove.plans.plan import normalise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from alcove.actions.install import Outcome
    from alcove.actions.request import Request
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.index.session import Index
    from alcove.interpreters.restricted import Restriction
    from alcove.pip.actions import IndexOptions, InstallRequest
    from alcove.pip.more_actions import MoreActions
    from alcove.requirements.spec import Asked
    from alcove.settings import Settings

__all__ = ["EnvironmentActions", "sources_of"]


class EnvironmentActions:
    """What alcove does for the pip of the environment at `prefix` (absolute)."""

    def __init__(self, prefix: str, given: Settings) -> None:
        self._prefix = prefix
        self._settings = given

    def install(self, request: InstallRequest, reporter: Reporter) -> InstallOutcome:
        """Install, or say what would be; one generation."""
        layout = open_layout(self._prefix)
        outcome = self._carry_out(layout, request, reporter)
        from alcove.pip.changes import changes_of
        from alcove.pip.satisfied import written

        changes = changes_of(outcome, written(request))
        report = None
        if request.report:
            from alcove.pip.report import report_of

            report = report_of(layout, outcome, self.target().markers)
        there = self._satisfied(request, outcome, changes)
        quiet = request.no_deps or request.dry_run or request.outside is not None
        conflicts = () if quiet else outcome.broken  # pip looks for them where it resolved itself
        return InstallOutcome(there, changes, conflicts, report)

    def _carry_out(self, layout: Layout, request: InstallRequest, reporter: Reporter) -> Outcome:
        said = request.sources.cache_dir
        if said is None:
            return _carry_out(layout, request, self._settings, reporter)
        from alcove.pip.cache_place import cached

        with cached(self._settings, said) as given:
            return _carry_out(layout, request, given, reporter)

    def _satisfied(
        self, request: InstallRequest, outcome: Outcome, changes: Sequence[Change]
    ) -> tuple[Satisfied, ...]:
        from alcove.pip import satisfied

        found: Sequence[Asked] = outcome.satisfied
        if outcome.resolution is None and satisfied.may_be_more(request, changes):
            found = satisfied.asked_again(
                request, changes, environ=self._settings.variables, markers=self.target
            )
        if not found:
            return ()
        return satisfied.told(
            open_layout(self._prefix),
            found,
            self._settings,
            base_paths=self.base_paths,
            besides={normalise(one.name) for one in changes},
            markers=None if request.no_deps else self.target,
        )

    def uninstall(
        self, names: Sequence[str], command: Sequence[str], reporter: Reporter
    ) -> Sequence[Change]:
        """Remove the installed distributions in one generation."""
        from alcove.actions.install import uninstall

        layout = open_layout(self._prefix)
        outcome = uninstall(
            layout, names, self._settings, command=" ".join(command), reporter=reporter
        )
        return [Change(one.name, one.before) for one in outcome.plan.removed]

    def requirement_names(self, file: str, index: IndexOptions) -> Sequence[str]:
        """Return the names that a requirements file asks for."""
        from alcove.requirements import requirements_txt

        def fetch(url: str) -> bytes:
            with self._index(index) as session, open(session.fetch(url)[0], "rb") as stream:
                return stream.read()

        found = requirements_txt.read(
            file, directory=self._settings.cwd, fetch=fetch, environ=self._settings.variables
        )
        return [one.name for one in found.asked if one.name]

    def latest(
        self, names: Sequence[str], index: IndexOptions, reporter: Reporter
    ) -> Mapping[str, Latest]:
        """Return the newest fitting release of each name that an index has."""
        from alcove.actions.outdated import newest
        from alcove.requirements.controls import Releases, merged

        with self._index(index, reporter=reporter) as session:
            found = newest(
                open_layout(self._prefix),
                names,
                session,
                self._settings,
                releases=Releases(*merged(index.releases, first=(":all:",) if index.pre else ())),
                no_binary=index.no_binary,
                only_binary=index.only_binary,
                before=index.uploaded_prior_to,
            )
        return {name: Latest(*one) for name, one in found.items()}

    def real_pip(self, version: str) -> str:
        """Return the path by which a Python runs the real pip of that version, fetched when it is missing."""
        from alcove.actions.stores import store_root
        from alcove.store import entries
        from alcove.store.layout import entry_path, store_at
        from alcove.store.unpack import unpack

        store = store_at(store_root(open_layout(self._prefix)))
        start_of = f"pip-{version}-"
        for name in entries.names(store):
            path = f"{entry_path(store, name)}/lib/pip"
            # The pip of ours is an entry too; it has no vendored libraries.
            if name.startswith(start_of) and os.path.isdir(path + "/_vendor"):
                return path
        with self._index(None) as session:
            files = [file for file in session.project("pip").files(version) if file.kind == "wheel"]
            if not files:
                raise AlcoveError(
                    f"no index has the wheel of pip {version}", hint="pip's own command needs it"
                )
            found = session.obtain(files[0])
            entry = unpack(store, found.path, sha256=found.sha256, verified=True)
        return f"{entry_path(store, entry.directory)}/lib/pip"

    def more(self) -> MoreActions:
        """Return what alcove does for the other commands."""
        from alcove.pip.more_wiring import MoreEnvironmentActions

        return MoreEnvironmentActions(
            self._prefix, self._settings, index=self._index, request=_request
        )

    def target(self) -> TargetFacts:
        """Return the markers and tags of the environment's interpreter."""
        from alcove.interpreters.inspect import inspect
        from alcove.interpreters.target import target_of

        interpreter = inspect(open_layout(self._prefix).python, cache=self._settings.cache)
        found = target_of(interpreter, cache=self._settings.cache)
        return TargetFacts(found.markers, found.tags)

    def base_paths(self) -> Sequence[str]:
        """Return the directories of modules of the base."""
        from alcove.interpreters.inspect import inspect

        return inspect(open_layout(self._prefix).python, cache=self._settings.cache).site_packages

    def _index(
        self, options: IndexOptions | None, *, cache: str = "", reporter: Reporter | None = None
    ) -> Index:
        from alcove import index_settings
        from alcove.index.session import Index

        layers: list[Any] = [sources_of(options)] if options is not None else []
        environ = dict(self._settings.variables)
        if options is not None:
            environ = index_settings.without_pip(environ, self._settings.home, prefix=self._prefix)
        configured = index_settings.read(
            environ, self._settings.home, prefix=self._prefix, layers=layers
        )
        return Index(
            configured,
            cache=cache or self._settings.cache,
            offline=self._settings.offline,
            refresh=options.refresh if options is not None else (),
            reporter=reporter,
        )


def _carry_out(
    layout: Layout, request: InstallRequest, given: Settings, reporter: Reporter
) -> Outcome:
    if request.outside is None:
        from alcove.actions.install import install

        return install(layout, _request(request), given, reporter=reporter)
    from alcove.actions.outside import Place, install_outside

    place = Place(**request.outside._asdict(), compile=request.compile is not False)
    return install_outside(layout, _request(request), given, place, reporter=reporter)


def _request(request: InstallRequest) -> Request:
    """Return the library's request for a `pip install`; UsageError for what it cannot do."""
    from alcove.actions.request import Request

    if request.legacy_resolver:
        raise UsageError(
            "--use-deprecated=legacy-resolver is not supported by the pip of alcove",
            hint="leave it out",
        )
    eager = request.upgrade and request.upgrade_strategy == "eager"
    return Request(
        directory=request.directory,
        command=" ".join(request.command),
        requirements=request.requirements,
        editables=request.editables,
        files=request.files,
        constraints=request.constraints,
        sources=sources_of(request.sources),
        upgrade=("**",) if eager else ("*",) if request.upgrade else (),
        no_deps=request.no_deps,
        force=request.force_reinstall,
        isolated_builds=request.build_isolation,
        dry_run=request.dry_run,
        config_settings=request.config_settings,
        check_python=not request.ignore_requires_python,
        require_hashes=request.require_hashes,
        pip_configured=True,
        report=request.report,
        groups=request.groups,
        scripts=request.scripts,
        build_constraints=request.build_constraints,
        releases=request.sources.releases,
        refresh=request.sources.refresh,
        source_directory=request.source_directory or "",
        exists_action=request.exists_action,
        only_dependencies=request.only_dependencies,
        no_require_hashes=request.no_require_hashes,
        check_build_dependencies=request.check_build_dependencies,
        declared=_declared(request),
        compile=request.compile is True,
    )


def _declared(request: InstallRequest) -> Restriction | None:
    """Return what the options declare of the interpreter; None where they say nothing."""
    if not (request.python_version or request.platforms or request.abis or request.implementation):
        return None
    from alcove.interpreters.restricted import Restriction
    from alcove.pip.targets import version_info

    python = version_info(request.python_version)
    return Restriction(python, request.platforms, request.abis, request.implementation)


def sources_of(options: IndexOptions) -> dict[str, object]:
    """Return the index options by pip's names."""
    names = {
        "index_url": "index-url",
        "extra_index_urls": "extra-index-url",
        "find_links": "find-links",
        "trusted_hosts": "trusted-host",
    }
    skipped = {"cache_dir", "releases", "refresh"}
    found: dict[str, object] = {}
    if options.proxy == "":  # said to be none
        found["no-proxy-env"] = True
    for name, value in options._asdict().items():
        said = value not in (None, (), "") and value is not False  # `--retries 0` says something
        if name not in skipped and said:
            found[names.get(name, name.replace("_", "-"))] = (
                list(value) if isinstance(value, tuple) else value
            )
    return found
