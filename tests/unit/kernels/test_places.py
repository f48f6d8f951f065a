"""Where Jupyter looks for kernels: the table of jupyter_core's documentation."""

from __future__ import annotations

import pytest

from alcove import settings
from alcove.kernels import places


def given(**variables: str) -> settings.Settings:
    return settings.read({"HOME": "/nowhere/ann", **variables}, cwd="/")


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, "/nowhere/ann/.local/share/jupyter/kernels"),
        ("linux", {"XDG_DATA_HOME": "/x"}, "/x/jupyter/kernels"),
        ("linux", {"XDG_DATA_HOME": ""}, "/nowhere/ann/.local/share/jupyter/kernels"),
        ("linux", {"JUPYTER_DATA_DIR": "/j", "XDG_DATA_HOME": "/x"}, "/j/kernels"),
        ("linux", {"JUPYTER_PLATFORM_DIRS": "1"}, "/nowhere/ann/.local/share/jupyter/kernels"),
        ("darwin", {"XDG_DATA_HOME": "/x"}, "/nowhere/ann/Library/Jupyter/kernels"),
        (
            "darwin",
            {"JUPYTER_PLATFORM_DIRS": "yes"},
            "/nowhere/ann/Library/Application Support/Jupyter/kernels",
        ),
        ("darwin", {"JUPYTER_PLATFORM_DIRS": "off"}, "/nowhere/ann/Library/Jupyter/kernels"),
        ("win32", {"APPDATA": "/roaming"}, "/roaming/jupyter/kernels"),
        ("win32", {"JUPYTER_CONFIG_DIR": "/c"}, "/c/data/kernels"),
        (
            "win32",
            {"JUPYTER_PLATFORM_DIRS": "1", "LOCALAPPDATA": "/local"},
            "/local/Jupyter/kernels",
        ),
    ],
)
def test_the_place_of_the_user(platform: str, variables: dict[str, str], expected: str) -> None:
    assert places.user(given(**variables), platform=platform) == expected


def test_where_is_looked() -> None:
    found = places.search(
        given(JUPYTER_PATH="/a/:relative:/b", JUPYTER_DATA_DIR="/j", VIRTUAL_ENV="/v"),
        platform="linux",
    )
    assert found == [
        "/a/kernels",
        "/b/kernels",
        "/j/kernels",
        "/v/share/jupyter/kernels",
        "/usr/local/share/jupyter/kernels",
        "/usr/share/jupyter/kernels",
    ]
    windows = places.search(given(PROGRAMDATA="/all", APPDATA="/r"), platform="win32")
    assert windows == ["/r/jupyter/kernels", "/all/jupyter/kernels"]


def test_below_a_prefix() -> None:
    assert places.below("/p") == "/p/share/jupyter/kernels"
