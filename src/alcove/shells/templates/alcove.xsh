# alcove in this shell: `alcove activate NAME`, `alcove deactivate` and `alcove cd` act on it.

def _alcove_setup():
    import subprocess
    from xonsh.built_ins import XSH

    program = @PROGRAM@

    def ask(args):
        done = subprocess.run([program, "activate", "--function", "--shell", "xonsh", *args], stdout=subprocess.PIPE, text=True, env=XSH.env.detype())
        if done.returncode == 0 and done.stdout.startswith("# alcove: activate"):
            XSH.builtins.execx(done.stdout, "exec", XSH.ctx)
        else:
            print(done.stdout, end="")
        return done.returncode

    def alcove(args, stdin=None):
        if args[:1] == ["activate"]:
            return ask(args[1:])
        if args == ["deactivate"]:
            if "_virtual_env_undo" in XSH.ctx:
                XSH.ctx["_virtual_env_undo"]()
                return 0
            import sys

            print("alcove: no environment is active in this shell", file=sys.stderr)
            return 1
        if args[:1] == ["cd"]:
            done = subprocess.run([program, *args], stdout=subprocess.PIPE, text=True, env=XSH.env.detype())
            if done.returncode == 0 and "\n" not in done.stdout[:-1]:
                XSH.aliases["cd"]([done.stdout[:-1]])
            else:
                print(done.stdout, end="")
            return done.returncode
        return subprocess.run([program, *args], env=XSH.env.detype()).returncode

    XSH.aliases["alcove"] = alcove
    return ask


_alcove_ask = _alcove_setup()
del _alcove_setup
