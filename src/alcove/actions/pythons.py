"""`python install`, `python uninstall`: interpreters that alcove itself fetches, below `<data>/pythons`.

Rule: nothing is unpacked whose hash is not known, unless the user says so; a tree is built aside, asked what it is, made
durable, and there by one rename.
"""

from __future__ import annotations

import hashlib
import os
import sys

from alcove.actions.places import own_pythons
from alcove.environments import staging
from alcove.errors import (
    AlcoveError,
    FetchError,
    HashMismatch,
    IndexUnreachable,
    NoSuchInterpreter,
    UsageError,
)
from alcove.events import Silent, Step
from alcove.files import atomic, data, ops, spare, trees
from alcove.files.locking import Busy, Lock
from alcove.interpreters import ask, builds, names, project, requests, sources, unpack
from alcove.interpreters.find import answers
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.events import Reporter
    from alcove.interpreters.builds import Build
    from alcove.interpreters.kept import Interpreter
    from alcove.settings import Settings

__all__ = ["Installed", "Origin", "install_python", "wanted_pythons"]

_BLOCK = 1 << 20  # bytes
_NOTE = ".alcove-origin.json"  # in the tree: where it came from


class Origin(NamedTuple):
    """Where archives come from.

    `mirror`: a URL or an absolute directory that holds them by their file names, "" for their makers' places. `archive`: the
    absolute path of one. `sha256`: what it must have, in hex, "" for what the table says. `unhashed`: take one of which no
    hash is known.
    """

    mirror: str = ""
    archive: str = ""
    sha256: str = ""
    unhashed: bool = False


class Installed(NamedTuple):
    """An interpreter of alcove's own: its directory and executable (absolute), where it came from; `new`: just now."""

    path: str
    executable: str
    version: str
    implementation: str
    url: str
    sha256: str
    new: bool


def wanted_pythons(settings: Settings) -> tuple[str, ...]:
    """Return what the project asks for: all that `.python-version` lists, else what `requires-python` says, else "3"."""
    file = project.version_file(settings.cwd)
    if file is not None:
        return file.requests
    _, specifier = project.requires_python(settings.cwd)
    return (specifier or "3",)


def install_python(
    settings: Settings,
    *,
    request: str = "",
    origin: Origin | None = None,
    dry_run: bool = False,
    reporter: Reporter | None = None,
) -> Installed:
    """Install the best build for `request` (or what `origin.archive` holds) and return it; `dry_run` only says what.

    NoSuchInterpreter where there is no such build, or it does not run here; FetchError, HashMismatch, InvalidArchive; in all of
    these nothing was put in place. UsageError where neither a request nor an archive is said.
    """
    origin = _configured(origin or Origin(), settings)
    asked = (
        requests.parse(request, directory=settings.here, home=settings.home) if request else None
    )
    if origin.archive:
        return _from_archive(
            settings, asked, origin, dry_run=dry_run, reporter=reporter or Silent()
        )
    if asked is None:
        raise UsageError("nothing says which Python", hint="as in: alcove python install 3.12")
    directory = origin.mirror if os.path.isabs(origin.mirror) else ""
    build = builds.build_for(
        asked, builds.this_host(settings.variables), mirror="" if directory else origin.mirror
    )
    target = f"{own_pythons(settings)}/{build.name}"
    there = _there(target, build.url)
    if there is not None:
        return there
    sha256 = origin.sha256 or build.sha256
    _refuse_unhashed(build.url, sha256, origin)
    if dry_run:
        facts = (build.version, build.implementation, build.url, sha256)
        return Installed(target, "", *facts, new=True)
    if directory:
        archive = os.path.join(directory, builds.file_name(build.url))
        _check(archive, sha256)
        return _unpacked(settings, archive, build, sha256=sha256)
    return _fetched(settings, build, sha256=sha256, reporter=reporter or Silent())


def _configured(origin: Origin, settings: Settings) -> Origin:
    """Return the origin with a mirror from `ALCOVE_PYTHON_MIRROR`, the configuration, or `PBS_INSTALLER_BASE_URL`."""
    mirror = (
        origin.mirror
        or settings.variables.get("ALCOVE_PYTHON_MIRROR", "")
        or _in_configuration(settings)
        or settings.variables.get("PBS_INSTALLER_BASE_URL", "")
    ).rstrip("/")
    if mirror.startswith("file://"):
        from alcove.index.urls import local_path

        mirror = local_path(mirror)
    if mirror and not os.path.isabs(mirror) and not mirror.startswith(("http://", "https://")):
        raise UsageError(
            f"{mirror!r} is no place of archives",
            hint="an http or https URL, or an absolute directory",
        )
    sha256 = origin.sha256.lower().removeprefix("sha256:")
    if sha256 and (len(sha256) != 64 or sha256.strip("0123456789abcdef")):
        raise UsageError(f"{origin.sha256!r} is no sha256", hint="64 hexadecimal digits")
    return origin._replace(mirror=mirror, sha256=sha256)


def _in_configuration(settings: Settings) -> str:
    """Return `mirror` of the table `[python]` in the user's config.toml, "" without one."""
    path = os.path.join(settings.config, "config.toml")
    try:
        with open(path, "rb") as stream:
            content = stream.read(_BLOCK)
    except OSError:
        return ""
    import tomllib

    try:
        table = tomllib.loads(content.decode("utf-8")).get("python", {})
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} is no TOML: {error}", hint="correct it, or remove it") from None
    found = table.get("mirror", "") if isinstance(table, dict) else ""
    if not isinstance(found, str):
        raise UsageError(f"{path}: python.mirror is no text", hint="a URL or an absolute directory")
    return found


def _refuse_unhashed(what: str, sha256: str, origin: Origin) -> None:
    if not sha256 and not origin.unhashed:
        raise HashMismatch(
            f"no hash is known of {what}",
            hint="--hash sha256:HEX says it; --unhashed takes it as it comes; or choose another version",
        )


def _from_archive(
    settings: Settings,
    asked: requests.Request | None,
    origin: Origin,
    *,
    dry_run: bool,
    reporter: Reporter,
) -> Installed:
    """Install what a local archive holds, under the name that it gives itself when it is asked."""
    if not os.path.isfile(origin.archive):
        raise FetchError(f"{origin.archive}: there is no such file", hint="check the path")
    sha256 = origin.sha256 or builds.hash_of(os.path.basename(origin.archive))
    _refuse_unhashed(origin.archive, sha256, origin)
    _check(origin.archive, sha256)
    if dry_run:
        return Installed(own_pythons(settings), "", "", "", origin.archive, sha256, new=True)
    reporter.emit(Step("unpacking", os.path.basename(origin.archive)))
    return _unpacked(settings, origin.archive, None, sha256=sha256, asked=asked)


def _fetched(settings: Settings, build: Build, *, sha256: str, reporter: Reporter) -> Installed:
    """Fetch an archive into the cache, going on where an earlier process stopped, and install it from there."""
    if settings.offline:
        raise FetchError(
            f"offline, and {build.url} is not here",
            hint="--archive FILE, or run it without ALCOVE_OFFLINE",
        )
    refused = spare.refused(settings.cache)
    if refused is None:
        place = os.path.join(settings.cache, "pythons")
        trees.make_directories(place)
        return _fetched_to(place, settings, build, sha256=sha256, reporter=reporter)
    reporter.emit(spare.without(settings.cache, refused))
    place = spare.directory()
    try:
        return _fetched_to(place, settings, build, sha256=sha256, reporter=reporter)
    finally:
        trees.remove(place)


def _fetched_to(
    place: str, settings: Settings, build: Build, *, sha256: str, reporter: Reporter
) -> Installed:
    from alcove import index_settings
    from alcove.index import resumable

    key = sha256 or hashlib.sha256(build.url.encode()).hexdigest()
    part = os.path.join(place, f"{key[:20]}-{builds.file_name(build.url)[-180:]}")
    try:
        lock = Lock(os.path.join(place, "lock")).acquire(timeout=settings.wait)
    except Busy as busy:
        raise AlcoveError(
            f"another process fetches a Python ({busy.holder or 'unknown'})",
            hint="try again when it is done",
        ) from None
    with lock:
        lock.sign(f"process {os.getpid()}")
        try:
            resumable.fetch(
                build.url,
                part,
                sha256=sha256,
                settings=index_settings.read(settings.variables, settings.home),
                reporter=reporter,
            )
        except IndexUnreachable as error:
            raise IndexUnreachable(
                error.message,
                hint="check the network and try again, which goes on from here; --mirror and --archive say another place",
            ) from None
        reporter.emit(Step("unpacking", builds.file_name(build.url)))
        try:
            return _unpacked(settings, part, build, sha256=sha256)
        finally:
            trees.remove(part)  # tens of megabytes, which the tree holds now


def _unpacked(
    settings: Settings,
    archive: str,
    build: Build | None,
    *,
    sha256: str,
    asked: requests.Request | None = None,
) -> Installed:
    """Unpack an archive aside, ask what it is, and give it its place."""
    parent = own_pythons(settings)
    trees.make_directories(parent)
    place = f"{parent}/{build.name if build else 'archive'}"
    staging.sweep_all(parent)
    staged, lock = staging.make(place)
    with lock:
        try:
            unpack.unpack(archive, staged)
            found = _ask(staged)
            _compare(found, build, asked, archive)
            target = f"{parent}/{build.name if build else _name(found)}"
            url = build.url if build else archive
            note = {"url": url, "sha256": sha256, "version": found.version}
            atomic.replace_file(f"{staged}/{_NOTE}", data.dumps(note))
            trees.flush(staged)
            return _placed(staged, target, found, url=url, sha256=sha256)
        finally:
            trees.remove(staged)


def _placed(staged: str, target: str, found: Interpreter, *, url: str, sha256: str) -> Installed:
    try:
        ops.rename(staged, target)
    except OSError:
        there = _there(target, url)
        if there is None:
            raise AlcoveError(
                f"{target} is in the way and holds no interpreter", hint="remove it"
            ) from None
        return there
    ops.fsync(os.path.dirname(target))
    executable = target + found.executable[len(staged) :]
    return Installed(target, executable, found.version, found.implementation, url, sha256, new=True)


def _ask(tree: str) -> Interpreter:
    """Return what the interpreter in a tree says of itself; NoSuchInterpreter where it does not run."""
    found = sources.in_installation(tree, windows=os.name == "nt")
    if not found:
        raise NoSuchInterpreter(
            "the archive holds no interpreter", hint="an archive of python-build-standalone or PyPy"
        )
    memory = f"{tree}/.alcove-asked"  # the answer names paths that are not the final ones
    try:
        return ask.ask(found[0][0], cache=memory, timeout=30.0)
    except NoSuchInterpreter as error:
        raise NoSuchInterpreter(
            f"what was unpacked does not run here: {error.message}",
            hint="it may be of another machine or need a newer system",
        ) from None
    finally:
        trees.remove(memory)


def _compare(
    found: Interpreter, build: Build | None, asked: requests.Request | None, archive: str
) -> None:
    """Raise NoSuchInterpreter where an interpreter is not what was asked for."""
    says = f"{found.implementation} {found.version}"
    if build is not None:
        # of PyPy the table tells the language's patch release, which a build may have passed
        exact = 2 if build.implementation == "PyPy" else 3
        release = names.release_of(build.version)[:exact]
        facts = (build.implementation, build.free_threaded, release)
        if (found.implementation, found.free_threaded, found.version_info[:exact]) != facts:
            raise NoSuchInterpreter(
                f"{build.name} says that it is {says}", hint="choose another one"
            )
    if asked is not None and not answers(asked, found):
        raise NoSuchInterpreter(
            f"{archive} holds {says}, which does not answer {asked.text!r}",
            hint="leave the request out, or choose another archive",
        )


def _name(found: Interpreter) -> str:
    free = "+freethreaded" if found.free_threaded else ""
    here = builds.host(sys.platform, found.facts["machine"])
    return f"{found.implementation.lower()}-{found.version}{free}-{here.system}-{here.machine}"


def _there(target: str, url: str) -> Installed | None:
    """Return what is installed at `target` (absolute), None where nothing is."""
    found = sources.in_installation(target, windows=os.name == "nt")
    if not found:
        return None
    try:
        note = data.read(f"{target}/{_NOTE}")
    except (OSError, data.DataError):
        note = {}
    told = names.read(os.path.basename(target))
    return Installed(
        target,
        found[0][0],
        str(note.get("version", told.version if told else "")),
        "PyPy" if told and told.implementation == "PyPy" else "CPython",
        str(note.get("url", url)),
        str(note.get("sha256", "")),
        new=False,
    )


def _check(archive: str, sha256: str) -> None:
    """Raise HashMismatch where the file `archive` (absolute) has another hash; "" is none to check."""
    hasher = hashlib.sha256()
    try:
        with open(archive, "rb", buffering=0) as stream:
            while sha256 and (block := stream.read(_BLOCK)):
                hasher.update(block)
    except OSError as error:
        raise FetchError(
            f"{archive}: {error.strerror}", hint="the mirror must hold it by this name"
        ) from None
    if sha256 and hasher.hexdigest() != sha256:
        raise HashMismatch(f"{archive}: its sha256 is {hasher.hexdigest()}, expected {sha256}")
