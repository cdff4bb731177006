"""Reading an ONNX file without running it: what it says of itself, and everything for which it is refused.

Runs in a child process only (``models.formats.onnx``). The file is foreign: its numbers may lie, its names may be no
text. Nothing it names is opened, and no weights are decoded.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from models.errors import ModelError, one_line
from models.formats.facts import OnnxFacts, Tensor

__all__ = ["DOMAINS", "OLDEST_OPSET", "read_model"]

DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml", "com.microsoft", "com.microsoft.nchwc"})
"""Where operators may come from: ONNX itself, and ONNX Runtime's own, without which its quantised and optimised models
would not run. All are part of the runtime; any other domain would need a library of foreign code."""

OLDEST_OPSET = 7
"""The first whose operators ONNX Runtime promises to run."""

_MOST_ENDS = 64
"""Inputs or outputs: no network for pictures has nearly as many."""

_LONGEST_NAME = 200
_MOST_METADATA = 4 << 20
"""Characters of custom metadata: ImageNet's 21,000 classes are half a million."""

_EXTERNAL = 1
"""TensorProto.DataLocation.EXTERNAL."""

_EXPORT = "export it to ONNX again"


def read_model(content: bytes, name: str, sha256: str) -> OnnxFacts:
    """Facts of the model in ``content``, without those of a run; ``name`` is what sentences call it.

    Raises:
        ModelError: it is no ONNX model, or one that is refused.
    """
    import onnx

    try:
        model = onnx.ModelProto.FromString(content)
        _refuse_shell(model, name)
        nodes, tensors = _walk(model)
        _refuse_parts(model, nodes, tensors, name)
        weights = {one.name for one in (*model.graph.initializer, *(s.values for s in model.graph.sparse_initializer))}
        return OnnxFacts(
            size=len(content),
            sha256=sha256,
            ir_version=model.ir_version,
            opsets=_opsets(model, name),
            producer=f"{model.producer_name} {model.producer_version}".strip()[:_LONGEST_NAME],
            inputs=_ends([one for one in model.graph.input if one.name not in weights], "input", name),
            outputs=_ends(model.graph.output, "output", name),
            metadata_map=_metadata(model, name),
            parameters=sum(math.prod(one.dims) for one in tensors if one.dims),
            weights=_weights(nodes, tensors),
            nodes=len(nodes),
            operators=tuple(sorted({f"{one.domain}:{one.op_type}".removeprefix(":") for one in nodes})),
        )
    except (ValueError, TypeError, OverflowError, RecursionError) as error:  # text that is none is a ValueError
        raise _damaged(name) from error
    except Exception as error:
        if type(error).__name__ == "DecodeError":  # of protobuf, whatever build of it is installed
            raise _damaged(name) from error
        raise


def _damaged(name: str) -> ModelError:
    return ModelError(f"{name} is not an ONNX model, or it is cut off or damaged; get it again.")


def _refuse_shell(model: Any, name: str) -> None:
    """What parses by chance or has nothing in it: half of all short texts are valid protobuf."""
    if model.ir_version < 1 or not model.HasField("graph"):
        raise _damaged(name)
    if not model.graph.node or not model.graph.output:
        raise ModelError(f"{name} is an ONNX file without a network in it (nothing comes out); {_EXPORT}.")


def _walk(model: Any) -> tuple[list[Any], list[Any]]:
    """Every node and every tensor in the model: in branches and loops, attributes, functions, training graphs."""
    nodes: list[Any] = []
    tensors: list[Any] = []
    graphs = [model.graph]
    for training in model.training_info:
        graphs += [training.initialization, training.algorithm]
    attributes: list[Any] = []
    for function in model.functions:
        nodes += function.node
        attributes += function.attribute_proto
    attributes += [one for node in nodes for one in node.attribute]
    while graphs or attributes:
        while graphs:
            graph = graphs.pop()
            nodes += graph.node
            tensors += graph.initializer
            tensors += [part for one in graph.sparse_initializer for part in (one.values, one.indices)]
            attributes += [one for node in graph.node for one in node.attribute]
        while attributes:
            one = attributes.pop()
            graphs += [*([one.g] if one.HasField("g") else []), *one.graphs]
            tensors += [*([one.t] if one.HasField("t") else []), *one.tensors]
            sparse = [*([one.sparse_tensor] if one.HasField("sparse_tensor") else []), *one.sparse_tensors]
            tensors += [part for whole in sparse for part in (whole.values, whole.indices)]
    return nodes, tensors


def _refuse_parts(model: Any, nodes: list[Any], tensors: list[Any], name: str) -> None:
    if any(one.data_location == _EXTERNAL or len(one.external_data) for one in tensors):
        raise ModelError(
            f"{name} keeps its weights in other files, which Sortwerk does not follow; save it as one file."
        )
    local = {(one.domain, one.name) for one in model.functions}
    for node in nodes:
        if node.domain not in DOMAINS and (node.domain, node.op_type) not in local:
            raise ModelError(
                f"{name} needs foreign code for its operator {_said(node.op_type)} (of {_said(node.domain)}), which "
                "Sortwerk does not run; export it with ONNX's own operators."
            )


def _said(text: str) -> str:
    return one_line(text[:60]) or "without a name"


def _opsets(model: Any, name: str) -> dict[str, int]:
    opsets: dict[str, int] = {}
    for one in model.opset_import:
        domain = "" if one.domain == "ai.onnx" else one.domain[:_LONGEST_NAME]
        opsets[domain] = one.version
    own = opsets.get("", OLDEST_OPSET if opsets else 0)
    if own < OLDEST_OPSET:
        raise ModelError(
            f"{name} was made for opset {own}, and Sortwerk runs those from {OLDEST_OPSET}; {_EXPORT} with a newer one."
        )
    return opsets


def _metadata(model: Any, name: str) -> dict[str, str]:
    found = {one.key: one.value for one in model.metadata_props}
    if sum(len(key) + len(value) for key, value in found.items()) > _MOST_METADATA:
        raise ModelError(f"{name} carries more than {_MOST_METADATA >> 20} MiB of notes in it; {_EXPORT} without them.")
    return found


def _ends(values: Any, which: str, name: str) -> tuple[Tensor, ...]:
    """The inputs or outputs, each a tensor of numbers."""
    if not values:
        raise ModelError(f"{name} is a network without an {which}; {_EXPORT}.")
    if len(values) > _MOST_ENDS or any(len(one.name) > _LONGEST_NAME for one in values):
        raise ModelError(f"{name} has more or longer-named {which}s than any network for pictures; {_EXPORT}.")
    return tuple(_end(one, which, name) for one in values)


def _end(value: Any, which: str, name: str) -> Tensor:
    kind = value.type.WhichOneof("value")
    if kind is None and which == "output":  # the runtime finds it out by itself
        return Tensor(name=value.name, dtype="", shape=None)
    dtype = _dtype(value.type.tensor_type.elem_type) if kind == "tensor_type" else ""
    if dtype in ("", "string", "undefined"):
        takes = {"sequence_type": "a list", "map_type": "a table", "optional_type": "something optional"}
        what = "text" if dtype == "string" else takes.get(kind or "", "something unknown")
        raise ModelError(
            f"{name} has {what} as its {which} {_said(value.name)}, and Sortwerk handles numbers only; {_EXPORT} with "
            "tensors."
        )
    tensor = value.type.tensor_type
    if not tensor.HasField("shape"):
        return Tensor(name=value.name, dtype=dtype, shape=None)
    return Tensor(name=value.name, dtype=dtype, shape=tuple(_length(one) for one in tensor.shape.dim))


def _length(dimension: Any) -> int | str | None:
    """An axis' length; 0 and -1 are how some writers say "any"."""
    if dimension.HasField("dim_value") and dimension.dim_value > 0:
        return int(dimension.dim_value)
    return dimension.dim_param[:_LONGEST_NAME] or None


def _dtype(number: int) -> str:
    """NumPy's name of an ONNX element type, else ONNX's own in lower case; "" for none that exists."""
    import numpy as np
    import onnx

    try:
        said = str(onnx.TensorProto.DataType.Name(number)).lower()
    except ValueError:
        return ""
    said = {"float": "float32", "double": "float64"}.get(said, said)
    try:
        return np.dtype(said).name
    except TypeError:
        return said


def _weights(nodes: list[Any], tensors: list[Any]) -> str:
    """The type of most of its weights in a word."""
    counts: Counter[str] = Counter()
    for one in tensors:
        if one.dims:
            counts[_dtype(one.data_type)] += math.prod(one.dims)
    if not counts:
        return "none"
    dtype = max(sorted(counts), key=counts.__getitem__)
    quantised = any(
        one.op_type.startswith(("QLinear", "DequantizeLinear", "DynamicQuantize")) or "Integer" in one.op_type
        for one in nodes
    )
    if quantised and dtype in ("int8", "uint8", "int4", "uint4"):
        return f"{dtype.removeprefix('u')} quantised"
    return dtype
