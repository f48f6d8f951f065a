"""The options that `create`, `install` and `sync` share, as a request of the library."""

from __future__ import annotations

from alcove.actions.request import Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.settings import Settings

__all__ = ["request_of", "sources_of"]


def sources_of(values: Values) -> dict[str, object]:
    """Return the index options that were said, by pip's names."""
    found: dict[str, object] = {}
    if values.text("index_url"):
        found["index-url"] = values.text("index_url")
    for name in ("extra_index_url", "find_links", "no_binary", "only_binary"):
        if values.many(name):
            found[name.replace("_", "-")] = list(values.many(name))
    for name in ("no_index", "pre"):
        if values.flag(name):
            found[name.replace("_", "-")] = True
    return found


def request_of(
    values: Values,
    settings: Settings,
    *,
    requirements: tuple[str, ...] = (),
    files: tuple[str, ...] = (),
    exact: bool = False,
) -> Request:
    """Return the request that a command line makes."""
    return Request(
        directory=settings.cwd,
        command=f"alcove {values.verb}" + "".join(f" {word}" for word in values.words),
        requirements=requirements,
        editables=values.many("editable"),
        files=files or values.many("requirement"),
        constraints=values.many("constraint"),
        sources=sources_of(values),
        exact=exact,
        upgrade=("*",) if values.flag("upgrade") else (),
        no_deps=values.flag("no_deps"),
        offline=values.flag("offline"),
        dry_run=values.flag("dry_run"),
    )
