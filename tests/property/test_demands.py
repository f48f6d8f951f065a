"""What holds of a Requires-Dist is what `packaging` says, though most texts are told apart by their looks alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement

from alcove.resolve.demands import Environment

MARKERS = {
    "implementation_name": "cpython",
    "implementation_version": "3.12.1",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_release": "6.1",
    "platform_system": "Linux",
    "platform_version": "1",
    "python_full_version": "3.12.1",
    "python_version": "3.12",
    "sys_platform": "linux",
}
CLAUSES = [
    'extra == "x"',
    "extra=='X'",
    'extra == "y-z"',
    'extra == "Y_Z"',
    '"x" == extra',
    'extra != "x"',
    'os_name == "posix"',
    'os_name == "nt"',
    "python_version >= '3.8'",
    'platform_version == "1 or extra"',
]


@st.composite
def markers(draw: st.DrawFn) -> str:
    """Make a marker of a few clauses, some in parentheses."""
    text = draw(st.sampled_from(CLAUSES))
    for _ in range(draw(st.integers(0, 3))):
        other = draw(st.sampled_from(CLAUSES))
        text = f"{text} {draw(st.sampled_from(['and', 'or']))} {other}"
        if draw(st.booleans()):
            text = f"({text})"
    return text


@given(st.lists(markers(), max_size=4), st.sampled_from(["", "x", "y-z"]))
@settings(max_examples=500)
def test_demands_are_those_whose_marker_holds(texts: list[str], extra: str) -> None:
    requires = [f"a{number} ; {text}" for number, text in enumerate(texts)]
    found = [demand.name for demand in Environment(MARKERS).demands(requires, extra)]
    expected = []
    for text in requires:
        marker = Requirement(text).marker
        assert marker is not None
        plain = marker.evaluate({**MARKERS, "extra": ""})
        with_extra = marker.evaluate({**MARKERS, "extra": extra})
        if with_extra and not (extra and plain):
            expected.append(Requirement(text).name)
    assert found == expected
