"""Commands that are started with standard streams closed, as by some daemons and `cron`: they do their work all the same."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.functional.machine import Machine

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX closes them")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_alcove_and_pip_do_their_work(machine: Machine, closed: str) -> None:
    done = machine.run(
        "sh",
        "-c",
        f"alcove create env {closed} && alcove run --env env touch ran {closed} "
        f"&& env/bin/pip install itsdangerous {closed} && alcove list --env env",
    )
    assert done.code == 0, done.text
    assert "itsdangerous" in done.stdout
    assert "Traceback" not in done.stderr
    assert (machine.work / "ran").is_file()
    assert (machine.work / "env/.alcove/lock").read_text().splitlines()[1:] == []
