"""Tell all about the interpreter that runs this file, as one line of JSON on stdout.

Runs under any Python from 2.7 on, as `python -I -S -B probe.py COOKIE`: the standard library only, and on
CPython for Linux not even `sysconfig`, `platform` or `json`, whose imports cost more than the interpreter's start.
The answer stands between two COOKIEs, since a wrapper may print too.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SHADOWING = ("PYTHON", "_PYTHON", "__PYVENV_LAUNCHER__")


def environment():
    # type: () -> dict[str, str]
    """Return the variables for a child that is asked: this process's, without those that redirect a Python."""
    kept = dict(
        (name, value) for name, value in os.environ.items() if not name.startswith(_SHADOWING)
    )
    # macOS otherwise tells programs built with an old SDK that it is version 10.16
    kept["SYSTEM_VERSION_COMPAT"] = "0"
    return kept


def facts():
    # type: () -> dict[str, Any]
    """Return everything as a dict of what JSON can hold."""
    quick = (
        sys.platform in ("linux", "linux2")
        and getattr(getattr(sys, "implementation", None), "name", "") == "cpython"
        and hasattr(sys, "abiflags")
        and not hasattr(sys, "getandroidapilevel")
    )
    return _quick_facts() if quick else _thorough_facts()


def _common():
    # type: () -> dict[str, Any]
    info = sys.version_info
    implementation = getattr(sys, "implementation", None)
    name = getattr(implementation, "name", "pypy" if "PyPy" in sys.version else "cpython")
    return {
        "executable": sys.executable or "",
        "base_executable": getattr(sys, "_base_executable", None) or "",
        "prefix": getattr(sys, "base_prefix", getattr(sys, "real_prefix", sys.prefix)),
        "version": sys.version.split()[0],
        "version_info": [info[0], info[1], info[2], info[3], info[4]],
        "cache_tag": getattr(implementation, "cache_tag", "") or "",
        "pointer_bits": 64 if sys.maxsize > 2**32 else 32,
        "implementation_name": name,
        "implementation_version": _implementation_version(getattr(implementation, "version", info)),
        "os_name": os.name,
        "sys_platform": sys.platform,
        "multiarch": getattr(implementation, "_multiarch", "") or "",
        "debug": hasattr(sys, "gettotalrefcount") or "d" in getattr(sys, "abiflags", ""),
        "glibc": _glibc(),
        "site_packages": _site_packages(),
    }


def _quick_facts():
    # type: () -> dict[str, Any]
    """CPython on Linux: all of it from `sys`, `os` and `_imp`, equal to what the thorough way finds."""
    import _imp

    found = _common()
    short = "%d.%d" % sys.version_info[:2]
    suffix = _imp.extension_suffixes()[0]
    system, _, release, version, machine = os.uname()
    free = sys.version_info >= (3, 13) and "t" in sys.abiflags
    library = "python" + short + ("t" if free else "")
    found.update(
        implementation="CPython",
        library=library,
        purelib="lib/" + library + "/site-packages",
        include="python" + short + sys.abiflags,
        free_threaded=free,
        platform="linux-" + machine.replace(" ", "_").replace("/", "-"),
        ext_suffix=suffix,
        soabi=suffix[1:].rsplit(".", 1)[0] if suffix.count(".") > 1 else "",
        pymalloc="m" in sys.abiflags,
        py_version_nodot=short.replace(".", ""),
        machine=machine,
        system=system,
        release=release,
        os_version=version,
        mac_version="",
        mac_machine="",
    )
    return found


def _thorough_facts():
    # type: () -> dict[str, Any]
    """Every other interpreter: what `sysconfig` and `platform` say."""
    import platform
    import sysconfig

    found = _common()
    variable = sysconfig.get_config_var
    info = sys.version_info
    short = "%d.%d" % info[:2]
    purelib, include = _folders(sysconfig)
    suffix = variable("EXT_SUFFIX") or variable("SO") or ""
    free = bool(info >= (3, 13) and variable("Py_GIL_DISABLED"))
    debug = variable("Py_DEBUG")
    if debug is None:  # Windows does not set it
        debug = found["debug"] or _has_debug_suffix()
    folders = purelib.split("/")
    mac = platform.mac_ver() if sys.platform == "darwin" else ("", "", "")
    pymalloc = variable("WITH_PYMALLOC")
    found.update(
        implementation=platform.python_implementation(),
        library=folders[1] if len(folders) == 3 else "python" + short,
        purelib=purelib,
        include=include,
        free_threaded=free,
        platform=sysconfig.get_platform(),
        ext_suffix=suffix,
        soabi=variable("SOABI") or "",
        pymalloc=info < (3, 8) and (pymalloc is None or bool(pymalloc)),
        py_version_nodot=str(variable("py_version_nodot") or short.replace(".", "")),
        machine=platform.machine(),
        system=platform.system(),
        release=platform.release(),
        os_version=platform.version(),
        debug=bool(debug),
        mac_version=mac[0],
        mac_machine=mac[2],
    )
    return found


def _folders(sysconfig):
    # type: (Any) -> tuple[str, str]
    """Return where an environment keeps its packages, relative and with `/`, and the name of its include folder."""
    names = sysconfig.get_scheme_names()
    scheme = "venv" if "venv" in names else ("nt" if os.name == "nt" else "posix_prefix")
    root = os.path.join(os.sep, "ENV")
    values = dict.fromkeys(("base", "platbase", "installed_base", "installed_platbase"), root)
    purelib = sysconfig.get_path("purelib", scheme, values)
    include = sysconfig.get_path("include", scheme, values)
    return purelib[len(root) + 1 :].replace(os.sep, "/"), os.path.basename(include)


def _has_debug_suffix():
    # type: () -> bool
    import importlib.machinery

    return "_d.pyd" in importlib.machinery.EXTENSION_SUFFIXES


def _implementation_version(info):
    # type: (Any) -> str
    """PEP 508: implementation_version, of sys.implementation.version."""
    text = "%d.%d.%d" % (info[0], info[1], info[2])
    return text if info[3] == "final" else text + info[3][0] + str(info[4])


def _glibc():
    # type: () -> str
    """Return the version of the C library where it is glibc, as `2.36`, else ''."""
    try:
        text = os.confstr("CS_GNU_LIBC_VERSION")
        return text.split()[1] if text and text.startswith("glibc ") else ""
    except (AttributeError, ValueError, OSError, IndexError):
        return ""


def _site_packages():
    # type: () -> list[str]
    """Return the directories of installed packages, Debian's dist-packages among them."""
    import site

    prefix = getattr(sys, "base_prefix", getattr(sys, "real_prefix", sys.prefix))
    exec_prefix = getattr(sys, "base_exec_prefix", getattr(sys, "real_prefix", sys.exec_prefix))
    return site.getsitepackages([prefix] if prefix == exec_prefix else [prefix, exec_prefix])


def _manylinux_refused(found):
    # type: (dict[str, Any]) -> str
    """PEP 600: the `_manylinux` module of a distribution may refuse tags; return those, as `2.17 2.12`."""
    if not found["glibc"]:
        return ""
    sys.path.extend(found["site_packages"])
    try:
        import _manylinux  # type: ignore[import-not-found]
    except ImportError:
        return ""
    minors = range(int(found["glibc"].split(".")[1]), 4, -1)
    ask = getattr(_manylinux, "manylinux_compatible", None)
    if ask is not None:
        machine = found["platform"].split("-", 1)[-1].replace("-", "_").replace(".", "_")
        answers = [(minor, ask(2, minor, machine)) for minor in minors]
    else:
        flags = {5: "manylinux1", 12: "manylinux2010", 17: "manylinux2014"}
        answers = [
            (n, getattr(_manylinux, flags[n] + "_compatible", None)) for n in minors if n in flags
        ]
    return " ".join(
        "2.%d" % minor for minor, answer in answers if answer is not None and not answer
    )


def _json(value):
    # type: (Any) -> str
    """Return `value` as JSON, ASCII only."""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        return "%d" % value
    if isinstance(value, dict):
        return "{%s}" % ",".join(_json(key) + ":" + _json(value[key]) for key in sorted(value))
    if isinstance(value, (list, tuple)):
        return "[%s]" % ",".join(map(_json, value))
    return '"%s"' % "".join(map(_character, value))


def _character(character):
    # type: (str) -> str
    number = ord(character)
    if number > 0xFFFF:
        number -= 0x10000
        return "\\u%04x\\u%04x" % (0xD800 + (number >> 10), 0xDC00 + (number & 0x3FF))
    if number < 32 or number > 126 or character in '"\\':
        return "\\u%04x" % number
    return character


def main(cookie):
    # type: (str) -> None
    """Print the answer between two cookies."""
    if "thorough" in sys.argv[2:]:
        found = _thorough_facts()
    else:
        found = facts()
    found["manylinux_refused"] = _manylinux_refused(found)
    sys.stdout.write(cookie + _json(found) + cookie + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
