"""Source trees out of version control: `git+https://host/path@revision#subdirectory=part` and its kin.

Rule: a program gets a list of arguments, never a shell line; nothing of a URL can become an option
(CVE-2023-5752), and no transport that runs programs of the URL's choice is open.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

from alcove.builds import vcs_commands
from alcove.builds.process import Ended, Limits, run, tail
from alcove.errors import BuildFailed, InvalidRequirement
from alcove.events import Reporter, Silent, Step
from alcove.files import ops, trees

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Checkout", "VcsUrl", "address", "checkout", "parse", "update"]

# Per program, the schemes that it may be asked for; `ext::`, `fd::` and their kind run programs.
_SCHEMES = {
    "git": ("https", "http", "ssh", "git", "file"),
    "hg": ("https", "http", "ssh", "file", "static-http"),
    "svn": ("https", "http", "svn", "ssh", "file"),
    "bzr": ("https", "http", "ssh", "sftp", "ftp", "lp", "file"),
}
_CONTROLS = re.compile(r"[\x00-\x20\x7f]")
_USER = re.compile(r"//[^/@]*@")
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_FOREIGN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE")


_UNLIMITED = Limits()
_SILENT = Silent()


class VcsUrl(NamedTuple):
    """A URL of version control, taken apart.

    `vcs`: "git", "hg", "svn" or "bzr". `url`: what the program is given, with the user's password where the URL had
    one. `public`: the same without it. `revision`: what was asked for, or "". `subdirectory`: relative, or "".
    """

    vcs: str
    url: str
    public: str
    revision: str = ""
    subdirectory: str = ""


class Checkout(NamedTuple):
    """A tree as version control gave it: its absolute path, and the commit (or revision number) that it is."""

    path: str
    commit: str


def parse(url: str) -> VcsUrl:
    """Take a VCS URL apart; InvalidRequirement where it is none, or not one that is safe to hand on."""
    shown = _USER.sub("//****@", url)
    if _CONTROLS.search(url):
        raise InvalidRequirement(f"{shown!r} has blanks or control characters in it")
    try:
        scheme, host, path, query, fragment = urlsplit(url)
    except ValueError as error:
        raise InvalidRequirement(f"{shown!r} is no URL: {error}") from None
    vcs, transport = _transport(url, scheme, shown)
    path, at, revision = path.rpartition("@") if "@" in path else (path, "", "")
    if at and not revision:
        raise InvalidRequirement(
            f"{shown!r} ends in @ and names no revision", hint="remove the @, or name one"
        )
    _check(shown, host, path, revision)
    inner = "svn+ssh" if (vcs, transport) == ("svn", "ssh") else transport
    address = urlunsplit((inner, host, path, query, ""))
    public = urlunsplit((inner, _without_password(host, transport), path, query, ""))
    return VcsUrl(vcs, address, public, revision, _subdirectory(fragment, shown))


def _transport(url: str, scheme: str, shown: str) -> tuple[str, str]:
    """Return the program and how it fetches."""
    vcs, plus, transport = (scheme or url).partition("+")
    if vcs not in _SCHEMES:
        raise InvalidRequirement(
            f"{shown!r} names no version control known here", hint="git, hg, svn or bzr"
        )
    if not scheme and "@" in transport:
        raise InvalidRequirement(
            f"{shown!r} is no URL", hint=f"write {vcs}+ssh://git@host/path for git@host:path"
        )
    if not plus or transport not in _SCHEMES[vcs]:
        allowed = ", ".join(f"{vcs}+{name}" for name in _SCHEMES[vcs])
        raise InvalidRequirement(
            f"{shown!r}: {scheme}: is not a way to fetch", hint=f"one of {allowed}"
        )
    return vcs, transport


def checkout(
    source: VcsUrl,
    into: str,
    *,
    environ: Mapping[str, str],
    limits: Limits = _UNLIMITED,
    reporter: Reporter = _SILENT,
    attached: bool = False,
) -> Checkout:
    """Fetch `source` into `into` (absolute, must not exist) with the program of its version control.

    `environ`: variables of alcove's process (PATH, HOME, SSH_AUTH_SOCK, …). The tree is whole, submodules among it;
    `source.subdirectory` is not applied. `attached`: somebody will work there, so that git's branch is checked out
    as one. BuildFailed where the program fails, or is not there; `into` is gone then.
    """
    reporter.emit(Step("fetching", source.public))
    session = _Session(source, into, _environ(environ), limits)
    try:
        trees.make_directories(os.path.dirname(into))
        commit = session.git(attached=attached) if source.vcs == "git" else session.other()
    except BaseException:
        trees.remove(into)
        raise
    finally:
        trees.remove(session.log)
    return Checkout(into, commit)


def address(path: str, *, environ: Mapping[str, str]) -> str:
    """Return the address that the git clone at `path` (absolute) was made from; "" where it is none."""
    if not os.path.exists(os.path.join(path, ".git")):
        return ""
    session = _Session(VcsUrl("git", "", ""), path, _environ(environ), _UNLIMITED)
    try:
        return session.address()
    finally:
        trees.remove(session.log)


def update(
    source: VcsUrl, path: str, *, environ: Mapping[str, str], reporter: Reporter = _SILENT
) -> Checkout:
    """Bring the git clone at `path` (absolute) to what `source` names now; tracked changes there are lost, as with pip.

    BuildFailed where git fails; the clone stays.
    """
    reporter.emit(Step("fetching", source.public))
    session = _Session(source, path, _environ(environ), _UNLIMITED)
    try:
        return Checkout(path, session.again())
    finally:
        trees.remove(session.log)


def _check(url: str, host: str, path: str, revision: str) -> None:
    name = host.rpartition("@")[2]
    # CVE-2023-5752, CVE-2017-1000117: what begins with a dash may be read as an option.
    for part, what in ((revision, "revision"), (name, "host"), (host, "user"), (path, "path")):
        if unquote(part).startswith("-"):
            raise InvalidRequirement(f"{url!r}: a {what} cannot begin with a dash")
    if _CONTROLS.search(unquote(revision)) or _CONTROLS.search(unquote(host)):
        raise InvalidRequirement(f"{url!r} has blanks or control characters in it")
    if not path.strip("/"):
        raise InvalidRequirement(f"{url!r} names no repository")


def _without_password(host: str, transport: str) -> str:
    user, at, name = host.rpartition("@")
    if not at:
        return host
    # The user of ssh is part of the address; a user of http may be a token.
    return f"{user.partition(':')[0]}@{name}" if transport == "ssh" else name


def _subdirectory(fragment: str, url: str) -> str:
    value = ""
    for item in fragment.split("&"):
        key, _, text = item.partition("=")
        if key == "subdirectory":
            value = unquote(text).strip("/")
    parts = value.split("/")
    if ".." in parts or "\\" in value or _CONTROLS.search(value.replace(" ", "")):
        raise InvalidRequirement(f"{url!r}: the subdirectory {value!r} leads out of the repository")
    return value


def _environ(environ: Mapping[str, str]) -> dict[str, str]:
    result = {name: value for name, value in environ.items() if name not in _FOREIGN}
    result["GIT_TERMINAL_PROMPT"] = "0"  # nobody is there to answer
    result.setdefault("GIT_SSH_COMMAND", "ssh -oBatchMode=yes")
    result["HGPLAIN"] = "1"
    result["LC_ALL"] = "C.UTF-8"
    return result


class _Session:
    """One fetch."""

    def __init__(
        self, source: VcsUrl, into: str, environ: Mapping[str, str], limits: Limits
    ) -> None:
        self._source = source
        self._into = into
        self._environ = environ
        self._limits = limits
        self.log = f"{into}.log"

    def git(self, *, attached: bool) -> str:
        """Clone, find the commit, check it out with its submodules; return the commit."""
        self._run(vcs_commands.git_clone(self._source.url, self._into))
        return self._out("HEAD", attached=attached)

    def again(self) -> str:
        """Fetch into a clone that is there, and check out what is asked for now; return the commit."""
        self._run(vcs_commands.git_fetch_all(self._source.url), inside=True)
        return self._out("refs/remotes/origin/HEAD", attached=False)

    def address(self) -> str:
        """Return the address that the clone was made from, or ""."""
        return self._ask(vcs_commands.git_address())

    def _out(self, default: str, *, attached: bool) -> str:
        revision = self._source.revision
        commit = self._find() if revision else self._ask(vcs_commands.git_resolve(default))
        if not commit:
            raise self._failed("the repository is empty")
        branch = f"refs/remotes/origin/{revision}"
        if attached and (not revision or self._ask(vcs_commands.git_resolve(branch))):
            self._run(vcs_commands.git_attach(revision), inside=True)
        else:
            self._run(vcs_commands.git_checkout(commit), inside=True)
        if os.path.isfile(os.path.join(self._into, ".gitmodules")):
            self._run(vcs_commands.git_submodules(), inside=True)
        return commit

    def other(self) -> str:
        """Check out with hg, svn or bzr; return the revision that it is."""
        commands = vcs_commands.OTHERS[self._source.vcs]
        for command in commands.fetch(self._source.url, self._into, self._source.revision):
            self._run(command)
        return self._ask(commands.identify(self._into))

    def _find(self) -> str:
        revision = self._source.revision
        # A branch before a tag, as pip; then anything that git knows here; then what the other side knows.
        for name in (f"refs/remotes/origin/{revision}", f"refs/tags/{revision}", revision):
            if commit := self._ask(vcs_commands.git_resolve(name)):
                return commit
        try:
            self._run(vcs_commands.git_fetch(self._source.url, revision), inside=True)
        except BuildFailed as error:
            raise self._failed(f"there is no revision {revision!r}", hint=error.hint) from None
        commit = self._ask(vcs_commands.git_resolve("FETCH_HEAD"))
        if _COMMIT.fullmatch(revision) and commit != revision:
            raise self._failed(f"asked for commit {revision}, it gave {commit}")
        return commit

    def _ask(self, arguments: Sequence[str]) -> str:
        """Return the one line that a program prints, "" where it fails."""
        trees.remove(self.log)
        try:
            self._start(arguments, inside=True)
        except Ended:
            return ""
        return tail(self.log, lines=1).strip()

    def _run(self, arguments: Sequence[str], *, inside: bool = False) -> None:
        try:
            self._start(arguments, inside=inside)
        except Ended as error:
            raise self._failed(f"{arguments[0]} ended with {error.reason}") from None

    def _start(self, arguments: Sequence[str], *, inside: bool) -> None:
        if not os.path.exists(self.log):
            ops.write(self.log, b"", 0o600)  # it may show what the URL holds
        directory = (
            self._into if inside and os.path.isdir(self._into) else os.path.dirname(self._into)
        )
        try:
            run(
                arguments,
                directory=directory,
                environ=self._environ,
                log=self.log,
                limits=self._limits,
            )
        except FileNotFoundError:
            program = arguments[0]
            raise BuildFailed(
                f"{self._source.public} cannot be fetched: there is no program {program}",
                hint=f"install {program}, or give an archive instead",
            ) from None

    def _failed(self, reason: str, *, hint: str | None = None) -> BuildFailed:
        text = f"{self._source.public} cannot be fetched: {reason}"
        end = tail(self.log).replace(self._source.url, self._source.public)
        user = urlsplit(self._source.url).netloc.rpartition("@")[0]
        password = user.partition(":")[2] or (
            user if self._source.url != self._source.public else ""
        )
        if password:
            end = end.replace(password, "****").replace(unquote(password), "****")
        return BuildFailed(f"{text}\n\n{end}" if end else text, hint=hint or _HINT)


_HINT = "check the address and the revision, and that you may read it"
