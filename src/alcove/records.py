"""`NamedTuple` without the import of `typing`, which takes longer than the start of Python itself.

For the modules of the hot path. To a type checker it is `typing.NamedTuple`; when it runs it makes the same kind of
class: fields of the class body in their order, defaults, `_fields`, `_field_defaults`, `_make`, `_replace`, `_asdict`.

Rule: a module that uses it has `from __future__ import annotations`, and `TYPE_CHECKING = False` where others import
that from `typing`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414  the checker's re-export
else:
    from _collections import _tuplegetter  # what collections.namedtuple reads its fields with

    class _Kind(type):
        """Makes a plain subclass of tuple of a class body; nothing of this class stays in it."""

        def __new__(kind, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> type:
            """Return the record class `name`."""
            if not bases:
                return type.__new__(kind, name, bases, space)
            fields = tuple(space.get("__annotations__", ()))
            if not fields:
                raise TypeError(f"{name}: no fields; does the module postpone its annotations?")
            defaults = {field: space.pop(field) for field in fields if field in space}
            if fields[len(fields) - len(defaults) :] != tuple(defaults):
                raise TypeError(f"{name}: a field without a default follows one with a default")
            own = _members(fields, defaults)
            own.update((field, _tuplegetter(at, None)) for at, field in enumerate(fields))
            if set(space) & set(own):
                raise AttributeError(f"{name}: {sorted(set(space) & set(own))} may not be replaced")
            return type.__new__(type, name, (tuple,), {**space, **own})

    class NamedTuple(metaclass=_Kind):
        """The base of records; see the module."""


__all__ = ["NamedTuple"]


def _members(  # noqa: C901  it holds the methods of a class, not branches
    fields: tuple[str, ...], defaults: dict[str, Any]
) -> dict[str, Any]:
    """Return what every record class has beside its fields."""
    count = len(fields)

    # The standard library makes code for each class: quicker to call, and far dearer to define, which counts here.
    def new(cls: type[tuple[Any, ...]], *values: Any, **named: Any) -> tuple[Any, ...]:
        """Return a record of the values."""
        if len(values) == count and not named:
            return tuple.__new__(cls, values)
        if len(values) > count:
            raise TypeError(f"{cls.__name__} takes {count} values, not {len(values)}")
        rest = []
        for field in fields[len(values) :]:
            if field in named:
                rest.append(named.pop(field))
            elif field in defaults:
                rest.append(defaults[field])
            else:
                raise TypeError(f"{cls.__name__} needs a value for {field!r}")
        if named:
            raise TypeError(f"{cls.__name__} has no field {next(iter(named))!r}, or has it already")
        return tuple.__new__(cls, (*values, *rest))

    def replace(self: tuple[Any, ...], /, **changes: Any) -> tuple[Any, ...]:
        """Return the same record with some fields changed."""
        values = [changes.pop(field, value) for field, value in zip(fields, self, strict=True)]
        if changes:
            raise TypeError(f"no field {', '.join(changes)}")
        return tuple.__new__(type(self), values)

    def make(cls: type[tuple[Any, ...]], values: Any) -> tuple[Any, ...]:
        """Return a record of as many values as it has fields."""
        found = tuple.__new__(cls, values)
        if len(found) != len(fields):
            raise TypeError(f"{len(fields)} values expected, not {len(found)}")
        return found

    def shown(self: tuple[Any, ...]) -> str:
        pairs = (f"{field}={value!r}" for field, value in zip(fields, self, strict=True))
        return f"{type(self).__name__}({', '.join(pairs)})"

    return {
        "__slots__": (),
        "__new__": new,
        "__repr__": shown,
        "__match_args__": fields,
        "__getnewargs__": lambda self: tuple(self),  # noqa: PLW0108  a type is no method; for copy and pickle
        "_fields": fields,
        "_field_defaults": defaults,
        "_make": classmethod(make),
        "_replace": replace,
        "_asdict": lambda self: dict(zip(fields, self, strict=True)),
    }
