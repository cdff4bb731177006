# shellcheck shell=bash
# What run.sh and test.sh share: the Python, .venv, and the system libraries. Sourced, never run.
# All it has to say goes to standard error, so that standard output belongs to the program alone.
# Written for bash 3.2 (macOS) and later.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv
python=$venv/bin/python

# What Qt's own libraries and its X11 and Wayland plugins link to (ldd), and a font to write with.
qt_packages=(libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libfreetype6 libx11-xcb1 libxrender1
    libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 libxcb-glx0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1
    libxcb-randr0 libxcb-render0 libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1
    libxcb-xfixes0 libxcb-xkb1 libwayland-client0 libwayland-cursor0 libwayland-egl1 fonts-dejavu-core)

say() { printf '%s\n' "$*" >&2; }

# Exit status 3 is "failed" everywhere in this program (2 would mean wrong use).
fail() {
    say "$*"
    exit 3
}

may_install() { command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# apt_install PACKAGE...: installs them, or returns 1 where it may not or can't. Package lists are fetched only when the
# ones on the machine (a fresh one has none) don't do.
apt_install() {
    may_install || return 1
    say "Installing from the system's packages: $*"
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "$@")
    as_root "${install[@]}" >/dev/null 2>&1 && return 0
    as_root apt-get update --quiet >&2 && as_root "${install[@]}" >&2
}

# Prints the first Python that is new enough, or nothing. SORTWERK_PYTHON overrules the search.
find_python() {
    local candidate
    for candidate in ${SORTWERK_PYTHON:+"$SORTWERK_PYTHON"} python3 python python3.13 python3.12 python3.11 python3.14; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return
        fi
    done
}

make_venv() {
    local base
    base=$(find_python)
    [ -n "$base" ] || fail "Sortwerk needs Python 3.11 or newer, and none was found: install it from your system's" \
        "packages or from python.org, or name one: SORTWERK_PYTHON=/path/to/python3 bash packaging/run.sh"
    # Debian and Ubuntu keep the part of Python that makes environments in a package of its own.
    if ! "$base" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        apt_install python3-venv "$("$base" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" ||
            fail "Python's venv module is missing; install it with: sudo apt-get install python3-venv"
    fi
    say "Making the environment .venv with $("$base" --version 2>&1)"
    "$base" -m venv --clear "$venv" >&2 || fail "The environment $venv could not be made; see the lines above."
}

# set_up NAME...: makes .venv hold exactly what each packaging/lock/NAME.txt pins. A copy of the lock that was installed
# is the stamp, so a start with nothing to do costs one comparison and no network.
set_up() {
    "$python" -c '' 2>/dev/null || make_venv
    local name lock stamp quiet=--quiet
    [ -t 2 ] && quiet=--progress-bar=on
    for name in "$@"; do
        lock=$root/packaging/lock/$name.txt
        stamp=$venv/lock-$name.txt
        cmp -s "$lock" "$stamp" && continue
        rm -f "$stamp"
        say "Installing what packaging/lock/$name.txt pins into .venv (once; about 300 MB to fetch, some minutes)"
        "$python" -m pip install --disable-pip-version-check $quiet --only-binary :all: --require-hashes \
            --requirement "$lock" >&2 ||
            fail "The installation failed for the reason above; check the network connection and start this again."
        cp "$lock" "$stamp"
    done
}

# Prints the system libraries that Qt needs and this machine lacks, one a line.
missing_qt_libraries() {
    local qt
    for qt in "$venv"/lib/python3*/site-packages/PySide6/Qt; do
        ldd "$qt"/plugins/platforms/libq{xcb,wayland}.so "$qt"/plugins/xcbglintegrations/*.so \
            "$qt"/lib/libQt6{Core,Gui,Widgets,DBus,Svg,OpenGL}.so.6 2>/dev/null | awk '/not found/ {print $1}' | sort -u
    done
    # Without any font Qt draws empty boxes.
    [ -n "$(find /usr/share/fonts /usr/local/share/fonts ~/.fonts ~/.local/share/fonts -name '*.[ot]tf' \
        -print -quit 2>/dev/null)" ] || echo "a font"
}

# The system libraries of Qt, where they are missing. The command line works without them, so a machine where nothing may
# be installed gets a sentence and no more.
set_up_qt() {
    local stamp=$venv/qt-libraries-found missing
    [ "$(uname)" = Linux ] && [ ! -e "$stamp" ] || return 0
    missing=$(missing_qt_libraries)
    if [ -n "$missing" ]; then
        apt_install "${qt_packages[@]}" || true
        missing=$(missing_qt_libraries)
    fi
    if [ -z "$missing" ]; then
        : >"$stamp"
    elif command -v apt-get >/dev/null; then
        say "The window needs system libraries that are missing (${missing//$'\n'/, }); install them with:" \
            "sudo apt-get install ${qt_packages[*]}"
    else
        say "The window needs system libraries that are missing (${missing//$'\n'/, }); install them with your system's" \
            "package manager (Fedora: sudo dnf install libglvnd-egl libglvnd-glx xcb-util-cursor xcb-util-image" \
            "xcb-util-keysyms xcb-util-renderutil xcb-util-wm libxkbcommon-x11 libwayland-cursor dejavu-sans-fonts)."
    fi
}
