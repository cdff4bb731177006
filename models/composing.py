"""One network out of two parts: a network that gives embeddings, and linear heads on what it gives.

So what was learned here becomes a ``model.onnx`` that any ONNX Runtime runs, without this program.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["LinearPart", "compose", "output_name"]


@dataclass(frozen=True, slots=True, eq=False)
class LinearPart:
    """A head: logits = embedding @ matrix + bias.

    Attributes:
        output: the name of its output.
        matrix: float32 (D, n), the temperature divided out.
        bias: float32 (n,), likewise.
    """

    output: str
    matrix: NDArray[np.float32]
    bias: NDArray[np.float32]


def compose(backbone: Path, parts: Sequence[LinearPart], metadata: Mapping[str, Any]) -> bytes:
    """The content of a .onnx file: ``backbone``, then the heads, each an output (N, n) of logits, in their order.

    The embedding is rounded to half floats and back, as the program rounds it to keep it, so that both say the same.

    Args:
        backbone: a network with one output, float32 (N, D). It is trusted.
        parts: one or more, no two with one name.
        metadata: what goes into the custom metadata, strings as they are and everything else as JSON.

    Returns:
        The same bytes for the same arguments.
    """
    import onnx  # loaded by those who export, and nobody else
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(str(backbone))
    graph, embedding = model.graph, model.graph.output[0].name
    pictures = graph.output[0].type.tensor_type.shape.dim[0].dim_param or "pictures"
    taken = {name for node in graph.node for name in (*node.input, *node.output)} | {one.name for one in graph.input}
    prefix = _unused("head", taken)
    graph.node.append(
        helper.make_node("Cast", [embedding], [f"{prefix}.half"], f"{prefix}.to_half", to=TensorProto.FLOAT16)
    )
    graph.node.append(
        helper.make_node("Cast", [f"{prefix}.half"], [f"{prefix}.in"], f"{prefix}.back", to=TensorProto.FLOAT)
    )
    del graph.output[:]
    for index, part in enumerate(parts):
        matrix, bias = f"{prefix}.{index}.matrix", f"{prefix}.{index}.bias"
        graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(part.matrix, np.float32), matrix))
        graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(part.bias, np.float32), bias))
        graph.node.append(helper.make_node("Gemm", [f"{prefix}.in", matrix, bias], [part.output], f"{prefix}.{index}"))
        graph.output.append(helper.make_tensor_value_info(part.output, TensorProto.FLOAT, [pictures, len(part.bias)]))
    del model.metadata_props[:]
    for key in sorted(metadata):
        value = metadata[key]
        model.metadata_props.add(key=key, value=value if isinstance(value, str) else json.dumps(value))
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def output_name(head: str, taken: Collection[str]) -> str:
    """A name for the output of ``head`` that every tool takes, and that none of ``taken`` has."""
    return _unused(re.sub(r"\W+", "_", head, flags=re.ASCII).strip("_") or "answer", taken)


def _unused(name: str, taken: Collection[str]) -> str:
    tried, number = name, 2
    while any(one == tried or one.startswith(f"{tried}.") for one in taken):
        tried, number = f"{name}_{number}", number + 1
    return tried
