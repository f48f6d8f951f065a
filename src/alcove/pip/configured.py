"""What pip's files of settings and `PIP_*` variables say, by option, for the command line of the pip inside."""

from __future__ import annotations

import os

from alcove.pip_conf import pip_files, read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["defaults_of"]

_LISTS = frozenset(
    (
        "extra-index-url",
        "find-links",
        "trusted-host",
        "constraint",
        "requirement",
        "build-constraint",
        "exclude",
        "path",
    )
)


def defaults_of(
    environ: Mapping[str, str], home: str, *, prefix: str, command: str, isolated: bool
) -> dict[str, Sequence[str]]:
    """Return values by long option name without dashes; a variable beats every file, as in pip.

    `prefix` (absolute) has the site file. Values of options that may be repeated are split at blanks.
    """
    found: dict[str, Sequence[str]] = {}
    files = [
        path
        for path in pip_files(environ, home, prefix=prefix, isolated=isolated)
        if os.path.exists(path)
    ]
    contents = [read_file(path) for path in files]
    for section in ("global", command):
        for sections in contents:
            found.update(
                {
                    key: _split(key, value)
                    for key, value in sections.get(section, {}).items()
                    if value
                }
            )
    if not isolated:
        for name, value in environ.items():
            key = name[4:].lower().replace("_", "-")
            if name.startswith("PIP_") and value and key not in ("version", "help", "config-file"):
                found[key] = _split(key, value)
    return found


def _split(key: str, value: str) -> Sequence[str]:
    return value.split() if key in _LISTS else (value.strip(),)
