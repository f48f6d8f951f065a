"""A plugin of tox 4 that makes its environments with alcove: `runner = alcove` in a `[testenv]` chooses it.

Loaded by the entry point of this distribution, it changes nothing by itself.
"""

from __future__ import annotations

from tox.plugin import impl
from tox.tox_env.python.virtual_env.api import VirtualEnv
from tox.tox_env.python.virtual_env.package.pyproject import Pep517VirtualEnvPackager
from tox.tox_env.python.virtual_env.runner import VirtualEnvRunner

from alcove.errors import AlcoveError
from alcove.virtualenv.session import Session, session_via_cli

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tox.config.main import Config
    from tox.tox_env.register import ToxEnvRegister

__all__ = ["AlcovePackager", "AlcoveRunner", "tox_register_tox_env"]


class _Made(VirtualEnv):  # type: ignore[misc]  # tox is not there when types are checked
    """An environment of tox whose session is ours."""

    _session_of_ours: Session | None = None
    _failed: RuntimeError | None = None

    def _default_pass_env(self) -> list[str]:
        """Pass on what says where the store and the cache are: all environments of a user share one."""
        found: list[str] = super()._default_pass_env()
        return [*found, "ALCOVE_*", "XDG_CACHE_HOME", "XDG_DATA_HOME"]

    def _default_virtualenv_spec(self, conf: Config, name: str | None) -> str:  # noqa: ARG002  tox's signature
        return ""  # no other virtualenv is ever needed for an old Python

    @property
    def session(self) -> Session:
        """The session, which says where things are before it makes them."""
        if self._failed is not None:
            raise self._failed
        if self._session_of_ours is None:
            wanted = [f"--python={spec}" for spec in self.conf["base_python"]]
            try:
                self._session_of_ours = session_via_cli(
                    [str(self.env_dir), *wanted], env=self.virtualenv_env_vars()
                )
            except (AlcoveError, RuntimeError, SystemExit) as error:
                self._failed = RuntimeError(str(error))
                raise self._failed from error
        return self._session_of_ours


class AlcoveRunner(_Made, VirtualEnvRunner):  # type: ignore[misc]  # as above
    """Runs commands in an environment of alcove."""

    @staticmethod
    def id() -> str:
        """Return what `runner =` says."""
        return "alcove"

    @property
    def _package_tox_env_type(self) -> str:
        return "alcove-pep-517"


class AlcovePackager(_Made, Pep517VirtualEnvPackager):  # type: ignore[misc]  # as above
    """Builds the project in an environment of alcove."""

    @staticmethod
    def id() -> str:
        """Return what `package_tox_env_type =` says."""
        return "alcove-pep-517"


@impl  # type: ignore[untyped-decorator]  # as above
def tox_register_tox_env(register: ToxEnvRegister) -> None:
    """Add ours to the environments that tox knows."""
    register.add_run_env(AlcoveRunner)
    register.add_package_env(AlcovePackager)
