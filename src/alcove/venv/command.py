"""The command line of `venv`: the options of 3.14, its messages and its exit codes (0, 1 failed, 2 usage)."""

from __future__ import annotations

import os
import sys

from alcove.venv.builder import EnvBuilder
from alcove.venv.running import CORE_VENV_DEPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Sequence

__all__ = ["main", "run"]


def run(words: Sequence[str]) -> int:
    """Run the command line `words` and return the exit code; what went wrong is said on stderr in one line."""
    try:
        main(list(words))
    except KeyboardInterrupt:
        sys.stderr.write("Error: interrupted\n")
        return 130
    except Exception as error:  # noqa: BLE001  as `venv`: a hook may raise what it likes, and no traceback helps here
        sys.stderr.write(f"Error: {error}\n")
        return 1
    return 0


def main(args: list[str] | None = None) -> None:
    """Make the environments that `args` (default: those of the process) name.

    ValueError and OSError as from `EnvBuilder.create`; SystemExit where the words are wrong.
    """
    options = _parser().parse_args(args)
    if options.upgrade and options.clear:
        raise ValueError("you cannot supply --upgrade and --clear together.")
    builder = EnvBuilder(
        system_site_packages=options.system_site,
        clear=options.clear,
        symlinks=options.symlinks,
        upgrade=options.upgrade,
        with_pip=options.with_pip,
        prompt=options.prompt,
        upgrade_deps=options.upgrade_deps,
        scm_ignore_files=options.scm_ignore_files,
    )
    for directory in options.dirs:
        builder.create(directory)


def _parser() -> ArgumentParser:
    import argparse

    parser = argparse.ArgumentParser(
        prog="python -m alcove.venv",
        description="Create virtual environments in one or more directories.",
        epilog="Activate one by sourcing a script in its bin directory: source ENV_DIR/bin/activate",
    )
    links = os.name != "nt"
    flag = parser.add_argument
    flag("dirs", metavar="ENV_DIR", nargs="+", help="a directory to make the environment in")
    flag(
        "--system-site-packages",
        action="store_true",
        dest="system_site",
        help="let the environment see the distributions of the base",
    )
    either = parser.add_mutually_exclusive_group()
    either.add_argument(
        "--symlinks",
        default=links,
        action="store_true",
        dest="symlinks",
        help="link the interpreter where that is not the platform's way",
    )
    either.add_argument(
        "--copies",
        default=links,
        action="store_false",
        dest="symlinks",
        help="copy the interpreter where links are the platform's way",
    )
    flag("--clear", action="store_true", help="make the environment that is there anew")
    flag(
        "--upgrade",
        action="store_true",
        help="make the environment use this version of Python, which was upgraded in place",
    )
    flag("--without-pip", dest="with_pip", action="store_false", help="no pip inside")
    flag("--prompt", help="the name that the shell shows")
    flag(
        "--upgrade-deps",
        action="store_true",
        help=f"upgrade {', '.join(CORE_VENV_DEPS)} to the latest version of the index",
    )
    flag(
        "--without-scm-ignore-files",
        dest="scm_ignore_files",
        action="store_const",
        const=frozenset(),
        default=frozenset(["git"]),
        help="no .gitignore",
    )
    return parser
