#!/usr/bin/env python3
"""Install alcove from this checkout with nothing but Python 3.11 or newer.

    python3 install.py                  install, or bring up to date
    python3 install.py --first-steps    install, then walk the first steps with the Flask example
    python3 install.py --test           build the development environment with alcove, and run all tests in it
    python3 install.py --uninstall      remove the program; environments and the store stay

alcove then runs on the system's Python where that is new enough and whole, else, or with --here, on the one that installs it.

Rule: no pip, no compiler, no step that can be seen half done. What is fetched is pinned in requirements/runtime.txt by its
sha256 and checked before it is unpacked; a version is put together aside and renamed; one link says which version is in use.
A second run with nothing new changes nothing, needs no network, and mends what was damaged.
"""

from __future__ import annotations

import argparse
import compileall
import hashlib
import os
import py_compile
import re
import shlex
import shutil
import stat
import sys
import zipfile
from typing import TYPE_CHECKING, NamedTuple

# With -P or -I the directory of the script is not there.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(sys.path[0], "src"))
from alcove.files.locking import Busy, Lock
from alcove.settings import home_of
from scripts import bundling, runner
from scripts.fetch import REFUSED, Fetcher, Trouble, read_pins, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHECKOUT = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(CHECKOUT, "src", "alcove")
PINS = os.path.join(CHECKOUT, "requirements", "runtime.txt")
OLDEST = (3, 11)
SHEBANG_LIMIT = 127  # bytes that every kernel reads of a first line
PATIENCE = 300.0  # seconds that a run waits for another one


class Places(NamedTuple):
    """Where things go; all absolute: the program's versions, fetched wheels, and the link that users call."""

    app: str
    cache: str
    command: str


# --- where -----------------------------------------------------------------------------------------------------------


def places(prefix: str | None) -> Places:
    """Return where things go on this machine, or below `prefix`."""
    home = home_of(os.environ)
    cache = os.environ.get("ALCOVE_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache"), "alcove"
    )
    if prefix:
        prefix = os.path.abspath(prefix)
        app, command = (
            os.path.join(prefix, "share", "alcove", "app"),
            os.path.join(prefix, "bin", "alcove"),
        )
    else:
        app, command = (
            os.path.join(data(home), "app"),
            os.path.join(home, ".local", "bin", "alcove"),
        )
    return Places(app, os.path.join(os.path.abspath(cache), "bootstrap"), command)


def data(home: str) -> str:
    """Return alcove's data directory, by the same rule as alcove itself."""
    if os.environ.get("ALCOVE_HOME"):
        return os.path.abspath(os.environ["ALCOVE_HOME"])
    if os.environ.get("XDG_DATA_HOME"):
        return os.path.abspath(os.path.join(os.environ["XDG_DATA_HOME"], "alcove"))
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return "/var/lib/alcove"
    return os.path.join(home, ".local", "share", "alcove")


def interpreter() -> str:
    """Return the Python that runs this: its base, so that no environment's end is alcove's end."""
    return str(getattr(sys, "_base_executable", "") or sys.executable)


# --- what ------------------------------------------------------------------------------------------------------------


def sources() -> Iterator[tuple[str, str]]:
    """Yield (path relative to the package, absolute path) of every file of alcove's source, in a fixed order."""
    for directory, names, files in os.walk(SOURCE):
        names[:] = sorted(name for name in names if name != "__pycache__")
        for name in sorted(files):
            if not name.endswith(".pyc"):
                path = os.path.join(directory, name)
                yield os.path.relpath(path, SOURCE), path


def identity() -> str:
    """Return the name of what this run installs: version and digest of all that goes into it."""
    digest = hashlib.sha256()
    ingredients = [("", PINS), ("", os.path.abspath(__file__)), ("", bundling.__file__), *sources()]
    for relative, path in ingredients:
        with open(path, "rb") as stream:
            digest.update(f"{relative}\0{hashlib.sha256(stream.read()).hexdigest()}\0".encode())
    digest.update(f"{interpreter()}\0{sys.implementation.cache_tag}".encode())
    with open(os.path.join(SOURCE, "__init__.py"), encoding="utf-8") as stream:
        version = re.search(r'^__version__ = "([0-9a-z.+]+)"$', stream.read(), re.MULTILINE)
    if not version:
        raise Trouble(f"{SOURCE}: no __version__", "is this checkout complete?")
    return f"{version[1]}-{digest.hexdigest()[:10]}"


# --- put together ----------------------------------------------------------------------------------------------------


def unpack(wheel: str, library: str) -> None:
    """Unpack a wheel into the directory `library`; Trouble where a member would leave it or is no plain file."""
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            parts = member.filename.rstrip("/").split("/")
            kind = stat.S_IFMT(member.external_attr >> 16)
            if (
                any(part in {"", ".", ".."} for part in parts)
                or "\\" in member.filename
                or os.path.isabs(member.filename)
                or kind not in {0, stat.S_IFREG, stat.S_IFDIR}
                or parts[0].endswith((".data", ".pth"))
            ):
                raise Trouble(f"{wheel}: {member.filename!r} has no place in a library")
            if member.is_dir():
                continue
            target = os.path.join(library, *parts)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "xb") as stream:
                stream.write(archive.read(member))


def programs(python: str, library: str) -> dict[str, bytes]:
    """Return the files of `bin/` by name: alcove, which starts the library at `library` in `python`, and the pip of ours."""
    pip = bundling.launcher(library, "alcove.pip.entry", "main(sys.argv[1:])").encode()
    program = bundling.launcher(library, "alcove.cli.main", "sys.exit(main())").encode()
    # -I: nothing of the user's environment or directory is imported. -S: no site-packages of this Python's are.
    line = f"#!{python} -IS\n".encode()
    if " " not in python and "\t" not in python and len(line) <= SHEBANG_LIMIT:
        return {"alcove": line + program, "pip.py": pip}
    # A first line can neither hold a space nor be long: a shell hands over to the program beside it.
    script = os.path.join(os.path.dirname(library), "bin", "alcove.py")
    shell = f'#!/bin/sh\nexec {shlex.quote(python)} -IS {shlex.quote(script)} "$@"\n'
    return {"alcove": shell.encode(), "alcove.py": program, "pip.py": pip}


def assemble(staged: str, final: str, wheels: Sequence[str]) -> None:
    """Make in `staged` what will be renamed to `final`: library with bytecode, launcher, manifest."""
    library = os.path.join(staged, "lib")
    os.makedirs(library)
    for wheel in wheels:
        unpack(wheel, library)
    for relative, path in sources():
        target = os.path.join(library, "alcove", relative)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(path, target)
    say("compiling")
    compileall.compile_dir(
        library,
        quiet=2,  # alcove's own activation templates and probes are for other Pythons, too
        stripdir=staged,
        prependdir=final,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,  # nothing here changes in place
    )
    bundling.write(
        os.path.join(library, "alcove"),
        os.path.join(library, bundling.NAME),
        final=os.path.join(final, "lib", "alcove"),
    )
    os.mkdir(os.path.join(staged, "bin"))
    for name, content in programs(interpreter(), os.path.join(final, "lib")).items():
        path = os.path.join(staged, "bin", name)
        with open(path, "wb") as stream:
            stream.write(content)
        os.chmod(path, 0o755)  # noqa: S103  a program
    with open(os.path.join(staged, "manifest"), "w", encoding="utf-8") as stream:
        stream.write(manifest(staged))


def manifest(directory: str) -> str:
    """Return the size and sha256 of every file below `directory`, bytecode of later runs and the manifest aside."""
    rows = []
    for place, names, files in os.walk(directory):
        names.sort()
        for name in files:
            path = os.path.join(place, name)
            relative = os.path.relpath(path, directory)
            if relative != "manifest" and not name.endswith(".pyc"):
                with open(path, "rb") as stream:
                    rows.append(f"{hashlib.sha256(stream.read()).hexdigest()} {relative}")
    return "\n".join(sorted(rows)) + "\n"


def whole(directory: str) -> bool:
    """Tell whether `directory` is a version that is there as it was put together."""
    try:
        with open(os.path.join(directory, "manifest"), encoding="utf-8") as stream:
            return stream.read() == manifest(directory)
    except OSError:
        return False


def fetch(cache: str) -> list[str]:
    """Return the paths of the pinned wheels, fetched into `cache` where they are not there yet."""
    fetcher = Fetcher(cache, os.path.dirname(SOURCE))
    return [fetcher.fetch(pin) for pin in read_pins(PINS)]


def provide(final: str, wheels: Sequence[str]) -> bool:
    """See to it that a version lies whole at `final`; False where it did already. The caller holds the lock."""
    if whole(final):  # another run was quicker
        return False
    staged = os.path.join(os.path.dirname(final), f".{os.path.basename(final)}.{os.getpid()}.tmp")
    try:
        assemble(staged, final, wheels)
        if os.path.isdir(final):  # damaged: a power cut after an earlier run, or an edit
            shutil.move(final, staged + ".old")
        os.rename(staged, final)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
        shutil.rmtree(staged + ".old", ignore_errors=True)
    return True


# --- switch ----------------------------------------------------------------------------------------------------------


def switch(link: str, target: str) -> None:
    """Make `link` a symbolic link to `target` by one rename."""
    os.makedirs(os.path.dirname(link), exist_ok=True)
    staged = f"{link}.{os.getpid()}.tmp"
    os.symlink(target, staged)
    os.replace(staged, link)


def belongs(command: str, app: str) -> bool:
    """Tell whether the link `command` is ours to replace or remove: not there, or a link into `app`."""
    if os.path.islink(command):
        return os.readlink(command).startswith(app + os.sep)
    return not os.path.lexists(command)


def forget_old(app: str, keep: set[str]) -> None:
    """Remove the versions that are not in `keep`; a running alcove may still be reading the one before this."""
    for name in os.listdir(app):
        if name != "current" and name not in keep and not name.startswith("."):
            shutil.rmtree(os.path.join(app, name), ignore_errors=True)


def install(place: Places) -> None:
    """Install or bring up to date; changes nothing that can be seen before all of it is there."""
    if not belongs(place.command, place.app):
        raise Trouble(
            f"{place.command} is there already and not ours",
            "move it away, or give another --prefix DIR",
        )
    name = identity()
    final = os.path.join(place.app, name)
    # Fetched before anything is made, so that a failure leaves nothing; the lock is for those who install at once.
    wheels = None if whole(final) else fetch(place.cache)
    os.makedirs(place.app, exist_ok=True)
    current = os.path.join(place.app, "current")
    with Lock(os.path.join(place.app, ".lock")).acquire(timeout=PATIENCE):
        new = wheels is not None and provide(final, wheels)
        before = os.readlink(current) if os.path.islink(current) else ""
        if before != name:
            runner.refuse_dead(os.path.join(final, "bin", "alcove"))
            switch(current, name)
            forget_old(place.app, {name, before})
    target = os.path.join(current, "bin", "alcove")
    if not os.path.islink(place.command) or os.readlink(place.command) != target:
        switch(place.command, target)
    state = "installed" if new or before != name else "there already"
    say(f"alcove {name} is {state}: {place.command} (it runs on {interpreter()})")
    directory = os.path.dirname(place.command)
    if directory not in os.environ.get("PATH", "").split(os.pathsep):
        say(f"\nhint: {directory} is not on your PATH; run this and add it to your rc file:")
        say(f'    export PATH={shlex.quote(directory)}:"$PATH"')


def uninstall(place: Places) -> None:
    """Remove the program and its link; environments, their store and alcove's cache stay."""
    if os.path.islink(place.command) and belongs(place.command, place.app):
        os.unlink(place.command)
    if os.path.isdir(place.app):
        aside = f"{place.app}.{os.getpid()}.tmp"
        shutil.move(place.app, aside)  # overlayfs renames no directory that an image brought
        shutil.rmtree(aside)
    shutil.rmtree(place.cache, ignore_errors=True)
    say("alcove is removed; environments, their store and alcove's cache stay as they are")


# --- the command line ------------------------------------------------------------------------------------------------


def arguments() -> argparse.Namespace:
    """Return what was asked on the command line."""
    parser = argparse.ArgumentParser(
        prog="install.py", description="Install alcove from this checkout."
    )
    parser.add_argument(
        "--prefix", metavar="DIR", help="install below DIR: share/alcove/app and bin/alcove"
    )
    parser.add_argument("--here", action="store_true", help="have alcove run on this Python")
    task = parser.add_mutually_exclusive_group()
    task.add_argument("--uninstall", action="store_true", help="remove the program again")
    task.add_argument(
        "--first-steps",
        metavar="DIR",
        nargs="?",
        const=os.path.join(CHECKOUT, "build", "first-steps"),
        help="install, then walk the first steps in DIR (build/first-steps)",
    )
    task.add_argument(
        "--test", action="store_true", help="build the development environment and run all tests"
    )
    return parser.parse_args()


def run() -> int:
    """Do what was asked; return the exit code."""
    asked = arguments()
    if sys.version_info < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise Trouble(
            f"alcove runs on Python {oldest} or newer, and this is {sys.version.split()[0]}",
            f"run a newer one: python{oldest} install.py; environments may have any Python from 3.7 on",
        )
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.umask(0o022)  # what root installs, others run
    if asked.test:
        from scripts import check  # noqa: PLC0415  only this task needs it

        asked.prefix = check.PREFIX
    place = places(asked.prefix)
    if asked.uninstall:
        uninstall(place)
        return 0
    python = interpreter() if asked.here else runner.choose(interpreter(), OLDEST)
    if python == interpreter():
        runner.refuse_lean(python)
        install(place)
    else:  # what is compiled is for the Python that compiles it
        words = ["--here", f"--prefix={asked.prefix}"] if asked.prefix else ["--here"]
        if code := runner.install_with(python, os.path.abspath(__file__), words):
            return code
    if asked.test:
        return check.run(place.command, interpreter())
    if asked.first_steps:
        from scripts import first_steps  # noqa: PLC0415  only this task needs it

        return first_steps.run(place.command, asked.first_steps)
    return 0


def refused(error: Exception) -> str:
    """Return what to do where a place may not be written or is full, else ""."""
    if not isinstance(error, OSError) or error.errno not in REFUSED:
        return ""
    return f"name a directory of yours with room in it: --prefix DIR, or HOME=DIR {sys.argv[0]}"


def main() -> int:
    """Run, and say in one line what went wrong."""
    try:
        return run()
    except KeyboardInterrupt:
        say("interrupted; nothing was changed")
        return 130
    except Busy:
        say(f"error: another run of the installer has not ended in {PATIENCE:.0f} s")
        say("\nhint: wait for it or end it, and run this one again")
        return 1
    except (Trouble, OSError, zipfile.BadZipFile) as trouble:
        say(f"error: {trouble}")
        if advice := getattr(trouble, "hint", "") or refused(trouble):
            say(f"\nhint: {advice}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
