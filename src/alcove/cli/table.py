"""The command line as data: what the parser accepts, `--help` prints and the reference documents.

One grammar (DESIGN section 8): `alcove VERB [OPTIONS] [ARGUMENTS]`; each verb is a function of `alcove.actions`.
"""

from __future__ import annotations

from alcove.cli.grammar import Argument, Option, Verb, flag, many, value

__all__ = ["VERBS", "Argument", "Option", "Verb"]


COMMON = (
    Option(("-q", "--quiet"), "quiet", "count", "", "say less; twice: only errors"),
    Option(("-v", "--verbose"), "verbose", "count", "", "say more"),
    flag("-h --help", "help", "show this help"),
)
_WHICH = (
    value("--env", "env", "PATH", "the environment at PATH"),
    value("-n --name", "name", "NAME", "the environment called NAME"),
)
_JSON = flag("--json", "json", "print the result as JSON")
_YES = flag("-y --yes", "yes", "do not ask")
_DRY = flag("--dry-run", "dry_run", "show what would be done and do nothing")
_NO_WAIT = flag("--no-wait", "no_wait", "fail at once where somebody else changes the environment")
_INDEX = (
    value("-i --index-url", "index_url", "URL", "the index to ask (PEP 503 or 691)"),
    many("--extra-index-url", "extra_index_url", "URL", "one more index"),
    many("-f --find-links", "find_links", "URL", "a directory or page of distributions"),
    flag("--no-index", "no_index", "ask no index"),
    flag("--pre", "pre", "take pre-releases too"),
    many("--no-binary", "no_binary", "NAMES", "build these from source (:all: for all)"),
    many("--only-binary", "only_binary", "NAMES", "never build these (:all: for all)"),
    flag("--offline", "offline", "use only what is in the store and the cache"),
)
_MODE = value("--link-mode", "link_mode", "MODE", "view, hardlink, clone or copy")
_REQUIREMENTS = (
    many("-r --requirement", "requirement", "FILE", "the requirements of FILE (or a pylock.toml)"),
    many("-c --constraint", "constraint", "FILE", "the constraints of FILE"),
)
_EDITABLE = many("-e --editable", "editable", "PATH", "the project at PATH, as it is being edited")

_ALL = (
    Verb(
        "create",
        "Environments",
        "make an environment",
        Argument("DIR", "?", "where; .venv where nothing is said"),
        (
            value("-n --name", "name", "NAME", "make the environment called NAME"),
            value(
                "-p --python",
                "python",
                "REQUEST",
                "the interpreter: 3.12, python3.8, '>=3.10', a path",
            ),
            *_REQUIREMENTS,
            many("--with", "with", "REQUIREMENT", "install REQUIREMENT into it"),
            _EDITABLE,
            flag("--clear", "clear", "make it anew where there is one"),
            value("--prompt", "prompt", "NAME", "the name that the shell shows"),
            flag("--system-site-packages", "system_site", "see the distributions of the base too"),
            flag("--copies", "copies", "copy the interpreter"),
            flag("--symlinks", "symlinks", "link the interpreter (the default)"),
            flag("--without-pip", "without_pip", "no pip inside"),
            flag(
                "--private",
                "private",
                "with a store of its own: nothing points outside but the interpreter",
            ),
            _MODE,
            *_INDEX,
            _JSON,
        ),
        "create",
    ),
    Verb(
        "virtualenv",
        "Environments",
        "make an environment by the options of virtualenv",
        Argument("WORD", "all", "as of virtualenv; see alcove virtualenv --help"),
        (),
        "virtualenv",
    ),
    Verb(
        "delete",
        "Environments",
        "delete environments",
        Argument("ENV", "+", "paths or names"),
        (_YES, _DRY),
        "delete",
    ),
    Verb("envs", "Environments", "list the environments", None, (_JSON,), "envs"),
    Verb(
        "info",
        "Environments",
        "tell what an environment is",
        Argument("ENV", "?", "path or name"),
        (*_WHICH, _JSON),
        "info",
    ),
    Verb(
        "rename",
        "Environments",
        "give an environment another name",
        Argument("ENV NAME", "2", "path or name, and the new name"),
        (_NO_WAIT, _JSON),
        "move",
    ),
    Verb(
        "move",
        "Environments",
        "move an environment to another place",
        Argument("ENV DIR", "2", "path or name, and the new place"),
        (_NO_WAIT, _JSON),
        "move",
    ),
    Verb(
        "copy",
        "Environments",
        "make an environment that holds the same",
        Argument("ENV", "+", "path or name, and DIR, where the copy is to lie (or -n NAME)"),
        (value("-n --name", "name", "NAME", "the name of the copy"), _JSON),
        "copy",
    ),
    Verb(
        "temp",
        "Environments",
        "use an environment that is gone at the end",
        Argument(
            "COMMAND", "*", "after `--`: the command to run in it; a shell where nothing is said"
        ),
        (
            value("-p --python", "python", "REQUEST", "the interpreter"),
            *_REQUIREMENTS,
            many("--with", "with", "REQUIREMENT", "install REQUIREMENT into it"),
            _EDITABLE,
            *_INDEX,
        ),
        "temp",
    ),
    Verb(
        "each",
        "Environments",
        "run a command in every environment that is known",
        Argument("COMMAND", "rest", "the command and its arguments"),
        (),
        "each",
    ),
    Verb(
        "history",
        "Environments",
        "list the states of an environment",
        None,
        (*_WHICH, _JSON),
        "history",
    ),
    Verb(
        "undo",
        "Environments",
        "show the state before the last change again",
        None,
        (*_WHICH, _NO_WAIT, _JSON),
        "undo",
    ),
    Verb("redo", "Environments", "take an undo back", None, (*_WHICH, _NO_WAIT, _JSON), "undo"),
    Verb(
        "rollback",
        "Environments",
        "show a kept state again",
        Argument("N", "1", "its number in the history"),
        (*_WHICH, _NO_WAIT, _JSON),
        "undo",
    ),
    Verb(
        "diff",
        "Environments",
        "compare two environments",
        Argument("ENV", "2", "paths or names"),
        (_JSON,),
        "diff",
    ),
    Verb(
        "verify",
        "Environments",
        "check the content against what was placed",
        None,
        (*_WHICH, flag("--all", "all", "the whole store too"), _JSON),
        "verify",
    ),
    Verb(
        "repair",
        "Environments",
        "put right what verify finds",
        None,
        (*_WHICH, *_INDEX, _NO_WAIT, _JSON),
        "repair",
    ),
    Verb(
        "gc",
        "Environments",
        "remove from the store what no environment uses",
        None,
        (_YES, _DRY, _JSON),
        "gc",
    ),
    Verb(
        "install",
        "Distributions",
        "add distributions",
        Argument("REQUIREMENT", "*", "what to add"),
        (
            *_WHICH,
            *_REQUIREMENTS,
            _EDITABLE,
            flag("-U --upgrade", "upgrade", "take the newest of what is named"),
            flag("--no-deps", "no_deps", "without what they need"),
            _DRY,
            _NO_WAIT,
            *_INDEX,
            _JSON,
        ),
        "install",
    ),
    Verb(
        "uninstall",
        "Distributions",
        "remove distributions",
        Argument("NAME", "+", "what to remove"),
        (*_WHICH, _YES, _DRY, _NO_WAIT, _JSON),
        "uninstall",
    ),
    Verb(
        "wipe",
        "Distributions",
        "remove all distributions",
        None,
        (*_WHICH, _YES, _DRY, _NO_WAIT, _JSON),
        "wipe",
    ),
    Verb(
        "autoremove",
        "Distributions",
        "remove what nothing needs any more",
        None,
        (*_WHICH, _YES, _DRY, _NO_WAIT, _JSON),
        "autoremove",
    ),
    Verb(
        "outdated",
        "Distributions",
        "list what is older than what the index has",
        None,
        (*_WHICH, *_INDEX, _JSON),
        "outdated",
    ),
    Verb(
        "upgrade",
        "Distributions",
        "take the newest versions that fit together",
        Argument("NAME", "*", "what to upgrade"),
        (
            *_WHICH,
            flag("--all", "all", "everything"),
            *_REQUIREMENTS[1:],
            *_INDEX,
            _YES,
            _DRY,
            _NO_WAIT,
            _JSON,
        ),
        "upgrade",
    ),
    Verb(
        "sync",
        "Distributions",
        "make the environment equal to a file of pins",
        Argument("FILE", "+", "requirements or pylock.toml"),
        (*_WHICH, *_INDEX, _DRY, _NO_WAIT, _JSON),
        "sync",
    ),
    Verb("list", "Distributions", "list what is installed", None, (*_WHICH, _JSON), "list"),
    Verb(
        "freeze",
        "Distributions",
        "print what is installed as requirements",
        None,
        (*_WHICH, flag("--all", "all", "the pip of the environment too"), _JSON),
        "freeze",
    ),
    Verb(
        "show",
        "Distributions",
        "tell of installed distributions",
        Argument("NAME", "+", "which"),
        (*_WHICH, flag("-f --files", "files", "list the files too"), _JSON),
        "show",
    ),
    Verb(
        "check",
        "Distributions",
        "check that what is installed fits together",
        None,
        (*_WHICH, _JSON),
        "check",
    ),
    Verb(
        "tree",
        "Distributions",
        "show what needs what",
        Argument("NAME", "*", "only these"),
        (*_WHICH, _JSON),
        "tree",
    ),
    Verb(
        "why",
        "Distributions",
        "show who needs a distribution",
        Argument("NAME", "+", "which"),
        (*_WHICH, _JSON),
        "tree",
    ),
    Verb(
        "activate",
        "Use",
        "print what a shell evaluates to activate",
        Argument("ENV", "?", "path or name"),
        (
            value(
                "--shell",
                "shell",
                "SHELL",
                "bash, zsh, sh, fish, csh, powershell, nu or xonsh; yours where nothing is said",
            ),
        ),
        "activate",
    ),
    Verb(
        "run",
        "Use",
        "run a command in an environment",
        Argument("COMMAND", "rest", "the command and its arguments"),
        _WHICH,
        "run",
    ),
    Verb(
        "shell",
        "Use",
        "start a shell in an environment",
        Argument("ENV", "?", "path or name"),
        _WHICH,
        "shell",
    ),
    Verb(
        "python",
        "Interpreters",
        "list, find or pin interpreters",
        Argument("WHAT", "+", "list, or find REQUEST, or pin REQUEST"),
        (_JSON,),
        "python",
    ),
)

VERBS = {verb.name: verb for verb in _ALL}
