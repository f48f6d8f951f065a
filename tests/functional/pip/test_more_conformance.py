"""`inspect`, `hash`, `config`, `cache`, `index`, `download`, `wheel`, `lock`: the real pip and ours, from the same start.

The real pip of the interpreter takes part without a network; the one that ours follows, from the index (`network`).
What is compared: exit codes, files with their bytes, stdout and stderr where programs read them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from typing import TYPE_CHECKING, NamedTuple

import pytest

from alcove.testing.sdists import project, sdist
from alcove.testing.wheels import wheel
from tests.functional.pip.pairs import Pair, files_below
from tests.functional.pip.test_conformance import make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

READING = """
inspect
inspect --local
inspect --user
inspect --path PATH
inspect --path PATH --local
hash h.txt
hash -a sha512 h.txt c.txt
hash --algorithm=sha384 h.txt
hash -a md5 h.txt
cache
cache frob
cache dir x
cache list x y
cache purge x
cache remove
cache dir --no-cache-dir
cache list
cache list beta --format abspath
cache list --format=xml
index
index versions
index versions alpha beta
index versions beta --no-index -f links
index versions beta --no-index -f links --pre
index versions alpha --no-index -f links
index versions winny --no-index -f links --platform win_amd64 --python-version 3.8 --implementation cp
index versions winny --no-index -f links --platform manylinux2014_x86_64 --python-version 310
config
config frob
config get
config set a
config list x
config --user --site list
config get global.nope
config get nope
""".strip().splitlines()

SCRIPTS = {
    "user": "set global.Index_URL https://x.example/ ; set install.timeout 5 ; list ; get global.index-url ; "
    "unset install.timeout ; list ; debug",
    "site": "--site set global.pre 1 ; set global.retries 2 ; --user set global.retries 3 ; get global.retries ; "
    "--user get global.retries ; unset global.pre ; unset global.pre ; debug",
    "lists": "set global.find-links a\nb ; get global.find-links ; list ; --isolated debug",
    "editor": "--editor true edit ; --editor false edit ; edit",
}

GATHERING = """
download N alpha -d out
download N alpha --no-deps -d out
download N alpha
download N alpha beta==1.5 -d out
download N src-thing -d out
download N dyn-thing -d out
download N ./proj -d out
download N REPO -d out
download N -r h.txt -d out
download N -r h2.txt -d out
download N alpha -c c.txt -d out
download N ./links/alpha-1.0-py3-none-any.whl -d out
download N beta --pre -d out
download N nope -d out
download N src-thing --only-binary :all: -d out
download N beta --no-binary beta -d out
download N winny --platform win_amd64 --python-version 3.8 --only-binary=:all: -d out
download N winny --platform manylinux2014_x86_64 --python-version 38 --no-deps -d out
download N winny --platform win_amd64 -d out
download N winny --platform win_amd64 --abi cp39 --implementation pp --only-binary=:all: -d out
download -d out
wheel N alpha -w out
wheel N src-thing dyn-thing -w out
wheel N --no-deps ./proj -w out
wheel N -e ./proj -w out
wheel N REPO --no-deps -w out
wheel N nope -w out
wheel N -r h.txt -w out
wheel
""".strip().splitlines()

LOCKS = """
lock N alpha -o out/pylock.toml
lock N src-thing -o out/pylock.toml
lock N -e ./proj -o out/pylock.toml
lock N ./links/beta-1.5-py3-none-any.whl -o out/pylock.x.toml
lock N REPO -o out/pylock.toml
lock N -r h.txt -o out/pylock.toml
lock N nope -o out/pylock.toml
lock N beta --pre -o -
""".strip().splitlines()


COMPLETIONS = """
pip
pip in
pip --
pip install -
pip install l
pip install -r h
pip list
pip list --f
pip list --format json --f
pip show p
pip show pip
pip uninstall
pip cache
pip cache dir
pip config --
pip index v
pip download -
pip download -d l
pip wheel --wh
pip lock -
pip hash -
pip inspect -
pip debug -
pip completion -
pip freeze -
pip help
pip --log l
""".strip().splitlines()


class Stock(NamedTuple):
    """A pair, and where the home of both lies."""

    pair: Pair
    home: Path


def stock(version: str, root: Path, *, pip: str = "") -> Stock:
    """Make the pair and what it is asked for; skip where the Python or the index is not to be had."""
    world = make(version, root)
    if pip:
        line = [str(world.prefix / "bin" / "python"), "-m", "pip", "install", "-q", f"pip=={pip}"]
        done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=300)
        if done.returncode:
            pytest.skip(f"the index cannot be reached: {done.stderr[-300:]}")
    home = world.home
    links = str(home / "links")
    wheel(links, "alpha", "1.0", requires=["beta>=1"])
    wheel(links, "beta", "1.5")
    wheel(links, "beta", "2.0rc1")
    wheel(links, "winny", "1.0", tags="cp38-cp38-win_amd64")
    wheel(links, "winny", "0.9", tags="cp38-abi3-manylinux2014_x86_64")
    sdist(links, "src-thing", "1.0", requires=["beta"])
    sdist(links, "dyn-thing", "1.0", requires=["beta"], dynamic=["Requires-Dist"])
    project(str(home / "proj"), "proj", "0.3", requires=["alpha"])
    sums = {
        path.name.split("-")[0]: digest
        for path in home.glob("links/*.whl")
        if "rc" not in path.name
        for digest in [files_below(path.parent)[path.name]]
    }
    (home / "h.txt").write_text(
        f"alpha==1.0 --hash=sha256:{sums['alpha']}\nbeta==1.5 --hash=sha256:{sums['beta']}\n"
    )
    wrong = "0" * 64
    (home / "h2.txt").write_text(f"beta==1.5 --hash=sha256:{wrong}\n")
    (home / "c.txt").write_text("beta<1\n")
    other = home / "other" / "there-2.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: there\nVersion: 2\n\nsaid\n")
    world.metadata(
        "kw", "1", "Keywords: a,b\nClassifier: X\nLicense: one\n        two\n", INSTALLER="x\n"
    )
    direct = {
        "url": "https://u:p@x.example/d.whl",
        "archive_info": {"hash": "sha256=ab", "hashes": {"sha256": "ab"}},
    }
    world.metadata("direct", "1", direct_url__json=json.dumps(direct), REQUESTED="")
    git = {
        "url": "https://x.example/g",
        "vcs_info": {"vcs": "git", "commit_id": "c", "requested_revision": "r"},
    }
    world.metadata("gitty", "1", direct_url__json=json.dumps({**git, "subdirectory": "s"}))
    local = {"url": (home / "proj").as_uri(), "dir_info": {"editable": True}}
    world.metadata("edited", "1", direct_url__json=json.dumps(local))
    if shutil.which("git"):
        repository = home / "repo"
        project(str(repository), "proj", "0.3", requires=["alpha"])
        for words in (
            "init -q",
            "add .",
            "-c user.name=a -c user.email=a@b.example commit -qm x",
            "tag v1",
        ):
            subprocess.run(["git", *words.split()], cwd=repository, check=True, env=world.environ())
    return Stock(Pair(world, root), home)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    """Give the real pip that comes with the interpreter."""
    made = stock("3.13", tmp_path_factory.mktemp("own"))
    yield made
    made.pair.close()


@pytest.fixture(scope="module")
def newest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    """Give the real pip that ours follows."""
    made = stock("3.13", tmp_path_factory.mktemp("newest"), pip="26.3")
    yield made
    made.pair.close()


def words_of(stock: Stock, text: str) -> list[str]:
    """Return the words of a line, with its places filled in."""
    places = {
        "N": "--no-index -f links",
        "PATH": "other",
        "REPO": f"git+file://{stock.home}/repo@v1",
    }
    if "REPO" in text and not (stock.home / "repo").exists():
        pytest.skip("no git here")
    return " ".join(places.get(word, word) for word in text.split(" ")).split(" ")


def compare_reading(stock: Stock, text: str, *, versions: bool) -> None:
    """Run both in one environment; both streams and the exit code must agree."""
    words = words_of(stock, text)
    theirs, mine = stock.pair.real(*words), stock.pair.ours(*words, there=True)
    program = f"{stock.pair.world.prefix}/bin/python -m pip"
    assert mine.code == theirs.code
    if words[0] == "inspect" and not theirs.code:
        one, two = json.loads(theirs.stdout), json.loads(mine.stdout)
        if not versions:
            one["pip_version"] = two["pip_version"]
            for row in two["installed"]:  # which that pip does not know
                row["metadata"].pop("license_file", None)
        if versions:
            assert mine.stdout == theirs.stdout
        assert two == one  # that pip has the keys of direct_url in another order
    else:
        assert mine.stdout == theirs.stdout
    if theirs.code != 2:  # a usage error shows usage lines, which are ours
        script = __file__.replace("test_more_conformance", "forked")
        stderr = (
            theirs.stderr.replace(program, "pip").replace(script, "pip").replace("forked.py", "pip")
        )
        assert [line for line in mine.stderr.splitlines() if not line.startswith("hint: ")] == [
            line for line in stderr.splitlines() if "is currently an experimental" not in line
        ]


@pytest.mark.parametrize("text", READING)
def test_reading_as_the_pip_of_the_interpreter(own: Stock, text: str) -> None:
    compare_reading(own, text, versions=False)


@pytest.mark.network
@pytest.mark.parametrize(
    "text",
    [
        *READING,
        "cache remove nope",
        "index versions src-thing --no-index -f links --only-binary src-thing",
        "index versions beta --no-index -f links --json",
        "index versions beta --no-index -f links --json --pre",
        "index versions kw --no-index -f links --json",
    ],
)
def test_reading_as_the_newest(newest: Stock, text: str) -> None:
    compare_reading(newest, text, versions=True)


def scripted(stock: Stock, script: str, *, ours: bool) -> object:
    """Run the commands of a script on no settings, and return the answers and the files that they left."""
    home, prefix = stock.home, stock.pair.world.prefix
    more = {
        "PIP_CONFIG_FILE": "",
        "XDG_CONFIG_HOME": str(home / "conf"),
        "XDG_CONFIG_DIRS": str(home / "none"),
    }
    answers = []
    for line in script.split(" ; "):
        words = ["config", *line.split(" ")]
        answer = (
            stock.pair.ours(*words, there=True, **more) if ours else stock.pair.real(*words, **more)
        )
        answers.append((words, answer.code, answer.stdout, answer.stderr.splitlines()[:1]))
    left = {
        str(path): path.read_text()
        for path in (home / "conf/pip/pip.conf", prefix / "pip.conf", home / ".pip/pip.conf")
        if path.exists()
    }
    for path in left:
        (home / path).unlink()
    return answers, left


@pytest.mark.parametrize("name", SCRIPTS)
def test_config_writes_what_the_pip_of_the_interpreter_writes(own: Stock, name: str) -> None:
    # that pip lists values without telling files apart; all else of the scripts is the same
    script = SCRIPTS[name].replace(" ; list", "")
    assert scripted(own, script, ours=True) == scripted(own, script, ours=False)


@pytest.mark.network
@pytest.mark.parametrize("name", SCRIPTS)
def test_config_writes_what_the_newest_writes(newest: Stock, name: str) -> None:
    assert scripted(newest, SCRIPTS[name], ours=True) == scripted(newest, SCRIPTS[name], ours=False)


def gathered(stock: Stock, text: str, *, ours: bool) -> tuple[int, list[str], dict[str, object]]:
    """Run one command into an empty directory; return its code, pip's last lines, and the files."""
    words = words_of(stock, text)
    before = {path.name for path in stock.home.iterdir()}
    answer = (stock.pair.ours if ours else stock.pair.real)(*words)
    told = [
        line for line in answer.stdout.splitlines() if line.startswith(("Saved", "Successfully"))
    ]
    out = stock.home / "out"
    files = files_below(out)
    shutil.rmtree(out, ignore_errors=True)
    for path in stock.home.iterdir():  # without -d they lie where the user stands
        if path.name not in before and path.suffix in {".whl", ".gz"}:
            files[path.name] = "here"
            path.unlink()
    return answer.code, sorted(" ".join(sorted(line.split(" "))) for line in told), files


@pytest.mark.parametrize("text", GATHERING)
def test_gathering_as_the_pip_of_the_interpreter(own: Stock, text: str) -> None:
    assert gathered(own, text, ours=True) == gathered(own, text, ours=False)


@pytest.mark.network
@pytest.mark.parametrize("text", GATHERING)
def test_gathering_as_the_newest(newest: Stock, text: str) -> None:
    assert gathered(newest, text, ours=True) == gathered(newest, text, ours=False)


def locked(stock: Stock, text: str, *, ours: bool) -> tuple[int, str]:
    """Run one command and return its code and the lock that it wrote, but for who says to have made it."""
    words = words_of(stock, text)
    out = stock.home / "out"
    out.mkdir()
    answer = (stock.pair.ours if ours else stock.pair.real)(*words)
    found = "".join(path.read_text() for path in out.iterdir())
    shutil.rmtree(out)
    if not found and "lock-version" in answer.stdout:
        found = "lock-version" + answer.stdout.partition("lock-version")[2]
    return answer.code, found.replace('created-by = "pip"', 'created-by = "alcove"')


@pytest.mark.network
@pytest.mark.parametrize("text", LOCKS)
def test_locks_as_the_newest(newest: Stock, text: str) -> None:
    if "./proj" in text:  # pip writes no path that leads upwards
        text = text.replace("out/pylock", "pylock")
        mine, theirs = (locked_here(newest, text, ours=ours) for ours in (True, False))
    else:
        mine, theirs = (locked(newest, text, ours=ours) for ours in (True, False))
    assert mine == theirs
    assert mine[0] == 1 or tomllib.loads(mine[1])["packages"]


def locked_here(stock: Stock, text: str, *, ours: bool) -> tuple[int, str]:
    """As `locked`, with the lock beside the project."""
    answer = (stock.pair.ours if ours else stock.pair.real)(*words_of(stock, text))
    path = stock.home / "pylock.toml"
    found = path.read_text()
    path.unlink()
    return answer.code, found.replace('created-by = "pip"', 'created-by = "alcove"')


@pytest.mark.network
@pytest.mark.parametrize("text", COMPLETIONS)
def test_completion_as_the_newest(newest: Stock, text: str) -> None:
    words = text.split()
    place = (
        len(words) - 1 if text.rsplit(" ", maxsplit=1)[-1] not in ("pip", *ENDED) else len(words)
    )
    more = {"PIP_AUTO_COMPLETE": "1", "COMP_WORDS": text, "COMP_CWORD": str(place)}
    theirs, mine = newest.pair.real(**more), newest.pair.ours(there=True, **more)
    assert (mine.code, theirs.code) == (1, 1)
    # pip completes an `=` that it then refuses
    expected = {word.replace("--no-cache-dir=", "--no-cache-dir") for word in theirs.stdout.split()}
    assert set(mine.stdout.split()) == expected


ENDED = {"list", "uninstall", "cache", "dir", "help"}
"""Words behind which the cursor stands after a blank."""
