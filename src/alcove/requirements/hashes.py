"""Hash-checking mode: with one `--hash` anywhere, pip wants every distribution pinned and hashed, dependencies too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alcove.errors import InvalidRequirement
from alcove.requirements import grammar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.requirements.resolution import Pinned, Resolution
    from alcove.requirements.spec import Asked

__all__ = ["check", "wanted"]


def wanted(asked: Sequence[Asked], *, required: bool | None) -> bool:
    """Tell whether hashes are checked: where they are required, or where some requirement has them and none forbids it."""
    return any(one.hashes for one in asked) if required is None else required


def check(asked: Sequence[Asked], constraints: Sequence[Asked], resolution: Resolution) -> None:
    """Refuse a resolution that hash-checking mode does not allow, naming every distribution that is wrong.

    Each must come from an archive, be pinned with `==` (or be an address), and have a hash: in a requirement, in a
    constraint, or in the fragment of its address. Raises `InvalidRequirement`.
    """
    lines = [
        f"{one.name} {one.version} {problem}"
        for one in resolution.distributions
        if (problem := _problem(one, [*asked, *constraints]))
    ]
    if lines:
        message = "hashes are required, and not all can be checked:\n" + "\n".join(
            f"  {line}" for line in lines
        )
        raise InvalidRequirement(
            message, hint="add NAME==VERSION --hash=sha256:… for each, or leave out all hashes"
        )


def _problem(decided: Pinned, asked: Sequence[Asked]) -> str:
    """Say what is wrong with one distribution, or ""."""
    if decided.origin.kind in {"directory", "editable", "vcs"}:
        return "is not an archive, and so has no hash"
    mine = [
        one
        for one in asked
        if one.name == decided.name or (one.url and one.url == decided.origin.url)
    ]
    if not mine:
        return "is a dependency that is not listed"
    if not any(one.url or _pins(one.specifier) for one in mine):
        return f"is not pinned with == ({mine[0].origin})"
    if not any(one.hashes or _in_fragment(one.url) for one in mine):
        return f"has no hash ({mine[0].origin})"
    return ""


def _pins(specifier: str) -> bool:
    """Tell whether a specifier names one version only."""
    clauses = list(grammar.specifier(specifier))
    return len(clauses) == 1 and (
        clauses[0].operator == "==="
        or (clauses[0].operator == "==" and not clauses[0].version.endswith(".*"))
    )


def _in_fragment(url: str) -> bool:
    """Tell whether an address carries a strong hash of what is there."""
    fragment = url.partition("#")[2]
    return any(
        part.partition("=")[0] in {"sha256", "sha384", "sha512"} for part in fragment.split("&")
    )
