"""`freeze`: what is installed, as requirements that install it again, in the shape of `pip freeze`."""

from __future__ import annotations

from alcove.records import NamedTuple
from alcove.requirements.versions import normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from alcove.environments.installed import Distribution
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.settings import Settings

__all__ = ["Frozen", "direct_reference", "freeze", "frozen_of"]


class Frozen(NamedTuple):
    """One distribution as a requirement, with the comment lines that come before it."""

    name: str
    requirement: str
    editable: bool
    comments: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return the lines that `freeze` writes."""
        mark = "-e " if self.editable else ""
        return [*self.comments, f"{mark}{self.requirement}".rstrip()]


def freeze(
    layout: Layout, settings: Settings, *, with_pip: bool = False, reporter: Reporter | None = None
) -> list[Frozen]:
    """Return what is installed as requirements, in the order of names; the pip of ours only `with_pip`."""
    from alcove.actions.listing import distributions
    from alcove.actions.steady import steadily

    def warn(text: str) -> None:
        if reporter is not None:
            from alcove.events import Warned

            reporter.emit(Warned(text))

    return steadily(
        layout,
        lambda: [
            frozen_of(one, editable=one.editable_location(), environ=settings.variables, warn=warn)
            for one in distributions(layout, cache=settings.cache)
            if with_pip or one.normalised != "pip"
        ],
    )


def frozen_of(
    distribution: Distribution,
    *,
    editable: str,
    environ: Mapping[str, str],
    warn: Callable[[str], None],
) -> Frozen:
    """Return one distribution as a requirement; `editable` is the directory of its project (absolute), or ""."""
    display = _name_version(distribution)
    if editable:
        from alcove.actions.repository import requirement_of

        requirement, comments = requirement_of(
            editable, distribution.name, display=display, environ=environ, warn=warn
        )
        return Frozen(distribution.name, requirement, editable=True, comments=comments)
    direct_url = distribution.direct_url()
    text = direct_reference(direct_url, distribution.name) if direct_url is not None else display
    return Frozen(distribution.name, text, editable=False, comments=())


def direct_reference(direct_url: Mapping[str, Any], name: str) -> str:
    """Return the PEP 440 direct reference of a direct_url.json (valid by PEP 610)."""
    url = direct_url["url"]
    fragments = []
    vcs, archive = direct_url.get("vcs_info"), direct_url.get("archive_info")
    if vcs:
        url = f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
    elif archive:
        hashes = archive.get("hashes")
        if hashes:
            algorithm, digest = next(iter(hashes.items()))
            fragments.append(f"{algorithm}={digest}")
        elif isinstance(archive.get("hash"), str):  # PEP 610: the older key
            fragments.append(archive["hash"])
    if direct_url.get("subdirectory"):
        fragments.append(f"subdirectory={direct_url['subdirectory']}")
    return f"{name} @ {url}" + ("#" + "&".join(fragments) if fragments else "")


def _name_version(distribution: Distribution) -> str:
    version = normal(distribution.directory_version)
    if version is None:
        return f"{distribution.name}==={distribution.version}"
    return f"{distribution.name}=={version}"
