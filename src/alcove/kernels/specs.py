"""`kernel.json`: what Jupyter reads of a kernel, and what says that it is one of ours.

Rule: a directory is ours where the metadata in its kernel.json says for which environment it was made; no other is changed.
"""

from __future__ import annotations

import os

from alcove.errors import AlcoveError, UsageError
from alcove.files import atomic, data, ops, trees
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

__all__ = ["Spec", "check_name", "name_from", "read", "remove", "told", "write"]

FILE = "kernel.json"
START = "start.py"  # the launcher beside it, where the environment has no ipykernel
_KEY = "alcove"  # in the metadata: what is ours


class Spec(NamedTuple):
    """One kernel of ours. `directory`, `environment` and `support` absolute.

    `support`: the environment below alcove's data that lends ipykernel, or "" where the environment has it. `made`:
    what tells the environment from another, see `subject.mark_of`. `executable`: the python that is
    started. `metadata` and `protocol`: what ipykernel says of itself, ours aside.
    """

    directory: str
    display_name: str
    environment: str
    executable: str
    support: str
    made: int
    argv: tuple[str, ...]
    metadata: Mapping[str, object] = {}
    protocol: str = ""

    @property
    def name(self) -> str:
        """The name by which Jupyter knows it."""
        return os.path.basename(self.directory)


def check_name(name: str) -> str:
    """Return `name` where Jupyter takes it for a kernel's; UsageError otherwise."""
    # jupyter_client: ASCII letters and digits, and these separators: - . _ ; its directories are compared in lower case
    if not name or name.strip("._-") == "" or not _plain(name):
        raise UsageError(
            f"{name!r} cannot be the name of a kernel",
            hint="letters, digits, and . _ - between them; --display-name takes any text",
        )
    return name.lower()


def name_from(text: str) -> str:
    """Return the name that a kernel gets from the name of an environment or a project.

    >>> name_from("My Project"), name_from("héé")
    ('my-project', 'h')
    """
    found = "".join(one if _plain(one) else "-" for one in text.lower()).strip("._-")
    while "--" in found:
        found = found.replace("--", "-")
    return found or "environment"


def _plain(text: str) -> bool:
    return text.isascii() and all(one.isalnum() or one in "._-" for one in text)


def read(directory: str) -> Spec | None:
    """Return the kernel at `directory` (absolute) where it is one of ours, else None; AlcoveError where it is torn."""
    path = os.path.join(directory, FILE)
    try:
        value = data.read(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except data.DataError as error:
        raise AlcoveError(f"{path} is not JSON: {error}", hint="remove it, or mend it") from None
    ours = _part(_part(value, "metadata"), _KEY)
    if not ours:
        return None
    argv = value.get("argv")
    texts = [ours.get("environment"), ours.get("support"), value.get("display_name")]
    if (
        not isinstance(argv, list)
        or not argv
        or not all(isinstance(one, str) for one in (*argv, *texts))
    ):
        raise AlcoveError(f"{path} is not as alcove wrote it", hint="remove its directory")
    made = ours.get("made")
    return Spec(
        directory=directory,
        display_name=value["display_name"],
        environment=ours["environment"],
        executable=argv[0],
        support=ours["support"],
        made=made if isinstance(made, int) else 0,
        argv=tuple(argv),
        metadata={key: one for key, one in value["metadata"].items() if key != _KEY},
        protocol=str(value.get("kernel_protocol_version", "")),
    )


def _part(value: object, key: str) -> dict[str, Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def told(prefix: str) -> tuple[dict[str, object], str]:
    """Return the metadata and the protocol version that the ipykernel in `prefix` (absolute) has for its kernels."""
    try:
        value = data.read(os.path.join(prefix, "share", "jupyter", "kernels", "python3", FILE))
    except (OSError, data.DataError):
        return {}, ""
    version = value.get("kernel_protocol_version") if isinstance(value, dict) else None
    return _part(value, "metadata"), version if isinstance(version, str) else ""


def write(spec: Spec, *, launcher: bytes = b"") -> None:
    """Write the kernel into its directory; Jupyter sees it with its last file, and whole.

    `launcher`: the program `start.py`, where the kernel needs one. AlcoveError where a kernel of somebody else is there.
    """
    path = os.path.join(spec.directory, FILE)
    if os.path.lexists(path) and read(spec.directory) is None:
        raise AlcoveError(
            f"{spec.directory} is a kernel that alcove did not make",
            hint="--kernel NAME gives this one another name",
        )
    trees.make_directories(spec.directory)
    start = os.path.join(spec.directory, START)
    if launcher:
        atomic.replace_file(start, launcher)
    atomic.replace_file(path, _text(spec), durable=True)
    if not launcher:
        trees.remove(start)  # of one that needed it


def remove(spec: Spec) -> list[str]:
    """Remove a kernel of ours; return the names of files that others placed in its directory, which stay."""
    for name in (FILE, START):  # first what Jupyter looks for
        trees.remove(os.path.join(spec.directory, name))
    left = sorted(os.listdir(spec.directory))
    if not left:
        ops.rmdir(spec.directory)
    return left


def _text(spec: Spec) -> bytes:
    import json  # noqa: PLC0415  people read this file, and only these commands write it

    ours = {"environment": spec.environment, "support": spec.support, "made": spec.made}
    value: dict[str, object] = {
        "argv": spec.argv,
        "display_name": spec.display_name,
        "language": "python",
        "env": _variables(spec.environment, os.path.dirname(spec.executable)),
        "metadata": {**spec.metadata, _KEY: ours},
    }
    if spec.protocol:
        value["kernel_protocol_version"] = spec.protocol
    return (json.dumps(value, indent=1) + "\n").encode()  # ASCII: any name of a file fits


def _variables(environment: str, programs: str) -> dict[str, str]:
    """Return what `!pip` in a notebook needs; Jupyter replaces `${NAME}`, and `$$` by a dollar."""
    # jupyter_client: string.Template.safe_substitute with the variables of the server
    path = programs.replace("$", "$$") + os.pathsep + "${PATH}"
    return {"VIRTUAL_ENV": environment.replace("$", "$$"), "PATH": path}
