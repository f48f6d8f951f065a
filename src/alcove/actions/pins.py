"""What a requirement is: a pin, a lock, the pip of ours; and what a requirements file says of indexes."""

from __future__ import annotations

import os

from alcove.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.environments.generation import Placement
    from alcove.requirements import requirements_txt
    from alcove.requirements.spec import Asked

__all__ = ["OURS", "check_pins", "is_lock", "is_pin", "is_seed", "layers_of"]

OURS = "pip"


def is_seed(placement: Placement) -> bool:
    """Tell whether a placement is the pip that alcove puts into environments."""
    return (
        placement.name == OURS
        and placement.source.startswith("e/pip-")
        and placement.record == "seed"
    )


def is_pin(asked: Asked) -> bool:
    """Tell whether a requirement admits one version only."""
    return (
        asked.specifier.startswith(("==", "==="))
        and "*" not in asked.specifier
        and "," not in asked.specifier
    )


def is_lock(name: str) -> bool:
    """Tell whether a path or URL is that of a lock (PEP 751)."""
    base = os.path.basename(name.partition("?")[0] if "://" in name else name)
    return base == "pylock.toml" or (base.startswith("pylock.") and base.endswith(".toml"))


def layers_of(found: requirements_txt.RequirementsFile) -> list[dict[str, object]]:
    """Return the options of a requirements file as layers of index settings, the last one the strongest."""
    layer: dict[str, object] = {}
    if found.index_url is not None:
        layer["only-index-url"] = found.index_url
    for name, values in (
        ("extra-index-url", found.extra_index_urls),
        ("find-links", found.find_links),
        ("trusted-host", found.trusted_hosts),
    ):
        if values:
            layer[name] = list(values)
    for name, value in (
        ("no-index", found.no_index),
        ("pre", found.pre),
        ("prefer-binary", found.prefer_binary),
    ):
        if value:
            layer[name] = True
    layers = [layer]
    for first, names in found.formats:  # in their order: the later one takes names from the other
        layers.append({"no-binary" if first else "only-binary": [names]})
    return layers


def check_pins(asked: Sequence[Asked], *, hashes: bool) -> None:
    """Raise UsageError where a requirement is no pin, or with `hashes` has no hash."""
    loose = [one for one in asked if not one.url and not is_pin(one)]
    if loose:
        raise UsageError(
            f"{loose[0].origin}: {loose[0].text} is not pinned with ==",
            hint="pip freeze writes pins; alcove install takes what is not pinned",
        )
    bare = [one for one in asked if hashes and not one.hashes and not one.editable]
    if bare:
        raise UsageError(
            f"{bare[0].origin}: {bare[0].text} has no --hash, and hashes are required",
            hint="give every requirement a hash, or none",
        )
