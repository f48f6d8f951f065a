"""Dates of HTTP headers (RFC 9110, 5.6.7), and what follows from them.

Rule: a date that cannot be understood counts as none.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["epoch", "retry_after"]


def epoch(text: str) -> float | None:
    """Return a date as seconds since 1970; None where it is none.

    >>> epoch("Sun, 06 Nov 1994 08:49:37 GMT")
    784111777.0
    """
    from email.utils import mktime_tz, parsedate_tz  # noqa: PLC0415  few answers have such a date

    try:
        found = parsedate_tz(text)
        # the form of asctime names no zone: it is GMT as the others are
        return float(mktime_tz((*found[:9], found[9] or 0))) if found else None
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def retry_after(headers: Mapping[str, str]) -> float:
    """Return for how many seconds a server asks to be left alone (RFC 9110, 10.2.3); 0.0 where it does not.

    `headers`: names in lower case. A date is counted from the answer's own `Date`, where it has one: clocks differ.
    """
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said)
    until = epoch(said) if said else None
    if until is None:
        return 0.0
    now = epoch(headers.get("date", ""))
    return max(0.0, until - (time.time() if now is None else now))
