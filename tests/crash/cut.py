"""Power cuts on a real ext4: the disk is copied while the process stands still, and the copy is what comes after.

Run as a program, as root: `python -m tests.crash.cut DIRECTORY SCENE STRIDE`; prints what it saw as JSON. The file
system lies in a file of DIRECTORY. Nothing of the page cache is in the copy, so it shows what was not yet durable. At every
second point the journal is committed first: then names are durable whose content may not be.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys

from alcove.cli.main import run
from tests.crash import points
from tests.crash.driver import Driver
from tests.crash.worlds import SCENES, World

_MEGABYTES = 48


class Disk:
    """A file system in the file `image` (absolute), shown at the directory `at`."""

    def __init__(self, directory: str) -> None:
        self.image, self.copy = f"{directory}/disk", f"{directory}/disk-copy"
        self.at = f"{directory}/mounted"
        os.makedirs(self.at, exist_ok=True)
        with open(self.image, "wb") as stream:
            stream.truncate(_MEGABYTES << 20)
        subprocess.run(["mkfs.ext4", "-q", "-F", self.image], check=True)

    def mount(self, image: str) -> None:
        """Show the file system of `image`."""
        subprocess.run(["mount", "-o", "loop", image, self.at], check=True)

    def unmount(self) -> None:
        """Show it no more."""
        os.chdir("/")
        subprocess.run(["umount", self.at], check=True)


def held(driver: Driver, at: int) -> int:
    """Run the scene in a child up to the point `at`, or to its end; return the child, which stands still there."""
    driver.world.restore(driver.scene.start)
    os.sync()
    child = os.fork()
    if not child:
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        points.script(points.Script("hold", at), lambda _: None)
        run(driver.scene.words)
        os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
    os.waitpid(child, os.WUNTRACED)
    return child


def commit(path: str) -> None:
    """Have the journal commit all names so far, as another program's flush does at any moment."""
    with open(path, "a", encoding="ascii") as stream:
        stream.write("x")
        stream.flush()
        os.fsync(stream.fileno())


def main(directory: str, name: str, stride: int) -> None:
    """Cut the power at each `stride`th point of a scene, and print {"points": count, "faults": [...]}."""
    disk = Disk(directory)
    disk.mount(disk.image)
    world = World(f"{disk.at}/world")
    os.mkdir(world.root)
    world.enter()
    world.make(SCENES[name].start)
    driver = Driver(world, SCENES[name])
    driver.said = f"{directory}/said"
    total = driver.run_scene(points.Script("kill", 0))[1]
    tried, faults = 0, []
    for at in range(1, total + 1, stride):
        child = held(driver, at)
        if tried % 2:
            commit(f"{disk.at}/committed")
        shutil.copyfile(disk.image, disk.copy)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        disk.unmount()
        disk.mount(disk.copy)
        os.chdir(world.work)
        tried += 1
        fault = driver.recovered("power", points.STOPPED, "", far=True)
        if fault:
            faults.append(f"{name}: {at} of {total}: {fault}")
        disk.unmount()
        disk.mount(disk.image)
    disk.unmount()
    print(json.dumps({"points": tried, "faults": faults}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
