"""The few fields of an ELF header that say what a program runs on; a hostile file gives None, never an error."""

from __future__ import annotations

from alcove.files import reading
from alcove.records import NamedTuple

__all__ = ["Elf", "machine_of", "read"]

_MACHINES = {
    3: "i686",
    20: "ppc",
    21: "ppc64le",
    22: "s390x",
    40: "armv7l",
    62: "x86_64",
    183: "aarch64",
    243: "riscv64",
    258: "loongarch64",
}
_ARM = 40
_ARM_HARD_FLOAT = 0x05000400  # EABI version 5 and EF_ARM_ABI_FLOAT_HARD
_ARM_MASK = 0xFF000400
_PT_INTERP = 3
_LIMIT = 4096  # bytes of the longest loader path that we believe


class Elf(NamedTuple):
    """What the header says: `bits` 32 or 64, `machine` as `uname -m` spells it ("" if unknown), `interpreter` the loader's path."""

    bits: int
    machine: str
    hard_float: bool
    interpreter: str


def read(path: str) -> Elf | None:
    """Read the header of the file `path` (absolute); None where it is no ELF file or cannot be read."""
    try:
        with open(reading.opened(path), "rb") as stream:
            head = stream.read(64)
            if (
                head[:4] != b"\x7fELF"
                or len(head) < 52
                or head[4] not in (1, 2)
                or head[5] not in (1, 2)
            ):
                return None
            wide, order = head[4] == 2, "little" if head[5] == 1 else "big"

            def number(data: bytes, at: int, size: int) -> int:
                return int.from_bytes(data[at : at + size], order)  # type: ignore[arg-type]

            code = number(head, 18, 2)
            table = number(head, 32, 8) if wide else number(head, 28, 4)
            size, count = number(head, 54 if wide else 42, 2), number(head, 56 if wide else 44, 2)
            flags = number(head, 48 if wide else 36, 4)
            stream.seek(table)
            loader = ""
            for _ in range(min(count, 64)):
                row = stream.read(size)
                if number(row, 0, 4) == _PT_INTERP and len(row) >= 32:
                    at = number(row, 8, 8) if wide else number(row, 4, 4)
                    length = number(row, 32, 8) if wide else number(row, 16, 4)
                    stream.seek(at)
                    loader = (
                        stream.read(min(length, _LIMIT)).rstrip(b"\0").decode("utf-8", "replace")
                    )
                    break
    except (OSError, ValueError, OverflowError):
        return None
    machine = _MACHINES.get(code, "")
    if code == 21 and order == "big":
        machine = "ppc64"
    hard = code == _ARM and flags & _ARM_MASK == _ARM_HARD_FLOAT
    return Elf(64 if wide else 32, machine, hard, loader)


def machine_of(path: str) -> tuple[str, int]:
    """Return (machine, pointer size in bits) of a program, ("", 0) where the file does not say."""
    found = read(path)
    return (found.machine, found.bits) if found else ("", 0)
