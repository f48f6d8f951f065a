"""`kernel install`, `kernel remove`: an environment made known to Jupyter, and forgotten again."""

from __future__ import annotations

import os

from alcove.actions.held import refuse_sudo
from alcove.actions.where import argument, path_of
from alcove.environments import config
from alcove.environments.layout import is_environment
from alcove.errors import AlcoveError, NotAnEnvironment
from alcove.events import Notice, Silent
from alcove.kernels import known, places, specs, support
from alcove.kernels.specs import Spec
from alcove.kernels.subject import IPYKERNEL, mark_of, open_subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from alcove.events import Reporter
    from alcove.kernels.subject import Subject
    from alcove.settings import Settings

__all__ = ["follow", "install_kernel", "remove_kernels"]

_UNFROZEN = (3, 11)  # from here on a debugger wants the standard library's modules unfrozen


def install_kernel(
    path: str,
    settings: Settings,
    *,
    name: str = "",
    display_name: str = "",
    prefix: str = "",
    sources: Mapping[str, object] | None = None,
    offline: bool = False,
    dry_run: bool = False,
    reporter: Reporter | None = None,
) -> Spec:
    """Make the environment at `path` (absolute, whoever made it) a kernel of Jupyter, and return that.

    `prefix` (absolute): below it instead of in the user's directory. Where the environment has no ipykernel, one is lent
    to it: nothing is installed into it. AlcoveError where a kernel of another environment, or of somebody else, has
    the name.
    """
    tell = reporter or Silent()
    if prefix and is_environment(prefix):
        refuse_sudo(prefix, settings)
    subject = open_subject(path, settings)
    parent = places.below(prefix) if prefix else places.user(settings)
    directory = os.path.join(parent, specs.check_name(name or specs.name_from(_title(path))))
    _check_free(directory, path)
    shown = display_name or f"{_title(path)} (Python {subject.interpreter.version})"
    spec = _spec(subject, directory, shown, "")
    if dry_run:
        return spec
    with support.held(settings):
        before = _there(directory)
        idle = [before.support] if before is not None else []
        try:
            lent = ""
            if not subject.has(IPYKERNEL):
                lent = support.provide(
                    subject,
                    settings,
                    sources=sources or {},
                    offline=offline,
                    made=idle,
                    reporter=tell,
                )
            spec = _spec(subject, directory, shown, lent)
            known.note(directory, settings)
            specs.write(spec, launcher=_launcher(spec))
        finally:
            known.tidy(settings)
            _release(idle, settings)
    return spec


def remove_kernels(
    word: str,
    settings: Settings,
    *,
    dry_run: bool = False,
    reporter: Reporter | None = None,
) -> list[Spec]:
    """Remove the kernels that `word` means, and return them: the one of that name, else those of that environment.

    "": those of the environment that a command without a word is about. AlcoveError where there is none of ours.
    """
    tell = reporter or Silent()
    found = _meant(word, settings)
    if dry_run:
        return found
    with support.held(settings):
        for spec in found:
            left = specs.remove(spec)
            if left:
                tell.emit(Notice(f"{spec.directory} holds files of somebody else: {left[0]}"))
        known.tidy(settings)
        _release([spec.support for spec in found], settings)
    return found


def follow(old: str, new: str, settings: Settings, *, reporter: Reporter | None = None) -> None:
    """Let the kernels of the environment that was at `old` start the one at `new` (absolute paths both)."""
    if not os.path.isdir(support.root(settings)):
        return
    with support.held(settings):
        for spec in known.every(settings)[0]:
            if spec.environment != old:
                continue
            argv = tuple(_at(new, word, old) for word in spec.argv)
            known.note(spec.directory, settings)  # one in the environment itself went along
            moved = spec._replace(environment=new, executable=argv[0], argv=argv, made=mark_of(new))
            specs.write(moved, launcher=_launcher(moved))
            if reporter is not None:
                reporter.emit(Notice(f"the kernel {spec.name} starts it at its new place"))
        known.tidy(settings)


def _at(new: str, path: str, old: str) -> str:
    """Return `path` with `new` in the place of the directory `old` that it begins with, if it does."""
    return new + path[len(old) :] if path.startswith(old + "/") else path


def _title(path: str) -> str:
    """Return the name that a shell shows of an environment: its prompt, else that of its directory or project."""
    parent, name = os.path.split(path)
    if name in (".venv", "venv"):
        name = os.path.basename(parent) or name
    return config.prompt_of(config.read(os.path.join(path, "pyvenv.cfg")), name)


def _spec(subject: Subject, directory: str, shown: str, lent: str) -> Spec:
    metadata, protocol = specs.told(lent or subject.path)
    words = [subject.executable]
    if metadata.get("debugger") is True and subject.interpreter.version_info[:2] >= _UNFROZEN:
        words.append("-Xfrozen_modules=off")
    if lent:
        words += [os.path.join(directory, specs.START), support.site_of(lent)]
    else:
        words += ["-m", "ipykernel_launcher"]
    return Spec(
        directory=directory,
        display_name=shown,
        environment=subject.path,
        executable=subject.executable,
        support=lent,
        made=mark_of(subject.path),
        argv=(*words, "-f", "{connection_file}"),
        metadata=metadata,
        protocol=protocol,
    )


def _launcher(spec: Spec) -> bytes:
    """Return the program that starts a kernel with what is lent to it, nothing where nothing is."""
    if not spec.support:
        return b""
    with open(f"{__file__[: -len('installing.py')]}start.py", "rb") as stream:
        return stream.read()


def _there(directory: str) -> Spec | None:
    """Return the kernel of ours at `directory`, None also where it is torn: it is written anew."""
    try:
        return specs.read(directory)
    except AlcoveError:
        return None


def _check_free(directory: str, path: str) -> None:
    there = specs.read(directory)
    if there is None:
        if os.path.lexists(os.path.join(directory, specs.FILE)):
            raise AlcoveError(
                f"{directory} is a kernel that alcove did not make",
                hint="--kernel NAME gives this one another name",
            )
        return
    other = there.environment
    if os.path.realpath(other) != os.path.realpath(path) and os.path.exists(other):
        raise AlcoveError(
            f"the kernel {there.name} is that of {other}",
            hint=f"--kernel NAME gives the one of {path} another name",
        )


def _release(idle: Iterable[str], settings: Settings) -> None:
    """Give back what was lent to a kernel that is gone or was replaced, or was made in vain, where no other uses it."""
    used = {one.support for one in known.every(settings)[0]}
    for path in sorted(set(idle) - used - {""}):
        support.release(path, settings)


def _meant(word: str, settings: Settings) -> list[Spec]:
    every = known.every(settings)[0]
    by_name = [one for one in every if one.name == word.lower()]
    if by_name:
        return by_name
    path = _path(word, settings)
    found = [one for one in every if _same(one.environment, path)]
    if found:
        return found
    for place in places.search(settings):
        if word and os.path.lexists(os.path.join(place, word, specs.FILE)):
            raise AlcoveError(
                f"{place}/{word} is a kernel that alcove did not make",
                hint=f"jupyter kernelspec remove {word}",
            )
    raise AlcoveError(
        f"{word or path} is neither a kernel of ours nor an environment that has one",
        hint="alcove kernel list",
    )


def _path(word: str, settings: Settings) -> str:
    """Return the absolute path of the environment that is meant, also where it is gone."""
    if not word:
        return path_of(settings)
    try:
        return argument(word, settings)
    except NotAnEnvironment:
        return os.path.normpath(os.path.join(settings.cwd, word))


def _same(one: str, other: str) -> bool:
    return one == other or os.path.realpath(one) == os.path.realpath(other)
