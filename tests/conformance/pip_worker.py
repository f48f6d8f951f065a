"""A real pip that is imported once and runs many commands: run by an environment's own Python, which may be any.

Reads a line of JSON for each command (`words`, `directory`, `environ`) and answers with one (`code`, `out`, `err`). Each
command runs in a child of its own, so that none leaves anything to the next.
"""

import json
import os
import sys
import tempfile


def run(command, main):  # noqa: ANN001, ANN201
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


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    from pip._internal.cli.main import main as pip_main
    from pip._internal.commands import create_command

    for name in ("install", "uninstall", "freeze", "list", "show", "check"):
        create_command(name)
    import pip._internal.operations.install.wheel
    import pip._internal.resolution.resolvelib.resolver  # noqa: F401

    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line), pip_main)) + "\n")
        sys.stdout.flush()
