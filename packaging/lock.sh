#!/usr/bin/env bash
# Writes packaging/lock/*.txt anew from pyproject.toml: exact versions and hashes for every system and Python >= 3.11.
# `bash packaging/lock.sh --upgrade` takes the newest versions; without it, pins that still fit stay.
set -euo pipefail
# shellcheck source=packaging/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

# Only for uv: what is installed may be older than what is asked for now.
[ -x "$venv/bin/uv" ] || set_up program dev
cd "$root"

compile() {
    local lock=packaging/lock/$1.txt
    shift
    "$venv/bin/uv" pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet \
        --python "$python" --custom-compile-command "bash packaging/lock.sh" --output-file "$lock" "$@"
    say "$lock: $(grep -c '^[a-z]' "$lock") packages"
}

# The local web API is small, and ships with the program.
compile program --extra server "$@"
# The constraint keeps every pin of the program: what the tests see is what a user gets.
compile dev --extra dev --extra server --constraint packaging/lock/program.txt "$@"
