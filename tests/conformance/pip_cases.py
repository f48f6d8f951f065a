"""The differential cases: commands that the real pip and ours run from identical starts, and what may differ.

A line is `GIVEN | COMMAND`, `;;` parts commands that follow one another. GIVEN names what is installed before. In commands
`{links}` is the directory of wheels, `{projects}` that of source trees; all else is relative to the directory of work.
"""

from __future__ import annotations

__all__ = ["DIFFERENCES", "GIVEN", "SINCE", "cases"]

# What is installed before a case begins.
GIVEN = {
    "empty": (),
    "old": ("alpha==1.0", "beta==1.0"),
    "dep": ("alpha==1.0", "--constraint", "limits.txt"),  # beta came as a dependency
    "many": ("tool", "parts-a", "parts-b", "needy", "gamma[x]", "single"),
    "local": ("{projects}/plain-project", "-e", "{projects}/edited"),
}

# The first pip that knows what a case uses; the pip of an older interpreter is not asked.
SINCE = {
    "--group": (25, 1),
    "--no-require-hashes": (26, 1),
    "--only-deps": (26, 2),
    "--requirements-from-script": (26, 0),
    "--uploaded-prior-to": (26, 0),
    "--all-releases": (26, 0),
    "--only-final": (26, 0),
    "--refresh-package": (26, 2),
    "--build-constraint": (25, 3),
    "pylock.toml": (26, 1),
}

_REQUIREMENTS = """
empty | install beta
empty | install beta==1.0
empty | install beta<2
empty | install beta!=2.1,>1
empty | install beta~=1.0
empty | install beta===1.5
empty | install alpha
empty | install alpha==1.0 beta==1.5
empty | install alpha beta==1.0
empty | install Odd_name.X
empty | install odd-name-x
empty | install gamma[x]
empty | install gamma[X,y]
empty | install gamma[nope]
empty | install marked
empty | install "single; python_version < '3'"
empty | install "beta<2; python_version > '3'"
empty | install tool
empty | install parts-a parts_b
empty | install pythons
empty | install pythons --ignore-requires-python
empty | install only-pre
empty | install alpha --pre
empty | install alpha>=3.0a1
empty | install beta==3.0rc1
empty | install nowhere
empty | install beta==9
empty | install broken-needs
empty | install newest-needs
empty | install broken-needs --no-deps
empty | install needy beta>=2
empty | install alpha==2.0 needy
empty | install ==1
empty | install beta=1.0
empty | install
empty | install formats
empty | install formats --only-binary formats
empty | install formats --only-binary :all:
empty | install formats --no-binary formats --only-binary :none:
empty | install beta --no-binary :all:
empty | install formats --prefer-binary
empty | install tagged
empty | install alpha --no-deps
empty | install alpha --no-compile
empty | install alpha --compile
empty | install alpha -q
empty | install alpha --dry-run
empty | install alpha --dry-run --report r.json
empty | install alpha --report r.json
empty | install gamma[x] --dry-run --quiet --report -
empty | install --find-links {links} --no-index single
empty | install --no-index single
empty | install alpha ;; freeze
empty | install alpha ;; list --format=json
empty | install needy beta==1.0 ;; check
"""

_FILES = """
empty | install -r plain.txt
empty | install -r nested.txt
empty | install -r marked.txt
empty | install -r continued.txt
empty | install -r variable.txt
empty | install -r pre.txt
empty | install -r only-binary.txt
empty | install -r no-binary.txt
empty | install -r prefer.txt
empty | install -r latin.txt
empty | install -r bom.txt
empty | install -r wide.txt
empty | install -r addresses.txt
empty | install -r file://{links}/pylock.toml
empty | install -r editable.txt
empty | install -r settings.txt
empty | install -r links.txt
empty | install -r bad.txt
empty | install -r bad-option.txt
empty | install -r missing.txt
empty | install -r plain.txt -r marked.txt
empty | install -c limits.txt beta
empty | install -c limits.txt alpha
empty | install -c limits.txt single
empty | install -c limits.txt beta==2.0
empty | install -c limits-url.txt beta
empty | install -c limits-url.txt alpha
empty | install -r hashed.txt
empty | install -r hashed-two.txt
empty | install -r hashed-part.txt
empty | install -r hashed-part.txt --no-deps
empty | install -r hashed-other.txt
empty | install -r hashed-wrong.txt
empty | install -r hashed-range.txt
empty | install -r plain.txt --require-hashes
empty | install -r hashed-other.txt --no-require-hashes
empty | install --require-hashes beta==1.0
empty | install --group test
empty | install --group other/pyproject.toml:dev
empty | install --group base --group test
empty | install --group nope
empty | install --group missing/pyproject.toml:x
empty | install --group setup.cfg:x
empty | install -r pylock.toml
empty | install --requirements-from-script script.py
empty | install --requirements-from-script script-python.py
empty | install --requirements-from-script script-python.py --ignore-requires-python
empty | install --requirements-from-script no-script.py
empty | install --requirements-from-script script.py --requirements-from-script script.py
"""

_SOURCES = """
empty | install {links}/beta-1.0-py3-none-any.whl
empty | install file://{links}/beta-1.0-py3-none-any.whl
empty | install "beta @ file://{links}/beta-1.0-py3-none-any.whl"
empty | install "gamma[x] @ file://{links}/gamma-1.0-py3-none-any.whl"
empty | install "single @ file://{links}/beta-1.0-py3-none-any.whl"
empty | install {links}/no-such-1.0-py3-none-any.whl
empty | install {links}/tagged-1.0-cp310-cp310-win_amd64.whl
empty | install {links}/src_only-1.0.tar.gz
empty | install src-only
empty | install src-needy
empty | install src-only -C one=1 --config-settings one=2
empty | install {projects}/plain-project
empty | install -e {projects}/edited
empty | install -e {projects}/edited ;; freeze
empty | install {projects}/no-such-project
empty | install {projects}/with_setup
empty | install -e {projects}/with_setup ;; freeze ;; list -e --format=json ;; uninstall -y with-setup
empty | install git+file://{projects}/repository
empty | install git+file://{projects}/repository@v1
empty | install git+file://{projects}/repository@side
empty | install git+file://{projects}/repository@nope
empty | install "git+file://{projects}/repository#subdirectory=sub"
empty | install "from-git @ git+file://{projects}/repository"
empty | install -e git+file://{projects}/repository#egg=from-git
empty | install --src mine -e git+file://{projects}/repository@side#egg=from_git
empty | install -e git+file://{projects}/repository
empty | install --no-build-isolation src-only
empty | install --build-constraint limits.txt src-only
empty | install --build-constraint limits.txt --no-build-isolation src-only
"""

_CHANGES = """
old | install alpha
old | install beta
old | install beta>=2
old | install beta<1
old | install alpha==2.0
old | install -U alpha
old | install -U beta
old | install --upgrade --upgrade-strategy eager alpha
old | install --upgrade --upgrade-strategy only-if-needed alpha
old | install --upgrade-strategy eager alpha
old | install --force-reinstall alpha==1.0
old | install --force-reinstall --no-deps alpha
old | install -I alpha==1.0
old | install needy
old | install -U alpha needy
old | install --pre -U alpha
old | install {links}/beta-1.0-py3-none-any.whl
old | install {links}/beta-2.0-py3-none-any.whl
old | install --force-reinstall {links}/beta-1.0-py3-none-any.whl
old | install file://{links}/beta-1.0-py3-none-any.whl
old | install --no-deps beta==0
old | install single ;; install alpha==2.0
old | install -U alpha --dry-run
old | install -U alpha --report r.json
dep | install beta
dep | install beta==1.0 --no-deps
dep | install -U alpha
many | install -U single
many | install beta==2.0
many | install -U beta
many | install beta==2.0 --no-warn-conflicts
many | install delta[any]
local | install {projects}/plain-project
local | install {projects}/edited
local | install -e {projects}/plain-project
local | install plain-project
local | install -U single
old | uninstall -y alpha
old | uninstall -y alpha beta
old | uninstall -y ALPHA
old | uninstall -y nothing-there
old | uninstall -y alpha nothing-there
old | uninstall -y -r plain.txt
old | uninstall
old | uninstall -y
old | uninstall -y alpha ;; install alpha
many | uninstall -y tool
many | uninstall -y parts-a
many | uninstall -y parts-a parts-b
many | uninstall -y single
many | uninstall -y gamma delta
local | uninstall -y edited plain-project
many | freeze
many | freeze -r plain.txt
many | freeze --exclude tool
many | list --not-required --format=json
many | list --format=freeze
many | show tool
many | show -f parts-b
many | check
old | check
"""

_PLACES = """
empty | install -t out beta
empty | install --target out tool
empty | install --target out parts-a parts-b
empty | install --target out alpha==1.0
empty | install --target out alpha --no-deps
empty | install --target deep/er/out single
empty | install --target out --compile beta
empty | install --target out --dry-run beta
old | install --target out alpha
old | install --target out beta==1.0
empty | install --target out beta==1.0 ;; install --target out beta==2.0
empty | install --target out beta==1.0 ;; install --target out --upgrade beta==2.0
empty | install --target out parts-a ;; install --target out parts-b
empty | install --target out parts-a ;; install --target out --upgrade parts-b
empty | install --target out tool ;; install --target out --upgrade tool
empty | install --target plain.txt beta
empty | install --target out -e {projects}/edited
empty | install --target out {projects}/plain-project
empty | install --target out {links}/beta-1.0-py3-none-any.whl
empty | install --target out nowhere
empty | install --target out -r hashed.txt
empty | install --target out --only-binary :all: --python-version 3.10 --platform manylinux2014_x86_64 tagged
empty | install --target out --only-binary :all: --python-version 310 --platform win_amd64 --implementation cp tagged
empty | install --target out --only-binary :all: --python-version 3.9 --platform manylinux2014_x86_64 --abi cp39 tagged
empty | install --target out --only-binary :all: --implementation py tagged
empty | install --target out --no-deps --platform linux_x86_64 tagged
empty | install --target out --only-binary :all: --python-version 2.7 pythons
empty | install --dry-run --only-binary :all: --python-version 3.10 --platform win_amd64 tagged
empty | install --target out --platform win_amd64 tagged
empty | install --only-binary :all: --platform win_amd64 tagged
empty | install --target out --python-version 3.x beta
empty | install --target out --python-version 1.2.3.4 beta
empty | install --prefix out tool
empty | install --prefix out alpha==1.0
old | install --prefix out alpha==1.0
old | install --prefix out single
old | install --prefix out -I alpha==1.0
empty | install --prefix out {links}/beta-1.0-py3-none-any.whl
empty | install --prefix out beta==1.0 ;; install --prefix out beta==1.0
empty | install --root out --prefix /opt/x tool
empty | install --root out --prefix opt/x single
empty | install --root out --ignore-installed single
empty | install --user single
empty | install --user --target out single
empty | install --user --prefix out single
empty | install --no-user single
empty | install --only-deps alpha
empty | install --only-deps {projects}/plain-project
empty | install --only-deps alpha beta
empty | install --only-deps --no-deps alpha
empty | install --only-deps -r plain.txt
empty | install --only-deps --target out alpha
empty | install --all-releases alpha alpha
empty | install --all-releases :all: alpha
empty | install --all-releases :all: --only-final beta alpha
empty | install --only-final :all: only-pre
empty | install --only-final only-pre only-pre
empty | install --pre --only-final beta beta
empty | install --refresh-package single single
empty | install --refresh-package :all: single
empty | install --uploaded-prior-to 2020-01-01 single
empty | install --uploaded-prior-to P3D single
empty | install --uploaded-prior-to soon single
"""

# Where ours ends otherwise, and why; by the command as it is written above.
DIFFERENCES = {
    "old | install -I alpha==1.0": "pip leaves the metadata of the beta that it wrote over: two of one name are listed",
}


def cases() -> list[str]:
    """Return all cases as they are written."""
    texts = (_REQUIREMENTS, _FILES, _SOURCES, _CHANGES, _PLACES)
    return [line for text in texts for line in text.strip().splitlines()]
