"""The program that environments of the tests start: our pip over actions that only say what they were asked."""

from __future__ import annotations

import os
import sys
import time

sys.path.insert(0, os.path.abspath(os.path.join(os.path.dirname(__file__), "../../../src")))

from alcove.errors import AlcoveError
from alcove.pip.actions import Change, InstallOutcome
from alcove.pip.entry import start


class Echo:
    """Says on stdout what it was asked, and does nothing; a requirement names what is to happen."""

    def install(self, request, _reporter):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        """Install nothing."""
        if "input" in request.requirements:
            sys.stdout.write(f"read {sys.stdin.readline().strip()}\n")
        if "sleep" in request.requirements:
            sys.stdout.write("asleep\n")
            sys.stdout.flush()
            time.sleep(60)
        if "path" in request.requirements:
            sys.stdout.write(f"{sys.path[-1]} {'PYTHONPATH' in os.environ}\n")
        changes = [Change(name, "1.0") for name in request.requirements]
        return InstallOutcome((), tuple(changes))

    def real_pip(self, version: str) -> str:
        """Return the real pip that the test has put where the variable says."""
        if "TEST_REAL_PIP" not in os.environ:
            raise AlcoveError("no index has it")
        return os.environ["TEST_REAL_PIP"].replace("VERSION", version)


if __name__ == "__main__":
    code = start(
        sys.argv[1:],
        environ=os.environ,
        defaults=lambda _command, _isolated: {},
        actions=lambda _prefix: Echo(),  # type: ignore[arg-type,return-value]
    )
    sys.stdout.flush()
    sys.exit(code)
