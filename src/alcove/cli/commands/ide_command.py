"""`alcove ide vscode`."""

from __future__ import annotations

from alcove.actions.held import refuse_sudo
from alcove.actions.where import absolute, path_of
from alcove.cli.output import print_json, say
from alcove.errors import UsageError
from alcove.events import Notice
from alcove.ide.vscode import vscode, workspace_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.cli.parse import Values
    from alcove.events import Reporter
    from alcove.ide.vscode import Edit
    from alcove.settings import Settings

__all__ = ["run"]


def run(values: Values, settings: Settings, reporter: Reporter) -> int:
    """Write the settings by which an editor finds an environment, or show them."""
    editor, *more = values.arguments
    if editor != "vscode" or len(more) > 1:
        raise UsageError(
            f"alcove ide does not take {' '.join(values.arguments)!r}",
            hint="alcove ide vscode [ENV]; PyCharm and others find environments without a setting",
        )
    word = "".join(more)
    path = path_of(settings, env=values.text("env"), name=values.text("name"), word=word)
    folder = values.text("workspace")
    workspace = absolute(folder, settings) if folder else workspace_of(settings)
    dry = values.flag("dry_run")
    if not dry:
        refuse_sudo(workspace, settings)
    edit = vscode(path, workspace, dry_run=dry)
    if values.flag("json"):
        written = bool(edit.changed) and not dry
        print_json({"path": edit.path, "changed": edit.changed, "written": written})
    elif not edit.changed:
        say(f"{edit.path} says so already")
    elif dry:
        _show(edit)
    elif not values.count("quiet"):
        for key in edit.changed:
            say(f"{edit.path}: {key} = {edit.changed[key]}")
        text = "an interpreter that was chosen in VS Code before counts until it is cleared there"
        reporter.emit(Notice(text))
    return 0


def _show(edit: Edit) -> None:
    import difflib

    lines = (edit.before.splitlines(), edit.after.splitlines())
    for line in difflib.unified_diff(*lines, edit.path, edit.path, lineterm=""):
        say(line)
