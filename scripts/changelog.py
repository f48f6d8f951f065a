"""Assemble CHANGELOG.md from the fragments of changelog.d: `python scripts/changelog.py VERSION [YYYY-MM-DD]`.

A fragment is `changelog.d/ISSUE.KIND.md`, or `ISSUE.KIND.N.md` for one more of the kind, and holds one sentence: what a user
notices. With a version the fragments go into the file and are removed; without arguments the text is printed.
"""

from __future__ import annotations

import os
import re
import sys
import time

__all__ = ["KINDS", "assemble", "main", "release"]

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KINDS = ("added", "changed", "fixed", "removed", "security")
NAME = re.compile(rf"(?P<issue>[0-9]+)\.(?P<kind>{'|'.join(KINDS)})(\.[0-9]+)?\.md")
MARK = "<!-- releases -->\n"


def assemble(directory: str) -> str:
    """Return the text that the fragments in `directory` make; ValueError names one that is not of the form."""
    rows: dict[str, list[tuple[int, str]]] = {kind: [] for kind in KINDS}
    for name in sorted(os.listdir(directory)):
        if name == "README.md":
            continue
        match = NAME.fullmatch(name)
        with open(os.path.join(directory, name), encoding="utf-8") as stream:
            text = " ".join(stream.read().split())
        if not match or not text.endswith("."):
            raise ValueError(
                f"{name}: not ISSUE.KIND.md with one sentence (kinds: {', '.join(KINDS)})"
            )
        rows[match["kind"]].append((int(match["issue"]), text))
    parts = [
        f"### {kind.capitalize()}\n\n"
        + "".join(f"- {text} (#{issue})\n" for issue, text in sorted(found))
        for kind, found in rows.items()
        if found
    ]
    return "\n".join(parts)


def release(root: str, version: str, date: str) -> None:
    """Move the fragments below `root` into its CHANGELOG.md, under a heading of their own."""
    directory = os.path.join(root, "changelog.d")
    text = assemble(directory)
    path = os.path.join(root, "CHANGELOG.md")
    with open(path, encoding="utf-8") as stream:
        before, mark, after = stream.read().partition(MARK)
    if not mark:
        raise ValueError(f"{path}: no line {MARK.strip()}")
    with open(path + ".tmp", "w", encoding="utf-8") as stream:
        stream.write(f"{before}{mark}\n## {version} ({date})\n\n{text}{after}")
    os.replace(path + ".tmp", path)
    for name in os.listdir(directory):
        if name != "README.md":
            os.unlink(os.path.join(directory, name))


def main() -> int:
    """Print what would be released, or release it."""
    try:
        if len(sys.argv) == 1:
            print(assemble(os.path.join(ROOT, "changelog.d")), end="")
        else:
            date = sys.argv[2] if len(sys.argv) > 2 else time.strftime("%Y-%m-%d", time.gmtime())
            release(ROOT, sys.argv[1], date)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
