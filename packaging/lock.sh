#!/usr/bin/env bash
# Writes packaging/lock/*.txt and assets/engine/* anew from pyproject.toml: exact versions and hashes for every system and
# Python >= 3.11, and what the engine's wheels weigh.
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

# compile_engine NAME EXTRA: the lock of an engine, and the sizes of its wheels. It holds nothing of the program.
compile_engine() {
    local lock=assets/engine/$1.txt extra=$2
    shift 2
    "$python" -c '
import sys, tomllib
with open("pyproject.toml", "rb") as file:
    print("\n".join(tomllib.load(file)["project"]["optional-dependencies"][sys.argv[1]]))' "$extra" |
        "$venv/bin/uv" pip compile - --universal --python-version 3.11 --generate-hashes --no-annotate --quiet \
            --python "$python" --custom-compile-command "bash packaging/lock.sh" --output-file "$lock" "$@"
    "$venv/bin/uv" pip compile "$lock" --universal --python-version 3.11 --no-deps --format pylock.toml --quiet \
        --python "$python" | "$python" packaging/engine_sizes.py "${lock%.txt}.json"
    say "$lock: $(grep -c '^[a-z]' "$lock") packages"
}

# The constraint keeps what engine and program exchange (ONNX files) of one version. It leaves out the one library that
# MLflow wants older; nothing passes between the two by it.
shared=$(mktemp)
trap 'rm -f "$shared"' EXIT
sed -n 's/^\([a-z].*==.*[^ ]\) \\$/\1/p' packaging/lock/program.txt | grep -v '^importlib-metadata==' >"$shared"
compile_engine torch train --constraint "$shared" "$@"
compile_engine tensorflow tensorflow --constraint "$shared" "$@"
