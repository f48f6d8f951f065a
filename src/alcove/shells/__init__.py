"""L9: what lives in a user's shell: the function `alcove`, activation on `cd`, completion, and the way into rc files."""

from alcove.shells.code import MARK, activation_code
from alcove.shells.completion import Command, Option, Table, completion
from alcove.shells.init import SHELLS, shell_init
from alcove.shells.rc import Place, install, place
from alcove.shells.trust import Trust

__all__ = [
    "MARK",
    "SHELLS",
    "Command",
    "Option",
    "Place",
    "Table",
    "Trust",
    "activation_code",
    "completion",
    "install",
    "place",
    "shell_init",
]
