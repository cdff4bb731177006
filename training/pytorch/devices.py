"""On what a training computes, and how exactly."""

from __future__ import annotations

import os
from typing import Any

import torch
from lightning.pytorch.strategies import DDPStrategy

from models.errors import TrainingError
from training.config import ComputeConfig
from training.pytorch.feeding import cores

__all__ = ["device_name", "device_of", "place_of", "precision_of", "processes", "set_threads"]


def device_of(config: ComputeConfig) -> torch.device:
    """The device; "auto" is a graphics card where there is one.

    Raises:
        TrainingError: it is not there.
    """
    wanted = config.device
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    kind, _, number = wanted.partition(":")
    count = {"cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available()), "cpu": 1}.get(kind, 0)
    if int(number or 0) >= count:
        raise TrainingError(f"The engine finds no device {wanted}; choose auto, or install the engine for that device.")
    rank = int(os.environ.get("LOCAL_RANK", "0")) if config.devices > 1 and not number else int(number or 0)
    return torch.device(kind, rank) if kind == "cuda" else torch.device(kind)


def device_name(device: torch.device) -> str:
    """What the device calls itself; "" for a processor."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else ""


def precision_of(config: ComputeConfig, device: torch.device) -> str:
    """In Lightning's words: "32-true", "16-mixed" or "bf16-mixed"; "auto" takes half the bits on a graphics card."""
    if config.precision == "auto":
        if device.type != "cuda":
            return "32-true"
        return "bf16-mixed" if torch.cuda.is_bf16_supported() else "16-mixed"
    return "32-true" if config.precision == "32" else config.precision


def place_of(config: ComputeConfig) -> tuple[int, int]:
    """The number of this process among those that train together, and how many there are."""
    here, node = (int(os.environ.get(name, "0")) for name in ("LOCAL_RANK", "NODE_RANK"))
    return node * config.devices + here, config.nodes * config.devices


def processes(config: ComputeConfig, device: torch.device) -> dict[str, Any]:
    """What Lightning's trainer is told of devices; it starts the further processes of this machine itself."""
    accelerator = "cpu" if device.type == "cpu" else "gpu"
    if config.devices * config.nodes == 1:
        alone = 1 if device.type != "cuda" else [device.index or 0]
        return {"accelerator": accelerator, "devices": alone}
    strategy = DDPStrategy(
        process_group_backend="nccl" if device.type == "cuda" else "gloo",
        find_unused_parameters=True,  # a batch may hold no label of a head
    )
    return {
        "accelerator": accelerator,
        "devices": config.devices,
        "num_nodes": config.nodes,
        "strategy": strategy,
    }


def set_threads(config: ComputeConfig) -> None:
    """How many threads compute in this process."""
    torch.set_num_threads(config.threads or max(1, cores() // max(1, config.devices)))
