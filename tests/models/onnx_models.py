"""Tiny ONNX networks of every kind and age, built with the ``onnx`` library: small and deterministic.

Each function returns an ``onnx.ModelProto``; ``save`` writes one. All take pictures named ``image`` and accept

* ``opset``: 7 up to ``NEWEST``; each network is written the way its opset wants it;
* ``batch``: a number for a fixed batch, a name for any;
* ``side``: of the square input; a name for any;
* ``layout``: "NCHW" or "NHWC";
* ``dtype``: "float32", "float16" or "uint8" (which is cast first).

    save(classifier(classes=4, opset=9, layout="NHWC"), tmp_path / "old.onnx")
    save(quantised(classifier(classes=4, opset=13)), tmp_path / "int8.onnx")
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

__all__ = [
    "NEWEST", "boxes", "broken_weights", "classifier", "colour_transfer", "image_to_image", "multi_head", "quantised",
    "save", "segmenter", "with_external_data", "with_foreign_operator", "yolo",
]  # fmt: skip

NEWEST = 26
"""The newest opset that the pinned ONNX Runtime takes."""

Length = int | str
_TYPES = {"float32": TensorProto.FLOAT, "float16": TensorProto.FLOAT16, "uint8": TensorProto.UINT8}


def save(model: onnx.ModelProto, path: Path) -> Path:
    """Write ``model`` and return ``path``."""
    path.write_bytes(model.SerializeToString(deterministic=True))
    return path


class _Builder:
    """Collects nodes and weights; every method returns the name of what it makes."""

    def __init__(self, opset: int, batch: Length, side: Length, layout: str, dtype: str, channels: int = 3) -> None:
        self.opset, self.batch, self.side, self.dtype = opset, batch, side, dtype
        self.layout, self.channels = layout, channels
        self.floats = np.float16 if dtype == "float16" else np.float32
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        shape = [batch, channels, side, side] if layout == "NCHW" else [batch, side, side, channels]
        self.inputs = [helper.make_tensor_value_info("image", _TYPES[dtype], shape)]
        self.outputs: list[onnx.ValueInfoProto] = []
        self._random = np.random.default_rng(7)

    def node(self, op: str, inputs: Sequence[str], **attributes: Any) -> str:
        name = f"{op.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, list(inputs), [name], name=name, **attributes))
        return name

    def constant(self, values: Any, dtype: Any = None) -> str:
        array = np.asarray(values, self.floats if dtype is None else dtype)
        self.weights.append(numpy_helper.from_array(array, f"weight_{len(self.weights)}"))
        return self.weights[-1].name

    def random(self, *shape: int) -> str:
        return self.constant(self._random.normal(0, 0.5, shape))

    def picture(self) -> str:
        """The input as floats in NCHW, about 0 to 1."""
        name = "image"
        if self.dtype == "uint8":
            name = self.node("Div", [self.node("Cast", [name], to=TensorProto.FLOAT), self.constant(255.0)])
        return self.node("Transpose", [name], perm=[0, 3, 1, 2]) if self.layout == "NHWC" else name

    def convolution(self, source: str, channels: int, outputs: int, stride: int = 1) -> str:
        return self.node(
            "Conv", [source, self.random(outputs, channels, 3, 3), self.random(outputs)],
            kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[stride, stride],
        )  # fmt: skip

    def features(self, width: int = 8) -> str:
        """A picture to one vector, (N, width)."""
        convolved = self.node("Relu", [self.convolution(self.picture(), self.channels, width, 2)])
        return self.node("Flatten", [self.node("GlobalAveragePool", [convolved])])

    def linear(self, source: str, width: int, outputs: int) -> str:
        return self.node("Gemm", [source, self.random(width, outputs), self.random(outputs)])

    def output(self, source: str, name: str, shape: Sequence[Length | None], dtype: int | None = None) -> None:
        self.nodes.append(helper.make_node("Identity", [source], [name], name=f"to_{name}"))
        kind = dtype or (TensorProto.FLOAT16 if self.dtype == "float16" else TensorProto.FLOAT)
        self.outputs.append(helper.make_tensor_value_info(name, kind, shape))

    def model(self, metadata: Mapping[str, str] | None = None) -> onnx.ModelProto:
        graph = helper.make_graph(self.nodes, "network", self.inputs, self.outputs, self.weights)
        versions = [helper.make_opsetid("", self.opset)]
        model = helper.make_model(
            graph, opset_imports=versions, ir_version=max(4, helper.find_min_ir_version_for(versions)),
            producer_name="sortwerk-tests", producer_version="1",
        )  # fmt: skip
        helper.set_model_props(model, dict(metadata or {}))
        onnx.checker.check_model(model)
        return model


def _builder(options: Mapping[str, Any]) -> _Builder:
    known: dict[str, Any] = {"opset": 17, "batch": "batch", "side": 32, "layout": "NCHW", "dtype": "float32"}
    return _Builder(**(known | options))


def classifier(
    classes: int = 4, *, probabilities: bool = False, metadata: Mapping[str, str] | None = None, **options: Any
) -> onnx.ModelProto:
    """Pictures to ``output`` (batch, classes): logits, or with ``probabilities`` their softmax."""
    build = _builder(options)
    scores = build.linear(build.features(), 8, classes)
    if probabilities:
        scores = build.node("Softmax", [scores], axis=1)
    build.output(scores, "output", [build.batch, classes])
    return build.model(metadata)


def multi_head(heads: Mapping[str, int], *, embedding: bool = False, **options: Any) -> onnx.ModelProto:
    """Pictures to one output (batch, classes) for each of ``heads``, by name; with what they read as ``embedding``."""
    build = _builder(options)
    features = build.features()
    if embedding:
        build.output(features, "embedding", [build.batch, 8])
    for name, classes in heads.items():
        build.output(build.linear(features, 8, classes), name, [build.batch, classes])
    return build.model({"categories": json.dumps({n: [f"{n} {i}" for i in range(c)] for n, c in heads.items()})})


def segmenter(classes: int = 6, *, values: str = "logits", **options: Any) -> onnx.ModelProto:
    """Pictures to ``mask``: (batch, classes, side, side), or with ``values`` "classes" int64 (batch, side, side)."""
    build = _builder(options)
    scores = build.convolution(build.picture(), build.channels, classes)
    if values == "classes":
        mask = build.node("ArgMax", [scores], axis=1, keepdims=0)
        build.output(mask, "mask", [build.batch, build.side, build.side], TensorProto.INT64)
        return build.model()
    if values == "probabilities":  # over the last axis: before opset 13 a softmax over another one flattens
        last = build.node("Softmax", [build.node("Transpose", [scores], perm=[0, 2, 3, 1])], axis=3)
        scores = build.node("Transpose", [last], perm=[0, 3, 1, 2])
    shape = [build.batch, classes, build.side, build.side]
    if build.layout == "NHWC":
        scores = build.node("Transpose", [scores], perm=[0, 2, 3, 1])
        shape = [build.batch, build.side, build.side, classes]
    build.output(scores, "mask", shape)
    return build.model()


def image_to_image(*, signed: bool = False, **options: Any) -> onnx.ModelProto:
    """Pictures to ``picture`` of their own size, values 0 to 1, or with ``signed`` -1 to 1."""
    build = _builder(options)
    convolved = build.convolution(build.picture(), build.channels, 3)
    painted = build.node("Tanh" if signed else "Sigmoid", [convolved])
    shape = [build.batch, 3, build.side, build.side]
    if build.layout == "NHWC":
        painted = build.node("Transpose", [painted], perm=[0, 2, 3, 1])
        shape = [build.batch, build.side, build.side, 3]
    build.output(painted, "picture", shape)
    return build.model()


def colour_transfer(*, regions: Length = "regions", **options: Any) -> onnx.ModelProto:
    """Pictures and ``target_colors`` (batch, regions, 3), 0 to 1, to ``output`` (batch, 3, side, side) tinted with the
    mean of the colours.
    """
    build = _builder(options)
    kind = TensorProto.FLOAT16 if build.dtype == "float16" else TensorProto.FLOAT
    build.inputs.append(helper.make_tensor_value_info("target_colors", kind, [build.batch, regions, 3]))
    across = build.node("Transpose", ["target_colors"], perm=[0, 2, 1])  # (batch, 3, regions): pooled over regions
    mean = build.node("GlobalAveragePool", [across])
    if build.opset >= 13:
        tint = build.node("Unsqueeze", [mean, build.constant([3], np.int64)])
    else:
        tint = build.node("Unsqueeze", [mean], axes=[3])
    mixed = build.node("Mul", [build.node("Add", [build.picture(), tint]), build.constant(0.5)])
    build.output(mixed, "output", [build.batch, 3, build.side, build.side])
    return build.model()


def boxes(*, detections: int = 5, **options: Any) -> onnx.ModelProto:
    """One picture to ``boxes`` (detections, 4) xyxy in pixels, ``labels`` (detections,) int64 and ``scores``."""
    build = _builder({"batch": 1} | options)
    build.batch = 1
    score = build.node("ReduceMean", [build.picture()], keepdims=0) if build.opset < 18 else build.node(
        "ReduceMean", [build.picture(), build.constant([0, 1, 2, 3], np.int64)], keepdims=0
    )  # fmt: skip
    zero = build.node("Mul", [score, build.constant(0.0)])
    corners = [[2.0 * i, 1.0 * i, 2.0 * i + 8, 1.0 * i + 9] for i in range(detections)]
    build.output(build.node("Add", [build.constant(corners), zero]), "boxes", [detections, 4])
    labels = build.constant([1 + i % 3 for i in range(detections)], np.int64)
    build.output(labels, "labels", [detections], TensorProto.INT64)
    falling = build.constant([1 - 0.1 * i for i in range(detections)])
    build.output(build.node("Mul", [falling, score]), "scores", [detections])
    return build.model()


def yolo(classes: int = 3, *, names: str | None = None, **options: Any) -> onnx.ModelProto:
    """Pictures to ``output0`` (batch, 4 + classes, anchors): centre, size, and a score from 0 to 1 for each class.

    An anchor for each cell of 8 x 8 pixels, so ``side`` must be a number. ``names`` is the metadata of that name.
    """
    build = _builder({"side": 64} | options)
    anchors = (int(build.side) // 8) ** 2
    pooled = build.node("AveragePool", [build.picture()], kernel_shape=[8, 8], strides=[8, 8])
    raw = build.node("Sigmoid", [build.convolution(pooled, build.channels, 4 + classes)])
    flat = build.node("Reshape", [raw, build.constant([0, 4 + classes, -1], np.int64)])
    scale = build.constant([[[float(build.side)]] * 4 + [[1.0]] * classes])
    build.output(build.node("Mul", [flat, scale]), "output0", [build.batch, 4 + classes, anchors])
    return build.model({} if names is None else {"names": names})


def quantised(model: onnx.ModelProto) -> onnx.ModelProto:
    """``model`` with the weights of its convolutions and Gemms as INT8, in QDQ form. Opset 10 or newer, float32."""
    result = onnx.ModelProto()
    result.CopyFrom(model)
    weights = {one.name: one for one in result.graph.initializer}
    wanted = [n.input[1] for n in result.graph.node if n.op_type in ("Conv", "Gemm") and n.input[1] in weights]
    for name in wanted:
        values = numpy_helper.to_array(weights[name])
        scale = np.float32(np.abs(values).max() / 127)
        weights[name].CopyFrom(numpy_helper.from_array(np.round(values / scale).astype(np.int8), f"{name}_int8"))
        result.graph.initializer.append(numpy_helper.from_array(scale, f"{name}_scale"))
        result.graph.initializer.append(numpy_helper.from_array(np.int8(0), f"{name}_zero"))
        ends = [f"{name}_int8", f"{name}_scale", f"{name}_zero"]
        result.graph.node.insert(0, helper.make_node("DequantizeLinear", ends, [name]))
    onnx.checker.check_model(result)
    return result


def with_external_data(model: onnx.ModelProto, where: str = "weights.bin") -> onnx.ModelProto:
    """``model`` with its first weight said to lie in the file ``where``."""
    result = onnx.ModelProto()
    result.CopyFrom(model)
    weight = result.graph.initializer[0]
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    weight.external_data.add(key="location", value=where)
    return result


def with_foreign_operator(model: onnx.ModelProto, domain: str = "com.example") -> onnx.ModelProto:
    """``model`` with its first operator taken from ``domain``."""
    result = onnx.ModelProto()
    result.CopyFrom(model)
    result.graph.node[0].domain = domain
    result.opset_import.append(helper.make_opsetid(domain, 1))
    return result


def broken_weights(model: onnx.ModelProto, value: float = float("nan")) -> onnx.ModelProto:
    """``model`` with its last float weight filled with ``value``: it runs, and gives no numbers."""
    result = onnx.ModelProto()
    result.CopyFrom(model)
    weight = [one for one in result.graph.initializer if one.data_type == TensorProto.FLOAT][-1]
    filled = np.full(tuple(weight.dims), value, np.float32)
    weight.CopyFrom(numpy_helper.from_array(filled, weight.name))
    return result
