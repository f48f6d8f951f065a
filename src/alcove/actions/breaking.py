"""What installed distributions would no longer fit, told before a change is made."""

from __future__ import annotations

from alcove.environments.installed import normalise
from alcove.requirements.dependencies import applies, name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from alcove.requirements.resolution import Resolution
    from alcove.resolve.candidates import Facts

__all__ = ["broken_by"]


def broken_by(
    resolution: Resolution, installed: Mapping[str, tuple[str, Facts]], markers: Mapping[str, str]
) -> tuple[str, ...]:
    """Return a sentence, in pip's words, for each requirement of what stays that what comes does not meet.

    `installed`: normalised name -> (version, facts) of what is there. What the resolution changes was decided with
    its own requirements, and is not looked at again.
    """
    coming = {
        one.name: one.version for one in resolution.distributions if one.origin.kind != "installed"
    }
    return tuple(
        f"{name} {version} requires {text}, but you have {other} {coming[other]} which is incompatible."
        for name, (version, facts) in sorted(installed.items())
        if name not in coming
        for text, other in _unmet(facts, coming, markers)
    )


def _unmet(
    facts: Facts, coming: Mapping[str, str], markers: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return the requirements on what comes that it does not meet, each with its normalised name."""
    found = []
    for text in facts.requires:
        other = normalise(name_of(text))
        if other not in coming:
            continue
        from packaging.requirements import InvalidRequirement, Requirement

        try:
            requirement = Requirement(text)
            counts = applies(text, lambda: markers)
        except (InvalidRequirement, ValueError):
            continue  # `check` tells of it
        if counts and not requirement.specifier.contains(coming[other], prereleases=True):
            found.append((str(requirement).partition(";")[0].strip(), other))
    return found
