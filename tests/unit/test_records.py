"""`alcove.records` makes what `typing.NamedTuple` makes, without importing it."""

from __future__ import annotations

import copy
import pickle
import typing
from pathlib import Path

import pytest

from alcove.records import NamedTuple
from scripts.import_graph import ROOT


class Point(NamedTuple):
    """A place."""

    x: int
    y: int = 0
    name: str = ""

    def shifted(self, by: int) -> Point:
        """Return the place beside."""
        return self._replace(x=self.x + by)


class Standard(typing.NamedTuple):
    """The same by the standard library."""

    x: int
    y: int = 0
    name: str = ""


def test_it_behaves_as_the_standard_one() -> None:
    ours, theirs = Point(1, name="a"), Standard(1, name="a")
    assert tuple(ours) == tuple(theirs) == (1, 0, "a")
    assert typing.cast("object", ours) == typing.cast("object", theirs)
    assert hash(ours) == hash(theirs)
    assert repr(ours) == repr(theirs).replace("Standard", "Point")
    assert ours._asdict() == theirs._asdict()
    assert Point._fields == Standard._fields
    assert Point._field_defaults == Standard._field_defaults
    assert repr(Point._make([1, 2, "b"])) == "Point(x=1, y=2, name='b')"
    assert Point.__doc__ == "A place."
    assert Point.__mro__ == (Point, tuple, object)
    assert not hasattr(ours, "__dict__")


def test_fields_methods_and_matching() -> None:
    point = Point(3, 4)
    assert (point.x, point.y, point.name) == (3, 4, "")
    assert point.shifted(2).x == 5
    match point:
        case Point(x, y):
            assert (x, y) == (3, 4)


def test_copy_and_pickle_keep_it() -> None:
    point = Point(1, 2, "z")
    again = pickle.loads(pickle.dumps(point))  # noqa: S301  our own bytes
    assert (again, type(again)) == (point, Point)
    assert copy.copy(point) == point


def test_wrong_fields_are_refused() -> None:
    point = Point(1)
    with pytest.raises(TypeError, match="z"):
        point._replace(z=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="3 values"):
        Point._make([1])
    with pytest.raises(TypeError):
        Point()  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        point.x = 2  # type: ignore[misc]


def test_a_class_without_fields_or_with_a_late_mandatory_one_is_refused() -> None:
    make = type(typing.cast("type", NamedTuple))
    with pytest.raises(TypeError, match="no fields"):
        make("Empty", (NamedTuple,), {})
    with pytest.raises(TypeError, match="without a default"):
        make("Late", (NamedTuple,), {"__annotations__": {"a": "int", "b": "int"}, "a": 1})
    with pytest.raises(AttributeError, match="_replace"):
        make("Own", (NamedTuple,), {"__annotations__": {"a": "int"}, "_replace": 1})


def test_all_who_use_it_postpone_their_annotations() -> None:
    """From Python 3.14 on, a class body has no `__annotations__` elsewhere (PEP 749)."""
    texts = {path: path.read_text() for path in Path(ROOT, "src").rglob("*.py")}
    users = [path for path, text in texts.items() if "alcove.records import NamedTuple" in text]
    assert len(users) > 20
    assert [path for path in users if "from __future__ import annotations" not in texts[path]] == []
