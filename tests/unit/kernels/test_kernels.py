"""Kernels of environments that have an ipykernel: written, listed, followed, removed; and what is refused."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from alcove import settings
from alcove.errors import AlcoveError, BrokenEnvironment, NotAnEnvironment, UsageError
from alcove.events import Notice
from alcove.kernels import installing, listing, specs, subject, support
from alcove.kernels.installing import follow, install_kernel, remove_kernels
from alcove.kernels.listing import list_kernels
from tests.unit.transactions.machine import INTERPRETER, Said

if TYPE_CHECKING:
    from pathlib import Path

    from alcove.settings import Settings


@pytest.fixture(autouse=True)
def interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask no interpreter."""
    monkeypatch.setattr(subject, "inspect", lambda *_, **__: INTERPRETER)


@pytest.fixture
def given(tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    said = {"HOME": str(home), "ALCOVE_HOME": f"{home}/data", "ALCOVE_CACHE": f"{home}/cache"}
    return settings.read({**said, "JUPYTER_DATA_DIR": str(home / "jupyter")}, cwd=str(tmp_path))


def environment(path: Path, *distributions: str, by: str = "python -m venv") -> str:
    """Make what passes for an environment of anybody's, with distributions `name==version` that need `...;more`."""
    site = path / "lib" / INTERPRETER.library / "site-packages"
    site.mkdir(parents=True)
    (path / "bin").mkdir()
    (path / "bin" / "python").symlink_to(INTERPRETER.executable)
    (path / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = 3.12.1\ncommand = {by}\n")
    for text in distributions:
        first, *requires = text.split(";")
        name, _, version = first.partition("==")
        info = site / f"{name}-{version or '1.0'}.dist-info"
        info.mkdir()
        lines = [f"Requires-Dist: {one}" for one in requires]
        head = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version or '1.0'}", *lines]
        (info / "METADATA").write_text("\n".join(head) + "\n")
    return str(path)


def kernel(spec: specs.Spec) -> dict[str, Any]:
    with open(f"{spec.directory}/kernel.json", encoding="utf-8") as stream:
        found: dict[str, Any] = json.load(stream)
    return found


def test_what_jupyter_reads(tmp_path: Path, given: Settings) -> None:
    path = environment(tmp_path / "My Shop" / ".venv", "ipykernel")
    spec = install_kernel(path, given)
    assert spec.name == "my-shop"
    assert os.listdir(spec.directory) == ["kernel.json"]
    assert os.path.dirname(spec.directory) == f"{given.home}/jupyter/kernels"
    found = kernel(spec)
    assert found["argv"] == [
        f"{path}/bin/python",
        "-m",
        "ipykernel_launcher",
        "-f",
        "{connection_file}",
    ]
    assert found["display_name"] == "My Shop (Python 3.12.1)"
    assert found["language"] == "python"
    assert found["env"] == {"VIRTUAL_ENV": path, "PATH": f"{path}/bin{os.pathsep}${{PATH}}"}
    assert specs.read(spec.directory) == spec


def test_what_ipykernel_says_of_itself_is_said_too(tmp_path: Path, given: Settings) -> None:
    path = environment(tmp_path / "env", "ipykernel")
    own = tmp_path / "env" / "share" / "jupyter" / "kernels" / "python3"
    own.mkdir(parents=True)
    text = {"metadata": {"debugger": True, "new": [1]}, "kernel_protocol_version": "5.5"}
    (own / "kernel.json").write_text(json.dumps(text))
    found = kernel(install_kernel(path, given, name="x"))
    assert found["metadata"].keys() == {"debugger", "new", "alcove"}
    assert found["kernel_protocol_version"] == "5.5"
    assert found["argv"][1] == "-Xfrozen_modules=off"


def test_a_dollar_in_a_path_is_a_dollar(tmp_path: Path, given: Settings) -> None:
    """Jupyter puts variables into the values of `env`."""
    path = environment(tmp_path / "${HOME}" / "e", "ipykernel")
    found = kernel(install_kernel(path, given))
    assert found["env"]["VIRTUAL_ENV"] == path.replace("$", "$$")
    assert found["argv"][0] == f"{path}/bin/python"


@pytest.mark.parametrize("name", ["../x", "a b", "", ".", "é", "a/b", "-"])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(UsageError, match="kernel"):
        specs.check_name(name)


def test_names_from_any_text() -> None:
    assert specs.name_from("データ") == "environment"
    assert specs.name_from("--My_Data..") == "my_data"


def test_places(tmp_path: Path, given: Settings) -> None:
    path = environment(tmp_path / "env", "ipykernel")
    for prefix in (path, str(tmp_path / "lab")):
        spec = install_kernel(path, given, prefix=prefix, name="here")
        assert spec.directory == f"{prefix}/share/jupyter/kernels/here"
    assert [one.directory for one in list_kernels(given)] == sorted(
        f"{prefix}/share/jupyter/kernels/here" for prefix in (path, str(tmp_path / "lab"))
    )


def test_kernels_of_others_are_left_alone(tmp_path: Path, given: Settings) -> None:
    path = environment(tmp_path / "env", "ipykernel")
    theirs = tmp_path / "home" / "jupyter" / "kernels" / "env"
    theirs.mkdir(parents=True)
    (theirs / "kernel.json").write_text('{"argv": ["R"], "metadata": {}}')
    with pytest.raises(AlcoveError, match="did not make") as caught:
        install_kernel(path, given)
    assert "--kernel" in str(caught.value.hint)
    with pytest.raises(AlcoveError, match="did not make"):
        remove_kernels("env", given)
    assert (theirs / "kernel.json").read_text() == '{"argv": ["R"], "metadata": {}}'
    assert list_kernels(given) == []


def test_a_name_is_one_environments(tmp_path: Path, given: Settings) -> None:
    first = environment(tmp_path / "a" / "app" / ".venv", "ipykernel")
    second = environment(tmp_path / "b" / "app" / ".venv", "ipykernel")
    install_kernel(first, given)
    install_kernel(first, given, display_name="again")
    with pytest.raises(AlcoveError, match=f"that of {first}"):
        install_kernel(second, given)
    os.rename(tmp_path / "a", tmp_path / "gone")
    assert install_kernel(second, given).environment == second


def test_a_dry_run_writes_nothing(tmp_path: Path, given: Settings) -> None:
    path = environment(tmp_path / "env", "ipykernel")
    assert install_kernel(path, given, dry_run=True).name == "env"
    assert not os.path.exists(given.home)
    install_kernel(path, given)
    assert [one.name for one in remove_kernels("env", given, dry_run=True)] == ["env"]
    assert len(list_kernels(given)) == 1


def test_what_is_no_environment(tmp_path: Path, given: Settings) -> None:
    with pytest.raises(NotAnEnvironment):
        install_kernel(str(tmp_path), given)
    path = environment(tmp_path / "env", "ipykernel")
    os.unlink(f"{path}/bin/python")
    with pytest.raises(BrokenEnvironment, match="bin/python is missing"):
        install_kernel(path, given)


def healths(given: Settings) -> dict[str, str]:
    return {one.name: one.health for one in list_kernels(given)}


def test_health(tmp_path: Path, given: Settings) -> None:
    path = environment(tmp_path / "env", "ipykernel")
    spec = install_kernel(path, given)
    assert healths(given) == {"env": "ok"}
    site = f"{path}/lib/{INTERPRETER.library}/site-packages"
    os.rename(f"{site}/ipykernel-1.0.dist-info", f"{site}/aside")
    assert healths(given) == {"env": "ipykernel is not in its environment any more"}
    os.rename(path, f"{path}-aside")
    (found,) = list_kernels(given)
    assert found.health == f"its environment is at {path}-aside now"
    assert found.moved_to == f"{path}-aside"
    assert found.hint == f"alcove kernel install {path}-aside --kernel env"
    os.rename(f"{path}-aside", tmp_path / "home" / "far")
    assert healths(given) == {"env": "its environment is gone"}
    with open(f"{spec.directory}/kernel.json", "w", encoding="utf-8") as stream:
        stream.write("{")
    assert "is not JSON" in healths(given)["env"]


def test_a_project_that_moved_is_found(tmp_path: Path, given: Settings) -> None:
    environment(tmp_path / "work" / "old" / ".venv", "ipykernel")
    install_kernel(str(tmp_path / "work" / "old" / ".venv"), given)
    os.rename(tmp_path / "work" / "old", tmp_path / "work" / "new")
    assert list_kernels(given)[0].moved_to == str(tmp_path / "work" / "new" / ".venv")


def test_kernels_follow_a_move(tmp_path: Path, given: Settings) -> None:
    path = environment(tmp_path / "env", "ipykernel")
    install_kernel(path, given)
    install_kernel(path, given, prefix=path, name="in-it")
    other = environment(tmp_path / "env2", "ipykernel")
    kept = install_kernel(other, given)
    new = str(tmp_path / "moved")
    os.rename(path, new)
    (tmp_path / "home" / ".virtualenvs").mkdir()
    (tmp_path / "home" / ".virtualenvs" / "m").symlink_to(new)  # so that it is known
    said = Said()
    follow(path, new, given, reporter=said)
    found = {one.name: one for one in list_kernels(given)}
    assert found.keys() == {"env", "in-it", "env2"}
    assert {one.health for one in found.values()} == {"ok"}
    assert found["env"].environment == found["in-it"].environment == new
    assert kernel(kept)["argv"][0] == f"{other}/bin/python"
    assert said.text.count("new place") == 2


def test_removing(tmp_path: Path, given: Settings) -> None:
    path = environment(tmp_path / "env", "ipykernel")
    first = install_kernel(path, given)
    second = install_kernel(path, given, name="two")
    third = install_kernel(path, given, name="three")
    with open(f"{third.directory}/logo.svg", "w", encoding="utf-8") as stream:
        stream.write("<svg/>")
    said = Said()
    assert remove_kernels("two", given) == [second]
    assert {one.name for one in remove_kernels("./env", given, reporter=said)} == {"env", "three"}
    assert not os.path.exists(first.directory)
    assert os.listdir(third.directory) == ["logo.svg"]
    assert [type(event) for event in said.events] == [Notice]
    assert list_kernels(given) == []
    with pytest.raises(AlcoveError, match="neither a kernel"):
        remove_kernels("./env", given)


def test_the_kernel_of_an_environment_that_is_gone_can_be_removed(
    tmp_path: Path, given: Settings
) -> None:
    path = environment(tmp_path / "env", "ipykernel")
    spec = install_kernel(path, given, name="k")
    os.rename(path, tmp_path / "home" / "x")
    assert remove_kernels("./env", given) == [spec]


def lending(
    monkeypatch: pytest.MonkeyPatch, offers: dict[tuple[str, ...], tuple[str, ...]]
) -> list[tuple[str, ...]]:
    """Let what is lent be `offers` (by pins) of distributions, and return the list of pins that are asked for."""
    asked: list[tuple[str, ...]] = []

    def make(
        path: str, _: subject.Subject, pins: dict[str, str], *__: object, **___: object
    ) -> None:
        key = tuple(f"{name}=={version}" for name, version in pins.items())
        asked.append(key)
        from pathlib import Path

        environment(Path(path), *offers[key], by="alcove kernel install")

    monkeypatch.setattr(support, "_make", make)
    return asked


def test_ipykernel_is_lent_and_given_back(
    tmp_path: Path, given: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = lending(monkeypatch, {(): ("ipykernel==7.0;traitlets>=5", "traitlets==5.1")})
    path = environment(tmp_path / "env", "traitlets==5.0")
    spec = install_kernel(path, given)
    other = install_kernel(environment(tmp_path / "two"), given)
    assert asked == [()]
    assert spec.support == other.support
    site = f"{spec.support}/lib/{INTERPRETER.library}/site-packages"
    assert spec.argv == (
        f"{path}/bin/python",
        f"{spec.directory}/start.py",
        site,
        "-f",
        "{connection_file}",
    )
    assert sorted(os.listdir(spec.directory)) == ["kernel.json", "start.py"]
    assert healths(given) == {"env": "ok", "two": "ok"}
    remove_kernels("env", given)
    assert os.path.isdir(spec.support)
    os.unlink(f"{other.directory}/start.py")
    assert healths(given) == {"two": "its start.py is missing"}
    inside = f"lib/{INTERPRETER.library}/site-packages/ipykernel-1.0.dist-info"
    more = environment(tmp_path / "more", "ipykernel")
    os.rename(f"{more}/{inside}", tmp_path / "two" / inside)
    install_kernel(str(tmp_path / "two"), given)
    assert os.listdir(other.directory) == ["kernel.json"]
    assert not os.path.exists(spec.support)


def test_versions_of_the_environment_are_heeded(
    tmp_path: Path, given: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = ("ipykernel==5.0;traitlets>=4", "traitlets==4.3")
    asked = lending(
        monkeypatch,
        {(): ("ipykernel==7.0;traitlets>=5", "traitlets==5.1"), ("traitlets==4.3",): old},
    )
    path = environment(tmp_path / "env", "traitlets==4.3")
    spec = install_kernel(path, given)
    assert asked == [(), ("traitlets==4.3",)]
    assert healths(given) == {"env": "ok"}
    # what was tried in vain is gone
    left = [one for one in os.listdir(support.root(given)) if one.startswith("cpython")]
    assert left == [os.path.basename(spec.support)]
    newest = install_kernel(environment(tmp_path / "new"), given)
    assert newest.support != spec.support


def test_where_nothing_fits_that_is_said(
    tmp_path: Path, given: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    wants = ("ipykernel==7.0;traitlets>=5", "traitlets==5.1")
    lending(monkeypatch, {(): wants, ("traitlets==4.3",): wants})
    path = environment(tmp_path / "env", "traitlets==4.3")
    with pytest.raises(AlcoveError, match=f"no ipykernel runs with what is in {path}") as caught:
        install_kernel(path, given)
    assert "upgrade" in str(caught.value.hint)
    assert list_kernels(given) == []
    assert [one for one in os.listdir(support.root(given)) if one.startswith("cpython")] == []


def test_an_environment_that_changed_is_told(
    tmp_path: Path, given: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    lending(monkeypatch, {(): ("ipykernel==7.0;traitlets>=5", "traitlets==5.1")})
    path = environment(tmp_path / "env")
    install_kernel(path, given)
    environment(tmp_path / "other", "traitlets==4.3")
    inside = f"lib/{INTERPRETER.library}/site-packages/traitlets-4.3.dist-info"
    os.rename(tmp_path / "other" / inside, f"{path}/{inside}")
    assert "traitlets 4.3" in healths(given)["env"]


def test_names_are_the_modules(given: Settings) -> None:
    assert support.root(given) == f"{given.data}/kernels"
    assert {installing.__name__, listing.__name__} == {
        "alcove.kernels.installing",
        "alcove.kernels.listing",
    }


def test_the_hint_names_the_place(tmp_path: Path, given: Settings) -> None:
    path = environment(tmp_path / "my env", "ipykernel")
    for prefix, name in ((path, "a"), (str(tmp_path / "lab"), "b"), ("", "c")):
        install_kernel(path, given, prefix=prefix, name=name)
    site = f"{path}/lib/{INTERPRETER.library}/site-packages"
    os.rename(f"{site}/ipykernel-1.0.dist-info", f"{site}/aside")
    again = f"alcove kernel install '{path}' --kernel"
    assert [one.hint for one in list_kernels(given)] == [
        f"{again} a --sys-prefix",
        f"{again} b --prefix {tmp_path}/lab",
        f"{again} c",
    ]


def test_a_place_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, given: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    lending(monkeypatch, {(): ("ipykernel==7.0",)})
    path = environment(tmp_path / "env")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "jupyter").write_text("a file")
    with pytest.raises(OSError, match="jupyter"):
        install_kernel(path, given)
    assert sorted(os.listdir(support.root(given))) == ["known", "lock"]
    assert list_kernels(given) == []
