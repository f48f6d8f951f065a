"""Wheels built in isolated environments of our own, and kept: the same sdist is built once for one interpreter."""

from __future__ import annotations

import os
import time
from functools import partial

from alcove.actions.rooms import room
from alcove.errors import BuildFailed, NoSuchDistribution, ResolutionImpossible
from alcove.files import atomic, ops, trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from alcove.builds import hooks
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.interpreters.kept import Interpreter

__all__ = ["Builder", "Workplace"]

_DEEPEST = 8  # builds within builds
_IDLE_TIMEOUT = 900.0  # seconds, where the user said nothing
_LOG_LASTS = 30 * 86_400  # seconds for which the log of a failed build stays in the cache


class Workplace:
    """An environment to build in: implements `alcove.builds.environment.BuildEnvironment`.

    `fill(layout, requirements)` makes that requirements are met there.
    """

    def __init__(self, layout: Layout, fill: Callable[[Layout, Sequence[str]], None]) -> None:
        self._layout = layout
        self._fill = fill

    @property
    def python(self) -> str:
        """The interpreter, absolute."""
        return self._layout.python

    @property
    def prefix(self) -> str:
        """The environment, absolute."""
        return self._layout.root

    @property
    def scripts(self) -> str:
        """Its folder of programs, absolute."""
        return self._layout.bin

    def install(self, requirements: Sequence[str], /) -> None:
        """Make that `requirements` are met."""
        if requirements:
            self._fill(self._layout, requirements)


class Builder:
    """Builds for one interpreter. `cache`: absolute. `make(path)` makes an empty environment there; `fill` fills one.

    `present`: the environment to build in without isolation, or None; `check_present`: whether it must have what the
    build requires. `idle_timeout`: seconds after which a backend without any sign of life is stopped, 0 for never;
    None: 15 minutes, where the system tells the CPU time of processes, else never.
    """

    def __init__(
        self,
        interpreter: Interpreter,
        *,
        cache: str,
        make: Callable[[str], Layout],
        fill: Callable[[Layout, Sequence[str]], None],
        environ: Mapping[str, str],
        reporter: Reporter,
        present: Layout | None = None,
        check_present: bool = False,
        verbose: bool = False,
        depth: int = 0,
        idle_timeout: float | None = None,
    ) -> None:
        facts = interpreter.facts
        self.identity: tuple[str, ...] = (
            interpreter.cache_tag,
            interpreter.platform,
            str(interpreter.free_threaded),
            str(facts.get("libc", "")),
            str(facts.get("libc_version", "")),
        )
        epoch = environ.get("SOURCE_DATE_EPOCH", "")
        if epoch:  # what was built without it holds other times
            self.identity += (f"epoch {epoch}",)
        self._cache = cache
        self._make = make
        self._fill = fill
        self._reporter = reporter
        self._present = present
        self._check_present = check_present
        self._markers = interpreter.markers
        self._depth = depth
        self._rooms: list[str] = []
        self._unkept: dict[str, str] = {}  # wheels by key that the cache did not take
        self._shown: dict[str, str] = {}
        self._idle_timeout = idle_timeout
        self._environ = environ
        self._verbose = verbose

    def known(self, key: str) -> str:
        """Return the path of the wheel that was built under `key` before, or ""."""
        if key in self._unkept:
            return self._unkept[key]
        folder = f"{self._cache}/wheels/{key[:2]}/{key[2:]}"
        try:
            paths = [f"{folder}/{name}" for name in os.listdir(folder) if name.endswith(".whl")]
        except OSError:
            return ""
        return next((path for path in paths if os.access(path, os.R_OK)), "")

    def room(self, shown: str = "") -> str:
        """Return a path (absolute) that nobody else uses, where nothing is yet, and that goes with this builder.

        `shown`: what messages name in its place, such as the repository that is checked out there.
        """
        self._rooms.append(room(self._cache, "builds", self._reporter))
        path = f"{self._rooms[-1]}/{_called(shown)}"
        if shown:
            self._shown[path] = shown
        return path

    def metadata(
        self,
        source: str,
        *,
        key: str = "",
        editable: bool = False,
        settings: Sequence[tuple[str, str]] = (),
        subdirectory: str = "",
    ) -> tuple[bytes, str]:
        """Return the METADATA of a source (absolute path), and the wheel that had to be built for it, or ""."""
        from alcove.builds import hooks  # most installs build nothing, and it is 15 ms

        found = hooks.metadata(
            source,
            environment=self._environment(source),
            out=self._out(),
            config_settings=_grouped(settings),
            editable=editable,
            subdirectory=subdirectory,
            options=self._options(),
            reporter=self._reporter,
        )
        return found.content, self._keep(found.wheel, key) if found.wheel and key else found.wheel

    def wheel(
        self,
        source: str,
        *,
        key: str,
        editable: bool = False,
        settings: Sequence[tuple[str, str]] = (),
        subdirectory: str = "",
    ) -> str:
        """Return the path of the wheel of a source (absolute path), kept under `key` where that is not ""."""
        from alcove.builds import hooks  # as above

        try:
            built = hooks.build_wheel(
                source,
                environment=self._environment(source),
                out=self._out(),
                config_settings=_grouped(settings),
                editable=editable,
                subdirectory=subdirectory,
                options=self._options(),
                reporter=self._reporter,
            )
        except BuildFailed as error:
            shown = self._shown.get(source)
            if shown is None:
                raise
            name = os.path.basename(source)  # by which messages begin, and the log is called
            message = error.message.replace(source, shown)
            if message.startswith(name):
                message = shown + message.removeprefix(name)
            raise BuildFailed(message, hint=error.hint) from error
        return self._keep(built, key) if key else built

    def close(self) -> None:
        """Remove what was made on the way."""
        while self._rooms:
            trees.remove(self._rooms.pop())

    def _options(self) -> hooks.Options:
        from alcove.builds import hooks  # as above
        from alcove.builds.process import Limits

        return hooks.Options(
            environ=self._environ,
            verbose=self._verbose,
            logs=f"{self._cache}/logs",
            limits=Limits(idle=_idle_limit(self._idle_timeout)),
        )

    def _out(self) -> str:
        path = self.room()
        ops.mkdir(path)
        _drop_old_logs(f"{self._cache}/logs")
        return path

    def _environment(self, source: str) -> Workplace:
        if self._present is not None:
            subject = os.path.basename(source.rstrip(os.sep))
            check = partial(_must_be_there, subject, self._markers)
            return Workplace(self._present, check if self._check_present else _leave)
        if self._depth >= _DEEPEST:
            raise BuildFailed(
                f"{os.path.basename(source)} needs to be built to be built: {_DEEPEST} builds wait for each other",
                hint="allow wheels of what it needs to be built (--only-binary, or without --no-binary)",
            )
        return Workplace(self._make(self.room()), partial(self._provide, source))

    def _provide(self, source: str, layout: Layout, requirements: Sequence[str]) -> None:
        """Make that what `source` (absolute path) requires to be built is in `layout`."""
        try:
            self._fill(layout, requirements)
        except (NoSuchDistribution, ResolutionImpossible) as error:
            name = self._shown.get(source) or os.path.basename(source.rstrip(os.sep))
            error.message = (
                f"{name} cannot be built without what it requires for that: {error.message}"
            )
            if isinstance(error, ResolutionImpossible):
                error.hint = "its [build-system] asks for them; a wheel, or another version, may do without a build"
            raise

    def _keep(self, wheel: str, key: str) -> str:
        """Return where the wheel is kept; where the cache does not take it, that is where it was built."""
        target = f"{self._cache}/wheels/{key[:2]}/{key[2:]}/{os.path.basename(wheel)}"
        try:
            _put(wheel, target)
        except OSError as error:
            from alcove.files import spare

            self._reporter.emit(spare.without(self._cache, error))
            self._unkept[key] = wheel
            return wheel
        return target


def _called(shown: str) -> str:
    """Return a name for the room of a repository: that of the repository, by which a person knows what is built.

    >>> _called("https://host.example/team/thing.git"), _called("")
    ('thing', 'room')
    """
    name = shown.rstrip("/").rpartition("/")[2].removesuffix(".git")
    plain = name.replace("-", "").replace("_", "").replace(".", "")
    return name if plain.isascii() and plain.isalnum() and name[0] not in "-." else "room"


def _put(wheel: str, target: str) -> None:
    trees.make_directories(os.path.dirname(target))
    staged = atomic.aside(target)
    try:
        ops.copy(wheel, staged)
        ops.rename(staged, target)
    except BaseException:
        if os.path.lexists(staged):
            trees.remove(staged)
        raise


def _idle_limit(said: float | None) -> float | None:
    if said is not None:
        return said or None
    from alcove.builds import activity

    # A healthy build can be silent for hours (a linker): without CPU times only the user can say what is too long.
    return _IDLE_TIMEOUT if activity.is_measurable() else None


def _drop_old_logs(directory: str) -> None:
    """Remove the logs in the cache's `directory` (absolute) that are a month old."""
    oldest = time.time() - _LOG_LASTS
    try:
        with os.scandir(directory) as children:
            old = [
                one.path
                for one in children
                if one.name.endswith(".log") and one.stat().st_mtime < oldest
            ]
        for path in old:
            trees.remove(path)
    except OSError:
        return  # none was kept yet, or others keep them, who remove them


def _leave(_layout: Layout, _requirements: Sequence[str]) -> None:
    """Without isolation what is there must do."""


def _must_be_there(
    subject: str, markers: Mapping[str, str], layout: Layout, requirements: Sequence[str]
) -> None:
    """Raise BuildFailed where the environment lacks what a build requires, in pip's words."""
    from packaging.requirements import Requirement

    from alcove.environments import installed

    there = {one.normalised: one for one in installed.read(layout.site_packages).distributions}
    missing, conflicting = [], []
    for text in requirements:
        wanted = Requirement(text)
        if wanted.marker is not None and not wanted.marker.evaluate(dict(markers)):
            continue
        found = there.get(installed.normalise(wanted.name))
        if found is None:
            missing.append(repr(text))
        elif not wanted.specifier.contains(found.directory_version, prereleases=True):
            conflicting.append(
                f"{found.name} {found.directory_version} is incompatible with {text}"
            )
    reason = (
        f"conflict with the backend dependencies: {', '.join(sorted(conflicting))}."
        if conflicting
        else f"are missing: {', '.join(sorted(missing))}."
    )
    if missing or conflicting:
        raise BuildFailed(
            f"Some build dependencies for {subject} {reason}",
            hint="install them first, or leave out --no-build-isolation",
        )


def _grouped(settings: Sequence[tuple[str, str]]) -> dict[str, str | Sequence[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in settings:
        grouped.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in grouped.items()}
