"""What the probe said, as one dict of text: the raw answer of CPython on Linux is worked out here, once compiled.

Both ways give the same facts, which a test checks on every interpreter at hand.
"""

from __future__ import annotations

import os

__all__ = ["NAMES", "parse"]

NAMES = (
    "cache_tag",
    "debug",
    "ext_suffix",
    "free_threaded",
    "glibc",
    "implementation",
    "implementation_name",
    "implementation_version",
    "include",
    "library",
    "mac_machine",
    "mac_version",
    "machine",
    "manylinux_refused",
    "multiarch",
    "os_name",
    "os_version",
    "platform",
    "pointer_bits",
    "prefix",
    "purelib",
    "py_version_nodot",
    "pymalloc",
    "release",
    "site_packages",
    "soabi",
    "sys_platform",
    "system",
    "version",
    "version_info",
)
"""Every fact: text on one line; a flag is "1" or ""; `site_packages` and `version_info` have several lines."""

_LISTS = ("site_packages", "version_info")
_RAW = 20  # fields before the directories of packages


def parse(answer: bytes) -> dict[str, str]:
    """Return the facts of an answer; ValueError where it is none of the probe's."""
    fields = os.fsdecode(answer).split("\0")
    kind = fields.pop(0)
    if kind == "raw" and len(fields) >= _RAW - 1:
        found = _from_raw(fields)
    elif kind == "pairs":
        found = dict(zip(fields[::2], fields[1::2], strict=True))
    else:
        raise ValueError("it is of no known kind")
    if sorted(found) != sorted(NAMES):
        raise ValueError("it lacks facts")
    for name, value in found.items():
        if "\n" in value and name not in _LISTS:
            raise ValueError(f"{name} is not on one line")
    if len(found["version_info"].split("\n")) != 5 or not os.path.isabs(found["prefix"]):
        raise ValueError("it names no version or prefix")
    return found


def _from_raw(fields: list[str]) -> dict[str, str]:
    """Work out what `sysconfig` and `platform` say on CPython for Linux."""
    prefix, version, flags, platlib, cache_tag, multiarch, maximum, suffix, libc = fields[:9]
    info, (system, _, release, os_version, machine) = fields[9:14], fields[14:19]
    packages = fields[19:]
    major, minor, micro, level, serial = info
    short = f"{major}.{minor}"
    free = "t" in flags and int(minor) >= 13
    library = f"python{short}" + ("t" if free else "")
    if not packages:
        folders = dict.fromkeys((platlib, "lib"))
        packages = [os.path.join(prefix, folder, library, "site-packages") for folder in folders]
    return {
        "cache_tag": cache_tag,
        "debug": "1" if "d" in flags else "",
        "ext_suffix": suffix,
        "free_threaded": "1" if free else "",
        "glibc": libc.split()[1] if libc.startswith("glibc ") else "",
        "implementation": "CPython",
        "implementation_name": "cpython",
        # PEP 508
        "implementation_version": f"{short}.{micro}"
        + ("" if level == "final" else level[0] + serial),
        "include": f"python{short}{flags}",
        "library": library,
        "mac_machine": "",
        "mac_version": "",
        "machine": machine,
        "manylinux_refused": "",
        "multiarch": multiarch,
        "os_name": "posix",
        "os_version": os_version,
        "platform": "linux-" + machine.replace(" ", "_").replace("/", "-"),
        "pointer_bits": "64" if int(maximum) > 1 << 32 else "32",
        "prefix": prefix,
        "purelib": f"lib/{library}/site-packages",
        "py_version_nodot": f"{major}{minor}",
        "pymalloc": "1" if "m" in flags else "",
        "release": release,
        "site_packages": "\n".join(packages),
        "soabi": suffix[1:].rpartition(".")[0],
        "sys_platform": "linux",
        "system": system,
        "version": version,
        "version_info": "\n".join(info),
    }
