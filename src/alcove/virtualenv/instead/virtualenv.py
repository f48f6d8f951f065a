"""A `virtualenv` to put before the real one: with this file's folder on PYTHONPATH, `python -m virtualenv` is ours.

For programs that start virtualenv by its name (nox, pre-commit); alcove itself need not be installed beside them.
"""

import os
import sys

_HOME = os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
)
if _HOME not in sys.path:
    sys.path.append(_HOME)

from alcove.virtualenv import __version__, cli_run, session_via_cli  # noqa: E402  from _HOME

__all__ = ["__version__", "cli_run", "session_via_cli"]

if __name__ == "__main__":
    from alcove.virtualenv.command import run

    sys.exit(run(sys.argv[1:]))
