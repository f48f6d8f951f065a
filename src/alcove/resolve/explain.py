"""Why requirements cannot be met, in words: which ones clash, through whom, and what there would be.

Pure text from records: the solver says which requirements its proof used and which projects ran out of versions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from alcove.errors import AlcoveError, NoSuchDistribution, ResolutionImpossible
from alcove.requirements import grammar

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Gap", "Need", "failure"]

_MOST_LINES = 16
_MOST_VERSIONS = 5


class Need(NamedTuple):
    """One requirement that the proof used.

    `parent`: who has it, "" for the user; `versions`: of the parent, newest first. `name`: of what is needed; `text`: as
    a person reads it. `origin`: where the user wrote it. `constraint`: it only limits (`-c`). `others`: how many more
    versions of the parent need other versions of the same.
    """

    parent: str
    versions: tuple[str, ...]
    name: str
    text: str
    origin: str = ""
    constraint: bool = False
    others: int = 0


class Gap(NamedTuple):
    """A project of which no version was left.

    `available`: what could be taken for some requirement, newest first. `withheld`: (version, why not) of those that
    would meet the requirements, newest first. `missing`: why there is nothing at all, or ""; `hint`: what to do then.
    `listed`: the versions that pip tells, newest first: those for this Python that are not yanked.
    """

    name: str
    available: tuple[str, ...]
    withheld: tuple[tuple[str, str], ...] = ()
    missing: str = ""
    hint: str = ""
    listed: tuple[str, ...] = ()


def failure(needs: Sequence[Need], gaps: Sequence[Gap], *, python: str) -> AlcoveError:
    """Make the error: `NoSuchDistribution` where one requirement alone cannot be met, else `ResolutionImpossible`.

    `python`: the version of the target's interpreter.
    """
    needs = _chained(needs)
    asked = [need for need in needs if not need.parent and not need.constraint]
    if len(needs) == 1 and len(gaps) == 1 and asked:
        return _nothing(asked[0], gaps[0], python)
    lines = [_line(need) for need in needs]
    if len(lines) > _MOST_LINES:
        more = len(lines) - _MOST_LINES
        lines = [*lines[:_MOST_LINES], f"… and {more} more of the kind"]
    for gap in gaps:
        lines += _gap_lines(gap, [need for need in needs if need.name == gap.name], python)
    message = "the requirements cannot all be met:\n" + "\n".join(f"  {line}" for line in lines)
    unmet = [need for need in needs if need.name == gaps[0].name] if len(gaps) == 1 else []
    if len(unmet) == 1 and unmet[0].parent:  # whatever else was asked for: pip says it so, too
        text = f"{unmet[0].text} (from {unmet[0].parent})"
        versions = gaps[0].listed[::-1]
        return ResolutionImpossible(
            message, hint=_hint(needs, gaps), requirement=text, versions=versions
        )
    return ResolutionImpossible(message, hint=_hint(needs, gaps))


def _nothing(need: Need, gap: Gap, python: str) -> AlcoveError:
    """Make the error of a single requirement that nothing meets."""
    where = f" ({need.origin})" if need.origin else ""
    if gap.missing:
        # The commonest cause of a name that no index has is a forgotten -r.
        hint = gap.hint or "check the name and the index"
        if need.name.endswith("-txt"):
            hint = "to install what a file lists, write -r FILE"
        return NoSuchDistribution(
            f"{need.text}{where}: {gap.missing}", hint=hint, requirement=need.text
        )
    lines = [
        f"nothing meets {need.text}{where}",
        *(f"  {line}" for line in _gap_lines(gap, [need], python)),
    ]
    return NoSuchDistribution(
        "\n".join(lines),
        hint=_nothing_hint(need, gap),
        requirement=need.text,
        versions=gap.listed[::-1],
    )


def _nothing_hint(need: Need, gap: Gap) -> str:
    """Say what could be asked for instead."""
    reasons = " ".join(reason for _, reason in gap.withheld)
    if "pre-release" in reasons:
        return f"--pre takes pre-releases, and so does a specifier that names one, as {need.name}=={gap.withheld[0][0]}"
    if "needs Python" in reasons:
        return "create the environment with another interpreter: alcove create -p VERSION"
    if "a hash that is not" in reasons:
        return "compare the hashes with what the index has; where you trust that, write its hash in the place of yours"
    for option in ("no-binary", "only-binary"):
        if f"({option})" in reasons:
            return f"allow it for {need.name}: --{option} is said on the command line, in a file, or by pip's settings"
    if "no wheel for this interpreter" in reasons and not gap.available:
        return "its wheels are for other Pythons or machines: alcove create -p VERSION takes another interpreter"
    if gap.available:
        final = (one for one in gap.available if not grammar.version(one).is_prerelease)
        newest = next(final, gap.available[0])
        return f"ask for one of the versions that there are, as {need.name}=={newest}"
    return "check the name and the index"


def _line(need: Need) -> str:
    """Write one requirement: "flask 3.0 needs werkzeug>=3.0"."""
    if need.constraint:
        return (
            f"{need.text} is a constraint ({need.origin})"
            if need.origin
            else f"{need.text} is a constraint"
        )
    if not need.parent:
        where = f" ({need.origin})" if need.origin and need.origin != "command line" else ""
        return f"you asked for {need.text}{where}"
    tail = ""
    if need.others:
        tail = (
            f"; {need.others} other version{'s need' if need.others > 1 else ' needs'} another one"
        )
    verb = "need" if len(need.versions) > 1 else "needs"
    return f"{need.parent} {_span(need.versions)} {verb} {need.text}{tail}"


def _span(versions: tuple[str, ...]) -> str:
    """Write a run of versions: "1.0", "1.0 and 1.1", "1.0 to 3.0 (12 versions)"."""
    if len(versions) == 1:
        return versions[0]
    if len(versions) == 2:
        return f"{versions[1]} and {versions[0]}"
    return f"{versions[-1]} to {versions[0]} ({len(versions)} versions)"


def _gap_lines(gap: Gap, needs: Sequence[Need], python: str) -> list[str]:
    """Write what there is of a project of which nothing was left."""
    if gap.missing:
        return [gap.missing]
    lines = [
        _withheld_line(gap.name, reason, versions, python) for reason, versions in _by_reason(gap)
    ]
    named = {version for version, _ in gap.withheld}
    available = tuple(version for version in gap.available if version not in named)
    there = _nearest(available, needs)
    if there:
        more = len(available) - len(there)
        tail = f" and {more} more" if more > 0 else ""
        if len(there) > 1 and available[1] != there[1]:
            there[0] += ", …"  # the newest one, and those around what was asked for
        lines.append(
            f"there {'are' if len(available) > 1 else 'is'} {gap.name} {', '.join(there)}{tail}"
        )
    elif not lines:
        lines.append(f"there is no version of {gap.name} that can be installed here")
    return lines


def _by_reason(gap: Gap) -> list[tuple[str, tuple[str, ...]]]:
    """Put together the versions that are left out for one reason."""
    found: dict[str, list[str]] = {}
    for version, reason in gap.withheld:
        found.setdefault(reason, []).append(version)
    return [(reason, tuple(versions)) for reason, versions in list(found.items())[:_MOST_VERSIONS]]


def _withheld_line(name: str, reason: str, versions: tuple[str, ...], python: str) -> str:
    """Write why some versions are left out; the reason is a verb for one version."""
    if len(versions) > 1:
        for verb, plural in (("needs ", "need "), ("has ", "have "), ("is ", "are ")):
            if reason.startswith(verb):
                reason = plural + reason[len(verb) :].removeprefix("a ")
        reason = reason.replace("have hash that is", "have hashes that are")
    if reason.startswith(("needs Python", "need Python")):
        reason += f", this is {python}"
    return f"{name} {_span(versions)} {reason}"


def _nearest(available: tuple[str, ...], needs: Sequence[Need]) -> list[str]:
    """Choose which versions to show: those around what was asked for, else the newest."""
    if len(available) <= _MOST_VERSIONS + 1:
        return list(available)
    for need in needs:
        wanted = [
            one.version.removesuffix(".*")
            for one in _clauses(need)
            if one.operator in {"==", "~=", "==="}
        ]
        if wanted:
            try:
                middle = grammar.version(wanted[0])
            except grammar.Malformed:
                continue
            below = sum(grammar.version(one) > middle for one in available)
            start = max(0, min(below - 2, len(available) - _MOST_VERSIONS))
            shown = list(available[start : start + _MOST_VERSIONS])
            return shown if available[0] in shown else [available[0], *shown[1:]]
    return list(available[:_MOST_VERSIONS])


def _clauses(need: Need) -> list[grammar.Specifier]:
    """Give the clauses of the specifier in the text of a requirement."""
    try:
        return list(grammar.requirement(need.text).specifier)
    except grammar.Malformed:
        return []


def _chained(needs: Sequence[Need]) -> list[Need]:
    """Order requirements so that each comes after the one that brought its parent in, and ends of chains come last."""
    remaining = list(dict.fromkeys(needs))
    asked = [need for need in remaining if not need.parent and not need.constraint]
    limits = [need for need in remaining if need.constraint]
    remaining = [need for need in remaining if need.parent]
    parents = {need.parent.partition("[")[0] for need in remaining}
    chain: list[Need] = []
    for need in sorted(asked, key=lambda one: one.name not in parents):
        chain.append(need)
        _follow(need.name, remaining, chain)
    return chain + remaining + limits


def _follow(name: str, remaining: list[Need], chain: list[Need]) -> None:
    """Append what a project needs, and what that needs, depth first."""
    waiting = [name]
    while waiting:
        current = waiting.pop()
        found = [need for need in remaining if need.parent.partition("[")[0] == current]
        for need in found:
            remaining.remove(need)
            chain.append(need)
        waiting += [need.name for need in reversed(found)]


def _hint(needs: Sequence[Need], gaps: Sequence[Gap]) -> str:
    """Say what the user can do: it is what they asked for that they can change."""
    for gap in gaps:
        if gap.missing:
            return f"check the index, or whether another version of what needs {gap.name} does without it"
        if any("needs Python" in reason for _, reason in gap.withheld):
            return "create the environment with another interpreter: alcove create -p VERSION"
    own = [need for need in needs if not need.parent]
    bound = [need.text for need in own if need.constraint or need.text != need.name]
    if len(bound) > 1:
        return f"loosen or leave out one of: {', '.join(bound[:6])}"
    if bound:
        return f"loosen or leave out {bound[0]}"
    if len(own) > 1:
        return "install them into different environments"
    return f"ask for another version of {own[0].name}" if own else "loosen the requirements"
