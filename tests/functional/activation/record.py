"""Append what a child of the shell sees, as one line of JSON: `record.py FILE LABEL VALUE...`."""

from __future__ import annotations

import json
import os
import sys

with open(sys.argv[1], "a", encoding="ascii") as stream:
    stream.write(json.dumps([sys.argv[2], dict(os.environ), sys.argv[3:]]) + "\n")
