"""`alcove kernel install|list|remove`."""

from __future__ import annotations

from alcove.actions.where import absolute, argument, path_of
from alcove.cli.output import print_json, say
from alcove.cli.requests import sources_of
from alcove.errors import UsageError
from alcove.kernels.installing import install_kernel, remove_kernels
from alcove.kernels.listing import list_kernels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Make a kernel of an environment, list those that there are, or remove some."""
    what, *more = values.arguments
    word = "".join(more[:1])
    if what == "list" and not more:
        return _list(values, settings)
    if what not in ("install", "remove") or len(more) > 1 or (word and _said(values)):
        raise UsageError(
            f"alcove kernel does not take {' '.join(values.arguments)!r}"
            + (" with --env or -n" if word and _said(values) else ""),
            hint="alcove kernel install [ENV], alcove kernel list, alcove kernel remove [KERNEL or ENV]",
        )
    path = path_of(settings, env=values.text("env"), name=values.text("name")) if not word else ""
    dry = values.flag("dry_run")
    if what == "remove":
        found = remove_kernels(word or path, settings, dry_run=dry, reporter=reporter)
        done = "would remove" if dry else "removed"
    else:
        path = path or argument(word, settings)
        found = [
            install_kernel(
                path,
                settings,
                name=values.text("kernel"),
                display_name=values.text("display_name"),
                prefix=_prefix(values, settings, path),
                sources=sources_of(values),
                offline=values.flag("offline"),
                dry_run=dry,
                reporter=reporter,
            )
        ]
        done = "would install" if dry else "installed"
    if values.flag("json"):
        print_json([{"name": one.name, **one._asdict()} for one in found])
    elif not values.count("quiet"):
        for one in found:
            lent = "; ipykernel is lent to it" if one.support and what == "install" else ""
            say(f"{done} the kernel {one.name}, {one.display_name}: {one.directory}{lent}")
    return 0


def _said(values: Values) -> bool:
    return bool(values.text("env") or values.text("name"))


def _prefix(values: Values, settings: Settings, path: str) -> str:
    given = [values.flag("user"), values.flag("sys_prefix"), bool(values.text("prefix"))]
    if sum(given) > 1:
        raise UsageError("--user, --sys-prefix and --prefix all say where", hint="say one of them")
    if values.flag("sys_prefix"):
        return path
    word = values.text("prefix")
    if not word:
        return ""
    return absolute(word, settings) if "/" in word else argument(word, settings)


def _list(values: Values, settings: Settings) -> int:
    found = list_kernels(settings)
    if values.flag("json"):
        print_json([one._asdict() for one in found])
        return 0
    widths = [max((len(one[at]) for one in found), default=0) for at in (0, 1)]
    for one in found:
        lent = "  (ipykernel lent)" if one.support else ""
        say(f"{one.name:<{widths[0]}}  {one.display_name:<{widths[1]}}  {one.environment}{lent}")
        if one.health != "ok":
            say(f"    {one.health}" + (f"; {one.hint}" if one.hint else ""))
    return 0
