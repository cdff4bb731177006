"""Checkpoints: the whole state, from which a run goes on exactly, and the best weights, which are handed over.

Both are read as data: nothing in them is executed.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models.errors import TrainingError, one_line, words_of
from models.workspace import atomic_file, reason
from training.config import HeadConfig, TrainingConfig, checked_config
from training.pytorch.heads.base import HeadPlan
from training.pytorch.network import Network, make_network

__all__ = [
    "best_state",
    "network_of",
    "plans_from_json",
    "plans_to_json",
    "random_state",
    "read_checkpoint",
    "set_random_state",
    "write_checkpoint",
]

VERSION = 1


def write_checkpoint(path: Path, state: Mapping[str, Any]) -> None:
    """Write tensors, numbers, text, lists and dictionaries to ``path``, whole or not at all.

    Raises:
        TrainingError: the disk is full, or the folder is gone.
    """
    try:
        with atomic_file(path) as file:
            torch.save({"version": VERSION, **state}, file)
    except (OSError, RuntimeError) as error:  # PyTorch says the latter of a full disk
        why = reason(error) if isinstance(error, OSError) else words_of(error)
        raise TrainingError(
            f"The checkpoint {path} can't be written ({why}); make room on the disk and resume the run."
        ) from error


def read_checkpoint(path: Path) -> dict[str, Any]:
    """The counterpart of ``write_checkpoint``, on the CPU.

    Raises:
        TrainingError: the file is missing, damaged, or of another version.
    """
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise TrainingError(f"There is no checkpoint {path}; train first.") from None
    except Exception as error:  # whatever the reader of a foreign file says
        raise TrainingError(f"The checkpoint {path} is damaged; start the run anew.") from error
    if not isinstance(state, dict) or state.get("version") != VERSION:
        raise TrainingError(f"The checkpoint {path} was written by another Sortwerk; update this one.")
    return state


def best_state(network: Network, config: TrainingConfig, epoch: int, monitor: float | None) -> dict[str, Any]:
    """What ``best.ckpt`` holds: weights, and all that is needed to make the network again."""
    weights = {name: value.detach().clone().cpu() for name, value in network.state_dict().items()}
    plans = plans_to_json([head.plan for head in network.questions])
    made: dict[str, Any] = {"network": weights, "plans": plans, "config": config.model_dump(mode="json")}
    return {**made, "epoch": epoch, "monitor": monitor}


def network_of(state: Mapping[str, Any], where: str) -> tuple[Network, TrainingConfig]:
    """The network of a best checkpoint, ready to answer, and the configuration that it was trained with.

    Args:
        state: as ``read_checkpoint`` gives it.
        where: how a sentence calls the checkpoint.

    Raises:
        TrainingError: it holds something else.
    """
    try:
        config = checked_config(state["config"], where)
        fresh = config.model_copy(update={"model": config.model.model_copy(update={"weights": "none"})})
        network = make_network(fresh, plans_from_json(state["plans"]))
        network.load_state_dict(state["network"])
    except (KeyError, TypeError, RuntimeError) as error:
        raise TrainingError(f"{one_line(where)} is no checkpoint of this program; choose another one.") from error
    return network.eval(), config


def plans_to_json(plans: Sequence[HeadPlan]) -> list[dict[str, Any]]:
    """For a checkpoint."""
    return [
        {
            "name": plan.name,
            "kind": plan.kind,
            "categories": list(plan.categories),
            "options": dict(plan.options),
            "config": plan.config.model_dump(mode="json"),
            "output": plan.output,
            "class_weights": list(plan.class_weights),
        }
        for plan in plans
    ]


def plans_from_json(data: Sequence[Mapping[str, Any]]) -> list[HeadPlan]:
    """The counterpart of ``plans_to_json``."""
    return [
        HeadPlan(
            one["name"],
            one["kind"],
            tuple(one["categories"]),
            one["options"],
            HeadConfig.model_validate(one["config"]),
            one["output"],
            tuple(one["class_weights"]),
        )
        for one in data
    ]


def random_state() -> dict[str, Any]:
    """Where all random generators stand."""
    _, keys, place, has_gauss, cached = np.random.get_state()
    version, internal, following = random.getstate()
    return {
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        "numpy": [torch.from_numpy(np.asarray(keys).astype(np.int64)), int(place), int(has_gauss), float(cached)],
        "python": [version, list(internal), following],
    }


def set_random_state(state: Mapping[str, Any]) -> None:
    """The counterpart of ``random_state``."""
    torch.set_rng_state(state["torch"])
    if len(state["cuda"]) == (torch.cuda.device_count() if torch.cuda.is_available() else 0):
        torch.cuda.set_rng_state_all(state["cuda"])
    keys, place, has_gauss, cached = state["numpy"]
    np.random.set_state(("MT19937", keys.numpy().astype(np.uint32), place, has_gauss, cached))
    version, internal, following = state["python"]
    random.setstate((version, tuple(internal), following))
