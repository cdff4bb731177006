#!/usr/bin/env bash
# Sets up everything and runs every check: format, lint, types, contracts, tests, the engine, the frozen build and theirs.
#   --all        the slow tests too
#   --no-build   without the frozen build
set -euo pipefail
# shellcheck source=packaging/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

selection="not slow and not executable and not engine"
engine="engine and not slow and not executable"
build=yes
for argument in "$@"; do
    case $argument in
        --all) selection="not executable and not engine" engine="engine and not executable" ;;
        --no-build) build= ;;
        *) say "usage: bash packaging/test.sh [--all] [--no-build]" && exit 2 ;;
    esac
done

cd "$root"
failed=()

# step TITLE COMMAND...: runs it under a heading; a failure is remembered and the next step still runs.
step() {
    local title=$1 started=$SECONDS
    shift
    printf '\n== %s\n' "$title"
    if "$@"; then
        printf -- '-- done in %s s\n' $((SECONDS - started))
    else
        printf -- '-- FAILED after %s s: %s\n' $((SECONDS - started)) "$title"
        failed+=("$title")
    fi
}

finish() {
    if [ ${#failed[@]} -gt 0 ]; then
        printf '\nFAILED in %s s: %s\n' $SECONDS "$(printf '%s; ' "${failed[@]}")"
        exit 1
    fi
    printf '\nAll checks passed in %s s.\n' $SECONDS
    exit 0
}

# A screen for the tests (Xvfb, xauth for xvfb-run), a hand on the mouse (xdotool), and what PyInstaller calls.
set_up_test_tools() {
    [ "$(uname)" = Linux ] || return 0
    local wanted=() tool
    for tool in Xvfb:xvfb xauth:xauth xdotool:xdotool objdump:binutils; do
        command -v "${tool%%:*}" >/dev/null || wanted+=("${tool##*:}")
    done
    # Debian keeps Python's shared library, which a frozen program needs, apart from Python.
    "$python" -c '
import ctypes.util, pathlib, sys, sysconfig
name = "python%d.%d" % sys.version_info[:2]
own = pathlib.Path(sysconfig.get_config_var("LIBDIR"), f"lib{name}.so.1.0")
sys.exit(not (own.exists() or ctypes.util.find_library(name)))' ||
        wanted+=("lib$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')")
    [ ${#wanted[@]} -eq 0 ] || apt_install "${wanted[@]}" ||
        fail "The tests need ${wanted[*]}; install them with: sudo apt-get install ${wanted[*]}"
}

# shellcheck disable=SC2317 # called through step
on_a_screen() {
    if [ "$(uname)" = Linux ]; then
        xvfb-run --auto-servernum --server-args="-screen 0 1920x1200x24" "$@"
    else
        "$@"
    fi
}

# Two halves at once, because most tests wait for something: those of the window and the command line, and all others.
# shellcheck disable=SC2317 # called through step
both_halves() {
    local log code=0 other
    log=$(mktemp)
    "$python" -m pytest -m "$selection" tests --ignore=tests/desktop --ignore=tests/end_to_end >"$log" 2>&1 &
    other=$!
    on_a_screen "$python" -m pytest -m "$selection" tests/desktop tests/end_to_end || code=1
    wait "$other" || code=1
    cat "$log"
    rm -f "$log"
    return "$code"
}

set_up program dev
set_up_qt
set_up_test_tools

step "format (ruff format)" "$python" -m ruff format --check .
step "lint (ruff)" "$python" -m ruff check .
step "types (mypy --strict)" "$python" -m mypy
step "contracts (import-linter)" "$venv/bin/lint-imports"
step "tests" both_halves
# Installed once, outside of the checkout, by the command that users have; found again by the hash of its lock.
export SORTWERK_TEST_ENGINES=${SORTWERK_TEST_ENGINES:-$HOME/.cache/sortwerk-test-engines}
for variant in torch tensorflow; do
    step "engine (sortwerk engine install $variant)" env SORTWERK_ENGINES="$SORTWERK_TEST_ENGINES" \
        SORTWERK_HOME="$SORTWERK_TEST_ENGINES/workspace" "$python" -m desktop engine install "$variant" --device cpu
done
step "tests of the engine" on_a_screen "$python" -m pytest -m "$engine"
if [ ${#failed[@]} -gt 0 ] || [ -z "$build" ]; then finish; fi

step "frozen build (PyInstaller)" "$python" -m PyInstaller --noconfirm --log-level WARN build.spec
if [ ${#failed[@]} -gt 0 ]; then finish; fi
step "tests of the executable" on_a_screen "$python" -m pytest -m executable
finish
