"""`pip check`: whether what is installed has what it needs, in a version that fits."""

from __future__ import annotations

from alcove.environments import installed
from alcove.environments.metadata import header_lines
from alcove.pip.dependencies import applies, name_of
from alcove.pip.versions import normal
from alcove.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from packaging.requirements import Requirement

    from alcove.environments.installed import Distribution
    from alcove.pip.session import Session

__all__ = ["run"]


class _Need(NamedTuple):
    """One requirement that counts; `parsed` is None for a mere name, which any version meets."""

    name: str
    text: str
    parsed: Requirement | None


class _Faults(NamedTuple):
    """The sentences about one distribution's needs."""

    missing: list[str]
    conflicting: list[str]


def run(session: Session) -> int:
    """Carry out `pip check`; 1 where something is broken."""
    output = session.output
    distributions = session.contents().distributions
    by_name: dict[str, Distribution] = {}
    needs: dict[str, list[_Need]] = {}
    unreadable = False
    for each in distributions:
        try:
            needs[each.normalised] = _needs(each, session)
            _check_version(each.directory_version)
        except ValueError as error:
            output.warning(f"Error parsing dependencies of {each.normalised}: {error}")
            unreadable = True
        else:
            by_name[each.normalised] = each
    faults = [_faults(by_name[name], needs[name], by_name) for name in by_name]
    lines = [line for each in faults for line in each.missing]
    lines += [line for each in faults for line in each.conflicting]
    lines += _unsupported(session, distributions)
    for line in lines:
        output.info(line)
    if lines or unreadable:
        return 1
    output.info("No broken requirements found.")
    return 0


def _check_version(version: str) -> None:
    if normal(version) is None:
        raise ValueError(f"Invalid version: {version!r}")


def _needs(distribution: Distribution, session: Session) -> list[_Need]:
    """Return the requirements of a distribution that count; ValueError for one that is none."""
    needs = []
    for text in distribution.requires():
        if not applies(text, session.markers):
            continue
        name = name_of(text)
        parsed = None
        if name != text:
            from packaging.requirements import Requirement

            parsed = Requirement(text)
        needs.append(_Need(installed.normalise(name), text, parsed))
    return needs


def _faults(
    distribution: Distribution, needs: Sequence[_Need], by_name: Mapping[str, Distribution]
) -> _Faults:
    missing: dict[tuple[str, str], str] = {}
    conflicting: dict[tuple[str, str], str] = {}
    begin = f"{distribution.normalised} {normal(distribution.directory_version)}"
    for name, text, parsed in needs:
        other = by_name.get(name)
        if other is None:
            missing[name, text] = f"{begin} requires {name}, which is not installed."
        elif parsed is not None:
            have = normal(other.directory_version) or other.version
            if not parsed.specifier.contains(have, prereleases=True):
                conflicting[name, text] = (
                    f"{begin} has requirement {parsed}, but you have {name} {have}."
                )
    return _Faults(
        [missing[key] for key in sorted(missing)],
        [conflicting[key] for key in sorted(conflicting)],
    )


def _unsupported(session: Session, distributions: Iterable[Distribution]) -> Iterator[str]:
    """Yield a sentence for each that came from a wheel for another interpreter or machine."""
    universal = {"py3-none-any", "py2.py3-none-any"}
    tags: frozenset[str] | None = None
    for each in distributions:
        wheel = each.read("WHEEL")
        if wheel is None:
            continue
        said = [text.strip() for key, text in header_lines(wheel) if key.lower() == "tag"]
        if universal.intersection(said):
            continue
        if tags is None:
            tags = frozenset(session.actions().target().tags)
        if tags.isdisjoint(tag for text in said for tag in _expanded(text)):
            version = normal(each.directory_version) or each.version
            yield f"{each.name} {version} is not supported on this platform"


def _expanded(tag: str) -> Iterator[str]:
    """Yield the single tags of a compressed one (`py2.py3-none-any`), in lower case."""
    parts = tag.lower().split("-")
    if len(parts) != 3:
        return
    for interpreter in parts[0].split("."):
        for abi in parts[1].split("."):
            for platform in parts[2].split("."):
                yield f"{interpreter}-{abi}-{platform}"
