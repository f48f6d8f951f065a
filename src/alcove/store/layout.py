"""Where things lie in the store. Nothing is read here and nothing made but the directories themselves.

`<data>/store/` holds the one name `entries-v1` and nothing else: `_alcove.pth` puts it on `sys.path`, so it is
listed at every failing import. The lock and the roots lie beside it.
"""

from __future__ import annotations

from alcove.files.locking import Busy, Lock
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.events import Reporter

__all__ = [
    "ASIDE",
    "Store",
    "directory_name",
    "directory_names",
    "entry_path",
    "lock",
    "mtime_of",
    "store_at",
]

ASIDE = ".tmp-"  # how the names of directories begin that are being built or removed
_EPOCH = 978_307_200  # 2001-01-01 UTC, in seconds since 1970
_SHORT, _LONG = 10, 20  # hex digits of the wheel's sha256 in an entry's name


class Store(NamedTuple):
    """The places of one store, all absolute.

    `root`: `<data>` (of a private environment: its `.alcove`); `linked`: what an environment's `.alcove/store` leads
    to; `entries`: the entries; `roots`: one file an environment; `lock`: held shared by whoever adds or uses
    entries, exclusively by `collect`.
    """

    root: str
    linked: str
    entries: str
    roots: str
    lock: str


def store_at(root: str) -> Store:
    """Return the store below the directory `root` (absolute), which need not be there yet."""
    return Store(
        root,
        f"{root}/store",
        f"{root}/store/entries-v1",
        f"{root}/roots",
        f"{root}/store.lock",
    )


def directory_name(project: str, version: str, sha256: str, *, long: bool = False) -> str:
    """Return the name of an entry's directory.

    `project` is normalised (PEP 503), `version` in normal form (PEP 440), `sha256` the wheel's in hex; `long`
    gives the name of the second of two wheels whose first ten digits are the same.
    """
    digits = sha256[: _LONG if long else _SHORT]
    return f"{project.replace('-', '_')}-{version}-{digits}"


def directory_names(project: str, version: str, sha256: str) -> tuple[str, str]:
    """Return the names that the entry of a wheel may have, the ordinary one first; as `directory_name`."""
    return (
        directory_name(project, version, sha256),
        directory_name(project, version, sha256, long=True),
    )


def entry_path(store: Store, directory: str) -> str:
    """Return the absolute path of the entry called `directory`."""
    return f"{store.entries}/{directory}"


def mtime_of(sha256: str) -> int:
    """Return the modification time (seconds since 1970) of all files and directories of a wheel's entry.

    2001-01-01 plus the first 28 bits of the wheel's `sha256` (hex): so two versions of a module never have the
    same one, and what caches by time and size (bytecode in a prefix of its own, mypy) notices the change.
    """
    return _EPOCH + int(sha256[:7], 16)


def lock(
    store: Store,
    *,
    shared: bool,
    timeout: float = 60.0,
    needed: bool = True,
    reporter: Reporter | None = None,
) -> Lock:
    """Return the store's lock, taken (a context manager); StoreError when `timeout` seconds were not enough.

    Shared for whoever adds entries or makes an environment use them, until its root is registered. With `needed` False it
    is returned, not held, where this user can neither read its file nor make it: for who adds nothing, as what the root of
    an environment names already nobody removes. StoreError, too, where the system refuses it. The reporter is told where
    somebody is waited for.
    """
    from alcove.files import trees  # noqa: PLC0415  reading entries needs no writing
    from alcove.files.refusals import DENIED, REFUSED  # noqa: PLC0415  as above

    found = Lock(store.lock)
    try:
        trees.make_directories(store.root)
        return found.acquire(shared=shared)
    except Busy as busy:
        return _waited(found, busy, store, shared=shared, timeout=timeout, reporter=reporter)
    except OSError as error:
        if error.errno in DENIED and not needed:
            return found
        if error.errno not in REFUSED:
            raise
        from alcove.errors import StoreError  # noqa: PLC0415
        from alcove.store import refused  # noqa: PLC0415

        raise StoreError(
            f"the store {store.root} cannot be changed: {error.strerror}: {error.filename}",
            hint=refused.hint(error),
        ) from error


def _waited(
    lock: Lock, busy: Busy, store: Store, *, shared: bool, timeout: float, reporter: Reporter | None
) -> Lock:
    """Return the lock, taken once those have finished for whom `timeout` seconds may go by; StoreError."""
    from alcove.errors import StoreError  # noqa: PLC0415  most find it free
    from alcove.events import Step  # noqa: PLC0415  as above

    # Who holds it alone has signed it; those who share it have not.
    who = busy.holder if shared and busy.holder else "another process"
    said = f"the store {store.root} is in use by {who}"
    if timeout and reporter is not None:
        reporter.emit(Step("waiting", said))
    try:
        return lock.acquire(shared=shared, timeout=timeout)
    except Busy:
        raise StoreError(said, hint="try again when it has finished") from None
