"""Which options of `pip install` go together: pip's refusals, in its words and its order."""

from __future__ import annotations

from alcove.errors import AlcoveError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.pip.parse import Parsed
    from alcove.pip.session import Session

__all__ = ["SOURCES", "check", "other_interpreter", "together"]

SOURCES = ("editables", "requirements", "groups", "scripts")


def check(session: Session) -> None:
    """Raise AlcoveError where pip refuses what was said."""
    parsed = session.parsed
    if parsed.flag("user") and parsed.text("target"):
        raise AlcoveError("Can not combine '--user' and '--target'")
    if parsed.text("prefix") and parsed.text("target") and not parsed.flag("dry_run"):
        raise AlcoveError("Can not combine '--prefix' and '--target': each says where to install")
    if other_interpreter(parsed) and not parsed.flag("dry_run") and not parsed.text("target"):
        raise AlcoveError(
            "Can not use any platform or abi specific options unless installing via '--target' or"
            " using '--dry-run'"
        )
    if parsed.flag("user"):
        _user(session)
    together(parsed, "install")


def together(parsed: Parsed, command: str) -> None:
    """Refuse what excludes itself in each command that decides on requirements, and nothing at all."""
    _only_dependencies(parsed)
    if parsed.texts("build_constraints") and not parsed.flag("build_isolation", default=True):
        raise AlcoveError("--build-constraint cannot be used with --no-build-isolation.")
    if parsed.flag("pre") and parsed.texts("releases"):
        raise AlcoveError("--pre cannot be used with --all-releases or --only-final.")
    if len(parsed.texts("scripts")) > 1:
        raise AlcoveError("--requirements-from-script can only be given once")
    if parsed.flag("require_hashes") and parsed.flag("no_require_hashes"):
        raise AlcoveError("--require-hashes and --no-require-hashes are mutually exclusive")
    if not parsed.arguments and not any(parsed.texts(name) for name in SOURCES):
        links = " ".join(parsed.texts("find_links"))
        maybe = (
            f'maybe you meant "pip {command} {links}"?' if links else f'see "pip help {command}"'
        )
        raise AlcoveError(f"You must give at least one requirement to {command} ({maybe})")


def _only_dependencies(parsed: Parsed) -> None:
    if not parsed.flag("only_deps"):
        return
    said = [
        text
        for name, text in (
            ("no_deps", "'--no-deps'"),
            ("requirements", "'--requirement'"),
            ("scripts", "'--requirements-from-script'"),
            ("groups", "'--group'"),
        )
        if parsed.flag(name) or parsed.texts(name)
    ]
    if said:
        listed = ", ".join([*said[:-1], f"or {said[-1]}"] if len(said) > 1 else said)
        raise AlcoveError(
            f"Cannot use '--only-dependencies' in combination with {listed}.",
            hint="what a file, a group or a script lists has no dependencies of its own to take alone",
        )


def other_interpreter(parsed: Parsed) -> bool:
    """Tell whether another interpreter is declared; refuse builds for it, as pip does: they would be for this one."""
    declared = bool(
        parsed.texts("platforms")
        or parsed.text("python_version")
        or parsed.text("implementation")
        or parsed.texts("abis")
    )
    if not declared:
        return False
    wheels = parsed.texts("only_binary") == [":all:"] and not parsed.texts("no_binary")
    if not wheels and not parsed.flag("no_deps"):
        raise AlcoveError(
            "When restricting platform and interpreter constraints using --python-version,"
            " --platform, --abi, or --implementation, either --no-deps must be set, or"
            " --only-binary=:all: must be set and --no-binary must not be set (or must be set to"
            " :none:)."
        )
    for text in (
        *parsed.texts("requirements"),
        *(group.rpartition(":")[0] for group in parsed.texts("groups")),
    ):
        name = text.partition("[")[0]
        base = name.replace("\\", "/").rpartition("/")[2]
        if base == "pylock.toml" or (base.startswith("pylock.") and base.endswith(".toml")):
            raise AlcoveError(
                "Platform and interpreter constraints using --python-version, --platform, --abi, or"
                " --implementation, are not supported when selecting requirements from"
                f" {name!r}"
            )
    return True


def _user(session: Session) -> None:
    if session.parsed.text("prefix"):
        raise AlcoveError(
            "Can not combine '--user' and '--prefix' as they imply different installation locations"
        )
    if not session.place.sees_base:
        raise AlcoveError(
            "Can not perform a '--user' install. User site-packages are not visible in this"
            " virtualenv."
        )
    if not session.place.user_base:
        raise AlcoveError(
            "Can not perform a '--user' install. User site-packages are disabled for this Python."
        )
