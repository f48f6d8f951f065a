"""The table of hostile input: what comes from outside, and what must be said when it is refused.

Rule: one row is one input, by a name that says what is wrong with it, and the last column is a regular expression for the
message. `test_install.py` puts each row before the whole command, which must say that and change nothing; the tests of the
part that refuses it (`tests/unit/wheels/test_archive.py`, `tests/unit/builds/test_sdist.py`, ...) take the same rows.

Rows marked with a CVE are holes that other installers had.
"""

from __future__ import annotations

import gzip
import struct
import tarfile
import zlib
from typing import TYPE_CHECKING, Any

from alcove.testing.wheels import Member, Parts, record_hash

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "ADDRESSES",
    "ARCHIVES",
    "BUILDS",
    "BUILD_WHEEL",
    "BYTES",
    "DOWNLOADS",
    "HANGS",
    "OTHERS",
    "PAGES",
    "SDISTS",
    "SIDECARS",
    "WHEELS",
]

INFO = "x-1.0.dist-info"
METADATA = "Metadata-Version: 2.1\nName: x\nVersion: 1.0\n"


def listed(name: str, content: str = "") -> Parts:
    """Return a wheel with one more file, which RECORD lists."""
    return {"files": {"x/__init__.py": "", name: content}}


def unlisted(name: str, mode: int = 0o100644) -> Parts:
    """Return a wheel with a member of which RECORD says nothing."""
    return {"unrecorded": [Member(name, b"evil", mode)]}


# -- wheels whose archive is sound: what `alcove.testing.wheels.wheel("x", **parts)` makes --------------------------------

WHEELS: dict[str, tuple[Parts, str]] = {
    # names
    "absolute": (listed("/evil"), "'/evil' is not a plain relative path"),
    "parent": (listed("../evil"), "'../evil' is not a plain relative path"),
    "parent inside": (listed("x/../../evil"), "is not a plain relative path"),
    # CVE-2026-1703: "site-packages-evil" begins with the name of the directory
    "sibling that begins alike": (listed("../site-packages-evil/x.py"), "is not a plain relative"),
    "backslash": (listed("x\\..\\evil"), "holds a backslash"),
    "drive": (listed("C:evil"), "begins with a drive"),
    "control character": (listed("x/\x1b[2J"), "holds a control character"),
    "case": (listed("X/__INIT__.py"), "are one file on some systems"),
    "normal form": (
        {"files": {"x/\u00e9.py": "", "x/e\u0301.py": ""}},
        "are one file on some systems",
    ),
    "file and directory": (listed("x/__init__.py/y"), "is a file and a directory"),
    "two schemes, one place": (
        {"other_data": {"platlib/x/__init__.py": "other"}},
        "are one file on some systems",
    ),
    "our path file": (listed("_alcove.pth"), "would change what an installer writes"),
    "our guard": (listed("x/.alcove-shared"), "would change what an installer writes"),
    # links and special files
    "symbolic link": ({"modes": {"x/__init__.py": 0o120777}}, "is a link or another special file"),
    "device": ({"modes": {"x/__init__.py": 0o060644}}, "is a link or another special file"),
    # RECORD
    "unlisted member": (unlisted("x/evil.py"), "'x/evil.py' is not listed in RECORD"),
    "missing member": ({"without": ["x/__init__.py"]}, "RECORD lists .*, which is not there"),
    "duplicate": ({"unrecorded": [Member("x/__init__.py", b"evil")]}, "stands in it twice"),
    "no hash": (
        {"record_rows": lambda rows: [[row[0], "", ""] for row in rows]},
        "is none of sha256, sha384 and sha512",
    ),
    "md5": (
        {
            "record_rows": lambda rows: [
                [row[0], row[1] and "md5=rL0Y20zC-Fzt72VPzMSk2A", row[2]] for row in rows
            ]
        },
        "is none of sha256, sha384 and sha512",
    ),
    "size": (
        {"record_rows": lambda rows: [[*row[:2], row[2] and "7777"] for row in rows]},
        "the size of .* is not RECORD's",
    ),
    "hash": (
        {
            "record_rows": lambda rows: [
                [row[0], row[1] and record_hash(b"?"), row[2]] for row in rows
            ]
        },
        "hash",
    ),
    "listed twice": (
        {"record_rows": lambda rows: [[rows[0][0], record_hash(b"?"), "1"], *rows]},
        "RECORD names .* twice",
    ),
    "RECORD that climbs": (
        {"record_rows": lambda rows: [*rows, ["../../../bin/python", "", ""]]},
        "RECORD",
    ),
    "RECORD of bytes": ({"record": b"\xff\xfe\0"}, "RECORD"),
    "no RECORD": ({"without": [f"{INFO}/RECORD"]}, "RECORD is missing"),
    # metadata
    "two dist-info directories": (
        listed("y-1.0.dist-info/METADATA"),
        "has 2 dist-info directories, not one",
    ),
    "another data": (listed("y-1.0.data/scripts/y"), "y-1.0.data is not named as the wheel is"),
    "no METADATA": ({"without": [f"{INFO}/METADATA"]}, "METADATA is missing"),
    "no WHEEL": ({"without": [f"{INFO}/WHEEL"]}, "WHEEL is missing"),
    "empty METADATA": ({"metadata": ""}, "METADATA: no line 'Name'"),
    "another name": (
        {"metadata": METADATA.replace("Name: x", "Name: y")},
        "says in its METADATA that it is y 1.0",
    ),
    "another version": (
        {"metadata": METADATA.replace("1.0", "1.1")},
        "says in its METADATA that it is x 1.1",
    ),
    "another dist-info name": ({"dist_info_name": "y-1.0.dist-info"}, "is not named as the wheel"),
    "another dist-info version": ({"dist_info_name": "x-1.1.dist-info"}, "not named as the wheel"),
    "another file name": ({"filename": "y-1.0-py3-none-any.whl"}, "is not named as the wheel is"),
    "format 2": (
        {"wheel_file": "Wheel-Version: 2.0\nRoot-Is-Purelib: true\n"},
        "is of wheel format 2.0, and only 1 is known",
    ),
    "a RECORD of the prepared kind": (
        {"dist_info": {"RECORD.requested": ""}},
        "is an installer's to write",
    ),
    "an INSTALLER in another case": (
        {"dist_info": {"Installer": ""}},
        "is an installer's to write",
    ),
    # schemes
    "unknown scheme": ({"other_data": {"stdlib/os.py": ""}}, "belongs to no install scheme"),
    "data without scheme": ({"other_data": {"x": ""}}, "belongs to no install scheme"),
    "data pyvenv.cfg": ({"data": {"pyvenv.cfg": ""}}, "would change the environment itself"),
    "data .alcove": ({"data": {".alcove/current": ""}}, "would change the environment itself"),
    "data bin/python": ({"data": {"bin/python": ""}}, "would change the environment itself"),
    "data site-packages": (
        {"data": {"lib/python3.11/site-packages/os.py": ""}},
        "past the wheel's own lists",
    ),
    # programs: CVE-2026-8643 is the first
    "entry point elsewhere": (
        {"entry_points": {"../../x": "x:main"}},
        "entry_points.txt: the name '../../x' is not a plain relative path",
    ),
    "entry point below": ({"entry_points": {"sub/x": "x:main"}}, "entry_points.txt: .*sub/x"),
    "entry point with a backslash": ({"entry_points": {"..\\x": "x:main"}}, "entry_points.txt"),
    "entry point python": (
        {"entry_points": {"python": "x:main"}},
        "'python' would take the place of one of the environment's own",
    ),
    "entry point pip": ({"entry_points": {"pip": "x:main"}}, "'pip' would take the place"),
    "entry point code": (
        {"entry_points": {"x": "x:main()#"}},
        r"'x' is no MODULE:ATTRIBUTE but 'x:main\(\)#'",
    ),
    "entry point statement": (
        {"entry_points": {"x": "x:main;import os"}},
        "'x' is no MODULE:ATTRIBUTE but 'x:main;import os'",
    ),
    "entry point module": ({"entry_points": {"x": "x\u2028import os:main"}}, "no MODULE:ATTRIBUTE"),
    "script python": ({"scripts": {"python3": ""}}, "'python3' would take the place of one"),
    "script activate": ({"scripts": {"activate": ""}}, "'activate' would take the place of one"),
    "script below": ({"scripts": {"sub/x": ""}}, "'sub/x' cannot be the name of a script"),
}


# -- archives that two readers read differently: the bytes of a good wheel, changed (CVE-2025-54368) ----------------------


def name_changed(old: bytes, new: bytes, *, first: bool) -> Callable[[bytes], bytes]:
    """Change a name in the local header alone, or in the central directory alone."""

    def patch(data: bytes) -> bytes:
        place = data.index(old) if first else data.rindex(old)
        return data[:place] + new + data[place + len(old) :]

    return patch


def end_changed(offset: int, form: str, change: int) -> Callable[[bytes], bytes]:
    """Add `change` to a field of the end record."""

    def patch(data: bytes) -> bytes:
        place = len(data) - 22 + offset
        (value,) = struct.unpack_from(form, data, place)
        field = struct.pack(form, value + change)
        return data[:place] + field + data[place + len(field) :]

    return patch


def header_changed(offset: int, form: str) -> Callable[[bytes], bytes]:
    """Flip a bit of a field of the first local header."""

    def patch(data: bytes) -> bytes:
        value = struct.unpack_from(form, data, offset)[0] ^ 2
        return data[:offset] + struct.pack(form, value) + data[offset + struct.calcsize(form) :]

    return patch


def member_inserted(data: bytes) -> bytes:
    """Put bytes between the last member and the directory, which is moved for it."""
    start = struct.unpack_from("<L", data, len(data) - 6)[0]
    end = data[-22:-6] + struct.pack("<L", start + 9) + data[-2:]
    return data[:start] + b"PK\3\4evil!" + data[start:-22] + end


def encrypted(data: bytes) -> bytes:
    """Say of the first member, in both its headers, that it is encrypted."""
    central = data.index(b"PK\1\2")
    changed = bytearray(data)
    changed[6] |= 1
    changed[central + 8] |= 1
    return bytes(changed)


NO_ZIP = "is no ZIP archive, is cut off, or something follows its end record"
BETWEEN = "something stands between its directory and its end record"
END = "its end record cannot be right"
DIFFER = "has two headers that differ"

ARCHIVES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", "is no ZIP archive, or is cut off"),
    "no archive": (lambda _: b"not a zip " * 20, NO_ZIP),
    "cut off": (lambda data: data[:-30], NO_ZIP),
    "cut in two": (lambda data: data[: len(data) // 2], NO_ZIP),
    "something before": (lambda data: b"#!/bin/sh\n" + data, BETWEEN),
    "something behind": (lambda data: data + b"x", NO_ZIP),
    "two archives": (lambda data: data + data, BETWEEN),
    "a comment": (lambda data: data[:-2] + b"\x05\0hello", NO_ZIP),
    "a second end record": (lambda data: data + data[-22:], BETWEEN),
    "local name": (name_changed(b"x/__init__.py", b"x/__evil__.py", first=True), DIFFER),
    "central name": (name_changed(b"x/__init__.py", b"x/__evil__.py", first=False), DIFFER),
    "local flags": (header_changed(6, "<H"), "flags|differ"),
    "local method": (header_changed(8, "<H"), DIFFER),
    "local CRC": (header_changed(14, "<L"), DIFFER),
    "local size": (header_changed(22, "<L"), DIFFER),
    "NUL in both names": (
        lambda data: data.replace(b"x/__init__.py", b"x/__init__.p\0"),
        "a member's name is empty or holds a NUL",
    ),
    "count too small": (end_changed(10, "<H", -1), END),
    "counts too small": (
        lambda data: end_changed(8, "<H", -1)(end_changed(10, "<H", -1)(data)),
        "its directory has more in it than its end record says",
    ),
    "count too large": (end_changed(10, "<H", 1), END),
    "directory elsewhere": (end_changed(16, "<L", -1), BETWEEN),
    "directory shorter": (end_changed(12, "<L", -1), BETWEEN),
    "bytes between": (member_inserted, "something stands between its members and its directory"),
    "other disk": (end_changed(4, "<H", 1), END),
    "encrypted": (encrypted, "encrypted"),
}


# -- sdists: rows of a tar (name, bytes, attributes of TarInfo); CVE-2025-8869 is the links -------------------------------

Rows = list[tuple[str, bytes, dict[str, object]]]


def link(
    name: str, target: str, kind: bytes = tarfile.SYMTYPE
) -> tuple[str, bytes, dict[str, object]]:
    """Return the row of a link."""
    return (name, b"", {"type": kind, "linkname": target})


SDISTS: dict[str, tuple[Rows, str]] = {
    "parent inside": ([("demo-1.0/../../evil", b"", {})], "leaves its directory"),
    "parent": ([("../evil", b"", {})], "leaves its directory"),
    "absolute": ([("/tmp/evil", b"", {})], "absolute path"),  # noqa: S108  a name in an archive
    "drive": ([("C:/evil", b"", {})], "absolute path"),
    "backslash": ([("demo-1.0\\..\\evil", b"", {})], "another system"),
    "line break": ([("demo-1.0/a\nb", b"", {})], "no proper name"),
    "no name": ([("./", b"", {})], "no file name"),
    "link out": ([link("demo-1.0/out", "../../..")], "leaves the archive"),
    "link to a file outside": (
        [link("demo-1.0/out", "../../../etc/passwd")],
        "leaves the archive",
    ),
    "link out from below": (
        [("demo-1.0/d/f", b"", {}), link("demo-1.0/d/out", "../../../evil")],
        "leaves the archive",
    ),
    "absolute link": ([link("demo-1.0/out", "/etc")], "is a link to '/etc'"),
    "empty link": ([link("demo-1.0/out", "")], "is a link to ''"),
    "link to itself": ([link("demo-1.0/out", "out")], "is a link to 'out'"),
    "member behind a link": (
        [link("demo-1.0/d", "."), ("demo-1.0/d/evil", b"", {})],
        "behind a symlink",
    ),
    "link through a link": (
        [link("demo-1.0/d", "x"), link("demo-1.0/e", "d/../../evil")],
        "through a symlink",
    ),
    "file, then link": (
        [("demo-1.0/d", b"", {}), link("demo-1.0/d", "e")],
        "is there twice",
    ),
    "link, then file": (
        [link("demo-1.0/d", "e"), ("demo-1.0/d", b"", {})],
        "is there twice",
    ),
    "member behind a file": (
        [("demo-1.0/d", b"", {}), ("demo-1.0/d/e", b"", {})],
        "behind a file",
    ),
    "hard link to nothing": (
        [link("demo-1.0/h", "demo-1.0/missing", tarfile.LNKTYPE)],
        "no earlier file",
    ),
    "hard link out": (
        [link("demo-1.0/h", "../../etc/passwd", tarfile.LNKTYPE)],
        "leaves its directory",
    ),
    "absolute hard link": (
        [link("demo-1.0/h", "/etc/passwd", tarfile.LNKTYPE)],
        "absolute path",
    ),
    "device": (
        [("demo-1.0/null", b"", {"type": tarfile.CHRTYPE, "devmajor": 1, "devminor": 3})],
        "device or pipe",
    ),
    "pipe": ([("demo-1.0/pipe", b"", {"type": tarfile.FIFOTYPE})], "device or pipe"),
    "two trees": ([("a/x", b"", {}), ("b/x", b"", {})], "2 names at its top"),
    "nothing": ([], "nothing at its top"),
}

# Files that are no sdist at all.
BYTES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "no archive that can be read"),
    "page of an error": (b"<html>not found</html>", "no archive that can be read"),
    "packed text": (gzip.compress(b"no tar in here" * 100, mtime=0), "no archive that can be read"),
    "garbled gzip": (b"\x1f\x8b\x08\0" + b"\0" * 60, "cannot be unpacked|no archive"),
    "garbled bzip2": (b"BZh9" + b"x" * 100, "cannot be unpacked|no archive"),
    "garbled xz": (b"\xfd7zXZ\0" + b"x" * 100, "no archive"),
    "garbled ZIP": (b"PK\x03\x04" + b"x" * 100, "no archive"),
}


# -- build backends: the body of a hook, in place of the good one ---------------------------------------------------------

BUILD_WHEEL = (
    "import shutil\nreal = build_wheel\ndef build_wheel(out, settings=None, metadata=None):\n"
)

BUILDS: dict[str, tuple[str, str]] = {
    "it raises": ("    raise SystemError('no compiler')\n", "SystemError: no compiler"),
    "it exits": ("    import sys\n    sys.exit(7)\n", "in build_wheel with exit code 7"),
    "it exits with 0": ("    os._exit(0)\n", "gave no answer to build_wheel"),
    "it is killed": ("    os.kill(os.getpid(), 9)\n", "stopped by SIGKILL"),
    "it gives None": ("    return None\n", "gave None where the name of a wheel is due"),
    "it gives a list": ("    return ['x.whl']\n", "where the name of a wheel is due"),
    "it gives a path": (
        "    return os.path.join(out, real(out))\n",
        "where the name of a wheel is due",
    ),
    "it gives a way out": ("    return '../' + real(out)\n", "where the name of a wheel is due"),
    "it gives a set": ("    return {1}\n", "not JSON serializable"),
    "no such wheel": (
        "    return 'demo-1.0-py3-none-any.whl'\n",
        "there is no wheel .*, but nothing",
    ),
    "another wheel": (
        "    real(out)\n    return 'other-1.0-py3-none-any.whl'\n",
        "there is no wheel .*, but demo-1.0-py3-none-any.whl",
    ),
    "a link": (
        (
            "    os.symlink('/etc/hostname', os.path.join(out, 'demo-1.0-py3-none-any.whl'))\n"
            "    return 'demo-1.0-py3-none-any.whl'\n"
        ),
        "there is no wheel",
    ),
    "a directory": (
        (
            "    os.mkdir(os.path.join(out, 'demo-1.0-py3-none-any.whl'))\n"
            "    return 'demo-1.0-py3-none-any.whl'\n"
        ),
        "there is no wheel",
    ),
    "no zip": (
        (
            "    open(os.path.join(out, 'demo-1.0-py3-none-any.whl'), 'w').close()\n"
            "    return 'demo-1.0-py3-none-any.whl'\n"
        ),
        "it is not a ZIP archive",
    ),
    "a bad name": (
        (
            "    os.rename(os.path.join(out, real(out)), os.path.join(out, 'demo.whl'))\n"
            "    return 'demo.whl'\n"
        ),
        "is no name of a wheel",
    ),
    "a sdist": (
        "    open(os.path.join(out, 'demo-1.0.tar.gz'), 'w').close()\n    return 'demo-1.0.tar.gz'\n",
        "is no name of a wheel",
    ),
    "it writes outside": (
        "    open(os.path.join(out, '..', 'evil.txt'), 'w').close()\n    return real(out)\n",
        "it wrote outside its output directory: 'evil.txt'",
    ),
    "torn answer": (
        (
            "    import atexit, sys\n"
            "    atexit.register(lambda: open(sys.argv[2] + '/output.json', 'w').write('{\"return'))\n"
            "    return real(out)\n"
        ),
        "gave no answer to build_wheel that could be read",
    ),
    "strange answer": (
        (
            "    import atexit, sys\n"
            "    atexit.register(lambda: open(sys.argv[2] + '/output.json', 'w').write('[]'))\n"
            "    return real(out)\n"
        ),
        "gave no answer to build_wheel that could be read",
    ),
}

_STOPPED = r"was stopped in \w+: no output and no CPU time for 1 second\n"
HANGS: dict[str, tuple[str, str]] = {
    "it sleeps": ("    import time\n    print('last words')\n    time.sleep(600)\n", _STOPPED),
    "its child sleeps": (
        "    import subprocess\n    subprocess.call(['sleep', '600'], start_new_session=True)\n",
        _STOPPED,
    ),
}


# -- pages of an index: what `IndexServer.trouble` takes, and how the page's address is to be named -----------------------


def page(
    kind: str, body: bytes | Callable[[], bytes], status: int = 200, **more: str
) -> dict[str, Any]:
    """Return the answer to a request for a page: its content type, its bytes or what makes them, further headers."""
    headers = (("Content-Type", kind), *((key.replace("_", "-"), more[key]) for key in more))
    return {"status": 0 if status == 200 else status, "body": body, "headers": headers}


def unpacks_to_much() -> bytes:
    """Return gzip data that begin with 80 MiB of zeros."""
    packer = zlib.compressobj(wbits=31)
    piece = bytes(1 << 20)
    first, more = (packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + more * 79


HTML, JSON = "text/html", "application/vnd.pypi.simple.v1+json"

PAGES: dict[str, tuple[dict[str, Any], str]] = {
    "HTML that is JSON": (page(HTML, b'{"files": []}'), "says that it is HTML, and is JSON"),
    "JSON that is HTML": (page(JSON, b"<!DOCTYPE html>"), "says that it is JSON, and is HTML"),
    "JSON that is torn": (page(JSON, b'{"files": ['), "no index page in JSON"),
    "JSON of another kind": (page(JSON, b"[]"), "no list of files"),
    "JSON that is nested": (page(JSON, b"[" * 200_000), "no index page in JSON"),
    "JSON in UTF-16": (page(JSON, b"\xff\xfe{}"), "no index page in JSON"),
    "a file without address": (page(JSON, b'{"files": [{"filename": "x"}]}'), "no url"),
    "another version of the protocol": (
        page(JSON, b'{"meta": {"api-version": "2.0"}, "files": []}'),
        "version 2.0",
    ),
    "an archive": (page(HTML, b"PK\3\4\0\0"), "binary data"),
    "another content type": (page("image/png", b"<a href='x-1.0.tar.gz'>"), "image/png"),
    # It is read, as pip does, and has nothing in it.
    "50 MB": (page(HTML, lambda: b"<!-- padding -->" * (50 << 16)), "nothing meets x"),
    "100 MB": (
        page(HTML, lambda: b"<!-- padding -->" * (100 << 16)),
        "larger than 64 MB, the most",
    ),
    "packed 80 MB": (
        page(HTML, unpacks_to_much, Content_Encoding="gzip"),
        "larger than 64 MB, the most",
    ),
    "no gzip": (page(HTML, b"plain", Content_Encoding="gzip"), "is not packed as the answer says"),
    "an unknown packing": (page(HTML, b"x", Content_Encoding="sdch"), "the unknown coding 'sdch'"),
    "to a file": (page(HTML, b"", 302, Location="file:///etc/passwd"), "only http and https"),
    "to ftp": (page(HTML, b"", 302, Location="ftp://index.example/"), "only http and https"),
    "in a ring": (page(HTML, b"", 302, Location="/simple/x/"), "more than 10 redirects"),
    "to nowhere": (page(HTML, b"", 302), "redirect|Location|302"),
    "a refusal": (page(HTML, b"no", 403), "refused|403"),
    "a server's error": (page(HTML, b"no", 500), "500"),
}

# Wheels on their way: what comes in place of a good one whose hash the page gives.
DOWNLOADS: dict[str, tuple[dict[str, Any], str]] = {
    "another file": ({"body": b"PK" + b"x" * 821}, "its sha256 is .*, expected"),
    "a longer one": ({"body": b"PK" + b"x" * 4000}, "larger than the 823 bytes"),
    "nothing": ({"body": b""}, "ended after 0"),
    "a page of an error": ({"body": b"<html>please log in</html>"}, "ended after 26 of"),
    "cut short": ({"cut": 100}, "ended before all of it had come"),
    "gone": ({"status": 404}, "404"),
    "forbidden": ({"status": 403}, "403"),
    "busy": ({"status": 503}, "503"),
    "to a file": (
        {"status": 302, "headers": (("Location", "file:///etc/passwd"),)},
        "only http and https",
    ),
}

# Metadata that an index gives beside the wheel "x 1.0" (PEP 658), whose own METADATA is METADATA; the page gives their hash.
SIDECARS: dict[str, tuple[bytes, str]] = {
    "of another name": (METADATA.replace("Name: x", "Name: y").encode(), "y"),
    "of another version": (METADATA.replace("1.0", "2.0").encode(), "2.0"),
    "other requirements": ((METADATA + "Requires-Dist: evil\n").encode(), "evil"),
    "no requirements": (
        METADATA.encode(),
        "METADATA is not what the index gave for it: another Requires-Dist",
    ),
    "a page of an error": (b"<html>please log in</html>", "its metadata has no name or version"),
    "binary": (b"PK\3\4\0\xff\xfe", "its metadata has no name or version"),
}

# Requirements that name a place. CVE-2023-5752 is a revision that the VCS program takes for an option.
ADDRESSES: dict[str, tuple[str, str]] = {
    "revision that is an option": (
        "x @ git+https://index.invalid/x@--upload-pack=evil",
        "revision",
    ),
    "host that is an option": ("x @ git+ssh://-oProxyCommand=evil/x", "-oProxyCommand"),
    "mercurial option": ("x @ hg+https://index.invalid/x@--config=alias.x=!evil", "revision"),
    "subdirectory that climbs": ("x @ git+file:///nowhere#subdirectory=../..", "subdirectory"),
    "helper of git": ("x @ git+ext::sh -c evil", "x @ git"),
    "program's scheme": ("x @ javascript:evil", "javascript"),
    "file of another host": ("x @ file://index.invalid/x-1.0-py3-none-any.whl", "file://index.inv"),
    "name and address differ": ("y @ file://@INPUTS@/x-1.0-py3-none-any.whl", "x"),
    "hash of another file": (
        "x @ file://@INPUTS@/x-1.0-py3-none-any.whl#sha256=" + "0" * 64,
        "sha256",
    ),
    "weak hash": ("x @ file://@INPUTS@/x-1.0-py3-none-any.whl#md5=" + "0" * 32, "md5"),
}


# -- sdists of demo 1.0 whose backend builds something else: lines of it, and how an index's sdist and a lock are refused ---

OTHERS: dict[str, tuple[str, str]] = {
    "another project": ('FACTS["name"] = "evil"\nSTEM = "evil-1.0"\n', "evil 1.0"),
    "another version": ('FACTS["version"] = "3.0"\nSTEM = "demo-3.0"\n', "demo 3.0"),
}
