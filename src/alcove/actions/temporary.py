"""`temp`: an environment that is gone when its use ends."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import partial

from alcove.actions.create import Options, create
from alcove.actions.environments import delete
from alcove.environments.layout import is_environment
from alcove.errors import AlcoveError
from alcove.files import ops, trees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.actions.create import Created
    from alcove.actions.request import Request
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["temporary"]


@contextmanager
def temporary(
    settings: Settings,
    *,
    options: Options | None = None,
    request: Request | None = None,
    dry_run: bool = False,
    reporter: Reporter | None = None,
) -> Iterator[Created]:
    """Make an environment below the user's temporary directory, and remove it at the end of the `with`.

    `dry_run`: say what it would be, as `create` does, and make nothing.
    """
    folder = settings.variables.get("TMPDIR") or "/tmp"  # noqa: S108  a directory of our own is made below
    if not os.path.isabs(folder) or not os.path.isdir(folder):
        raise AlcoveError(f"TMPDIR is {folder!r}, which is no directory", hint="unset it")
    room = f"{folder.rstrip('/')}/alcove-{os.urandom(6).hex()}"
    path = f"{room}/temp"
    make = partial(
        create,
        path,
        settings,
        options=options or Options(command="alcove temp"),
        request=request,
        reporter=reporter,
    )
    if dry_run:
        yield make(dry_run=True)
        return
    try:
        ops.mkdir(room, 0o700)
    except OSError as error:
        raise AlcoveError(
            f"{folder} takes no directory of a temporary environment: {error.strerror}",
            hint="name one in which you may write: export TMPDIR=DIR",
        ) from error
    try:
        yield make()
    finally:
        if is_environment(path):
            delete(path, settings)
        trees.remove(room)
