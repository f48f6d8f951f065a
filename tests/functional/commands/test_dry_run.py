"""`--dry-run` says what would be installed and builds nothing for it: static metadata is taken as it is (PEP 643)."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from alcove.testing.sdists import project, sdist

if TYPE_CHECKING:
    from tests.functional.commands.conftest import User

RAISES = "raise SystemExit('the backend was asked')\n"
NO_WHEEL = "def build_wheel(*arguments):\n    raise SystemExit('a wheel was asked for')\n"


@pytest.fixture
def sources(user: User) -> dict[str, str]:
    """Return the paths of archives and a tree that cannot be built, among the wheels."""
    place = str(user.wheels)
    return {
        "static": sdist(place, "static", "1.0", requires=["spoon"], hooks=RAISES),
        "asked": sdist(place, "asked", "2.0", dynamic=["requires-dist"], hooks=NO_WHEEL),
        "tree": project(str(user.home / "tree"), "tree", "3.0", hooks=NO_WHEEL),
    }


def pip(user: User, *words: str) -> Any:
    done = subprocess.run(
        [
            str(user.env / "bin" / "pip"),
            "install",
            "-q",
            "--no-index",
            "-f",
            str(user.wheels),
            *words,
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=user.project,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    return json.loads(done.stdout)


def test_nothing_is_built_to_say_what_would_be_installed(
    user: User, sources: dict[str, str]
) -> None:
    dry = ("--no-index", "-f", str(user.wheels), "--dry-run", "--json")
    wanted = ("static", "asked", sources["tree"])
    found = json.loads(user.type("install", *dry, *wanted).stdout)
    added = {row["name"]: row["version"] for row in found["added"]}
    assert added == {"asked": "2.0", "spoon": "1.0", "static": "1.0", "tree": "3.0"}
    found = json.loads(user.type("install", *dry, sources["static"]).stdout)
    assert [row["name"] for row in found["added"]] == ["spoon", "static"]
    # What was not built is not remembered as a decision either.
    done = user.type("install", *dry[:3], "static", code=1)
    assert "the backend was asked" in done.stderr
    assert "static" not in user.type("list").stdout


def test_the_report_has_the_metadata_of_what_was_not_built(
    user: User, sources: dict[str, str]
) -> None:
    report = pip(user, "--dry-run", "--report", "-", "static", sources["asked"])
    rows = {row["metadata"]["name"]: row for row in report["install"]}
    assert sorted(rows) == ["asked", "spoon", "static"]
    assert rows["static"]["metadata"]["requires_dist"] == ["spoon"]
    assert rows["static"]["download_info"]["url"].endswith("static-1.0.tar.gz")
    assert rows["asked"]["download_info"]["archive_info"]["hashes"]["sha256"]
    assert rows["asked"]["is_direct"] is True
