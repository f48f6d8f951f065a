"""What installed distributions need of each other, by the markers of their interpreter."""

from __future__ import annotations

from alcove.environments import installed
from alcove.environments.config import read as read_config
from alcove.records import NamedTuple
from alcove.requirements.dependencies import applies, marker_of, name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from alcove.actions.inventory import Inventory
    from alcove.environments.installed import Distribution
    from alcove.environments.layout import Layout
    from alcove.interpreters.target import Target
    from alcove.settings import Settings

    Markers = Callable[[], Mapping[str, str]]

__all__ = ["Need", "lazy_target", "needs", "take_visible", "visible"]


class Need(NamedTuple):
    """One requirement that counts: the normalised `name`, the `extras` that it asks for, and its `text` as written."""

    name: str
    extras: tuple[str, ...]
    text: str


def lazy_target(layout: Layout, settings: Settings) -> Callable[[], Target]:
    """Return a function that gives the target of the environment's interpreter, which is looked at once, when asked."""
    known: list[Target] = []

    def target() -> Target:
        if not known:
            from alcove.environments.layout import refuse_other_python
            from alcove.interpreters.inspect import inspect
            from alcove.interpreters.target import target_of

            interpreter = inspect(layout.python, cache=settings.cache)
            refuse_other_python(layout, interpreter.version)
            known.append(target_of(interpreter, cache=settings.cache))
        return known[0]

    return target


def visible(layout: Layout, settings: Settings) -> tuple[Distribution, ...]:
    """Return all distributions that the environment's Python sees, those of the base too where it may see them.

    In the order of their normalised names.
    """
    found = take_visible(layout, settings).contents.distributions
    return tuple(sorted(found, key=lambda one: one.normalised))


def take_visible(layout: Layout, settings: Settings) -> Inventory:
    """Return the same, unsorted, with what is remembered of it: nothing where the base is seen too."""
    from alcove.actions.inventory import Inventory, take

    if read_config(f"{layout.root}/pyvenv.cfg").get("include-system-site-packages") == "true":
        from alcove.interpreters.inspect import inspect

        base: Sequence[str] = inspect(layout.python, cache=settings.cache).site_packages
        return Inventory(installed.read_all((layout.site_packages, *base)))
    return take(layout.site_packages, cache=settings.cache)


def needs(
    distribution: Distribution, markers: Markers, *, extras: Iterable[str] = ()
) -> list[Need]:
    """Return what a distribution needs, with what its `extras` add; what cannot be read is left out."""
    found: dict[str, Need] = {}
    for text in distribution.requires():
        try:
            counts = applies(text, markers) or any(_applies(text, markers, one) for one in extras)
        except ValueError:
            continue
        name = installed.normalise(name_of(text))
        if counts and name:
            before = found.get(name)
            asked = _extras(text)
            if before is not None:
                asked = tuple(sorted({*before.extras, *asked}))
            found[name] = Need(name, asked, before.text if before else text)
    return sorted(found.values())


def _applies(text: str, markers: Markers, extra: str) -> bool:
    from packaging.markers import Marker

    return Marker(marker_of(text)).evaluate({**markers(), "extra": extra})


def _extras(text: str) -> tuple[str, ...]:
    inside = text[len(name_of(text)) :].lstrip()
    if not inside.startswith("["):
        return ()
    names = (installed.normalise(one.strip()) for one in inside[1:].partition("]")[0].split(","))
    return tuple(sorted(name for name in names if name))
