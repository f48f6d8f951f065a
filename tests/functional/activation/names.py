"""Names of environments that a shell would like to take for code."""

from __future__ import annotations

import os

__all__ = ["BYTES", "NAMES", "TRAP"]

TRAP = "OWNED"  # the file that a name makes when it is run
NAMES = (
    "plain",
    "with space",
    " lead and trail ",
    "it's",
    'a "quoted" one',
    "''\"\"'",
    f"$(touch {TRAP})",
    f"`touch {TRAP}`",
    f"'$(touch {TRAP})'",
    f'"; touch {TRAP}; "',
    f"'; touch {TRAP}; '",
    f"a;touch {TRAP}",
    f"a&touch {TRAP}&b|c",
    f"a\ntouch {TRAP}\nb",
    f"(touch {TRAP})",
    f"x[$(touch {TRAP})]",  # what arithmetic would run (CVE-2024-53899 and its like)
    f"${{x:=$(touch {TRAP})}}",
    "$HOME ${HOME} $env.HOME",
    "@(__import__('os').mknod('" + TRAP + "'))",
    "{user} {hostname}",
    "per%cent %n %~ %(!.a.b)",
    "bang!sh !! !$ a!",
    "back\\slash \\w \\$ \\\\ \\",
    "hat^ ^c",
    "[glob]* ?",
    "~tilde",
    "{a,b}",
    "-dash",
    "#hash",
    "<in >out",
    "tab\there",
    "\u00fcn\u00ef\u2013\u2713 \u2019 \U0001f40d",
    "@PROMPT@ @VALUES@ @BIN@",
)
BYTES = os.fsdecode(b"caf\xe9")  # a name in latin-1
