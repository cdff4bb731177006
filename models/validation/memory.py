"""What memory this process holds, and the most that it ever held."""

from __future__ import annotations

import sys
from pathlib import Path

import psutil

__all__ = ["peak", "resident"]


def resident() -> int:
    """Bytes of this process that lie in memory now."""
    return int(psutil.Process().memory_info().rss)


def peak() -> int:
    """The most bytes of this process that lay in memory at once, since it began."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    status = Path("/proc/self/status")
    if status.is_file():
        # Not getrusage, which on Linux goes on counting from the parent that the process was forked from.
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most << 10
