"""What every head is: its part of the network, its targets, its loss, its answers and its export.

A head sees the encoder's ``Features`` and knows nothing of files, epochs or other heads. Unknown labels are its own
business: they add nothing to its loss and are left out of its figures.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.heads.form import Form
from training.config import HeadConfig, ModelConfig
from training.datasets.values import Target, Value
from training.metrics import Accumulator, Asked
from training.pytorch.features import EncoderFacts, Features

__all__ = ["EncoderFacts", "Example", "Features", "Head", "HeadPlan", "Said", "Targets", "nothing"]

Targets = dict[str, Any]
"""What a head's loss is measured against, for one batch: tensors, or lists of dictionaries of tensors, by name. It goes
to the device with the batch. Always with "weight": float32 (N,), what each picture counts in the loss: 0 where the
head's label is unknown, else the weight of its source and class."""


@dataclass(frozen=True, slots=True)
class HeadPlan:
    """What a head is to be.

    Attributes:
        name: of the question, such as "material".
        kind: a key of ``training.pytorch.heads.KINDS``.
        categories: in the order of the outputs; () for kinds without.
        options: of the question, as in ``training.datasets.heads.HeadDef``. A grade always has "low" and "high".
        config: how it is trained.
        output: what its output is called in an exported network; a kind with several adds a suffix to it.
        class_weights: one a category, mean 1, where classes are balanced by the loss; () for none.
    """

    name: str
    kind: str
    categories: tuple[str, ...]
    options: Mapping[str, Any]
    config: HeadConfig
    output: str = ""
    class_weights: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One picture with its labels as a head sees it while targets are made: augmented already.

    Attributes:
        key: SHA-256 of the picture's content.
        image: uint8 (S, S, 3) RGB.
        labels: head -> what is known; a head that is missing is unknown. Boxes are in pixels of ``image``. A mask is
            there by name only: its pixels are in ``masks``.
        masks: head -> uint8 (S, S), indices of categories, 255 unknown.
        pictures: head of the kind ``image`` -> the target of this epoch and its picture, uint8 (S, S, 3).
        weight: what the picture counts in the loss, more than 0: of its source.
    """

    key: str
    image: NDArray[np.uint8]
    labels: Mapping[str, Value]
    masks: Mapping[str, NDArray[np.uint8]] = field(default_factory=dict)
    pictures: Mapping[str, tuple[Target, NDArray[np.uint8]]] = field(default_factory=dict)
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Said:
    """An answer about one picture, for a person: ``training.runs.events`` shows it.

    Attributes:
        said: the answer in a word or two.
        confidence: 0 to 1.
        truth: the label, likewise; "" where it is unknown.
        right: whether both are the same; None where it is unknown.
    """

    said: str
    confidence: float
    truth: str = ""
    right: bool | None = None


class Head(nn.Module, ABC):
    """One question: from features to an answer.

    Args:
        plan: what it is to be.
        facts: what the encoder gives.
        model: what goes for all heads, such as the decoder.
    """

    kind: ClassVar[str]
    wants: ClassVar[Literal["embedding", "pyramid"]]

    def __init__(self, plan: HeadPlan, facts: EncoderFacts, model: ModelConfig) -> None:
        super().__init__()
        self.plan, self.facts = plan, facts

    @abstractmethod
    def targets(self, examples: Sequence[Example]) -> Targets:
        """What the loss needs of a batch, on the CPU. Runs in threads of the loader and reads nothing that changes."""

    @abstractmethod
    def forward(self, features: Features, targets: Targets | None = None) -> Any:
        """The raw answer, whatever ``loss``, ``answers`` and ``export_forward`` take.

        Args:
            features: of the batch.
            targets: for heads that are asked differently for each picture, such as a colour that is wished for, and for
                those that pick by the truth what they learn of; None in an exported network.
        """

    @abstractmethod
    def loss(self, raw: Any, targets: Targets) -> Tensor:
        """The loss of a batch, float32 (), before the head's weight; ``nothing(raw)`` without a known label."""

    @abstractmethod
    def answers(self, raw: Any, targets: Targets) -> Any:
        """The answers of a batch on the CPU, as ``add`` of ``training.metrics.<kind>`` takes them: NumPy, N rows."""

    @abstractmethod
    def truths(self, targets: Targets) -> Any:
        """The labels of a batch on the CPU, likewise; what is unknown is marked as that module says."""

    def judge(self, accumulator: Accumulator, raw: Any, targets: Targets) -> None:
        """Count a batch in the head's figures; unknown labels are left out."""
        known = (targets["weight"] > 0).cpu().numpy()
        accumulator.add(self.answers(raw, targets), self.truths(targets), known)

    def asked(self) -> Asked:
        """What figures must know of the question."""
        return Asked(categories=len(self.plan.categories))

    @abstractmethod
    def said(self, raw: Any, targets: Targets, row: int) -> Said:
        """The answer about one picture of a batch, for a person."""

    @abstractmethod
    def export_forward(self, features: Features, *extra: Tensor) -> tuple[Tensor, ...]:
        """The outputs of an exported network, one for each of ``outputs``, each with the batch first; ``extra`` are the
        further inputs that ``inputs`` names.
        """

    @abstractmethod
    def form(self) -> Form:
        """How ``models.heads.<kind>.pack`` reads the exported outputs."""

    def outputs(self) -> tuple[str, ...]:
        """The names of the exported outputs."""
        return (self.plan.output or self.plan.name,)

    def inputs(self) -> Mapping[str, Tensor]:
        """Further inputs of the exported network beside the picture, with an example for one picture each."""
        return {}


def nothing(raw: Tensor) -> Tensor:
    """A loss of 0 through which gradients of 0 flow: float32 ()."""
    return raw.float().sum() * 0.0 if raw.numel() else torch.zeros((), device=raw.device)
