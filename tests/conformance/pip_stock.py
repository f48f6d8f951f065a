"""What the differential cases of pip install from: a directory of wheels and sdists, projects, and files of all kinds."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from alcove.files.digest import sha256_of
from alcove.testing.sdists import project, sdist
from alcove.testing.wheels import wheel

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["fill", "fill_work"]


# The name by which a project without pyproject.toml is built (PEP 517), handed on to the backend that lies in the tree.
_SETUPTOOLS = """\
import os, sys

class Legacy:
    def __getattr__(self, name):
        sys.path.insert(0, os.path.join(os.getcwd(), "backend"))
        import tiny_backend
        return getattr(tiny_backend, name)

__legacy__ = Legacy()
"""


def fill(links: str, projects: str, environ: Mapping[str, str]) -> None:
    """Write wheels and sdists into `links`, source trees and repositories below `projects` (both absolute)."""
    _wheels(links)
    for name, requires in (("src-only", []), ("src-needy", ["beta>=1"])):
        sdist(links, name, "1.0", requires=requires)
    for name in ("plain-project", "edited", "with_extra"):
        os.makedirs(f"{projects}/{name}")
        project(f"{projects}/{name}", name, "1.0", requires=["single"] if name != "edited" else [])
    old = project(f"{projects}/with_setup", "with-setup", "1.0", requires=["single"])
    os.rename(f"{old}/pyproject.toml", f"{old}/setup.py")
    os.makedirs(f"{projects}/repository/sub")
    project(f"{projects}/repository", "from-git", "1.0")
    project(f"{projects}/repository/sub", "from-sub", "2.0")
    _repository(f"{projects}/repository", environ)


def _wheels(links: str) -> None:
    for version, needs in (("1.0", "beta>=1"), ("2.0", "beta>=2"), ("3.0a1", "beta>=2")):
        wheel(links, "alpha", version, requires=[needs])
    for version in ("1.0", "1.5", "2.0", "2.1", "3.0rc1"):
        wheel(links, "beta", version)
    wheel(links, "needy", requires=["beta<2"])
    wheel(
        links, "gamma", requires=['delta; extra == "x"', 'single; extra == "y"'], extras=["x", "y"]
    )
    wheel(links, "delta", requires=["single"])
    wheel(links, "single", files={"single.py": "VALUE = 1\n"})
    wheel(links, "Odd.Name_x", files={"odd_name/__init__.py": ""})
    wheel(links, "parts-a", files={"parts/a/__init__.py": ""})
    wheel(links, "parts-b", files={"parts/b/__init__.py": "", "parts/b/data.txt": "b\n"})
    wheel(
        links, "marked", requires=['single; python_version < "3"', 'delta; python_version >= "3"']
    )
    wheel(links, "only-pre", "1.0b2")
    for version, python in (("1.0", ">=3.6"), ("2.0", "<3"), ("3.0", ">=9")):
        wheel(links, "pythons", version, requires_python=python)
    wheel(links, "formats", "1.0")
    sdist(links, "formats", "2.0")
    for tags in (
        "cp310-cp310-manylinux2014_x86_64",
        "cp39-cp39-manylinux1_x86_64",
        "cp310-cp310-win_amd64",
    ):
        wheel(links, "tagged", tags=tags, files={"tagged.py": f"TAGS = '{tags}'\n"})
    files = {"setuptools/__init__.py": "", "setuptools/build_meta.py": _SETUPTOOLS}
    wheel(links, "setuptools", "80.0", files=files)
    wheel(links, "tagged", "0.9", tags="py3-none-any", files={"tagged.py": ""})
    wheel(links, "newest-needs", "1.0")
    wheel(links, "newest-needs", "2.0", requires=["nowhere-to-be-found"])
    wheel(links, "broken-needs", requires=["nowhere-to-be-found>=1"])
    wheel(
        links,
        "tool",
        entry_points={"tool-run": "tool:main", "tool.sub": "tool.inner:cli.main"},
        files={
            "tool/__init__.py": "def main(): return 0\n",
            "tool/inner.py": "",
            "tool/data/x.json": "{}\n",
        },
        scripts={"tool-script": "#!python\nprint('script')\n", "tool-sh": "#!/bin/sh\necho sh\n"},
        data={"share/tool/readme.txt": "share\n", "etc/tool.conf": "a = 1\n"},
        headers={"tool.h": "#define TOOL\n"},
        other_data={"purelib/tool_pure/__init__.py": "", "platlib/tool_plat.py": ""},
        dist_info={"licenses/LICENSE": "free\n"},
    )


def _repository(path: str, environ: Mapping[str, str]) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@b.example")
    for words in (
        ("init", "-q", "-b", "main"),
        ("add", "."),
        (*who, "commit", "-qm", "first"),
        ("tag", "v1"),
        ("branch", "side"),
    ):
        subprocess.run(["git", *words], cwd=path, env=environ, check=True, capture_output=True)


def fill_work(work: str, links: str) -> None:
    """Write the files that cases name into the directory in which they run, and such as they name by an address."""
    with open(f"{links}/limits.txt", "w", encoding="utf-8") as stream:
        stream.write("beta<2\n")
    with open(f"{links}/pylock.toml", "w", encoding="utf-8") as stream:
        stream.write(_lock(links))
    beta = sha256_of(f"{links}/beta-1.0-py3-none-any.whl")
    alpha = sha256_of(f"{links}/alpha-1.0-py3-none-any.whl")
    files = {
        "plain.txt": "# comment\nbeta==1.5  # why\n\nsingle\n",
        "nested.txt": "-r more/inner.txt\ngamma\n",
        "more/inner.txt": "-c limits.txt\nbeta\n",
        "more/limits.txt": "beta<2\n",
        "limits.txt": "beta==1.5\n",
        "limits-url.txt": f"beta @ file://{links}/beta-2.0-py3-none-any.whl\n",
        "marked.txt": "single; python_version < '3'\nbeta; python_version > '3'\n",
        "continued.txt": "beta \\\n  ==1.5\nsin\\\ngle\n",
        "variable.txt": "${NAMED}==1.5\n",
        "pre.txt": "--pre\nalpha\n",
        "only-binary.txt": "--only-binary formats\nformats\n",
        "no-binary.txt": "--no-binary formats\nformats\n",
        "prefer.txt": "--prefer-binary\nformats\n",
        "latin.txt": "# coding: latin-1\nsingle  # \u00e9\n",
        "bom.txt": "\ufeffsingle\n",
        "wide.txt": "\ufeffsingle  # \u00e9\n",
        "addresses.txt": f"-r file://{work}/plain.txt\n-c file://{links}/limits.txt\n",
        "editable.txt": "-e {projects}/edited\n",
        "settings.txt": "src-only --config-settings=a=b\n",
        "hashed.txt": f"beta==1.0 --hash=sha256:{beta}\n",
        "hashed-two.txt": f"alpha==1.0 --hash=sha256:{alpha} \\\n    --hash=sha256:{beta}\nbeta==1.0 --hash=sha256:{beta}\n",
        "hashed-part.txt": f"alpha==1.0 --hash=sha256:{alpha}\n",
        "hashed-other.txt": f"single\nbeta==1.0 --hash=sha256:{beta}\n",
        "hashed-wrong.txt": f"beta==1.0 --hash=sha256:{alpha}\n",
        "hashed-range.txt": f"beta<2 --hash=sha256:{beta}\n",
        "bad.txt": "beta==1.0\n==nonsense\n",
        "bad-option.txt": "--frobnicate\n",
        "links.txt": f"--no-index\n--find-links {links}\nsingle\n",
        "script.py": "# /// script\n# dependencies = ['single', 'beta<2']\n# ///\n",
        "script-python.py": "# /// script\n# requires-python = '>=9'\n# dependencies = ['single']\n# ///\n",
        "no-script.py": "print(1)\n",
        "pyproject.toml": '[dependency-groups]\ntest = ["single", {include-group = "base"}]\nbase = ["beta<2"]\n',
        "other/pyproject.toml": '[dependency-groups]\ndev = ["gamma[x]"]\n',
        "pylock.toml": _lock(links),
    }
    for name, text in files.items():
        path = f"{work}/{name}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        encoding = {"latin.txt": "latin-1", "wide.txt": "utf-16-le"}.get(name, "utf-8")
        with open(path, "w", encoding=encoding) as stream:
            stream.write(text)


def _lock(links: str) -> str:
    rows = 'lock-version = "1.0"\ncreated-by = "hand"\n'
    for name in ("single", "beta"):
        file = f"{name}-1.0-py3-none-any.whl"
        digest = sha256_of(f"{links}/{file}")
        rows += (
            f'[[packages]]\nname = "{name}"\nversion = "1.0"\n[[packages.wheels]]\n'
            f'url = "file://{links}/{file}"\nhashes = {{sha256 = "{digest}"}}\n'
        )
    return rows
