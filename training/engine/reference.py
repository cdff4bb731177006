"""The convolution by which an engine is proved, in NumPy. Imported by the engine's process; of libraries it needs NumPy
alone.
"""

from __future__ import annotations

import importlib.metadata
import sysconfig
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import EngineError

__all__ = ["KERNEL", "PICTURE", "TOLERANCE", "convolve", "judged"]

_random = np.random.default_rng(7)

PICTURE: NDArray[np.float32] = _random.standard_normal((1, 3, 32, 32)).astype(np.float32)
"""(batch, channels, height, width)."""

KERNEL: NDArray[np.float32] = _random.standard_normal((8, 3, 3, 3)).astype(np.float32)
"""(filters, channels, height, width)."""

TOLERANCE = 0.1
"""Of sums of 27 products of about 1: TF32, which cards use for convolutions, keeps 10 bits of each factor. A kernel
that computes nothing, or something else, is off by several."""


def convolve(picture: NDArray[np.float32], kernel: NDArray[np.float32]) -> NDArray[np.float64]:
    """The cross-correlation that networks call a convolution, with a margin of one zero on each side.

    Args:
        picture: (batch, channels, height, width).
        kernel: (filters, channels, 3, 3).

    Returns:
        (batch, filters, height, width).
    """
    padded = np.pad(picture.astype(np.float64), ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
    answer: NDArray[np.float64] = np.einsum("bchwyx,fcyx->bfhw", windows, kernel.astype(np.float64))
    return answer


def judged(library: str, device: str, device_name: str, got: NDArray[np.float32]) -> dict[str, Any]:
    """What the task "proof" of an engine's worker says: the device, what the engine is, and how far it is from NumPy.

    Args:
        library: what computed, with its version: "PyTorch 2.15.0".
        device: that computed.
        device_name: what it calls itself, "" for no name.
        got: the convolution of ``PICTURE`` and ``KERNEL``, (batch, filters, height, width).

    Returns:
        ``device``, ``device_name``, the ``versions`` of all distributions, the folder ``site`` they lie in, and the
        largest ``difference`` from NumPy.

    Raises:
        EngineError: it is wrong.
    """
    difference = float(np.abs(got - convolve(PICTURE, KERNEL)).max())
    if not difference <= TOLERANCE:
        raise EngineError(
            f"{library} computes wrongly on {device} (a difference of {difference:.3g}); "
            "take the engine for the processor (--device cpu)."
        )
    found = {one.metadata["Name"]: one.version for one in importlib.metadata.distributions() if one.metadata["Name"]}
    return {
        "device": device,
        "device_name": device_name,
        "difference": difference,
        "site": sysconfig.get_path("purelib"),
        "versions": {name.lower().replace("_", "-"): version for name, version in found.items()},
    }
