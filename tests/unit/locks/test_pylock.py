"""pylock.toml: read, checked, selected from; and every way in which one can be wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from alcove.errors import LockError, LockUnsuitable
from alcove.events import Notice, Warned
from alcove.locks.pylock import loads, read, select
from alcove.requirements.resolution import Origin

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from alcove.events import Event
    from alcove.locks.pylock import Target
    from alcove.requirements.resolution import Pinned

A, B, C = "a" * 64, "b" * 64, "c" * 64
PATH = "/locks/pylock.toml"


class Told:
    """A reporter that keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def emit(self, event: Event, /) -> None:
        """Keep the event."""
        self.events.append(event)


HEAD = 'lock-version = "1.0"\ncreated-by = "test"\n'


def wheel(name: str, sha256: str = A, *, more: str = "") -> str:
    return f'{{ url = "https://index.example/{name}", {more}hashes = {{ sha256 = "{sha256}" }} }}'


def package(name: str, *lines: str) -> str:
    return "\n".join(["[[packages]]", f'name = "{name}"', *lines, ""])


class Pick(Protocol):
    """Read a lock and select from it."""

    def __call__(
        self,
        text: str,
        *,
        told: Told | None = None,
        extras: Sequence[str] = (),
        groups: Sequence[str] | None = None,
    ) -> tuple[Pinned, ...]:
        """Return the pins."""


@pytest.fixture
def pick(target: Target) -> Pick:
    def _pick(
        text: str,
        *,
        told: Told | None = None,
        extras: Sequence[str] = (),
        groups: Sequence[str] | None = None,
    ) -> tuple[Pinned, ...]:
        lock = loads(text.encode(), path=PATH)
        return select(lock, target, extras=extras, groups=groups, reporter=told or Told())

    return _pick


def test_the_best_wheel_is_chosen(pick: Pick) -> None:
    wheels = ", ".join(
        [
            wheel("x-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", C),
            wheel("x-1.0-py3-none-any.whl", C),
            wheel(
                "x-1.0-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
                B,
                more="size = 7, ",
            ),
        ]
    )
    (pin,) = pick(HEAD + package("x", 'version = "1.0"', f"wheels = [{wheels}]"))
    name = "x-1.0-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
    assert pin.origin == Origin("index", f"https://index.example/{name}", name, B, 7)
    assert (pin.name, pin.version, pin.requested) == ("x", "1.0", True)


def test_an_sdist_stands_in_for_wheels_that_do_not_fit(pick: Pick) -> None:
    sdist = '{ url = "https://index.example/x-1.0.tar.gz", hashes = { sha256 = "' + B + '" } }'
    wheels = f"wheels = [{wheel('x-1.0-cp311-cp311-win_amd64.whl')}]"
    (pin,) = pick(HEAD + package("x", wheels, f"sdist = {sdist}"))
    assert pin.origin.filename == "x-1.0.tar.gz"
    assert pin.version == "1.0"
    with pytest.raises(LockUnsuitable, match=r"No wheel found .*'x' at packages\[0\]") as caught:
        pick(HEAD + package("x", wheels))
    assert "Python 3.12.1 on linux x86_64" in caught.value.message
    assert caught.value.hint is not None


def test_markers_extras_and_groups_choose(pick: Pick) -> None:
    text = (
        'lock-version = "1.0"\ncreated-by = "test"\nextras = ["web"]\n'
        'dependency-groups = ["dev", "docs"]\ndefault-groups = ["dev"]\n'
        + package("base", f"wheels = [{wheel('base-1-py3-none-any.whl')}]")
        + package(
            "win",
            "marker = \"sys_platform == 'win32'\"",
            f"wheels = [{wheel('win-1-py3-none-any.whl')}]",
        )
        + package(
            "web", "marker = \"'web' in extras\"", f"wheels = [{wheel('web-1-py3-none-any.whl')}]"
        )
        + package(
            "dev",
            "marker = \"'dev' in dependency_groups\"",
            f"wheels = [{wheel('dev-1-py3-none-any.whl')}]",
        )
    )
    assert [pin.name for pin in pick(text)] == ["base", "dev"]
    assert [pin.name for pin in pick(text, extras=["Web"])] == ["base", "dev", "web"]
    assert [pin.name for pin in pick(text, groups=[])] == ["base"]
    with pytest.raises(LockUnsuitable, match="not made for the extra other") as caught:
        pick(text, extras=["other"])
    assert caught.value.hint == "it has web"
    with pytest.raises(LockUnsuitable, match="not made for the dependency group x"):
        pick(text, groups=["x"])


def test_what_is_not_for_this_interpreter_is_told(pick: Pick) -> None:
    six = package("six", f"wheels = [{wheel('six-1-py3-none-any.whl')}]")
    with pytest.raises(LockUnsuitable, match="does not satisfy the Python version"):
        pick(f'{HEAD}requires-python = ">=3.13"\n{six}')
    with pytest.raises(LockUnsuitable, match="any of the environments"):
        pick(f"{HEAD}environments = [\"sys_platform == 'win32'\"]\n{six}")
    with pytest.raises(LockUnsuitable, match=r"at packages\[0\]"):
        pick(HEAD + six + 'requires-python = "<3.8"\n')
    with pytest.raises(
        LockError, match=r"Multiple packages .* packages\[1\] and packages\[0\]"
    ) as caught:
        pick(HEAD + six + six)
    assert not isinstance(caught.value, LockUnsuitable)


def test_sources_other_than_an_index(pick: Pick) -> None:
    commit = "0" * 40
    told = Told()
    text = (
        HEAD
        + package(
            "a",
            'version = "1"',
            "archive = { url = 'https://host.example/a.zip', subdirectory = 'part', hashes = { sha256 = '"
            + A.upper()
            + "' } }",
        )
        + package("b", 'directory = { path = "b", editable = true }')
        + package("c", 'directory = { path = "../c" }')
        + package(
            "d",
            "vcs = { type = 'git', url = 'https://host.example/d', requested-revision = 'main', "
            f"commit-id = '{commit}', subdirectory = 'part' }}",
        )
        + package("e", f"archive = {{ path = 'files/e-1.whl', hashes = {{ sha256 = '{B}' }} }}")
    )
    pins = {pin.name: pin for pin in pick(text, told=told)}
    assert pins["a"].origin == Origin("url", "https://host.example/a.zip", "a.zip", A, None, "part")
    assert pins["b"].origin == Origin("editable", "file:///locks/b", "")
    assert pins["c"].origin == Origin("directory", "file:///c", "")
    assert pins["d"].origin == Origin(
        "vcs", "https://host.example/d", "", subdirectory="part", vcs=("git", "main", commit)
    )
    assert pins["d"].version == ""
    assert pins["e"].origin == Origin("file", "file:///locks/files/e-1.whl", "e-1.whl", B)
    where = f"{PATH}: packages[2].directory.path leads out of the lock's directory: /c"
    assert told.events == [Notice(where)]


def test_a_file_that_is_there_goes_before_its_url(tmp_path: Path, target: Target) -> None:
    here = 'path = "w/x-1-py3-none-any.whl", '
    both = f"wheels = [{wheel('x-1-py3-none-any.whl', more=here)}]"
    path = tmp_path / "pylock.toml"
    path.write_text(HEAD + package("x", both))
    (pin,) = select(read(str(path)), target)
    assert pin.origin.url == "https://index.example/x-1-py3-none-any.whl"
    (tmp_path / "w").mkdir()
    (tmp_path / "w/x-1-py3-none-any.whl").write_bytes(b"")
    (pin,) = select(read(str(path)), target)
    assert pin.origin.url == (tmp_path / "w/x-1-py3-none-any.whl").as_uri()
    assert pin.origin.kind == "index"


def test_our_own_locks_tell_what_was_asked_for(pick: Pick) -> None:
    text = (
        'lock-version = "1.0"\ncreated-by = "alcove"\n'
        + package(
            "a",
            f"wheels = [{wheel('a-1-py3-none-any.whl')}]",
            'dependencies = [{ name = "B" }, { name = "gone" }]',
            'tool = { alcove = { requested = true, extras = ["X_y", 1] } }',
        )
        + package("b", f"wheels = [{wheel('b-1-py3-none-any.whl')}]", "tool = { alcove = 1 }")
    )
    first, second = pick(text)
    assert (first.requested, first.extras, first.requires) == (True, ("x-y",), ("b",))
    assert (second.requested, second.extras, second.requires) == (False, (), ())


def test_a_newer_minor_version_is_told(capsys: pytest.CaptureFixture[str], target: Target) -> None:
    told = Told()
    text = 'lock-version = "1.7"\ncreated-by = "x"\npackages = []\n'
    assert select(loads(text.encode(), path=PATH, reporter=told), target) == ()
    assert isinstance(told.events[0], Warned)
    assert capsys.readouterr().err == ""


ONE = "x-1-py3-none-any.whl"


def one(url: str = f"https://index.example/{ONE}", more: str = "", digest: str = A) -> str:
    return package("x", f'wheels = [{{ url = "{url}", {more}hashes = {{ sha256 = "{digest}" }} }}]')


def vcs(more: str) -> str:
    return package("x", f"vcs = {{ {more} }}")


URL = f'url = "https://index.example/{ONE}"'
GIT = "type = 'git', url = 'https://host.example/x'"
BROKEN = [
    ("lock-version = ", "Invalid value"),
    ("x = " + "[" * 9000, "nested too deeply"),
    ('created-by = "x"\npackages = []', "lock-version: Missing required value"),
    ('lock-version = "2.0"\ncreated-by = "x"\npackages = []', "version 2.0 is not supported"),
    (HEAD, "packages: Missing required value"),
    (HEAD + "packages = 1", "packages: Unexpected type"),
    (HEAD + "packages = [1]", r"packages\[0\]: Unexpected type"),
    (HEAD + package("X"), r"packages\[0\]\.name: Name 'X' is not normalized"),
    (HEAD + package("x"), r"packages\[0\]: Exactly one of"),
    (HEAD + package("x", "marker = 'no'", f"wheels = [{{ {URL} }}]"), r"packages\[0\]\.marker"),
    (
        HEAD + package("x", f"wheels = [{{ {URL} }}]"),
        r"packages\[0\]\.wheels\[0\]\.hashes: Missing",
    ),
    (HEAD + package("y", f"wheels = [{wheel(ONE)}]"), r"packages\[0\]\.wheels\[0\]: Name in"),
    (
        HEAD + one(digest="ab"),
        r"packages\[0\]\.wheels\[0\]\.hashes\.sha256: 'ab' is not 64 hex digits",
    ),
    (HEAD + one(digest="g" * 64), "is not 64 hex digits"),
    (HEAD + one("ftp://index.example/" + ONE), r"packages\[0\]\.wheels\[0\]\.url: .* is not of"),
    (HEAD + one("javascript:" + ONE), "is not of"),
    (HEAD + one("/" + ONE), "is not of"),
    (HEAD + one("https:///" + ONE), "names no host"),
    (HEAD + one("https://-x/" + ONE), "names no host"),
    (HEAD + one("https://[x/" + ONE), "Invalid"),
    (HEAD + one("https://index.example:x/" + ONE), "no URL"),
    (HEAD + one("https://index.example/a b/" + ONE), "is no URL"),
    (HEAD + one("https://me:secret@index.example/" + ONE), "holds a user name or a password"),
    (HEAD + one("https://token@index.example/" + ONE), "holds a user name or a password"),
    (HEAD + one("file://other.example/" + ONE), "a file of another machine"),
    (HEAD + one(more="size = -1, "), r"wheels\[0\]\.size: -1 is less"),
    (HEAD + one(more="size = true, "), r"wheels\[0\]\.size: Unexpected type bool"),
    (HEAD + one(more='upload-time = "now", '), r"upload-time: Unexpected type str"),
    (
        HEAD + one(more='name = "x-1-py3-none-any/../../y.whl", '),
        "is no name of a file|Invalid wheel",
    ),
    (
        HEAD + one("https://index.example/x-1-py3-none-%2e%2e%2fany.whl"),
        "is no name of a file|Invalid wheel",
    ),
    (HEAD + one(more='path = "a\\u0000b/' + ONE + '", '), "is no path"),
    (HEAD + one(more="path = 'C:\\w\\" + ONE + "', "), "a path of another system"),
    (HEAD + package("x", 'directory = { path = "" }'), "is no path"),
    (HEAD + package("x", 'directory = { path = "a", subdirectory = "../b" }'), "leads out"),
    (HEAD + package("x", 'directory = { path = "a", subdirectory = "/b" }'), "leads out"),
    (
        HEAD
        + package(
            "x", f'archive = {{ url = "https://h.example/", hashes = {{ sha256 = "{A}" }} }}'
        ),
        "no name",
    ),
    (HEAD + vcs(f"{GIT}, commit-id = '--upload-pack=x'"), r"vcs\.commit-id: .* is no revision"),
    (HEAD + vcs(f"{GIT}, commit-id = ''"), r"vcs\.commit-id: '' is no revision"),
    (
        HEAD + vcs(f"{GIT}, commit-id = 'a', requested-revision = '-x'"),
        "requested-revision: .* is no",
    ),
    (HEAD + vcs("type = 'cvs', url = 'https://h.example/x', commit-id = 'a'"), "is not one of git"),
    (HEAD + vcs("type = 'git', url = 'ext::sh -c x', commit-id = 'a'"), r"vcs\.url: "),
    (
        HEAD + vcs("type = 'git', url = 'ssh://-oProxyCommand=x/y', commit-id = 'a'"),
        "names no host",
    ),
]


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_a_broken_lock_is_told_with_the_place(text: str, message: str, pick: Pick) -> None:
    with pytest.raises(LockError, match=message) as caught:
        pick(text)
    assert caught.value.message.startswith(PATH)
    assert "secret" not in caught.value.message


def test_without_sha256_a_file_is_not_taken(pick: Pick) -> None:
    md5 = "d" * 32
    text = HEAD + package("x", f'wheels = [{{ {URL}, hashes = {{ md5 = "{md5}" }} }}]')
    with pytest.raises(
        LockError, match=r"packages\[0\]\.wheels\[0\]\.hashes: there is no sha256, but md5"
    ):
        pick(text)


def test_a_marker_that_nobody_can_evaluate_is_told(pick: Pick) -> None:
    text = HEAD + package("x", "marker = \"extra == 'a'\"", f"wheels = [{wheel(ONE)}]")
    with pytest.raises(LockError, match="a marker cannot be evaluated"):
        pick(text)


def test_a_missing_or_huge_or_latin_lock_is_told(tmp_path: Path) -> None:
    with pytest.raises(LockError, match="No such file") as caught:
        read(str(tmp_path / "pylock.toml"))
    assert caught.value.hint == "check the path of the file"
    with pytest.raises(LockError, match="Is a directory"):
        read(str(tmp_path))
    (tmp_path / "pylock.toml").write_bytes(b'x = "\xe9"')
    with pytest.raises(LockError, match="codec"):
        read(str(tmp_path / "pylock.toml"))


REMOTE = "https://h.example/locks/pylock.toml"


def of_a_wheel(row: str) -> bytes:
    digest = f'hashes = {{ sha256 = "{A}" }}'
    name = '"x-1.0-py3-none-any.whl"'
    return (HEAD + package("x", f"wheels = [{{ name = {name}, {row}, {digest} }}]")).encode()


@pytest.mark.parametrize(
    ("row", "url"),
    [
        ('path = "w/x-1.0-py3-none-any.whl"', "https://h.example/locks/w/x-1.0-py3-none-any.whl"),
        ('path = "../x-1.0-py3-none-any.whl"', "https://h.example/x-1.0-py3-none-any.whl"),
        (
            'path = "x-1.0-py3-none-any.whl", url = "https://i.example/x-1.0-py3-none-any.whl"',
            "https://i.example/x-1.0-py3-none-any.whl",
        ),
    ],
)
def test_paths_of_a_lock_at_an_address_start_there(row: str, url: str, target: Target) -> None:
    lock = loads(of_a_wheel(row), path=REMOTE)
    assert [pin.origin.url for pin in select(lock, target)] == [url]


@pytest.mark.parametrize(
    "path",
    [
        "/etc/x-1.0-py3-none-any.whl",
        "file:///etc/x-1.0-py3-none-any.whl",
        "//other.example/x-1.0-py3-none-any.whl",
        "http://h.example/x-1.0-py3-none-any.whl",
        "https://[/x-1.0-py3-none-any.whl",
    ],
)
def test_a_lock_at_an_address_names_nothing_of_this_machine(path: str) -> None:
    with pytest.raises(LockError, match=r"packages\[0\]\.wheels\[0\]\.path: ") as caught:
        loads(of_a_wheel(f'path = "{path}"'), path=REMOTE)
    assert caught.value.hint


def test_a_lock_at_an_address_names_no_directory() -> None:
    text = HEAD + package("x", 'directory = { path = "src" }')
    with pytest.raises(LockError, match="a directory cannot be reached"):
        loads(text.encode(), path=REMOTE)


def test_a_repository_beside_a_lock_at_an_address(target: Target) -> None:
    row = f'vcs = {{ type = "git", path = "repo", commit-id = "{"a" * 40}" }}'
    (pin,) = select(loads((HEAD + package("x", row)).encode(), path=REMOTE), target)
    assert pin.origin.url == "https://h.example/locks/repo"
