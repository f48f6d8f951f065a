"""The interpreters that Windows knows: PEP 514's registry keys, which the `py` launcher reads too.

Built to the documents and tested with injected data: not run on Windows.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

from alcove.interpreters import names
from alcove.interpreters.places import Registered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Registry", "WindowsRegistry", "registered"]

_HIVES = ("HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE", "HKEY_LOCAL_MACHINE/32")


class Registry(Protocol):
    """What of the registry is read. A hive is one of the names in `_HIVES`; `path` is parted by backslashes."""

    def keys(self, hive: str, path: str) -> list[str]:
        """Return the names of the keys below a key; none where it is missing."""

    def values(self, hive: str, path: str) -> Mapping[str, str]:
        """Return the text values of a key, its default under ""; none where it is missing."""


def registered(registry: Registry) -> tuple[Registered, ...]:
    """Return every interpreter registered below `Software, Python, COMPANY, TAG`: the user's own, then by company."""
    found: dict[str, Registered] = {}
    for hive in _HIVES:
        companies = registry.keys(hive, r"Software\Python")
        # PEP 514: PyLauncher is reserved, and no company; PythonCore is python.org's own
        for company in sorted(companies, key=lambda name: (name != "PythonCore", name)):
            if company == "PyLauncher":
                continue
            for entry in _of_company(registry, hive, company):
                found.setdefault(entry.executable.lower(), entry)
    return tuple(found.values())


def _of_company(registry: Registry, hive: str, company: str) -> Iterator[Registered]:
    root = rf"Software\Python\{company}"
    tags = registry.keys(hive, root)
    for tag in sorted(tags, key=lambda name: names.version_key(_version(name)), reverse=True):
        about = registry.values(hive, rf"{root}\{tag}")
        place = registry.values(hive, rf"{root}\{tag}\InstallPath")
        executable = place.get("ExecutablePath", "")
        if not executable and company == "PythonCore" and place.get(""):
            # PEP 514: python.exe in InstallPath is the default for PythonCore only
            executable = place[""].rstrip("\\") + "\\python.exe"
        if not executable:
            continue
        # Version is "3.12.1"; SysVersion, "3.12", may be all there is, and PythonCore's tag says as much
        version = about.get("Version") or about.get("SysVersion") or _version(tag)
        told = names.read(version)
        architecture = about.get("SysArchitecture", "")
        bits = {"64bit": 64, "32bit": 32}.get(architecture, 32 if tag.endswith("-32") else 0)
        tagged = names.read(tag)
        yield Registered(
            executable,
            told.version if told else "",
            company,
            bits,
            free_threaded=bool(tagged and tagged.free_threaded),
        )


def _version(tag: str) -> str:
    """Return the version in a tag such as `3.12`, `3.13t`, `3.8-32`; "" where it has none."""
    found = names.read(tag)
    return found.version if found else ""


if sys.platform == "win32":
    import winreg

    class WindowsRegistry:
        """The registry of this machine."""

        def keys(self, hive: str, path: str) -> list[str]:
            """Return the names of the keys below a key."""
            try:
                with self._open(hive, path) as key:
                    return [
                        winreg.EnumKey(key, index) for index in range(winreg.QueryInfoKey(key)[0])
                    ]
            except OSError:
                return []

        def values(self, hive: str, path: str) -> Mapping[str, str]:
            """Return the text values of a key."""
            try:
                with self._open(hive, path) as key:
                    rows = [
                        winreg.EnumValue(key, index) for index in range(winreg.QueryInfoKey(key)[1])
                    ]
            except OSError:
                return {}
            return {name: value for name, value, _ in rows if isinstance(value, str)}

        def _open(self, hive: str, path: str) -> winreg.HKEYType:
            view = winreg.KEY_WOW64_32KEY if hive.endswith("/32") else winreg.KEY_WOW64_64KEY
            root = getattr(winreg, hive.partition("/")[0])
            return winreg.OpenKey(root, path, 0, winreg.KEY_READ | view)

else:

    class WindowsRegistry:
        """A registry without keys, on systems that have none."""

        def keys(self, hive: str, path: str) -> list[str]:  # noqa: ARG002
            """Return no names."""
            return []

        def values(self, hive: str, path: str) -> Mapping[str, str]:  # noqa: ARG002
            """Return no values."""
            return {}
