"""Which Python runs alcove: the system's where it is fit for that, else the one that installs it.

The system's is there for as long as the system is, and brought up to date with it, while those of a version manager come and
go. It mostly starts faster, too, and half of what a short command takes is the start of Python.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from scripts.fetch import Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["NEEDED", "SYSTEM", "choose", "install_with", "is_fit", "refuse_dead", "refuse_lean"]

SYSTEM = "/usr/bin/python3"  # of the system on every Linux that has one, whatever PATH says
PATIENCE = 60  # seconds that a Python may take to say what it has

# What alcove imports of the standard library: systems come in parts, and those who build Python themselves may have built it
# without some of it.
NEEDED = (
    "argparse, ast, base64, binascii, bz2, codecs, collections, configparser, contextlib, csv, ctypes, datetime, "
    "difflib, email.parser, fcntl, fnmatch, functools, gzip, hashlib, heapq, html.parser, http.client, "
    "importlib.util, io, ipaddress, json, logging, lzma, math, netrc, ntpath, os, pathlib, platform, posixpath, pwd, "
    "queue, re, select, shlex, shutil, signal, site, ssl, stat, struct, subprocess, sysconfig, tarfile, tempfile, "
    "textwrap, threading, tomllib, types, typing, unicodedata, urllib.request, warnings, zipfile, zlib"
)


def choose(own: str, oldest: tuple[int, int]) -> str:
    """Return the Python (absolute) that is to run alcove: the system's, or `own`, which runs this.

    `oldest`: the version that it must have at least.
    """
    if not sys.platform.startswith("linux"):
        return own
    # By one name, whatever the one is called by that installs it: each would be another version of alcove.
    is_own = os.path.realpath(SYSTEM) == os.path.realpath(own)
    return SYSTEM if is_own or is_fit(SYSTEM, oldest) else own


def is_fit(path: str, oldest: tuple[int, int]) -> bool:
    """Tell whether the Python at `path` can run alcove. It is started, without anything of the user's."""
    code = (
        "import sys; "
        f"fit = sys.version_info >= {oldest!r} and sys.implementation.name == 'cpython'; "
        f"fit or sys.exit(1); import {NEEDED}"
    )
    try:
        done = subprocess.run(
            [path, "-IS", "-c", code],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return not done.returncode


def refuse_lean(own: str) -> None:
    """Raise Trouble where the Python that runs this, `own`, lacks what alcove cannot do without."""
    missing = [name.lstrip("_") for name in ("zlib", "_ssl") if find_spec(name) is None]
    if missing:
        raise Trouble(
            f"{own} was built without {' and '.join(missing)}, which alcove needs",
            "run another one that is Python 3.11 or newer, or build this one again with the headers of zlib and OpenSSL",
        )


def refuse_dead(command: str) -> None:
    """Raise Trouble where the alcove at `command` (absolute), which is not in use yet, does not start."""
    try:
        done = subprocess.run(
            [command, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        said = error.strerror if isinstance(error, OSError) else f"no answer in {PATIENCE} s"
    else:
        if not done.returncode:
            return
        said = done.stderr.strip().rpartition("\n")[2] or f"exit code {done.returncode}"
    raise Trouble(
        f"{command} does not start: {said}",
        "an alcove that was installed before stays in use; give a --prefix DIR where programs may run, "
        "or run another Python with --here",
    )


def install_with(python: str, installer: str, words: Sequence[str]) -> int:
    """Run the `installer` (a path) with these words in another Python; return its exit code.

    Who interrupts this interrupts that one, too: it puts things right and says so. Trouble where a signal ended it.
    """
    ours = ("PYTHONHOME", "PYTHONPATH")  # of the Python that runs this
    environ = {key: value for key, value in os.environ.items() if key not in ours}
    catches = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if catches:
        signal.signal(signal.SIGINT, _go_on)  # which no program inherits
    try:
        code = subprocess.run([python, installer, *words], env=environ, check=False).returncode
    finally:
        if catches:
            signal.signal(signal.SIGINT, signal.default_int_handler)
    if code < 0:
        raise Trouble(
            f"{python}, which was to run alcove, was ended by signal {-code}",
            "run this one again; with --here it is the Python that runs it",
        )
    return code


def _go_on(_number: int, _frame: object) -> None:
    """Do nothing: the other one was interrupted, too, and is waited for."""
