"""The pip of an environment made by alcove: hands over to alcove, which runs under a Python of its own.

This file is placed in environments as pip/_internal/cli/main.py and runs under their Python: standard
library only, syntax of Python 2.7 to 3.15.
"""
# mypy: ignore-errors

import os
import sys

try:
    from pip._launch import ALCOVE
except ImportError:
    ALCOVE = []


def main(args=None):
    """Run pip with `args` (default: those of the process) in a child, and return its exit code."""
    line = _line(args)
    if line is None:
        return 1
    import subprocess

    _flush()
    try:
        child = subprocess.Popen(line, env=_environ())
    except OSError as error:
        return _gone(str(error))
    before = _ignore_interrupts()
    try:
        while True:
            try:
                return _code(child.wait())
            except KeyboardInterrupt:
                continue  # the terminal told the child, too; it says what became of it
    finally:
        _heed_interrupts(before)


cli = main


def real_pip():
    """Return the directory of the real pip, for programs that import what ours lacks; "" where it cannot be had.

    It is fetched where it is missing. From then on `pip` says that it lies there, for the real one runs itself by that.
    """
    line = _line(["--alcove-real-pip"])
    if line is None:
        return ""
    import subprocess

    try:
        child = subprocess.Popen(line, env=_environ(), stdout=subprocess.PIPE)
    except OSError as error:
        _gone(str(error))
        return ""
    said = child.communicate()[0]
    if child.returncode:
        return ""
    found = os.fsdecode(said).rstrip("\n")
    _become_real(found)
    return found


def _become_real(directory):
    import pip

    pip.__file__ = directory + "/__init__.py"
    pip._REAL[0] = directory
    with open(pip.__file__) as stream:
        for row in stream:
            if row.startswith("__version__ = "):
                pip.__version__ = row.split("=")[1].strip().strip("\"'")
    try:
        from pip._internal.utils._log import init_logging
    except ImportError:
        return  # a pip before 21.2, which does without
    init_logging()


def _ignore_interrupts():
    """Let Ctrl-C not come between the end of the child and the reading of its exit code, which would be lost."""
    import signal

    try:
        return signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # not the main thread: no signal reaches us
        return None


def _heed_interrupts(before):
    import signal

    if before is not None:
        signal.signal(signal.SIGINT, before)


def run_module(frame):
    """Be `python -m pip`, whose frame this is: become alcove's process where nobody waits for us."""
    if os.name == "nt" or not _is_outermost(frame):
        sys.exit(main())
    line = _line(None)
    if line is None:
        sys.exit(1)
    _flush()
    try:
        os.execve(line[0], line, _environ())
    except OSError as error:
        sys.exit(_gone(str(error)))


def _is_outermost(frame):
    # Other programs run us through runpy and go on when we raise SystemExit.
    name = None
    while frame is not None:
        name = frame.f_code.co_name
        source = os.path.basename(frame.f_code.co_filename)
        if source not in ("runpy.py", "<frozen runpy>", "__main__.py"):
            return False
        frame = frame.f_back
    return name in ("_run_module_as_main", "<module>")


def _line(args):
    if args is None:
        args = sys.argv[1:]
    prefix = os.path.abspath(sys.prefix)
    if not os.path.exists(os.path.join(prefix, "pyvenv.cfg")) and not os.path.isdir(
        os.path.join(prefix, ".alcove")
    ):
        sys.stderr.write(
            "ERROR: this pip (%s) works in its own environment only, and %s is none\n"
            "hint: run the Python of that environment, and take its modules out of PYTHONPATH\n"
            % (os.path.dirname(os.path.abspath(__file__)), prefix)
        )
        return None
    if not ALCOVE or not os.access(ALCOVE[0], os.X_OK) or not os.path.exists(ALCOVE[-1]):
        _gone("not there")
        return None
    name = os.path.basename(sys.argv[0] or "") if sys.argv else ""
    if name in ("__main__.py", "-c", "-m", ""):
        name = "%s -m pip" % sys.executable
    return list(ALCOVE) + [prefix, name] + list(args)


def _environ():
    environ = dict(os.environ)
    environ.pop("__PYVENV_LAUNCHER__", None)
    if sys.flags.ignore_environment:  # -I and -E: our modules alone were asked for
        environ.pop("PYTHONPATH", None)
    return environ


def _gone(reason):
    prefix = os.path.abspath(sys.prefix)
    sys.stderr.write(
        "ERROR: the alcove that made this environment cannot be started: %s (%s)\n"
        "hint: install alcove again and run: alcove repair --env %s\n"
        "hint: until then any other pip works here: python3 -m pip --python %s ...\n"
        % (ALCOVE[0] if ALCOVE else "pip/_launch.py", reason, prefix, prefix)
    )
    return 1


def _flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, ValueError, IOError):
            continue  # closed, or none at all: there is nothing of it to keep


def _code(code):
    return code if code >= 0 else 128 - code
