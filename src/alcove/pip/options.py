"""pip's options as data: how they are spelled, what they take, and where their value goes.

A row is (spellings, kind, name, extra). Kinds without a value: `flag`, `unflag`, `count`, `no-cache`; with
one: `store`, `append`, `integer`, `number`, `path`, `paths`, `choice`, `choices` (extra: what may be
chosen), `packages`, `formats`, `pair` (extra: its sign), `refresh`, `setting`, `group`, `python` (a version), `moment`.
`none` and `none-value` are accepted and change nothing here (pip has
them for what alcove does not do, such as asking for a newer pip).
"""

from __future__ import annotations

from alcove.records import NamedTuple

__all__ = ["COMMANDS", "GENERAL", "LATER", "REAL", "Command", "Option"]

Option = tuple[tuple[str, ...], str, str, tuple[str, ...]]


class Command(NamedTuple):
    """One command of pip: its usage (one line per form, without the program), summary and options."""

    usage: tuple[str, ...]
    summary: str
    options: tuple[Option, ...]


GENERAL: tuple[Option, ...] = (
    (("-h", "--help"), "flag", "help", ()),
    (("--debug",), "flag", "debug", ()),
    (("--isolated",), "flag", "isolated", ()),
    (("--require-virtualenv", "--require-venv"), "none", "require_venv", ()),
    (("--python",), "store", "python", ()),
    (("-v", "--verbose"), "count", "verbose", ()),
    (("-q", "--quiet"), "count", "quiet", ()),
    (("--log", "--log-file", "--local-log"), "path", "log", ()),
    (("--no-input",), "flag", "no_input", ()),
    (
        ("--keyring-provider",),
        "choice",
        "keyring_provider",
        ("auto", "disabled", "import", "subprocess"),
    ),
    (("--proxy",), "store", "proxy", ()),
    (("--no-proxy-env",), "flag", "no_proxy_env", ()),
    (("--retries",), "integer", "retries", ()),
    (("--timeout", "--default-timeout"), "number", "timeout", ()),
    (("--exists-action",), "choices", "exists_action", ("s", "i", "w", "b", "a")),
    (("--trusted-host",), "append", "trusted_hosts", ()),
    (("--cert",), "path", "cert", ()),
    (("--client-cert",), "path", "client_cert", ()),
    (("--cache-dir",), "path", "cache_dir", ()),
    (("--no-cache-dir",), "no-cache", "cache_dir", ()),
    (("--disable-pip-version-check",), "none", "disable_pip_version_check", ()),
    (("--no-color",), "flag", "no_color", ()),
    (("--no-python-version-warning",), "none", "no_python_version_warning", ()),
    (
        ("--use-feature",),
        "choices",
        "features_enabled",
        (
            "fast-deps",
            "inprocess-build-deps",
            "venv-isolation",
            "truststore",
            "no-binary-enable-wheel-cache",
            "build-constraint",
        ),
    ),
    (
        ("--use-deprecated",),
        "choices",
        "deprecated_features_enabled",
        ("legacy-resolver", "legacy-certs"),
    ),
    (("--resume-retries",), "integer", "resume_retries", ()),
)

_SELECTION: tuple[Option, ...] = (
    (("--pre",), "flag", "pre", ()),
    (("--all-releases",), "pair", "releases", ("+",)),
    (("--only-final",), "pair", "releases", ("-",)),
    (("--no-binary",), "formats", "no_binary", ("only_binary",)),
    (("--only-binary",), "formats", "only_binary", ("no_binary",)),
    (("--prefer-binary",), "flag", "prefer_binary", ()),
)

_INDEX: tuple[Option, ...] = (
    (("-i", "--index-url", "--pypi-url"), "store", "index_url", ()),
    (("--extra-index-url",), "append", "extra_index_urls", ()),
    (("--no-index",), "flag", "no_index", ()),
    (("--refresh-package",), "refresh", "refresh", ()),
    (("-f", "--find-links"), "append", "find_links", ()),
    (("--uploaded-prior-to",), "moment", "uploaded_prior_to", ()),
)

_ROOT_USER: Option = (("--root-user-action",), "choice", "root_user_action", ("warn", "ignore"))
_EXTERNALLY_MANAGED: Option = (("--break-system-packages",), "none", "break_system_packages", ())
_REQUIREMENTS: Option = (("-r", "--requirement"), "append", "requirements", ())
_EXCLUDE: Option = (("--exclude",), "packages", "excludes", ())
_PATH: Option = (("--path",), "paths", "path", ())

_INSTALL: tuple[Option, ...] = (
    _REQUIREMENTS,
    (("-c", "--constraint"), "append", "constraints", ()),
    (("--build-constraint",), "append", "build_constraints", ()),
    (("--requirements-from-script",), "append", "scripts", ()),
    (("--no-deps", "--no-dependencies"), "flag", "no_deps", ()),
    (("--only-deps", "--only-dependencies"), "flag", "only_deps", ()),
    (("-e", "--editable"), "append", "editables", ()),
    (("--dry-run",), "flag", "dry_run", ()),
    (("-t", "--target"), "store", "target", ()),
    (("--platform",), "append", "platforms", ()),
    (("--python-version",), "python", "python_version", ()),
    (("--implementation",), "store", "implementation", ()),
    (("--abi",), "append", "abis", ()),
    (("--user",), "flag", "user", ()),
    (("--no-user",), "unflag", "user", ()),
    (("--root",), "store", "root", ()),
    (("--prefix",), "store", "prefix", ()),
    (("--src", "--source", "--source-dir", "--source-directory"), "path", "src", ()),
    (("-U", "--upgrade"), "flag", "upgrade", ()),
    (("--upgrade-strategy",), "choice", "upgrade_strategy", ("only-if-needed", "eager")),
    (("--force-reinstall",), "flag", "force_reinstall", ()),
    (("-I", "--ignore-installed"), "flag", "ignore_installed", ()),
    (("--ignore-requires-python",), "flag", "ignore_requires_python", ()),
    (("--no-build-isolation",), "unflag", "build_isolation", ()),
    (("--use-pep517",), "none", "use_pep517", ()),
    (("--check-build-dependencies",), "flag", "check_build_dependencies", ()),
    _EXTERNALLY_MANAGED,
    (("-C", "--config-settings"), "setting", "config_settings", ()),
    (("--compile",), "flag", "compile", ()),
    (("--no-compile",), "unflag", "compile", ()),
    (("--no-warn-script-location",), "none", "no_warn_script_location", ()),
    (("--no-warn-conflicts",), "unflag", "warn_conflicts", ()),
    (("--require-hashes",), "flag", "require_hashes", ()),
    (("--no-require-hashes",), "flag", "no_require_hashes", ()),
    (("--progress-bar",), "choice", "progress_bar", ("auto", "on", "off", "raw")),
    _ROOT_USER,
    (("--report",), "store", "report", ()),
    (("--group",), "group", "groups", ()),
    (("--no-clean",), "none", "no_clean", ()),
    *_SELECTION,
    *_INDEX,
)

_LIST: tuple[Option, ...] = (
    (("-o", "--outdated"), "flag", "outdated", ()),
    (("-u", "--uptodate"), "flag", "uptodate", ()),
    (("-e", "--editable"), "flag", "editable", ()),
    (("-l", "--local"), "flag", "local", ()),
    (("--user",), "flag", "user", ()),
    _PATH,
    (("--format",), "choice", "format", ("columns", "freeze", "json")),
    (("--not-required",), "flag", "not_required", ()),
    (("--exclude-editable",), "unflag", "include_editable", ()),
    (("--include-editable",), "flag", "include_editable", ()),
    _EXCLUDE,
    *_SELECTION,
    *_INDEX,
)

COMMANDS: dict[str, Command] = {
    "install": Command(
        (
            "install [options] <requirement specifier> [package-index-options] ...",
            "install [options] -r <requirements file> [package-index-options] ...",
            "install [options] [-e] <vcs project url> ...",
            "install [options] [-e] <local project path> ...",
            "install [options] <archive url/path> ...",
        ),
        "Install packages.",
        _INSTALL,
    ),
    "uninstall": Command(
        (
            "uninstall [options] <package> ...",
            "uninstall [options] -r <requirements file> ...",
        ),
        "Uninstall packages.",
        (
            _REQUIREMENTS,
            (("-y", "--yes"), "flag", "yes", ()),
            _ROOT_USER,
            _EXTERNALLY_MANAGED,
        ),
    ),
    "freeze": Command(
        ("freeze [options]",),
        "Output installed packages in requirements format.",
        (
            _REQUIREMENTS,
            (("-l", "--local"), "flag", "local", ()),
            (("--user",), "flag", "user", ()),
            _PATH,
            (("--all",), "flag", "all", ()),
            (("--exclude-editable",), "flag", "exclude_editable", ()),
            _EXCLUDE,
        ),
    ),
    "list": Command(("list [options]",), "List installed packages.", _LIST),
    "show": Command(
        ("show [options] <package> ...",),
        "Show information about installed packages.",
        ((("-f", "--files"), "flag", "files", ()),),
    ),
    "check": Command(
        ("check [options]",), "Verify installed packages have compatible dependencies.", ()
    ),
}

LATER: dict[str, str] = {
    "lock": "Generate a lock file.",
    "download": "Download packages.",
    "inspect": "Inspect the python environment.",
    "config": "Manage local and global configuration.",
    "cache": "Inspect and manage pip's wheel cache.",
    "index": "Inspect information available from package indexes.",
    "wheel": "Build wheels from your requirements.",
    "hash": "Compute hashes of package archives.",
    "debug": "Show information useful for debugging.",
    "completion": "A helper command used for command completion.",
}
"""The commands whose options stand in `more_options`, with pip's one-line summaries."""

REAL: dict[str, str] = {
    "search": "Search PyPI for packages.",
}
"""The commands that are handed whole to the real pip, with pip's one-line summaries."""
