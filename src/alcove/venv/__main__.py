"""`python -m alcove.venv`: what `python -m venv` does, with alcove's environments."""

import sys

from alcove.venv.command import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
