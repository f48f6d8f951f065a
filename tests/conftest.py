"""What all tests share: alcove's own pytest plugin, also where alcove is not installed as a distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alcove.testing import plugin

if TYPE_CHECKING:
    import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Register the plugin under the name of its entry point, if that entry point was not there."""
    if not config.pluginmanager.has_plugin("alcove"):
        config.pluginmanager.register(plugin, "alcove")
