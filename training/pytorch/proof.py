"""The proof that a PyTorch engine works: one convolution on the device, compared with NumPy.

Importing shows little: a build for CUDA imports on any card, and fails at the first kernel on one that it was not
built for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from models.errors import EngineError, words_of
from models.worker import Report
from training.engine.reference import KERNEL, PICTURE, judged

__all__ = ["proof_task"]


def proof_task(arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Compute on the device ``arguments["device"]`` ("auto", "cpu", "cuda", "rocm", "mps").

    Returns:
        As ``training.engine.reference.judged``.

    Raises:
        EngineError: there is no such device, it fails, or it computes wrongly.
    """
    device = _device(str(arguments["device"]))
    report(0, 1, "Computing")
    place = "cuda" if device == "rocm" else device
    try:
        with torch.no_grad():
            picture, kernel = (torch.from_numpy(one).to(place) for one in (PICTURE, KERNEL))
            got = torch.nn.functional.conv2d(picture, kernel, padding=1).cpu().numpy()
        name = torch.cuda.get_device_name(0) if place == "cuda" else ""
    except (RuntimeError, AssertionError) as error:
        raise EngineError(
            f"PyTorch {torch.__version__} loads, and fails at its first computation on {device} ({words_of(error)}); "
            "update the driver of the card, or take the engine for the processor (--device cpu)."
        ) from error
    return judged(f"PyTorch {torch.__version__}", device, name, got)


def _device(wanted: str) -> str:
    """The device to prove. What is asked for must be there; "auto" takes the best there is."""
    cuda = torch.cuda.is_available()
    there = {
        "cuda": cuda and torch.version.hip is None,
        "rocm": cuda and torch.version.hip is not None,
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if wanted == "auto":
        return next(name for name, is_there in there.items() if is_there)
    if not there.get(wanted, False):
        raise EngineError(
            f"PyTorch {torch.__version__} finds no {wanted} device on this computer; check its driver, or take the "
            "engine for the processor (--device cpu)."
        )
    return wanted
