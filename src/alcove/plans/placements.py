"""How a distribution stands in an environment where nothing is in its way: entry in, placement out. Pure."""

from __future__ import annotations

from alcove.environments.generation import DataFile, Launcher, Placement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alcove.wheels.entry import Entry

__all__ = ["natural"]


def natural(
    entry: Entry, *, library: str, mode: str, requested: bool = False, direct_url: str = ""
) -> Placement:
    """Return the placement of an entry alone; `library` is the folder below lib/ ("python3.12").

    `mode` is the link mode; `direct_url` the text of direct_url.json (PEP 610), or "".
    """
    rules = entry.rules
    whole = mode != "view" or bool(rules.whole)
    launchers = [
        Launcher(point.name, point.module, point.attribute) for point in entry.entry_points
    ]
    named = {launcher.name for launcher in launchers}
    launchers += [Launcher(name, "", "") for name in entry.scripts if name not in named]
    data = [DataFile(file.path, f"data/{file.path}", file.sha256) for file in entry.data]
    # pip's scheme for headers in a virtual environment: include/site/pythonX.Y/NAME
    data += [
        DataFile(
            f"include/site/{library}/{entry.name}/{file.path}", f"headers/{file.path}", file.sha256
        )
        for file in entry.headers
    ]
    prepared = not entry.headers and (mode == "view" or bool(rules.whole) or not rules.links)
    record = "" if prepared else "headers" if entry.headers else "materialised"
    return Placement(
        name=entry.name,
        version=entry.version,
        source=f"e/{entry.directory}",
        sha256=entry.sha256,
        dist_info=entry.dist_info_name,
        requested=requested,
        direct_url=direct_url,
        links=() if whole else rules.links,
        trees=rules.links if whole else (),
        directories=rules.directories,
        files=tuple([path for path, _ in rules.files]),
        dist_files=tuple([path for path, _ in entry.dist_info if "/" not in path]),
        dist_links=_links_of(entry),
        launchers=tuple(launchers),
        data=tuple(data),
        record="direct_url" if direct_url and not record else record,
        natural=True,
    )


def _links_of(entry: Entry) -> tuple[str, ...]:
    """Return the sub-directories of the dist-info (licenses, sboms), which are shown as links."""
    return tuple(sorted({path.partition("/")[0] for path, _ in entry.dist_info if "/" in path}))
