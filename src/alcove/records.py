"""Named tuples for the hot path: `typing.NamedTuple` as the type checker sees it, without importing `typing`.

`typing` and `collections` cost more to import than most commands of alcove take. A module that the hot path loads says

    TYPE_CHECKING = False
    if TYPE_CHECKING:
        from typing import NamedTuple
    else:
        from alcove.records import NamedTuple

and defines its records as anybody would. What a record has: its fields, `_fields`, `_replace`, `_asdict`, `_make`.
"""

from __future__ import annotations

from operator import itemgetter

__all__ = ["NamedTuple"]


class _Meta(type):
    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, object]) -> type:
        """Make a tuple class out of the annotations of the class body."""
        if not bases:
            return super().__new__(cls, name, bases, body)
        annotations = body.get("__annotations__", {})
        fields = tuple(annotations)  # type: ignore[arg-type,var-annotated]
        defaults = {field: body[field] for field in fields if field in body}
        space = {key: value for key, value in body.items() if key not in defaults}
        for index, field in enumerate(fields):
            space[field] = property(itemgetter(index))
        space.update(
            __slots__=(),
            __match_args__=fields,
            __new__=_constructor(name, fields, defaults),
            __repr__=space.get("__repr__", _repr),
            __getnewargs__=tuple,
            _fields=fields,
            _field_defaults=defaults,
            _make=classmethod(_make),
            _replace=_replace,
            _asdict=_asdict,
        )
        return type(name, (tuple,), space)


def _constructor(name: str, fields: tuple[str, ...], defaults: dict[str, object]) -> object:
    count = len(fields)
    make = tuple.__new__

    def new(cls: type[tuple[object, ...]], *values: object, **named: object) -> object:
        given = len(values)
        if given == count and not named:
            return make(cls, values)
        if given > count:
            raise TypeError(f"{name} takes {count} values, {given} were given")
        rest = []
        for field in fields[given:]:
            if field in named:
                rest.append(named.pop(field))
            elif field in defaults:
                rest.append(defaults[field])
            else:
                raise TypeError(f"{name} needs a value for {field}")
        if named:
            raise TypeError(f"{name} has no such field, or has it already: {', '.join(named)}")
        return make(cls, (*values, *rest))

    return new


def _repr(self: tuple[object, ...]) -> str:
    fields: tuple[str, ...] = type(self)._fields  # type: ignore[attr-defined]
    inside = ", ".join(f"{field}={value!r}" for field, value in zip(fields, self, strict=True))
    return f"{type(self).__name__}({inside})"


def _make(cls: type[tuple[object, ...]], values: object) -> object:
    return cls(*values)  # type: ignore[misc]


def _replace(self: tuple[object, ...], **changes: object) -> object:
    fields: tuple[str, ...] = type(self)._fields  # type: ignore[attr-defined]
    values = [changes.pop(field, value) for field, value in zip(fields, self, strict=True)]
    if changes:
        raise ValueError(f"no such field: {', '.join(changes)}")
    return type(self)(*values)  # type: ignore[arg-type]


def _asdict(self: tuple[object, ...]) -> dict[str, object]:
    return dict(zip(type(self)._fields, self, strict=True))  # type: ignore[attr-defined]


class NamedTuple(metaclass=_Meta):
    """The base that a record names; its subclasses are tuples."""
