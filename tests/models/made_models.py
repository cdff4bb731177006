"""Folders of models around the tiny networks of ``onnx_models``, one for each kind of head."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx

from models.spec import ModelSpec
from tests.models import onnx_models
from tests.models.onnx_models import save

__all__ = ["KINDS", "PLAIN", "make", "pictures", "write"]

SIDE = 32
PLAIN = {"side": SIDE, "layout": "NCHW", "dtype": "float32", "scale": 1 / 255}
MASK = [{"name": "parts", "kind": "mask", "categories": [f"part {i}" for i in range(6)]}]
BOXES = [
    {
        "name": "things",
        "kind": "boxes",
        "categories": ["a", "b", "c"],
        "form": {"outputs": ["output0"], "boxes": "yolo"},
    }
]
CATEGORIES = [{"name": "material", "kind": "categories", "categories": ["a", "b", "c", "d"]}]

KINDS: Mapping[str, tuple[Callable[[], onnx.ModelProto], list[dict[str, Any]], dict[str, Any]]] = {
    "categories": (onnx_models.classifier, CATEGORIES, PLAIN),
    "mask": (onnx_models.segmenter, MASK, PLAIN),
    "boxes": (onnx_models.yolo, BOXES, {**PLAIN, "side": 64}),
    "image": (onnx_models.image_to_image, [{"name": "picture", "kind": "image"}], PLAIN),
}
"""Kind -> network, heads, preprocessing."""


def make(folder: Path, kind: str = "categories", **changes: Any) -> ModelSpec:
    """Write a complete model of a kind into ``folder``, with ``changes`` to its metadata."""
    network, heads, how = KINDS[kind]
    return write(folder, network(), heads, how, **changes)


def write(
    folder: Path, network: onnx.ModelProto, heads: list[dict[str, Any]], how: dict[str, Any], **changes: Any
) -> ModelSpec:
    """Write ``network`` and metadata that fit it into ``folder``."""
    folder.mkdir(parents=True)
    content = save(network, folder / "model.onnx").read_bytes()
    fields = {
        "package_version": "1.1",
        "name": "Tiny",
        "description": "For tests.",
        "license": "MIT",
        "num_categories": len(heads[0].get("categories", ())),
        "model_hash": hashlib.sha256(content).hexdigest(),
        "model_size": len(content),
        "heads": heads,
        "preprocessing": how,
    }
    spec = ModelSpec.parse(fields | changes, "Tiny")
    (folder / "metadata.json").write_text(spec.to_json(), encoding="utf-8")
    return spec


def pictures(folder: Path, count: int) -> list[Path]:
    """Write ``count`` different pictures of coloured blots."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = np.random.default_rng(5)
    paths = [folder / f"{index}.png" for index in range(count)]
    for path in paths:
        blots = numbers.integers(0, 256, (4, 4, 3), np.uint8)
        cv2.imwrite(str(path), cv2.resize(blots, (48, 40), interpolation=cv2.INTER_CUBIC))
    return paths
