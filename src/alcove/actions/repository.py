"""How an editable project is got again: the address and the commit of the repository that it lies in."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["requirement_of"]

_OTHERS = ((".hg", "Mercurial"), (".svn", "Subversion"), (".bzr", "Bazaar"))
_TIME = 30.0  # seconds that git may take for a look at its own files


class _Failed(Exception):
    """git did not answer."""


def requirement_of(
    directory: str,
    name: str,
    *,
    display: str,
    environ: Mapping[str, str],
    warn: Callable[[str], None],
) -> tuple[str, tuple[str, ...]]:
    """Return what stands behind `-e ` for the project in `directory` (absolute), and the comments before it.

    `display`: its `name==version`; `environ`: what git is started with; `warn` is told what cannot be known. Nothing is
    fetched; only the repository's own settings are read.
    """
    location = os.path.normcase(os.path.abspath(directory))
    kind = _repository_kind(location)
    if kind == "Git":
        try:
            return _git_requirement(location, name, display=display, environ=environ)
        except FileNotFoundError:
            warn(
                f"cannot determine version of editable source in {location}"
                " (git command not found in path)"
            )
            return location, ()
        except _Failed as error:
            if not str(error):
                kind = ""
            else:
                warn(f"Error when trying to get requirement for VCS system {error}")
                warn(f"Could not determine repository location of {location}")
                return location, ("## !! Could not determine repository location",)
    if kind:
        warn(f"alcove does not read {kind} repositories: {location} is given by its path")
        return location, ("## !! Could not determine repository location",)
    return location, (f"# Editable install with no version control ({display})",)


def _repository_kind(location: str) -> str:
    """Return what kind of repository holds a directory, by the innermost one; "" for none."""
    directory = location
    while True:
        if os.path.exists(os.path.join(directory, ".git")):
            return "Git"
        for mark, kind in _OTHERS:
            if os.path.isdir(os.path.join(directory, mark)):
                return kind
        above = os.path.dirname(directory)
        if above == directory:
            return ""
        directory = above


def _git_requirement(
    location: str, name: str, *, display: str, environ: Mapping[str, str]
) -> tuple[str, tuple[str, ...]]:
    def git(*words: str, also: int = 0) -> str:
        return _git(location, *words, environ=environ, also=also)

    if not os.path.exists(os.path.join(location, ".git")):
        try:
            git("rev-parse", "--show-toplevel")
        except _Failed:
            raise _Failed from None  # not git's after all: a `.git` of another owner, or a broken one
    remotes = git("config", "--get-regexp", r"remote\..*\.url", also=1).splitlines()
    if not remotes:
        return location, (f"# Editable Git install with no remote ({display})",)
    first = next((line for line in remotes if line.startswith("remote.origin.url ")), remotes[0])
    url = _address(first.split(" ")[1].strip())
    if not url:
        said = first.split(" ")[1].strip()
        return location, (
            f"# Editable Git install ({display}) with either a deleted local remote or invalid URI:",
            f"# '{said}'",
        )
    commit = git("rev-parse", "HEAD").strip()
    requirement = f"git+{url}@{commit}#egg={name.replace('-', '_')}"
    subdirectory = _subdirectory(location, git("rev-parse", "--git-dir").strip())
    return requirement + (f"&subdirectory={subdirectory}" if subdirectory else ""), ()


def _address(remote: str) -> str:
    """Return a remote as a URL; "" where it is none: a path is one only while it exists."""
    scheme, separator, _ = remote.partition("://")
    if separator and scheme.replace("_", "").isalnum():
        return remote
    if os.path.exists(remote):
        import pathlib

        return pathlib.Path(os.path.abspath(remote)).as_uri()
    host, colon, path = remote.partition(":")
    if colon and path and "/" not in host and (path[0].isalnum() or path[0] == "_"):
        return f"ssh://{host}/{path}"  # git's short form of ssh: user@host:path
    return ""


def _subdirectory(location: str, directory: str) -> str:
    """Return where the project lies below the root of the repository (`directory`: its `.git`); "" at the root."""
    root = os.path.abspath(os.path.join(location, directory, ".."))
    project = location
    while not _is_project(project):
        above = os.path.dirname(project)
        if above == project:
            return ""
        project = above
    return "" if os.path.samefile(root, project) else os.path.relpath(project, root)


def _is_project(directory: str) -> bool:
    return any(
        os.path.isfile(os.path.join(directory, name)) for name in ("pyproject.toml", "setup.py")
    )


def _git(location: str, *arguments: str, environ: Mapping[str, str], also: int = 0) -> str:
    """Return what git answers in a directory; exit codes 0 and `also` are answers."""
    import subprocess

    kept = {key: text for key, text in environ.items() if key not in {"GIT_DIR", "GIT_WORK_TREE"}}
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=location,
            env=kept,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIME,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _Failed(f"git {arguments[0]} did not answer in {_TIME:.0f} s") from error
    if done.returncode not in {0, also}:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise _Failed(f"git {' '.join(arguments)} failed: {said}")
    return done.stdout.decode("utf-8", "surrogateescape")
