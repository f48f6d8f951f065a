"""What a user may get wrong, or an index may send, as data: files to lay out, words to type, what must be said.

`@WORK@`, `@DIST@` and `@INDEX@` in words and files stand for the case's directory, a directory of distributions and the
address of the index of stand-ins.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CASES", "Case"]


class Case(NamedTuple):
    """`code` is the exit code; each of `said` is a regular expression that stderr must answer.

    `files`: name → content in the case's directory ("" with a trailing slash: a directory). `environ` adds variables;
    one that is "" is removed.
    """

    name: str
    words: str
    code: int
    said: tuple[str, ...]
    files: tuple[tuple[str, str], ...] = ()
    environ: tuple[tuple[str, str], ...] = ()


def _case(
    name: str, words: str, code: int, *said: str, files: object = (), environ: object = ()
) -> Case:
    return Case(
        name,
        words,
        code,
        said,
        tuple(dict(files).items()),  # type: ignore[call-overload]
        tuple(dict(environ).items()),  # type: ignore[call-overload]
    )


_PROJECT = {"pyproject.toml": "[build-system]\nrequires = []\nbuild-backend = 'missing'\n"}

CASES = (
    # -- what is asked for is not there
    _case("version", "install itsdangerous==9", 1, "nothing meets itsdangerous==9", "2.2.0"),
    _case("project", "install no-such-thing", 1, "no project 'no-such-thing'", "spelling"),
    _case("platform", "install only-windows", 1, "only-windows 1.0 has no wheel"),
    _case("python", "install from-the-future", 1, "needs Python >=4", "alcove create -p"),
    _case("yanked", "install withdrawn", 1, "withdrawn"),
    _case("conflict", "install needs-old itsdangerous==2.2.0", 1, "needs-old", "itsdangerous"),
    _case("extra-file", "install ./no-such-file.whl", 1, "no-such-file.whl"),
    _case("uninstall", "uninstall -y no-such-thing", 1, "no-such-thing: not installed"),
    _case("copies", "create @WORK@/new --copies --symlinks", 2, "exclude each other"),
    _case("constraints", "create @WORK@/new -c @WORK@/missing.txt", 1, r"missing\.txt"),
    # -- what comes is not what was asked for
    _case(
        "hash",
        "install -r r.txt",
        1,
        "itsdangerous 2.2.0 has the sha256",
        "r.txt:1",
        files={"r.txt": "itsdangerous==2.2.0 --hash=sha256:" + "0" * 64 + "\n"},
    ),
    _case("page-hash", "install altered==1.0", 1, "altered-1.0", "sha256"),
    _case("truncated", "install cut-short", 1, "cut_short-1.0"),
    _case("truncated-path", "install @DIST@/cut_short-1.0-py3-none-any.whl", 1, "cut_short-1.0"),
    _case(
        "empty",
        "install @WORK@/x-1.0-py3-none-any.whl",
        1,
        "x-1.0",
        files={"x-1.0-py3-none-any.whl": ""},
    ),
    _case(
        "text",
        "install @WORK@/x-1.0-py3-none-any.whl",
        1,
        "x-1.0",
        files={"x-1.0-py3-none-any.whl": "hello" * 99},
    ),
    _case("wheel-name", "install @WORK@/x.whl", 1, r"x\.whl", files={"x.whl": "hello"}),
    _case("climbing", "install climbing", 1, r"\.\./", "climbing-1.0"),
    _case("wrong-record", "install wrong-record", 1, "wrong_record-1.0", "hash"),
    _case("python-script", "install takes-python", 1, "takes_python-1.0", "python"),
    _case("bad-metadata", "install bad-metadata", 1, "bad_metadata|bad-metadata"),
    _case("page-of-garbage", "install garbage-page", 1, "garbage-page"),
    _case("page-of-json", "install garbage-json", 1, "garbage-json"),
    _case("hostile-links", "install hostile-links", 1, "hostile-links"),
    # -- indexes
    _case(
        "refused",
        "install x --index-url http://127.0.0.1:1/simple",
        1,
        "http://127.0.0.1:1/",
        "network",
    ),
    _case(
        "no-host",
        "install x --index-url http://no-such-host.invalid/simple",
        1,
        "no-such-host.invalid",
    ),
    _case("scheme", "install x --index-url gopher://index.example/", 1, "gopher"),
    _case("no-index", "install x --no-index", 1, "x", "index"),
    _case("offline", "install x --offline --index-url http://127.0.0.1:1/simple", 1, "offline"),
    _case("find-links", "install x --no-index --find-links @WORK@/missing", 1, "missing"),
    _case("find-links-null", "install x --no-index --find-links file://@WORK@/a%00b", 1, "%00"),
    _case("index-null", "install x --index-url file://@WORK@/a%00b", 1, "%00"),
    _case(
        "secret", "install x --index-url http://me:hidden-word@127.0.0.1:1/simple", 1, "127.0.0.1:1"
    ),
    _case("fetched-requirements", "install -r http://127.0.0.1:1/r.txt", 1, "127.0.0.1:1/r.txt"),
    # -- requirements
    _case("requirement", "install 'flask=='", 1, "command line", "flask=="),
    _case("marker", "install 'flask; python_version'", 1, "command line", "python_version"),
    _case("line", "install -r r.txt", 1, "r.txt:3", files={"r.txt": "click\n\nflask === = 3\n"}),
    _case(
        "included-line",
        "install -r r.txt",
        1,
        "sub/s.txt:2",
        files={"r.txt": "-r sub/s.txt\n", "sub/s.txt": "click\n!!\n"},
    ),
    _case("constraint-line", "install click -c c.txt", 1, "c.txt:1", files={"c.txt": "click<>2\n"}),
    _case(
        "option-line",
        "install -r r.txt",
        1,
        "r.txt:1",
        "--nonsense",
        files={"r.txt": "--nonsense yes\n"},
    ),
    _case("no-file", "install -r r.txt", 1, "r.txt", "No such file"),
    _case("directory-as-file", "install -r d", 1, "d", files={"d/": ""}),
    _case("latin-1", "install -r r.txt", 1, "r.txt", files={"r.txt": "caf\udce9\n"}),
    _case("itself", "install -r r.txt", 1, "r.txt", files={"r.txt": "-r r.txt\n"}),
    _case("nul", "install -r r.txt", 1, "r.txt", files={"r.txt": "cl\0ick\n"}),
    _case("not-pinned", "sync r.txt", 2, "r.txt:1", "==", files={"r.txt": "click>=8\n"}),
    _case("two-pins", "sync r.txt", 1, "click", files={"r.txt": "click==8.1.7\nclick==8.0\n"}),
    _case(
        "lock-toml",
        "sync pylock.toml",
        1,
        "pylock.toml",
        files={"pylock.toml": "lock-version = \n"},
    ),
    _case(
        "lock-version",
        "sync pylock.toml",
        1,
        "pylock.toml",
        "9",
        files={"pylock.toml": 'lock-version = "9.0"\ncreated-by = "x"\npackages = []\n'},
    ),
    _case(
        "lock-keys",
        "sync pylock.toml",
        1,
        "pylock.toml",
        files={"pylock.toml": 'lock-version = "1.0"\n'},
    ),
    _case(
        "lock-python",
        "sync pylock.toml",
        1,
        "pylock.toml|requires-python",
        files={
            "pylock.toml": 'lock-version = "1.0"\ncreated-by = "x"\nrequires-python = ">=4"\npackages = []\n'
        },
    ),
    _case("lock-missing", "sync pylock.toml", 1, "pylock.toml"),
    # -- projects
    _case("no-project", "install -e .", 1, "pyproject.toml"),
    _case("no-such-project", "install -e ./missing", 1, "missing"),
    _case("project-toml", "install .", 1, "pyproject.toml", files={"pyproject.toml": "[[[\n"}),
    _case("no-backend", "install .", 1, "missing", files=_PROJECT),
    _case("build", "install breaks", 1, "breaks-1.0", "no compiler here"),
    _case(
        "sdist", "install @WORK@/x-1.0.tar.gz", 1, "x-1.0.tar.gz", files={"x-1.0.tar.gz": "hello"}
    ),
    _case("vcs", "install 'x @ git+file://@WORK@/missing'", 1, "missing"),
    # -- where
    _case(
        "no-environment",
        "list",
        1,
        "no environment is active",
        "alcove create",
        environ={"VIRTUAL_ENV": ""},
    ),
    _case(
        "not-one", "install click --env .", 1, "not a virtual environment", files={"mine.txt": "x"}
    ),
    _case("missing", "list --env nowhere", 1, "nowhere", "alcove create"),
    _case("unnamed", "list -n nobody", 1, "nobody", "alcove create -n"),
    _case("two-places", "list -n data --env .", 2, "--env and -n"),
    _case("active-gone", "list", 1, "gone", "deactivate", environ={"VIRTUAL_ENV": "@WORK@/gone"}),
    _case("undo-nothing", "rollback 99", 1, "99", "alcove history"),
    _case("redo-nothing", "redo", 1, "redo|nothing"),
    _case("diff-nobody", "diff nobody noone", 1, "nobody"),
    _case("info-nobody", "info ./nobody", 1, "nobody"),
    # -- create
    _case("on-file", "create f", 1, "f is a file", files={"f": "x"}),
    _case("on-files", "create d", 1, "left alone", files={"d/mine.txt": "x"}),
    _case("clear-files", "create --clear d", 1, "left alone", files={"d/mine.txt": "x"}),
    _case("on-environment", "create @ENV@", 1, "already", "--clear"),
    _case("below-file", "create f/e", 1, "f", files={"f": "x"}),
    _case("colon", "create a:b", 2, "PATH"),
    _case("name-separator", "create -n a/b", 2, "a/b"),
    _case("name-dots", "create -n ..", 2, r"\.\."),
    _case("name-dash", "create --name=-x", 2, "-x"),
    _case("name-empty", "create --name=", 2, "--name"),
    _case("argument-empty", "create ''", 2, "DIR"),
    _case("both", "create d -n name", 2, "-n"),
    _case("no-interpreter", "create d -p 3.99", 1, "3.99", "there are .*; the nearest is -p 3"),
    _case("no-such-name", "create d -p nobody", 1, "'nobody' is no version of Python"),
    _case("install-nothing", "python install 3.99", 1, "no build of Python", "there are 3"),
    _case("name-backslash", "create -n 'a\\b'", 2, r"a\\\\b"),
    _case(
        "version-file",
        "create d",
        2,
        r"\.python-version:2: '\./p' is a path",
        files={".python-version": "# ours\n./p\n"},
    ),
    _case(
        "version-file-garbage",
        "create d",
        2,
        r"\.python-version:1: '>>3'",
        files={".python-version": ">>3\n"},
    ),
    _case(
        "version-file-absent-one",
        "create d",
        1,
        r"\.python-version: no interpreter here answers '3\.99'",
        files={".python-version": "3.99\n"},
    ),
    _case(
        "envs-file",
        "list",
        1,
        "@WORK@/gone/env: there is no such directory",
        files={".python-envs": "gone/env\n"},
        environ={"VIRTUAL_ENV": ""},
    ),
    _case("no-such-path", "create d -p @WORK@/python", 1, "@WORK@/python"),
    _case("not-python", "create d -p @WORK@/f", 1, "@WORK@/f", files={"f": "#!/bin/sh\nexit 3\n"}),
    _case("python-garbage", "create d -p '>>3'", 2, ">>3"),
    _case("create-conflict", "create d --with itsdangerous==9", 1, "itsdangerous==9"),
    _case("create-file", "create d -r missing.txt", 1, "missing.txt"),
    _case("clear-conflict", "create --clear @ENV@ --with itsdangerous==9", 1, "itsdangerous==9"),
    _case("empty-conflict", "create d --with itsdangerous==9", 1, "9", files={"d/": ""}),
    _case("create-build", "create d --with breaks", 1, "no compiler here"),
    _case(
        "workon-file",
        "create -n data",
        2,
        "WORKON_HOME",
        files={"f": "x"},
        environ={"WORKON_HOME": "@WORK@/f"},
    ),
    _case("link-mode", "create d --link-mode magic", 2, "magic", "view"),
    _case(
        "prompt-newline",
        "create d --with itsdangerous==9 --prompt 'a\nhome = /evil'",
        1,
        "itsdangerous==9",
    ),
    # -- delete
    _case("delete-nobody", "delete -y nobody", 1, "nobody"),
    _case("delete-files", "delete -y ./d", 1, "left alone", files={"d/mine.txt": "x"}),
    _case("delete-unasked", "delete @ENV@", 2, "-y"),
    # -- words
    _case("verb", "instal click", 2, "did you mean install"),
    _case("option", "install --upgrad click", 2, "did you mean --upgrade"),
    _case("letter", "install -Z click", 2, "-Z"),
    _case("value", "install -r", 2, "needs a value"),
    _case("nothing", "install", 2, "nothing to install"),
    _case("surplus", "list one two", 2, "one"),
    _case("number", "rollback last", 2, "last"),
    _case("equals", "create --clear=yes d", 2, "no value"),
    # -- settings
    _case("relative-home", "list", 2, "ALCOVE_HOME", environ={"ALCOVE_HOME": "relative"}),
    _case("relative-cache", "list", 2, "ALCOVE_CACHE", environ={"ALCOVE_CACHE": "relative"}),
    _case("mode-variable", "list", 2, "ALCOVE_LINK_MODE", environ={"ALCOVE_LINK_MODE": "magic"}),
    _case(
        "pip-conf",
        "install x",
        2,
        "pip.conf",
        files={"pip.conf": "no section\n"},
        environ={"PIP_CONFIG_FILE": "@WORK@/pip.conf"},
    ),
    _case(
        "pip-conf-value",
        "install x",
        2,
        "pip.conf",
        files={"pip.conf": "[global]\ntimeout = soon\n"},
        environ={"PIP_CONFIG_FILE": "@WORK@/pip.conf"},
    ),
    _case(
        "pip-variable",
        "install x",
        2,
        "PIP_.*default-timeout",
        environ={"PIP_DEFAULT_TIMEOUT": "soon"},
    ),
    _case(
        "certificates",
        "install x --index-url https://127.0.0.1:1/simple",
        2,
        "no.pem|127.0.0.1",
        environ={"PIP_CERT": "@WORK@/no.pem"},
    ),
)
