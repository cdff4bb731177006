"""From a network's file to a smaller or faster one: INT8, half floats, ONNX Runtime's own form.

Runs in a child process (``child.py``); imports what is heavy where it is needed.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from numpy.typing import NDArray

from models.errors import Cancelled, ModelError

__all__ = ["HOWS", "How", "convert", "file_name", "refuse_small"]

How = Literal["int8", "fp16", "ort"]
HOWS: tuple[How, ...] = get_args(How)

Feeds = Iterator[Mapping[str, NDArray[Any]]]
"""Inputs of the network, one picture at a time."""

_OPSET = 17
"""To which older networks are lifted: quantising each channel by itself needs 13."""

_QUANTISED = frozenset(
    {
        "QuantizeLinear",
        "DequantizeLinear",
        "DynamicQuantizeLinear",
        "QLinearConv",
        "QLinearMatMul",
        "ConvInteger",
        "MatMulInteger",
    }
)

_OPERATORS = ("Conv", "ConvTranspose", "Gemm", "MatMul", "Add", "Clip", "Relu", "MaxPool", "AveragePool", "Concat")
"""What is worth it; the others decide close calls, and cost little."""

_WITH_WEIGHTS = frozenset({"Conv", "ConvTranspose", "Gemm", "MatMul"})
_ENDS = _WITH_WEIGHTS | {"Add", "Clip", "Relu"}

_log = logging.getLogger(__name__)


def file_name(how: How) -> str:
    """What the network's file is called in the folder of the model: the runtime goes by the end of the name."""
    return "model.ort" if how == "ort" else "model.onnx"


def convert(source: Path, target: Path, how: How, feeds: Feeds) -> None:
    """Write ``target`` from ``source``.

    Args:
        source: of the network.
        target: must not exist; its folder is used for what comes between.
        how: into what.
        feeds: real inputs, by which INT8 finds the ranges of its activations; the others take none of them.

    Raises:
        ModelError: the network has something in it that can't be converted.
        Cancelled: as ``feeds`` raises it.
    """
    try:
        _WAYS[how](source, target, feeds)
    except (ModelError, Cancelled):
        raise
    except Exception as error:  # the runtime's tools and onnx raise whatever comes to them
        _log.exception("A network can't be converted to %s", how)
        reason = (str(error).strip().splitlines() or [""])[0][:200]
        raise ModelError(
            f"{source.name} can't be made {WORDS[how]} ({type(error).__name__}: {reason}); choose another form."
        ) from error


WORDS: Mapping[How, str] = {"int8": "INT8", "fp16": "fp16", "ort": "ORT"}
"""How a person calls the forms."""


def refuse_small(source: Path, name: str, how: How) -> None:
    """Make sure that there is something to gain.

    Raises:
        ModelError: the network is in that form already, in one that no other can be made of, or is no ONNX.
    """
    if source.suffix == ".ort":
        raise ModelError(f"{name} is in ONNX Runtime's own form, of which nothing else can be made; use its original.")
    import onnx

    try:
        model = onnx.load(str(source), load_external_data=False)
    except Exception as error:  # protobuf has kinds of its own
        raise ModelError(f"{source} is damaged (not ONNX); get the model again.") from error
    if how == "ort":
        return
    if any(node.op_type in _QUANTISED for node in model.graph.node):
        raise ModelError(f"{name} is quantised to 8 bits already; there is nothing to make smaller.")
    weights = [one for one in model.graph.initializer if len(one.dims) > 1]
    halves = [one for one in weights if one.data_type == onnx.TensorProto.FLOAT16]
    if weights and len(halves) == len(weights) and how == "fp16":
        raise ModelError(f"{name} is in half floats already; quantise it to INT8 to make it smaller.")


def _int8(source: Path, target: Path, feeds: Feeds) -> None:
    """Static, QDQ, weights for each channel by itself; as the bundled network was made (docs/models.md)."""
    from onnxruntime.quantization import (
        CalibrationDataReader,
        CalibrationMethod,
        QuantFormat,
        QuantType,
        quantize_static,
    )
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Reader(CalibrationDataReader):  # type: ignore[misc]  # the library has no types
        """Gives the quantiser one input after the other."""

        def get_next(self) -> dict[str, Any] | None:
            feed = next(feeds, None)
            return dict(feed) if feed is not None else None

    lifted = _lifted(source, target.with_suffix(".lifted.onnx"))
    prepared = target.with_suffix(".prepared.onnx")
    try:
        try:
            quant_pre_process(str(lifted), str(prepared), skip_symbolic_shape=True)
        except Exception:  # it makes the result a little better, and can't cope with every network
            _log.warning("A network is quantised without preparation", exc_info=True)
            prepared = lifted
        named = _named(prepared, target.with_suffix(".named.onnx"))
        quantize_static(
            str(named),
            str(target),
            Reader(),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=list(_OPERATORS),
            nodes_to_exclude=_last(named),
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )
    finally:
        for path in target.parent.glob(f"{target.stem}.*.onnx"):
            with contextlib.suppress(OSError):
                path.unlink()


def _last(path: Path) -> list[str]:
    """Names of the last layers with weights, and of what joins their inputs: they stay as they are.

    The numbers that they take lie far apart (means beside maxima, one feature ten times another), and 8 bits for all of
    them together are too few: a network that had 45 % of the textures right had 12 % with a quantised last layer.
    """
    import onnx

    graph = onnx.load(str(path), load_external_data=False).graph
    makers = {name: node for node in graph.node for name in node.output}
    chosen: dict[str, None] = {}
    waiting = [(one.name, False) for one in graph.output]  # a tensor, and whether a layer with weights is behind us
    seen: set[tuple[str, bool]] = set()
    while waiting:
        name, behind = waiting.pop()
        node = makers.get(name)
        if node is None or (name, behind) in seen:
            continue
        seen.add((name, behind))
        if behind and node.op_type in _ENDS:
            continue
        chosen[node.name] = None
        waiting += [(one, behind or node.op_type in _WITH_WEIGHTS) for one in node.input]
    return [name for name in chosen if name]


def _named(source: Path, target: Path) -> Path:
    """The network with a name for each node: the quantiser knows by names what it is to leave as it is."""
    import onnx

    model = onnx.load(str(source))
    for index, node in enumerate(model.graph.node):
        node.name = f"{index}_{node.op_type}"
    onnx.save(model, str(target))
    return target


def _lifted(source: Path, target: Path) -> Path:
    """The network with an operator set that can be quantised: ``source`` itself where it has one."""
    import onnx
    from onnx import version_converter

    model = onnx.load(str(source))
    version = next((one.version for one in model.opset_import if one.domain in ("", "ai.onnx")), _OPSET)
    if version >= 13:
        return source
    onnx.save(version_converter.convert_version(model, _OPSET), str(target))
    return target


def _fp16(source: Path, target: Path, _: Feeds) -> None:
    """All that is computed in half floats; what goes in and comes out keeps its type."""
    import onnx
    from onnxruntime.transformers.float16 import convert_float_to_float16

    onnx.save(convert_float_to_float16(onnx.load(str(source)), keep_io_types=True), str(target))


def _ort(source: Path, target: Path, _: Feeds) -> None:
    """Optimised as far as is the same on every computer, in the form that mobile builds of the runtime read."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    options.add_session_config_entry("session.save_model_format", "ORT")
    onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])


_WAYS: Mapping[How, Callable[[Path, Path, Feeds], None]] = {"int8": _int8, "fp16": _fp16, "ort": _ort}
