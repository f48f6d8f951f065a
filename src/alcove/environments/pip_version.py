"""The version that the pip of an environment says it is: that of the real pip whose behaviour it follows."""

from __future__ import annotations

__all__ = ["PIP_VERSION"]

PIP_VERSION = "26.3"
