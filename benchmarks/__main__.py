"""Time scenarios against rivals and print a table: `python -m benchmarks fill add --against uv-offline`."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from typing import TYPE_CHECKING

from benchmarks.harness import Setting, measure
from benchmarks.machine import describe
from benchmarks.scenarios import HERE, Contender, Scenario, load

if TYPE_CHECKING:
    from benchmarks.harness import Series

PROGRAMS = ("alcove", "uv", "virtualenv")


def main() -> int:
    """Measure what was asked for; exit code 1 when a contender failed."""
    scenarios, contenders = load()
    asked = arguments(scenarios, contenders)
    if asked.list:
        for scenario in scenarios.values():
            print(f"{scenario.name:12} {scenario.says}")
        print(f"contenders   {' '.join(contenders)}")
        return 0
    programs = {
        name: os.path.abspath(path)
        for name in PROGRAMS
        if (path := shutil.which(getattr(asked, name)))
    }
    programs["python"] = asked.python
    lock = os.path.abspath(asked.lock)
    names = [asked.subject, *(name for name in asked.against if name != asked.subject)]
    present = [
        contenders[name] for name in names if contenders[name].program.strip("{}") in programs
    ]
    missing = [name for name in names if contenders[name] not in present]
    work = tempfile.mkdtemp(prefix="alcove-benchmark-", dir=asked.work)
    setting = Setting(
        work, {**programs, "lock": lock}, asked.rounds, asked.seconds, asked.cold, asked.late
    )
    try:
        print("\n".join(describe(work, programs)))
        print(f"caches: {'cold, fetched from the index in each run' if asked.cold else 'warm'}")
        if missing:
            print(f"not found, so left out: {', '.join(missing)}")
        results = {}
        for name in asked.scenarios or scenarios:
            if asked.cold and not scenarios[name].cold:
                continue
            taking_part = [each for each in present if each.takes_part(scenarios[name])]
            results[name] = measure(scenarios[name], taking_part, setting, tell=tell)
            print(table(scenarios[name], results[name]), flush=True)
    finally:
        if not asked.keep:
            shutil.rmtree(work, ignore_errors=True)
    if asked.json:
        with open(asked.json, "w", encoding="utf-8") as stream:
            json.dump(
                {name: [each._asdict() for each in row] for name, row in results.items()}, stream
            )
    return int(any(each.failed for row in results.values() for each in row))


def arguments(
    scenarios: dict[str, Scenario], contenders: dict[str, Contender]
) -> argparse.Namespace:
    """Return what was asked on the command line."""
    base = getattr(sys, "_base_executable", sys.executable)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("scenarios", nargs="*", metavar="SCENARIO", help="which to time; all, if none is given")
    add("--subject", default="alcove", choices=contenders, help="whom the ratios are to (alcove)")
    add(
        "--against",
        nargs="+",
        default=["uv-offline"],
        choices=contenders,
        metavar="RIVAL",
        help="rivals",
    )
    add("--rounds", type=int, default=7, help="timed runs of each contender, at most (7)")
    add(
        "--seconds",
        type=float,
        default=120,
        help="time for each contender in each scenario, about (120)",
    )
    add("--cold", action="store_true", help="empty all caches before each timed run")
    add("--python", default=base, help="the interpreter of the environments")
    add(
        "--lock",
        default=os.path.join(HERE, "locks", "set118.txt"),
        help="the pinned file to fill from",
    )
    for name in PROGRAMS:
        add(f"--{name}", default=name, metavar="PROGRAM", help=f"the program of {name}")
    add("--work", help="where homes and environments are made (the temporary directory)")
    add("--keep", action="store_true", help="keep them")
    add("--late", action="store_true", help="delete nothing before all is timed")
    add("--json", metavar="FILE", help="write all timings to FILE")
    add("--list", action="store_true", help="list scenarios and contenders")
    asked = parser.parse_args()
    unknown = [name for name in asked.scenarios if name not in scenarios]
    if unknown:
        parser.error(f"no such scenario: {', '.join(unknown)} (there are: {', '.join(scenarios)})")
    return asked


def table(scenario: Scenario, results: list[Series]) -> str:
    """Return a table in Markdown: medians in milliseconds, and how many times the first contender's each is."""
    lines = [
        f"\n**{scenario.name}**: {scenario.says}\n",
        "| contender | median ms | lowest ms | CPU ms | runs | times the first |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    first = next((each.median for each in results if each.wall), 0.0)
    for each in results:
        if each.failed or not each.wall:
            lines.append(f"| {each.contender} | failed | | | {len(each.wall)} | |")
            continue
        cpu = sorted(each.cpu)[len(each.cpu) // 2]
        numbers = [each.median * 1000, min(each.wall) * 1000, cpu * 1000]
        cells = [f"{number:.1f}" for number in numbers] + [
            str(len(each.wall)),
            f"{each.median / first:.2f}",
        ]
        lines.append(f"| {each.contender} | {' | '.join(cells)} |")
    lines += [f"\n{each.contender} failed: {each.failed}" for each in results if each.failed]
    return "\n".join(lines)


def tell(text: str) -> None:
    """Say on stderr what goes on."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
