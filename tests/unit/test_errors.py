"""The error tree: what is drawn is what there is, and everything in it can be shown to a user."""

from __future__ import annotations

import pickle

import pytest

from alcove import errors
from alcove.errors import AlcoveError

CLASSES = [getattr(errors, name) for name in errors.__all__]


def drawn() -> dict[str, str]:
    """Return each error of the module's docstring with the one that it is indented below."""
    parents: dict[str, str] = {}
    above: list[tuple[int, str]] = [(-1, "Exception")]
    for line in (errors.__doc__ or "").splitlines()[2:]:
        if not line.strip():
            continue
        depth = len(line) - len(line.lstrip())
        while above[-1][0] >= depth:
            above.pop()
        name = line.split()[0]
        parents[name] = above[-1][1]
        above.append((depth, name))
    return parents


def test_the_tree_is_drawn_as_it_is() -> None:
    assert {each.__name__: each.__bases__[0].__name__ for each in CLASSES} == drawn()


def test_every_error_of_the_module_is_public() -> None:
    found = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, AlcoveError)
    }
    assert found == set(errors.__all__)


@pytest.mark.parametrize("error", CLASSES)
def test_an_error_has_message_and_hint(error: type[AlcoveError]) -> None:
    raised = error("what, and where", hint="what next")
    assert (str(raised), raised.message, raised.hint) == (
        "what, and where",
        "what, and where",
        "what next",
    )
    assert error("what").hint == error.advice
    assert error("what", hint="").hint == ""
    assert error.__doc__


@pytest.mark.parametrize("error", CLASSES)
def test_exit_codes(error: type[AlcoveError]) -> None:
    special = {"UsageError": 2, "OutOfDate": 3, "NotExecutable": 126, "NoSuchProgram": 127}
    assert error.exit_code == special.get(error.__name__, 1)


def test_an_error_crosses_processes() -> None:
    """Workers raise our errors in other processes: pickling keeps class and message."""
    copy = pickle.loads(pickle.dumps(errors.HashMismatch("flask: other bytes")))  # noqa: S301
    assert type(copy) is errors.HashMismatch
    assert copy.message == "flask: other bytes"
