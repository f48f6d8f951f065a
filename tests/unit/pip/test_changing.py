"""install and uninstall: what they ask of the actions, and what they say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from alcove.errors import (
    AlcoveError,
    HashMismatch,
    NoSuchDistribution,
    ResolutionImpossible,
    UsageError,
)
from alcove.events import Built, Notice, Progress, Step, Warned
from alcove.pip.actions import Change, InstallOutcome, NothingFits, Satisfied
from tests.unit.pip.fakes import UNWRITTEN, FullStream

if TYPE_CHECKING:
    from tests.unit.pip.fakes import Inside


def test_install_hands_over_all_that_was_said(inside: Inside) -> None:
    words = (
        "install flask>=2 -r req.txt -c con.txt -e ./p --build-constraint bc.txt --group dev -U"
        " --upgrade-strategy eager --force-reinstall --no-deps --pre"
        " -C a=b -C a=c --require-hashes --no-binary x --only-binary y --prefer-binary"
        " -i https://index.example/simple --extra-index-url https://more.example --find-links /l"
        " --no-index --trusted-host index.example --timeout 3 --retries 2 --proxy http://p.example"
        " --cert /c --client-cert /k --no-cache-dir --ignore-requires-python --no-compile --src /s"
    )
    assert inside.pip(*words.split()).code == 0
    request = inside.actions.installs[0]
    assert request.requirements == ("flask>=2",)
    assert request.files == ("req.txt",)
    assert request.constraints == ("con.txt",)
    assert request.build_constraints == ("bc.txt",)
    assert request.editables == ("./p",)
    assert request.groups == ("dev",)
    assert request.config_settings == (("a", "b"), ("a", "c"))
    assert request.upgrade
    assert request.upgrade_strategy == "eager"
    assert request.force_reinstall
    assert request.no_deps
    assert request.require_hashes
    assert request.ignore_requires_python
    assert request.build_isolation
    assert request.compile is False
    assert request.source_directory == "/s"
    assert request.directory == str(inside.home)
    assert request.command == ("pip", *words.split())
    assert request.sources._asdict() == {
        "index_url": "https://index.example/simple",
        "extra_index_urls": ("https://more.example",),
        "find_links": ("/l",),
        "no_index": True,
        "trusted_hosts": ("index.example",),
        "cert": "/c",
        "client_cert": "/k",
        "proxy": "http://p.example",
        "no_proxy_env": False,
        "retries": 2,
        "timeout": 3.0,
        "cache_dir": "",
        "no_input": False,
        "keyring_provider": None,
        "pre": True,
        "no_binary": ("x",),
        "only_binary": ("y",),
        "prefer_binary": True,
        "releases": (),
        "uploaded_prior_to": "",
        "refresh": (),
    }


def test_install_accepts_what_has_no_effect(inside: Inside) -> None:
    words = (
        "--disable-pip-version-check --no-python-version-warning install --no-cache-dir"
        " --progress-bar off --no-input --root-user-action=ignore --no-warn-script-location"
        " --use-pep517 --no-color --isolated --require-virtualenv --exists-action w"
        " --break-system-packages x"
    )
    assert inside.pip(*words.split()).code == 0
    assert inside.actions.installs[0].requirements == ("x",)
    assert inside.asked_defaults == [("install", True)]


def test_configuration_fills_in(inside: Inside) -> None:
    inside.defaults = {"no-deps": ["true"], "find-links": ["/w"], "format": ["json"]}
    assert inside.pip("install", "x").code == 0
    assert inside.actions.installs[0].no_deps
    assert inside.actions.installs[0].sources.find_links == ("/w",)
    assert inside.pip("list").out == "[]\n"


def test_install_says_what_pip_says(inside: Inside) -> None:
    inside.actions.outcome = InstallOutcome(
        (
            Satisfied("click>=8", str(inside.home / "lib"), "8.1", "flask"),
            Satisfied("six", "/else/where", "1.16"),
        ),
        (Change("Werkzeug", "3.0"), Change("Flask", "3.0.1", before="2.0")),
        ("a 1 requires b, which is not installed.",),
    )
    answer = inside.pip("install", "flask")
    assert answer.out == (
        "Requirement already satisfied: click>=8 in ./lib (from flask) (8.1)\n"
        "Requirement already satisfied: six in /else/where (1.16)\n"
        "Installing collected packages: Werkzeug, Flask\n"
        "  Attempting uninstall: Flask\n"
        "    Found existing installation: Flask 2.0\n"
        "    Uninstalling Flask-2.0:\n"
        "      Successfully uninstalled Flask-2.0\n"
        "Successfully installed Flask-3.0.1 Werkzeug-3.0\n"
    )
    assert answer.err == (
        "ERROR: pip's dependency resolver does not currently take into account all the packages"
        " that are installed. This behaviour is the source of the following dependency conflicts.\n"
        "a 1 requires b, which is not installed.\n"
    )
    assert answer.code == 0
    assert inside.pip("install", "-q", "--no-warn-conflicts", "flask") == ("", "", 0)


def test_dry_run(inside: Inside) -> None:
    inside.actions.outcome = InstallOutcome((), (Change("b", "2"), Change("a", "1")))
    assert inside.pip("install", "--dry-run", "b").out == "Would install a-1 b-2\n"
    assert inside.actions.installs[0].dry_run


def test_report(inside: Inside) -> None:
    report = {"version": "1", "install": [{"metadata": {"summary": "ü"}}]}
    inside.actions.outcome = InstallOutcome((), (Change("a", "1"),), report=report)
    answer = inside.pip("install", "--dry-run", "--quiet", "--report", "-", "a")
    assert answer.out == json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    assert inside.pip("install", "--report", "r.json", "a").code == 0
    assert json.loads((inside.home / "r.json").read_text(encoding="utf-8")) == report
    answer = inside.pip("install", "--report", "no/such/r.json", "a")
    assert (answer.code, answer.err) == (
        1,
        "ERROR: the report cannot be written to no/such/r.json: No such file or directory\n",
    )


def test_events_in_pip_words(inside: Inside) -> None:
    inside.actions.events = [
        Step("fetching", "a-1.whl"),
        Step("building", "b"),
        Step("unpacking", "c"),
        Progress("a", 1, 2),
        Notice("well"),
        Warned("yanked", "look"),
        Built("A_b-1-py3-none-any.whl"),
        Built("backend-1-py3-none-any.whl"),
    ]
    inside.actions.outcome = InstallOutcome((), (Change("a.B", "1"), Change("c", "1")))
    answer = inside.pip("install", "a")
    assert answer.out == (
        "Downloading a-1.whl\nBuilding wheel for b\nwell\nSuccessfully built a.B\n"
        "Installing collected packages: a.B, c\nSuccessfully installed a.B-1 c-1\n"
    )
    assert answer.err == "WARNING: yanked\nhint: look\n"
    assert "Unpacking c\n" in inside.pip("install", "-v", "a").out


@pytest.mark.parametrize(
    ("error", "message", "code"),
    [
        (
            NothingFits("x>9", ("1", "2")),
            (
                "ERROR: Could not find a version that satisfies the requirement x>9"
                " (from versions: 1, 2)\nERROR: No matching distribution found for x>9\n"
            ),
            1,
        ),
        (
            NothingFits("x", hint="look"),
            (
                "ERROR: Could not find a version that satisfies the requirement x"
                " (from versions: none)\nERROR: No matching distribution found for x\nhint: look\n"
            ),
            1,
        ),
        (
            NoSuchDistribution(
                "nothing meets x>2", hint="look", requirement="x>2", versions=("1", "2")
            ),
            (
                "ERROR: Could not find a version that satisfies the requirement x>2"
                " (from versions: 1, 2)\nERROR: nothing meets x>2\n"
                "ERROR: No matching distribution found for x>2\nhint: look\n"
            ),
            1,
        ),
        (
            ResolutionImpossible("a and b clash"),
            "ERROR: a and b clash\nERROR: ResolutionImpossible: the requirements exclude each other\n",
            1,
        ),
        (HashMismatch("not what it was"), "ERROR: not what it was\n", 1),
        (UsageError("not together"), "ERROR: not together\n", 2),
        (KeyboardInterrupt(), "ERROR: Operation cancelled by user\n", 1),
        (
            OSError(28, "No space left on device"),
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n",
            1,
        ),
        (BrokenPipeError(), "ERROR: Pipe to stdout was broken\n", 120),
    ],
)
def test_errors(inside: Inside, error: BaseException, message: str, code: int) -> None:
    inside.actions.error = error
    assert inside.pip("install", "x") == ("", message, code)


def test_an_installation_that_cannot_be_told_of_is_carried_out(inside: Inside) -> None:
    inside.actions.events = [Notice("well"), Notice("done")]
    inside.actions.outcome = InstallOutcome((), (Change("x", "1.0"),))
    inside.stdout = FullStream()
    assert inside.pip("install", "x") == ("", UNWRITTEN, 1)
    assert len(inside.actions.installs) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", 'You must give at least one requirement to install (see "pip help install")'),
        (
            "-f /w",
            'You must give at least one requirement to install (maybe you meant "pip install /w"?)',
        ),
        (
            "--user x",
            (
                "Can not perform a '--user' install. User site-packages are not visible in this"
                " virtualenv."
            ),
        ),
        (
            "--require-hashes --no-require-hashes x",
            "--require-hashes and --no-require-hashes are mutually exclusive",
        ),
    ],
)
def test_install_refusals(inside: Inside, words: str, message: str) -> None:
    assert inside.pip("install", *words.split()) == ("", f"ERROR: {message}\n", 1)
    assert inside.actions.installs == []


@pytest.mark.parametrize("request_", ["pip", "PIP", "pip>=20", "pip!=1", "pip==26.3"])
def test_pip_itself_is_there(inside: Inside, request_: str) -> None:
    answer = inside.pip("install", "-U", request_)
    place = inside.site_packages
    assert answer == (f"Requirement already satisfied: {request_} in {place} (26.3)\n", "", 0)
    assert inside.actions.installs == []


@pytest.mark.parametrize("request_", ["pip==21.0", "pip<26", "pip @ https://x.example/pip.whl"])
def test_another_pip_is_told_and_not_placed(inside: Inside, request_: str) -> None:
    answer = inside.pip("install", "-U", request_, "setuptools")
    assert answer.code == 0
    assert answer.err.startswith(f"WARNING: {request_} was asked for; the pip of this environment")
    assert inside.actions.installs[0].requirements == ("setuptools",)


def test_a_malformed_request_for_pip(inside: Inside) -> None:
    answer = inside.pip("install", "pip=21")
    assert answer.code == 1
    assert answer.err.startswith("ERROR: Invalid requirement: 'pip=21': ")


@pytest.mark.parametrize("empty", ["", " "])
def test_an_empty_word_is_passed_over(inside: Inside, empty: str) -> None:
    assert inside.pip("install", empty) == ("", "", 0)
    inside.pip("install", "a", empty)
    assert inside.actions.installs[0].requirements == ("a",)


def test_report_of_pip_alone(inside: Inside) -> None:
    answer = inside.pip("install", "-q", "--report=-", "pip")
    assert json.loads(answer.out)["install"] == []
    assert json.loads(answer.out)["pip_version"] == "26.3"


def test_uninstall(inside: Inside) -> None:
    inside.add("Foo.Bar", "1.0")
    inside.add("b", "2")
    answer = inside.pip("uninstall", "-y", "foo-bar>3", "nope", "b")
    assert inside.actions.removed == [["foo-bar", "b"]]
    assert answer.out == (
        "Found existing installation: Foo.Bar 1.0\n"
        "Uninstalling Foo.Bar-1.0:\n"
        "  Successfully uninstalled Foo.Bar-1.0\n"
        "Found existing installation: b 2\n"
        "Uninstalling b-2:\n"
        "  Successfully uninstalled b-2\n"
    )
    assert (answer.err, answer.code) == ("WARNING: Skipping nope as it is not installed.\n", 0)


def test_uninstall_asks(inside: Inside) -> None:
    inside.add(
        "a",
        "1",
        RECORD="a,,\na-1.dist-info/METADATA,,\na-1.dist-info/RECORD,,\na/__init__.py,,\na/sub/x.py,,\n"
        "../../../bin/a,,\nsingle.py,,\n__pycache__/single.cpython-312.pyc,,\n",
    )
    inside.answers = ["what", "Y"]
    answer = inside.pip("uninstall", "a")
    lib = inside.site_packages
    assert answer.out == (
        "Found existing installation: a 1\nUninstalling a-1:\n  Would remove:\n"
        f"    {inside.prefix}/bin/a\n    {lib}/a-1.dist-info/*\n    {lib}/a/*\n    {lib}/single.py\n"
        "Your response ('what') was not one of the expected responses: y, n, \n"
        "  Successfully uninstalled a-1\n"
    )
    assert inside.questions == ["Proceed (Y/n)? "] * 2
    inside.answers = ["n"]
    assert inside.pip("uninstall", "a").code == 0
    assert len(inside.actions.removed) == 1


def test_uninstall_without_input(inside: Inside) -> None:
    inside.add("a", "1")
    answer = inside.pip("uninstall", "--no-input", "a")
    assert answer.code == 1
    assert answer.err == (
        "ERROR: No input was expected (--no-input); question: Proceed (Y/n)? \nhint: add -y\n"
    )


def test_uninstall_of_a_file(inside: Inside) -> None:
    inside.add("a", "1")
    inside.actions.in_file = ["A", "zz"]
    answer = inside.pip("uninstall", "-y", "-r", "req.txt")
    assert inside.actions.removed == [["a"]]
    assert answer.err == "WARNING: Skipping zz as it is not installed.\n"


def test_pip_itself_stays(inside: Inside) -> None:
    inside.add("pip", "26.3", INSTALLER="alcove\n")
    inside.add("a", "1")
    answer = inside.pip("uninstall", "-y", "pip", "a")
    assert answer.code == 0
    assert inside.actions.removed == [["a"]]
    assert answer.err.startswith("WARNING: pip is a part of this environment and stays")


def test_a_real_pip_over_ours_may_go(inside: Inside) -> None:
    inside.add("pip", "21.0", INSTALLER="pip\n")
    assert inside.pip("uninstall", "-y", "pip").code == 0
    assert inside.actions.removed == [["pip"]]


def test_what_the_base_has_stays(inside: Inside) -> None:
    inside.settings("true")
    base = inside.home / "base"
    (base / "b-1.dist-info").mkdir(parents=True)
    (base / "b-1.dist-info" / "METADATA").write_text("Name: b\nVersion: 1\n\n")
    inside.actions.base = [str(base)]
    answer = inside.pip("uninstall", "-y", "b")
    assert answer.code == 0
    assert "Not uninstalling b at" in answer.out
    assert inside.actions.removed == []


@pytest.mark.parametrize("word", ["a b", "./x", "-", "==1", "a$"])
def test_uninstall_of_nonsense(inside: Inside, word: str) -> None:
    answer = inside.pip("uninstall", "-y", "--", word)
    assert answer.code == 1
    assert answer.err.startswith(f"ERROR: Invalid requirement: {word!r}: ")


@pytest.mark.parametrize(
    "word",
    [
        "/wheels/Foo_Bar-1.0-py3-none-any.whl",
        "Foo_Bar-1.0-py3-none-any.whl",
        "./Foo_Bar-1.0-1-py3-none-any.whl[x]",
        "https://x.example/Foo_Bar-1.0%2Blocal-py3-none-any.whl#sha256=00",
        "git+https://x.example/repository@v1#subdirectory=x&egg=foo.bar",
        "https://x.example/a.tar.gz#egg=foo_bar[x]",
    ],
)
def test_uninstall_of_a_place_that_names_a_distribution(inside: Inside, word: str) -> None:
    inside.add("Foo.Bar", "1.0")
    assert inside.pip("uninstall", "-y", word).code == 0
    assert inside.actions.removed == [["foo-bar"]]


def test_uninstall_of_a_url(inside: Inside) -> None:
    answer = inside.pip("uninstall", "-y", "https://x.example/a.whl")
    assert answer.code == 1
    assert "WARNING: Invalid requirement: 'https://x.example/a.whl' ignored" in answer.err
    assert (
        'You must give at least one requirement to uninstall (see "pip help uninstall")'
        in answer.err
    )


def test_a_failed_removal_says_nothing_of_success(inside: Inside) -> None:
    inside.add("a", "1")
    inside.actions.error = AlcoveError("busy", hint="wait")
    assert inside.pip("uninstall", "-y", "a") == ("", "ERROR: busy\nhint: wait\n", 1)


def test_what_setup_py_placed_is_left_to_the_real_pip(inside: Inside) -> None:
    inside.add("a", "1.0")
    egg = inside.site_packages / "old.egg-info"
    egg.mkdir()
    (egg / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: old\nVersion: 2\n")
    answer = inside.pip("uninstall", "-y", "Old", "a")
    assert (answer.code, inside.actions.removed) == (7, [["a"]])
    assert inside.executed[0][0][1:] == ["-I", "/real/pip-26.3", "uninstall", "-y", "Old"]
