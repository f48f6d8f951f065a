"""Nothing that is done in one environment changes what another one imports (DESIGN 6.1), or what the store holds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from alcove.testing.interpreters import require_interpreter
from alcove.testing.wheels import wheel
from tests.conformance.worlds import data_of, site_packages

if TYPE_CHECKING:
    from tests.conformance.worlds import World

CERTIFICATES = "-----BEGIN CERTIFICATE-----\n" * 5000  # above what is copied where nothing is known
MINE = "# certificate of a company\n"

# What the .pth of urllib3-future does: copies itself over urllib3 whenever Python starts.
WRITER = (
    "import os, shutil, sysconfig; site = sysconfig.get_path('purelib'); "
    "target = os.path.join(site, 'urllib3'); source = os.path.join(site, 'urllib3_future'); "
    "os.path.isdir(target) and (shutil.copyfile(source + '/__init__.py', target + '/__init__.py'), "
    "shutil.copyfile(source + '/pool.py', target + '/pool.py'))\n"
)


@pytest.fixture
def python() -> str:
    return require_interpreter("3.11")


def append(path: str, text: str) -> None:
    with open(path, "a", encoding="utf-8") as stream:
        stream.write(text)


def read(path: str) -> str:
    with open(path, encoding="utf-8") as stream:
        return stream.read()


def test_certificates_that_are_appended_stay_here(world: World, python: str) -> None:
    files = {"certifi/__init__.py": "", "certifi/core.py": "", "certifi/cacert.pem": CERTIFICATES}
    wheel(world.links, "certifi", "2030.1.1", files=files)
    here = world.create("here", python, "certifi")
    there = world.create("there", python, "certifi")
    store = world.store()
    append(f"{site_packages(here)}/certifi/cacert.pem", MINE)
    assert world.store() == store
    assert read(f"{site_packages(there)}/certifi/cacert.pem") == CERTIFICATES
    third = world.create("third", python, "certifi")
    assert read(f"{site_packages(third)}/certifi/cacert.pem") == CERTIFICATES
    for words in (("install", "alone"), ("uninstall", "-y", "alone"), ("undo",), ("redo",)):
        world.alcove(words[0], "--env", here, *words[1:])
        assert read(f"{site_packages(here)}/certifi/cacert.pem") == CERTIFICATES + MINE, words
    assert world.store().items() >= store.items()


def test_an_edit_in_place_of_a_file_in_a_real_directory_stays_here(
    world: World, python: str
) -> None:
    here = world.create("here", python, "alone==1.0", "parts-a", "parts-b")
    there = world.create("there", python, "alone==1.0", "parts-a", "parts-b")
    store = world.store()
    for path in ("alone.py", "parts/a.py"):
        append(f"{site_packages(here)}/{path}", "mine = True\n")
    assert world.store() == store
    assert "mine" not in read(f"{site_packages(there)}/alone.py")
    world.alcove("install", "--env", here, "plain")
    assert world.python(here, "import alone, parts.a; print(alone.mine, parts.a.mine)") == (
        "True True\n"
    )
    world.alcove("install", "--env", here, "-U", "alone")  # as with pip: a new version, new files
    assert world.python(here, "import alone; print(hasattr(alone, 'mine'))") == "False\n"


def test_configuration_that_is_edited_stays_here(world: World, python: str) -> None:
    here = world.create("here", python, "tool==1.0")
    there = world.create("there", python, "tool==1.0")
    store = world.store()
    append(f"{here}/etc/tool/tool.conf", "mine\n")
    assert world.store() == store
    assert data_of(there, "etc/tool/tool.conf") == {"etc/tool/tool.conf": "level = 1.0\n"}
    world.alcove("install", "--env", here, "alone")
    assert "mine" in read(f"{here}/etc/tool/tool.conf")
    world.alcove("uninstall", "-y", "--env", here, "tool")
    assert "mine" in read(f"{here}/etc/tool/tool.conf")  # the user's own by now


def test_who_writes_into_others_when_python_starts(world: World, python: str) -> None:
    original = {"urllib3/__init__.py": "name = 'urllib3'\n", "urllib3/pool.py": "name = 'pool'\n"}
    wheel(world.links, "urllib3", "2.0", files=original)
    future = {f"urllib3_future/{name}.py": "name = 'future'\n" for name in ("__init__", "pool")}
    wheel(world.links, "urllib3-future", "2.1", files=future | {"urllib3_future.pth": WRITER})
    say = "import urllib3, urllib3.pool; print(urllib3.name, urllib3.pool.name)"
    there = world.create("there", python, "urllib3")
    assert os.path.islink(f"{site_packages(there)}/urllib3")
    store = world.store()
    for first, second in (("urllib3", "urllib3-future"), ("urllib3-future", "urllib3")):
        here = world.create(f"first-{first}", python, first)
        world.alcove("install", "--env", here, second)
        assert not os.path.islink(f"{site_packages(here)}/urllib3")
        world.run(f"{here}/bin/python", "-c", "pass")  # the .pth has its way
        assert world.run(f"{here}/bin/python", "-c", say).stdout == "future future\n"
        assert world.store().items() >= store.items()
        assert world.python(there, say) == "urllib3 pool\n"
        world.alcove("uninstall", "-y", "--env", here, "urllib3-future")
        assert world.run(f"{here}/bin/python", "-c", say).stdout == "urllib3 pool\n"
        assert os.path.islink(f"{site_packages(here)}/urllib3")


def test_what_python_writes_beside_its_modules(world: World, python: str) -> None:
    """Bytecode is shared, and nothing else; compiling in one environment leaves the other right."""
    here = world.create("here", python, "tool==1.0", "parts-a")
    there = world.create("there", python, "tool==1.0", "parts-a")
    store = world.store()
    world.run(f"{here}/bin/python", "-m", "compileall", "-qf", site_packages(here))
    say = "import tool, tool.deep, parts.a; print(tool.__file__, tool.main.__code__.co_filename)"
    assert world.python(here, say).count(here) == 2
    assert world.python(there, say).count(there) == 2
    assert world.store() == store
    world.alcove("uninstall", "-y", "--env", here, "tool", "parts-a")
    assert world.python(there, say).count(there) == 2
    assert world.store() == store
