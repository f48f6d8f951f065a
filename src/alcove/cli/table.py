"""The command line as data: what the parser accepts, `--help` prints and the reference documents.

One grammar (DESIGN section 8): `alcove VERB [OPTIONS] [ARGUMENTS]`; each verb is a function of `alcove.actions`.
"""

from __future__ import annotations

from alcove.cli.grammar import Argument, Option, Verb
from alcove.cli.shared import COMMON
from alcove.cli.verbs import distributions, environments, interpreters, neighbours, use

__all__ = ["COMMON", "VERBS", "Argument", "Option", "Verb"]

_ALL = (
    *environments.VERBS,
    *distributions.VERBS,
    *use.VERBS,
    *interpreters.VERBS,
    *neighbours.VERBS,
)
VERBS = {verb.name: verb for verb in _ALL}
