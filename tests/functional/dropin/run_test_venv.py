"""Run the interpreter's own `test.test_venv` with `venv` replaced by `alcove.venv`, and say what came of each case.

Started as `PYTHON run_test_venv.py SOURCE RESULT [CASE...]`: SOURCE is the folder of alcove's sources, RESULT the file to
write (JSON: case → [outcome, detail]); only the cases named (`Class.method`) are run, or all.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import unittest
from typing import Any

SOURCE = sys.argv[1]
sys.path.insert(0, SOURCE)

import alcove.venv  # noqa: E402  from SOURCE

sys.modules["venv"] = alcove.venv


def start_ours(words: list[str], **options: Any) -> int:
    """Be `subprocess.check_call`, but for `-m venv`, which is ours in child processes too."""
    if words[1:3] == ["-m", "venv"]:
        words = [words[0], "-m", "alcove.venv", *words[3:]]
        environ = options["env"]
        environ["PYTHONPATH"] = os.pathsep.join(filter(None, (SOURCE, environ["PYTHONPATH"])))
        environ.update((name, os.environ[name]) for name in ("ALCOVE_HOME", "ALCOVE_CACHE"))
    return original(words, **options)


original = subprocess.check_call


class Told(unittest.TestResult):
    """Notes the outcome of each case."""

    def __init__(self) -> None:
        super().__init__()
        self.cases: dict[str, list[str]] = {}

    def note(self, test: unittest.TestCase, outcome: str, detail: str = "") -> None:
        """Note the worst outcome of a case and its sub-tests."""
        name = ".".join(test.id().split(".")[-2:])
        if self.cases.get(name, ["passed"])[0] == "passed":
            self.cases[name] = [outcome, detail]

    def addSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802  unittest's name
        """Take a case that passed."""
        self.note(test, "passed")

    def addError(self, test: Any, err: Any) -> None:  # noqa: N802
        """Take a case that raised."""
        self.note(test, "failed", self._exc_info_to_string(err, test))  # type: ignore[attr-defined]

    addFailure = addError  # noqa: N815

    def addSubTest(self, test: Any, _subtest: Any, err: Any) -> None:  # noqa: N802
        """Take a part of a case."""
        if err is not None:
            self.addError(test, err)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:  # noqa: N802
        """Take a case that skips itself here."""
        self.note(test, "skipped", reason)


def main() -> None:
    """Run the cases and write what came of them."""
    module = importlib.import_module("test.test_venv")
    setattr(subprocess, "check_call", start_ours)  # noqa: B010  what test_venv calls
    loader = unittest.TestLoader()
    if sys.argv[3:]:
        suite = loader.loadTestsFromNames(sys.argv[3:], module)
    else:
        suite = loader.loadTestsFromModule(module)
    result = Told()
    suite.run(result)
    with open(sys.argv[2], "w", encoding="utf-8") as stream:
        json.dump(result.cases, stream)


main()
