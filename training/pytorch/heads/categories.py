"""The ``categories`` head: one of n, by softmax."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.heads.form import Form
from training.config import ModelConfig
from training.datasets.values import Category
from training.pytorch.heads.base import EncoderFacts, Example, Features, Head, HeadPlan, Said, Targets
from training.pytorch.losses import category_loss, over_known

__all__ = ["CategoriesHead"]


class CategoriesHead(Head):
    """Dropout and one linear layer on the embedding. The raw answer is logits, (N, n)."""

    kind: ClassVar[str] = "categories"
    wants: ClassVar[Literal["embedding", "pyramid"]] = "embedding"

    def __init__(self, plan: HeadPlan, facts: EncoderFacts, model: ModelConfig) -> None:
        super().__init__(plan, facts, model)
        self._places = {name: place for place, name in enumerate(plan.categories)}
        self.layers = nn.Sequential(nn.Dropout(model.dropout), nn.Linear(facts.embedding, len(plan.categories)))

    def targets(self, examples: Sequence[Example]) -> Targets:
        """As "labels" int64 (N,), -1 unknown; with "weight"."""
        labels = np.full(len(examples), -1, np.int64)
        weights = np.zeros(len(examples), np.float32)
        for row, example in enumerate(examples):
            value = example.labels.get(self.plan.name)
            place = self._places.get(value.name, -1) if isinstance(value, Category) else -1
            if place >= 0:
                labels[row] = place
                weights[row] = example.weight * (self.plan.class_weights[place] if self.plan.class_weights else 1)
        return {"labels": torch.from_numpy(labels), "weight": torch.from_numpy(weights)}

    def forward(self, features: Features, targets: Targets | None = None) -> Tensor:
        """Logits, (N, n)."""
        logits: Tensor = self.layers(features.embedding)
        return logits

    def loss(self, raw: Tensor, targets: Targets) -> Tensor:
        """Cross-entropy with label smoothing, or focal loss. Of a batch that was blended ("blend": the other picture's
        row and share), the two labels' losses by their shares (Zhang et al. 2018).
        """
        losses, weights = self._losses(raw, targets["labels"]), targets["weight"]
        if "blend" not in targets:
            return over_known(losses, weights)
        other, share = targets["blend"], targets["blend_share"]
        both = losses * weights * (1 - share)
        both = both + self._losses(raw, targets["labels"][other]) * weights[other] * share
        known = torch.maximum(weights, weights[other])
        return both.sum() / (known > 0).sum().clamp(min=1)

    def _losses(self, raw: Tensor, labels: Tensor) -> Tensor:
        config = self.plan.config
        if config.loss == "focal":
            return category_loss(raw, labels, focal=(config.focal_alpha, config.focal_gamma))
        return category_loss(raw, labels, smoothing=config.label_smoothing)

    def answers(self, raw: Tensor, targets: Targets) -> NDArray[np.float32]:
        """Probabilities, float32 (N, n)."""
        probabilities: NDArray[np.float32] = raw.detach().float().softmax(1).cpu().numpy()
        return probabilities

    def truths(self, targets: Targets) -> NDArray[np.int64]:
        """Labels, int64 (N,), -1 unknown."""
        labels: NDArray[np.int64] = targets["labels"].cpu().numpy()
        return labels

    def said(self, raw: Any, targets: Targets, row: int) -> Said:
        """The most probable category."""
        probabilities = self.answers(raw[row : row + 1], targets)[0]
        best, label = int(probabilities.argmax()), int(targets["labels"][row])
        truth = "" if label < 0 else self.plan.categories[label]
        return Said(self.plan.categories[best], float(probabilities[best]), truth, None if label < 0 else best == label)

    def export_forward(self, features: Features, *extra: Tensor) -> tuple[Tensor, ...]:
        """Logits, (N, n)."""
        return (self(features),)

    def form(self) -> Form:
        """Logits."""
        return Form(outputs=self.outputs(), values="logits")
