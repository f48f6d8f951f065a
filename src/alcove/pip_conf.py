"""pip's files of settings (`pip.conf`, `pip.ini`): where they lie, and what they say, read as pip's own parser reads them.

Rule: the environment, the home directory and the platform are arguments; nothing but these files is looked at.
"""

from __future__ import annotations

import os
import sys

from alcove.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["pip_files", "pip_places", "read_file", "spelled"]

_EACH = "DEFAULT"  # the section of configparser that all others begin with


def pip_files(
    environ: Mapping[str, str],
    home: str,
    *,
    prefix: str = "",
    isolated: bool = False,
    platform: str = sys.platform,
    system: str = "/etc",
) -> list[str]:
    """Return pip's files of settings that count here, lowest first; they need not exist."""
    named = environ.get("PIP_CONFIG_FILE", "")
    if named == os.devnull:
        return []  # pip: os.devnull disables the loading of all files
    places = pip_places(environ, home, prefix=prefix, platform=platform, system=system)
    files = places["global"]
    # pip: the user's file gives way to an existing PIP_CONFIG_FILE
    if not isolated and not (named and os.path.exists(named)):
        files += places["user"]
    files += places["site"]
    if named:
        files.append(named)
    return files


def pip_places(
    environ: Mapping[str, str],
    home: str,
    *,
    prefix: str = "",
    platform: str = sys.platform,
    system: str = "/etc",
) -> dict[str, list[str]]:
    """Return where pip's files of settings lie by kind ("global", "user", "site"), lowest first; they need not exist."""
    name = "pip.ini" if platform == "win32" else "pip.conf"
    return {
        "global": [os.path.join(one, name) for one in _global_places(environ, platform, system)],
        "user": [os.path.join(one, name) for one in _user_places(environ, home, platform)],
        "site": [os.path.join(prefix, name)] if prefix else [],
    }


def _global_places(environ: Mapping[str, str], platform: str, system: str) -> list[str]:
    if platform == "win32":
        return [os.path.join(environ.get("PROGRAMDATA", "C:\\ProgramData"), "pip")]
    if platform == "darwin":
        return ["/Library/Application Support/pip"]
    shared = environ.get("XDG_CONFIG_DIRS") or os.path.join(system, "xdg")
    return [os.path.join(place, "pip") for place in shared.split(os.pathsep) if place] + [system]


def _user_places(environ: Mapping[str, str], home: str, platform: str) -> list[str]:
    if platform == "win32":
        roaming = environ.get("APPDATA") or os.path.join(home, "AppData", "Roaming")
        return [os.path.join(home, "pip"), os.path.join(roaming, "pip")]
    own = os.path.join(environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config"), "pip")
    if platform == "darwin":
        library = os.path.join(home, "Library", "Application Support", "pip")
        own = library if os.path.isdir(library) else os.path.join(home, ".config", "pip")
    return [os.path.join(home, ".pip"), own]


def read_file(path: str) -> dict[str, dict[str, str]]:
    """Return section -> key -> value of a pip.conf; empty where it cannot be opened, as in pip.

    Keys are in lower case with `-`; a value may go on in lines that are indented deeper than its key; what stands in [DEFAULT]
    counts in each of the others. Raises UsageError with file and line.
    """
    try:
        with open(path, "rb") as stream:
            # Without the codec "utf-8-sig", which would be looked for on disk.
            text = stream.read().removeprefix(b"\xef\xbb\xbf").decode()
    except OSError:
        return {}
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path}: not UTF-8: {error.reason}", hint="write it anew in UTF-8"
        ) from None
    return _sections(path, text)


def _sections(path: str, text: str) -> dict[str, dict[str, str]]:
    sections: dict[str, dict[str, str]] = {}
    name = key = ""
    level = 0
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if not bare or bare[0] in "#;":
            continue
        indent = len(line) - len(line.lstrip())
        if key and indent > level:
            sections[name][key] += "\n" + bare
            continue
        level = indent
        end = bare.rfind("]") if bare[0] == "[" else 0
        if end > 1:
            name, key = bare[1:end], ""
            if name in sections and name != _EACH:
                raise _bad_line(path, number, f"[{name}] stands there already")
            sections.setdefault(name, {})
        elif not name:
            raise _bad_line(path, number, "it stands before the first [section]")
        else:
            key, value = _key_and_value(path, number, bare)
            if key in sections[name]:
                raise _bad_line(path, number, f"{key!r} stands in [{name}] already")
            sections[name][key] = value
    shared = sections.pop(_EACH, {})
    return {name: shared | own for name, own in sections.items()} if shared else sections


def _key_and_value(path: str, number: int, line: str) -> tuple[str, str]:
    places = [place for place in (line.find("="), line.find(":")) if place > 0]
    if not places:
        raise _bad_line(path, number, "it is neither [section] nor KEY = VALUE")
    return spelled(line[: min(places)].strip()), line[min(places) + 1 :].strip()


def _bad_line(path: str, number: int, reason: str) -> UsageError:
    return UsageError(f"{path}:{number}: {reason}", hint="correct it, or set PIP_CONFIG_FILE")


def spelled(key: str) -> str:
    """Return the one spelling of an option's name, or of SECTION.NAME.

    >>> spelled("global.Index_URL"), spelled("--timeout")
    ('global.index-url', 'timeout')
    """
    return key.lower().replace("_", "-").removeprefix("--")
