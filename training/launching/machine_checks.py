"""Whether the machine can do it: engine, device, weights, memory, disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from training.config.backbones import BUNDLED, backbone_facts
from training.engine.availability import install_instructions
from training.engine.environment import Engine
from training.engine.finding import find
from training.engine.places import free_space
from training.launching.finding import Finding
from training.launching.plan import Plan

__all__ = ["Needs", "Surroundings", "check_machine", "look_around", "needs"]

_BASE = 1 << 30
"""Bytes that PyTorch and the program take without any picture."""

_KEPT = 12
"""Bytes for each activation: itself, what its layer keeps of it, and its gradient."""

_WITHIN = 0.9
"""Share of what is free beyond which memory or disk are said to be too little."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What there is.

    Attributes:
        engine: that would train; None without one.
        memory: bytes that are free.
        disk: bytes that are free where the runs lie.
    """

    engine: Engine | None
    memory: int
    disk: int


@dataclass(frozen=True, slots=True)
class Needs:
    """What a training takes, bytes, roughly.

    Attributes:
        memory: with its batch; with a batch that is fitted, of one picture.
        checkpoints: of the two checkpoints, one that is being written, and the finished model.
        cache: of decoded pictures.
    """

    memory: int
    checkpoints: int
    cache: int


def look_around(runs: Path, engine: Engine | None = None) -> Surroundings:
    """This machine; ``engine`` instead of the installed one."""
    free = int(psutil.virtual_memory().available)
    return Surroundings(engine or find("torch"), free, free_space(runs))


def needs(plan: Plan) -> Needs:
    """What the training of ``plan`` takes."""
    config = plan.config
    facts = backbone_facts(config.model.backbone)
    parameters = facts.parameters * 1e6
    frozen = config.tuning.freeze_ratio_at(config.schedule.epochs)
    dense = any(head.kind in ("mask", "boxes", "image") for head in plan.heads)
    # Without gradients nothing is kept but what the layer at work needs
    picture = facts.activations * 1e6 * _KEPT * max(0.1, 1 - frozen) * (config.data.side / 224) ** 2 * (1 + dense)
    learned = parameters * (max(0.05, 1 - frozen) + 0.5 * dense)
    averaged = config.regularisation.ema_decay > 0
    weights = 4 * parameters * (1 + averaged)
    state = weights + 8 * learned
    cached = config.data.side**2 * 3 * len(plan.items) if config.data.cache else 0
    memory = _BASE + weights + 12 * learned + picture * (config.data.batch_size or 1)
    return Needs(int(memory), int(3 * state + 2 * 4 * parameters), int(cached))


def check_machine(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """Of ``plan`` on what there is."""
    engine, config = around.engine, plan.config
    if engine is None:
        yield Finding("error", "engine", "The engine PyTorch is not installed.", install_instructions("torch"))
    else:
        yield from _device(config.compute.device, config.compute.precision, engine)
    yield from _weights(plan)
    takes = needs(plan)
    disk = takes.checkpoints + takes.cache
    if disk > around.disk * _WITHIN:
        yield Finding(
            "error",
            "disk",
            f"The training writes about {_size(disk)}, and {_size(around.disk)} are free on the disk.",
            "Make room, or don't keep decoded pictures: data.cache=no."
            if takes.cache > takes.checkpoints
            else "Make room on the disk, or choose another workspace.",
        )
    elif disk > 1 << 30:
        yield Finding("note", "disk", f"The training writes about {_size(disk)}.")
    on_cpu = config.compute.device == "cpu" or (config.compute.device == "auto" and engine and engine.device == "cpu")
    if on_cpu and takes.memory > around.memory * _WITHIN:
        fitted = config.data.batch_size == 0
        yield Finding(
            "warning",
            "memory",
            f"The training takes about {_size(takes.memory)} of memory{' even for one picture' if fitted else ''}, and "
            f"{_size(around.memory)} are free.",
            "Close other programs, or choose smaller pictures or a smaller backbone."
            if fitted
            else "Let the batch be fitted to the memory: data.batch_size=0.",
        )


def _device(device: str, precision: str, engine: Engine) -> Iterator[Finding]:
    kind = device.partition(":")[0]
    has = "cuda" if engine.device == "rocm" else engine.device  # PyTorch calls both by one name
    if kind not in ("auto", "cpu", has):
        yield Finding(
            "error",
            "device",
            f"The engine computes on {engine.device}, not on {device}.",
            "Choose the device auto, or install the engine for that device in Settings > Engine.",
        )
    if precision == "16-mixed" and (kind == "cpu" or (kind == "auto" and has == "cpu")):
        yield Finding(
            "error",
            "precision",
            "Processors don't train with 16 bits.",
            "Choose the precision auto, 32 or bf16-mixed.",
        )


def _weights(plan: Plan) -> Iterator[Finding]:
    model = plan.config.model
    facts = backbone_facts(model.backbone)
    if model.weights == "bundled" and model.backbone.partition(".")[0] != BUNDLED:
        yield Finding(
            "error",
            "weights",
            f"The engine has no weights of {model.backbone}, only of {BUNDLED}.",
            "Download them (model.weights=download), or choose that backbone.",
        )
    elif model.weights == "download":
        size = f"about {_size(facts.download)}" if facts.sentence else "their size is not known"
        licence = facts.licence or "their licence is said where they come from"
        yield Finding(
            "note",
            "download",
            f"The weights of {model.backbone} come from the internet if they were not fetched before ({size}; "
            f"{licence}).",
        )
    if model.weights == "none" and plan.config.tuning.freeze_ratio_at(plan.config.schedule.epochs) > 0:
        yield Finding(
            "warning",
            "weights",
            "The backbone knows nothing to begin with, and part of it is frozen, so that this part never learns.",
            "Begin with weights, or set tuning.freeze_ratio=0.",
        )


def _size(count: float) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(1, round(count / 1e6)):,} MB"
