"""The longer half of the probe: everything by `sysconfig` and `platform`, for interpreters that are not CPython on Linux.

Executed by `probe.py`, under any Python from 2.7 on: the standard library only. Writes pairs of name and value.
"""

import os
import platform
import site
import sys
import sysconfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def found():
    # type: () -> dict[str, Any]
    """Return every fact as text, a number, a flag, or a list of texts."""
    variable = sysconfig.get_config_var
    info = sys.version_info
    short = "%d.%d" % info[:2]
    implementation = getattr(sys, "implementation", None)
    purelib, include = folders()
    folder = purelib.split("/")
    pymalloc = variable("WITH_PYMALLOC")
    mac = platform.mac_ver() if sys.platform == "darwin" else ("", "", "")
    libc, name, packages = glibc(), sysconfig.get_platform(), site_packages()
    facts = {
        "prefix": getattr(sys, "base_prefix", getattr(sys, "real_prefix", sys.prefix)),
        "version": sys.version.split()[0],
        "version_info": info[:5],
        "cache_tag": getattr(implementation, "cache_tag", "") or "",
        "pointer_bits": 64 if sys.maxsize > 2**32 else 32,
        "implementation": platform.python_implementation(),
        "implementation_name": getattr(
            implementation, "name", platform.python_implementation().lower()
        ),
        "implementation_version": implementation_version(getattr(implementation, "version", info)),
        "os_name": os.name,
        "sys_platform": sys.platform,
        "multiarch": getattr(implementation, "_multiarch", "") or "",
        "debug": debug(),
        "glibc": libc,
        "site_packages": packages,
        "library": folder[1] if len(folder) == 3 else "python" + short,
        "purelib": purelib,
        "include": include,
        "free_threaded": bool(info >= (3, 13) and variable("Py_GIL_DISABLED")),
        "platform": name,
        "ext_suffix": variable("EXT_SUFFIX") or variable("SO") or "",
        "soabi": variable("SOABI") or "",
        "pymalloc": info < (3, 8) and (pymalloc is None or bool(pymalloc)),
        "py_version_nodot": variable("py_version_nodot") or short.replace(".", ""),
        "machine": platform.machine(),
        "system": platform.system(),
        "release": platform.release(),
        "os_version": platform.version(),
        "mac_version": mac[0],
        "mac_machine": mac[2],
        "manylinux_refused": manylinux_refused(libc, name, packages),
    }
    return facts


def folders():
    # type: () -> tuple[str, str]
    """Return where an environment keeps its packages, relative and with `/`, and the name of its include folder."""
    names = sysconfig.get_scheme_names()
    scheme = "venv" if "venv" in names else ("nt" if os.name == "nt" else "posix_prefix")
    root = os.path.join(os.sep, "ENV")
    values = dict.fromkeys(("base", "platbase", "installed_base", "installed_platbase"), root)
    purelib = sysconfig.get_path("purelib", scheme, values)
    include = sysconfig.get_path("include", scheme, values)
    return purelib[len(root) + 1 :].replace(os.sep, "/"), os.path.basename(include)


def debug():
    # type: () -> bool
    """Say whether this is a debug build."""
    told = sysconfig.get_config_var("Py_DEBUG")
    if told is not None:
        return bool(told)
    import importlib.machinery  # Windows does not tell

    return hasattr(sys, "gettotalrefcount") or "_d.pyd" in importlib.machinery.EXTENSION_SUFFIXES


def implementation_version(info):
    # type: (Any) -> str
    """PEP 508: implementation_version, of sys.implementation.version."""
    text = "%d.%d.%d" % (info[0], info[1], info[2])
    return text if info[3] == "final" else text + info[3][0] + str(info[4])


def glibc():
    # type: () -> str
    """Return the version of the C library where it is glibc, as `2.36`, else ''."""
    try:
        text = os.confstr("CS_GNU_LIBC_VERSION")
        return text.split()[1] if text and text.startswith("glibc ") else ""
    except (AttributeError, ValueError, OSError, IndexError):
        return ""


def site_packages():
    # type: () -> list[str]
    """Return the directories of installed packages, Debian's dist-packages among them."""
    prefix = getattr(sys, "base_prefix", getattr(sys, "real_prefix", sys.prefix))
    other = getattr(sys, "base_exec_prefix", getattr(sys, "real_prefix", sys.exec_prefix))
    return site.getsitepackages([prefix] if prefix == other else [prefix, other])


def manylinux_refused(libc, name, packages):
    # type: (str, str, list[str]) -> str
    """PEP 600: a module `_manylinux` may refuse tags; return the versions of glibc, as `2.17 2.12`."""
    if not libc.startswith("2."):
        return ""
    sys.path.extend(packages)
    try:
        import _manylinux  # type: ignore[import-not-found]
    except ImportError:
        return ""
    minors = range(int(libc.split(".")[1].split("-")[0]), 4, -1)
    ask = getattr(_manylinux, "manylinux_compatible", None)
    if ask is not None:
        machine = name.split("-", 1)[-1].replace("-", "_").replace(".", "_")
        answers = [(minor, ask(2, minor, machine)) for minor in minors]
    else:
        flags = {5: "manylinux1", 12: "manylinux2010", 17: "manylinux2014"}
        answers = [
            (n, getattr(_manylinux, flags[n] + "_compatible", None)) for n in minors if n in flags
        ]
    return " ".join(
        "2.%d" % minor for minor, answer in answers if answer is not None and not answer
    )


def text_of(value):
    # type: (Any) -> str
    """Return a value as text: a flag as `1` or nothing, a list by its lines."""
    if value is True or value is False:
        return "1" if value else ""
    if isinstance(value, (list, tuple)):
        return "\n".join(str(part) for part in value)
    return str(value)


def main(cookie):
    # type: (str) -> None
    """Write the answer between two cookies."""
    parts = ["pairs"]
    for name, value in sorted(found().items()):
        parts += [name, text_of(value)]
    text = cookie + "\0".join(parts) + cookie
    if sys.version_info >= (3,):
        sys.stdout.buffer.write(os.fsencode(text))
    else:
        sys.stdout.write(text)
    sys.stdout.flush()


main(sys.argv[1])
