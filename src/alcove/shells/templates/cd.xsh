# Activation on `cd`: the nearest `.venv`, up to the project's root. Nothing happens while the directory stays.

def _alcove_watch(ask):
    import os
    from xonsh.built_ins import XSH

    state = {"project": "", "environment": ""}

    def nearest(at):
        while True:
            if os.path.lexists(os.path.join(at, ".venv")):
                return at
            if os.path.exists(os.path.join(at, "pyproject.toml")) or os.path.exists(os.path.join(at, ".git")):
                return ""
            if os.path.dirname(at) == at:
                return ""
            at = os.path.dirname(at)

    def changed(olddir=None, newdir=None, **_):
        at = nearest(os.getcwd())
        if at == state["project"]:
            return
        # What was activated here is left here; what the user activated stays.
        if state["environment"] and XSH.env.get("VIRTUAL_ENV") == state["environment"] and "_virtual_env_undo" in XSH.ctx:
            XSH.ctx["_virtual_env_undo"]()
        state.update(project=at, environment="")
        if at and not XSH.env.get("VIRTUAL_ENV"):
            ask(["--on-cd", at])
            state["environment"] = XSH.env.get("VIRTUAL_ENV", "")

    XSH.builtins.events.on_chdir(changed)
    changed()


_alcove_watch(_alcove_ask)
del _alcove_watch
