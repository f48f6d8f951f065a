"""The order and the intervals of `resolve.order` are those of `packaging`, for versions and specifiers of every shape."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from alcove.resolve.order import intervals, is_prerelease, key
from alcove.resolve.pubgrub import allowed

NUMBERS = st.integers(0, 3)


@st.composite
def versions(draw: st.DrawFn, *, local: bool = True) -> str:
    """Make a version of PEP 440 out of few numbers, so that many are near each other."""
    text = draw(st.sampled_from(["", "", "", "1!"]))
    text += ".".join(str(draw(NUMBERS)) for _ in range(draw(st.integers(1, 3))))
    text += draw(
        st.sampled_from(["", "", "a", "b", "rc"]).map(lambda phase: f"{phase}1" if phase else "")
    )
    text += draw(st.sampled_from(["", "", ".post0", ".post1", ".post2"]))
    text += draw(st.sampled_from(["", "", ".dev0", ".dev1"]))
    return text + (draw(st.sampled_from(["", "", "+cpu", "+1", "+1.cpu", "+10"])) if local else "")


@st.composite
def clauses(draw: st.DrawFn) -> str:
    """Make one clause of a specifier."""
    operator = draw(st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "~=", "==*", "!=*"]))
    if operator.endswith("*"):
        release = ".".join(str(draw(NUMBERS)) for _ in range(draw(st.integers(1, 3))))
        return f"{operator[:2]}{draw(st.sampled_from(['', '1!']))}{release}.*"
    return operator + draw(versions(local=operator in {"==", "!="}))


@st.composite
def specifiers(draw: st.DrawFn) -> str:
    """Make a specifier of up to three clauses."""
    text = ",".join(draw(st.lists(clauses(), max_size=3)))
    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return ""
    return text


@given(versions(), versions())
@settings(max_examples=400)
def test_the_order_is_that_of_pep_440(one: str, other: str) -> None:
    assert (key(one) < key(other)) == (Version(one) < Version(other))
    assert (key(one) == key(other)) == (Version(one) == Version(other))
    assert is_prerelease(one) == Version(one).is_prerelease


@given(specifiers(), versions())
@settings(max_examples=1500)
def test_intervals_hold_what_a_specifier_contains(specifier: str, version: str) -> None:
    expected = SpecifierSet(specifier).contains(version, prereleases=True)
    for rank in (0, 1, 7):
        assert (key(version, rank) in allowed(specifier)) == expected


@given(specifiers(), versions())
def test_every_clause_has_intervals(specifier: str, version: str) -> None:
    at = key(version)
    for clause in intervals(specifier):
        holding = [
            part
            for part in clause
            if (part.lower is None or part.lower <= at) and (part.upper is None or at <= part.upper)
        ]
        assert len(holding) <= 2, "the intervals of a clause touch at most in a bound"


@given(versions())
def test_triple_equal_compares_the_version(version: str) -> None:
    assert key(version) in allowed(f"==={version}")
    assert key("99.99") not in allowed(f"==={version}")
