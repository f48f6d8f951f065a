"""`EnvBuilder` with the signatures, hooks and context of the standard library's, making environments of alcove.

Rule: where no hook of a subclass comes before the environment is whole, it is made aside and there by one rename;
else the hooks run at the final path in the order of `venv`. Both ways give the same environment.
"""

from __future__ import annotations

import os
import sys

from alcove.environments.activation.scripts import render
from alcove.environments.layout import BIN, Layout
from alcove.errors import AlcoveError
from alcove.files import atomic, ops, trees
from alcove.venv import running, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike
    from types import SimpleNamespace
    from typing import Any

    from alcove.settings import Settings

__all__ = ["EnvBuilder", "create"]


class EnvBuilder:
    """Makes virtual environments; a subclass changes how by replacing methods, as with `venv.EnvBuilder`.

    Parameters as there: `system_site_packages` lets the base's distributions in, `clear` makes an environment that is
    there anew (a directory that is none is refused), `symlinks` links the interpreter, `upgrade` only brings it up to
    date, `with_pip` places the pip of ours, `prompt` is the name shown (`.`: that of the current directory),
    `upgrade_deps` upgrades CORE_VENV_DEPS, `scm_ignore_files` names the systems to write ignore files for ("git").
    """

    def __init__(
        self,
        system_site_packages: bool = False,
        clear: bool = False,
        symlinks: bool = False,
        upgrade: bool = False,
        with_pip: bool = False,
        prompt: str | None = None,
        upgrade_deps: bool = False,
        *,
        scm_ignore_files: Iterable[str] = frozenset(),
    ) -> None:
        self.system_site_packages = system_site_packages
        self.clear = clear
        self.symlinks = symlinks
        self.upgrade = upgrade
        self.with_pip = with_pip
        self.orig_prompt = prompt
        self.prompt = os.path.basename(os.getcwd()) if prompt == "." else prompt
        self.upgrade_deps = upgrade_deps
        self.scm_ignore_files = frozenset(map(str.lower, scm_ignore_files))

    def create(self, env_dir: str | PathLike[str]) -> None:
        """Make an environment in the directory `env_dir`; ValueError or OSError where that cannot be."""
        path = os.path.abspath(env_dir)
        if whole.possible(self, EnvBuilder, path):
            self._create_whole(path)
            return
        context = self.ensure_directories(path)
        for system in self.scm_ignore_files:
            getattr(self, f"create_{system}_ignore_file")(context)
        # Until pip is there, the base's must not pass for it.
        system_site_packages, self.system_site_packages = self.system_site_packages, False
        self.create_configuration(context)
        self.setup_python(context)
        if self.with_pip:
            self._setup_pip(context)
        if not self.upgrade:
            self.setup_scripts(context)
            self.post_setup(context)
        if system_site_packages:
            self.system_site_packages = True
            self.create_configuration(context)
        if self.upgrade_deps:
            self.upgrade_dependencies(context)

    def _create_whole(self, path: str) -> None:
        context = self._context(path)
        try:
            whole.make(self, context, _settings())
        except AlcoveError as error:
            raise _refused(error) from error
        self.post_setup(context)
        if self.upgrade_deps:
            self.upgrade_dependencies(context)

    def clear_directory(self, path: str) -> None:
        """Remove all that the directory `path` holds."""
        for name in os.listdir(path):
            trees.remove(os.path.join(path, name))

    def ensure_directories(self, env_dir: str | PathLike[str]) -> SimpleNamespace:
        """Make the directories of the environment and return the context that the other methods take.

        ValueError where one cannot be made, or where `clear` would remove what is no environment.
        """
        path = os.fspath(env_dir)
        context = self._context(path)
        try:
            if self.clear and os.path.exists(path):
                whole.refuse_foreign(path)
                self.clear_directory(path)
            from alcove.actions.adopting import directories

            directories(
                path,
                _settings(),
                interpreter=running.interpreter(),
                command=self._command(context),
            )
        except AlcoveError as error:
            raise _refused(error) from error
        return context

    def _context(self, path: str) -> SimpleNamespace:
        """Return what `venv` tells its hooks about the environment at `path` (absolute); ValueError for a bad path."""
        from types import SimpleNamespace

        if os.pathsep in path:
            raise ValueError(
                f"Refusing to create a venv in {path} because it contains the PATH separator {os.pathsep}."
            )
        name = os.path.basename(path)
        shown = self.prompt if self.prompt is not None else name
        executable = running.base_executable()
        home, program = os.path.split(os.path.abspath(executable))
        python = self._venv_path(path, "scripts") + os.sep + program
        return SimpleNamespace(
            env_dir=path,
            env_name=name,
            prompt=f"({shown}) " if running.DECORATES_PROMPT else shown,
            executable=executable,
            python_dir=home,
            python_exe=program,
            inc_path=self._venv_path(path, "include"),
            lib_path=self._venv_path(path, "purelib"),
            bin_path=self._venv_path(path, "scripts"),
            bin_name=BIN,
            env_exe=python,
            env_exec_cmd=python,
            cfg_path=os.path.join(path, "pyvenv.cfg"),
        )

    def _venv_path(self, env_dir: str, name: str) -> str:
        library = running.interpreter().library
        parts = {
            "scripts": (BIN,),
            "include": ("include", library),
            "purelib": ("lib", library, "site-packages"),
        }
        return os.path.join(env_dir, *parts[name])

    @classmethod
    def _same_path(cls, path1: str, path2: str) -> bool:
        """Tell whether two paths look the same to a reader, whatever they lead to."""
        return os.path.normcase(path1) == os.path.normcase(path2)

    def create_configuration(self, context: SimpleNamespace) -> None:
        """Write `pyvenv.cfg` anew."""
        from alcove.environments import config

        context.cfg_path = os.path.join(context.env_dir, "pyvenv.cfg")
        values = whole.config_of(self, context)
        atomic.replace_file(context.cfg_path, config.render(values))

    def _command(self, context: SimpleNamespace) -> str:
        """Return the command line that makes this environment, as `venv` writes it down."""
        unusual = "--copies" if os.name != "nt" else "--symlinks"
        written = running.RECORDS_IGNORE_FILES and not self.scm_ignore_files
        words = (
            (unusual, self.symlinks is (os.name == "nt")),
            ("--without-pip", not self.with_pip),
            ("--system-site-packages", self.system_site_packages),
            ("--clear", self.clear),
            ("--upgrade", self.upgrade),
            ("--upgrade-deps", self.upgrade_deps),
            (f'--prompt="{self.orig_prompt}"', self.orig_prompt is not None),
            ("--without-scm-ignore-files", written),
            (context.env_dir, True),
        )
        said = " ".join(word for word, holds in words if holds)
        return f"{sys.executable} -m venv {said}"

    def create_git_ignore_file(self, context: SimpleNamespace) -> None:
        """Make git ignore the environment; a `.gitignore` that is there stays as it is."""
        path = os.path.join(context.env_dir, ".gitignore")
        if not os.path.lexists(path):
            ops.write(path, b"*\n")

    def symlink_or_copy(self, src: str, dst: str, relative_symlinks_ok: bool = False) -> None:
        """Make the program `dst` (absolute) a link to `src`, or where links are not wanted or not to be had, a copy."""
        from alcove.actions import adopting

        if self.symlinks:
            beside = relative_symlinks_ok and os.path.dirname(src) == os.path.dirname(dst)
            try:
                adopting.link_interpreter(os.path.basename(src) if beside else src, dst)
            except OSError:
                self._warn("Unable to symlink %r to %r", src, dst)
            else:
                return
        adopting.copy_interpreter(src, dst, first=src if relative_symlinks_ok else "")

    def setup_python(self, context: SimpleNamespace) -> None:
        """Place the interpreter, by each of its names."""
        self.symlink_or_copy(context.executable, context.env_exe)
        for name in running.NAMES:
            path = os.path.join(context.bin_path, name)
            if path != context.env_exe:
                self.symlink_or_copy(context.env_exe, path, relative_symlinks_ok=True)

    def _call_new_python(self, context: SimpleNamespace, *py_args: str, **kwargs: Any) -> None:
        """Run the environment's interpreter with the words `py_args`; CalledProcessError where it fails."""
        import subprocess

        environ = dict(os.environ, VIRTUAL_ENV=context.env_dir)
        environ.pop("PYTHONHOME", None)
        environ.pop("PYTHONPATH", None)
        kwargs.update(env=environ, cwd=context.env_dir, executable=context.env_exec_cmd)
        subprocess.check_output([context.env_exec_cmd, *py_args], **kwargs)

    def _setup_pip(self, context: SimpleNamespace) -> None:
        """Place the pip of ours."""
        from alcove.actions.adopting import give_pip

        bundled = running.bundled_setuptools()
        interpreter = running.interpreter()
        try:
            give_pip(
                Layout(context.env_dir, interpreter.library),
                _settings(),
                interpreter=interpreter,
                wheels=[bundled] if bundled else [],
                command=self._command(context),
            )
        except AlcoveError as error:
            raise _refused(error) from error

    def setup_scripts(self, context: SimpleNamespace) -> None:
        """Place the activation scripts."""
        self.install_scripts(context, _TEMPLATES)

    def post_setup(self, context: SimpleNamespace) -> None:
        """Do nothing: for subclasses, which find the environment ready for use."""

    def replace_variables(self, text: str, context: SimpleNamespace) -> str:
        """Return the text of a script with the placeholders of `venv` replaced by words of its shell."""
        from alcove.venv import scripts

        return scripts.replace(text, context)

    def install_scripts(self, context: SimpleNamespace, path: str) -> None:
        """Place the scripts of the directory `path` (its `common`, and what is for this platform) below `bin`.

        Those of ours come from no such directory; they go through `replace_variables` too.
        """
        from alcove.venv import scripts

        found = _rendered(context, self.prompt) if path == _TEMPLATES else scripts.read(path)
        for relative, content, mode in found:
            target = os.path.join(context.bin_path, relative)
            context.script_path = target
            try:
                text = content.decode("utf-8", "surrogateescape" if path == _TEMPLATES else "strict")
            except UnicodeDecodeError as error:
                self._warn("unable to copy script %r, may be binary: %s", target, error)
                continue
            text = self.replace_variables(text, context)
            scripts.place(target, text.encode("utf-8", "surrogateescape"), mode)

    def upgrade_dependencies(self, context: SimpleNamespace) -> None:
        """Upgrade CORE_VENV_DEPS to the latest of the index."""
        self._call_new_python(
            context, "-m", "pip", "install", "--upgrade", *running.CORE_VENV_DEPS
        )

    def _warn(self, text: str, *values: object) -> None:
        import logging

        logging.getLogger("alcove.venv").warning(text, *values)


def create(
    env_dir: str | PathLike[str],
    system_site_packages: bool = False,
    clear: bool = False,
    symlinks: bool = False,
    with_pip: bool = False,
    prompt: str | None = None,
    upgrade_deps: bool = False,
    *,
    scm_ignore_files: Iterable[str] = frozenset(),
) -> None:
    """Make a virtual environment in a directory; the parameters are those of `EnvBuilder`."""
    builder = EnvBuilder(
        system_site_packages=system_site_packages,
        clear=clear,
        symlinks=symlinks,
        with_pip=with_pip,
        prompt=prompt,
        upgrade_deps=upgrade_deps,
        scm_ignore_files=scm_ignore_files,
    )
    builder.create(env_dir)


_TEMPLATES = os.path.join(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
    "environments",
    "activation",
    "templates",
)


def _rendered(context: SimpleNamespace, prompt: str | None) -> list[tuple[str, bytes, int]]:
    # `venv` takes anything that can be printed
    shown = str(prompt) if prompt is not None else context.env_name
    return [
        (name, text, 0o755 if executable else 0o644)
        for name, text, executable in render(context.env_dir, prompt=shown, bin_name=BIN)
    ]


def _settings() -> Settings:
    from alcove import settings

    return settings.read()


def _refused(error: AlcoveError) -> ValueError:
    """Return what callers of `venv` expect to catch."""
    return ValueError(f"{error.message}; {error.hint}" if error.hint else error.message)
