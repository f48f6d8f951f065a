#!/bin/sh
# Install the shells of Debian and Ubuntu that the tests of this directory run in; what cannot be had is named.
# xonsh (PyPI) and nu (npm: nushell) are found on PATH or in the directories of ALCOVE_TEST_SHELLS.
# Always succeeds: a shell that is missing is a test that is skipped, and says so.

wanted='zsh fish tcsh csh ksh mksh yash busybox dash'

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

if command -v apt-get >/dev/null 2>&1; then
    as_root apt-get update -qq >/dev/null 2>&1
    for shell in $wanted; do
        command -v "$shell" >/dev/null 2>&1 ||
            DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends "$shell" >/dev/null 2>&1
    done
fi

for shell in $wanted; do
    command -v "$shell" >/dev/null 2>&1 || echo "not installed: $shell" >&2
done
exit 0
