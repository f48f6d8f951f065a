"""Run inside an environment, by its interpreter: print all that programs can see of it, as JSON; the prefix is `@`.

Standard library only; runs on Python 3.8 and newer. `argv`: names of distributions.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import site
import sys
import sysconfig


def plain(text: object) -> str:
    """Return a text without the places that differ in any two environments."""
    return str(text).replace(sys.prefix, "@")


def distribution(name: str) -> dict[str, object]:
    """Return what `importlib.metadata` tells of one distribution."""
    found = importlib.metadata.distribution(name)
    files: dict[str, object] = {}
    for file in found.files or ():
        if "__pycache__" not in str(file):
            digest = file.hash.value if file.hash else None
            files[str(file)] = [digest, file.size, os.path.isdir(str(file.locate()))]
    text = found.read_text("direct_url.json")
    points = found.entry_points
    return {
        "name": found.metadata["Name"],
        "version": found.version,
        "metadata": str(found.metadata),
        "requires": found.requires,
        "entry_points": sorted([one.group, one.name, one.value] for one in points),
        "installer": found.read_text("INSTALLER"),
        "requested": found.read_text("REQUESTED") is not None,
        "direct_url": json.loads(text) if text else None,
        "wheel": found.read_text("WHEEL"),
        "record": found.read_text("RECORD") is not None,
        "files": files,
    }


def tops() -> dict[str, list[str]]:
    """Return which distributions bring each importable name, where this Python can tell."""
    if not hasattr(importlib.metadata, "packages_distributions"):
        return {}
    found = importlib.metadata.packages_distributions()
    return {key: sorted(set(names)) for key, names in found.items()}


def tree(path: str) -> dict[str, str]:
    """Return the content of all files below a directory, by path relative to it."""
    found = {}
    for folder, _, names in os.walk(path):
        for name in names:
            full = os.path.join(folder, name)
            with open(full, "rb") as stream:
                found[os.path.relpath(full, path)] = stream.read().decode("utf-8", "replace")
    return found


sys.stdout.write(
    json.dumps(
        {
            "distributions": {name: distribution(name) for name in sys.argv[1:]},
            "tops": tops(),
            "paths": {key: plain(value) for key, value in sysconfig.get_paths().items()},
            "schemes": {
                name: {key: plain(value) for key, value in sysconfig.get_paths(name).items()}
                for name in sysconfig.get_scheme_names()
                if name.startswith("posix_prefix") or name == "venv"
            },
            "path": [plain(path) for path in sys.path],
            "sys": {
                "prefix": plain(sys.prefix),
                "exec_prefix": plain(sys.exec_prefix),
                "base_prefix": sys.base_prefix,
                "base_exec_prefix": sys.base_exec_prefix,
                "executable": plain(sys.executable),
                "_base_executable": os.path.realpath(getattr(sys, "_base_executable", "")),
                "flags": list(sys.flags),
            },
            "site": [site.ENABLE_USER_SITE, [plain(path) for path in site.getsitepackages()]],
            "config": {
                key: plain(value)
                for key, value in sysconfig.get_config_vars().items()
                if not key.startswith("userbase") and key != "installed_base"
            },
            "data": {
                name: tree(os.path.join(sys.prefix, name)) for name in ("share", "etc", "include")
            },
            "bin": sorted(os.listdir(os.path.join(sys.prefix, "bin"))),
        },
        sort_keys=True,
    )
)
