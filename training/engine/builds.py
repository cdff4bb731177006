"""Which build of the libraries a device needs, and where it is.

PyTorch has one build a device. Those on the Python Package Index are for CUDA on Linux, for the processor on Windows,
and for both of Apple's on macOS; the others are in PyTorch's own index. Where that can't be reached (behind a mirror or
a wall), an engine for the processor takes the build for CUDA, which computes on the processor too and is much larger.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from models.errors import EngineError
from training.engine.network import Network, hidden, reachable
from training.engine.variants import Variant, pins, wheel_sizes

__all__ = ["DEVICES", "Build", "choose_build", "choose_device", "requirements"]

DEVICES = ("auto", "cpu", "cuda", "rocm", "mps")

_TAGS = {"cpu": "cpu", "cuda": "cu132", "rocm": "rocm7.2"}
"""Device -> folder in PyTorch's index."""

_ABOUT = {"cpu": 220 << 20, "cuda": 2600 << 20, "rocm": 4500 << 20}
"""Device -> bytes of the build there, about; the index says nothing of sizes."""


@dataclass(frozen=True, slots=True)
class Build:
    """A build of the libraries.

    Attributes:
        device: that it is for, none of them "auto".
        index: where its distributions for the device are; "" for the lock's own.
        sizes: name of a distribution -> bytes of its wheel, about.
        fallback: whether another build was wanted and can't be reached.
    """

    device: str
    index: str
    sizes: Mapping[str, int]
    fallback: bool = False

    @property
    def download(self) -> int:
        """Bytes to fetch, about."""
        return sum(self.sizes.values())


def choose_device(wanted: str, system: str = sys.platform) -> str:
    """The device to install for: ``wanted``, or for "auto" the one whose driver is there.

    Args:
        wanted: one of ``DEVICES``.
        system: as ``sys.platform``.

    Raises:
        EngineError: there is no such device, or not on this system.
    """
    if wanted not in DEVICES:
        raise EngineError(f"There is no device {wanted}; choose one of {', '.join(DEVICES)}.")
    if wanted == "auto":
        if system == "darwin":
            return "mps"
        if shutil.which("nvidia-smi") or Path("/proc/driver/nvidia/version").exists():
            return "cuda"
        return "rocm" if system == "linux" and Path("/dev/kfd").exists() else "cpu"
    fits = {"cpu": True, "cuda": system != "darwin", "rocm": system == "linux", "mps": system == "darwin"}
    if not fits[wanted]:
        raise EngineError(f"The device {wanted} does not exist on this system; choose auto or cpu.")
    return wanted


def choose_build(
    variant: Variant,
    device: str,
    python: str,
    network: Network,
    *,
    system: str = sys.platform,
    asks: Callable[[str, Network], bool] = reachable,
) -> Build:
    """The build of ``variant`` for ``device``; asks PyTorch's index whether it is there, where that matters.

    Args:
        variant: of the libraries.
        device: none of them "auto".
        python: its minor version, such as "3.12".
        network: how to fetch.
        system: as ``sys.platform``.
        asks: whether an address answers.

    Raises:
        EngineError: there is no build, or it can't be reached and no other will do.
    """
    sizes = wheel_sizes(variant, python)
    in_lock = {"linux": ("cuda",), "win32": ("cpu",), "darwin": ("cpu", "mps")}.get(system, ("cpu",))
    if not variant.backend or device in in_lock:
        return Build(device, "", sizes)
    if network.index:  # a mirror of the Python Package Index has its builds
        if device == "cpu":
            return Build(device, "", sizes)
        raise EngineError(
            f"The mirror {hidden(network.index)} has no build of {variant.title} for {device}; choose another device, "
            "or remove the mirror in Settings."
        )
    index = f"{variant.backend_index}/{_TAGS[device]}"
    if asks(f"{index}/{variant.backend[0]}/", network):
        others = {name: size for name, size in sizes.items() if not _replaced(variant, name)}
        return Build(device, index, {**others, variant.backend[0]: _ABOUT[device]})
    if device == "cpu":
        return Build(device, "", sizes, fallback=True)
    raise EngineError(
        f"The index {index}, which has {variant.title} for {device}, can't be reached; check the network connection, "
        "or choose the device cpu."
    )


def requirements(variant: Variant, build: Build) -> tuple[str, list[str]]:
    """What is to be installed: the text of the locked requirements, and what comes from the build's own index.

    Raises:
        EngineError: the lock file is missing.
    """
    text = variant.lock.read_text(encoding="utf-8")
    if not build.index:
        return text, []
    kept: list[str] = []
    keep = True
    for line in text.splitlines(keepends=True):
        if line[:1].isalnum():
            keep = not _replaced(variant, line.partition("==")[0])
        if keep:
            kept.append(line)
    versions = pins(variant)
    return "".join(kept), [f"{name}=={versions[name][-1]}" for name in variant.backend]


def _replaced(variant: Variant, name: str) -> bool:
    return name in variant.backend or name.startswith(variant.backend_only)
