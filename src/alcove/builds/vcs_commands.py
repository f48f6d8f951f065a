"""The argument lists that version control programs are called with; pure, and all of them here.

Rule: `--` stands before an address, a revision stands behind `=` or is a full ref, and both were checked.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "OTHERS",
    "Commands",
    "git_address",
    "git_attach",
    "git_checkout",
    "git_clone",
    "git_fetch",
    "git_fetch_all",
    "git_resolve",
    "git_submodules",
]

# No transport that runs programs, no hook of the user's templates, no file watcher.
_GIT = (
    "git",
    "-c",
    "protocol.ext.allow=never",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "advice.detachedHead=false",
)


class Commands(NamedTuple):
    """What a program other than git is called with: to fetch (several calls), and to tell the revision."""

    fetch: Callable[[str, str, str], list[list[str]]]
    identify: Callable[[str], list[str]]


def git_clone(url: str, into: str) -> list[str]:
    """Clone without checking out; history is whole, since backends make versions from tags, contents are not."""
    return [*_GIT, "clone", "--quiet", "--no-checkout", "--filter=blob:none", "--", url, into]


def git_resolve(name: str) -> list[str]:
    """Print the commit that `name` stands for."""
    return [*_GIT, "rev-parse", "--quiet", "--verify", f"{name}^{{commit}}"]


def git_fetch(url: str, revision: str) -> list[str]:
    """Fetch a revision that no branch or tag leads to (`refs/pull/1/head`, an orphaned commit)."""
    return [*_GIT, "fetch", "--quiet", "--", url, revision]


def git_fetch_all(url: str) -> list[str]:
    """Fetch all branches and tags of the other side anew."""
    branches = "+refs/heads/*:refs/remotes/origin/*"
    return [*_GIT, "fetch", "--quiet", "--tags", "--force", "--", url, branches]


def git_address() -> list[str]:
    """Print the address that a clone was made from."""
    return [*_GIT, "config", "--get", "remote.origin.url"]


def git_attach(branch: str) -> list[str]:
    """Check a branch of the other side out as a branch of one's own; "" for the one that a clone begins with."""
    if not branch:
        return [*_GIT, "checkout", "--quiet", "--force"]
    return [*_GIT, "checkout", "--quiet", "--force", "-B", branch, "--track", f"origin/{branch}"]


def git_checkout(commit: str) -> list[str]:
    """Check a commit (hex) out."""
    return [*_GIT, "checkout", "--quiet", "--force", "--detach", commit]


def git_submodules() -> list[str]:
    """Check the submodules out, and theirs."""
    return [*_GIT, "submodule", "--quiet", "update", "--init", "--recursive"]


def _hg(url: str, into: str, revision: str) -> list[list[str]]:
    update = ["hg", "--cwd", into, "update", "--quiet", "--noninteractive"]
    return [
        ["hg", "clone", "--quiet", "--noninteractive", "--noupdate", "--", url, into],
        [*update, f"--rev={revision}"] if revision else update,
    ]


def _hg_identify(into: str) -> list[str]:
    return ["hg", "--cwd", into, "parents", "--template={node}"]


def _svn(url: str, into: str, revision: str) -> list[list[str]]:
    # svn reads what follows an @ as a peg revision: an empty one ends the address.
    peg = f"{url}@" if "@" in url else url
    asked = [f"--revision={revision}"] if revision else []
    return [["svn", "checkout", "--quiet", "--non-interactive", *asked, "--", peg, into]]


def _svn_identify(into: str) -> list[str]:
    return ["svn", "info", "--non-interactive", "--show-item=revision", "--no-newline", "--", into]


def _bzr(url: str, into: str, revision: str) -> list[list[str]]:
    asked = [f"--revision={revision}"] if revision else []
    return [["bzr", "checkout", "--quiet", "--lightweight", *asked, "--", url, into]]


def _bzr_identify(into: str) -> list[str]:
    return ["bzr", "revno", "--", into]


OTHERS = {
    "hg": Commands(_hg, _hg_identify),
    "svn": Commands(_svn, _svn_identify),
    "bzr": Commands(_bzr, _bzr_identify),
}
