"""The options that `create`, `install` and `sync` share, as a request of the library."""

from __future__ import annotations

from alcove.actions.request import Request
from alcove.errors import UsageError

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
    if values.text("exclude_newer"):
        import time

        from alcove.requirements.moments import moment

        said = values.text("exclude_newer")
        found["uploaded-prior-to"] = moment(said, now=time.time(), option="--exclude-newer")
    return found


def _settings_of(values: Values) -> tuple[tuple[str, str], ...]:
    """Return the settings for build backends; UsageError where one is not KEY=VALUE."""
    found = []
    for text in values.many("config_settings"):
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--config-settings {text!r}: it needs KEY=VALUE")
        found.append((key, value))
    return tuple(found)


def _upgrade_of(values: Values) -> tuple[str, ...]:
    """Return what is upgraded: nothing, what is named, or all that it needs too."""
    how = values.choice("upgrade_strategy", ("only-if-needed", "eager"))
    if not values.flag("upgrade"):
        return ()
    return ("**",) if how == "eager" else ("*",)


def request_of(
    values: Values,
    settings: Settings,
    *,
    requirements: tuple[str, ...] = (),
    files: tuple[str, ...] = (),
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
        upgrade=_upgrade_of(values),
        no_deps=values.flag("no_deps"),
        force=values.flag("force_reinstall"),
        require_hashes=values.flag("require_hashes"),
        isolated_builds=not values.flag("no_build_isolation"),
        config_settings=_settings_of(values),
        build_constraints=values.many("build_constraint"),
        groups=values.many("group"),
        offline=values.flag("offline"),
        dry_run=values.flag("dry_run"),
    )
