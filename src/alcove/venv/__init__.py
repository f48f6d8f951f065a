"""`venv` as the standard library has it, making environments of alcove: change the import, and nothing else.

`python -m alcove.venv` is its command. Differences are listed in docs/how-to/from-venv.md.
"""

from alcove.venv.builder import EnvBuilder, create
from alcove.venv.command import main
from alcove.venv.running import CORE_VENV_DEPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["CORE_VENV_DEPS", "EnvBuilder", "create", "main"]


def __getattr__(name: str) -> "Any":  # no future import: its name would be one more of the module's
    """Return the modules that `venv` has as attributes, which tests of others patch; made when they are asked for."""
    if name == "logger":
        import logging

        return logging.getLogger(__name__)
    if name in {"logging", "os", "shutil", "subprocess", "sys", "sysconfig", "types"}:
        import importlib

        return importlib.import_module(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
