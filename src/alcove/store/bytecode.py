"""Fills the `__pycache__` directories of entries with the bytecode of one interpreter.

Needed where others than the store's owner run an environment: they could not write it, and would compile at
every start. The files carry the interpreter's tag in their names, so several interpreters share an entry.
"""

from __future__ import annotations

import os
import subprocess

from alcove.errors import StoreError
from alcove.store.layout import Store, entry_path, lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["compile_entries", "compile_files"]


def compile_entries(
    store: Store, directories: Iterable[str], *, python: str, timeout: float = 1800.0
) -> None:
    """Compile all sources of the entries called `directories` with the interpreter `python` (absolute).

    One process for all of them, with as many workers as there are processors. Files that this interpreter cannot
    compile (templates, tests of other versions) stay without bytecode, as with pip. StoreError where the
    interpreter cannot be run or does not come to an end within `timeout` seconds.
    """
    paths = [f"{entry_path(store, name)}/lib" for name in directories]
    there = [path for path in paths if os.path.isdir(path)]
    with lock(store, shared=True):
        compile_files(there, python=python, timeout=timeout, workers=0)


def compile_files(
    paths: Iterable[str], *, python: str, timeout: float = 1800.0, workers: int = 1
) -> None:
    """Compile sources, files or directories (absolute), with the interpreter `python`; errors as `compile_entries`.

    `workers`: processes, 0 for as many as there are processors.
    """
    listed = "".join(f"{path}\n" for path in paths if "\n" not in path)
    if not listed:
        return
    many = [] if workers == 1 else ["-j", str(workers)]
    command = [python, "-I", "-S", "-m", "compileall", "-qq", *many, "-i", "-"]
    try:
        # The answer 1 only means that some file does not compile.
        done = subprocess.run(
            command,
            input=os.fsencode(listed),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=timeout,
            check=False,
        )
    except OSError as error:
        raise StoreError(f"{python} cannot be run: {error.strerror}") from error
    except subprocess.TimeoutExpired:
        raise StoreError(f"{python} did not finish compiling in {timeout:.0f} seconds") from None
    if done.returncode not in {0, 1}:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise StoreError(f"{python} could not compile: {''.join(said) or done.returncode}")
