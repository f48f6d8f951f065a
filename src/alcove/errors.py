"""Every error that alcove raises on purpose, in one tree.

AlcoveError
    UsageError                  the command line or a call is not of the form it takes (exit code 2)
    InvalidRequirement          a requirement, a specifier, a marker or a requirements file
    InvalidWheel                a wheel, its RECORD or its metadata breaks the rules
    FetchError
        IndexUnreachable        no answer from an index
        NoSuchDistribution      no index has the project, the version, or a file that fits
        HashMismatch            what was read is not what was asked for
    ResolutionImpossible        the requirements exclude each other
    LockError
        LockOutdated            the lock does not answer what is asked now
        LockUnsuitable          the lock has nothing for this interpreter
    StoreError
        EntryDamaged            an entry is not what its entry.json says
    BrokenEnvironment
        NotAnEnvironment        the directory is no virtual environment
        InterpreterGone         the environment's interpreter has vanished
        NewerFormat             a newer alcove wrote what is to be read
    NoSuchInterpreter           no interpreter answers the request
    InvalidArchive              an archive of an interpreter breaks the rules
    PathCollision               two distributions want one path
    TransactionError            a change could not be carried out; the state before holds
        EnvironmentBusy         somebody else is changing the environment
            PlaceTaken          somebody else is making one at the same place, or made it first
    NotAFile                    a pipe, a directory or a device stands where a file is to be read (an OSError, too)
    BuildFailed                 a build backend did not give a wheel
    NoSuchProgram               the command that was to be run is not there (exit code 127, as of a shell and env)
    NotExecutable               it is there and cannot be run (exit code 126)
    OutOfDate                   a check found a difference (exit code 3)
"""

from __future__ import annotations

__all__ = [
    "AlcoveError",
    "BrokenEnvironment",
    "BuildFailed",
    "EntryDamaged",
    "EnvironmentBusy",
    "FetchError",
    "HashMismatch",
    "IndexUnreachable",
    "InterpreterGone",
    "InvalidArchive",
    "InvalidRequirement",
    "InvalidWheel",
    "LockError",
    "LockOutdated",
    "LockUnsuitable",
    "NewerFormat",
    "NoSuchDistribution",
    "NoSuchInterpreter",
    "NoSuchProgram",
    "NotAFile",
    "NotAnEnvironment",
    "NotExecutable",
    "OutOfDate",
    "PathCollision",
    "PlaceTaken",
    "ResolutionImpossible",
    "StoreError",
    "TransactionError",
    "UsageError",
]


class AlcoveError(Exception):
    """What went wrong and where (`message`), and what to do next (`hint`; without one, what its class knows).

    >>> str(AlcoveError("no environment here", hint="alcove create"))
    'no environment here'
    """

    exit_code = 1
    advice: str | None = None

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = self.advice if hint is None else hint


class UsageError(AlcoveError):
    """The command line or a call is not of the form that it takes."""

    exit_code = 2
    advice = "correct it, or leave it out"


class InvalidRequirement(AlcoveError):
    """A requirement, a specifier, a marker or a requirements file cannot be read."""

    advice = "correct it, and try again"


class InvalidWheel(AlcoveError):
    """A wheel, its RECORD or its metadata breaks the rules of its format."""

    advice = "get the file again, or ask for another version; if it stays so, its maintainers should know"


class FetchError(AlcoveError):
    """Something could not be had from an index or an address."""

    advice = (
        "check the address; if it is right, its server, or a proxy on the way, gives a wrong answer"
    )


class IndexUnreachable(FetchError):
    """No answer from an index."""


class NoSuchDistribution(FetchError):
    """No index has the project, the version, or a file that fits the interpreter.

    `requirement`: what nothing meets, where it is one requirement, else ""; `versions`: those that there are, oldest first.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        requirement: str = "",
        versions: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, hint=hint)
        self.requirement = requirement
        self.versions = versions


class HashMismatch(FetchError):
    """The bytes that were read are not those that were asked for."""

    advice = "the file was changed on its way or at its source: try again, and do not use it if it stays so"


class ResolutionImpossible(AlcoveError):
    """The requirements exclude each other, or something that one of them needs is not to be had.

    `requirement`: what nothing meets, where it is that one alone, else ""; `versions`: those that there are, oldest first.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        requirement: str = "",
        versions: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message, hint=hint)
        self.requirement = requirement
        self.versions = versions


class LockError(AlcoveError):
    """A lock cannot be read or written."""

    advice = "correct it, or have the tool that wrote it write it again"


class LockOutdated(LockError):
    """The lock does not answer what is asked now."""


class LockUnsuitable(LockError):
    """The lock has nothing for this interpreter."""


class StoreError(AlcoveError):
    """The store cannot be read or written."""


class EntryDamaged(StoreError):
    """An entry of the store is not what its entry.json says."""

    advice = "alcove repair"


class BrokenEnvironment(AlcoveError):
    """An environment is not in a state to be used."""


class NotAnEnvironment(BrokenEnvironment):
    """The directory is no virtual environment."""


class InterpreterGone(BrokenEnvironment):
    """The interpreter of an environment has vanished."""

    advice = "alcove create --clear makes the environment anew with another interpreter"


class NewerFormat(BrokenEnvironment):
    """A newer alcove wrote what is to be read: it is whole, and not to be put right by this one."""

    advice = "use the newer alcove that wrote it"


class NoSuchInterpreter(AlcoveError):
    """No interpreter on this machine answers the request."""


class InvalidArchive(AlcoveError):
    """An archive of an interpreter would leave its directory, or cannot be read."""

    advice = "get the file again from where you trust it; nothing of it was put in place"


class PathCollision(AlcoveError):
    """Two distributions, or a distribution and the user, want one path."""


class TransactionError(AlcoveError):
    """A change could not be carried out; the state before it holds."""


class EnvironmentBusy(TransactionError):
    """Somebody else is changing the environment."""


class PlaceTaken(EnvironmentBusy):
    """Somebody else is making an environment at the same place, or made it first."""


class NotAFile(AlcoveError, OSError):
    """Something else stands where a file is to be read.

    An OSError, too, so that whoever goes on without a file that cannot be read goes on without this one.
    """

    advice = "move it away; what belongs to an environment alcove repair writes again"

    def __str__(self) -> str:
        """Return the message, as every AlcoveError does, also with an `errno`."""
        return self.message


class BuildFailed(AlcoveError):
    """A build backend did not give a wheel."""

    advice = "if it stays so, its maintainers should know; another version may have a wheel"


class NoSuchProgram(AlcoveError):
    """The command that was to be run is neither in the environment nor on PATH."""

    exit_code = 127
    advice = "check its name; alcove list shows what is there"


class NotExecutable(AlcoveError):
    """The command that was to be run is there, and the system does not run it."""

    exit_code = 126
    advice = "look at its mode, and at the interpreter that its first line names"


class OutOfDate(AlcoveError):
    """A check found a difference."""

    exit_code = 3
