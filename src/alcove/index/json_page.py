"""Pages in JSON (PEP 691, PEP 700): every file's name and the keys that alcove reads."""

from __future__ import annotations

from typing import Any

from alcove.files.data import DataError, loads
from alcove.index.urls import basename, without_credentials

__all__ = ["JsonPage", "parse"]

_KEYS = (
    "url",
    "hashes",
    "requires-python",
    "yanked",
    "size",
    "upload-time",
    "core-metadata",
    "dist-info-metadata",
)


class JsonPage:
    """What a page says: `api` (its `meta.api-version`, or "") and `rows` of (file name, what is known)."""

    __slots__ = ("api", "rows")

    def __init__(self, api: str, rows: list[tuple[str, dict[str, Any]]]) -> None:
        self.api = api
        self.rows = rows


def parse(data: bytes) -> JsonPage:
    """Return the files of a page; raises DataError where it is no JSON of that form."""
    page = loads(data)
    if not isinstance(page, dict) or not isinstance(page.get("files"), list):
        raise DataError("it has no list of files")
    meta = page.get("meta")
    api = meta.get("api-version") if isinstance(meta, dict) else ""
    rows = []
    for item in page["files"]:
        if not isinstance(item, dict) or not isinstance(item.get("url"), str):
            raise DataError("an item of its files has no url")
        url = without_credentials(item["url"])
        name = item.get("filename")
        filename = name if isinstance(name, str) and name else basename(url)
        known = {key: item[key] for key in _KEYS if key in item}
        known["url"] = url
        rows.append((filename, known))
    return JsonPage(api if isinstance(api, str) else "", rows)
