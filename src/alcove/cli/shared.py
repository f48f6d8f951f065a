"""The options that several verbs have, each described once."""

from __future__ import annotations

from alcove.cli.grammar import Option, flag, many, value

__all__ = [
    "BUILDING",
    "COMMON",
    "CUTOFF",
    "DRY",
    "EDITABLE",
    "INDEX",
    "JSON",
    "MODE",
    "NO_WAIT",
    "REQUIREMENTS",
    "WHICH",
    "YES",
]

COMMON = (
    Option(("-q", "--quiet"), "quiet", "count", "", "say less; twice: only errors"),
    Option(("-v", "--verbose"), "verbose", "count", "", "say more"),
    flag("-h --help", "help", "show this help"),
)
WHICH = (
    value("--env", "env", "PATH", "the environment at PATH"),
    value("-n --name", "name", "NAME", "the environment called NAME"),
)
JSON = flag("--json", "json", "print the result as JSON")
YES = flag("-y --yes", "yes", "do not ask")
DRY = flag("--dry-run", "dry_run", "show what would be done and do nothing")
NO_WAIT = flag("--no-wait", "no_wait", "fail at once where somebody else is at work there")
INDEX = (
    value("-i --index-url", "index_url", "URL", "the index to ask (PEP 503 or 691)"),
    many("--extra-index-url", "extra_index_url", "URL", "one more index"),
    many("-f --find-links", "find_links", "URL", "a directory or page of distributions"),
    flag("--no-index", "no_index", "ask no index"),
    flag("--pre", "pre", "take pre-releases too"),
    many("--no-binary", "no_binary", "NAMES", "build these from source (:all: for all)"),
    many("--only-binary", "only_binary", "NAMES", "never build these (:all: for all)"),
    flag("--offline", "offline", "use only what is in the store and the cache"),
)
CUTOFF = value(
    "--exclude-newer", "exclude_newer", "TIME", "take nothing uploaded since (a date, a time, P7D)"
)
BUILDING = (
    flag("--no-build-isolation", "no_build_isolation", "build in the environment itself"),
    many("-C --config-settings", "config_settings", "KEY=VALUE", "a setting for build backends"),
    many("--build-constraint", "build_constraint", "FILE", "the constraints of FILE, for builds"),
)
MODE = value("--link-mode", "link_mode", "MODE", "view, hardlink, clone or copy")
REQUIREMENTS = (
    many(
        "-r --requirement",
        "requirement",
        "FILE",
        "the requirements of FILE (or of a pylock.toml, pyproject.toml, script)",
    ),
    many("-c --constraint", "constraint", "FILE", "the constraints of FILE"),
)
EDITABLE = many("-e --editable", "editable", "PATH", "the project at PATH, as it is being edited")
