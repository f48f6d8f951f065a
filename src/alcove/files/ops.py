"""The file operations that change something, each a name that a test can stand in for.

Rule: whatever alcove changes on disk, it changes through `ops.NAME(...)`, looked up on this module at each call.
That is what lets `tests/crash` stop a process at every single operation, and it costs nothing in between.
"""

from __future__ import annotations

import errno
import os
import sys

from alcove.files import reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "append",
    "begin",
    "chmod",
    "copy",
    "exchange",
    "fsync",
    "link",
    "mkdir",
    "rename",
    "rmdir",
    "settle",
    "spread",
    "stream",
    "symlink",
    "syncfs",
    "truncate",
    "unlink",
    "utime",
    "write",
]

mkdir = os.mkdir
rmdir = os.rmdir
unlink = os.unlink
rename = os.replace
symlink = os.symlink
chmod = os.chmod
utime = os.utime
truncate = os.truncate

_COPY_CHUNK = 1 << 20  # bytes


def link(source: str, target: str) -> None:
    """Hard-link `target` to `source`; a symbolic link is linked itself, not what it points to."""
    os.link(source, target, follow_symlinks=False)


def write(path: str, data: bytes, mode: int = 0o666) -> None:
    """Create the file `path` (absolute) with `data`; FileExistsError where there is one already."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _CLOEXEC, mode)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)


def stream(path: str, chunks: Iterable[bytes], mode: int = 0o666) -> None:
    """Create the file `path` (absolute) from pieces; what the iterator raises leaves the file behind, in part."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _CLOEXEC, mode)
    try:
        for chunk in chunks:
            view = memoryview(chunk)
            while view:
                view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)


def append(path: str, data: bytes) -> None:
    """Add `data` to the end of the file `path` (absolute); FileNotFoundError where there is none."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | _CLOEXEC)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)


def copy(source: str, target: str) -> None:
    """Copy content, permission bits and modification time of a file to the new file `target`.

    A program that runs as its owner does so only where the copy has the same one: else it would run as who copies it.
    """
    reader = reading.opened(source)
    try:
        facts = os.fstat(reader)
        writer = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _CLOEXEC, 0o600)
        try:
            while chunk := os.read(reader, _COPY_CHUNK):
                view = memoryview(chunk)
                while view:
                    view = view[os.write(writer, view) :]
            mode = facts.st_mode & 0o7777
            if mode & 0o6000 and not _have_same_owner(facts, os.fstat(writer)):
                mode &= 0o1777
            os.chmod(writer if hasattr(os, "fchmod") else target, mode)
        finally:
            os.close(writer)
    finally:
        os.close(reader)
    os.utime(target, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def _have_same_owner(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_uid, one.st_gid) == (other.st_uid, other.st_gid)


def begin(path: str) -> None:
    """Begin to write back a file's content, without waiting; see `alcove.files.durable`."""
    descriptor = os.open(path, os.O_RDONLY | _CLOEXEC)
    try:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        else:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def settle(path: str) -> None:
    """Wait until a file's content is written back, without a commit: what is renamed later is durable only after it.

    `FS_IOC_FIEMAP` with `FIEMAP_FLAG_SYNC` waits so (Documentation/filesystems/fiemap.rst of Linux); where the platform or
    the file system has none, the file is flushed.
    """
    descriptor = os.open(path, os.O_RDONLY | _CLOEXEC)
    try:
        if not sys.platform.startswith("linux") or not _waited(descriptor):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _waited(descriptor: int) -> bool:
    from fcntl import ioctl  # noqa: PLC0415  not there on Windows

    try:
        ioctl(descriptor, _FIEMAP, _ALL_OF_IT)
    except OSError:
        return False
    return True


def spread(path: str) -> None:
    """Let the file system place each directory of the directory `path` (absolute) apart from the others.

    A hint to the allocator of ext4 (`EXT4_TOPDIR_FL`; `T` in chattr(1)), for directories that hold what is not read together:
    new files are else looked for where `path` lies, which takes long where others filled or emptied that lately. Where the
    file system knows no such hint, or the directory is not this user's, or not to be read, nothing is said and nothing changes.
    """
    if not sys.platform.startswith("linux"):
        return
    from fcntl import ioctl  # noqa: PLC0415  not there on Windows

    try:
        descriptor = os.open(path, os.O_RDONLY | _CLOEXEC)
    except OSError:
        return
    try:
        flags = bytearray(4)  # the numbers say a long, the kernel takes an int
        ioctl(descriptor, _GET_FLAGS, flags)
        said = int.from_bytes(flags, sys.byteorder)
        if not said & _TOP_DIRECTORY:
            ioctl(descriptor, _SET_FLAGS, (said | _TOP_DIRECTORY).to_bytes(4, sys.byteorder))
    except OSError:
        return
    finally:
        os.close(descriptor)


def fsync(path: str) -> None:
    """Make a file's content, or a directory's names, durable."""
    if _NO_DIRECTORY_FSYNC and os.path.isdir(path):
        return
    descriptor = os.open(path, os.O_RDONLY | _CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def exchange(left: str, right: str) -> bool:
    """Let two paths of one file system trade what they name, in one step; False where the platform cannot."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        import ctypes  # noqa: PLC0415  rare, and 10 ms

        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (ImportError, OSError, AttributeError):  # the first: of a Python built without it
        return False
    here, trade = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    if call(here, os.fsencode(left), here, os.fsencode(right), trade):
        code = ctypes.get_errno()
        if code in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
            return False
        raise OSError(code, os.strerror(code), left, None, right)
    return True


def syncfs(path: str) -> bool:
    """Make all that was written to the file system of `path` durable; False where the platform cannot.

    Of a thousand new files this takes a tenth of the time of an `fsync` each.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        import ctypes  # noqa: PLC0415  10 ms, and only who unpacks a wheel needs it

        call = ctypes.CDLL(None, use_errno=True).syncfs
    except (ImportError, OSError, AttributeError):  # as above
        return False
    descriptor = os.open(path, os.O_RDONLY | _CLOEXEC)
    try:
        if call(descriptor):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), path)
    finally:
        os.close(descriptor)
    return True


_CLOEXEC = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_FIEMAP = 0xC020660B
# struct fiemap: start, length, flags (FIEMAP_FLAG_SYNC), and no room for extents, which are only counted
_ALL_OF_IT = bytes(8) + b"\xff" * 8 + (1).to_bytes(4, sys.byteorder) + bytes(12)
# FS_IOC_GETFLAGS and FS_IOC_SETFLAGS of <linux/fs.h>, as they are on x86, ARM, RISC-V and s390; the size of a long is in them
_GET_FLAGS = 0x80086601 if sys.maxsize > 2**32 else 0x80046601
_SET_FLAGS = 0x40086602 if sys.maxsize > 2**32 else 0x40046602
_TOP_DIRECTORY = 0x00020000
_NO_DIRECTORY_FSYNC = os.name == "nt"
