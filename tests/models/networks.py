"""Tiny networks in the document's form, whose answers can be said by heart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

__all__ = ["COLOURS", "plain", "write_colours"]

COLOURS = ("red", "green", "blue")


def write_colours(
    path: Path, *, names: Sequence[str] | str | None = COLOURS, size: int = 224, softmax: bool = False
) -> Path:
    """A network of (n, 3, size, size) whose three logits are four times the mean of each normalised channel.

    Args:
        path: where it is written.
        names: "categories" of its metadata, as a JSON list; a text as it is; None for none.
        size: of its input.
        softmax: probabilities instead of logits.
    """
    weights = numpy_helper.from_array((4 * np.eye(3)).astype(np.float32), "weights")
    nodes = [
        helper.make_node("GlobalAveragePool", ["input"], ["means"]),
        helper.make_node("Flatten", ["means"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["logits"]),
        helper.make_node("Softmax" if softmax else "Identity", ["logits"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "colours",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", 3, size, size])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["batch", 3])],
        [weights],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    properties = {"version": "1.0.0", "description": "Tells three colours apart"}
    if names is not None:
        properties["categories"] = names if isinstance(names, str) else json.dumps(list(names))
    helper.set_model_props(model, properties)
    onnx.save(model, str(path))
    return path


def plain(colour: tuple[int, ...], height: int = 20, width: int = 30) -> np.ndarray:
    """A picture of one colour, uint8 (height, width, channels)."""
    return np.full((height, width, len(colour)), colour, np.uint8)
