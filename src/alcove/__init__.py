"""A manager of Python virtual environments: an environment is a view, not a copy."""

__version__ = "0.1.0"
is_command = (
    False  # True where this process is a command of ours, and no program that uses the library
)

# The library: name -> module below `alcove`. Nothing is imported before it is asked for; type checkers, and who wants
# one thing alone, import from these modules.
_PUBLIC = {
    "AlcoveError": "errors",
    "Options": "actions.create",
    "Request": "actions.request",
    "activation": "actions.use",
    "autoremove": "actions.autoremove",
    "bundle": "actions.bundle",
    "cd": "actions.project",
    "check": "actions.check",
    "collected": "actions.gc",
    "copy": "actions.copy",
    "create": "actions.create",
    "delete": "actions.environments",
    "diff": "actions.listing",
    "envs": "actions.environments",
    "facts": "actions.environments",
    "find": "actions.where",
    "find_python": "actions.interpreters",
    "forget_project": "actions.project",
    "forget": "actions.projects",
    "freeze": "actions.freeze",
    "garbage": "actions.gc",
    "history": "actions.history",
    "install": "actions.install",
    "install_python": "actions.pythons",
    "install_kernel": "kernels.installing",
    "list_kernels": "kernels.listing",
    "list_pythons": "actions.interpreters",
    "listed": "actions.listing",
    "move": "actions.move",
    "named_path": "actions.where",
    "orphans": "actions.autoremove",
    "outdated": "actions.outdated",
    "pin_python": "actions.pins_of_python",
    "place_of": "actions.create",
    "project": "actions.project",
    "redo": "actions.history",
    "removal": "actions.uninstall_python",
    "remove_kernels": "kernels.installing",
    "rename": "actions.move",
    "repair": "actions.repair",
    "rollback": "actions.history",
    "run": "actions.use",
    "set_project": "actions.project",
    "shell": "actions.subshell",
    "shell_init": "shells.init",
    "show": "actions.show",
    "site_packages": "actions.project",
    "sync": "actions.install",
    "temporary": "actions.temporary",
    "tree": "actions.tree",
    "trust_of": "shells.trust",
    "undo": "actions.history",
    "uninstall": "actions.install",
    "uninstall_python": "actions.uninstall_python",
    "upgrade": "actions.upgrade",
    "use": "actions.projects",
    "uses": "actions.projects",
    "verify": "actions.verify",
    "verify_store": "actions.verify",
    "vscode": "ide.vscode",
    "why": "actions.tree",
    "wipe": "actions.wipe",
}


def __getattr__(name: str) -> object:
    """Return a function or record of the library (PEP 562), whose module is imported now."""
    module = _PUBLIC.get(name)
    if module is None:
        raise AttributeError(f"module 'alcove' has no attribute {name!r}")
    return getattr(__import__(f"alcove.{module}", fromlist=[name]), name)


def __dir__() -> list[str]:
    """Return the names of the library."""
    return [*globals(), *_PUBLIC]
