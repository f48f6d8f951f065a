"""Runs in an environment's Python: its real pip, loaded once, in a fork of its own for each command.

A line of JSON in (arguments, directory, variables), a line of JSON out (stdout, stderr, exit code).
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile

_MAIN = importlib.import_module("pip._internal.cli.main").main
_CREATE = importlib.import_module("pip._internal.commands").create_command
for _name in ("cache", "config", "download", "hash", "index", "inspect", "wheel"):
    _CREATE(_name)


def run(arguments: list[str], directory: str, variables: dict[str, str]) -> list[object]:
    """Run one command in a fork and return what it wrote and its exit code."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os.environ.clear()
            os.environ.update(variables)
            os.chdir(directory)
            code = 3
            try:
                code = _MAIN(arguments)
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 1
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        texts: list[object] = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode())
        return [*texts, os.WEXITSTATUS(status)]


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(run(*json.loads(line))), flush=True)  # noqa: T201  the answer
