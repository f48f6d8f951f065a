"""Which environments may be activated on `cd`: asked once, and asked again when what would run has changed.

One small JSON file of the user's: {environment's real path: [digest, "yes" or "no"]}. The digest covers what
activating runs: the scripts `activate*`, the hooks of the environment and of its project, `pyvenv.cfg`, and where
`bin/python` leads. Installing a distribution changes none of these.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat

from alcove.files import data
from alcove.files.atomic import replace_file
from alcove.files.trees import make_directories
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.settings import Settings

__all__ = ["Trust", "digest", "trust_of"]

_RUN = ("activate", "deactivate", "preactivate", "postactivate", "predeactivate", "postdeactivate")
_LIMIT = 1 << 20  # bytes: no script of activation is larger


class Trust(NamedTuple):
    """The record of answers in the file `path` (absolute; it may be missing)."""

    path: str

    def answer(self, environment: str) -> bool | None:
        """Return what the user said of the environment (absolute path) as it is now; None: to be asked."""
        found = self._read().get(os.path.realpath(environment))
        if not isinstance(found, list) or len(found) != 2 or found[0] != digest(environment):
            return None
        return {"yes": True, "no": False}.get(str(found[1]))

    def remember(self, environment: str, *, trusted: bool, dry_run: bool = False) -> None:
        """Write down what the user said of the environment as it is now; OSError where that cannot be done.

        `dry_run`: only look whether what would be written can be had.
        """
        said = self._read()
        said[os.path.realpath(environment)] = [digest(environment), "yes" if trusted else "no"]
        if not dry_run:
            self._write(said)

    def forget(self, environment: str, *, dry_run: bool = False) -> bool:
        """Strike the environment from the record, so that the next `cd` asks again; tell whether it was there.

        `dry_run`: only tell.
        """
        said = self._read()
        if said.pop(os.path.realpath(environment), None) is None:
            return False
        if not dry_run:
            self._write(said)
        return True

    def _read(self) -> dict[str, object]:
        # A record that is missing or torn knows nothing: the user is asked again.
        try:
            said = data.read(self.path)
        except (FileNotFoundError, data.DataError):
            return {}
        return said if isinstance(said, dict) else {}

    def _write(self, said: dict[str, object]) -> None:
        make_directories(os.path.dirname(self.path), 0o700)
        replace_file(self.path, data.dumps(said), mode=0o600)


def trust_of(settings: Settings) -> Trust:
    """Return the record of this user."""
    return Trust(os.path.join(settings.data, "shells", "trusted.json"))


def digest(environment: str, *, bin_name: str = "bin") -> str:
    """Return a sha256 (hex) of what activating the environment (absolute path) runs; OSError where it is unreadable."""
    total = hashlib.sha256()
    environment = os.path.realpath(environment)  # the same by whichever link it is reached
    programs = os.path.join(environment, bin_name)
    scripts = sorted(name for name in os.listdir(programs) if name.lower().startswith(_RUN))
    files = [os.path.join(programs, script) for script in scripts]
    project = os.path.join(environment, ".project")
    if os.path.lexists(project):
        files.append(project)
        theirs = os.path.join(os.fsdecode(_content(project)).strip("\r\n"), ".virtualenvwrapper")
        hooks = (os.path.join(theirs, name) for name in ("postactivate", "predeactivate"))
        files += [hook for hook in hooks if os.path.lexists(hook)]
    for name in [*files, os.path.join(environment, "pyvenv.cfg")]:
        content = _content(name)
        total.update(b"%d %s %d " % (len(name), os.fsencode(name), len(content)) + content)
    total.update(os.fsencode(os.path.realpath(os.path.join(programs, "python"))))
    return total.hexdigest()


def _content(path: str) -> bytes:
    # The directory may be anybody's: a pipe would keep us waiting, and an endless file reading.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with open(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", path)
        content = stream.read(_LIMIT + 1)
    if len(content) > _LIMIT:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), path)
    return content
