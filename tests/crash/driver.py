"""Runs one scene again and again, stopped at each of its points in turn; prints what it saw as JSON.

Run as a program: `python -m tests.crash.driver ROOT SCENE [EVERY]`; with `ALCOVE_CRASH_HALVES=1` every change is made by two
processes, and each may be the one that is stopped, or both. Each run, and each recovery, is a child of its
own, forked from this process, which has everything imported.
"""

from __future__ import annotations

import json
import mmap
import os
import sys
import time
import traceback
from typing import TYPE_CHECKING

from alcove.actions.held import hold
from alcove.actions.moved import settle
from alcove.cli.main import run
from alcove.environments.activation.scripts import NAMES
from alcove.environments.unfinished import MARK
from alcove.files import halves
from alcove.settings import read
from alcove.store.collect import collect
from alcove.store.layout import store_at
from alcove.transactions import slots
from tests.crash import examine, points
from tests.crash.worlds import ALIKE, SAMPLED, SCENES, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.crash.examine import Seen
    from tests.crash.worlds import Scene

_FAR = (
    "kill",
    "full",
)  # kinds after which every run is repeated and taken back; of the others, one in...
_SOME = 4
_CAUSES = ("No space left", "Input/output error")
_BROKEN = 70  # the exit code of a child that met an exception of the test itself


class Wrong(Exception):
    """A state that is neither the old nor the new one, or a command that did not do what it should."""


class Driver:
    """One scene, with the states before and after it."""

    def __init__(self, world: World, scene: Scene) -> None:
        self.world = world
        self.scene = scene
        self.shared = mmap.mmap(-1, 8)
        self.said = f"{world.root}/said"
        self.lost = f"{world.root}/lost"
        world.env = f"{world.work}/{scene.env}"
        self.settled: dict[str, str] = {}
        self.before, self.after, self.leftovers = self._reference()

    def _reference(self) -> tuple[Seen | None, Seen | None, set[str]]:
        """Run the scene whole, in this process, so that all is imported; return what is seen before and after."""
        world, scene = self.world, self.scene
        world.restore(scene.start)
        if scene.settles:
            # What is seen at the start is put right by whatever command comes next.
            self.settled = self._told_apart(examine.visible(world.layout()))
            self._next_command()
            before = self._seen()
            world.restore(scene.start)
        else:
            before = self._seen()
        assert run(scene.words) == 0, scene
        after = self._seen()
        names = set(os.listdir(world.work))
        if scene.back:
            self._assert_tidy()
            assert run(scene.back) == 0, scene
            assert self._seen() == before, scene
            self._assert_tidy()
        assert before != after, scene
        return before, after, names

    def _next_command(self) -> None:
        """Do what every command does before its own work."""
        layout = self.world.layout()
        settle(layout.root, read())
        with hold(layout, read()):
            pass

    @staticmethod
    def _told_apart(seen: dict[str, str]) -> dict[str, str]:
        """Leave out the scripts of a moved environment that are made right one by one, each whole: all find their place."""
        return {path: text for path, text in seen.items() if path[len("bin/") :] not in NAMES}

    def _assert_tidy(self) -> None:
        faults = examine.wrong(self.world.layout())
        assert faults == [], faults

    def _is_here(self) -> bool:
        """Tell whether something lies there that other tools take for an environment."""
        return os.path.exists(f"{self.world.env}/pyvenv.cfg")

    def _seen(self) -> Seen | None:
        if not self._is_here():
            return None
        return examine.seen(self.world.layout())

    def sweep(self, kind: str, every: int) -> tuple[int, list[str]]:
        """Stop the scene at each point of one kind, or each `every`th; return how many, and what went wrong."""
        total = self.run_scene(points.Script(kind, 0))[1]
        every *= 3 if self.scene.name in ALIKE and kind != "kill" else 1
        every *= SAMPLED.get(self.scene.name, 1)
        tried, faults = 0, []
        for at in range(1, total + 1 + (kind == "power"), every):
            tried += 1
            fault = self._one(kind, at, total)
            if fault:
                faults.append(f"{self.scene.name}: {kind} at {at} of {total}: {fault}")
        return tried, faults

    def _one(self, kind: str, at: int, total: int) -> str:
        code, _ = self.run_scene(points.Script(kind, at, self.lost))
        with open(self.said, encoding="utf-8", errors="replace") as stream:
            said = stream.read()
        if kind == "power":
            if not points.empty(self.world.live, self.lost) and at <= total:
                return ""  # nothing was lost, so this is what "kill" at this point leaves
            if at > total:
                code = 0
        return self.recovered(kind, code, said, far=kind in _FAR or not at % _SOME)

    def recovered(self, kind: str, code: int, said: str, *, far: bool) -> str:
        """Go on after a stop, in a child; return what is wrong, or ""."""
        child = self._child(lambda: self._recover(kind, code, said, far=far))
        with open(self.said, encoding="utf-8", errors="replace") as stream:
            return stream.read().strip() or f"exit code {child}" if child else ""

    def run_scene(self, wanted: points.Script) -> tuple[int, int]:
        """Run the scene in a child with the script; return its exit code and how many points it reached."""
        self.world.restore(self.scene.start)
        self.shared.seek(0)
        self.shared.write(bytes(8))

        def told(number: int) -> None:
            self.shared[0:8] = number.to_bytes(8, "little")

        def go() -> int:
            counter = points.script(wanted, told)
            code = run(self.scene.words)
            if wanted.kind == "power" and wanted.at:
                counter.cut()  # right after it said that all is done
            return code

        code = self._child(go)
        return code, int.from_bytes(self.shared[0:8], "little")

    def _child(self, action: Callable[[], int]) -> int:
        """Run `action` in a child, with all that it prints in the file `said`; return its exit code."""
        child = os.fork()
        if child:
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        code = _BROKEN
        try:
            target = os.open(self.said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(target, 1)
            os.dup2(target, 2)
            code = action()
        except Wrong as wrong:
            sys.stderr.write(str(wrong))
            code = 1
        except BaseException:  # noqa: BLE001  a child of a fork must never return
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    # -- after a stop ---------------------------------------------------------------------------------------------

    def _recover(self, kind: str, code: int, said: str, *, far: bool) -> int:
        """Look at what the stop left, and go on; `far`: the same command again, and back again, too."""
        if kind in ("error", "full"):
            _check_message(code, said)
        if self.scene.back:
            self._recover_environment(kind, code, said, far=far)
        elif self.scene.words[0] in ("create", "copy"):
            self._recover_creation(kind, code)
        else:
            self._recover_deletion()
        if far:
            self._check_store()
        return 0

    def _recover_environment(self, kind: str, code: int, said: str, *, far: bool) -> None:
        world = self.world
        assert self.before is not None
        assert self.after is not None
        now = examine.visible(world.layout())
        known = (self.before.modules, self.after.modules)
        if now not in known and self._told_apart(now) != self.settled:
            raise Wrong(
                "neither old nor new before the next command: "
                + _differ(now, self.before.modules, self.after.modules)
            )
        is_new = now == self.after.modules
        differs = self.before.modules != self.after.modules
        if differs and kind in ("error", "full", "power") and code == 0 and not is_new:
            raise Wrong("it said that all is done, and shows the old state")
        if (
            differs
            and kind in ("error", "full")
            and code != 0
            and is_new
            and "next command" not in said
        ):
            raise Wrong(f"it said that it failed, and shows the new state: {said}")
        self._next_command()
        self._expect(self.after if is_new else self.before, "after the next command")
        if far:
            self._go_on(is_new=is_new)
        left = set(os.listdir(world.work)) - self.leftovers
        if left:
            raise Wrong(f"left over: {left}")

    def _go_on(self, *, is_new: bool) -> None:
        """Run the same command again, and then the one that takes it back."""
        if self.scene.repeatable or not is_new:
            self._command(self.scene.words)
            self._expect(self.after, "after the same command again")
        self._command(self.scene.back)
        self._expect(self.before, "after the command back")

    def _expect(self, wanted: Seen | None, when: str) -> None:
        now = self._seen()
        if now is None or wanted is None:
            if now is not wanted:
                raise Wrong(f"{when}: {'no environment' if now is None else 'an environment'}")
            return
        for have, want in zip(now, wanted, strict=True):
            if have != want:
                raise Wrong(f"{when}: {_differ(have, want)}")
        faults = examine.wrong(self.world.layout(), used=bool(self.scene.back))
        if faults:
            raise Wrong(f"{when}: {faults}")

    def _command(self, words: tuple[str, ...]) -> None:
        code = run(words)
        if code:
            raise Wrong(f"{' '.join(words)}: exit code {code}")

    def _recover_creation(self, kind: str, code: int) -> None:
        world, scene = self.world, self.scene
        here, between = self._is_here(), False
        if here:
            now = self._seen()
            between = now not in (self.before, self.after)
            if between and not os.path.exists(f"{world.work}/{scene.env}/{MARK}"):
                raise Wrong("something that looks like an environment, and is neither old nor new")
            if kind in ("error", "full") and code and now == self.after != self.before:
                raise Wrong("it said that it failed, and the environment is there")
        elif code == 0 and kind in ("error", "full", "power"):
            raise Wrong("it said that all is done, and there is no environment")
        elif self.before is not None and "--clear" in scene.words:
            raise Wrong("the environment that was to be made anew is gone")
        words = scene.words
        if here and words[0] == "copy":
            self._command(("delete", "-y", scene.env))
        elif here and not between and "--clear" not in words:
            words = (*words, "--clear")
        self._command(words)
        wanted = self.after
        if words != scene.words and wanted is not None:  # the command is noted in pyvenv.cfg
            content = self._seen()
            assert content is not None
            wanted.data["./pyvenv.cfg"] = content.data["./pyvenv.cfg"]
        self._expect(wanted, "after the same command again")
        left = set(os.listdir(world.work)) - self.leftovers
        if left:
            raise Wrong(f"left over: {left}")

    def _recover_deletion(self) -> None:
        world = self.world
        if self._is_here():
            self._expect(self.before, "before the next command")
            self._command(self.scene.words)
        else:
            self._command(("create", "-q", "env", "-p", sys.executable, "--without-pip"))
            self._command(self.scene.words)
        left = set(os.listdir(world.work)) - self.leftovers
        if left:
            raise Wrong(f"left over: {left}")

    def _check_store(self) -> None:
        # For a day it could be that a root that was written is about to get its name.
        collect(store_at(self.world.data), now=time.time() + 2 * 86_400)
        faults = examine.store_faults(self.world.data)
        if faults:
            raise Wrong(f"the store: {faults}")
        if self._is_here() and self.scene.back:
            self._expect(self.before, "after the store was collected")  # and after the command back


def _check_message(code: int, said: str) -> None:
    if "Traceback" in said or code not in (0, 1):
        raise Wrong(f"exit code {code}: {said}")
    if code == 1 and ("error: " not in said or not any(one in said for one in _CAUSES)):
        raise Wrong(f"the message does not say the cause: {said}")


def _differ(have: dict[str, str], *wanted: dict[str, str]) -> str:
    """Return the fewest differences to one of the wanted states."""
    found = [
        [
            f"{path}: {have.get(path, 'missing')}, not {want.get(path, 'there')}"
            for path in sorted(have.keys() | want.keys())
            if have.get(path) != want.get(path)
        ]
        for want in wanted
    ]
    return "; ".join(min(found, key=len)[:6])


def main(root: str, name: str, every: int) -> None:
    """Go through all kinds of one scene and print {"points": {kind: count}, "faults": [...], "seconds": ...}."""
    started = time.monotonic()
    kinds = os.environ.get("ALCOVE_CRASH_KINDS", " ".join(points.KINDS)).split()
    world = World(root)
    world.enter()
    scene = SCENES[name]
    world.make(scene.start)
    if halves_wanted := os.environ.get("ALCOVE_CRASH_HALVES"):
        slots._MUCH = 0  # two processes for the smallest change
    driver = Driver(world, scene)
    counts, faults = {}, []
    for kind in kinds:
        if halves_wanted and kind == "power":  # what the other process wrote this one cannot tell
            halves._may_fork = lambda: False
        counts[kind], found = driver.sweep(kind, every)
        faults += found
    print(json.dumps({"points": counts, "faults": faults, "seconds": time.monotonic() - started}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int((*sys.argv, "1")[3]))
