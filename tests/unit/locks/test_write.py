"""Locks and requirements files as they are written: deterministic, and read back as what they were."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, NamedTuple

import pytest
from packaging.pylock import Pylock

from alcove.errors import LockError
from alcove.locks.exports import requirements
from alcove.locks.pylock import loads, select
from alcove.locks.write import dumps
from alcove.requirements.resolution import Origin, Pinned, Resolution

if TYPE_CHECKING:
    from alcove.locks.pylock import Target

A, B, C = "a" * 64, "b" * 64, "c" * 64
PATH = "/locks/pylock.toml"
COMMIT = "0" * 40


class Offered(NamedTuple):
    """A file of an index."""

    filename: str
    url: str
    hashes: tuple[tuple[str, str], ...]
    size: int | None = None
    upload_time: str = ""


WHEEL = Origin(
    "index",
    "https://index.example/six-1.16.0-py3-none-any.whl",
    "six-1.16.0-py3-none-any.whl",
    A,
    7,
)
SIX = Pinned("six", "1.16.0", WHEEL, requested=True)
ALL = Resolution(
    (
        SIX,
        Pinned(
            "arch", "1", Origin("url", "https://host.example/arch.zip", "arch.zip", B, 3, "part")
        ),
        Pinned("disk", "2", Origin("file", "file:///else/disk-2.tar.gz", "disk-2.tar.gz", C)),
        Pinned(
            "edit",
            "3",
            Origin("editable", "file:///locks/a%20b", "", subdirectory="part"),
            extras=("x", "y"),
        ),
        Pinned("tree", "4", Origin("directory", "file:///locks", ""), requires=("six",)),
        Pinned(
            "repo", "5", Origin("vcs", "https://host.example/r", "", vcs=("git", "main", COMMIT))
        ),
    )
)


def test_a_lock_is_read_back_as_what_was_written(target: Target) -> None:
    lock = loads(dumps(ALL, path=PATH, requires_python=">=3.8").encode(), path=PATH)
    unknown = {"edit", "tree", "repo"}  # PEP 751: a source tree has no version in a lock
    expected = [
        pin._replace(version="") if pin.name in unknown else pin
        for pin in sorted(ALL.distributions, key=lambda pin: pin.name)
    ]
    assert list(select(lock, target)) == expected


def test_the_same_resolution_gives_the_same_text() -> None:
    turned = Resolution(ALL.distributions[::-1])
    assert dumps(ALL, path=PATH) == dumps(turned, path=PATH)
    assert requirements.dumps(ALL) == requirements.dumps(turned)


def test_all_files_of_an_index_are_written() -> None:
    files = [
        Offered("six-1.16.0.zip", "https://index.example/six-1.16.0.zip", (("sha256", C),)),
        Offered(
            "six-1.16.0.tar.gz",
            "https://me:pw@index.example/six-1.16.0.tar.gz#x",
            (("sha256", B.upper()),),
        ),
        Offered(
            WHEEL.filename,
            WHEEL.url,
            (("md5", "d" * 32), ("sha256", A)),
            7,
            "2021-05-05T14:18:17.237Z",
        ),
        Offered(
            "six-1.16.0-py2-none-any.whl",
            "https://index.example/files/1",
            (("sha256", C),),
            None,
            "nonsense",
        ),
        Offered("six-1.16.0-py1-none-any.whl", "https://index.example/unhashed", ()),
    ]
    text = dumps(
        Resolution((SIX,)),
        path=PATH,
        files={"six": files},
        environments=["sys_platform == 'linux'"],
    )
    assert (
        text
        == f"""\
lock-version = "1.0"
environments = ["sys_platform == 'linux'"]
created-by = "alcove"

[[packages]]
name = "six"
version = "1.16.0"
sdist = {{ url = "https://index.example/six-1.16.0.tar.gz", hashes = {{ sha256 = "{B}" }} }}
wheels = [
    {{ name = "six-1.16.0-py2-none-any.whl", url = "https://index.example/files/1", hashes = {{ sha256 = "{C}" }} }},
    {{ upload-time = 2021-05-05T14:18:17.237000Z, url = "{WHEEL.url}", size = 7, hashes = {{ sha256 = "{A}" }} }},
]
tool = {{ alcove = {{ requested = true }} }}
"""
    )
    Pylock.from_dict(tomllib.loads(text))


def test_an_empty_resolution_is_a_lock(target: Target) -> None:
    text = dumps(Resolution(()), path=PATH)
    assert select(loads(text.encode(), path=PATH), target) == ()


def test_what_cannot_be_locked_is_told() -> None:
    unknown = SIX._replace(origin=WHEEL._replace(sha256=""))
    with pytest.raises(LockError, match=r"the sha256 of six-.* is not known"):
        dumps(Resolution((unknown,)), path=PATH)
    for commit in (None, ("git", "main", "")):
        pin = Pinned("repo", "1", Origin("vcs", "https://host.example/r", "", vcs=commit))
        with pytest.raises(LockError, match="nobody knows its commit"):
            dumps(Resolution((pin,)), path=PATH)
        with pytest.raises(LockError, match="nobody knows its commit"):
            requirements.dumps(Resolution((pin,)))
    wrong = SIX._replace(version="2")
    with pytest.raises(LockError, match=r"cannot be written: .*not consistent"):
        dumps(Resolution((wrong,)), path=PATH)


def test_requirements_without_hashes() -> None:
    assert (
        requirements.dumps(ALL)
        == f"""\
arch @ https://host.example/arch.zip#subdirectory=part
disk @ file:///else/disk-2.tar.gz
-e file:///locks/a%20b/part[x,y]
repo @ git+https://host.example/r@{COMMIT}
six==1.16.0
tree @ file:///locks
"""
    )


def test_requirements_with_hashes() -> None:
    some = Resolution(ALL.distributions[:2])
    more = Offered("six-1.16.0.tar.gz", "", (("md5", "x"), ("sha256", B)))
    assert (
        requirements.dumps(some, hashes=True, files={"six": [more]})
        == f"""\
arch @ https://host.example/arch.zip#subdirectory=part \\
    --hash=sha256:{B}
six==1.16.0 \\
    --hash=sha256:{A} \\
    --hash=sha256:{B}
"""
    )


def test_what_has_no_hash_is_told() -> None:
    for pin, message in (
        (ALL.distributions[3], "comes from an editable directory, which has no hash"),
        (ALL.distributions[4], "comes from a directory"),
        (ALL.distributions[5], "comes from version control"),
        (SIX._replace(origin=WHEEL._replace(sha256="")), "no sha256 of it is known"),
    ):
        with pytest.raises(LockError, match=message) as caught:
            requirements.dumps(Resolution((pin,)), hashes=True)
        assert caught.value.hint == "write the file without hashes"


def test_a_line_break_never_gets_into_a_requirements_file() -> None:
    pin = SIX._replace(version="1\n-e /evil")
    with pytest.raises(LockError, match="cannot be written on one line"):
        requirements.dumps(Resolution((pin,)))
