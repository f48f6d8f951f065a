"""An environment of files alone, and actions that note what they are asked."""

from __future__ import annotations

import errno
import io
import os
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from alcove.events import Notice
from alcove.pip.actions import (
    Change,
    IndexOptions,
    InstallOutcome,
    InstallRequest,
    Latest,
    TargetFacts,
)
from alcove.pip.main import Process, run
from tests.unit.pip.more_fakes import FakeMore

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import TextIO

    from alcove.events import Reporter

__all__ = ["UNWRITTEN", "Answer", "FakeActions", "FullStream", "Inside"]

UNWRITTEN = (
    "ERROR: the output could not be written: No space left on device\n"
    "hint: make room where it goes, or let it go elsewhere\n"
)


class Answer(NamedTuple):
    """What our pip wrote, and its exit code."""

    out: str
    err: str
    code: int


class FullStream(io.StringIO):
    """A stdout on a full disk."""

    def write(self, text: str) -> NoReturn:  # noqa: ARG002
        """Take nothing."""
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class FakeActions:
    """Notes requests and answers with what the test put here."""

    def __init__(self) -> None:
        self.installs: list[InstallRequest] = []
        self.removed: list[Sequence[str]] = []
        self.asked_latest: list[tuple[Sequence[str], IndexOptions]] = []
        self.outcome = InstallOutcome((), ())
        self.error: BaseException | None = None
        self.newest: dict[str, Latest] = {}
        self.in_file: list[str] = []
        self.base: list[str] = []
        self.events: list[object] = []
        self.facts = TargetFacts({"python_version": "3.12", "os_name": "posix"}, ("py3-none-any",))
        self.real = "/real/pip"
        self.others = FakeMore()

    def install(self, request: InstallRequest, reporter: Reporter) -> InstallOutcome:
        """Note the request."""
        self.installs.append(request)
        for event in self.events:
            reporter.emit(event)  # type: ignore[arg-type]
        if self.error is not None:
            raise self.error
        return self.outcome

    def uninstall(
        self, names: Sequence[str], command: Sequence[str], _reporter: Reporter
    ) -> Sequence[Change]:
        """Note the names."""
        assert command[:2] == ("pip", "uninstall")
        self.removed.append(names)
        if self.error is not None:
            raise self.error
        return [Change(name, "") for name in names]

    def requirement_names(self, file: str, _sources: IndexOptions) -> Sequence[str]:
        """Return what the test says that the file holds."""
        assert file == "req.txt"
        return self.in_file

    def latest(
        self, names: Sequence[str], sources: IndexOptions, reporter: Reporter
    ) -> Mapping[str, Latest]:
        """Return the newest releases that the test knows of; what it notices is none of the answer."""
        reporter.emit(Notice("one of two has it"))
        self.asked_latest.append((names, sources))
        return self.newest

    def real_pip(self, version: str) -> str:
        """Return a path that says the version."""
        return f"{self.real}-{version}"

    def more(self) -> FakeMore:
        """Return what notes the other commands' requests."""
        return self.others

    def target(self) -> TargetFacts:
        """Return the facts of an invented interpreter."""
        return self.facts

    def base_paths(self) -> Sequence[str]:
        """Return the base's directories."""
        return self.base


class Inside:
    """The pip inside an environment made of files; `answers` are what the user types."""

    def __init__(self, root: Path, python: str = "3.12") -> None:
        self.prefix = root / "env"
        self.home = root / "home"
        self.home.mkdir()
        self.site_packages = self.prefix / "lib" / f"python{python}" / "site-packages"
        self.site_packages.mkdir(parents=True)
        (self.prefix / "bin").mkdir()
        (self.prefix / "bin" / "python").touch()
        self.settings("false")
        self.actions = FakeActions()
        self.answers: list[str] = []
        self.questions: list[str] = []
        self.executed: list[tuple[list[str], dict[str, str]]] = []
        self.defaults: dict[str, list[str]] = {}
        self.asked_defaults: list[tuple[str, bool]] = []
        self.environ: dict[str, str] = {}
        self.stdout: TextIO | None = None  # in the place of what is answered

    def settings(self, sees_base: str) -> None:
        """Write pyvenv.cfg."""
        text = f"home = /nowhere\ninclude-system-site-packages = {sees_base}\n"
        (self.prefix / "pyvenv.cfg").write_text(text)

    def add(self, name: str, version: str, headers: str = "", **files: str) -> Path:
        """Put a distribution there; keyword `direct_url__json` becomes the file `direct_url.json`."""
        info = self.site_packages / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{headers}\nbody\n"
        (info / "METADATA").write_text(text, encoding="utf-8")
        for file, content in files.items():
            (info / file.replace("__", ".")).write_text(content, encoding="utf-8")
        return info

    def pip(self, *arguments: str) -> Answer:
        """Run `pip ARGUMENTS`."""
        out, err = io.StringIO(), io.StringIO()
        process = Process(
            program="pip",
            directory=str(self.home),
            environ=self.environ,
            stdout=self.stdout or out,
            stderr=err,
            ask=self._ask,
            execute=self._execute,
            defaults=self._defaults,
            actions=lambda: self.actions,
        )
        code = run(arguments, prefix=str(self.prefix), process=process)
        return Answer(out.getvalue(), err.getvalue(), code)

    def _ask(self, question: str) -> str:
        self.questions.append(question)
        return self.answers.pop(0)

    def _execute(self, line: list[str], environ: dict[str, str]) -> int:
        self.executed.append((line, environ))
        return 7

    def _defaults(self, command: str, isolated: bool) -> Mapping[str, Sequence[str]]:  # noqa: FBT001
        self.asked_defaults.append((command, isolated))
        return {} if isolated else self.defaults
