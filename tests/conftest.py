"""What all tests share: alcove's own pytest plugin, and what the marker `network` means.

The plugin is there also where alcove is not installed as a distribution. Tests marked `network` are skipped, with the reason,
where the public index does not answer.
"""

from __future__ import annotations

import functools
import importlib
import os
import signal
import urllib.request

import pytest
from hypothesis import HealthCheck, settings

from alcove.testing import plugin

# A busy machine is no defect: how long an example takes is not judged.
settings.register_profile("alcove", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("alcove")


def pytest_configure(config: pytest.Config) -> None:
    """Register the plugin under the name of its entry point, if it was not there, and forget what whoever tests brought."""
    os.environ.pop("SHELL", None)  # a CI has none: a test that needs one says which
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell's `&` hands it down
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not config.pluginmanager.has_plugin("alcove"):
        config.pluginmanager.register(plugin, "alcove")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs the public index where that is out of reach."""
    if item.get_closest_marker("network") and (reason := out_of_reach()):
        pytest.skip(f"the public index is out of reach: {reason}")


@functools.cache
def out_of_reach() -> str:
    """Return why the public index does not answer, or "" where it does; asked once in each process."""
    address = importlib.import_module("alcove.index_settings").DEFAULT_INDEX
    try:
        with urllib.request.urlopen(f"{address}/packaging/", timeout=20) as answer:  # noqa: S310  a constant of ours
            return "" if answer.status == 200 else f"status {answer.status}"
    except OSError as error:
        return str(error)
