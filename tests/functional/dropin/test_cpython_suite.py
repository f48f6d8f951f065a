"""CPython's own tests of `venv`, run against `alcove.venv` by the interpreters that bring them."""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import alcove
from alcove.testing.interpreters import require_interpreter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HERE = Path(__file__).parent
SOURCE = Path(alcove.__file__).parents[1]

PYTHONS = ("3.11", "3.12", "3.13")


def excluded(version: str) -> dict[str, Mapping[str, Any]]:
    """Return the excluded cases of a Python by name."""
    with open(HERE / "excluded.toml", "rb") as stream:
        cases = tomllib.load(stream)["case"]
    return {case["name"]: case for case in cases if version in case["pythons"]}


@pytest.mark.parametrize("version", PYTHONS)
def test_the_suite_of_cpython_passes(
    version: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    python = require_interpreter(version)
    has = "import importlib.util, sys; sys.exit(importlib.util.find_spec('test.test_venv') is None)"
    if subprocess.run([python, "-c", has], check=False, capture_output=True).returncode:
        pytest.skip(f"{python} was installed without its test suite")
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))
    }
    environ |= {
        "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path),
        "ALCOVE_HOME": str(tmp_path / "data"),
        "ALCOVE_CACHE": str(tmp_path / "cache"),
    }
    environ.pop("VIRTUAL_ENV", None)
    result = tmp_path / "result.json"
    run = subprocess.run(
        [python, HERE / "run_test_venv.py", SOURCE, result],
        check=False,
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    cases: dict[str, list[str]] = json.loads(result.read_text())
    known = excluded(version)
    failed = {name: detail for name, (outcome, detail) in cases.items() if outcome == "failed"}
    count = {state: sum(case[0] == state for case in cases.values()) for state in _STATES}
    record_property("cases", f"test_venv of {version}: {count}, excluded: {sorted(known)}")
    assert {name: text for name, text in failed.items() if name not in known} == {}
    for name, case in known.items():
        assert case["shows"] in failed.get(name, f"{name} passes: it need not be excluded")
    # none of the rest skips itself but what is for another platform
    skipped = [detail for outcome, detail in cases.values() if outcome == "skipped"]
    assert [reason for reason in skipped if "Windows" not in reason and "macOS" not in reason] == []
    assert count["passed"] >= 22


_STATES = ("passed", "failed", "skipped")
