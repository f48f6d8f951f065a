"""The kernels of Jupyter that a command line means: where one goes, and how several are shown."""

from __future__ import annotations

from alcove.actions.where import absolute, argument
from alcove.cli.output import say
from alcove.cli.requests import sources_of
from alcove.errors import UsageError
from alcove.kernels.installing import install_kernel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.kernels.listing import Kernel
    from alcove.kernels.specs import Spec
    from alcove.settings import Settings

__all__ = ["installed", "show"]


def installed(path: str, values: Values, settings: Settings, reporter: Reporter) -> Spec:
    """Make the environment at `path` (absolute) a kernel as the options say, and return that."""
    return install_kernel(
        path,
        settings,
        name=values.text("kernel"),
        display_name=values.text("display_name"),
        prefix=_prefix(values, settings, path),
        sources=sources_of(values),
        offline=values.flag("offline"),
        dry_run=values.flag("dry_run"),
        reporter=reporter,
    )


def _prefix(values: Values, settings: Settings, path: str) -> str:
    """Return the prefix (absolute) below which the kernel of `path` is to go, "" for the user's place.

    UsageError where more than one place is said.
    """
    given = [values.flag("user"), values.flag("sys_prefix"), bool(values.text("prefix"))]
    if sum(given) > 1:
        raise UsageError("--user, --sys-prefix and --prefix all say where", hint="say one of them")
    if values.flag("sys_prefix"):
        return path
    word = values.text("prefix")
    if not word:
        return ""
    return absolute(word, settings) if "/" in word else argument(word, settings)


def show(found: Sequence[Kernel]) -> None:
    """Print a line for each kernel, and one more for each that does not start."""
    widths = [max((len(one[at]) for one in found), default=0) for at in (0, 1)]
    names = [one.name for one in found]
    for one in found:
        lent = "  (ipykernel lent)" if one.support else ""
        where = f"  in {one.directory}" if names.count(one.name) > 1 else ""
        row = f"{one.name:<{widths[0]}}  {one.display_name:<{widths[1]}}  {one.environment}"
        say(row + lent + where)
        if one.health != "ok":
            say(f"    {one.health}" + (f"; {one.hint}" if one.hint else ""))
