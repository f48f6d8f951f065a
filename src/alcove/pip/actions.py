"""What the pip inside asks of alcove: a narrow port, so that its words are tested without any action.

An action never prints; it raises `AlcoveError` and tells a `Reporter`. **What a request asks for and an
action cannot do, it refuses with `UsageError`; it never passes over a field.**
"""

from __future__ import annotations

from alcove.errors import NoSuchDistribution
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Protocol

    from alcove.events import Reporter
else:
    Protocol = object

__all__ = [
    "Actions",
    "Change",
    "IndexOptions",
    "InstallOutcome",
    "InstallRequest",
    "Latest",
    "NothingFits",
    "Outside",
    "Satisfied",
    "TargetFacts",
]


class NothingFits(NoSuchDistribution):
    """No release fits a requirement; `versions` are those that there are, oldest first.

    pip's two lines for it are what other programs look for, so it carries what they say.
    """

    def __init__(
        self, requirement: str, versions: Sequence[str] = (), *, hint: str | None = None
    ) -> None:
        super().__init__(
            f"No matching distribution found for {requirement}",
            hint=hint,
            requirement=requirement,
            versions=tuple(versions),
        )


class IndexOptions(NamedTuple):
    """The options of one command that say where distributions come from; None and () where not given.

    Configuration files and PIP_* variables are in it already. `timeout` in seconds; `cache_dir` "" for
    `--no-cache-dir`; `no_binary` and `only_binary` are normalised names, or ":all:". `releases`: (whether
    `--all-releases`, names) in their order; `uploaded_prior_to`: ISO time or ""; `refresh`: normalised names or ":all:".
    """

    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    no_index: bool = False
    trusted_hosts: tuple[str, ...] = ()
    cert: str | None = None
    client_cert: str | None = None
    proxy: str | None = None
    no_proxy_env: bool = False
    retries: int | None = None
    timeout: float | None = None
    cache_dir: str | None = None
    no_input: bool = False
    keyring_provider: str | None = None
    pre: bool = False
    no_binary: tuple[str, ...] = ()
    only_binary: tuple[str, ...] = ()
    prefer_binary: bool = False
    releases: tuple[tuple[bool, str], ...] = ()
    uploaded_prior_to: str = ""
    refresh: tuple[str, ...] = ()


class Outside(NamedTuple):
    """Where to install outside the environment; absolute paths, "" where it is not said.

    `root` may go with `prefix`. `replace`: what is in the way of a target goes.
    """

    target: str = ""
    prefix: str = ""
    root: str = ""
    user_base: str = ""
    replace: bool = False


class InstallRequest(NamedTuple):
    """One `pip install`: all that was said, as it was said; paths may be relative to `directory`.

    `groups`: "NAME" or "PATH:NAME". `config_settings`: (key, value) in their order, keys may repeat.
    `upgrade_strategy` counts only with `upgrade`. `report`: whether `InstallOutcome.report` is wanted.
    `command`: the words of the command line, for the generation's history.
    """

    requirements: tuple[str, ...]
    editables: tuple[str, ...]
    files: tuple[str, ...]
    constraints: tuple[str, ...]
    build_constraints: tuple[str, ...]
    groups: tuple[str, ...]
    sources: IndexOptions
    directory: str
    command: tuple[str, ...]
    upgrade: bool = False
    upgrade_strategy: str = "only-if-needed"
    force_reinstall: bool = False
    no_deps: bool = False
    dry_run: bool = False
    ignore_requires_python: bool = False
    require_hashes: bool = False
    no_require_hashes: bool = False
    build_isolation: bool = True
    check_build_dependencies: bool = False
    config_settings: tuple[tuple[str, str], ...] = ()
    source_directory: str | None = None
    compile: bool | None = None
    legacy_resolver: bool = False
    report: bool = False
    scripts: tuple[str, ...] = ()
    only_dependencies: bool = False
    exists_action: str = ""
    platforms: tuple[str, ...] = ()
    python_version: str = ""
    implementation: str = ""
    abis: tuple[str, ...] = ()
    outside: Outside | None = None


class Satisfied(NamedTuple):
    """A requirement that what is installed meets.

    `requirement` in packaging's spelling (`flask>=2`), `location` the directory of modules (absolute),
    `through` who asks for it, as pip says it ("flask", "-r FILE (line 3)"), or "" for the command line.
    """

    requirement: str
    location: str
    version: str
    through: str = ""


class Change(NamedTuple):
    """One distribution that is or would be installed; `before`: the version that it replaces, or "".

    `name` as the user wrote it, where he did; `proper` as METADATA has it, "" where that is the same.
    """

    name: str
    version: str
    before: str = ""
    proper: str = ""


class InstallOutcome(NamedTuple):
    """What an install did, or would do (`dry_run`); in the order of resolution, dependencies first.

    `conflicts`: sentences of pip's form for what is broken afterwards. `report`: pip's installation report
    (version "1") as JSON values, where it was asked for.
    """

    satisfied: tuple[Satisfied, ...]
    changes: tuple[Change, ...]
    conflicts: tuple[str, ...] = ()
    report: Mapping[str, Any] | None = None


class Latest(NamedTuple):
    """The newest release of a project that fits: version in normal form, `kind` "wheel" or "sdist"."""

    version: str
    kind: str


class TargetFacts(NamedTuple):
    """The environment's interpreter: PEP 508 marker values (without `extra`) and wheel tags, best first."""

    markers: Mapping[str, str]
    tags: tuple[str, ...]


class Actions(Protocol):
    """What alcove does for the pip of one environment."""

    def install(self, request: InstallRequest, reporter: Reporter) -> InstallOutcome:
        """Install, or say what would be; one generation. `pip` itself is never among the requirements."""

    def uninstall(
        self, names: Sequence[str], command: Sequence[str], reporter: Reporter
    ) -> Sequence[Change]:
        """Remove the installed distributions `names` (normalised) in one generation; (name, version) each."""

    def requirement_names(self, file: str, sources: IndexOptions) -> Sequence[str]:
        """Return the names (as written) that a requirements file asks for; those without one are left out."""

    def latest(
        self, names: Sequence[str], sources: IndexOptions, reporter: Reporter
    ) -> Mapping[str, Latest]:
        """Return the newest fitting release of each of `names` (normalised) that an index has."""

    def real_pip(self, version: str) -> str:
        """Return the path (absolute) by which a Python runs the real pip: `.../pip`; fetched when missing."""

    def target(self) -> TargetFacts:
        """Return what markers and tags ask of the environment's interpreter."""

    def base_paths(self) -> Sequence[str]:
        """Return the directories of modules of the base, for an environment that sees them."""
