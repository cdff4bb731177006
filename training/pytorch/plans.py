"""What a run is to learn: which of its questions, and all that their heads must know before they are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.composing import output_name
from models.errors import TrainingError
from training.config import TrainingConfig
from training.datasets.heads import HeadDef
from training.datasets.values import Grade
from training.pytorch.data.dividing import Divided, divide
from training.pytorch.data.ordering import class_weights
from training.pytorch.heads import KINDS
from training.pytorch.heads.base import HeadPlan
from training.runs.items import RunItem, RunItems

__all__ = ["Plan", "make_plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is learned from what.

    Attributes:
        heads: in the order of the dataset.
        defs: the same as the dataset has them.
        divided: the pictures.
        blobs: the folder of masks and targets.
        notes: what a person should know, a sentence each.
    """

    heads: tuple[HeadPlan, ...]
    defs: tuple[HeadDef, ...]
    divided: Divided
    blobs: Path
    notes: tuple[str, ...]

    @property
    def dense(self) -> bool:
        """Whether an answer lies somewhere in the picture."""
        return any(head.kind in ("mask", "boxes", "image") for head in self.heads)


def make_plan(items: RunItems, config: TrainingConfig) -> Plan:
    """The plan of a run.

    Raises:
        TrainingError: no question can be learned, or there is nothing to learn it from.
    """
    asked = [head for head in items.heads if config.head(head.name).train]
    notes: list[str] = []
    if not asked:
        raise TrainingError("No question is to be trained; turn one on.")
    divided = divide(items.items, [head.name for head in asked], config.data, config.compute.seed)
    notes += [divided.note] if divided.note else []
    heads: list[HeadPlan] = []
    defs: list[HeadDef] = []
    taken: list[str] = ["image", "embedding"]
    for head in asked:
        known = sum(head.name in item.labels for item in divided.train)
        if head.kind not in KINDS:
            notes.append(f"{head.name} is of a kind that can't be trained, and is left out.")
        elif not known:
            notes.append(f"No picture that is trained on has a label for {head.name}, so it is left out.")
        else:
            name = output_name(head.name, taken)
            taken.append(name)
            heads.append(_plan(head, divided.train, config, name))
            defs.append(head)
    if not heads:
        raise TrainingError(f"No picture that is trained on has a label for {asked[0].name}; label some.")
    return Plan(tuple(heads), tuple(defs), divided, items.blobs, tuple(notes))


def _plan(head: HeadDef, items: Sequence[RunItem], config: TrainingConfig, output: str) -> HeadPlan:
    options: Mapping[str, Any] = dict(head.options)
    weights: tuple[float, ...] = ()
    if head.kind == "grade":
        options = _scale(head, items)
    if not head.categories and head.kind in ("categories", "tags", "mask", "boxes"):
        raise TrainingError(f"{head.name} has no categories; add some, or turn it off.")
    if head.kind == "categories" and config.data.balancing == "loss":
        weights = class_weights(items, head.name, head.categories)
    return HeadPlan(head.name, head.kind, head.categories, options, config.head(head.name), output, weights)


def _scale(head: HeadDef, items: Sequence[RunItem]) -> dict[str, Any]:
    """The options with both ends of the scale: where one is open, what the labels have."""
    values = [value.value for item in items if isinstance(value := item.labels.get(head.name), Grade)]
    low, high = head.scale
    options = dict(head.options)
    options["low"] = min(values) if low is None else low
    options["high"] = max(values) if high is None else high
    return options
