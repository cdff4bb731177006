"""Rebuild the starter model: 14 materials of game textures, a head on the bundled backbone's embedding that can learn.

    python -m training.starter --data ../shared/data

Fitted and calibrated on the train split, measured on the validation and test splits; NumPy only. A rebuild on the same
machine gives the same bytes. docs/models.md tells what was tried and how the choices below were made.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np
from numpy.typing import NDArray

from models.embedding import Backbone
from models.heads.categories import decode
from models.library import BUNDLED
from models.spec import Accuracy, HeadSpec, ModelSpec
from training.calibration import calibrate
from training.features import Features
from training.freezing import freeze
from training.head_file import write
from training.incremental import IncrementalHead
from training.metrics.categories import accuracy, calibration_error
from training.pictures import read_table, squares
from training.series import series_key
from training.starter_card import DESCRIPTIONS, model_card

VERSION = "1.0.0"
CREATED = "2026-11-21T00:00:00"
HEAD = "material"

RIDGE = 0.2
"""The best of ten on the train split, each series of textures left out in turn (docs/models.md)."""

WRONG = 0.2
"""Share of the answers that may be wrong; what is less sure is shown as unknown."""


@dataclass(frozen=True, slots=True)
class Split:
    """N labelled pictures.

    Attributes:
        keys: SHA-256 of the files, (N,).
        series: ``training.series.series_key`` of each, (N,).
        embeddings: float16 (N, D).
        labels: (N,), indices into the categories.
    """

    keys: tuple[bytes, ...]
    series: tuple[bytes, ...]
    embeddings: NDArray[np.float16]
    labels: NDArray[np.intp]


def read_blocks(backbone: Path) -> list[slice]:
    """The stretches of the embedding that come from one layer and one statistic each."""
    facts = json.loads((backbone / "metadata.json").read_text(encoding="utf-8"))
    return [slice(block["start"], block["stop"]) for block in facts["blocks"]]


def features_of(embeddings: NDArray[np.floating], blocks: Sequence[slice]) -> Features:
    """Standardise each number, and weight each block by the root of its length.

    So 144 channels of an early layer have as much say as 1280 of the last one: worth two points over plain
    standardising. The squares of all features of a picture sum to about one.

    Args:
        embeddings: of the reference pictures, (N, D).
        blocks: stretches of the embedding that together cover it.
    """
    reference = embeddings.astype(np.float64)
    scale = reference.std(axis=0) + 1e-6
    for block in blocks:
        scale[block] *= np.sqrt((block.stop - block.start) * len(blocks))
    # Rounded as ``freeze`` writes them, so that both forms of the head start from the same features.
    return Features(reference.mean(axis=0).astype(np.float32), scale.astype(np.float32))


def fit(train: Split, categories: Sequence[str], blocks: Sequence[slice], ridge: float = RIDGE) -> IncrementalHead:
    """The head that has learned ``train``, every picture of it counting alike.

    Raises:
        ValueError: two pictures are the same file.
    """
    head = IncrementalHead(features_of(train.embeddings, blocks), ridge=ridge, categories=categories)
    names = [categories[label] for label in train.labels]
    head.add_many(zip(train.keys, train.embeddings, names, strict=True))
    return head


def probabilities_of(head: IncrementalHead, temperature: float, split: Split) -> NDArray[np.float32]:
    """float32 (N, n), by the decoder that the program uses."""
    results = decode(head.logits(split.embeddings) / np.float32(temperature), head.categories)
    return np.stack([result.probabilities for result in results])


def embed_splits(data: Path, backbone: Backbone) -> tuple[list[str], dict[str, Split]]:
    """The categories by name, and the splits of ``data/textures`` by theirs."""
    rows = read_table(data / "textures" / "labels.csv")
    categories = sorted({row["category"] for row in rows})
    splits = {}
    for name in ("train", "val", "test"):
        chosen = [row for row in rows if row["split"] == name]
        paths = [data / "textures" / row["file"] for row in chosen]
        splits[name] = Split(
            tuple(hashlib.sha256(path.read_bytes()).digest() for path in paths),
            tuple(series_key(PurePath(row["game"], PurePath(row["original_name"]).name)) for row in chosen),
            np.concatenate([backbone.embed(batch) for batch in squares(paths, backbone.side)]),
            np.array([categories.index(row["category"]) for row in chosen], np.intp),
        )
    return categories, splits


def build(data: Path, *, threads: int = 2) -> Mapping[str, bytes]:
    """The files of the starter model, name -> content, from the data sets in ``data``."""
    folder = BUNDLED / "backbone"
    backbone = Backbone(folder, threads=threads)
    categories, splits = embed_splits(data, backbone)
    train = splits["train"]
    head = fit(train, categories, read_blocks(folder))
    together = dict(zip(train.keys, train.series, strict=True))
    calibration = calibrate(head, together, wrong=WRONG)
    frozen, state = freeze(head, calibration.temperature), io.BytesIO()
    write(head, state, together)
    answers = {name: probabilities_of(head, calibration.temperature, splits[name]) for name in ("val", "test")}
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
        model_hash=hashlib.sha256(frozen).hexdigest(),
        model_size=len(frozen),
        heads=(
            HeadSpec(
                name=HEAD,
                kind="categories",
                categories=tuple(categories),
                unsure_below=calibration.unsure_below,
                unknown_below=calibration.unknown_below,
                temperature=calibration.temperature,
                state_hash=hashlib.sha256(state.getvalue()).hexdigest(),
            ),
        ),
        backbone=backbone.id,
        accuracy=tuple(
            Accuracy(
                metric=metric,
                value=round(measure(probabilities, splits[name].labels), 4),
                images=len(probabilities),
                split=name,
                head=HEAD,
            )
            for name, probabilities in answers.items()
            for metric, measure in (("top-1", accuracy), ("calibration error", calibration_error))
        ),
    )
    described = [{"name": name, "description": DESCRIPTIONS[name]} for name in categories]
    table = read_table(data / "textures" / "labels.csv")
    card = model_card(spec, answers["test"], splits["test"].labels, table, backbone.dimensions)
    return {
        "metadata.json": spec.to_json().encode(),
        "categories.json": (json.dumps(described, indent=2) + "\n").encode(),
        "head.npz": frozen,
        "state-0.npz": state.getvalue(),
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
