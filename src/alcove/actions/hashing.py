"""Hash-checking mode, by pip's rules: where one requirement has a hash, all that is fetched must have one.

Rule: what cannot be checked is refused before anything of it is fetched; what is installed already is trusted.
"""

from __future__ import annotations

import os

from alcove.actions.pins import is_pin
from alcove.errors import InvalidRequirement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alcove.requirements.resolution import Resolution
    from alcove.requirements.spec import Asked

__all__ = ["check_dependencies", "check_hashes"]

_HINT = "give every requirement a version with == and a --hash, those that others need too; or none a hash"


def check_hashes(asked: Sequence[Asked], constraints: Sequence[Asked] = ()) -> None:
    """Raise InvalidRequirement where what is asked for cannot be checked against a hash."""
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
            _refuse(
                "Hashes are required in --require-hashes mode, but they are missing from some requirements",
                one,
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
