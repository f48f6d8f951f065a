"""Trees out of real repositories on this disk: git, and hg and svn where they are installed; bzr by its argument lists alone."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from alcove.builds.process import Limits
from alcove.builds.vcs import checkout, parse
from alcove.errors import BuildFailed

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None, reason="there is no git on this machine"
)

LIMITS = Limits(timeout=300)


class Repository:
    """A git repository whose commits change one file."""

    def __init__(self, path: Path, environ: dict[str, str]) -> None:
        self.path = path
        self.environ = environ
        path.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main", ".")

    def git(self, *arguments: str) -> str:
        """Run git in it and return what it prints."""
        result = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            env=self.environ,
            check=True,
            capture_output=True,
            text=True,
        )
        return result.stdout.strip()

    def commit(self, text: str) -> str:
        """Commit a file with `text`; return the commit."""
        (self.path / "file.txt").write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", text)
        return self.git("rev-parse", "HEAD")

    @property
    def url(self) -> str:
        """Return its `git+file:` URL."""
        return f"git+{self.path.as_uri()}"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Return variables under which git knows neither the machine's nor the user's settings."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\nname = Someone\nemail = someone@host.example\n")
    return {"PATH": os.environ["PATH"], "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}


@pytest.fixture
def repository(tmp_path: Path, environ: dict[str, str]) -> Repository:
    return Repository(tmp_path / "repository", environ)


def fetched(url: str, into: Path, environ: dict[str, str]) -> tuple[str, str]:
    """Return (content of the file, commit)."""
    result = checkout(parse(url), str(into), environ=environ, limits=LIMITS)
    assert result.path == str(into)
    assert not os.path.exists(f"{into}.log")
    return (into / "file.txt").read_text(), result.commit


def test_branches_tags_and_commits(tmp_path: Path, repository: Repository) -> None:
    first = repository.commit("first")
    repository.git("tag", "-a", "v1.0", "-m", "annotated")
    repository.git("branch", "feature/x")
    second = repository.commit("second")
    repository.git("checkout", "--quiet", "feature/x")
    third = repository.commit("third")
    repository.git("checkout", "--quiet", "main")
    cases = [
        ("", "second", second),
        ("@main", "second", second),
        ("@v1.0", "first", first),
        ("@feature/x", "third", third),
        (f"@{first}", "first", first),
        (f"@{third[:10]}", "third", third),
        ("@refs/heads/feature/x", "third", third),
    ]
    for number, (revision, text, commit) in enumerate(cases):
        got = fetched(repository.url + revision, tmp_path / f"got{number}", repository.environ)
        assert got == (text, commit), revision


def test_a_branch_goes_before_a_tag_of_its_name(tmp_path: Path, repository: Repository) -> None:
    repository.commit("first")
    repository.git("tag", "both")
    second = repository.commit("second")
    repository.git("branch", "both")
    assert fetched(f"{repository.url}@both", tmp_path / "got", repository.environ)[1] == second


def test_a_ref_that_no_clone_brings_is_fetched(tmp_path: Path, repository: Repository) -> None:
    repository.commit("first")
    repository.git("checkout", "--quiet", "--detach")
    hidden = repository.commit("hidden")
    repository.git("update-ref", "refs/pull/1/head", hidden)
    repository.git("checkout", "--quiet", "main")
    for number, revision in enumerate(("refs/pull/1/head", hidden)):
        repository.git("config", "uploadpack.allowAnySHA1InWant", "true")
        got = fetched(f"{repository.url}@{revision}", tmp_path / str(number), repository.environ)
        assert got == ("hidden", hidden)


def test_submodules_come_along(tmp_path: Path, environ: dict[str, str]) -> None:
    inner = Repository(tmp_path / "inner", environ)
    inner.commit("inner")
    # git itself refuses `file:` for submodules (CVE-2022-39253) unless the user allows it.
    environ.update(
        GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="protocol.file.allow", GIT_CONFIG_VALUE_0="always"
    )
    outer = Repository(tmp_path / "outer", environ)
    outer.git("submodule", "--quiet", "add", inner.path.as_uri(), "part")
    outer.commit("outer")
    fetched(outer.url, tmp_path / "got", environ)
    assert (tmp_path / "got/part/file.txt").read_text() == "inner"


def test_what_cannot_be_fetched_is_told_and_leaves_nothing(
    tmp_path: Path, repository: Repository
) -> None:
    repository.commit("first")
    cases = [
        (f"{repository.url}@missing", "there is no revision 'missing'"),
        (f"{repository.url}@{'0' * 40}", "there is no revision '0000"),
        (f"git+{(tmp_path / 'none').as_uri()}", "git ended with exit code 128"),
        (f"git+{(tmp_path / 'home').as_uri()}", "git ended with exit code 128"),
    ]
    for url, message in cases:
        with pytest.raises(BuildFailed, match=message) as caught:
            fetched(url, tmp_path / "got", repository.environ)
        assert caught.value.hint is not None
    assert sorted(os.listdir(tmp_path)) == ["home", "repository"]


def test_an_empty_repository_is_told(tmp_path: Path, repository: Repository) -> None:
    with pytest.raises(BuildFailed, match="the repository is empty"):
        fetched(repository.url, tmp_path / "got", repository.environ)


def test_hooks_of_the_user_and_of_others_do_not_run(tmp_path: Path, repository: Repository) -> None:
    repository.commit("first")
    hooks = tmp_path / "home/hooks"
    hooks.mkdir()
    (hooks / "post-checkout").write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    (hooks / "post-checkout").chmod(0o755)
    with open(tmp_path / "home/.gitconfig", "a", encoding="utf-8") as stream:
        stream.write(f"[core]\nhooksPath = {hooks}\n")
    fetched(repository.url, tmp_path / "got", repository.environ)
    assert not (tmp_path / "ran").exists()


def test_variables_of_another_repository_do_not_matter(
    tmp_path: Path, repository: Repository
) -> None:
    commit = repository.commit("first")
    environ = {**repository.environ, "GIT_DIR": "/nowhere", "GIT_WORK_TREE": "/nowhere"}
    assert fetched(repository.url, tmp_path / "got", environ) == ("first", commit)


def test_a_password_is_not_shown(tmp_path: Path, environ: dict[str, str]) -> None:
    fake = tmp_path / "bin"
    fake.mkdir()
    (fake / "git").write_text('#!/bin/sh\necho "fatal: no access to $*"\nexit 128\n')
    (fake / "git").chmod(0o755)
    environ["PATH"] = f"{fake}:{environ['PATH']}"
    for url in ("git+https://me:s3cr%65t@host.example/r", "git+https://s3cr%65t@host.example/r"):
        with pytest.raises(BuildFailed, match="no access to") as caught:
            checkout(parse(url), str(tmp_path / "got"), environ=environ, limits=LIMITS)
        assert "s3cr" not in caught.value.message


def test_a_missing_program_is_told(tmp_path: Path) -> None:
    environ = {"PATH": str(tmp_path)}
    for vcs, scheme in (("git", "https"), ("hg", "https"), ("svn", "https"), ("bzr", "lp")):
        url = f"{vcs}+{scheme}://host.example/r@1"
        with pytest.raises(BuildFailed, match=f"there is no program {vcs}") as caught:
            checkout(parse(url), str(tmp_path / "got"), environ=environ, limits=LIMITS)
        assert caught.value.hint == f"install {vcs}, or give an archive instead"


@pytest.mark.parametrize("vcs", ["hg", "svn", "bzr"])
def test_other_programs_are_called_and_asked_for_the_revision(
    tmp_path: Path, environ: dict[str, str], vcs: str
) -> None:
    fake = tmp_path / "bin"
    fake.mkdir()
    (fake / vcs).write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\nfor last; do :; done\n'
        f'case "$1" in clone|checkout) mkdir -p "$last";; --cwd|info|revno) echo 42;; esac\n'
    )
    (fake / vcs).chmod(0o755)
    environ["PATH"] = f"{fake}:{environ['PATH']}"
    url = parse(f"{vcs}+https://host.example/r@7")
    result = checkout(url, str(tmp_path / "got"), environ=environ, limits=LIMITS)
    assert result == (str(tmp_path / "got"), "42")
    assert "https://host.example/r" in (tmp_path / "calls").read_text()


@pytest.mark.parametrize("vcs", ["hg", "svn"])
def test_real_repositories_of_other_programs(
    tmp_path: Path, environ: dict[str, str], vcs: str
) -> None:
    """Two revisions of a file: the first by its number, the last without one."""
    if shutil.which(vcs) is None:
        pytest.skip(f"no {vcs} on this machine")
    tree, origin = tmp_path / "tree", tmp_path / "origin"

    def run(*words: str) -> None:
        directory = tree if tree.exists() else tmp_path
        subprocess.run(words, cwd=directory, env=environ, check=True, capture_output=True)

    if vcs == "hg":
        run("hg", "init", str(tree))
        commit = ["hg", "commit", "--user", "a", "--message", "x"]
        url = tree.as_uri()
    else:
        run("svnadmin", "create", str(origin))
        run("svn", "checkout", "--quiet", origin.as_uri(), str(tree))
        commit = ["svn", "commit", "--quiet", "--message", "x"]
        url = origin.as_uri()
    for number, text in enumerate(("first", "second")):
        (tree / "file").write_text(text)
        if not number:
            run(vcs, "add", "file")
        run(*commit)
    first = "0" if vcs == "hg" else "1"
    for revision, text in ((f"@{first}", "first"), ("", "second")):
        into = tmp_path / f"got-{text}"
        found = checkout(parse(f"{vcs}+{url}{revision}"), str(into), environ=environ, limits=LIMITS)
        assert (into / "file").read_text() == text
        assert found.commit == {"first": "1", "second": "2"}[text] or len(found.commit) == 40
