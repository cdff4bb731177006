"""What this computer's processor can do, where that decides how a network is run."""

from __future__ import annotations

import importlib
import platform
from functools import cache
from pathlib import Path

__all__ = ["has_vnni", "is_x86"]

CPUINFO = Path("/proc/cpuinfo")


def is_x86() -> bool:
    """Whether this is an x86-64 processor."""
    return platform.machine().lower() in ("x86_64", "amd64")


@cache
def has_vnni(cpuinfo: Path = CPUINFO) -> bool:
    """Whether an x86 processor multiplies bytes without overflow (AVX512-VNNI or AVX-VNNI); False where unknown."""
    try:
        text = cpuinfo.read_text(encoding="ascii", errors="replace")
    except OSError:
        return _numpy_saw_vnni()
    flags = next((line for line in text.splitlines() if line.startswith("flags")), "").split()
    return "avx512_vnni" in flags or "avx_vnni" in flags


def _numpy_saw_vnni() -> bool:
    """NumPy looks at the processor when it is imported; what it found has no public name, so it may be gone one day."""
    try:
        found = importlib.import_module("numpy._core._multiarray_umath")
    except ImportError:
        return False
    return bool(getattr(found, "__cpu_features__", {}).get("AVX512VNNI", False))
