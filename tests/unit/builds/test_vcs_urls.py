"""URLs of version control: taken apart, refused where they could become options, and the calls made of them."""

from __future__ import annotations

import pytest

from alcove.builds import vcs_commands
from alcove.builds.vcs import VcsUrl, parse
from alcove.errors import InvalidRequirement

SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "git+https://host.example/a/b.git@v1.0#subdirectory=part&egg=b",
            VcsUrl(
                "git",
                "https://host.example/a/b.git",
                "https://host.example/a/b.git",
                "v1.0",
                "part",
            ),
        ),
        (
            "git+ssh://git@host.example/a/b@feature/x",
            VcsUrl(
                "git",
                "ssh://git@host.example/a/b",
                "ssh://git@host.example/a/b",
                "feature/x",
            ),
        ),
        (
            f"git+https://user:secret@host.example:8443/a@{SHA}",
            VcsUrl(
                "git", "https://user:secret@host.example:8443/a", "https://host.example:8443/a", SHA
            ),
        ),
        (
            "git+ssh://user:secret@host.example/a",
            VcsUrl("git", "ssh://user:secret@host.example/a", "ssh://user@host.example/a"),
        ),
        ("git+file:///srv/repo", VcsUrl("git", "file:///srv/repo", "file:///srv/repo")),
        (
            "hg+https://host.example/r@tip",
            VcsUrl("hg", "https://host.example/r", "https://host.example/r", "tip"),
        ),
        (
            "svn+ssh://host.example/r@12",
            VcsUrl("svn", "svn+ssh://host.example/r", "svn+ssh://host.example/r", "12"),
        ),
        (
            "svn+https://host.example/r",
            VcsUrl("svn", "https://host.example/r", "https://host.example/r"),
        ),
        (
            "bzr+lp://host.example/r@3",
            VcsUrl("bzr", "lp://host.example/r", "lp://host.example/r", "3"),
        ),
        (
            "git+https://host.example/r#subdirectory=a%20b/c",
            VcsUrl("git", "https://host.example/r", "https://host.example/r", "", "a b/c"),
        ),
    ],
)
def test_urls_are_taken_apart(url: str, expected: VcsUrl) -> None:
    assert parse(url) == expected


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("git+https://host.example/r@--upload-pack=evil", "revision cannot begin with a dash"),
        ("hg+https://host.example/r@--config=alias.x=!evil", "revision cannot begin with a dash"),
        ("git+https://host.example/r@%2d-upload-pack=evil", "revision cannot begin with a dash"),
        ("git+ssh://-oProxyCommand=evil/r", "host cannot begin with a dash"),
        ("git+ssh://git@-oProxyCommand=evil/r", "host cannot begin with a dash"),
        ("git+ssh://-oProxyCommand=evil@host.example/r", "user cannot begin with a dash"),
        ("git+ext://sh -c evil", "blanks"),
        ("git+ext://sh%20-c%20evil/x", "is not a way to fetch"),
        ("git+ext::sh", "is not a way to fetch"),
        ("git+https://host.example/r@a b", "blanks"),
        ("git+https://host.example/r@a\nb", "blanks"),
        ("git+https://host.example/r@a%0ab", "blanks"),
        ("git+https://host.example/r@", "names no revision"),
        ("git+https://host.example", "names no repository"),
        ("git+https://[bad/r", "is no URL"),
        ("git+https://host.example/r#subdirectory=../x", "leads out"),
        ("git+https://host.example/r#subdirectory=a/%2e%2e/x", "leads out"),
        ("git://host.example/r", "is not a way to fetch"),
        ("cvs+https://host.example/r", "names no version control"),
        ("https://host.example/r", "names no version control"),
        ("hg+git://host.example/r", "is not a way to fetch"),
    ],
)
def test_what_could_harm_is_refused(url: str, message: str) -> None:
    with pytest.raises(InvalidRequirement, match=message):
        parse(url)


def test_the_short_form_of_ssh_gets_a_hint() -> None:
    with pytest.raises(InvalidRequirement) as caught:
        parse("git+git@host.example:a/b.git")
    assert caught.value.hint is not None
    assert "git+ssh://git@host/path" in caught.value.hint


def test_an_address_stands_behind_two_dashes() -> None:
    url, into = "https://host.example/r", "/tmp/into"  # noqa: S108
    calls = [
        vcs_commands.git_clone(url, into),
        vcs_commands.git_fetch(url, "refs/pull/1/head"),
        vcs_commands.OTHERS["hg"].fetch(url, into, "1")[0],
        *vcs_commands.OTHERS["svn"].fetch(url, into, "1"),
        *vcs_commands.OTHERS["bzr"].fetch(url, into, "1"),
    ]
    for call in calls:
        assert call.index(url) > call.index("--")


def test_a_revision_cannot_be_an_option() -> None:
    into = "/tmp/into"  # noqa: S108
    assert vcs_commands.OTHERS["hg"].fetch("u", into, "1.0")[1][-1] == "--rev=1.0"
    assert "--revision=12" in vcs_commands.OTHERS["svn"].fetch("u", into, "12")[0]
    assert "--revision=3" in vcs_commands.OTHERS["bzr"].fetch("u", into, "3")[0]
    assert vcs_commands.git_resolve("refs/tags/v1")[-1] == "refs/tags/v1^{commit}"
    assert (
        vcs_commands.OTHERS["svn"].fetch("svn+ssh://me@h/r", into, "")[0][-2] == "svn+ssh://me@h/r@"
    )
