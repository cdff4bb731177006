#!/usr/bin/env bash
# Installs the frozen program (dist/sortwerk, made by PyInstaller) for this user: program, command, menu entry, icon.
# `bash packaging/linux/install.sh --remove` takes all of it away again; the workspace with your work stays.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
program=$HOME/.local/lib/sortwerk
command=$HOME/.local/bin/sortwerk
entry=$data/applications/sortwerk.desktop
icon=$data/icons/hicolor/scalable/apps/sortwerk.svg

rm -rf "$program" "$command" "$entry" "$icon"
if [ "${1-}" = --remove ]; then
    echo "Sortwerk is removed."
    exit 0
fi
[ -x "$root/dist/sortwerk/sortwerk" ] || {
    echo "There is no dist/sortwerk yet; make it with: bash packaging/test.sh" >&2
    exit 3
}
mkdir -p "${program%/*}" "${command%/*}" "${entry%/*}" "${icon%/*}"
cp -R "$root/dist/sortwerk" "$program"
ln -s "$program/sortwerk" "$command"
# A menu doesn't know the shell's PATH, so the entry names the program in full.
sed "s|^Exec=sortwerk|Exec=\"$program/sortwerk\"|" "$root/packaging/linux/sortwerk.desktop" >"$entry"
cp "$root/assets/icons/sortwerk.svg" "$icon"
echo "Sortwerk is installed: in the menu, and as $command"
