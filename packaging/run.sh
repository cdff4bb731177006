#!/usr/bin/env bash
# Starts Sortwerk from source: `bash packaging/run.sh` opens the window, `bash packaging/run.sh classify DIR` and every other
# argument go to the program. The first start sets everything up; later ones need no network.
set -euo pipefail
# shellcheck source=packaging/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

set_up program
set_up_qt

# -P and PYTHONPATH: the program's own folder is searched, the folder it was called from is not.
PYTHONPATH=$root exec "$python" -P -m desktop "$@"
