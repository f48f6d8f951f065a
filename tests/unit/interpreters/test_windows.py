"""PEP 514 by injected data; never run on Windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alcove.interpreters.places import Registered, places_of
from alcove.interpreters.windows import WindowsRegistry, registered

if TYPE_CHECKING:
    from collections.abc import Mapping


class Fake:
    """A registry: {hive and path: {name of a value: value}}."""

    def __init__(self, content: dict[str, dict[str, str]]) -> None:
        self.content = content

    def keys(self, hive: str, path: str) -> list[str]:
        """Return what lies below."""
        prefix = f"{hive}\\{path}\\"
        return list(
            dict.fromkeys(
                one[len(prefix) :].split("\\")[0] for one in self.content if one.startswith(prefix)
            )
        )

    def values(self, hive: str, path: str) -> Mapping[str, str]:
        """Return the values."""
        return self.content.get(f"{hive}\\{path}", {})


USER = "HKEY_CURRENT_USER\\Software\\Python\\"
ALL = "HKEY_LOCAL_MACHINE\\Software\\Python\\"
ALL_32 = "HKEY_LOCAL_MACHINE/32\\Software\\Python\\"


def test_what_pep_514_describes() -> None:
    found = registered(
        Fake(
            {
                ALL + "PythonCore\\3.12\\InstallPath": {
                    "": "C:\\Python312\\",
                    "ExecutablePath": "C:\\Python312\\python.exe",
                },
                ALL + "PythonCore\\3.12": {
                    "Version": "3.12.1",
                    "SysVersion": "3.12",
                    "SysArchitecture": "64bit",
                },
                ALL + "PythonCore\\3.8\\InstallPath": {"": "C:\\Python38\\"},
                ALL_32 + "PythonCore\\3.11-32\\InstallPath": {"": "C:\\Python311-32"},
                USER + "PythonCore\\3.13t\\InstallPath": {
                    "ExecutablePath": "C:\\u\\python3.13t.exe"
                },
                USER + "PythonCore\\3.13t": {"SysArchitecture": "64bit", "SysVersion": "3.13"},
                USER + "PyPy\\3.9\\InstallPath": {"ExecutablePath": "C:\\pypy\\pypy.exe"},
                USER + "PyPy\\3.9": {"SysVersion": "3.9"},
                USER + "PyLauncher\\3.1\\InstallPath": {"ExecutablePath": "C:\\never.exe"},
                USER + "Other\\x\\InstallPath": {"": "C:\\no-executable"},
                USER + "PythonCore\\3.7\\InstallPath": {},
            }
        )
    )
    assert found == (
        Registered("C:\\u\\python3.13t.exe", "3.13", "PythonCore", 64, free_threaded=True),
        Registered("C:\\pypy\\pypy.exe", "3.9", "PyPy", 0),
        Registered("C:\\Python312\\python.exe", "3.12.1", "PythonCore", 64),
        Registered("C:\\Python38\\python.exe", "3.8", "PythonCore", 0),
        Registered("C:\\Python311-32\\python.exe", "3.11", "PythonCore", 32),
    )


def test_the_users_own_registration_is_first_and_one_is_enough() -> None:
    twice = {"ExecutablePath": "C:\\Python312\\python.exe"}
    content = {
        ALL + "PythonCore\\3.12\\InstallPath": twice,
        USER + "PythonCore\\3.12\\InstallPath": twice,
    }
    assert len(registered(Fake(content))) == 1


def test_other_systems_have_no_registry() -> None:
    assert registered(WindowsRegistry()) == ()


def test_places_on_windows_and_macos() -> None:
    windows = places_of(
        {"LOCALAPPDATA": "/l"}, home="/h", directory="/", own="/own", platform="win32"
    )
    assert windows.windows
    assert ("uv", "/l/uv/python") in windows.roots
    assert windows.bins == ()
    mac = places_of(
        {"HOMEBREW_PREFIX": "/brew"}, home="/h", directory="/", own="/own", platform="darwin"
    )
    assert ("Homebrew", "/brew/opt/python@*/bin") in mac.bins
    assert ("framework", "/Library/Frameworks/PythonT.framework/Versions/*/bin") in mac.bins
    assert "/usr/bin" not in [place for _, place in mac.bins]
