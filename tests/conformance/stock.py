"""The wheels of the conformance tests: small ones with everything that a distribution can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alcove.testing.wheels import wheel

if TYPE_CHECKING:
    from tests.conformance.worlds import World

__all__ = ["MODULES", "STATE", "fill"]

_RAW = "#!python\nimport sys, tool\nprint('raw', tool.__version__, sys.prefix)\n"
_SHELL = "#!/bin/sh\necho shell {version}\n"

# What each distribution of the stock imports.
MODULES = {
    "tool": ("tool", "tool.deep.inner"),
    "alone": ("alone",),
    "plain": ("plain", "plain.sub"),
    "parts-a": ("parts.a",),
    "parts-b": ("parts.b", "parts.deeper.b"),
    "parts-c": ("parts.c",),
    "fresh": ("fresh", "fresh.sub"),
}

# Imports everything that is named, checks that it lies in the environment, and prints the versions.
STATE = """
import importlib, importlib.metadata, json, os, sys
found = {}
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    assert module.__file__.startswith(sys.prefix + os.sep), module.__file__
    found[name] = getattr(module, "__version__", "")
print(json.dumps(found))
"""


def fill(world: World) -> None:
    """Write all wheels into the directory that the installers take from."""
    for version in ("1.0", "2.0"):
        _tool(world, version)
        wheel(world.links, "alone", version, files={"alone.py": f'__version__ = "{version}"\n' * 2})
        wheel(
            world.links,
            "plain",
            version,
            files={
                "plain/__init__.py": f'__version__ = "{version}"\n',
                "plain/sub/__init__.py": "",
                "plain/data/table.txt": f"table {version}\n",
                f"plain/only_{version[0]}.py": "",
            },
            dist_info={"licenses/LICENSE": f"licence {version}\n"},
        )
    for letter in "abc":
        files = {f"parts/{letter}.py": f'__version__ = "{letter}"\n'}
        if letter == "b":
            files["parts/deeper/b.py"] = '__version__ = "deeper"\n'
        wheel(world.links, f"parts-{letter}", "1.0", files=files)
    wheel(
        world.links,
        "fresh",
        "1.0",
        requires=["parts-c"],
        files={
            "fresh/__init__.py": "__version__ = '1.0'\n\n\ndef main():\n    print('fresh')\n",
            "fresh/sub/__init__.py": "",
        },
        entry_points={"fresh": "fresh:main"},
        data={"share/fresh/data.txt": "fresh data\n"},
    )


def _tool(world: World, version: str) -> None:
    """Write one with scripts, entry points, data files of all kinds and headers; 2.0 loses some and gains some."""
    main = (
        "import sys\n\n\ndef main():\n    print('tool', __version__, sys.prefix, sys.argv[1:])\n    return 3\n"
        "\n\nclass Group:\n    @staticmethod\n    def other():\n        print('other', __version__)\n"
    )
    data = {
        "etc/tool/tool.conf": f"level = {version}\n",
        "share/tool/same.txt": "same\n",
        "share/tool/changed.txt": f"changed {version}\n",
        f"share/tool/only-{version}.txt": "only\n",
    }
    points = {"tool": "tool:main", "tool-other": "tool:Group.other"}
    points[f"tool{version[0]}"] = "tool:main"
    wheel(
        world.links,
        "tool",
        version,
        extras=["more"],
        requires=['alone; extra == "more"', "plain"],
        files={
            "tool/__init__.py": f'__version__ = "{version}"\n{main}',
            "tool/deep/inner.py": "",
            "tool/deep/__init__.py": f'__version__ = "{version}"\n',
            "tool/deep/table.txt": version,
        },
        entry_points=points,
        gui_scripts={"tool-window": "tool:main"},
        entry_point_groups={"tool.plugins": {"own": "tool.deep:inner"}},
        scripts={"tool-raw": _RAW, "tool-shell": _SHELL.format(version=version)},
        data=data,
        headers={"tool.h": f"#define TOOL {version}\n", "deep/inner.h": "\n"},
        dist_info={"licenses/LICENSE": f"tool {version}\n", "licenses/deep/NOTICE": "notice\n"},
    )
