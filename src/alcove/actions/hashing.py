"""Hash-checking mode, by pip's rules: where one requirement has a hash, all that is fetched must have one.

Rule: what cannot be checked is refused before anything of it is fetched; what is installed already is trusted.
"""

from __future__ import annotations

import os

from alcove.actions.pins import is_pin
from alcove.errors import AlcoveError, InvalidRequirement
from alcove.requirements.spec import spell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from alcove.actions.compatible import Chooser
    from alcove.index.session import Index
    from alcove.requirements.resolution import Resolution
    from alcove.requirements.spec import Asked

__all__ = ["check_dependencies", "check_hashes", "stated"]

_HINT = "give every requirement a version with == and a --hash, those that others need too; or none a hash"


def check_hashes(
    asked: Sequence[Asked],
    constraints: Sequence[Asked] = (),
    *,
    sha256: Callable[[Asked], str] | None = None,
) -> None:
    """Raise InvalidRequirement where what is asked for cannot be checked against a hash.

    `sha256` gives the one that an index tells of what is pinned (hex), "" for none: it is shown, never used.
    """
    missing: list[Asked] = []
    limits = {one.name: one for one in constraints if one.name}
    for one in asked:
        if one.editable or one.url.partition(":")[0].partition("+")[1]:
            _refuse(
                "Can't verify hashes for these requirements because we don't have a way to hash version"
                " control repositories",
                one,
            )
        if one.path and os.path.isdir(one.path):
            _refuse(
                "Can't verify hashes for these file:// requirements because they point to directories",
                one,
            )
        limit = limits.get(one.name)
        # pip 26: what has a hash need not be pinned, for one file only has it
        hashed = one.hashes or "#sha256=" in one.url or (limit is not None and limit.hashes)
        pinned = is_pin(one) or (limit is not None and is_pin(limit))
        if not one.url and not hashed and not pinned:
            _refuse(
                "In --require-hashes mode, all requirements must have their versions pinned with =="
                ". These do not",
                one,
            )
        if not hashed:
            missing.append(one)
    if missing:
        raise InvalidRequirement(
            "Hashes are required in --require-hashes mode, but they are missing from some requirements"
            + "".join(f"\n    {_with_hash(one, sha256)}" for one in missing),
            hint=_HINT,
        )


def stated(index: Index, chooser: Chooser, asked: Asked) -> str:
    """Return the sha256 (hex) that the indexes tell of the file which a pin would take, "" where that is not to be known."""
    if not asked.name or asked.url or not is_pin(asked):
        return ""
    try:
        files = index.project(asked.name).files(asked.specifier.lstrip("= "))
    except AlcoveError:
        return ""  # it only makes a message longer
    best = chooser.best(files)
    return best.sha256 if best is not None else ""


def _with_hash(one: Asked, sha256: Callable[[Asked], str] | None) -> str:
    """Return the line that could stand there, as pip shows it, and where it stands."""
    found = sha256(one) if sha256 is not None else ""
    return (
        f"{spell(one)} --hash=sha256:{found} ({one.origin})"
        if found
        else f"{one.text} ({one.origin})"
    )


def check_dependencies(
    resolution: Resolution, asked: Sequence[Asked], constraints: Sequence[Asked] = ()
) -> None:
    """Raise InvalidRequirement where something that others need would be fetched without a hash."""
    known = {one.name for one in (*asked, *constraints) if one.name and one.hashes}
    named = {one.name for one in resolution.distributions if one.requested}
    for one in resolution.distributions:
        if one.origin.kind == "installed" or one.name in known or one.name in named:
            continue
        by = next((each.name for each in resolution.distributions if one.name in each.requires), "")
        raise InvalidRequirement(
            "In --require-hashes mode, all requirements must have their versions pinned with =="
            f". These do not:\n    {one.name} {one.version} from {one.origin.url} (from {by})",
            hint=_HINT,
        )


def _refuse(reason: str, one: Asked) -> None:
    raise InvalidRequirement(f"{reason}:\n    {one.text} ({one.origin})", hint=_HINT)
