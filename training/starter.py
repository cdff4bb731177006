"""Rebuild the starter model: 14 materials of game textures, a linear head on the bundled backbone's embedding.

    python -m training.starter --data ../shared/data

Fitted on the train split, calibrated on the validation split, measured on the test split; NumPy only. A rebuild on
the same machine gives the same bytes. docs/models.md tells what was tried and how the choices below were made.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.embedding import Backbone
from models.heads.categories import decode
from models.library import BUNDLED
from models.spec import Accuracy, HeadSpec, ModelSpec
from training.metrics.categories import accuracy, calibration_error
from training.pictures import read_table, squares
from training.starter_card import DESCRIPTIONS, model_card

VERSION = "1.0.0"
CREATED = "2026-11-21T00:00:00"
HEAD = "material"

PENALTY = 0.2
"""Of the ridge, on features whose squares sum to about one. Chosen by cross-validation over series (docs/models.md)."""

BALANCE = 0.5
"""How far small classes are weighted up: 0 counts every picture alike, 1 every class."""

TEMPERATURES = np.geomspace(0.01, 1.0, 201)
RIGHT_ENOUGH = 0.85
"""Answers are shown as unsure below the confidence above which this share of the validation split's is right."""


@dataclass(frozen=True, slots=True)
class Split:
    """Embeddings float32 (N, D) and labels (N,), indices into the categories."""

    embeddings: NDArray[np.float32]
    labels: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class LinearFit:
    """What ``head.npz`` holds: logits = ((e - mean) / scale) @ weights + bias. All float32."""

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def logits(self, embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (N, D) to (N, n)."""
        standardised: NDArray[np.float32] = (embeddings - self.mean) / self.scale
        logits: NDArray[np.float32] = standardised @ self.weights + self.bias
        return logits

    def cooled(self, temperature: float) -> LinearFit:
        """The same answers with logits divided by ``temperature``."""
        factor = np.float32(1 / temperature)
        return LinearFit(self.mean, self.scale, self.weights * factor, self.bias * factor)

    def to_bytes(self) -> bytes:
        """An .npz file; the same arrays give the same bytes (``np.savez`` would write the time of day)."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for name in ("mean", "scale", "weights", "bias"):
                content = io.BytesIO()
                np.lib.format.write_array(content, getattr(self, name), allow_pickle=False)
                archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), content.getvalue())
        return target.getvalue()


def read_blocks(backbone: Path) -> list[slice]:
    """The stretches of the embedding that come from one layer and one statistic each."""
    facts = json.loads((backbone / "metadata.json").read_text(encoding="utf-8"))
    return [slice(block["start"], block["stop"]) for block in facts["blocks"]]


def fit(train: Split, classes: int, blocks: Sequence[slice], penalty: float = PENALTY) -> LinearFit:
    """Ridge regression on one-hot labels, in closed form.

    Each number of the embedding is standardised, and each block is then weighted by the root of its length, so that 144
    channels of an early layer have as much say as 1280 of the last one: worth two points over plain standardising.

    Args:
        train: what to fit; every class has pictures in it.
        classes: n.
        blocks: stretches of the embedding that together cover it.
        penalty: on the squared weights, at least 0.
    """
    embeddings = train.embeddings.astype(np.float64)
    sizes = np.bincount(train.labels, minlength=classes)
    importance = (sizes[train.labels] / len(embeddings)) ** -BALANCE
    importance /= importance.mean()
    mean = np.average(embeddings, axis=0, weights=importance)
    scale = embeddings.std(axis=0) + 1e-6
    for block in blocks:
        scale[block] *= np.sqrt((block.stop - block.start) * len(blocks))
    features = (embeddings - mean) / scale
    targets = np.eye(classes)[train.labels]
    bias = np.average(targets, axis=0, weights=importance)
    # Dual form: as many unknowns as images, of which there are fewer than numbers in an embedding. The features are
    # centred, so the bias is the mean of the targets.
    gram = features @ features.T
    weights = features.T @ np.linalg.solve(gram + penalty * np.diag(1 / importance), targets - bias)
    parts = (mean, scale, weights, bias)
    return LinearFit(*(part.astype(np.float32) for part in parts))


def calibrate(linear: LinearFit, validation: Split) -> LinearFit:
    """Divide by the temperature that makes ``validation`` most likely (Guo et al. 2017)."""
    logits = linear.logits(validation.embeddings).astype(np.float64)

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        peak = scaled.max(axis=1)
        total = peak + np.log(np.exp(scaled - peak[:, None]).sum(axis=1))
        return float(np.mean(total - scaled[np.arange(len(scaled)), validation.labels]))

    return linear.cooled(min((float(t) for t in TEMPERATURES), key=loss))


def unsure_below(probabilities: NDArray[np.float32], labels: NDArray[np.intp]) -> float:
    """The least confidence, in hundredths, from which ``RIGHT_ENOUGH`` of the answers are right; 1 if there is none."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    for hundredth in range(100):
        kept = right[confidence >= hundredth / 100]
        if len(kept) and kept.mean() >= RIGHT_ENOUGH:
            return hundredth / 100
    return 1.0


def probabilities_of(linear: LinearFit, split: Split, categories: Sequence[str]) -> NDArray[np.float32]:
    """float32 (N, n), by the decoder that the program uses."""
    return np.stack([result.probabilities for result in decode(linear.logits(split.embeddings), categories)])


def embed_splits(data: Path, backbone: Backbone) -> tuple[list[str], dict[str, Split]]:
    """The categories by name, and the splits of ``data/textures`` by theirs."""
    rows = read_table(data / "textures" / "labels.csv")
    categories = sorted({row["category"] for row in rows})
    splits = {}
    for name in ("train", "val", "test"):
        chosen = [row for row in rows if row["split"] == name]
        paths = [data / "textures" / row["file"] for row in chosen]
        vectors = np.concatenate([backbone.embed(batch) for batch in squares(paths, backbone.side)])
        labels = np.array([categories.index(row["category"]) for row in chosen], np.intp)
        splits[name] = Split(vectors.astype(np.float32), labels)
    return categories, splits


def build(data: Path, *, threads: int = 2) -> Mapping[str, bytes]:
    """The files of the starter model, name -> content, from the data sets in ``data``."""
    folder = BUNDLED / "backbone"
    backbone = Backbone(folder, threads=threads)
    categories, splits = embed_splits(data, backbone)
    linear = calibrate(fit(splits["train"], len(categories), read_blocks(folder)), splits["val"])
    answers = {name: probabilities_of(linear, split, categories) for name, split in splits.items()}
    head = linear.to_bytes()
    spec = ModelSpec(
        package_version="1.1",
        name="Game textures (starter)",
        version=VERSION,
        author="Sortwerk",
        description="Sorts game textures into 14 materials. Small, offline, and meant to be corrected.",
        license="MIT",
        created=CREATED,
        format="head",
        num_categories=len(categories),
        tags=("textures", "materials", "games", "starter"),
        model_hash=hashlib.sha256(head).hexdigest(),
        model_size=len(head),
        heads=(
            HeadSpec(
                name=HEAD,
                kind="categories",
                categories=tuple(categories),
                unsure_below=unsure_below(answers["val"], splits["val"].labels),
            ),
        ),
        backbone=backbone.id,
        accuracy=tuple(
            Accuracy(
                metric=metric,
                value=round(measure(answers[n], splits[n].labels), 4),
                images=len(answers[n]),
                split=n,
                head=HEAD,
            )
            for n in ("val", "test")
            for metric, measure in (("top-1", accuracy), ("calibration error", calibration_error))
        ),
    )
    described = [{"name": name, "description": DESCRIPTIONS[name]} for name in categories]
    card = model_card(spec, answers["test"], splits["test"].labels, read_table(data / "textures" / "labels.csv"))
    return {
        "metadata.json": spec.to_json().encode(),
        "categories.json": (json.dumps(described, indent=2) + "\n").encode(),
        "head.npz": head,
        "README.md": card.encode(),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with textures/")
    parser.add_argument("--out", type=Path, default=BUNDLED / "starter")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    for name, content in build(options.data).items():
        (options.out / name).write_bytes(content)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
