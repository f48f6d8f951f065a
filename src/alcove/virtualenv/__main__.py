"""`python -m alcove.virtualenv`: what `python -m virtualenv` does, with alcove's environments."""

import sys

from alcove.virtualenv.command import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
