"""pip's installation report (version 1 of its specification): what was, or would be, installed, and from where."""

from __future__ import annotations

from alcove.environments.seed import PIP_VERSION
from alcove.files import data, digest, reading
from alcove.plans.plan import normalise
from alcove.wheels import metadata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from alcove.actions.install import Outcome
    from alcove.environments.generation import Placement
    from alcove.environments.layout import Layout
    from alcove.requirements.resolution import Pinned

__all__ = ["metadata_as_json", "report_of"]

# The fields of core metadata that may come more than once.
_MANY = frozenset(
    (
        "dynamic",
        "platform",
        "supported_platform",
        "license_file",
        "classifier",
        "requires_dist",
        "requires_external",
        "project_url",
        "provides_extra",
        "provides_dist",
        "obsoletes_dist",
    )
)


def report_of(layout: Layout, outcome: Outcome, markers: Mapping[str, str]) -> dict[str, Any]:
    """Return the report as JSON values; `markers` is the environment of PEP 508."""
    pinned = (
        {one.name: one for one in outcome.resolution.distributions} if outcome.resolution else {}
    )
    coming = {normalise(one.name) for one in (*outcome.plan.added, *outcome.plan.changed)}
    placed = {normalise(one.name): one for one in outcome.wanted}
    rows = [
        _row(
            placed[name],
            pinned.get(name),
            outcome.unbuilt.get(name, b""),
            layout,
        )
        for name in sorted(coming)
        if name in placed
    ]
    return {
        "version": "1",
        "pip_version": PIP_VERSION,
        "install": rows,
        "environment": dict(markers),
    }


def _row(
    placement: Placement, pinned: Pinned | None, unbuilt: bytes, layout: Layout
) -> dict[str, Any]:
    direct = bool(placement.direct_url)
    requested = pinned.requested if pinned is not None else placement.requested
    if direct:
        info: dict[str, Any] = data.loads(placement.direct_url.encode())
    else:
        url = pinned.origin.url if pinned is not None else ""
        sha256 = placement.sha256 if unbuilt else _sha256(pinned, placement)
        hashes = {"hash": f"sha256={sha256}", "hashes": {"sha256": sha256}} if sha256 else {}
        info = {"url": url, "archive_info": hashes}
    row: dict[str, Any] = {
        "download_info": info,
        "is_direct": direct,
        "is_yanked": pinned is not None and pinned.yanked is not None,
        "requested": requested,
        "metadata": metadata_as_json(unbuilt or _metadata(layout, placement)),
    }
    if requested and pinned is not None and pinned.extras:
        row["requested_extras"] = list(pinned.extras)
    return row


def _sha256(pinned: Pinned | None, placement: Placement) -> str:
    """Return the sha256 of the file that was taken, in hex; "" where neither the index nor the disk tells it."""
    if pinned is None or pinned.origin.filename.endswith(".whl"):
        return placement.sha256
    if pinned.origin.sha256 or not pinned.origin.url.startswith("file:"):
        return pinned.origin.sha256
    from alcove.requirements.addresses import path_of

    return digest.sha256_of(path_of(pinned.origin.url, "/"))


def _metadata(layout: Layout, placement: Placement) -> bytes:
    return reading.content(f"{layout.private}/{placement.source}/dist-info/METADATA")


def metadata_as_json(content: bytes) -> dict[str, Any]:
    """Return core metadata in the JSON form of PEP 566."""
    found: dict[str, Any] = {}
    for name, value in metadata.headers(content):
        key = name.lower().replace("-", "_")
        if key in _MANY:
            found.setdefault(key, []).append(value)
        elif key == "keywords":
            found[key] = (
                [word.strip() for word in value.split(",")] if "," in value else value.split()
            )
        else:
            found.setdefault(key, value)
    body = content.replace(b"\r\n", b"\n").partition(b"\n\n")[2].decode("utf-8", "replace")
    if body:
        found["description"] = body
    return found
