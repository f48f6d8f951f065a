"""Start the kernel of an environment that has no ipykernel of its own; written by `alcove kernel install`.

    python start.py DIRECTORY -f CONNECTION_FILE

DIRECTORY is a site-packages with ipykernel in it. It comes last on the path, so what the environment has is what a
notebook imports. Rule: runs in any Python, with the standard library alone.
"""
# mypy: ignore-errors

import sys


def main():
    here = sys.argv.pop(1)
    if not getattr(sys.flags, "safe_path", False):
        del sys.path[0]  # the directory of this file
    if here not in sys.path:
        sys.path.append(here)
    try:
        from ipykernel import kernelapp
    except ImportError as error:
        sys.exit("%s\nhint: alcove kernel list says what is wrong with this kernel" % error)
    kernelapp.launch_new_instance()


if __name__ == "__main__":
    main()
