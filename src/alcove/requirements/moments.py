"""A moment before which files must have been uploaded: `--exclude-newer`, `--uploaded-prior-to`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from alcove.errors import UsageError

__all__ = ["is_before", "moment"]


def moment(text: str, *, now: float, option: str) -> str:
    """Return the moment that `text` means in ISO 8601, in UTC: an ISO date or time, or `P7D` for 7 days ago.

    `now`: seconds since 1970. A time without a zone is local, as with pip. UsageError (naming `option`) for anything else.

    >>> moment("2023-01-01T00:00:00Z", now=0, option="--exclude-newer")
    '2023-01-01T00:00:00+00:00'
    """
    try:
        if text[:1] == "P" and text[-1:] == "D" and text[1:-1].isdecimal():
            return (datetime.fromtimestamp(now, UTC) - timedelta(days=int(text[1:-1]))).isoformat()
        return datetime.fromisoformat(text).astimezone(UTC).isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(
            f"option {option}: invalid value: {text!r}: {error}",
            hint="a date or time of ISO 8601 (2023-01-01, 2023-01-01T00:00:00Z), or days (P3D)",
        ) from error


def is_before(uploaded: str, limit: str) -> bool:
    """Tell whether a file that was uploaded at `uploaded` (ISO 8601, as indexes give it) is older than `limit`."""
    return _read(uploaded) < _read(limit)


def _read(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
