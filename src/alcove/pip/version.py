"""Which pip ours follows, and which real pip can run under which Python."""

from __future__ import annotations

from alcove.environments.pip_version import PIP_VERSION

__all__ = ["PIP_VERSION", "real_pip_for"]

_LAST_FOR = (
    ((3, 6), "20.3.4"),
    ((3, 7), "21.3.1"),
    ((3, 8), "24.0"),
    ((3, 9), "25.0.1"),
    ((3, 10), "26.0.1"),
)  # below this Python: the last pip that runs there (its Requires-Python)


def real_pip_for(python: str) -> str:
    """Return the version of the newest real pip that runs under a Python ("3.8.18", "3.8").

    >>> real_pip_for("3.8.18"), real_pip_for("3.12")
    ('25.0.1', '26.3')
    """
    numbers = tuple(int(part) for part in python.split(".")[:2] if part.isdigit())
    for below, version in _LAST_FOR:
        if numbers < below:
            return version
    return PIP_VERSION
