"""What an install or a sync is asked to do, as data; and the digest by which it is remembered."""

from __future__ import annotations

import os

from alcove.files import digest
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alcove.environments.layout import Layout
    from alcove.interpreters.restricted import Restriction
    from alcove.settings import Settings

__all__ = ["Request", "digest_of", "is_project", "is_script", "is_simple", "sees_base"]


class Request(NamedTuple):
    """One request. Paths may be relative to `directory` (absolute).

    `exact`: remove what is not asked for (`sync`). `upgrade`: names (normalised) to take the newest of, or ("*",) for
    all that is named, ("**",) for all. `sources`: pip's option names and values, above what is configured.
    `command`: what the history says. `pip_configured`: `sources` holds what pip's files and variables say already.
    `report`: the resolution itself is wanted, not only what it led to.
    `groups`: "NAME" or "PATH:NAME" of a pyproject.toml or lock. `scripts`: files with inline metadata. `releases`:
    (whether `--all-releases`, names) in their order. `refresh`: names (normalised) or ":all:" whose pages are asked for
    again. `source_directory`: where editable repositories go, "" for `src` in the environment; `exists_action`: what to
    do with another repository there (pip's letters). `declared`: an interpreter that is not here. `configured_by`: the
    environment (absolute path) whose `pip.conf` counts, "" for the one that is changed: what a build requires comes from
    where the rest comes from. `needs_all`: no index is passed over that does not answer.
    """

    directory: str
    command: str
    requirements: tuple[str, ...] = ()
    editables: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    sources: Mapping[str, object] = {}
    exact: bool = False
    upgrade: tuple[str, ...] = ()
    no_deps: bool = False
    force: bool = False
    offline: bool = False
    isolated_builds: bool = True
    dry_run: bool = False
    config_settings: tuple[tuple[str, str], ...] = ()
    check_python: bool = True
    require_hashes: bool = False
    depth: int = 0
    pip_configured: bool = False
    report: bool = False
    groups: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    build_constraints: tuple[str, ...] = ()
    releases: tuple[tuple[bool, str], ...] = ()
    refresh: tuple[str, ...] = ()
    source_directory: str = ""
    exists_action: str = ""
    only_dependencies: bool = False
    no_require_hashes: bool = False
    check_build_dependencies: bool = False
    declared: Restriction | None = None
    compile: bool = False
    configured_by: str = ""
    needs_all: bool = False


def digest_of(request: Request, layout: Layout, settings: Settings) -> str:
    """Return a digest of all that decides what a request leads to, but for what is installed; "" where that is unknown.

    Unknown: what is asked for lies in a directory or in files that name others, which may change by themselves, as may
    the distributions of a base that the environment sees; or it comes through a pipe.
    """
    if request.editables or request.force or sees_base(layout) or _reads_more(request):
        return ""
    parts = [
        "exact" if request.exact else "add",
        *sorted(request.requirements),
        f"upgrade {' '.join(sorted(request.upgrade))}",
        f"{request.no_deps} {request.check_python} {request.require_hashes} {request.config_settings}",
        _options(request.sources),
    ]
    for text in request.requirements:
        if not is_simple(text):
            return ""
    prefix = request.configured_by or layout.root
    configured = _configured(prefix, settings)
    if _names_relative(request.sources) or "find" in configured.lower():
        parts.append(f"from {request.directory}")  # such paths lead elsewhere from elsewhere
    limits = [*request.constraints, *_configured_limits(request, settings, prefix, configured)]
    for kind, names in (("-r", request.files), ("-c", limits)):
        for name in names:
            path = os.path.join(request.directory, name)
            if not os.path.isfile(path):  # a pipe gives what it holds once only
                return ""
            try:
                with open(path, "rb") as stream:
                    content = stream.read()
            except OSError:
                return ""
            if not _stands_alone(name, content):
                return ""
            parts.append(
                f"{kind} {os.path.basename(name)} {content.decode('utf-8', 'surrogateescape')}"
            )
    return digest.text_digest(*parts, _interpreter(layout), configured)


def _configured_limits(
    request: Request, settings: Settings, prefix: str, configured: str
) -> Sequence[str]:
    """Return the files of constraints that settings name: their names are in `configured`, what they hold is not."""
    if request.pip_configured or request.depth or "constraint" not in configured.lower():
        return ()
    from alcove import index_settings

    return index_settings.read(settings.variables, settings.home, prefix=prefix).constraints


def is_project(name: str, request: Request) -> bool:
    """Tell whether `-r NAME` means the dependencies of a project; to pip it is a requirements file like any other."""
    return not request.pip_configured and os.path.basename(name) == "pyproject.toml"


def is_script(name: str, request: Request) -> bool:
    """Tell whether `-r NAME` means the inline metadata of a script; not to pip, which has an option for it."""
    return not request.pip_configured and name.endswith(".py")


def _reads_more(request: Request) -> bool:
    """Tell whether a request reads what its digest does not know, or wants it read again."""
    return bool(
        request.groups
        or request.scripts
        or request.build_constraints
        or request.refresh
        or request.upgrade  # by what is the newest now
        or request.releases
        or request.only_dependencies
        or request.check_build_dependencies
        or request.declared
        or request.compile
        or request.no_require_hashes
        or any(is_project(name, request) or is_script(name, request) for name in request.files)
        or "uploaded-prior-to" in request.sources
    )


def sees_base(layout: Layout) -> bool:
    """Tell whether the environment sees the distributions of its base, too (`--system-site-packages`)."""
    from alcove.environments import config

    values = config.read(layout.root + "/pyvenv.cfg")
    return values.get("include-system-site-packages", "").lower() == "true"


_ARCHIVES = (
    ".whl",
    ".zip",
    ".tar",
    ".gz",
    ".bz2",
    ".xz",
    ".lz",
    ".lzma",
    ".tgz",
    ".tbz",
    ".txz",
    ".tlz",
)


def is_simple(text: str) -> bool:
    """Tell whether a requirement names a project, not a path or an address: what lies there may change by itself.

    >>> [is_simple(text) for text in ("flask>=3", ".", ".[test]", "flask.tgz")]
    [True, False, False, False]
    """
    text = text.strip()
    if not text[:1].isalnum() or "/" in text or "\\" in text or "@" in text:
        return False
    words = text.partition(";")[0].partition("[")[0].split()
    return not any(word.lower().endswith(_ARCHIVES) for word in words)


# What lines of `pip freeze` and the like are written with, if they name no path and no address.
_PIN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+!=*\r\n"


def _stands_alone(name: str, content: bytes) -> bool:
    """Tell whether a file of requirements decides all by itself: no other files, variables, paths or options."""
    if b"${" in content or b"\0" in content:
        return False
    if name.endswith(".toml"):
        return _lock_stands_alone(content)
    if not content.translate(None, _PIN) and all(
        line[:1].isalnum() and b"==" in line for line in content.split()
    ):
        return True
    for line in content.decode("utf-8-sig", "replace").splitlines():
        text = line.partition("#")[0].strip()
        if text.endswith("\\"):
            if not text[:-1].endswith((" ", "\t")):  # a word goes on in the next line
                return False
            text = text[:-1].strip()
        if text and not text.startswith("--hash") and not is_simple(text):
            return False
    return True


def _lock_stands_alone(content: bytes) -> bool:
    """Tell the same of a lock: what it names by a path or an address has a hash, but for directories."""
    if b"directory" in content:
        return False
    for line in content.splitlines():
        start = line.lstrip()[:1]
        if start not in (b"", b"#") and (b"/" in line.partition(b"#")[0] or b"@" in line):
            if b"sha256" in line or line.lstrip().startswith((b"url", b"upload")):
                continue
            return False
    return True


def _options(index: Mapping[str, object]) -> str:
    return " ".join(f"{name}={value!r}" for name, value in sorted(index.items()))


def _names_relative(index: Mapping[str, object]) -> bool:
    """Tell whether options name a place by a path that begins where the user stands."""
    for name in ("find-links", "extra-index-url", "index-url"):
        said = index.get(name) or ()
        values = [said] if isinstance(said, str) else said
        for value in values if isinstance(values, list | tuple) else ():
            if "://" not in str(value) and not os.path.isabs(str(value)):
                return True
    return False


def _interpreter(layout: Layout) -> str:
    from alcove.environments import config

    values = config.read(layout.root + "/pyvenv.cfg")
    keys = ("implementation", "version_info", "home", "include-system-site-packages")
    return " ".join(values.get(key, "") for key in keys)


def _configured(prefix: str, settings: Settings) -> str:
    """Return the settings of indexes as they are written: variables, and the bytes of pip's files."""
    from alcove.pip_conf import pip_files

    rows = [
        f"{name}={value}"
        for name, value in sorted(settings.variables.items())
        if name.startswith(("PIP_", "ALCOVE_")) and name not in ("ALCOVE_HOME", "ALCOVE_CACHE")
    ]
    paths: Sequence[str] = pip_files(settings.variables, settings.home, prefix=prefix)
    for path in paths:
        try:
            with open(path, "rb") as stream:
                rows.append(stream.read().decode("utf-8", "surrogateescape"))
        except OSError:
            continue
    return "\n".join(rows)
