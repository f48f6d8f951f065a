"""Requirements files, locks, pages of links and indexes that lie on a web server, with the whole command."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from alcove.files.digest import sha256_of
from alcove.testing.sdists import project
from alcove.testing.web import Serve, WebServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.functional.commands.conftest import User

FLAVOUR = "flavour-1.0-py3-none-any.whl"


@pytest.fixture
def web(user: User) -> Iterator[WebServer]:
    """Give a server that has all wheels below /wheels/, and a page that names them."""
    with WebServer() as server:
        names = [path.name for path in sorted(user.wheels.iterdir())]
        for name in names:
            server.add(f"/wheels/{name}", Serve((user.wheels / name).read_bytes()))
        server.page("/wheels/", "".join(f"<a href='{name}'>{name}</a>" for name in names))
        yield server


def listed(user: User) -> list[str]:
    rows = user.ask("list")
    return [f"{row['name']} {row['version']}" for row in rows if row["name"] != "pip"]


def test_files_that_name_each_other_relative_to_their_address(user: User, web: WebServer) -> None:
    lines = f"--no-index\n--find-links {web.url}/wheels/\n-r sub/inner.txt\n-c limits.txt\n"
    web.add("/r/top.txt", Serve(lines.encode()))
    web.add("/r/sub/inner.txt", Serve("# coding: latin-1\nmeal  # \xe9\n".encode("latin-1")))
    web.add("/r/limits.txt", Serve(b"\xef\xbb\xbfflavour<2\n"))
    user.type("install", "-r", f"{web.url}/r/top.txt")
    assert listed(user) == ["flavour 1.0", "meal 1.0"]
    web.add("/r/sub/inner.txt", Serve(b"meal\n  no such thing\n"))
    told = user.type("install", "-r", f"{web.url}/r/top.txt", code=1).stderr
    assert f"{web.url}/r/sub/inner.txt:2:" in told
    web.add("/r/top.txt", Serve(b"-r gone.txt\n"))
    assert (
        f"{web.url}/r/gone.txt" in user.type("install", "-r", f"{web.url}/r/top.txt", code=1).stderr
    )


def test_a_lock_by_its_address(user: User, web: WebServer) -> None:
    digest = sha256_of(str(user.wheels / FLAVOUR))
    text = (
        'lock-version = "1.0"\ncreated-by = "hand"\n[[packages]]\nname = "flavour"\nversion = "1.0"\n'
        f'wheels = [{{name = "{FLAVOUR}", path = "../wheels/{FLAVOUR}", hashes = {{sha256 = "HASH"}}}}]\n'
    )
    web.add("/locks/pylock.toml", Serve(text.replace("HASH", digest).encode()))
    pip = str(user.env / "bin" / "python")
    user.type("run", "--", pip, "-m", "pip", "install", "-r", f"{web.url}/locks/pylock.toml")
    assert listed(user) == ["flavour 1.0"]
    web.add("/locks/pylock.bad.toml", Serve(text.replace("HASH", "0" * 64).encode()))
    user.type("undo")
    told = user.type("install", "-r", f"{web.url}/locks/pylock.bad.toml", code=1).stderr
    assert "0" * 64 in told
    assert listed(user) == []


def test_a_strangers_higher_version_does_not_win_where_the_first_index_does(
    user: User, web: WebServer
) -> None:
    for index, version in (("public", "2.0"), ("private", "1.0")):
        name = f"flavour-{version}-py3-none-any.whl"
        web.page(f"/{index}/flavour/", f"<a href='/wheels/{name}'>{name}</a>")
    words = ("-i", f"{web.url}/public", "--extra-index-url", f"{web.url}/private", "flavour")
    user.type("install", *words)
    assert listed(user) == ["flavour 2.0"]
    user.type("undo")
    (user.env / "pip.conf").write_text("[global]\nindex-strategy = first-index\n")
    files = {"PIP_CONFIG_FILE": ""}  # which the tests set to os.devnull, and then no file counts
    before = web.paths().count("/public/flavour/")
    user.type("install", *words, variables=files)
    assert listed(user) == ["flavour 1.0"]
    pip = str(user.env / "bin" / "pip")
    user.type("run", "--", pip, "install", "-U", *words, variables=files)
    assert listed(user) == ["flavour 1.0"]
    assert web.paths().count("/public/flavour/") == before


def test_what_a_build_requires_comes_from_the_index_of_the_environment(
    user: User, web: WebServer
) -> None:
    """An index that only ENV/pip.conf names counts for builds, too; that of everybody is not asked."""
    page = "".join(f"<a href='/wheels/{name}'>{name}</a>" for name in (FLAVOUR,))
    web.page("/private/flavour/", page)
    (user.env / "pip.conf").write_text(f"[global]\nindex-url = {web.url}/private\n")
    files = {
        "PIP_CONFIG_FILE": "",  # which the tests set to os.devnull, and then no file counts
        "PIP_INDEX_URL": "",
    }
    needs = ["flavour==1.0"]
    tree = project(str(user.home / "tree"), "tree", build_requires=needs, hooks="import flavour\n")
    user.type("install", tree, variables=files)
    assert listed(user) == ["tree 1.0"]
    assert "/private/flavour/" in web.paths()


def test_what_the_store_has_is_not_fetched_again(user: User, web: WebServer) -> None:
    digest = sha256_of(str(user.wheels / FLAVOUR))
    page = f"<a href='/wheels/{FLAVOUR}#sha256={digest}'>{FLAVOUR}</a>"
    web.page("/simple/flavour/", page)
    lock = user.project / "pylock.toml"
    lock.write_text(
        'lock-version = "1.0"\ncreated-by = "hand"\n[[packages]]\nname = "flavour"\nversion = "1.0"\n'
        f'wheels = [{{url = "{web.url}/wheels/{FLAVOUR}", hashes = {{sha256 = "{digest}"}}}}]\n'
    )
    user.type("install", "-i", f"{web.url}/simple", "flavour")
    shutil.rmtree(user.home / "alcove-cache")
    user.type("undo")
    fetched = web.paths().count(f"/wheels/{FLAVOUR}")
    assert fetched
    user.type("sync", "--offline", str(lock))
    assert listed(user) == ["flavour 1.0"]
    user.type("undo")
    user.type("install", "-i", f"{web.url}/simple", "flavour")
    assert listed(user) == ["flavour 1.0"]
    assert web.paths().count(f"/wheels/{FLAVOUR}") == fetched


def test_a_release_of_a_minute_ago_is_found(user: User, web: WebServer) -> None:
    old, new = sorted(path.name for path in user.wheels.glob("flavour-*.whl"))[:2]
    links = [f"<a href='/wheels/{name}'>{name}</a>" for name in (old, new)]
    version = new.split("-")[1]

    def install(what: str, code: int = 0) -> None:
        user.type("install", "-i", f"{web.url}/simple", what, code=code)

    web.page("/simple/flavour/", links[0])
    install("flavour")
    web.page("/simple/flavour/", "".join(links))
    install(f"flavour=={version}")
    assert listed(user) == [f"flavour {version}"]
    user.type("undo")
    user.type("install", "-i", f"{web.url}/simple", "-U", "flavour")
    assert listed(user) == [f"flavour {version}"]
    web.asked.clear()
    install("flavour==77", code=1)
    assert web.paths() == ["/simple/flavour/"]  # asked once, and believed
