"""From a parsed command line to the requests of `actions`."""

from __future__ import annotations

import os

from alcove.pip.actions import IndexOptions, InstallRequest, Outside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.pip.parse import Parsed
    from alcove.pip.session import Session

__all__ = ["index_options", "install_request", "outside_of"]


def index_options(parsed: Parsed) -> IndexOptions:
    """Return what a command line says of indexes and of the choice of files."""
    retries = parsed.number("retries")
    return IndexOptions(
        index_url=parsed.text("index_url"),
        extra_index_urls=tuple(parsed.texts("extra_index_urls")),
        find_links=tuple(parsed.texts("find_links")),
        no_index=parsed.flag("no_index"),
        trusted_hosts=tuple(parsed.texts("trusted_hosts")),
        cert=parsed.text("cert"),
        client_cert=parsed.text("client_cert"),
        proxy=parsed.text("proxy"),
        no_proxy_env=parsed.flag("no_proxy_env"),
        retries=None if retries is None else int(retries),
        timeout=parsed.number("timeout"),
        cache_dir=parsed.text("cache_dir"),
        no_input=parsed.flag("no_input"),
        keyring_provider=parsed.text("keyring_provider"),
        pre=parsed.flag("pre"),
        no_binary=tuple(parsed.texts("no_binary")),
        only_binary=tuple(parsed.texts("only_binary")),
        prefer_binary=parsed.flag("prefer_binary"),
        releases=tuple((text[0] == "+", text[1:]) for text in parsed.texts("releases")),
        uploaded_prior_to=parsed.text("uploaded_prior_to") or "",
        refresh=tuple(parsed.texts("refresh")),
    )


def install_request(session: Session, requirements: list[str]) -> InstallRequest:
    """Return the request of a `pip install` of `requirements` (those of the arguments that are alcove's)."""
    parsed = session.parsed
    settings = [text.partition("=") for text in parsed.texts("config_settings")]
    said = parsed.values.get("compile")
    return InstallRequest(
        requirements=tuple(requirements),
        editables=tuple(parsed.texts("editables")),
        files=tuple(parsed.texts("requirements")),
        constraints=tuple(parsed.texts("constraints")),
        build_constraints=tuple(parsed.texts("build_constraints")),
        groups=tuple(parsed.texts("groups")),
        sources=index_options(parsed),
        directory=session.directory,
        command=session.command,
        upgrade=parsed.flag("upgrade"),
        upgrade_strategy=parsed.text("upgrade_strategy") or "only-if-needed",
        # pip's --ignore-installed puts the new files over the old ones; the state it means to reach is
        # that of a fresh install, and so is ours.
        force_reinstall=parsed.flag("force_reinstall") or parsed.flag("ignore_installed"),
        no_deps=parsed.flag("no_deps"),
        dry_run=parsed.flag("dry_run"),
        ignore_requires_python=parsed.flag("ignore_requires_python"),
        require_hashes=parsed.flag("require_hashes"),
        no_require_hashes=parsed.flag("no_require_hashes"),
        build_isolation=parsed.flag("build_isolation", default=True),
        check_build_dependencies=parsed.flag("check_build_dependencies"),
        config_settings=tuple((key, value) for key, _, value in settings),
        source_directory=parsed.text("src"),
        compile=said if isinstance(said, bool) else None,
        legacy_resolver="legacy-resolver" in parsed.texts("deprecated_features_enabled"),
        report=parsed.text("report") is not None,
        scripts=tuple(parsed.texts("scripts")),
        only_dependencies=parsed.flag("only_deps"),
        exists_action=(parsed.texts("exists_action") or [""])[-1],
        platforms=tuple(parsed.texts("platforms")),
        python_version=parsed.text("python_version") or "",
        implementation=parsed.text("implementation") or "",
        abis=tuple(parsed.texts("abis")),
        outside=outside_of(session),
    )


def _same(path: str, other: str) -> bool:
    return os.path.realpath(path) == os.path.realpath(other)


def outside_of(session: Session) -> Outside | None:
    """Return where a `pip install` goes that is not for the environment; None for one that is."""
    parsed = session.parsed
    places = {
        name: session.joined(text)
        for name in ("target", "prefix", "root")
        if (text := parsed.text(name))
    }
    prefix = parsed.text("prefix") or ""
    if "root" in places and prefix and not os.path.isabs(prefix):
        places["prefix"] = os.sep + prefix  # pip: a relative prefix begins at the root
    if parsed.flag("user"):
        places["user_base"] = session.place.user_base
    if list(places) == ["prefix"] and _same(places["prefix"], session.place.prefix):
        return None  # what has the prefix of the environment is for the environment
    if not places:
        return None
    return Outside(
        **{name: os.path.normpath(path) for name, path in places.items()},
        replace=parsed.flag("upgrade"),
    )
