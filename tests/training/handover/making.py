"""A run folder as a training leaves it, with a hand-made network: two heads of categories on an embedding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from models.inference import OnnxInferenceSession
from models.spec import ModelSpec
from tests.models import onnx_models
from tests.models.made_models import pictures as write_pictures
from tests.training import trained
from training.config import TrainingConfig
from training.datasets.heads import HeadDef
from training.datasets.values import Category
from training.runs.items import RunItem, write_items

IMAGES = 16


def make_run(
    run: Path, *, apart: float = 0.0, export: dict[str, Any] | None = None, embedding: bool = True, **changes: Any
) -> ModelSpec:
    """Write the finished run ``run``; PyTorch's answers are ``apart`` from those of ONNX Runtime."""
    place = run / "export"
    place.mkdir(parents=True)
    network = onnx_models.multi_head(
        {name: len(names) for name, names in trained.HEADS.items()}, embedding=embedding, layout="NHWC", dtype="uint8"
    )
    onnx_models.save(network, place / "model.onnx")
    feeds = {"image": trained.pictures(IMAGES)}
    answers = OnnxInferenceSession(place / "model.onnx").run_all(feeds)
    kept = {f"in/{name}": array for name, array in feeds.items()}
    kept |= {f"out/{name}": array + np.float32(apart) for name, array in answers.items()}
    np.savez(place / "parity.npz", **kept)
    if embedding:
        seen = answers["embedding"]
        np.savez(place / "embedding.npz", mean=seen.mean(axis=0), deviation=seen.std(axis=0))
    fields = {
        "package_version": "1.1",
        "name": "Bricks of mine",
        "description": "Trained here.",
        "license": "Apache-2.0",
        "created": "2026-11-25T05:00:00",
        "heads": [
            {"name": name, "kind": "categories", "categories": names, "form": {"outputs": [name]}, "unsure_below": 0.6}
            for name, names in trained.HEADS.items()
        ],
        "preprocessing": trained.HOW,
        "embedding": "embedding" if embedding else "",
        "accuracy": [{"metric": "accuracy", "value": 0.91, "images": 120, "split": "val", "head": "part"}],
        "data_fingerprint": "ab" * 32,
        "training": {"run": run.name, "dataset": "Bricks", "dataset_version": 3, "epochs": 5},
    }
    spec = ModelSpec.parse(fields | changes, "the test")
    (place / "spec.json").write_text(spec.to_json(), encoding="utf-8")
    config = TrainingConfig().model_dump(mode="json")
    config["export"] |= export or {}
    (run / "config.json").write_text(json.dumps(config), encoding="utf-8")
    paths = write_pictures(run.parent / "pictures", 24)
    heads = [HeadDef(name, "categories", tuple(names)) for name, names in trained.HEADS.items()]
    items = [
        RunItem(f"{index:064x}", str(path), split="val", labels={"part": Category("brick")})
        for index, path in enumerate(paths)
    ]
    write_items(run / "items.jsonl", heads, run / "blobs", items)
    return spec
