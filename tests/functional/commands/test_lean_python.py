"""alcove run by a Python that was compiled without what is optional: what can be done is done, the rest is said in a line."""

from __future__ import annotations

import gzip
import lzma
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from alcove.testing.sdists import sdist
from scripts.import_graph import ROOT

if TYPE_CHECKING:
    from tests.functional.commands.conftest import User

LEAN = """\
import sys
for name in ("_bz2", "_ctypes", "_hashlib", "_lzma", "_sqlite3", "_ssl", "_uuid", "readline"):
    sys.modules[name] = None
from alcove.cli.main import main
sys.exit(main())
"""


def typed(user: User, *words: str, code: int = 0) -> str:
    """Run `alcove WORDS` in such a Python and return what it said on stderr."""
    done = subprocess.run(
        [sys.executable, "-c", LEAN, *words],
        cwd=user.project,
        env={**os.environ, "PYTHONPATH": os.path.join(ROOT, "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def names(user: User) -> list[str]:
    return [row["name"] for row in user.ask("list") if row["name"] != "pip"]


def test_wheels_and_sources(user: User) -> None:
    sdist(str(user.wheels), "soup", "2.0")
    typed(user, "install", "--no-index", "-f", str(user.wheels), "flavour", "soup")
    assert names(user) == ["flavour", "soup"]
    typed(user, "undo")
    assert names(user) == []
    for name in ("kit.tar.gz", "kit.zip", "kit"):
        typed(user, "bundle", "-o", name, "--no-index", "-f", str(user.wheels), "soup")
    words = ("--no-index", "-f", str(user.wheels), "soup")
    assert "built without what writes .tar.xz" in typed(
        user, "bundle", "-o", "kit.tar.xz", *words, code=1
    )


def test_sources_that_it_cannot_read(user: User) -> None:
    made = sdist(str(user.wheels), "soup", "2.0")
    packed = user.project / "soup-2.0.tar.xz"
    with gzip.open(made) as plain:
        packed.write_bytes(lzma.compress(plain.read()))
    told = typed(user, "install", str(packed), code=1)
    assert "packed by xz, which this Python cannot read" in told


def test_an_index(user: User) -> None:
    told = typed(user, "install", "-i", "https://index.invalid/simple", "flavour", code=1)
    assert "was built without ssl: no index can be reached" in told
    assert "--find-links" in told
    assert names(user) == []
