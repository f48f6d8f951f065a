"""What a request asks for, read from all the places that it names: words, files, groups, scripts, locks.

Rule: nothing is decided here. What files say of indexes comes back as layers of settings, the last one the strongest.
"""

from __future__ import annotations

import os

from alcove.actions.pins import is_lock, layers_of
from alcove.actions.request import is_project, is_script
from alcove.errors import AlcoveError, InvalidRequirement, LockError
from alcove.records import NamedTuple
from alcove.requirements import addresses, requirements_txt, spec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from alcove.actions.request import Request
    from alcove.events import Reporter
    from alcove.interpreters.target import Target
    from alcove.requirements.resolution import Pinned
    from alcove.requirements.spec import Asked
    from alcove.settings import Settings

__all__ = ["Asking", "read"]


class Asking(NamedTuple):
    """All that was asked. `locked`: what locks pin. `layers`: what was said of indexes, the weakest first.

    `releases`: (whether `--all-releases`, names) in their order, for `controls.merged`. `hashes`: whether every file
    must have a hash.
    """

    asked: tuple[Asked, ...]
    constraints: tuple[Asked, ...]
    locked: tuple[Pinned, ...]
    layers: tuple[Mapping[str, object], ...]
    releases: tuple[tuple[bool, str], ...]
    hashes: bool


class _Reader:
    """Collects what one request asks for."""

    def __init__(
        self,
        request: Request,
        settings: Settings,
        *,
        target: Target,
        fetch: Callable[[str], bytes],
        reporter: Reporter,
    ) -> None:
        self._request = request
        self._settings = settings
        self._target = target
        self._fetch = fetch
        self._reporter = reporter
        self.asked: list[Asked] = []
        self.constraints: list[Asked] = []
        self.locked: list[Pinned] = []
        self.layers: list[Mapping[str, object]] = []
        self.releases: list[tuple[bool, str]] = []
        self.hashes: bool | None = None

    def words(self) -> None:
        """Read what the command line names."""
        request = self._request
        said = "build requirements" if request.depth else "command line"
        for texts, editable in ((request.requirements, False), (request.editables, True)):
            for text in texts:
                found = spec.parse(
                    text, origin=said, directory=request.directory, editable=editable
                )
                self.asked.append(found._replace(config_settings=request.config_settings))

    def files(self, names: Iterable[str]) -> None:
        """Read requirements files; what a later one says of indexes is stronger, as in pip."""
        for name in names:
            if is_project(name, self._request):
                self._project(name)
                continue
            if is_script(name, self._request):
                self.scripts((name,))
                continue
            self._take(self._file(name, constraint=False))

    def limits(self, names: Iterable[str]) -> None:
        """Read constraints files. pip: what one includes by `-r` is asked for, and its options count for the whole run."""
        for name in names:
            self._take(self._file(name, constraint=True))

    def _take(self, found: requirements_txt.RequirementsFile) -> None:
        self.asked += found.asked
        self.constraints += found.constraints
        self.layers += layers_of(found)
        self.releases += found.releases
        if found.require_hashes is not None:
            self.hashes = found.require_hashes

    def _file(self, name: str, *, constraint: bool) -> requirements_txt.RequirementsFile:
        other = name.endswith(".toml") and os.path.basename(name) != "pyproject.toml"
        if other and os.path.exists(os.path.join(self._request.directory, name)):
            raise InvalidRequirement(
                f"{name} is no requirements file: its name ends in .toml",
                hint="a lock is called pylock.toml or pylock.NAME.toml (PEP 751), a project's file pyproject.toml",
            )
        return requirements_txt.read(
            name,
            directory=self._request.directory,
            fetch=self._fetch,
            environ=self._settings.variables,
            constraint=constraint,
            reporter=self._reporter,
        )

    def _project(self, name: str) -> None:
        """Read the dependencies of a project; the project itself is not asked for."""
        from alcove.requirements import pyproject

        directory = self._request.directory
        project = pyproject.read(os.path.join(directory, name), shown=name)
        self.asked += pyproject.asked_of(project, directory=directory)

    def groups(self, texts: Iterable[str]) -> None:
        """Read dependency groups of projects: "NAME" or "PATH:NAME"."""
        for text in texts:
            from alcove.requirements import pyproject  # few requests have any

            name, group = _parted(text)
            path = os.path.join(self._request.directory, name)
            if not os.path.isfile(path):
                raise InvalidRequirement(
                    f"{name} not found. Cannot resolve '--group' option.",
                    hint="--group PATH/pyproject.toml:NAME",
                )
            project = pyproject.read(path, shown=name)
            self.asked += pyproject.asked_of(
                project, directory=self._request.directory, group=(group,), dependencies=False
            )

    def locks(self) -> None:
        """Read locks, each once, with the extras and groups that are asked of it."""
        wanted = _locks_of(self._request)
        if not wanted:
            return
        from alcove.index.urls import without_credentials
        from alcove.locks import pylock

        for name, (extras, groups, default) in wanted.items():
            if addresses.is_url(name) and not name.lower().startswith("file:"):
                lock = pylock.loads(
                    self._fetch(name), path=without_credentials(name), reporter=self._reporter
                )
            else:
                lock = pylock.read(self._local(name), reporter=self._reporter)
            chosen: list[str] | None = None
            if groups or not default:
                chosen = [*groups, *(lock.content.default_groups or () if default else ())]
            self.locked += pylock.select(
                lock, self._target, extras=extras, groups=chosen, reporter=self._reporter
            )

    def _local(self, name: str) -> str:
        """Return the absolute path of a lock; `name` may be a `file:` URL."""
        directory = self._request.directory
        if not addresses.is_url(name):
            return os.path.join(directory, name)
        try:
            return addresses.path_of(name, directory)
        except ValueError as error:
            raise LockError(f"{name}: {error}") from error

    def scripts(self, names: Iterable[str]) -> None:
        """Read the inline metadata of scripts (PEP 723)."""
        for name in names:
            from alcove.requirements import script  # as above

            found = script.read(self._content(name), origin=name)
            if found is None:
                raise InvalidRequirement(
                    f"File does not contain 'script' metadata: {name!r}",
                    hint="a comment block that begins with '# /// script' says what it needs",
                )
            if self._request.check_python and not _contains(
                found.requires_python, self._target.python
            ):
                raise AlcoveError(
                    f"Script {name!r} requires a different Python: {self._target.python} not in"
                    f" {found.requires_python!r}",
                    hint="take an environment with such a Python, or --ignore-requires-python",
                )
            self.asked += [
                spec.parse(text, origin=name, directory=self._request.directory)
                for text in found.dependencies
            ]

    def _content(self, name: str) -> bytes:
        path = os.path.join(self._request.directory, name)
        try:
            with open(path, "rb") as stream:
                return stream.read()
        except OSError as error:
            raise InvalidRequirement(f"cannot read the script {name}: {error.strerror}") from error


def read(
    request: Request,
    settings: Settings,
    *,
    target: Target,
    fetch: Callable[[str], bytes],
    reporter: Reporter,
    configured: Iterable[str] = (),
) -> Asking:
    """Return all that a request asks for.

    `fetch` gets the bytes of a URL. `configured`: constraints files that settings name. Raises InvalidRequirement and
    LockError with the place of what is wrong.
    """
    reader = _Reader(request, settings, target=target, fetch=fetch, reporter=reporter)
    # First: what the other files say of indexes is stronger.
    reader.limits((*configured, *request.constraints))
    reader.words()
    reader.groups(text for text in request.groups if not is_lock(_lock_name(_parted(text)[0])[0]))
    reader.files(name for name in request.files if not is_lock(_lock_name(name)[0]))
    reader.locks()
    reader.scripts(request.scripts)
    return Asking(
        tuple(reader.asked),
        tuple(reader.constraints),
        tuple(reader.locked),
        (request.sources, *reader.layers),
        (*request.releases, *reader.releases),
        _need_hashes(reader, request, settings_hashes=reader.hashes),
    )


def _need_hashes(reader: _Reader, request: Request, *, settings_hashes: bool | None) -> bool:
    """Tell whether all must have hashes. pip: one `--hash` anywhere asks for all of them."""
    if request.require_hashes:
        return True
    if request.no_require_hashes or settings_hashes is False:
        return False
    return bool(settings_hashes) or any(one.hashes for one in reader.asked)


def _parted(text: str) -> tuple[str, str]:
    """Part "PATH:NAME" of a group into the file and the group; the last `:` parts them."""
    path, _, group = text.rpartition(":")
    return path or "pyproject.toml", group


def _lock_name(text: str) -> tuple[str, tuple[str, ...]]:
    """Part "pylock.toml[a,b]" into the name and the extras."""
    if text.endswith("]") and "[" in text:
        name, _, rest = text[:-1].rpartition("[")
        return name, tuple(part.strip() for part in rest.split(",") if part.strip())
    return text, ()


def _locks_of(request: Request) -> dict[str, tuple[list[str], list[str], bool]]:
    """Return the locks that are asked for: extras, groups, and whether the default groups are meant."""
    found: dict[str, tuple[list[str], list[str], bool]] = {}
    for text, group in (
        *((name, "") for name in request.files),
        *(_parted(text) for text in request.groups),
    ):
        name, extras = _lock_name(text)
        if not is_lock(name):
            continue
        known = found.get(name, ([], [], False))
        groups = [*known[1], group] if group else known[1]
        found[name] = ([*known[0], *extras], groups, known[2] or not group)
    return found


def _contains(specifier: str, python: str) -> bool:
    from alcove.requirements import grammar

    return not specifier or grammar.specifier(specifier).contains(python, prereleases=True)
