"""A network in float32 that knows something: fixed random convolutions, and a linear layer fitted on real pictures."""

from __future__ import annotations

import csv
import hashlib
import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from models.images.decode import decode
from models.images.resize import to_size
from models.inference import OnnxInferenceSession
from models.spec import ModelSpec
from tests.models.onnx_models import save

__all__ = ["SIDE", "make", "rows"]

SIDE = 96
_WIDTHS = (3, 32, 64, 128, 128)


def rows(data: Path, split: str, most: int) -> list[tuple[Path, str]]:
    """Textures of one split and their categories, evenly chosen."""
    with (data / "textures" / "labels.csv").open(encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if row["split"] == split]
    chosen = sorted({place * len(found) // most for place in range(most)})
    return [(data / "textures" / found[place]["file"], found[place]["category"]) for place in chosen]


def make(folder: Path, data: Path, *, train: int = 400) -> ModelSpec:
    """Write the model, with metadata, into ``folder``; about a second for each 100 pictures of ``train``."""
    folder.mkdir(parents=True)
    fitted = rows(data, "train", train)
    names = sorted({name for _, name in fitted})
    path = save(_network(None, len(names)), folder / "model.onnx")
    features = _features(path, [picture for picture, _ in fitted])
    weights = _ridge(features, np.array([names.index(name) for _, name in fitted]), len(names))
    save(_network(weights, len(names)), path)
    content = path.read_bytes()
    spec = ModelSpec.parse(
        {
            "package_version": "1.1",
            "name": "Random features",
            "description": "Fixed random convolutions and a fitted linear layer.",
            "license": "MIT",
            "num_categories": len(names),
            "model_hash": hashlib.sha256(content).hexdigest(),
            "model_size": len(content),
            "heads": [{"name": "material", "kind": "categories", "categories": names}],
            "preprocessing": {"side": SIDE, "layout": "NCHW", "dtype": "float32", "scale": 1 / 255},
        },
        "Random features",
    )
    (folder / "metadata.json").write_text(spec.to_json(), encoding="utf-8")
    return spec


def _features(path: Path, pictures: Sequence[Path]) -> NDArray[np.float64]:
    session = OnnxInferenceSession(path, num_threads=2)
    found = []
    for picture in pictures:
        pixels = decode(picture.read_bytes(), picture.name, max_side=2 * SIDE).on_grey()
        batch = to_size(pixels, SIDE, SIDE)[None].transpose(0, 3, 1, 2).astype(np.float32) / np.float32(255)
        found.append(session.run_all({"image": batch})["features"][0])
    return np.array(found, np.float64)


def _ridge(features: NDArray[np.float64], labels: NDArray[np.intp], classes: int) -> NDArray[np.float32]:
    """Weights and, in the last row, biases: float32 (D + 1, classes); scaled so that softmax can choose."""
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-6
    design = np.concatenate([(features - mean) / scale, np.ones((len(features), 1))], axis=1)
    wanted = np.eye(classes)[labels]
    fitted = np.linalg.solve(design.T @ design + 20 * np.eye(design.shape[1]), design.T @ wanted) * 8
    fitted[:-1] /= scale[:, None]
    fitted[-1] -= mean @ fitted[:-1]
    return fitted.astype(np.float32)


def _network(head: NDArray[np.float32] | None, classes: int) -> onnx.ModelProto:
    """Convolutions with ReLU, means and maxima of the last two layers; without ``head`` only these, as ``features``."""
    numbers = np.random.default_rng(3)
    nodes: list[onnx.NodeProto] = []
    weights: list[onnx.TensorProto] = []
    pooled: list[str] = []
    name = "image"
    for index, (inputs, outputs) in enumerate(itertools.pairwise(_WIDTHS)):
        kernel = numbers.normal(0, np.sqrt(2 / (9 * inputs)), (outputs, inputs, 3, 3)).astype(np.float32)
        if index == 0:  # filters that do not see brightness, beside some that do
            kernel[outputs // 4 :] -= kernel[outputs // 4 :].mean(axis=(2, 3), keepdims=True)
        bias = numbers.normal(0, 0.05, outputs).astype(np.float32)
        weights += [numpy_helper.from_array(kernel, f"w{index}"), numpy_helper.from_array(bias, f"b{index}")]
        stride = 1 if index == 1 else 2
        source, convolved, name = name, f"conv{index}", f"relu{index}"
        nodes.append(
            helper.make_node(
                "Conv", [source, f"w{index}", f"b{index}"], [convolved], name=convolved,
                kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[stride, stride],
            )
        )  # fmt: skip
        nodes.append(helper.make_node("Relu", [convolved], [name], name=name))
        if index >= 1:
            for way in ("GlobalAveragePool", "GlobalMaxPool"):
                pooled.append(f"{way}{index}")
                nodes.append(helper.make_node(way, [name], [pooled[-1]], name=pooled[-1]))
    nodes.append(helper.make_node("Concat", pooled, ["pooled"], name="pooled", axis=1))
    nodes.append(helper.make_node("Flatten", ["pooled"], ["features"], name="features"))
    width = 2 * sum(_WIDTHS[2:])
    output = helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", width])
    if head is not None:
        weights += [numpy_helper.from_array(head[:-1], "head"), numpy_helper.from_array(head[-1], "head_bias")]
        nodes.append(helper.make_node("Gemm", ["features", "head", "head_bias"], ["logits"], name="logits"))
        output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", classes])
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 3, SIDE, SIDE])
    graph = helper.make_graph(nodes, "random_features", [image], [output], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model
