"""The README of a trained model: what it answers, how well and on what that was measured, and what it was made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from models.spec import Accuracy, ModelSpec
from training.handover.parity import Parity

__all__ = ["readme"]


def readme(spec: ModelSpec, parity: Parity) -> str:
    """Markdown, from what the spec says and what was compared."""
    return "\n".join(_lines(spec, parity)) + "\n"


def _lines(spec: ModelSpec, parity: Parity) -> Iterator[str]:
    yield f"# {spec.name}"
    yield ""
    if spec.description:
        yield spec.description
        yield ""
    yield "## What it answers"
    yield ""
    for head in spec.heads:
        count = f", {len(head.categories):,} categories" if head.categories else ""
        yield f"- **{head.name}** ({head.kind}{count})"
    if any(head.state_hash for head in spec.heads):
        yield ""
        yield "It goes on learning from corrections, on its own embedding."
    if spec.accuracy:
        yield ""
        yield "## How good it is"
        yield ""
        yield "| question | figure | value | measured on |"
        yield "| --- | --- | --- | --- |"
        yield from (_row(one) for one in spec.accuracy)
    yield ""
    yield (
        f"In ONNX Runtime it answers as in PyTorch: on {parity.images:,} real pictures the largest difference is "
        f"{parity.difference:.2g} (in {parity.output})."
    )
    yield ""
    yield "## How it was made"
    yield ""
    yield from _made(spec)


def _row(one: Accuracy) -> str:
    images = "image" if one.images == 1 else "images"
    return f"| {one.head or ''} | {one.metric} | {one.value:.4g} | {one.images:,} {images} of {one.split} |"


def _made(spec: ModelSpec) -> Iterator[str]:
    said = (spec.model_extra or {}).get("training")
    facts: Mapping[str, Any] = said if isinstance(said, dict) else {}
    words = {
        "run": "run",
        "dataset": "dataset",
        "dataset_version": "version of the dataset",
        "pictures": "pictures",
        "backbone": "backbone",
        "epochs": "epochs",
        "preset": "preset",
    }
    for key, title in words.items():
        if facts.get(key) not in (None, ""):
            yield f"- {title}: {facts[key]}"
    yield f"- input: {spec.preprocessing.size[0]} × {spec.preprocessing.size[1]} pixels"
    yield f"- licence of the weights: {spec.license or 'not stated'}"
