"""Time whole processes of several contenders in turn (A B A B ...), each in a home of its own.

Rule: the contenders alternate within each round, so that a change of the machine's mood meets all of them; nothing of the
machine's own settings reaches them; caches are warm unless asked otherwise.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.scenarios import Contender, Scenario

__all__ = ["Failed", "Series", "Setting", "measure"]

# All that a contender sees of the machine's environment: the way to the network, and the language.
LANGUAGE = ("PATH", "LANG", "LC_ALL", "TMPDIR")
TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
PROXIES = tuple(f"{kind}_proxy" for kind in ("http", "https", "all", "no"))
KEPT = (*LANGUAGE, *TRUST, *PROXIES, *(name.upper() for name in PROXIES))


class Failed(Exception):
    """A command of a contender ended with an error; the message says which and how."""


class Setting(NamedTuple):
    """What a measurement is made with.

    `work`: the absolute directory of homes and environments. `words`: the programs and paths that stand for names in
    braces. At least one round, at most `rounds`; about `seconds` for each contender. `late`: nothing is deleted before all
    is timed, where a scenario makes its environment anew for each run.
    """

    work: str
    words: dict[str, str]
    rounds: int
    seconds: float
    cold: bool
    late: bool = False


class Series(NamedTuple):
    """The timed runs of one contender: wall-clock and CPU seconds (children included) of each."""

    contender: str
    wall: list[float]
    cpu: list[float]
    failed: str = ""

    @property
    def median(self) -> float:
        """The median of the wall-clock seconds."""
        return median(self.wall)


def measure(
    scenario: Scenario,
    contenders: Sequence[Contender],
    setting: Setting,
    *,
    tell: Callable[[str], None],
) -> list[Series]:
    """Time `scenario` for each contender; one that fails drops out, with the reason in its series."""
    runs = [_Run(scenario, contender, setting) for contender in contenders]
    for run in runs:
        tell(f"{scenario.name}: preparing {run.contender.name}")
        run.attempt(run.prepare)
    for number in range(setting.rounds):
        tell(f"{scenario.name}: round {number + 1} of {setting.rounds}")
        # Who goes first changes with the round: the first finds the disk as the last one left it.
        start = number % len(runs)
        for run in runs[start:] + runs[:start]:
            if not run.failed and (not run.wall or run.spent < setting.seconds):
                run.attempt(run.round)
    if not setting.late:
        for run in runs:
            shutil.rmtree(run.environment, ignore_errors=True)
    return [Series(run.contender.name, run.wall, run.cpu, run.failed) for run in runs]


class _Run:
    """One contender in one scenario."""

    def __init__(self, scenario: Scenario, contender: Contender, setting: Setting) -> None:
        self.scenario = scenario
        self.contender = contender
        self.setting = setting
        self.place = os.path.join(setting.work, f"{contender.name}-{scenario.name}")
        self.environment = self.place
        self.home = os.path.join(setting.work, "homes", contender.home)
        self.wall: list[float] = []
        self.cpu: list[float] = []
        self.spent = 0.0
        self.failed = ""
        self.turns = 0

    def attempt(self, what: Callable[[], None]) -> None:
        """Do `what`, remembering why it failed, if it did."""
        try:
            what()
        except Failed as failed:
            self.failed = str(failed)

    def prepare(self) -> None:
        """Fill caches by one whole turn with the network, then do what is done once."""
        shutil.rmtree(self.environment, ignore_errors=True)
        self._make_home()
        scenario = self.scenario
        if not self.setting.cold:
            self._steps(
                [
                    *scenario.once,
                    *scenario.before,
                    scenario.timed,
                    *(step for step in scenario.after if step != "drop" or not self.setting.late),
                ],
                offline="",
            )
        if not scenario.once and not self.setting.late:
            shutil.rmtree(self.environment, ignore_errors=True)

    def round(self) -> None:
        """Make one timed run, with what comes before and after it."""
        offline, after = self.contender.offline, self.scenario.after
        start = time.perf_counter()
        if self.setting.late and after == (
            "drop",
        ):  # the next one lies elsewhere, and this one stays
            self.turns += 1
            self.environment, after = f"{self.place}-{self.turns}", ()
        if self.setting.cold:
            shutil.rmtree(self.home, ignore_errors=True)
            self._make_home()
            offline = ""
        self._steps(self.scenario.before, offline=offline)
        os.sync()  # who makes its change durable does not pay for what others left in the journal
        wall, cpu = self._run(self.scenario.timed, offline=offline)
        self._steps(after, offline=offline)
        self.wall.append(wall)
        self.cpu.append(cpu)
        self.spent += time.perf_counter() - start

    def _make_home(self) -> None:
        os.makedirs(self.home, exist_ok=True)

    def _steps(self, names: Sequence[str], *, offline: str) -> None:
        for name in names:
            self._run(name, offline=offline)

    def _run(self, step: str, *, offline: str) -> tuple[float, float]:
        words = {**self.setting.words, "env": self.environment, "offline": offline}
        command = self.contender.command(step, words)
        with tempfile.TemporaryFile(dir=self.setting.work) as output:
            start = time.perf_counter()
            process = subprocess.Popen(
                command,
                env=environ(self.home),
                cwd=self.setting.work,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                output.seek(0)
                said = output.read().decode(errors="replace").strip()[-1000:]
                raise Failed(f"{' '.join(command)[:200]}: exit code {process.returncode}: {said}")
        return wall, usage.ru_utime + usage.ru_stime


def environ(home: str) -> dict[str, str]:
    """Return the environment variables of a contender whose home is `home` (absolute)."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {
        **kept,
        "HOME": home,
        "ALCOVE_HOME": os.path.join(home, "alcove-data"),
        "ALCOVE_CACHE": os.path.join(home, "alcove-cache"),
        "UV_CACHE_DIR": os.path.join(home, "uv-cache"),
        "UV_NO_CONFIG": "1",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
