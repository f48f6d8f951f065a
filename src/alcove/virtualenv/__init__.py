"""`virtualenv` 21, making environments of alcove: its options, variables, configuration file and `cli_run`.

`python -m alcove.virtualenv` and `alcove virtualenv` are its commands. Differences: docs/how-to/from-virtualenv.md.
"""

from alcove.virtualenv.session import Session, cli_run, session_via_cli
from alcove.virtualenv.words import FOLLOWS

__version__ = FOLLOWS

__all__ = ["Session", "__version__", "cli_run", "session_via_cli"]
