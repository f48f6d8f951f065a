"""Stands for the command line: notes each start, answers `activate` as the real one does, echoes the rest."""

from __future__ import annotations

import os
import sys

from alcove.shells.code import activation_code

arguments = sys.argv[1:]
with open(os.environ["STARTS"], "a", encoding="utf-8") as stream:
    stream.write(" ".join(arguments) + "\n")
if arguments[:3] == ["activate", "--function", "--shell"] and "--help" not in arguments:
    prefix = arguments[-1]
    if arguments[4] == "--on-cd":
        prefix = os.path.join(prefix, ".venv")
    if not os.path.exists(prefix):
        sys.stderr.write("no such environment\n")
        sys.exit(1)
    sys.stdout.write(activation_code(arguments[3], prefix, prompt="na$(me)"))
else:
    sys.stdout.write(" ".join(["said:", *arguments]) + "\n")
    sys.exit(7 if "fail" in arguments else 0)
