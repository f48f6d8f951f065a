"""The verbs that use an environment."""

from __future__ import annotations

from alcove.cli.grammar import Argument, Verb, flag, value
from alcove.cli.shared import DRY, JSON, WHICH

__all__ = ["VERBS"]

VERBS = (
    Verb(
        "use",
        "Use",
        "make an environment the default of the project here, or list the project's",
        Argument("ENV", "?", "path or name; without one, the project's environments are listed"),
        (
            flag("--list", "list", "put it at the end of .python-envs (PEP 832)"),
            flag("--file", "file", "make .venv a file that names it (PEP 832), not a link"),
            flag("--forget", "forget", "take it out of the project; it itself stays"),
            DRY,
            JSON,
        ),
        "use",
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
            flag("--function", "function", "print what the function of shell-init reads"),
            value(
                "--on-cd",
                "on_cd",
                "DIR",
                "the .venv of DIR, if it is trusted; asks once (the function does this)",
            ),
        ),
        "activate",
    ),
    Verb(
        "deactivate",
        "Use",
        "leave the active environment (by the function of shell-init)",
        None,
        (),
        "deactivate",
    ),
    Verb(
        "run",
        "Use",
        "run a command in an environment",
        Argument("COMMAND", "rest", "the command and its arguments"),
        WHICH,
        "run",
    ),
    Verb(
        "shell",
        "Use",
        "start a shell in an environment",
        Argument("ENV", "?", "path or name"),
        WHICH,
        "shell",
    ),
    Verb(
        "cd",
        "Use",
        "print a directory of an environment; the function of shell-init goes there",
        Argument("DIR", "?", "a directory below it"),
        (
            *WHICH,
            flag("--project", "project", "of its project"),
            flag("--site-packages", "site_packages", "of its site-packages"),
        ),
        "cd",
    ),
    Verb(
        "site-packages",
        "Use",
        "print where the modules of an environment lie",
        None,
        (*WHICH, JSON),
        "site_packages",
    ),
    Verb(
        "project",
        "Use",
        "show the project of an environment, or say which it is",
        Argument("DIR", "?", "the directory that is to be its project"),
        (*WHICH, flag("--unset", "unset", "it has no project any more"), DRY, JSON),
        "project",
    ),
    Verb(
        "shell-init",
        "Use",
        "print what teaches a shell to activate, deactivate and complete",
        Argument(
            "SHELL", "?", "bash, zsh, fish, powershell, nu or xonsh; yours where nothing is said"
        ),
        (
            flag(
                "--cd", "cd", "activate the .venv of a directory on entering it, once it is trusted"
            ),
            flag(
                "--virtualenvwrapper",
                "virtualenvwrapper",
                "the commands of virtualenvwrapper too (bash, zsh)",
            ),
            flag("--install", "install", "write it to a file that the shell reads when it starts"),
            flag("--uninstall", "uninstall", "take away what --install wrote"),
            value("--rc", "rc", "FILE", "the rc file that --install puts its line into"),
            DRY,
            flag("--json", "json", "print what --install or --uninstall did as JSON"),
        ),
        "shell_init",
    ),
    Verb(
        "trust",
        "Use",
        "let an environment be activated on cd",
        Argument("ENV", "?", "path or name"),
        (
            *WHICH,
            flag("--never", "never", "do not activate it on cd, and do not ask"),
            flag("--forget", "forget", "ask again at the next cd"),
            DRY,
            JSON,
        ),
        "trust",
    ),
)
