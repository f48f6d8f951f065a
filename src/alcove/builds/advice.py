"""What to do about a build that failed, by what its output says is missing.

Rule: a guess is only made where the output names the thing; the end of the output and the whole log are shown in any case.
"""

from __future__ import annotations

import re

__all__ = ["advice"]

_OR_WHEEL = "or take a version that has a wheel (--only-binary :all:)"
_COMPILER = (
    "it needs the compiler {0}, which is not here: install the system's compilers (build-essential, gcc), "
    + _OR_WHEEL
)
_ANY_COMPILER = f"it needs a C compiler, which is not here: install one, {_OR_WHEEL}"
_RUST = f"it needs a Rust compiler, which is not here: install Rust, {_OR_WHEEL}"
_PACKAGE = "{0} is missing: install the system's development package that has it, " + _OR_WHEEL
_HEADERS = (
    "the headers of this Python are missing: install the system's package with them"
    " (python3-dev, python3-devel)"
)
_MODULE = (
    "its build needs the module {0}, which is not there: with --no-build-isolation install it first,"
    " else tell the authors that it is not among their [build-system] requires"
)
# Builds from before build-system requirements take it for granted; setuptools has it up to 81.
_PKG_RESOURCES = (
    "its build needs pkg_resources, which newer versions of setuptools have no more: write setuptools<81"
    " into a file, and name that with --build-constraint FILE"
)
_NAMES = r"(?:[\w.]+-)*(?:g?cc|[cg]\+\+|clang(?:\+\+)?|ld|ar)(?:-\d+)?"
_RULES = tuple(
    (re.compile(pattern, re.MULTILINE), text)
    for pattern, text in (
        (r"fatal error: '?Python\.h\b", _HEADERS),
        (r"fatal error: '?([\w./+-]+\.h(?:pp)?)'?[: ]", "the header " + _PACKAGE),
        (r"can't find Rust compiler|Cargo, the Rust package manager, is not installed", _RUST),
        (
            r"(?:error: command|unable to execute) '([^'\n]+)'(?: failed)?: No such file",
            _COMPILER,
        ),
        (
            rf"^error: \[Errno 2\] No such file or directory: '((?:[^'\n]*/)?{_NAMES})'",
            _COMPILER,
        ),
        (r"Microsoft Visual C\+\+ [\d.]+ or greater is required", _ANY_COMPILER),
        (r"Unknown compiler\(s\)|No CMAKE_C(?:XX)?_COMPILER could be found", _ANY_COMPILER),
        (r"([\w-]+[_-]config) (?:executable )?(?:is )?not found", _PACKAGE),
        (
            r"^(?:ModuleNotFoundError|ImportError): No module named '?pkg_resources\b",
            _PKG_RESOURCES,
        ),
        (r"^(?:ModuleNotFoundError|ImportError): No module named '?([\w.]+)", _MODULE),
        (r"No space left on device", "free some space, or name another place with TMPDIR"),
    )
)


def advice(output: str) -> str | None:
    """Return what to do, by the end of a build's output; None where it tells of nothing that is known."""
    for pattern, text in _RULES:
        found = pattern.search(output)
        if found:
            return text.format(*(group or "" for group in found.groups()))
    return None
