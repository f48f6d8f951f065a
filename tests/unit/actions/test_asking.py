"""What a request asks for, from all the places that it can name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alcove import index_settings, settings
from alcove.actions.asking import Asking, read
from alcove.actions.request import Request
from alcove.errors import AlcoveError, LockError
from alcove.events import Silent
from alcove.interpreters.target import Target
from alcove.requirements.controls import merged

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "plain.txt": "a\n-c limits.txt\n",
    "limits.txt": "b<2\n",
    "asking-limits.txt": "-r plain.txt\nc<3\n--index-url https://first.example\n--only-final a\n--require-hashes\n",
    "hashed.txt": "a==1 --hash=sha256:" + "0" * 64 + "\n",
    "no-hashes.txt": "--no-require-hashes\nb\n",
    "hashes.txt": "--require-hashes\n",
    "index.txt": "--index-url https://second.example\n--extra-index-url https://third.example\n",
    "formats.txt": "--only-binary x\n--no-binary x\n",
    "releases.txt": "--all-releases :all:\n--only-final a\n",
    "settings.txt": "a --config-settings=k=v\n",
    "pyproject.toml": '[project]\nname = "p"\nversion = "1"\ndependencies = ["one"]\n'
    '[dependency-groups]\ntest = ["two", {include-group = "more"}]\nmore = ["three"]\n',
    "sub/pyproject.toml": '[dependency-groups]\ndev = ["four"]\n',
    "script.py": "# /// script\n# requires-python = '>=3.9'\n# dependencies = ['five']\n# ///\n",
    "new.py": "# /// script\n# requires-python = '>=9'\n# dependencies = ['five']\n# ///\n",
    "bare.py": "print()\n",
    "pylock.toml": 'lock-version = "1.0"\ncreated-by = "x"\nextras = ["e"]\n'
    'dependency-groups = ["g"]\n[[packages]]\nname = "six"\nversion = "1"\n'
    '[[packages.wheels]]\nurl = "https://h.example/six-1-py3-none-any.whl"\n'
    f'hashes = {{sha256 = "{"a" * 64}"}}\n'
    '[[packages]]\nname = "extra"\nversion = "1"\nmarker = "\'e\' in extras"\n'
    '[[packages.wheels]]\nurl = "https://h.example/extra-1-py3-none-any.whl"\n'
    f'hashes = {{sha256 = "{"b" * 64}"}}\n'
    '[[packages]]\nname = "grouped"\nversion = "1"\nmarker = "\'g\' in dependency_groups"\n'
    '[[packages.wheels]]\nurl = "https://h.example/grouped-1-py3-none-any.whl"\n'
    f'hashes = {{sha256 = "{"c" * 64}"}}\n',
}


class Asker:
    """Asks in a directory of files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, text in FILES.items():
            path = root / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)

    def ask(self, **fields: object) -> Asking:
        """Return what a request with these fields asks for."""
        request = Request(str(self.root), "x", **fields)  # type: ignore[arg-type]
        given = settings.read({"HOME": str(self.root)}, cwd=str(self.root))
        target = Target("3.12.1", {"python_version": "3.12"}, ("py3-none-any",))
        return read(request, given, target=target, fetch=_fetch, reporter=Silent())


def _fetch(url: str) -> bytes:
    if url.partition("?")[0].endswith("pylock.toml"):
        return FILES["pylock.toml"].encode()
    return f"from-{url.rpartition('/')[2]}\n".encode()


@pytest.fixture
def asker(tmp_path: Path) -> Asker:
    return Asker(tmp_path)


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"requirements": ("x", "y>1")}, "x y"),
        ({"files": ("plain.txt",)}, "a"),
        ({"files": ("https://h.example/net",)}, "from-net"),
        ({"files": ("pyproject.toml",)}, "one"),
        ({"files": ("script.py",)}, "five"),
        ({"groups": ("test",)}, "two three"),
        ({"groups": ("sub/pyproject.toml:dev", "more")}, "four three"),
        ({"scripts": ("script.py",)}, "five"),
        ({"scripts": ("new.py",), "check_python": False}, "five"),
        ({"requirements": ("x",), "groups": ("more",), "files": ("plain.txt",)}, "x three a"),
    ],
)
def test_what_is_asked(asker: Asker, fields: dict[str, object], names: str) -> None:
    assert " ".join(one.name for one in asker.ask(**fields).asked) == names


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"groups": ("nope",)}, "there is no dependency group 'nope'"),
        ({"groups": ("gone/pyproject.toml:x",)}, "gone/pyproject.toml not found"),
        ({"scripts": ("bare.py",)}, "File does not contain 'script' metadata: 'bare.py'"),
        ({"scripts": ("gone.py",)}, "cannot read the script gone.py"),
        ({"scripts": ("new.py",)}, "requires a different Python: 3.12.1 not in '>=9'"),
        ({"files": ("gone.txt",)}, "cannot read the requirements file gone.txt"),
        ({"files": ("pylock.toml[nope]",)}, "was not made for the extra nope"),
        ({"files": ("pyproject.toml",), "pip_configured": True}, "pyproject.toml:1:1: "),
    ],
)
def test_what_cannot_be_read(asker: Asker, fields: dict[str, object], message: str) -> None:
    with pytest.raises(AlcoveError) as caught:
        asker.ask(**fields)
    assert message in caught.value.message
    assert caught.value.exit_code == 1


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"files": ("pylock.toml",)}, "six"),
        ({"files": ("pylock.toml[e]",)}, "extra six"),
        ({"files": ("https://h.example/pylock.toml",)}, "six"),
        ({"files": ("http://h.example/a/pylock.toml?token=x",)}, "six"),
        ({"groups": ("pylock.toml:g",)}, "grouped six"),
        ({"files": ("pylock.toml[e]",), "groups": ("pylock.toml:g",)}, "extra grouped six"),
    ],
)
def test_locks(asker: Asker, fields: dict[str, object], names: str) -> None:
    assert " ".join(one.name for one in asker.ask(**fields).locked) == names


def test_a_lock_by_a_file_url(asker: Asker) -> None:
    url = f"file://{asker.root}/pylock.toml"
    assert [one.name for one in asker.ask(files=(url,)).locked] == ["six"]
    with pytest.raises(LockError, match="only files of this machine"):
        asker.ask(files=("file://host/pylock.toml",))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"files": ("plain.txt",)}, False),
        ({"files": ("hashed.txt",)}, True),
        ({"files": ("plain.txt", "hashed.txt")}, True),
        ({"files": ("hashes.txt",)}, True),
        ({"files": ("hashed.txt", "no-hashes.txt")}, False),
        ({"files": ("hashed.txt",), "no_require_hashes": True}, False),
        ({"require_hashes": True}, True),
    ],
)
def test_whether_hashes_are_required(
    asker: Asker,
    fields: dict[str, object],
    expected: bool,  # noqa: FBT001
) -> None:
    assert asker.ask(**fields).hashes is expected


def test_constraints_come_from_all_sides(asker: Asker) -> None:
    found = asker.ask(files=("plain.txt",), constraints=("limits.txt",))
    assert [one.specifier for one in found.constraints] == ["<2", "<2"]


def test_settings_of_the_command_line_are_for_what_it_names(asker: Asker) -> None:
    found = asker.ask(
        requirements=("x",), files=("settings.txt",), config_settings=(("a", "b"),)
    ).asked
    assert [one.config_settings for one in found] == [(("a", "b"),), (("k", "v"),)]


def test_a_file_says_more_of_indexes_than_the_command_line(asker: Asker) -> None:
    """As in pip: its index stands for all that were named before, what it adds comes after."""
    sources = {"index-url": "https://first.example", "extra-index-url": ["https://more.example"]}
    found = asker.ask(files=("index.txt", "formats.txt"), sources=sources)
    known = index_settings.read({}, "/nowhere", layers=list(found.layers))  # type: ignore[arg-type]
    assert known.index_url == "https://second.example"
    assert known.extra_index_urls == ("https://third.example",)
    assert (known.no_binary, known.only_binary) == (("x",), ())


def test_releases_in_their_order(asker: Asker) -> None:
    found = asker.ask(files=("releases.txt",), releases=((False, "b"),))
    assert merged(found.releases) == (frozenset({":all:"}), frozenset({"a"}))


@pytest.mark.parametrize("field", ["files", "constraints"])
def test_a_lock_by_another_name_is_no_requirements_file(tmp_path: Path, field: str) -> None:
    (tmp_path / "other.toml").write_text(FILES["pylock.toml"])
    with pytest.raises(AlcoveError, match="is no requirements file") as caught:
        Asker(tmp_path).ask(**{field: ("other.toml",)})
    assert "pylock.NAME.toml" in str(caught.value.hint)


def test_what_a_file_of_constraints_says_besides(asker: Asker) -> None:
    """As in pip: what it includes by `-r` is asked for, its options count, and those of requirements files are stronger."""
    found = asker.ask(files=("index.txt",), constraints=("asking-limits.txt",))
    assert [one.text for one in found.asked] == ["a"]
    assert {one.text for one in found.constraints} == {"b<2", "c<3"}
    urls = [layer["only-index-url"] for layer in found.layers if "only-index-url" in layer]
    assert urls == ["https://first.example", "https://second.example"]
    assert found.releases == ((False, "a"),)
    assert found.hashes
