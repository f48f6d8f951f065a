"""The pages of what is asked for by its name, on their way while all that decides is still being imported.

Rule: nothing is asked of an index that the request would not ask of it anyway; what goes wrong is said by whoever wants
the answer. Of a first install, a fifth is the wait for the first page.
"""

from __future__ import annotations

from alcove import index_settings
from alcove.actions.request import is_simple, sees_base
from alcove.plans.plan import normalise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from alcove.actions.request import Request
    from alcove.environments.layout import Layout
    from alcove.events import Reporter
    from alcove.index.session import Index
    from alcove.index_settings import IndexSettings
    from alcove.settings import Settings

__all__ = ["begun", "configured", "opened"]

_ENDS = "[(<>=!~, \t"  # a name ends before one of these (PEP 508)


def configured(
    layout: Layout, request: Request, settings: Settings, layers: Iterable[object]
) -> IndexSettings:
    """Return the index settings of a request; `layers`: what its files and options say above what is configured."""
    variables = settings.variables
    prefix = request.configured_by or layout.root
    if request.pip_configured:
        variables = index_settings.without_pip(variables, settings.home, prefix=prefix)
    return index_settings.read(
        variables,
        settings.home,
        prefix=prefix,
        layers=list(layers),  # type: ignore[arg-type]
    )


def opened(
    known: IndexSettings, request: Request, settings: Settings, *, reporter: Reporter
) -> Index:
    """Return a session with the indexes of `known`."""
    from alcove.index.session import Index

    return Index(
        known,
        cache=settings.cache,
        offline=request.offline or settings.offline,
        needs_all=request.needs_all,
        refresh=request.refresh,
        reporter=reporter,
    )


def begun(
    known: IndexSettings,
    layout: Layout,
    request: Request,
    settings: Settings,
    *,
    there: Iterable[str],
    reporter: Reporter,
) -> Index | None:
    """Return a session that fetches the first pages already, None where it is not known yet what will be asked of whom.

    `known`: what is configured and what options say; files may say more. `there`: the names of what is installed: of that no page may be wanted. For an upgrade, `anew` opens a session of its own.
    """
    names = _names(request.requirements)
    if not names or request.upgrade or request.offline or settings.offline or _reads_files(request):
        return None
    if known.constraints or sees_base(layout) or not names.isdisjoint(map(normalise, there)):
        return None
    index = opened(known, request, settings, reporter=reporter)
    index.prefetch(names)
    return index


def _reads_files(request: Request) -> bool:
    """Tell whether files that are not read yet may say where to look."""
    return bool(
        request.files
        or request.constraints
        or request.editables
        or request.groups
        or request.scripts
        or request.exact
    )


def _names(texts: Iterable[str]) -> set[str]:
    """Return the normalised names that requirements begin with; none at all where one of them may ask for something else.

    >>> sorted(_names(["Flask[async]>=2", "zope.interface"]))
    ['flask', 'zope-interface']
    >>> _names(["flask", "./wheels/demo-1.0-py3-none-any.whl"])
    set()
    """
    found = set()
    for text in texts:
        if not is_simple(text) or ";" in text:  # a marker may say that it is not wanted here
            return set()
        end = min((at for at in map(text.find, _ENDS) if at >= 0), default=len(text))
        if not _is_name(text[:end]):
            return set()
        found.add(normalise(text[:end]))
    return found


def _is_name(text: str) -> bool:
    bare = text.replace("-", "").replace("_", "").replace(".", "")
    return bare.isascii() and bare.isalnum() and text[0].isalnum() and text[-1].isalnum()
