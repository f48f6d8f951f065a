"""Wheels and metadata out of source trees, through the hooks of PEP 517 and PEP 660.

Rule: a backend is a foreign program. It runs in the environment that was handed in, writes into a directory of its
own, and what it gives back is checked before anybody uses it.

>>> build_wheel("/path/to/project", environment=environment, out="/path/to/wheels")  # doctest: +SKIP
'/path/to/wheels/project-1.0-py3-none-any.whl'
"""

from __future__ import annotations

import os
import stat
import warnings
import zipfile
from typing import TYPE_CHECKING, NamedTuple

import pyproject_hooks
from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from pyproject_hooks import BackendUnavailable, BuildBackendHookCaller, HookMissing

from alcove import limits
from alcove.builds.backend import BuildSystem, check_requirement, discover, requires
from alcove.builds.environment import BuildEnvironment, clean_environ
from alcove.builds.process import Ended, Limits, WentIdle, run, tail
from alcove.builds.sdist import unpack_sdist
from alcove.builds.workshop import Workshop, open_workshop
from alcove.errors import BuildFailed
from alcove.events import Built, Notice, Reporter, Silent, Step
from alcove.files import ops, packed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Options", "Prepared", "build_wheel", "metadata", "requires"]

_METADATA_LIMIT = 32 << 20  # bytes
_NO_START = "the interpreter of the build environment cannot be started: make the environment again"
_IDLE = (
    "run it again; if it takes that long without a sign of life, set ALCOVE_BUILD_IDLE_TIMEOUT to more seconds"
    " (0: no limit)"
)


class Options(NamedTuple):
    """How a backend's processes run.

    `environ`: variables of alcove's process, cleaned before use. `limits`: of each hook. `verbose`: each line of
    output becomes a Notice. `logs`: absolute directory for the logs of failed builds; "" is the output directory.
    """

    environ: Mapping[str, str] = {}
    limits: Limits = Limits()
    verbose: bool = False
    logs: str = ""


_DEFAULTS = Options()
_SILENT = Silent()


class Prepared(NamedTuple):
    """The METADATA of a source tree; `wheel`: absolute path of the wheel that had to be built for it, or ""."""

    content: bytes
    wheel: str = ""


def build_wheel(
    source: str,
    *,
    environment: BuildEnvironment,
    out: str,
    config_settings: Mapping[str, str | Sequence[str]] | None = None,
    editable: bool = False,
    subdirectory: str = "",
    options: Options = _DEFAULTS,
    reporter: Reporter = _SILENT,
) -> str:
    """Build the wheel of a source tree or sdist (absolute path) and return its absolute path in `out` (absolute).

    A tree is built in place, as pip does; an sdist is unpacked first. `editable`: a PEP 660 wheel, of trees only.
    BuildFailed with the end of the backend's output; errors of `environment.install` come through.
    """
    with open_workshop(out, _subject(source), logs=options.logs or out) as place:
        tree = _tree(source, place, subdirectory=subdirectory, editable=editable)
        build = _Build(place, tree, _system(tree, source), environment, options, reporter)
        reporter.emit(Step("building", build.subject))
        build.provide(config_settings, editable=editable)
        return _take(build, out, build.wheel(config_settings, editable=editable))


def metadata(
    source: str,
    *,
    environment: BuildEnvironment,
    out: str,
    config_settings: Mapping[str, str | Sequence[str]] | None = None,
    editable: bool = False,
    subdirectory: str = "",
    options: Options = _DEFAULTS,
    reporter: Reporter = _SILENT,
) -> Prepared:
    """Return the METADATA of a source tree or sdist (absolute path), without a wheel where the backend can.

    Where it cannot, the wheel is built into `out` (absolute) and told in the result, so that nobody builds it
    again. Errors as `build_wheel`.
    """
    with open_workshop(out, _subject(source), logs=options.logs or out) as place:
        tree = _tree(source, place, subdirectory=subdirectory, editable=editable)
        build = _Build(place, tree, _system(tree, source), environment, options, reporter)
        reporter.emit(Step("preparing", build.subject))
        build.provide(config_settings, editable=editable)
        name = build.prepare(config_settings, editable=editable)
        if name is not None:
            return Prepared(_metadata_file(build, name))
        reporter.emit(Step("building", build.subject))
        wheel = _take(build, out, build.wheel(config_settings, editable=editable))
        return Prepared(_metadata_of_wheel(build, wheel), wheel)


def _subject(source: str) -> str:
    return os.path.basename(source.rstrip(os.sep)) or source


def _tree(source: str, place: Workshop, *, subdirectory: str, editable: bool) -> str:
    """Return the directory (absolute) to call the backend in; an sdist is unpacked for it."""
    tree = source
    if os.path.isfile(source):
        if editable:
            raise BuildFailed(
                f"{source} is an archive: only a directory can be installed editable",
                hint="unpack it, or install it without -e",
            )
        tree = unpack_sdist(source, place.source)
    return _below(tree, subdirectory, _subject(source)) if subdirectory else tree


def _system(tree: str, source: str) -> BuildSystem:
    """Return the build system of `tree`; a message names an archive, not where it lies unpacked for now."""
    try:
        return discover(tree)
    except BuildFailed as error:
        if not os.path.isfile(source):
            raise
        message = error.message.replace(tree, _subject(source))
        raise BuildFailed(message, hint=error.hint) from error


def _below(tree: str, subdirectory: str, subject: str) -> str:
    root = os.path.realpath(tree)
    inner = os.path.realpath(os.path.join(root, subdirectory))
    if os.path.isabs(subdirectory) or os.path.commonpath([root, inner]) != root:
        raise BuildFailed(f"{subject}: subdirectory {subdirectory!r} leads out of the source tree")
    if not os.path.isdir(inner):
        raise BuildFailed(
            f"{subject}: the source tree has no subdirectory {subdirectory!r}",
            hint="correct what stands behind `#subdirectory=`",
        )
    return inner


class _Build(NamedTuple):
    """One source tree on its way to a wheel."""

    place: Workshop
    tree: str
    system: BuildSystem
    environment: BuildEnvironment
    options: Options
    reporter: Reporter

    @property
    def subject(self) -> str:
        """Return what the user calls the source."""
        return self.place.subject

    def provide(
        self, settings: Mapping[str, str | Sequence[str]] | None, *, editable: bool
    ) -> None:
        """Install what the backend needs: first to be imported, then what it asks for itself."""
        self.environment.install(self.system.requires)
        name = "get_requires_for_build_editable" if editable else "get_requires_for_build_wheel"
        more = self._call(name, settings)
        if not isinstance(more, list) or not all(isinstance(item, str) for item in more):
            raise self.failed(f"{name} gave {_short(more)} where a list of requirements is due")
        for item in more:
            check_requirement(item, where=f"building {self.subject} failed: {name}")
        if more:
            self.environment.install(more)

    def wheel(
        self, settings: Mapping[str, str | Sequence[str]] | None, *, editable: bool
    ) -> object:
        """Call the hook that builds; return what it gave, unchecked."""
        name = "build_editable" if editable else "build_wheel"
        try:
            return self._call(name, self.place.result, settings)
        except HookMissing:
            if not editable:
                raise self.failed("its backend has no build_wheel, which PEP 517 demands") from None
            raise BuildFailed(
                f"{self.subject} cannot be installed editable: its backend {self.system.backend} "
                "has no build_editable (PEP 660)",
                hint=self._editable_hint(),
            ) from None

    def prepare(
        self, settings: Mapping[str, str | Sequence[str]] | None, *, editable: bool
    ) -> object:
        """Call the hook that prepares metadata; None where the backend has none."""
        kind = "editable" if editable else "wheel"
        name = f"prepare_metadata_for_build_{kind}"
        try:
            value = self._call(name, self.place.result, settings, _allow_fallback=False)
        except HookMissing:
            return None
        return "" if value is None else value

    def failed(self, reason: str, *, hint: str | None = None) -> BuildFailed:
        """Return the error for this build, with the end of the output."""
        text = f"building {self.subject} failed: {reason}"
        end = tail(self.place.log)
        return BuildFailed(f"{text}\n\n{end}" if end else text, hint=hint)

    def _call(self, name: str, *arguments: object, **keywords: object) -> object:
        # The hook's warnings would be printed by us, from a foreign text.
        warnings.simplefilter("ignore", _BACKEND_WARNING)
        caller = BuildBackendHookCaller(
            self.tree,
            self.system.backend,
            backend_path=list(self.system.backend_path) or None,
            runner=self._run,
            python_executable=self.environment.python,
        )
        hook: Callable[..., object] = getattr(caller, name)
        try:
            return hook(*arguments, **keywords)
        except WentIdle as error:
            raise self.failed(
                f"{self.system.backend} was stopped in {name}: {error.reason}", hint=_IDLE
            ) from None
        except Ended as error:
            from alcove.builds.advice import advice  # noqa: PLC0415 - for a message only

            raise self.failed(
                f"{self.system.backend} ended in {name} with {error.reason}",
                hint=advice(tail(self.place.log)),
            ) from None
        except BackendUnavailable as error:
            raise self._unavailable(error) from None
        except HookMissing:
            raise
        except _GARBAGE as error:
            reason = f"{self.system.backend} gave no answer to {name} that could be read"
            raise self.failed(f"{reason} ({type(error).__name__}: {_short(str(error))})") from None

    def _run(
        self,
        cmd: Sequence[str],
        cwd: str | None = None,
        extra_environ: Mapping[str, str] | None = None,
    ) -> None:
        environ = clean_environ(self.options.environ, scripts=self.environment.scripts)
        environ.update(extra_environ or {})
        live = self._tell if self.options.verbose else None
        try:
            run(
                cmd,
                directory=cwd or self.tree,
                environ=environ,
                log=self.place.log,
                limits=self.options.limits,
                live=live,
            )
        except OSError as error:
            python = self.environment.python
            raise BuildFailed(
                f"building {self.subject} failed: {python}: {error.strerror}",
                hint=limits.advice(error) or _NO_START,
            ) from None

    def _tell(self, line: str) -> None:
        self.reporter.emit(Notice(line))

    def _unavailable(self, error: BackendUnavailable) -> BuildFailed:
        last = (error.traceback or "").strip().rpartition("\n")[2] or str(error)
        hint = "name the distribution that provides it in [build-system] requires"
        if self.system.backend_path:
            hint = "backend-path must name the directory that holds it"
        return self.failed(
            f"its backend {self.system.backend!r} cannot be imported: {last}", hint=hint
        )

    def _editable_hint(self) -> str:
        if self.system.backend.startswith("setuptools."):
            return 'setuptools 64 and newer can: requires = ["setuptools>=64"]; or install it without -e'
        return "take a newer version of the backend, or install it without -e"


def _take(build: _Build, out: str, name: object) -> str:
    """Check the wheel that the backend says it made, and move it to `out`."""
    result = build.place.result
    strangers = build.place.strangers()
    if strangers:
        raise build.failed(f"it wrote outside its output directory: {_short(strangers[0])}")
    if not isinstance(name, str) or not name or name != os.path.basename(name) or "\0" in name:
        raise build.failed(f"it gave {_short(name)} where the name of a wheel is due")
    path = os.path.join(result, name)
    if not _is_plain_file(path):
        there = ", ".join(sorted(os.listdir(result))[:5]) or "nothing"
        raise build.failed(f"there is no wheel {_short(name)} in its output directory, but {there}")
    try:
        parse_wheel_filename(name)
    except InvalidWheelFilename as error:
        raise build.failed(f"{_short(name)} is no name of a wheel: {error}") from None
    if not zipfile.is_zipfile(path):
        raise build.failed(f"{name} is no wheel: it is not a ZIP archive")
    target = os.path.join(out, name)
    ops.rename(path, target)
    build.reporter.emit(Built(name))
    return target


def _is_plain_file(path: str) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def _metadata_file(build: _Build, name: object) -> bytes:
    """Return the METADATA in the directory that the backend says it made."""
    if (
        not isinstance(name, str)
        or name != os.path.basename(name)
        or not name.endswith(".dist-info")
    ):
        raise build.failed(
            f"it gave {_short(name)} where the name of a .dist-info directory is due"
        )
    directory = os.path.join(build.place.result, name)
    path = os.path.join(directory, "METADATA")
    if os.path.islink(directory) or not _is_plain_file(path):
        raise build.failed(f"there is no METADATA in {_short(name)}, which it said to have made")
    with open(path, "rb") as stream:
        content = stream.read(_METADATA_LIMIT + 1)
    if len(content) > _METADATA_LIMIT:
        raise build.failed(f"its METADATA is larger than {_METADATA_LIMIT >> 20} MiB")
    return content


def _metadata_of_wheel(build: _Build, wheel: str) -> bytes:
    try:
        with zipfile.ZipFile(wheel) as archive:
            names = [
                name
                for name in archive.namelist()
                if name.count("/") == 1 and name.endswith(".dist-info/METADATA")
            ]
            if len(names) == 1 and archive.getinfo(names[0]).file_size <= _METADATA_LIMIT:
                return archive.read(names[0])
    except packed.damage(OSError) as error:
        raise build.failed(f"{os.path.basename(wheel)} cannot be read: {error}") from None
    raise build.failed(f"{os.path.basename(wheel)} has no METADATA, or more than one")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 100 else text[:100] + "…"


# What reading a foreign output.json can raise: it may be missing, torn, or hold anything.
_GARBAGE = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
_BACKEND_WARNING: type[Warning] = getattr(pyproject_hooks, "BuildBackendWarning", UserWarning)
