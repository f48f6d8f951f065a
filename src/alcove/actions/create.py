"""`create`: a new environment, with what it is to hold, or none at all."""

from __future__ import annotations

import os
import time

from alcove.actions.where import absolute, named_path
from alcove.environments.activation.scripts import NAMES
from alcove.environments.config import ACTIVATORS, SYSTEM_SITE, default_prompt
from alcove.environments.create import Wanted, check_place, foresee_place
from alcove.environments.create import create as make
from alcove.environments.layout import Layout, resolved
from alcove.environments.unfinished import MARK, take_back, wait_for_others
from alcove.errors import NotAnEnvironment, PlaceTaken, StoreError, UsageError
from alcove.events import Notice, Silent, Warned
from alcove.files.locking import Lock
from alcove.files.refusals import REFUSED
from alcove.records import NamedTuple
from alcove.store import roots
from alcove.store.layout import lock, store_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alcove.actions.install import Outcome
    from alcove.actions.request import Request
    from alcove.environments.generation import Placement
    from alcove.events import Reporter
    from alcove.interpreters.kept import Interpreter
    from alcove.settings import Settings

__all__ = ["Created", "Options", "create", "is_private", "place_of"]


class Options(NamedTuple):
    """How an environment is made; `private` None means that DESIGN section 9 decides.

    `interpreter`: a known one, in the place of what `python` asks for. `wheels`: absolute paths of wheels that it starts
    with beside pip. `config`, `ignore` and `activators`: see `environments.create.Wanted`.
    """

    python: str = ""
    prompt: str = ""
    clear: bool = False
    system_site: bool = False
    copies: bool = False
    pip: bool = True
    private: bool | None = None
    link_mode: str = ""
    command: str = "alcove create"
    interpreter: Interpreter | None = None
    wheels: Sequence[str] = ()
    config: Mapping[str, str] | None = None
    ignore: bool = True
    activators: Sequence[str] = NAMES


class Created(NamedTuple):
    """The new environment, its interpreter, and what was installed into it, or None."""

    layout: Layout
    interpreter: Interpreter
    outcome: Outcome | None


def place_of(settings: Settings, *, directory: str = "", name: str = "") -> str:
    """Return the absolute path of the environment to be made."""
    if directory and name:
        raise UsageError(f"{directory!r} and -n {name!r} both say where", hint="say one of them")
    return resolved(
        named_path(name, settings) if name else absolute(directory or ".venv", settings)
    )


def create(
    path: str,
    settings: Settings,
    *,
    options: Options | None = None,
    request: Request | None = None,
    dry_run: bool = False,
    reporter: Reporter | None = None,
    wait: float | None = None,
) -> Created:
    """Make an environment at `path` (absolute) and fill it with what `request` asks for.

    `dry_run`: say which interpreter it would have and what would be installed, and write nothing but what the cache
    keeps. Whoever makes one there, or changes the one that is cleared, is waited for, `wait` seconds (default: the
    settings'). AlcoveError, with nothing left behind, where either cannot be.
    """
    chosen = options or Options()
    tell = reporter or Silent()
    if dry_run:
        foresee_place(path, clear=chosen.clear)
        _refuse_sudo(path, chosen, settings)
        return _foreseen(path, chosen, settings, request=request, reporter=tell)
    end = time.monotonic() + (settings.wait if wait is None else wait)
    is_over = False
    while True:
        try:
            take_back(path, wait=_left(end), reporter=tell)
            place = check_place(path, clear=chosen.clear)  # before anything is looked for
            _refuse_sudo(path, chosen, settings)
            if place != "clear":
                return _created(path, chosen, settings, request=request, reporter=tell)
            # As long as it takes until another one has its place, and is whole.
            with _turn(path, _left(end), tell):
                if not os.path.lexists(f"{path}/{MARK}"):
                    return _created(path, chosen, settings, request=request, reporter=tell)
            # its maker was killed while he was waited for
        except PlaceTaken:  # while what is to go into it was looked for
            if is_over:
                raise
            is_over = not _left(end)  # but for one more look, which tells what is there by then
            wait_for_others(path, wait=_left(end), reporter=tell)


def _left(end: float) -> float:
    return max(0.0, end - time.monotonic())


def _turn(path: str, wait: float, reporter: Reporter) -> Lock:
    from alcove.transactions.waiting import turn

    try:
        return turn(path, wait=wait, reporter=reporter)
    except NotAnEnvironment:  # it went meanwhile; what is there now `make` looks at
        return Lock(path)  # not held


def _created(
    path: str,
    chosen: Options,
    settings: Settings,
    *,
    request: Request | None,
    reporter: Reporter,
) -> Created:
    interpreter = _interpreter(path, chosen, settings)
    private = is_private(chosen, path, settings, reporter=reporter)
    data = path + "/.alcove" if private else settings.data
    mode = chosen.link_mode or settings.link_mode or "view"
    before, there = None if private else _root(data, path), _identity(path)
    placements: Sequence[Placement] = ()
    if not private:
        # From before an entry is looked up until the root names it: `gc` cannot come between.
        with lock(store_at(data), shared=True, timeout=settings.wait, needed=False):
            if chosen.pip or chosen.wheels:
                placements = _seeds(chosen, interpreter, settings, mode=mode, reporter=reporter)
            _note(data, path, before, placements)
    wanted = Wanted(
        path=path,
        interpreter=interpreter,
        prompt=chosen.prompt or default_prompt(path),
        command=_command(chosen),
        data=data,
        mode=mode,
        private=private,
        system_site=chosen.system_site,
        copies=chosen.copies,
        placements=placements,
        config=chosen.config,
        ignore=chosen.ignore,
        activators=chosen.activators,
    )
    try:
        made = _made(wanted, chosen, settings, request=request, reporter=reporter)
    except BaseException:
        if not private:
            from alcove.actions.held import note_another

            is_as_before = before is not None and there is not None and there == _identity(path)
            if is_as_before or not note_another(path, store_at(data)):
                _put_back(data, path, before)
        raise
    _tell_noexec(path, reporter)
    return made


def _interpreter(path: str, chosen: Options, settings: Settings) -> Interpreter:
    beside = os.path.dirname(path)
    return chosen.interpreter or find_interpreter(chosen.python, settings, beside=beside)


def _refuse_sudo(path: str, chosen: Options, settings: Settings) -> None:
    if chosen.clear:
        from alcove.actions.held import refuse_sudo

        refuse_sudo(path, settings)


def _foreseen(
    path: str,
    chosen: Options,
    settings: Settings,
    *,
    request: Request | None,
    reporter: Reporter,
) -> Created:
    """Return what would be made, with nothing made; what would be installed is decided, and not fetched."""
    interpreter = _interpreter(path, chosen, settings)
    is_private(chosen, path, settings, reporter=reporter)  # which says why
    outcome = None
    if request is not None:
        from alcove.actions.prospect import decide

        outcome = decide(
            interpreter,
            request,
            settings,
            pip=chosen.pip,
            system_site=chosen.system_site,
            reporter=reporter,
        )
    _tell_noexec(path, reporter)
    return Created(Layout(path, interpreter.library), interpreter, outcome)


def _tell_noexec(path: str, reporter: Reporter) -> None:
    """Say that a shell passes over the programs of the environment, so that nobody runs another `pip` unawares."""
    from alcove.environments.reach import forbids_programs

    there = path
    while not os.path.lexists(there):  # one that is not made yet
        there = os.path.dirname(there)
    if forbids_programs(there):
        reporter.emit(
            Warned(
                f"{path} lies on a file system that lets no program be started (noexec): its scripts, pip among them, cannot run",
                "write python -m pip there, or make the environment elsewhere",
            )
        )


def _made(
    wanted: Wanted,
    chosen: Options,
    settings: Settings,
    *,
    request: Request | None,
    reporter: Reporter,
) -> Created:
    if request is None and not (wanted.private and (chosen.pip or chosen.wheels)):
        if wanted.private:
            layout = make(wanted, clear=chosen.clear, fill=lambda _: _register(wanted))
        else:
            layout = make(wanted, clear=chosen.clear)
        return Created(layout, wanted.interpreter, None)
    from alcove.actions.filling import filled

    layout, outcome = filled(
        wanted,
        request,
        settings,
        clear=chosen.clear,
        pip=chosen.pip,
        wheels=chosen.wheels,
        reporter=reporter,
    )
    return Created(layout, wanted.interpreter, outcome)


def _register(wanted: Wanted) -> None:
    # A power cut may lose this root: the next command here registers again.
    roots.register(store_at(wanted.data), wanted.path, _uses(wanted.placements), durable=False)


def _note(data: str, path: str, before: roots.Root | None, placements: Sequence[Placement]) -> None:
    """Let the store say that what will be at `path` uses these entries, beside what is there `before` and may come back."""
    used = _uses(placements)
    if before is not None and not used.issuperset(before.entries):
        _keep(data, before, placements)
        if os.path.lexists(f"{path}/.alcove"):
            used.update(before.entries)
    # It may name too much later, which harms nobody: of what is there, `gc` reads what it shows. A power cut may lose it:
    # the next command here registers again.
    roots.register(store_at(data), path, used, durable=False)


def _root(data: str, path: str) -> roots.Root | None:
    """Return the root of what is at `path` now, or None; one that cannot be read is none."""
    try:
        return roots.find(store_at(data), path)
    except StoreError:
        return None


def _identity(path: str) -> tuple[int, int] | None:
    """Return by what the environment at `path` can be told from another one that gets the place; None where there is none."""
    try:
        facts = os.lstat(f"{path}/.alcove")
    except OSError:
        return None
    return facts.st_dev, facts.st_ino


def _keep(data: str, before: roots.Root, placements: Sequence[Placement]) -> None:
    """Let what the store says of `before` count on where it is not the environment that is to be replaced: it was moved."""
    from alcove.actions import left

    if left.came(before.path):
        left.keep(store_at(data), before.path, known=before, used=_uses(placements))


def _uses(placements: Sequence[Placement]) -> set[str]:
    """Return the names of the entries that placements are made from."""
    return {placement.source.removeprefix("e/") for placement in placements}


def _put_back(data: str, path: str, before: roots.Root | None) -> None:
    """Let the store say again what it said of `path` before a creation that failed."""
    try:
        if before is None:
            roots.remove(store_at(data), path)
        else:
            roots.register(store_at(data), path, before.entries, now=before.seen, durable=False)
    except StoreError:
        return  # what kept it from being noted is what the creation failed of
    except OSError as error:
        if error.errno not in REFUSED:
            raise


def find_interpreter(python: str, settings: Settings, *, beside: str) -> Interpreter:
    """Return the interpreter that is asked for, or the best one for the project in `beside` (absolute)."""
    if os.path.isabs(python) and os.path.isfile(python) and "/shims/" not in python:
        from alcove.interpreters.inspect import inspect

        return inspect(python, cache=settings.cache)
    from alcove.actions.places import meant, places_for
    from alcove.interpreters import find, project

    places = places_for(settings)
    if python:
        return find.find(meant(python, settings), places=places, cache=settings.cache)
    return project.for_project(
        beside if os.path.isdir(beside) else settings.cwd, places=places, cache=settings.cache
    )


def is_private(options: Options, path: str, settings: Settings, *, reporter: Reporter) -> bool:
    """Tell whether the environment at `path` (absolute) gets a store of its own; says why where nobody asked for it."""
    if options.private is not None:
        return options.private
    if options.link_mode or settings.link_mode or settings.variables.get("ALCOVE_PRIVATE") == "0":
        return False
    from alcove.environments.reach import reason_for_private

    reason = reason_for_private(path, settings.data, settings.home)
    if reason:
        text = (
            "this environment gets a store of its own "
            "(--link-mode view, or another ALCOVE_HOME, changes that)"
        )
        reporter.emit(Notice(f"{reason}: {text}"))
    return bool(reason)


def _seeds(
    options: Options,
    interpreter: Interpreter,
    settings: Settings,
    *,
    mode: str,
    reporter: Reporter,
) -> list[Placement]:
    from alcove.actions.seeding import seeds

    return seeds(
        store_at(settings.data),
        interpreter,
        cache=settings.cache,
        pip=options.pip,
        wheels=options.wheels,
        mode=mode,
        reporter=reporter,
    )


def _command(chosen: Options) -> str:
    """Return the command as it is kept; it says what nothing else keeps (see `made`), also where a program called us."""
    command = chosen.command
    if chosen.system_site and SYSTEM_SITE not in command.split():
        command += f" {SYSTEM_SITE}"
    if set(chosen.activators) != set(NAMES):
        command += f" {ACTIVATORS} {','.join(chosen.activators) or 'none'}"
    return command
