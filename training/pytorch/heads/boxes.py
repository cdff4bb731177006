"""The ``boxes`` head: what is where, by one of torchvision's detectors on the encoder's pyramid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import torch
from torch import Tensor

from models.heads.boxes import LEAST
from models.heads.form import Form
from training.config import ModelConfig
from training.datasets.values import Boxes
from training.metrics.boxes import Detections, Truths
from training.pytorch.detection.finding import from_lists, from_places
from training.pytorch.detection.single_stage import Fcos, PlaceAnswers, Retina, SingleStage, SsdLite
from training.pytorch.detection.targets import box_targets, truths_of
from training.pytorch.detection.two_stage import TwoStage
from training.pytorch.heads.base import EncoderFacts, Example, Features, Head, HeadPlan, Said, Targets

__all__ = ["BoxesHead"]

_SINGLE: Mapping[str, type[SingleStage]] = {"fcos": Fcos, "retinanet": Retina, "ssdlite": SsdLite}


class BoxesHead(Head):
    """FCOS, RetinaNet, SSDLite, Faster R-CNN or Mask R-CNN, as ``ModelConfig.detector`` says.

    The raw answer is that of the detector: ``PlaceAnswers``, or the levels of a pyramid by name. What is exported finds
    boxes only; the forms that Mask R-CNN has learned are left out, since an answer of this kind has none.
    """

    kind: ClassVar[str] = "boxes"
    wants: ClassVar[Literal["embedding", "pyramid"]] = "pyramid"

    def __init__(self, plan: HeadPlan, facts: EncoderFacts, model: ModelConfig) -> None:
        super().__init__(plan, facts, model)
        self._masks = model.detector == "maskrcnn"
        count = len(plan.categories)
        single = _SINGLE.get(model.detector)
        self.detector: Any = single(facts, count) if single else TwoStage(facts, count, masks=self._masks)

    @property
    def batches(self) -> bool:
        """Whether an exported network takes any number of pictures at once; a detector that looks twice takes one."""
        return isinstance(self.detector, SingleStage)

    def targets(self, examples: Sequence[Example]) -> Targets:
        """Under "pictures" of each what ``box_targets`` gives; with "weight". A picture without things is known too."""
        weights = torch.zeros(len(examples))
        pictures = []
        for row, example in enumerate(examples):
            value = example.labels.get(self.plan.name)
            shapes = value.shapes if isinstance(value, Boxes) else ()
            weights[row] = example.weight if isinstance(value, Boxes) else 0.0
            pictures.append(box_targets(shapes, self.plan.categories, self.facts.side, masks=self._masks))
        return {"pictures": pictures, "weight": weights}

    def forward(self, features: Features, targets: Targets | None = None) -> Any:
        """What the detector says."""
        return self.detector(features.pyramid)

    def loss(self, raw: Any, targets: Targets) -> Tensor:
        """Torchvision's losses, summed, of the pictures that are known: of each weight that occurs by themselves, since
        the losses know of none, and by their number.
        """
        weights: Tensor = targets["weight"]
        known = int((weights > 0).sum())
        if known == 0:
            return self._nothing(raw)
        parts = []
        for weight in weights[weights > 0].unique():
            rows = torch.where(weights == weight)[0]
            some = [targets["pictures"][row] for row in rows.tolist()]
            parts.append(self.detector.loss(raw, some, rows) * weight * (len(rows) / known))
        return torch.stack(parts).sum()

    def answers(self, raw: Any, targets: Targets) -> list[Detections]:
        """The boxes of each picture, in pixels."""
        with torch.no_grad():
            if isinstance(raw, PlaceAnswers):
                boxes, scores = self.detector.decode(raw)
                return from_places(boxes, scores, self.facts.side)
            return from_lists(self.detector.detect(raw), self.facts.side)

    def truths(self, targets: Targets) -> list[Truths | None]:
        """Likewise; None where nothing is known."""
        known = (targets["weight"] > 0).tolist()
        pairs = zip(targets["pictures"], known, strict=True)
        return [truths_of(picture) if there else None for picture, there in pairs]

    def said(self, raw: Any, targets: Targets, row: int) -> Said:
        """How many of what there is; right where the label says the same."""
        found = self.answers(_one(raw, row), targets)[0]
        shown = found.scores >= LEAST
        said = self._counted(found.labels[shown].tolist())
        sure = float(found.scores.max()) if len(found.scores) else 0.0
        if not bool(targets["weight"][row] > 0):
            return Said(said, sure)
        truth = self._counted(targets["pictures"][row]["labels"].tolist())
        return Said(said, sure, truth, said == truth)

    def export_forward(self, features: Features, *extra: Tensor) -> tuple[Tensor, ...]:
        """Of a detector that looks once: (N, A, 4 + n), middle, width and height in pixels and a score for each
        category, with boxes that overlap. Else, of one picture: boxes (K, 4), labels (K,) and scores (K,).
        """
        raw = self(features)
        if isinstance(raw, PlaceAnswers):
            return (torch.cat(self.detector.decode(raw), dim=-1),)
        found = self.detector.detect(raw)[0]
        return found["boxes"], found["labels"], found["scores"]

    def outputs(self) -> tuple[str, ...]:
        """One, or boxes, labels and scores."""
        name = super().outputs()[0]
        return (name,) if self.batches else (f"{name}_boxes", f"{name}_labels", f"{name}_scores")

    def form(self) -> Form:
        """Of all places, which ``models.heads.boxes`` suppresses; else lists, label 1 for the first category."""
        if self.batches:
            return Form(outputs=self.outputs(), values="probabilities", boxes="yolo")
        return Form(outputs=self.outputs(), values="probabilities", boxes="xyxy", first_label=1)

    def _nothing(self, raw: Any) -> Tensor:
        """A loss of 0 in which every weight of the detector has a part: processes that learn together wait for each."""
        levels = raw.outputs.values() if isinstance(raw, PlaceAnswers) else raw.values()
        whole = torch.stack([level.float().sum() for level in levels]).sum()
        return (whole + torch.stack([one.float().sum() for one in self.parameters()]).sum()) * 0.0

    def _counted(self, labels: Sequence[int]) -> str:
        """Such as "2 drawer, 1 frame", most first; "nothing"."""
        counts = Counter(self.plan.categories[label] for label in labels)
        return ", ".join(f"{count} {name}" for name, count in counts.most_common()) or "nothing"


def _one(raw: Any, row: int) -> Any:
    """The raw answer about one picture."""
    some = slice(row, row + 1)
    if isinstance(raw, PlaceAnswers):
        return PlaceAnswers({name: one[some] for name, one in raw.outputs.items()}, raw.anchors, raw.levels)
    return {name: level[some] for name, level in raw.items()}
