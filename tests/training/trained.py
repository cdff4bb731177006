"""A model as a training leaves it: a network that gives its embedding, and heads that go on learning on that."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from models.library import load_backbone
from models.network import Network
from models.spec import ModelSpec, read_spec
from tests.models import made_models, onnx_models
from training import head_file
from training.features import Features
from training.incremental import IncrementalHead

WIDTH = 8
"""Numbers of the embedding."""

HEADS: Mapping[str, Sequence[str]] = {"part": ("brick", "plate", "tile", "slope"), "colour": ("red", "blue")}
HOW = {**made_models.PLAIN, "layout": "NHWC", "dtype": "uint8", "scale": 1.0}


def make(folder: Path, heads: Mapping[str, Sequence[str]] = HEADS) -> ModelSpec:
    """Write such a model into the new folder ``folder``."""
    network = onnx_models.multi_head(
        {name: len(names) for name, names in heads.items()}, embedding=True, layout="NHWC", dtype="uint8"
    )
    reference = np.random.default_rng(2).normal(size=(30, WIDTH))
    features = Features(reference.mean(axis=0), reference.std(axis=0) * np.sqrt(WIDTH))
    folder.mkdir(parents=True)
    specs = []
    for index, (name, names) in enumerate(heads.items()):
        file = io.BytesIO()
        head_file.write(IncrementalHead(features, ridge=0.1, categories=names), file)
        (folder / f"state-{index}.npz").write_bytes(file.getvalue())
        specs.append(
            {
                "name": name,
                "kind": "categories",
                "categories": list(names),
                "form": {"outputs": [name]},
                "unsure_below": 0.6,
                "unknown_below": 0.3,
                "state_hash": hashlib.sha256(file.getvalue()).hexdigest(),
            }
        )
    (folder / "model.onnx").write_bytes(network.SerializeToString(deterministic=True))
    fields = {
        "package_version": "1.1",
        "name": "Trained",
        "id": "trained-model",
        "heads": specs,
        "preprocessing": HOW,
        "embedding": "embedding",
    }
    spec = ModelSpec.parse(fields, "Trained")
    (folder / "metadata.json").write_text(spec.to_json(), encoding="utf-8")
    return spec


def network(folder: Path) -> Network:
    backbone = load_backbone(folder, read_spec(folder))
    assert isinstance(backbone, Network)
    return backbone


def pictures(count: int, seed: int = 0) -> np.ndarray:
    """Noise of different brightness and tint, uint8 (N, 32, 32, 3)."""
    chance = np.random.default_rng(seed)
    tints = chance.integers(40, 216, (count, 1, 1, 3))
    return (tints + chance.integers(-40, 40, (count, 32, 32, 3))).astype(np.uint8)
