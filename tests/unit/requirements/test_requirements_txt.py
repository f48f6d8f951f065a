"""Requirements files: pip's syntax, what includes what, and the place of every mistake."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any

import pytest

from alcove.errors import InvalidRequirement
from alcove.events import Event, Notice, Warned
from alcove.requirements.controls import Releases, merged
from alcove.requirements.requirements_txt import RequirementsFile, read

SHA256 = "0123456789abcdef" * 4
SHA512 = "0123456789abcdef" * 8


class Listening:
    """A reporter that keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def emit(self, event: Event, /) -> None:
        """Keep one event."""
        self.events.append(event)


def refuse(url: str) -> bytes:
    pytest.fail(f"{url} is fetched")


class Files:
    """A directory of requirements files."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, content: str | bytes, name: str = "r.txt") -> None:
        """Make one file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def read(
        self, content: str | bytes | None = None, name: str = "r.txt", **options: Any
    ) -> RequirementsFile:
        """Read one file, made before where its content is given."""
        if content is not None:
            self.write(content, name)
        options = {"fetch": refuse, "environ": {}, **options}
        return read(name, directory=str(self.root), **options)

    def fails(self, content: str | bytes, **options: Any) -> InvalidRequirement:
        """Read a file that is wrong."""
        with pytest.raises(InvalidRequirement) as caught:
            self.read(content, **options)
        return caught.value


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def texts(result: RequirementsFile) -> list[str]:
    return [one.text for one in result.asked]


def test_names_comments_and_blank_lines(files: Files) -> None:
    result = files.read("flask  # b\n\n# x\n   # y\n\tdjango ; python_version>'3' #d\r\n")
    assert texts(result) == ["flask", "django ; python_version>'3'"]


def test_a_hash_sign_without_a_blank_is_no_comment(files: Files) -> None:
    assert texts(files.read("https://x.example/a.zip#egg=a #c")) == [
        "https://x.example/a.zip#egg=a"
    ]
    assert files.fails("six#c").message.startswith("r.txt:1:4: ")


def test_origins_are_file_line_and_column(files: Files) -> None:
    result = files.read("flask\n\n   django\nfla\\\nsk2\n")
    assert [(one.name, one.origin) for one in result.asked] == [
        ("flask", "r.txt:1:1"),
        ("django", "r.txt:3:4"),
        ("flask2", "r.txt:4:1"),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a\\\nb", ["ab"]),
        ("a \\\n  >=1 \\\n  ,<2", ["a   >=1   ,<2"]),
        ("a\\", ["a"]),
        ("\\a\\\n", ["a"]),
        ("a \\\n# comment\nb", ["a", "b"]),
        ("a # comment \\\nb", ["a"]),
        ("a \\\n\nb", ["a", "b"]),
        ("a\rb\x0bc", ["a", "b", "c"]),
    ],
)
def test_continuation_lines(files: Files, content: str, expected: list[str]) -> None:
    assert texts(files.read(content)) == expected


def test_variables(files: Files) -> None:
    result = files.read("${A}\nb${B_2}\nc==1.${A}", environ={"A": "1a", "B_2": "2"})
    assert texts(result) == ["1a", "b2", "c==1.1a"]
    assert result.variables == ("A", "B_2", "A")
    url = files.read(
        "-i https://${USER}:${PASSWORD}@x.example/", environ={"USER": "u", "EMPTY": ""}
    ).index_url
    assert url == "https://u:${PASSWORD}@x.example/", "what is not set stays, as in pip"


def test_places_behind_variables_and_joins(files: Files) -> None:
    assert files.fails("a\n${LONG_NAME} ==x\\\n=y", environ={"LONG_NAME": "b"}).message.startswith(
        "r.txt:2:"
    )
    assert files.fails("aaa \\\n  --hash=md5:00").message.startswith("r.txt:2:3: ")
    assert files.fails("${A} --hash=md5:00", environ={"A": "much-longer"}).message.startswith(
        "r.txt:1:6: "
    )


def test_a_variable_cannot_make_a_line_endless(files: Files) -> None:
    assert "characters long" in files.fails("${A}" * 400, environ={"A": "x" * 10_000}).message


def test_requirements_have_hashes_and_settings(files: Files) -> None:
    result = files.read(
        f"a==1 --hash=sha256:{SHA256.upper()} \\\n --hash 'sha512:{SHA512}'\n"
        "b --config-settings=x=1 -C x=2 --config-settings '--opt=--foo bar'\n"
    )
    assert result.asked[0].hashes == (f"sha256:{SHA256}", f"sha512:{SHA512}")
    assert result.asked[1].config_settings == (("x", "1"), ("x", "2"), ("--opt", "--foo bar"))


def test_all_options(files: Files) -> None:
    (files.root / "wheels").mkdir()
    result = files.read(
        "--index-url https://one.example/\n-i https://two.example/ --extra-index-url=https://three.example/\n"
        "-f wheels\n--find-links elsewhere\n--find-links https://x.example/links\n--trusted-host x.example\n"
        "--pre\n--prefer-binary\n--require-hashes\n--no-binary a,b\n--only-binary=:all:\n--use-feature fast-deps\n"
        "--only-final c\n--all-releases c\n"
    )
    assert result == RequirementsFile(
        index_url="https://two.example/",
        extra_index_urls=("https://three.example/",),
        find_links=(str(files.root / "wheels"), "elsewhere", "https://x.example/links"),
        trusted_hosts=("x.example",),
        pre=True,
        prefer_binary=True,
        require_hashes=True,
        formats=((True, "a,b"), (False, ":all:")),
        releases=((True, ":all:"), (False, "c"), (True, "c")),
        use_features=("fast-deps",),
        files=(str(files.root / "r.txt"),),
    )


def test_an_index_replaces_the_extra_ones_before_it(files: Files) -> None:
    result = files.read("--extra-index-url https://a.example\n-i https://b.example\n")
    assert (result.index_url, result.extra_index_urls) == ("https://b.example", ())


def test_no_index_wins(files: Files) -> None:
    result = files.read(
        "-i https://b.example\n--no-index\n-i https://c.example\n--extra-index-url https://d.example\n"
    )
    assert (result.no_index, result.index_url, result.extra_index_urls) == (True, None, ())


@pytest.mark.parametrize(
    ("content", "field", "value"),
    [
        ("--extra https://a.example", "extra_index_urls", ("https://a.example",)),
        ("--prefer", "prefer_binary", True),
        ("--pypi-url=https://a.example", "index_url", "https://a.example"),
        ("-ihttps://a.example", "index_url", "https://a.example"),
        ("--find-links 'a b'", "find_links", ("a b",)),
        ("--no-require-hashes", "require_hashes", False),
    ],
)
def test_options_as_optparse_reads_them(
    files: Files, content: str, field: str, value: object
) -> None:
    assert getattr(files.read(content), field) == value


def test_files_include_files(files: Files) -> None:
    files.write("-r more/two.txt\na\n", "one.txt")
    files.write("-c limits.txt\nb\n-r../three.txt", "more/two.txt")
    files.write("c<2\n", "more/limits.txt")
    files.write("d", "three.txt")
    result = files.read(name="one.txt")
    assert texts(result) == ["b", "d", "a"]
    assert [(one.text, one.origin) for one in result.constraints] == [
        ("c<2", "more/limits.txt:1:1")
    ]
    assert [Path(path).name for path in result.files] == [
        "one.txt",
        "two.txt",
        "limits.txt",
        "three.txt",
    ]


def test_a_file_may_be_included_twice_and_is_read_once(files: Files) -> None:
    files.write("-r b.txt\n-r c.txt", "a.txt")
    files.write("-r d.txt\nb", "b.txt")
    files.write("-r d.txt\nc", "c.txt")
    files.write("d", "d.txt")
    assert texts(files.read(name="a.txt")) == ["d", "b", "c"]


def test_a_cycle_is_named(files: Files) -> None:
    files.write("x\n-r b.txt", "a.txt")
    files.write("y\n  -r a.txt", "b.txt")
    with pytest.raises(
        InvalidRequirement,
        match=r"^b\.txt:2:3: the file includes itself: .*a\.txt -> .*b\.txt -> .*a\.txt$",
    ):
        files.read(name="a.txt")


def test_a_chain_without_end(files: Files) -> None:
    for number in range(80):
        files.write(f"-r {number + 1}.txt", f"{number}.txt")
    with pytest.raises(InvalidRequirement, match="more than 64 files"):
        files.read(name="0.txt")


def test_urls_as_file_names(files: Files) -> None:
    pages = {
        "https://x.example/dir/r.txt": b"a\n-r sub/s.txt\n-c https://y.example/c.txt",
        "https://x.example/dir/sub/s.txt": b"b\n",
        "https://y.example/c.txt": b"c<1\n",
    }
    result = files.read(name="https://x.example/dir/r.txt", fetch=pages.__getitem__)
    assert texts(result) == ["a", "b"]
    assert [one.origin for one in result.asked] == [
        "https://x.example/dir/r.txt:1:1",
        "https://x.example/dir/sub/s.txt:1:1",
    ]
    assert result.files == tuple(pages)


def test_file_urls_are_read_here(files: Files) -> None:
    files.write("a", "s p.txt")
    assert texts(files.read(f"-r file://{files.root}/s%20p.txt")) == ["a"]


def test_constraints(files: Files) -> None:
    result = files.read(
        "a<2\nb @ https://x.example/b.zip",
        constraint=True,
    )
    assert [one.name for one in result.constraints] == ["a", "b"]
    assert result.asked == ()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("a[x]", "it has extras"),
        ("https://x.example/b.zip", "it has no name"),
        ("-e git+https://x.example/a#egg=a", "it is editable"),
    ],
)
def test_what_cannot_be_a_constraint(files: Files, content: str, why: str) -> None:
    error = files.fails("b<1\n" + content, constraint=True)
    assert error.message.startswith("r.txt:2:")
    assert why in error.message
    assert error.hint


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (codecs.BOM_UTF8 + b"a", ["a"]),
        (codecs.BOM_UTF16_LE + "a>=1\nb".encode("utf-16-le"), ["a>=1", "b"]),
        (codecs.BOM_UTF16_BE + "a".encode("utf-16-be"), ["a"]),
        (codecs.BOM_UTF32_LE + "a".encode("utf-32-le"), ["a"]),
        (codecs.BOM_UTF32_BE + "a".encode("utf-32-be"), ["a"]),
        ("# -*- coding: latin-1 -*-\na # é".encode("latin-1"), ["a"]),
        ("# x\n# vim: set fileencoding=cp1252 :\na # €".encode("cp1252"), ["a"]),
        ("a # é".encode(), ["a"]),
        (b"", []),
    ],
)
def test_encodings(files: Files, data: bytes, expected: list[str]) -> None:
    assert texts(files.read(data)) == expected


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("a\nbé".encode("latin-1"), "r.txt:2:2: the byte 0xe9 is not utf-8"),
        (b"# coding: nonsense\na", "r.txt:1:1: 'nonsense' is not the name of an encoding"),
        (b"# coding: rot13\na", "r.txt:1:1: 'rot13' is not the name of an encoding"),
        (codecs.BOM_UTF16_LE + b"a", "r.txt:1:1: the byte 0x61 is not utf-16-le"),
    ],
)
def test_bytes_that_are_no_text(files: Files, data: bytes, message: str) -> None:
    error = files.fails(data)
    assert error.message == message
    assert error.hint


@pytest.mark.parametrize(
    ("content", "where", "why"),
    [
        ("a\n  b c", "r.txt:2:5", "cannot read the requirement 'b c'"),
        ("a\nbbb>=1, \\\n  <2, \\\n   x", "r.txt:4:4", "cannot read the requirement"),
        ("a --nonsense", "r.txt:1:3", "there is no option --nonsense"),
        ("-x", "r.txt:1:1", "there is no option -x"),
        ("a\n\n  -r", "r.txt:3:3", "needs a value"),
        ("--p x", "r.txt:1:1", "--p may be --index-url, --pre, --prefer-binary"),
        ("--pre=1", "r.txt:1:1", "--pre takes no value"),
        ("-r 'a", "r.txt:1:1", "a quotation mark is not closed"),
        ("a --hash", "r.txt:1:3", "--hash needs a value"),
        ("a --hash=sha256", "r.txt:1:3", "--hash needs ALGORITHM:DIGEST"),
        ("a --hash=md5:00", "r.txt:1:3", "--hash does not take 'md5'"),
        (f"a --hash=sha256:{SHA256} --hash=sha256:zz", "r.txt:1:82", "has 64 hex digits"),
        ("a -C x", "r.txt:1:3", "--config-settings needs KEY=VALUE"),
        ("--no-binary -r", "r.txt:1:1", "--no-binary needs names"),
        ("-e missing", "r.txt:1:4", "neither a directory nor a repository"),
        ("a\n-e ./missing", "r.txt:2:4", "there is no directory"),
        ("a\n  -r missing.txt", "r.txt:2:3", "the requirements file missing.txt: No such file"),
        ("-r .", "r.txt:1:1: cannot read the requirements file", "directory"),
        ('-r "a\0b"', "r.txt:1:1: cannot read the requirements file", "null byte"),
        ("-r file://host/x", "r.txt:1:1: file://host/x", "it names the host"),
    ],
)
def test_mistakes_have_a_place(files: Files, content: str, where: str, why: str) -> None:
    error = files.fails(content)
    assert error.message.startswith(where)
    assert why in error.message


@pytest.mark.parametrize(
    ("name", "hint"), [("-", "name it /dev/stdin"), ("gone.txt", "check the path of the file")]
)
def test_a_file_that_is_not_there_is_told_with_a_way_out(
    files: Files, name: str, hint: str
) -> None:
    with pytest.raises(InvalidRequirement, match=f"file {name}: No such file") as caught:
        files.read(name=name)
    assert str(caught.value.hint).startswith(hint)


def test_what_pip_ignores_is_told(files: Files) -> None:
    reporter = Listening()
    result = files.read(
        f"a --pre\n--pre b\n--hash=sha256:{SHA256}\n",
        reporter=reporter,
    )
    assert texts(result) == ["a"]
    assert reporter.events == [
        Warned("r.txt:1:1: --pre after a requirement has no effect", "put it on a line of its own"),
        Warned("r.txt:2:1: 'b' is ignored", "one line, one requirement or option"),
        Notice("r.txt:3:1: --hash without a requirement is ignored"),
    ]


def test_a_large_file_is_refused(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alcove.requirements.requirements_txt._LARGEST", 10)
    assert "MiB" in files.fails("a" * 11).message


@pytest.mark.parametrize(
    ("given", "first", "second"),
    [
        ([(True, ":all:"), (False, "Num_py")], {":all:"}, {"num-py"}),
        ([(True, "a,b"), (True, ":none:")], set(), set()),
        ([(True, "a"), (False, "a")], set(), {"a"}),
        ([(True, "a"), (False, ":all:")], set(), {":all:"}),
        ([(False, ":all:,a,:none:,b")], set(), {"b"}),
        ([(False, "a,:all:,b")], set(), {":all:"}),
    ],
)
def test_options_that_exclude_each_other(
    given: list[tuple[bool, str]], first: set[str], second: set[str]
) -> None:
    assert merged(given) == (frozenset(first), frozenset(second))


def test_which_releases_are_allowed() -> None:
    releases = Releases(frozenset({"a", ":all:"}), frozenset({"b"}))
    assert [releases.allows(name) for name in "abc"] == [True, False, True]
    assert Releases(frozenset(), frozenset({":all:"})).allows("c") is False
    assert Releases().allows("c") is None


@pytest.mark.parametrize("name", ["two words", "it's", "a[b]", "p$H", "a --hash"])
def test_editables_as_freeze_writes_them(files: Files, name: str) -> None:
    project = files.root / name
    project.mkdir()
    (asked,) = files.read(f"-e {project}\n").asked
    assert (asked.path, asked.editable, asked.extras) == (str(project), True, ())
