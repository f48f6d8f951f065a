"""What distributions need of each other, read from metadata directories written by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alcove.actions.needs import Need, needs
from alcove.environments import installed

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.environments.installed import Distribution


def distribution(tmp_path: Path, *requires: str) -> Distribution:
    info = tmp_path / "it-1.0.dist-info"
    info.mkdir()
    lines = "".join(f"Requires-Dist: {text}\n" for text in requires)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: it\nVersion: 1.0\n{lines}")
    (found,) = installed.read(str(tmp_path)).distributions
    return found


def markers() -> dict[str, str]:
    return {"os_name": "posix", "python_version": "3.11"}


def test_markers_and_extras_decide(tmp_path: Path) -> None:
    one = distribution(
        tmp_path,
        "Plain_Name>=1",
        "windows; os_name == 'nt'",
        "here[B,a]; os_name == 'posix'",
        "soup; extra == 'kitchen'",
        "here[c]; extra == 'kitchen'",
        "broken; what is this",
    )
    assert needs(one, markers) == [
        Need("here", ("a", "b"), "here[B,a]; os_name == 'posix'"),
        Need("plain-name", (), "Plain_Name>=1"),
    ]
    assert needs(one, markers, extras=("kitchen",)) == [
        Need("here", ("a", "b", "c"), "here[B,a]; os_name == 'posix'"),
        Need("plain-name", (), "Plain_Name>=1"),
        Need("soup", (), "soup; extra == 'kitchen'"),
    ]
