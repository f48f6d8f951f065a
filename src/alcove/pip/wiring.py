"""Alcove's side of the pip inside: the port `actions.Actions`, carried out by the library."""

from __future__ import annotations

import os

from alcove.environments.layout import open_layout
from alcove.errors import AlcoveError, UsageError
from alcove.pip.actions import Change, InstallOutcome, Latest, Satisfied, TargetFacts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from alcove.actions.request import Request
    from alcove.events import Reporter
    from alcove.index.session import Index
    from alcove.pip.actions import IndexOptions, InstallRequest
    from alcove.pip.more_actions import MoreActions
    from alcove.requirements.spec import Asked
    from alcove.settings import Settings

__all__ = ["EnvironmentActions"]


class EnvironmentActions:
    """What alcove does for the pip of the environment at `prefix` (absolute)."""

    def __init__(self, prefix: str, given: Settings) -> None:
        self._prefix = prefix
        self._settings = given

    def install(self, request: InstallRequest, reporter: Reporter) -> InstallOutcome:
        """Install, or say what would be; one generation."""
        from alcove.actions.install import install

        layout = open_layout(self._prefix)
        outcome = install(layout, _request(request), self._settings, reporter=reporter)
        changes = tuple(
            Change(one.name, one.after, one.before)
            for one in (*outcome.plan.added, *outcome.plan.changed)
        )
        report = None
        if request.report:
            from alcove.pip.report import report_of

            report = report_of(layout, outcome, self.target().markers)
        satisfied = outcome.satisfied or (() if changes else self._asked(request))
        return InstallOutcome(self._satisfied(satisfied), changes, outcome.broken, report)

    def _asked(self, request: InstallRequest) -> list[Asked]:
        """Return what a request names, where its outcome was remembered and says nothing of it."""
        from alcove.requirements import requirements_txt
        from alcove.requirements.spec import parse

        found = [
            parse(text, origin="command line", directory=request.directory)
            for text in request.requirements
        ]
        for name in request.files:
            if not name.endswith(".toml"):
                read = requirements_txt.read(
                    name,
                    directory=request.directory,
                    fetch=_no_fetch,
                    environ=self._settings.variables,
                )
                found += read.asked
        return found

    def _satisfied(self, asked: Sequence[object]) -> tuple[Satisfied, ...]:
        if not asked:
            return ()
        from alcove.environments import installed
        from alcove.requirements.spec import Asked, spell

        layout = open_layout(self._prefix)
        there = {one.normalised: one for one in installed.read(layout.site_packages).distributions}
        return tuple(
            Satisfied(spell(one), there[one.name].location, there[one.name].version)
            for one in asked
            if isinstance(one, Asked) and one.name in there
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

    def latest(self, names: Sequence[str], index: IndexOptions) -> Mapping[str, Latest]:
        """Return the newest fitting release of each name that an index has."""
        from alcove.actions.outdated import newest

        with self._index(index) as session:
            found = newest(
                open_layout(self._prefix),
                names,
                session,
                self._settings,
                pre=index.pre,
                no_binary=index.no_binary,
                only_binary=index.only_binary,
            )
        return {name: Latest(*one) for name, one in found.items()}

    def real_pip(self, version: str) -> str:
        """Return the path by which a Python runs the real pip of that version, fetched when it is missing."""
        from alcove.actions.held import store_root
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

    def _index(self, options: IndexOptions | None, *, cache: str = "") -> Index:
        from alcove import index_settings
        from alcove.index.session import Index

        layers: list[Any] = [_sources(options)] if options is not None else []
        environ = dict(self._settings.variables)
        if options is not None:
            environ = index_settings.without_pip(environ)
        configured = index_settings.read(
            environ, self._settings.home, prefix=self._prefix, layers=layers
        )
        return Index(
            configured, cache=cache or self._settings.cache, offline=self._settings.offline
        )


def _no_fetch(url: str) -> bytes:
    raise UsageError(f"{url} cannot be read again", hint="run the command again")


def _request(request: InstallRequest) -> Request:
    """Return the library's request for a `pip install`; UsageError for what it cannot do."""
    from alcove.actions.request import Request

    for said, flag in (
        (request.groups, "--group"),
        (request.build_constraints, "--build-constraint"),
        (request.source_directory, "--src"),
        (request.legacy_resolver, "--use-deprecated=legacy-resolver"),
        (request.check_build_dependencies, "--check-build-dependencies"),
    ):
        if said:
            raise UsageError(
                f"{flag} is not supported by the pip of alcove yet", hint="leave it out"
            )
    eager = request.upgrade and request.upgrade_strategy == "eager"
    return Request(
        directory=request.directory,
        command=" ".join(request.command),
        requirements=request.requirements,
        editables=request.editables,
        files=request.files,
        constraints=request.constraints,
        sources=_sources(request.sources),
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
    )


def _sources(options: IndexOptions) -> dict[str, object]:
    """Return the index options by pip's names."""
    names = {
        "index_url": "index-url",
        "extra_index_urls": "extra-index-url",
        "find_links": "find-links",
        "trusted_hosts": "trusted-host",
    }
    skipped = {"cache_dir"}
    found: dict[str, object] = {}
    if options.proxy == "":  # said to be none
        found["no-proxy-env"] = True
    for name, value in options._asdict().items():
        if name not in skipped and value not in (None, (), False, ""):
            found[names.get(name, name.replace("_", "-"))] = (
                list(value) if isinstance(value, tuple) else value
            )
    return found
