# Activate this environment: source @BIN@/activate.xsh   (`deactivate` undoes it)

def _virtual_env_activate(here, recorded, prompt):
    import os
    from xonsh.built_ins import XSH

    env, context = XSH.env, XSH.ctx
    if not os.path.exists(os.path.join(here, "pyvenv.cfg")):
        here = recorded
    if not os.path.exists(os.path.join(here, "pyvenv.cfg")):
        raise FileNotFoundError("there is no environment at " + here + " (was it moved?)")
    if "_virtual_env_undo" in context:  # one environment at a time
        context["_virtual_env_undo"]()

    bin_directory = os.path.join(here, "@BIN@")
    names = ("VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "PYTHONHOME")
    # A shell inside an activated one inherits its variables: `deactivate` gives them back.
    old = {name: env[name] for name in names if name in env}
    old_alias = XSH.aliases._raw.get("deactivate")
    no_path = "PATH" not in env

    def undo():
        # Only our element goes: what the user did to PATH since stays. `_l`: as written, not expanded.
        path = list(getattr(env["PATH"], "_l", env["PATH"])) if "PATH" in env else []
        if bin_directory in path:
            path.remove(bin_directory)
            env["PATH"] = path
        if no_path and not path and "PATH" in env:
            del env["PATH"]
        for name in names:
            if name in old:
                env[name] = old[name]
            elif name in env:
                del env[name]
        context.pop("_virtual_env_undo", None)
        if old_alias is not None:
            XSH.aliases["deactivate"] = old_alias
        elif "deactivate" in XSH.aliases:
            del XSH.aliases["deactivate"]

    def deactivate(args=(), stdin=None):
        undo()

    path = [] if no_path else list(getattr(env["PATH"], "_l", env["PATH"]))
    env["PATH"] = [bin_directory] + path
    env["VIRTUAL_ENV"] = here
    env["VIRTUAL_ENV_PROMPT"] = prompt
    if "PYTHONHOME" in env:
        del env["PYTHONHOME"]
    context["_virtual_env_undo"] = undo
    XSH.aliases["deactivate"] = deactivate


try:
    _virtual_env_activate(
        __import__("os").path.dirname(__import__("os").path.dirname(__import__("os").path.abspath(__file__))),
@VALUES@
    )
finally:
    del _virtual_env_activate
