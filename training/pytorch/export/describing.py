"""What an exported network says of itself: the spec that becomes its ``metadata.json``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from models.spec import HeadSpec, ModelSpec, Preprocessing
from training.config import TrainingConfig
from training.config.backbones import backbone_facts
from training.pytorch.export.graph import EMBEDDING, IMAGE
from training.pytorch.export.measuring import Measured
from training.pytorch.heads.base import Head
from training.runs.events import Epoch
from training.runs.folder import RunFolder
from training.runs.info import RunInfo, now
from training.runs.items import RunItems

__all__ = ["describe"]

GREY = (128, 128, 128)
"""The colour that is wished for where nobody wishes for one."""


def describe(
    run: RunFolder, config: TrainingConfig, heads: Mapping[str, Head], side: int, measured: Measured, licence: str
) -> ModelSpec:
    """The spec of the model of ``run``.

    Args:
        run: whose it is.
        config: of it.
        heads: by name, in the model's order.
        side: of the pictures, pixels.
        measured: on real pictures.
        licence: of the weights that the training began with; "" for that of the backbone.

    Raises:
        TrainingError: a file of the run can't be read.
    """
    info, items = run.info(), run.items()
    name = config.export.name or run.person().name or config.name or info.dataset.name or run.id
    questions = ", ".join(heads)
    return ModelSpec.parse(
        {
            "package_version": "1.1",
            "name": name[:200],
            "description": f"Answers {questions}; trained here on {info.dataset.name or 'pictures of its own'}."[:1000],
            "license": licence or _licence(config),
            "created": now(),
            "tags": [tag for tag in (config.template, "trained", *sorted({one.kind for one in heads.values()})) if tag],
            "heads": [_head(one, measured) for one in heads.values()],
            "preprocessing": _preprocessing(heads, side),
            "embedding": EMBEDDING,
            "data_fingerprint": _fingerprint(items),
            "accuracy": measured.accuracy,
            "training": _facts(run, config, info, items),
        },
        f"The model of the run {run.id}",
    )


def _licence(config: TrainingConfig) -> str:
    """Of the weights that the training began with, as far as it is known; "" where they are its own."""
    return "" if config.model.weights == "none" else backbone_facts(config.model.backbone).licence


def _head(head: Head, measured: Measured) -> HeadSpec:
    form, found = head.form(), measured.calibrations.get(head.plan.name)
    plain = HeadSpec(
        name=head.plan.name,
        kind=head.kind,
        categories=head.plan.categories,
        form=replace(form, outputs=form.outputs or head.outputs()),
    )
    if found is None:
        return plain
    return plain.model_copy(
        update={
            "temperature": found.temperature,
            "unsure_below": found.unsure_below,
            "unknown_below": found.unknown_below,
        }
    )


def _preprocessing(heads: Mapping[str, Head], side: int) -> Preprocessing:
    """Pixels as they are: all else is in the network."""
    plain = Preprocessing(side=side, input=IMAGE)
    further = {name: one for head in heads.values() for name, one in head.inputs().items()}
    if not further:
        return plain
    name, example = next(iter(further.items()))
    colours = (GREY,) * example.shape[1]
    return plain.model_copy(update={"colours_input": name, "colours": colours, "colours_scale": 1 / 255})


def _fingerprint(items: RunItems) -> str:
    """Of the pictures that the model was made from: those it was trained and chosen by."""
    keys = sorted({bytes.fromhex(item.key) for item in items.items if item.split != "test"})
    return hashlib.sha256(b"".join(keys)).hexdigest() if keys else ""


def _facts(run: RunFolder, config: TrainingConfig, info: RunInfo, items: RunItems) -> dict[str, Any]:
    best = next((event for event in reversed(run.events()) if isinstance(event, Epoch) and event.best), None)
    return {
        "run": run.id,
        "dataset": info.dataset.name,
        "dataset_version": info.dataset.version,
        "dataset_hash": info.dataset.hash,
        "pictures": len(items.items),
        "backbone": config.model.backbone,
        "epochs": best.epoch + 1 if best is not None else None,
        "preset": config.preset,
        "seed": info.seed,
        "code": info.code.version,
    }
