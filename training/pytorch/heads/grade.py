"""The ``grade`` head: a value on a scale, by ordinal regression.

One direction in the embedding and a threshold between each two neighbouring grades: the probability of being above a
grade is a sigmoid, and all thresholds share the direction, so that they never cross (the cumulative-link idea of
McCullagh 1980 as a network's last layer: CORAL, Cao, Mirjalili and Raschka 2020). A value between two grades is a truth
between 0 and 1 for the threshold there, and an answer is the lowest grade plus the sum of the probabilities times the
step, its expectation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.errors import TrainingError
from models.heads.form import Form
from training.config import ModelConfig
from training.datasets.values import Grade
from training.metrics import Asked
from training.pytorch.heads.base import EncoderFacts, Example, Features, Head, HeadPlan, Said, Targets
from training.pytorch.losses import binary_loss, over_known

__all__ = ["GradeHead"]

_MOST_STEPS = 64
"""Thresholds; a finer scale is learned in larger steps, which its answers lie between all the same."""

_SPREAD = 2.0
"""Logits of the first and the last threshold to begin with."""


class GradeHead(Head):
    """Dropout, one linear layer to a single number, and the thresholds. The raw answer is logits, (N, thresholds)."""

    kind: ClassVar[str] = "grade"
    wants: ClassVar[Literal["embedding", "pyramid"]] = "embedding"

    def __init__(self, plan: HeadPlan, facts: EncoderFacts, model: ModelConfig) -> None:
        super().__init__(plan, facts, model)
        self.low, self.high = float(plan.options["low"]), float(plan.options["high"])
        if not self.low < self.high:
            raise TrainingError(f"All grades of {plan.name} are {self.low:g}; label pictures of other grades too.")
        self.step = float(plan.options.get("step") or 1.0)
        self.thresholds = min(_MOST_STEPS, max(1, round((self.high - self.low) / self.step)))
        self.layers = nn.Sequential(nn.Dropout(model.dropout), nn.Linear(facts.embedding, 1, bias=False))
        self.bias = nn.Parameter(torch.linspace(_SPREAD, -_SPREAD, self.thresholds))

    @property
    def _width(self) -> float:
        return (self.high - self.low) / self.thresholds

    def targets(self, examples: Sequence[Example]) -> Targets:
        """As "values" float32 (N,), NaN unknown, and "above" float32 (N, thresholds), 0 to 1; with "weight"."""
        values = np.full(len(examples), np.nan, np.float32)
        weights = np.zeros(len(examples), np.float32)
        for row, example in enumerate(examples):
            value = example.labels.get(self.plan.name)
            if isinstance(value, Grade):
                values[row], weights[row] = value.value, example.weight
        steps = (np.nan_to_num(values, nan=self.low) - self.low) / self._width
        above = np.clip(steps[:, None] - np.arange(self.thresholds), 0, 1).astype(np.float32)
        return {
            name: torch.from_numpy(one) for name, one in (("values", values), ("above", above), ("weight", weights))
        }

    def forward(self, features: Features, targets: Targets | None = None) -> Tensor:
        """Logits of being above each grade but the last, (N, thresholds)."""
        logits: Tensor = self.layers(features.embedding) + self.bias
        return logits

    def loss(self, raw: Tensor, targets: Targets) -> Tensor:
        """Binary cross-entropy of the thresholds, summed over them as CORAL has it and divided by their number."""
        return over_known(binary_loss(raw, targets["above"]).mean(1), targets["weight"])

    def values(self, raw: Tensor) -> Tensor:
        """Grades, (N,), within the scale."""
        return self.low + self._width * raw.float().sigmoid().sum(1)

    def answers(self, raw: Tensor, targets: Targets) -> NDArray[np.float32]:
        """Grades, float32 (N,)."""
        grades: NDArray[np.float32] = self.values(raw.detach()).cpu().numpy()
        return grades

    def truths(self, targets: Targets) -> NDArray[np.float32]:
        """Grades, float32 (N,), NaN unknown."""
        grades: NDArray[np.float32] = targets["values"].cpu().numpy()
        return grades

    def asked(self) -> Asked:
        """The scale."""
        return Asked(low=self.low, high=self.high, step=self.step)

    def said(self, raw: Any, targets: Targets, row: int) -> Said:
        """The grade; right within half a step. The confidence is how much of it falls to the nearest whole grade."""
        value, truth = float(self.answers(raw[row : row + 1], targets)[0]), float(targets["values"][row])
        steps = (value - self.low) / self.step
        sure = 1 - abs(steps - round(steps))
        if np.isnan(truth):
            return Said(f"{value:.1f}", sure)
        return Said(f"{value:.1f}", sure, f"{truth:g}", abs(value - truth) <= self.step / 2)

    def export_forward(self, features: Features, *extra: Tensor) -> tuple[Tensor, ...]:
        """Grades, (N, 1)."""
        return (self.values(self(features))[:, None],)

    def form(self) -> Form:
        """A value on the scale."""
        return Form(outputs=self.outputs(), low=self.low, high=self.high)
