"""`pip inspect`: what is installed, and for which interpreter, as JSON (version 1 of pip's specification)."""

from __future__ import annotations

import os

from alcove.pip.listing import STANDARD_LIBRARY, selected
from alcove.pip.metadata_json import as_json
from alcove.pip.version import PIP_VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from alcove.environments.installed import Distribution
    from alcove.pip.session import Session

__all__ = ["run"]


def run(session: Session) -> int:
    """Carry out `pip inspect`; 0."""
    import json

    chosen = [each for each in selected(session) if each.normalised not in STANDARD_LIBRARY]
    report = {
        "version": "1",
        "pip_version": PIP_VERSION,
        "installed": [_row(session, each) for each in chosen],
        "environment": dict(session.markers()),
    }
    session.output.data(json.dumps(report, indent=2, ensure_ascii=False))
    return 0


def _row(session: Session, each: Distribution) -> dict[str, Any]:
    row: dict[str, Any] = {
        "metadata": as_json(_metadata(each)),
        "metadata_location": _location(session, each),
    }
    direct = _direct(each.direct_url()) or _as_editable(session.editable(each))
    if direct:
        row["direct_url"] = direct
    installer = each.installer()
    if installer:
        row["installer"] = installer
    if each.info.endswith(".dist-info"):
        row["requested"] = each.requested()
    return row


def _location(session: Session, each: Distribution) -> str:
    """Return the metadata directory; below a `--path` as that was said, in pip's way."""
    for said in session.parsed.texts("path"):
        if os.path.join(session.directory, said) == each.location:
            return os.path.join(said, os.path.basename(each.info))
    return each.info


def _metadata(each: Distribution) -> bytes:
    if each.metadata:
        return each.read(each.metadata) or each.head
    return each.head  # one file that distutils wrote


def _direct(value: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a direct_url.json as pip gives it on (PEP 610): known fields, without passwords."""
    if value is None:
        return None
    from packaging.direct_url import DirectUrl, DirectUrlValidationError

    try:
        return dict(DirectUrl.from_dict(value).to_dict(generate_legacy_hash=True))
    except DirectUrlValidationError:
        return None


def _as_editable(location: str) -> dict[str, Any] | None:
    """Return what a direct_url.json would say of a project that was installed with `setup.py develop`."""
    if not location:
        return None
    from pathlib import Path

    url = Path(os.path.abspath(location)).as_uri()
    return {"url": url, "dir_info": {"editable": True}}
