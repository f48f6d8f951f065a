"""Say what this interpreter is: fields parted by zero bytes, between two cookies, on stdout.

Run as `python -I -S -B probe.py COOKIE`, by any Python from 2.7 on. Kept short, since every start compiles it anew, and
without `os`, whose import is a sixth of a start: CPython on Linux says in raw what `facts.parse` works out; all others
run `thorough.py`, which lies beside this file.
"""

import sys

if (
    sys.platform == "linux"
    and sys.implementation.name == "cpython"
    and not hasattr(sys, "getandroidapilevel")
    and "thorough" not in sys.argv
):
    import _imp
    import posix

    prefix = sys.base_prefix
    packages = []  # type: list[str]
    try:
        posix.stat(prefix + "/lib/python3/dist-packages")
        patched = True
    except OSError:
        patched = prefix == "/usr" or sys.base_exec_prefix != prefix
    if patched:
        import site  # distributions patch it

        packages = site.getsitepackages([prefix, sys.base_exec_prefix])
    try:
        libc = posix.confstr("CS_GNU_LIBC_VERSION") or ""
    except (ValueError, OSError):
        libc = ""
    fields = [
        "raw",
        prefix,
        sys.version.split()[0],
        sys.abiflags,
        getattr(sys, "platlibdir", "lib"),
        sys.implementation.cache_tag or "",
        getattr(sys.implementation, "_multiarch", ""),
        str(sys.maxsize),
        _imp.extension_suffixes()[0],
        libc,
    ]
    fields += [str(part) for part in sys.version_info]
    fields += posix.uname()
    fields += packages
    text = sys.argv[1] + "\0".join(fields) + sys.argv[1]
    posix.write(1, text.encode(sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()))
    posix._exit(0)  # taking the interpreter down would cost as much again
else:
    import os

    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "thorough.py")
    with open(path) as stream:
        exec(compile(stream.read(), path, "exec"))
