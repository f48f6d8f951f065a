"""The file that `bin/pip` and `python -m pip` of an environment start: `PYTHON -I THIS PREFIX PROGRAM ARGUMENTS...`.

Where the installer put alcove, they start its `bin/pip.py` instead.
"""

import gc
import os
import sys

if __name__ == "__main__":
    gc.disable()  # a command ends before a collection would pay
    # `-I` keeps the directory of this file off the path; what is needed is the one above the package.
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path.insert(0, os.path.dirname(package))

    from alcove.pip.entry import main

    main(sys.argv[1:])
