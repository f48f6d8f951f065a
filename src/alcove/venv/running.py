"""The Python that runs us, which the environment is for, and where its own `venv` differs from that of others."""

from __future__ import annotations

import os
import sys

from alcove.interpreters.kept import Interpreter

__all__ = [
    "CORE_VENV_DEPS",
    "DECORATES_PROMPT",
    "NAMES",
    "RECORDS_IGNORE_FILES",
    "base_executable",
    "bundled_setuptools",
    "interpreter",
]

CORE_VENV_DEPS = ("pip",) if sys.version_info >= (3, 12) else ("pip", "setuptools")
"""What `--upgrade-deps` upgrades; setuptools came with environments up to 3.11."""

DECORATES_PROMPT = sys.version_info < (3, 13)
"""Whether `context.prompt` is `(name) `, or `name`."""

RECORDS_IGNORE_FILES = sys.version_info >= (3, 13)
"""Whether `--without-scm-ignore-files` stands in `pyvenv.cfg`."""

NAMES = (
    "python",
    "python3",
    f"python3.{sys.version_info[1]}",
    *(("\N{MATHEMATICAL ITALIC SMALL PI}thon",) if sys.version_info[:2] == (3, 14) else ()),
)
"""The names by which an environment of this Python starts it."""


def base_executable() -> str:
    """Return the path of the base interpreter as Python itself says it; ValueError where Python does not know it."""
    # what `venv` goes by; there is no public name
    executable: str = getattr(sys, "_base_executable", "")
    if not executable:
        raise ValueError(
            "Unable to determine path to the running Python interpreter. Provide an explicit path "
            "or check that your PATH environment variable is correctly set."
        )
    return executable


def interpreter() -> Interpreter:
    """Return what making an environment needs to know of this Python, without starting it once more.

    Tags, markers and the base's own packages are not in it: it is not for the cache.
    """
    executable = base_executable()
    named = "python" if sys.implementation.name == "cpython" else sys.implementation.name
    threads = "t" if "t" in sys.abiflags else ""
    library = f"{named}{sys.version_info[0]}.{sys.version_info[1]}{threads}"
    return Interpreter(
        executable=executable,
        implementation="CPython" if named == "python" else "PyPy",
        version=sys.version.partition(" ")[0].rstrip("+"),
        version_info=sys.version_info[:],
        library=library,
        home=os.path.dirname(os.path.abspath(executable)),
        prefix=sys.base_prefix,
        include=library,
        cache_tag=sys.implementation.cache_tag or "",
        free_threaded=bool(threads),
        pointer_bits=64 if sys.maxsize > 1 << 32 else 32,
        platform=sys.platform,
        markers={},
        facts={},
        site_packages=(),
    )


def bundled_setuptools() -> str:
    """Return the path of the setuptools wheel that came with this Python, "" where it comes with none, or needs none."""
    if "setuptools" not in CORE_VENV_DEPS:
        return ""
    import sysconfig

    folders = [
        os.path.join(os.path.dirname(os.__file__), "ensurepip", "_bundled"),
        sysconfig.get_config_var("WHEEL_PKG_DIR") or "",
        "/usr/share/python-wheels",  # Debian, which has no variable for it
    ]
    for folder in filter(os.path.isdir, folders):
        for name in sorted(os.listdir(folder), reverse=True):
            if name.startswith("setuptools-") and name.endswith(".whl"):
                return os.path.join(folder, name)
    return ""
