"""What is found out about a trained network on pictures that it was not trained on, in one pass over each split."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models.spec import Accuracy
from training.calibration import Calibration, calibrate_logits
from training.metrics import KINDS
from training.pytorch.encoder import Encoder
from training.pytorch.heads.base import Example, Features, Head, Targets

__all__ = ["KEPT", "WRONG", "Measured", "measure"]

KEPT = 24
"""Pictures that are kept for the comparison with ONNX Runtime."""

WRONG = 0.2
"""As ``training.model_folder.WRONG``: the share of wrong answers for which thresholds are found."""

Splits = Mapping[str, Iterable[Sequence[Example]]]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What was found.

    Attributes:
        accuracy: figures, of the test split where there is one, else of the validation split.
        calibrations: by head of the kind "categories", on the validation split.
        pictures: uint8 (n, S, S, 3), at most ``KEPT`` of those that were seen, by chance.
        mean: float64 (D,), of the embeddings of the validation pictures.
        deviation: likewise.
    """

    accuracy: tuple[Accuracy, ...]
    calibrations: Mapping[str, Calibration]
    pictures: NDArray[np.uint8]
    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]


def measure(
    encoder: Encoder, heads: Mapping[str, Head], splits: Splits, on_batch: Callable[[str, int], None]
) -> Measured:
    """Ask ``heads`` about all pictures of ``splits``, on the device that they are on, in eval mode.

    Args:
        encoder: trained.
        heads: by name.
        splits: "val" and perhaps "test": batches of pictures as they are, each gone through once.
        on_batch: told split and pictures so far.
    """
    encoder.eval()
    for head in heads.values():
        head.eval()
    pool, moments = _Pool(), _Moments(encoder.facts.embedding)
    found = {name: _Split(name, heads) for name in splits}
    device = next(encoder.parameters()).device
    with torch.no_grad():
        for name, batches in splits.items():
            count = 0
            for batch in batches:
                if not batch:
                    continue
                pixels = np.stack([one.image for one in batch])
                features = encoder(torch.from_numpy(pixels).to(device))
                found[name].add(batch, features)
                pool.add(pixels)
                if name == "val":
                    moments.add(features.embedding)
                count += len(batch)
                on_batch(name, count)
    judged = next((found[name] for name in ("test", "val") if name in found and found[name].seen), None)
    calibrations = found["val"].calibrations() if "val" in found else {}
    accuracy = judged.accuracy() if judged is not None else ()
    return Measured(accuracy, calibrations, pool.pictures(encoder.side), *moments.result())


class _Split:
    """What the heads say of one split, and the truth."""

    def __init__(self, name: str, heads: Mapping[str, Head]) -> None:
        self._name, self._heads = name, heads
        self._figures = {head: KINDS[one.kind].accumulator(one.asked()) for head, one in heads.items()}
        self._known = dict.fromkeys(heads, 0)
        self._logits = {head: _Logits() for head, one in heads.items() if one.kind == "categories"}
        self.seen = 0

    def add(self, batch: Sequence[Example], features: Features) -> None:
        self.seen += len(batch)
        for name, head in self._heads.items():
            targets = _moved(head.targets(batch), features.embedding.device)
            known = int((targets["weight"] > 0).sum())
            if not known:
                continue
            self._known[name] += known
            raw = head(features, targets)
            head.judge(self._figures[name], raw, targets)
            if name in self._logits:
                self._logits[name].add(head.export_forward(features)[0], targets["labels"])

    def calibrations(self) -> dict[str, Calibration]:
        return {name: logits.calibration() for name, logits in self._logits.items()}

    def accuracy(self) -> tuple[Accuracy, ...]:
        return tuple(
            Accuracy(metric=metric, value=round(float(value), 6), images=self._known[name], split=self._name, head=name)
            for name, figures in self._figures.items()
            if self._known[name]
            for metric, value in figures.summary().items()
            if value is not None and np.isfinite(value)
        )


class _Logits:
    """Logits of one head, with the labels that are known."""

    def __init__(self) -> None:
        self._logits: list[NDArray[np.float32]] = []
        self._labels: list[NDArray[np.intp]] = []

    def add(self, logits: torch.Tensor, labels: torch.Tensor) -> None:
        places = labels.cpu().numpy()
        self._logits.append(logits.float().cpu().numpy()[places >= 0])
        self._labels.append(places[places >= 0].astype(np.intp))

    def calibration(self) -> Calibration:
        if not self._labels:
            return calibrate_logits(np.zeros((0, 0), np.float32), np.zeros(0, np.intp), wrong=WRONG)
        return calibrate_logits(np.concatenate(self._logits), np.concatenate(self._labels), wrong=WRONG)


class _Pool:
    """A sample of all pictures that pass by, each with the same chance (Vitter's algorithm R), the same each time."""

    def __init__(self) -> None:
        self._chance = np.random.default_rng(0)
        self._kept: list[NDArray[np.uint8]] = []
        self._seen = 0

    def add(self, pictures: NDArray[np.uint8]) -> None:
        for picture in pictures:
            self._seen += 1
            if len(self._kept) < KEPT:
                self._kept.append(picture)
                continue
            place = int(self._chance.integers(self._seen))
            if place < KEPT:
                self._kept[place] = picture

    def pictures(self, side: int) -> NDArray[np.uint8]:
        return np.stack(self._kept) if self._kept else np.empty((0, side, side, 3), np.uint8)


class _Moments:
    """Mean and deviation of rows, one batch after another."""

    def __init__(self, width: int) -> None:
        self._count = 0
        self._sum = np.zeros(width)
        self._squares = np.zeros(width)

    def add(self, rows: torch.Tensor) -> None:
        numbers = rows.double().cpu().numpy()
        self._count += len(numbers)
        self._sum += numbers.sum(axis=0)
        self._squares += (numbers**2).sum(axis=0)

    def result(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        if not self._count:
            return self._sum, np.ones_like(self._sum)
        mean = self._sum / self._count
        return mean, np.sqrt(np.maximum(self._squares / self._count - mean**2, 0))


def _moved(targets: Targets, device: torch.device) -> Targets:
    def moved(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            return value.to(device)
        if isinstance(value, list | tuple):
            return type(value)(moved(one) for one in value)
        return {name: moved(one) for name, one in value.items()} if isinstance(value, dict) else value

    return {name: moved(value) for name, value in targets.items()}
