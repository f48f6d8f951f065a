#!/bin/sh
# Install the shells that the tests of this directory run in: those of Debian and Ubuntu where this user may, xonsh (PyPI)
# and nu (npm: nushell) below build/shells, where the tests look, in versions that are known to work. Those that are there
# already are left alone.
# Always succeeds: a shell that cannot be had is named loudly here, and its tests are skipped and say so.

cd "$(dirname "$0")/../../.." || exit 0
mkdir -p build/shells/bin
PATH=$PATH:$PWD/build/shells/bin
export PATH

have() {
    command -v "$1" >/dev/null 2>&1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

get_packages() {
    missing=
    for shell in zsh fish tcsh ksh mksh yash busybox dash; do
        have "$shell" || missing="$missing $shell"
    done
    have bsd-csh || missing="$missing csh"
    if [ -n "$missing" ] && have apt-get; then
        # shellcheck disable=SC2086  a list of names
        {
            as_root timeout 120 apt-get -qq update
            as_root env DEBIAN_FRONTEND=noninteractive timeout 180 apt-get -qq install -y --no-install-recommends $missing
        } >/dev/null 2>&1 </dev/null
    fi
}

# Each is put together aside and renamed, so that an interrupted run leaves nothing that looks whole.
get_xonsh() {
    for python in python3.13 python3.12 python3.11 python3; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        rm -rf build/shells/xonsh
        "$python" -m venv build/shells/xonsh &&
            timeout 180 build/shells/xonsh/bin/python -m pip install -q --only-binary :all: xonsh==0.25.0 &&
            ln -sf ../xonsh/bin/xonsh build/shells/bin/xonsh && return
    done
}

get_nu() {
    have npm || return
    rm -rf build/shells/nu
    mkdir -p build/shells/nu
    timeout 180 npm install --silent --no-audit --no-fund --prefix build/shells/nu nushell@0.108.0 || return
    for binary in build/shells/nu/node_modules/@nushell/*/bin/nu; do
        [ -x "$binary" ] && "$binary" --version && ln -sf "../../../$binary" build/shells/bin/nu
    done
}

have xonsh || get_xonsh >build/shells/xonsh.log 2>&1 </dev/null &
have nu || get_nu >build/shells/nu.log 2>&1 </dev/null &
get_packages
wait

for shell in zsh fish tcsh bsd-csh ksh mksh yash busybox dash xonsh nu; do
    have "$shell" || {
        echo "NOT INSTALLED: $shell; what is promised for it will not be tested" >&2
        tail -n 3 "build/shells/$shell.log" 2>/dev/null >&2
    }
done
exit 0
