"""`activate_this.py`: makes a running Python use the environment's distributions, without a shell.

For embedders (`mod_wsgi`): `exec(open(FILE).read(), {"__file__": FILE})` or `runpy.run_path(FILE)`. Python 2.7
and 3.3 on, standard library alone. Its place is found at run time, so it works after a move.
"""

from __future__ import annotations

from alcove.environments.activation.quoting import python

__all__ = ["script"]

_TEMPLATE = r'''"""Use this environment in the Python that is running.

exec(open(this_file).read(), {"__file__": this_file})   or   runpy.run_path(this_file)
"""
import os
import site
import sys

try:
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
except NameError:
    raise AssertionError("use exec(open(this_file).read(), {'__file__': this_file})")

directory = os.path.join(here, "@BIN@")
os.environ["PATH"] = os.pathsep.join([directory] + [p for p in [os.environ.get("PATH")] if p])
os.environ["VIRTUAL_ENV"] = here
os.environ["VIRTUAL_ENV_PROMPT"] = @PROMPT@
os.environ.pop("PYTHONHOME", None)

# The library of this very Python first; else, as the environment has only one, that one.
name = "%s%d.%d" % (
    "pypy" if hasattr(sys, "pypy_version_info") else "python", sys.version_info[0], sys.version_info[1]
)
found = [os.path.join(here, "lib", name, "site-packages"), os.path.join(here, "Lib", "site-packages")]
if not any(os.path.isdir(path) for path in found) and os.path.isdir(os.path.join(here, "lib")):
    found = [os.path.join(here, "lib", n, "site-packages") for n in sorted(os.listdir(os.path.join(here, "lib")))]
before = len(sys.path)
for path in found:
    if os.path.isdir(path):
        site.addsitedir(os.path.realpath(path) if sys.version_info[0] == 2 else path)
sys.path[:] = sys.path[before:] + sys.path[:before]  # the environment's before the base's
sys.prefix = sys.exec_prefix = here
'''


def script(prompt: str, *, bin_name: str) -> str:
    """Return the text of `activate_this.py` for an environment shown as `prompt`."""
    return _TEMPLATE.replace("@BIN@", bin_name).replace("@PROMPT@", python(prompt))
