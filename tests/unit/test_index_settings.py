"""The settings of pip in pip's order, and ours above them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import alcove
from alcove.errors import UsageError
from alcove.index_settings import (
    DEFAULT_INDEX,
    IndexSettings,
    read,
    without_pip,
)


class Machine:
    """A home and an /etc of their own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.home = root / "home"
        self.etc = root / "etc"
        self.prefix = root / "env"

    def write(self, name: str, text: str) -> Path:
        """Write a file below the root."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def read(
        self,
        environ: dict[str, str] | None = None,
        *,
        command: str = "install",
        isolated: bool = False,
    ) -> IndexSettings:
        """Read the settings that hold on this machine."""
        return read(
            environ or {},
            str(self.home),
            prefix=str(self.prefix),
            command=command,
            isolated=isolated,
            platform="linux",
            system=str(self.etc),
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize(
    ("more", "conf", "proxies", "cert"),
    [
        ({}, "", (("https", "http://p:1"),), "/ca.pem"),
        ({"PIP_NO_PROXY_ENV": "1"}, "", (), ""),
        ({"PIP_PROXY": "http://q:2"}, "", (), ""),
        ({}, "no-proxy-env = yes\n", (), ""),
        ({"PIP_NO_PROXY_ENV": "1", "PIP_CERT": "/mine.pem"}, "", (), "/mine.pem"),
    ],
)
def test_proxies_and_bundles_of_the_environment_can_be_left_out(
    machine: Machine,
    more: dict[str, str],
    conf: str,
    proxies: tuple[tuple[str, str], ...],
    cert: str,
) -> None:
    machine.write("etc/pip.conf", f"[global]\n{conf}")
    environ = {"https_proxy": "http://p:1", "REQUESTS_CA_BUNDLE": "/ca.pem", **more}
    found = machine.read(environ)
    assert (found.proxies, found.cert) == (proxies, cert)


def test_without_any_settings_the_defaults_hold(machine: Machine) -> None:
    settings = machine.read()
    assert settings.index_url == DEFAULT_INDEX
    python = str(machine.prefix / "bin" / "python")
    assert settings == IndexSettings(netrc=str(machine.home / ".netrc"), python=python)


def test_the_address_of_the_default_index_stands_in_one_line_only() -> None:
    host = DEFAULT_INDEX.split("/")[2]
    source = Path(alcove.__file__).parent
    lines = [
        f"{path.name}: {line}"
        for path in sorted(source.rglob("*.py"))
        for line in path.read_text().splitlines()
        if host in line
    ]
    assert len(lines) == 1, lines


def test_each_file_beats_the_one_before(machine: Machine) -> None:
    names = [
        "etc/xdg/pip/pip.conf",
        "etc/pip.conf",
        "home/.pip/pip.conf",
        "home/.config/pip/pip.conf",
    ]
    for number, name in enumerate([*names, "env/pip.conf"]):
        machine.write(name, f"[global]\nindex-url = https://{number}.example/simple\n")
        assert machine.read().index_url == f"https://{number}.example/simple"
    named = machine.write("named.conf", "[global]\nindex_url: https://named.example\n")
    environ = {"PIP_CONFIG_FILE": str(named)}
    assert machine.read(environ).index_url == "https://named.example"
    environ["PIP_INDEX_URL"] = "https://variable.example"
    assert machine.read(environ).index_url == "https://variable.example"
    environ["ALCOVE_INDEX_URL"] = "https://ours.example"
    assert machine.read(environ).index_url == "https://ours.example"


def test_the_section_of_the_command_beats_global_of_any_file(machine: Machine) -> None:
    machine.write("etc/pip.conf", "[install]\nindex-url = https://install.example\n")
    machine.write("env/pip.conf", "[global]\nindex-url = https://global.example\n")
    assert machine.read().index_url == "https://install.example"
    assert machine.read(command="download").index_url == "https://global.example"


def test_an_existing_named_file_replaces_the_users(machine: Machine) -> None:
    machine.write("home/.config/pip/pip.conf", "[global]\ntimeout = 3\n")
    named = machine.write("named.conf", "[global]\nretries = 1\n")
    assert machine.read({"PIP_CONFIG_FILE": str(named)}).timeout == 15
    assert machine.read({"PIP_CONFIG_FILE": str(named) + ".gone"}).timeout == 3
    assert machine.read({"PIP_CONFIG_FILE": os.devnull}).timeout == 15


def test_isolated_ignores_variables_and_the_users_file(machine: Machine) -> None:
    machine.write("home/.config/pip/pip.conf", "[global]\ntimeout = 3\n")
    machine.write("etc/pip.conf", "[global]\nretries = 7\n")
    settings = machine.read({"PIP_TIMEOUT": "4"}, isolated=True)
    assert (settings.timeout, settings.retries) == (15, 7)


def test_values_of_several_words_and_lines(machine: Machine) -> None:
    machine.write(
        "etc/pip.conf",
        "# comment\n[global]\nextra-index-url = https://a.example https://b.example\n"
        "    https://c.example\n\n; comment\nfind-links =\n  /wheels\n  /more\nno-index = yes\n",
    )
    settings = machine.read()
    hosts = ("https://a.example", "https://b.example", "https://c.example")
    assert settings.extra_index_urls == hosts
    assert settings.find_links == ("/wheels", "/more")
    assert settings.no_index is True


def test_a_variable_replaces_the_files_list_and_options_add_to_it(machine: Machine) -> None:
    machine.write("etc/pip.conf", "[global]\nextra-index-url = https://file.example\n")
    environ = {"PIP_EXTRA_INDEX_URL": "https://one.example\thttps://two.example"}
    settings = read(
        environ,
        str(machine.home),
        layers=[{"extra-index-url": ["https://option.example"], "index-url": "https://i.example"}],
        platform="linux",
        system=str(machine.etc),
    )
    hosts = ("https://one.example", "https://two.example", "https://option.example")
    assert settings.extra_index_urls == hosts
    assert settings.index_url == "https://i.example"


def test_empty_values_and_unknown_keys_are_ignored(machine: Machine) -> None:
    machine.write("etc/pip.conf", "[global]\nindex-url =\ncolour = blue\n[freeze]\nall = 1\n")
    assert machine.read({"PIP_INDEX_URL": "", "PIP_NONSENSE": "1"}).index_url == DEFAULT_INDEX


def test_the_strategy_counts_where_pips_own_options_do_not(machine: Machine) -> None:
    assert machine.read().index_strategy == "best-match"
    machine.write("env/pip.conf", "[global]\nindex-strategy = first-index\nindex-url = https://x")
    assert machine.read().index_strategy == "first-index"
    for environ, strategy in (
        ({}, "first-index"),
        ({"PIP_INDEX_STRATEGY": "best-match", "PIP_PRE": "1"}, "best-match"),
        ({"ALCOVE_INDEX_STRATEGY": "best-match"}, "best-match"),
    ):
        left = without_pip(environ, str(machine.home), prefix=str(machine.prefix))
        found = read(left, str(machine.home), prefix=str(machine.prefix))
        assert (found.index_strategy, found.index_url, found.pre) == (
            strategy,
            DEFAULT_INDEX,
            False,
        )
    with pytest.raises(UsageError, match="'first' is neither best-match nor first-index"):
        machine.read({"ALCOVE_INDEX_STRATEGY": "first"})


def test_how_long_a_build_may_be_idle_counts_too(machine: Machine) -> None:
    assert machine.read().build_idle_timeout is None
    assert machine.read({"ALCOVE_BUILD_IDLE_TIMEOUT": "0"}).build_idle_timeout == 0
    machine.write("env/pip.conf", "[global]\nbuild-idle-timeout = 90.5\n")
    for environ, seconds in (({}, 90.5), ({"ALCOVE_BUILD_IDLE_TIMEOUT": "7"}, 7)):
        left = without_pip(environ, str(machine.home), prefix=str(machine.prefix))
        assert read(left, str(machine.home)).build_idle_timeout == seconds
    assert read(without_pip({}, str(machine.home), prefix=""), "").build_idle_timeout is None
    for value in ("soon", "-1", "nan"):
        with pytest.raises(UsageError, match=f"build-idle-timeout: '{value}' is"):
            machine.read({"ALCOVE_BUILD_IDLE_TIMEOUT": value})


def test_pips_other_spellings(machine: Machine) -> None:
    settings = machine.read({"PIP_DEFAULT_TIMEOUT": "60", "PIP_PYPI_URL": "https://i.example"})
    assert (settings.timeout, settings.index_url) == (60, "https://i.example")


def test_the_last_word_on_binaries_counts(machine: Machine) -> None:
    settings = machine.read({"PIP_NO_BINARY": ":all:", "PIP_ONLY_BINARY": "Foo_Bar,baz"})
    assert settings.no_binary == (":all:",)
    assert settings.only_binary == ("foo-bar", "baz")
    settings = machine.read({"PIP_ONLY_BINARY": "a,b", "ALCOVE_NO_BINARY": "b"})
    assert (settings.only_binary, settings.no_binary) == (("a",), ("b",))
    both = {"no-binary": ["b"], "only-binary": [":all:"]}
    for layer in (both, dict(reversed(both.items()))):
        settings = read({}, str(machine.home), prefix=str(machine.prefix), layers=[layer])
        assert (settings.only_binary, settings.no_binary) == ((":all:",), ("b",))
    settings = machine.read({"PIP_NO_BINARY": "a,:none:,c"})
    assert settings.no_binary == ("c",)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("index-url = x\n", ":1:"),
        ("[global]\nwhat is this\n", ":2:"),
        ("[global]\nretries = 1\n[install]\nretries = 2\nretries = 3\n", ":5: 'retries' stands"),
        ("[global]\ntimeout = soon\n", "timeout"),
        ("[global]\ntimeout = nan\n", "timeout"),
        ("[global]\npre = perhaps\n", "pre"),
        ("[global]\nretries = -1\n", "retries"),
        ("[global]\ntimeout = 0\n", "timeout"),
    ],
)
def test_bad_files_say_where(machine: Machine, text: str, where: str) -> None:
    path = machine.write("etc/pip.conf", text)
    with pytest.raises(UsageError) as caught:
        machine.read()
    assert str(path) in caught.value.message
    assert where in caught.value.message


def test_the_network_of_the_environment(machine: Machine) -> None:
    environ = {
        "https_proxy": "http://proxy.example:3128",
        "ALL_PROXY": "http://other.example",
        "no_proxy": "localhost,.corp.example",
        "REQUESTS_CA_BUNDLE": "/ca.pem",
        "NETRC": "/netrc",
        "PATH": "/bin",
    }
    settings = machine.read(environ)
    proxies = (("https", "http://proxy.example:3128"), ("all", "http://other.example"))
    assert settings.proxies == proxies
    assert settings.no_proxy == "localhost,.corp.example"
    assert (settings.cert, settings.netrc, settings.search_path) == ("/ca.pem", "/netrc", "/bin")
    assert machine.read({**environ, "PIP_CERT": "/own.pem"}).cert == "/own.pem"
