"""A real pip that is imported once and runs many commands: run by an environment's own Python, which may be any.

Reads a line of JSON for each command (`words`, `directory`, `environ`) and answers with one (`code`, `out`, `err`). Each
command runs in a child of its own, so that none leaves anything to the next.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from typing import Any

Main = Callable[[list[str]], int]


def run(command: dict[str, Any], main: Main) -> dict[str, object]:
    """Run one command in a child process and return what became of it."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if not child:
            code = 99
            try:
                os.chdir(command["directory"])
                os.environ.clear()
                os.environ.update(command["environ"])
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                code = main(command["words"])
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 1
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        status = os.waitpid(child, 0)[1]
        out.seek(0)
        err.seek(0)
        return {
            "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status),
            "out": out.read().decode("utf-8", "replace"),
            "err": err.read().decode("utf-8", "replace"),
        }


def warm_up(main: Main) -> None:
    """Run commands that change nothing, so that what they import is there for all; nobody sees what they write."""
    out, err = os.dup(1), os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        for words in (
            ["install", "--dry-run", "tool", "alpha"],
            ["uninstall", "-y", "nobody"],
            ["freeze"],
        ):
            main(words)
        sys.stdout.flush()
        sys.stderr.flush()
    os.dup2(out, 1)
    os.dup2(err, 2)


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    pip_main = importlib.import_module("pip._internal.cli.main").main
    importlib.import_module("pip._internal.operations.install.wheel")  # a dry run does not need it

    warm_up(pip_main)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line), pip_main)) + "\n")
        sys.stdout.flush()
