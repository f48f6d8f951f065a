"""What does not fit together among installed distributions: missing, conflicting, unreadable, for other machines."""

from __future__ import annotations

from alcove.environments import installed
from alcove.environments.installed import Distribution
from alcove.environments.metadata import header_lines
from alcove.records import NamedTuple
from alcove.requirements.dependencies import name_of
from alcove.requirements.versions import normal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from alcove.actions.verdicts import Verdicts

__all__ = ["KINDS", "Fault", "faults"]

KINDS = ("unreadable", "missing", "conflict", "unsupported")


class Fault(NamedTuple):
    """One thing that does not fit. `kind`: one of `KINDS`; `text`: pip's sentence.

    `requirement`: what is not met, as written; `have`: the version that is installed of it, or "".
    """

    kind: str
    name: str
    version: str
    requirement: str
    have: str
    text: str


class _Need(NamedTuple):
    """One requirement that counts: the normalised name, and all of it as written."""

    name: str
    text: str


def faults(
    distributions: Sequence[Distribution],
    verdicts: Verdicts,
    *,
    requires: Callable[[Distribution], Sequence[str]] = Distribution.requires,
) -> list[Fault]:
    """Return what does not fit: what cannot be read, is missing, conflicts, or is for other machines.

    `requires` gives what a distribution needs, as written.
    """
    unreadable: list[Fault] = []
    by_name: dict[str, Distribution] = {}
    needs: dict[str, list[_Need]] = {}
    for each in distributions:
        try:
            needs[each.normalised] = _needs(requires(each), verdicts)
            _check_version(each.directory_version)
        except ValueError as error:
            text = f"Error parsing dependencies of {each.normalised}: {error}"
            unreadable.append(Fault("unreadable", each.normalised, each.version, "", "", text))
        else:
            by_name[each.normalised] = each
    missing: list[Fault] = []
    conflicts: list[Fault] = []
    for name, distribution in by_name.items():
        lacking, conflicting = _unmet(distribution, needs[name], by_name, verdicts)
        missing += lacking
        conflicts += conflicting
    return [*unreadable, *missing, *conflicts, *_unsupported(distributions, verdicts)]


def _check_version(version: str) -> None:
    if normal(version) is None:
        raise ValueError(f"Invalid version: {version!r}")


def _needs(requires: Sequence[str], verdicts: Verdicts) -> list[_Need]:
    """Return the requirements that count; ValueError for one that is none."""
    return [
        _Need(installed.normalise(name_of(text)), text)
        for text in requires
        if verdicts.counts(text)
    ]


def _unmet(
    distribution: Distribution,
    needs: Sequence[_Need],
    by_name: Mapping[str, Distribution],
    verdicts: Verdicts,
) -> tuple[list[Fault], list[Fault]]:
    missing: dict[tuple[str, str], Fault] = {}
    conflicting: dict[tuple[str, str], Fault] = {}
    me, version = distribution.normalised, normal(distribution.directory_version) or ""
    for name, text in needs:
        other = by_name.get(name)
        if other is None:
            said = f"{me} {version} requires {name}, which is not installed."
            missing[name, text] = Fault("missing", me, version, text, "", said)
        elif name_of(text) != text:  # a mere name is met by any version
            have = normal(other.directory_version) or other.version
            if not verdicts.meets(text, have):
                from packaging.requirements import Requirement

                said = f"{me} {version} has requirement {Requirement(text)}, but you have {name} {have}."
                conflicting[name, text] = Fault("conflict", me, version, text, have, said)
    return (
        [missing[key] for key in sorted(missing)],
        [conflicting[key] for key in sorted(conflicting)],
    )


def _unsupported(distributions: Sequence[Distribution], verdicts: Verdicts) -> Iterator[Fault]:
    """Yield each that came from a wheel for another interpreter or machine."""
    universal = {"py3-none-any", "py2.py3-none-any"}
    for each in distributions:
        wheel = each.read("WHEEL")
        if wheel is None:
            continue
        said = [text.strip() for key, text in header_lines(wheel) if key.lower() == "tag"]
        if universal.intersection(said):
            continue
        if not verdicts.fits(said, _every):
            version = normal(each.directory_version) or each.version
            told = f"{each.name} {version} is not supported on this platform"
            yield Fault("unsupported", each.name, version, "", "", told)


def _every(tags: Sequence[str]) -> list[str]:
    return [one for tag in tags for one in _expanded(tag)]


def _expanded(tag: str) -> Iterator[str]:
    """Yield the single tags of a compressed one (`py2.py3-none-any`), in lower case."""
    parts = tag.lower().split("-")
    if len(parts) != 3:
        return
    for interpreter in parts[0].split("."):
        for abi in parts[1].split("."):
            for platform in parts[2].split("."):
                yield f"{interpreter}-{abi}-{platform}"
