"""`pip debug`: what this pip and its environment's interpreter are, for reports of defects."""

from __future__ import annotations

from alcove.errors import InterpreterGone
from alcove.pasting import pasted
from alcove.pip.more_actions import more_of
from alcove.pip.targets import given, target_wish
from alcove.pip.version import PIP_VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from alcove.pip.session import Session

__all__ = ["run"]

_MOST = 10  # tags, without --verbose
_LIBRARIES = ("packaging", "urllib3", "truststore", "pyproject-hooks", "nab-resolver", "tomlkit")
_WARNING = (
    "This command is only meant for debugging. Do not use this with automation for parsing and"
    " getting these details, since the output and options of this command may change without notice."
)
# Runs under the environment's Python, whatever its version; one line each, as pip has them.
_CODE = """
import locale, sys
encoding = getattr(locale, "getencoding", lambda: locale.getpreferredencoding(False))()
for name, value in (
    ("sys.version", sys.version),
    ("sys.executable", sys.executable),
    ("sys.getdefaultencoding", sys.getdefaultencoding()),
    ("sys.getfilesystemencoding", sys.getfilesystemencoding()),
    ("locale.getencoding", encoding),
    ("sys.platform", sys.platform),
    ("sys.implementation", "\\n  name: " + sys.implementation.name),
):
    line = name + ":" + ("" if value.startswith("\\n") else " ") + value + "\\n"
    sys.stdout.buffer.write(line.encode("utf-8", "surrogateescape"))
"""


def run(session: Session) -> int:
    """Carry out `pip debug`; 0."""
    output = session.output
    wish = target_wish(session.parsed)
    output.warning(_WARNING)
    location = f"{session.place.site_packages}/pip"
    output.info(f"pip version: pip {PIP_VERSION} from {location} (python {session.place.python})")
    for line in _asked(session):
        output.info(line)
    output.info(f"'cert' config value: {_cert(session)}")
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        output.info(f"{name}: {session.environ.get(name)}")
    output.info("certificates: the system's trust store")
    output.info("libraries of alcove, which does the work of this pip:")
    for line in _libraries():
        output.info(f"  {line}")
    _tags(session, list(more_of(session.actions()).tags(wish)), given(wish))
    return 0


def _asked(session: Session) -> list[str]:
    """Return what the environment's Python says of itself."""
    import subprocess

    line = [session.place.executable, "-I", "-c", _CODE]
    try:
        done = subprocess.run(line, capture_output=True, check=True, env=dict(session.environ))
    except (OSError, subprocess.CalledProcessError) as error:
        raise InterpreterGone(
            f"the Python of {session.place.prefix} does not answer: {error}",
            hint=f"alcove repair --env {pasted(session.place.prefix)}",
        ) from error
    return done.stdout.decode(errors="surrogateescape").split("\n")[:-1]


def _cert(session: Session) -> str:
    """Return in which sections pip's files and variables say anything, as pip answers this."""
    from alcove.pip.config_files import Configuration

    configuration = Configuration(session.environ, session.home(), prefix=session.place.prefix)
    levels = {
        key.partition(".")[0] for values in configuration.by_file().values() for key in values
    }
    if not levels:
        return "Not specified"
    if not levels & {"install", "wheel", "download"}:
        return "global"
    return ", ".join(sorted(levels - {"global"}))


def _libraries() -> Iterator[str]:
    from importlib.metadata import PackageNotFoundError, version

    for name in _LIBRARIES:
        try:
            yield f"{name}=={version(name)}"
        except PackageNotFoundError:
            yield f"{name} (its version is not to be had)"


def _tags(session: Session, tags: list[str], target: str) -> None:
    output = session.output
    output.info(f"Compatible tags: {len(tags)}" + (f" (target: {target})" if target else ""))
    limited = session.parsed.times("verbose") < 1 and len(tags) > _MOST
    for tag in tags[:_MOST] if limited else tags:
        output.info(f"  {tag}")
    if limited:
        output.info("  ...")
        output.info(f"  [First {_MOST} tags shown. Pass --verbose to show all.]")
