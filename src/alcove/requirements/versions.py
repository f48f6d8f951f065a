"""Versions in PEP 440's normal form, without `packaging` where a look shows that they are in it."""

from __future__ import annotations

__all__ = ["normal"]


def normal(version: str) -> str | None:
    """Return a version in normal form; None where it is no version by PEP 440.

    >>> normal("1.0.post1"), normal("1.0-beta"), normal("junk")
    ('1.0.post1', '1.0b0', None)
    """
    if _is_normal(version):
        return version
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415  rare

    try:
        return str(Version(version))
    except InvalidVersion:
        return None


def _is_normal(version: str) -> bool:
    """Tell whether it is of the form `1.2[.3...][{a|b|rc}N][.postN][.devN]`; false where in doubt."""
    if not version.isascii():
        return False
    parts = version.split(".")
    if len(parts) > 1 and _numbered(parts[-1], ("dev",)):
        parts.pop()
    if len(parts) > 1 and _numbered(parts[-1], ("post",)):
        parts.pop()
    last = parts[-1]
    for mark in ("rc", "a", "b"):
        release, found, number = last.partition(mark)
        if found:
            if not _number(number):
                return False
            parts[-1] = release
            break
    return all(map(_number, parts))


def _numbered(part: str, marks: tuple[str, ...]) -> bool:
    return any(part.startswith(mark) and _number(part[len(mark) :]) for mark in marks)


def _number(text: str) -> bool:
    return text.isdigit() and (text[0] != "0" or text == "0")
