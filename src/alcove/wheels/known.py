"""What is known of distributions that change each other: a table, not code.

An addition needs a case that was seen, named in the comment beside it.
"""

from __future__ import annotations

__all__ = ["WRITTEN_BY"]

# A distribution that others write into when they are in the same environment: materialised whole there, and only
# there (DESIGN 4, rule 2). Names are normalised (PEP 503): victim -> writers.
WRITTEN_BY: dict[str, tuple[str, ...]] = {
    "urllib3": ("urllib3-future",),  # its .pth copies itself over site-packages/urllib3 at start-up
}
