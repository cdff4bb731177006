"""Opening TensorFlow's and Keras's models, after a look at whether they hold code: each becomes one frozen function."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tensorflow as tf
from google.protobuf.message import DecodeError
from tensorflow.core.framework import graph_pb2
from tensorflow.core.protobuf import saved_model_pb2
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from models.errors import ModelError, one_line, words_of
from training.tensorflow.keras_pixels import pixels_of

__all__ = ["Opened", "open_model"]

_ACTING = frozenset(
    {
        *(
            "WriteFile",
            "ReadFile",
            "SaveV2",
            "Save",
            "SaveSlices",
            "ShardedFilename",
            "MergeV2Checkpoints",
            "MatchingFiles",
        ),
        *("PyFunc", "PyFuncStateless", "EagerPyFunc", "PrintV2", "DebugIdentity", "DebugIdentityV2", "Rpc", "TryRpc"),
        *("WholeFileReaderV2", "TextLineReaderV2", "TFRecordReaderV2", "LMDBReader", "FixedLengthRecordReaderV2"),
    }
)
"""Operators that reach files, the network or Python. Saving and restoring are in every SavedModel: see ``_SAVING``."""

_SAVING = frozenset({"SaveV2", "ShardedFilename", "MergeV2Checkpoints"})

_KERAS = ("keras", "tf_keras", "tensorflow.keras", "tensorflow.python.keras", "builtins")


@dataclass(frozen=True, slots=True)
class Opened:
    """A model as one function with its weights as constants.

    Attributes:
        function: takes the picture.
        inputs: its tensors by the names that the model gives them.
        outputs: likewise.
        title: for people: what it is.
        metadata: for the ONNX file; what is no text is written as JSON.
        reasons: sentences for a person.
        high: the largest number of its pictures, for samples.
    """

    function: Any
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    title: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    high: float = 1.0


def open_model(path: Path, form: str) -> Opened:
    """The model at ``path``, of a form of ``models.formats``.

    Raises:
        ModelError: it is damaged, or holds code that is not Keras's own.
    """
    name = one_line(path.name)
    try:
        if form in ("hdf5", "keras"):
            return _keras(path, form, name)
        return _frozen(path, name) if form == "frozen_graph" else _saved(path, name)
    except (ModelError, MemoryError):
        raise
    except Exception as error:  # whatever TensorFlow, Keras and HDF5 say of a broken file: a dozen kinds
        raise ModelError(f"{name} can't be opened: TensorFlow says {words_of(error)!r}; get it again.") from error


def _keras(path: Path, form: str, name: str) -> Opened:
    config = _config(path, form, name)
    for where, what in _foreign(config):
        raise ModelError(
            f"{name} holds code of its maker's ({one_line(where)}.{one_line(what)}), and opening it would run that; "
            "where it was made, export it with model.export(folder) and choose that folder."
        )
    import keras

    model = keras.saving.load_model(path, compile=False, safe_mode=True)
    if len(model.inputs) != 1:
        raise ModelError(f"{name} takes {len(model.inputs)} inputs, and not a picture alone; export it with one input.")
    first = model.inputs[0]
    function = tf.function(lambda picture: model(picture, training=False))
    concrete = function.get_concrete_function(tf.TensorSpec(first.shape, first.dtype, name="image"))
    pixels, reason = pixels_of(config)
    metadata: dict[str, Any] = {"architecture": f"Keras {one_line(str(model.name))}"}
    if pixels is not None:
        metadata["preprocessing"] = {**pixels, "source": reason}
    high = 255.0 if pixels is not None and pixels["scale"] == 1 else 1.0
    title = f"{model.name} (Keras)"
    return _opened(concrete, title, metadata, (f"A Keras model that calls itself {one_line(str(model.name))}.",), high)


def _config(path: Path, form: str, name: str) -> Any:
    """The layers of a Keras file, as JSON, read without Keras."""
    if form == "keras":
        with zipfile.ZipFile(path) as archive:
            return json.loads(archive.read("config.json"))
    import h5py

    with h5py.File(path, "r") as file:
        found = file.attrs.get("model_config")
    if found is None:
        raise ModelError(
            f"{name} holds weights and no layers; save the whole model with model.save and choose that file."
        )
    return json.loads(found)


def _foreign(config: Any) -> Iterator[tuple[str, str]]:
    """Module and class of everything in a Keras configuration that is not Keras's own, and of every function in it."""
    if isinstance(config, Mapping):
        module, called = config.get("module"), str(config.get("class_name", ""))
        if called in ("Lambda", "__lambda__", "function") or "__lambda__" in config:
            yield str(module or "keras"), called or "lambda"
        elif isinstance(module, str) and module.split(".")[0] not in _KERAS and not module.startswith(_KERAS):
            yield module, called
        for value in config.values():
            yield from _foreign(value)
    elif isinstance(config, list):
        for value in config:
            yield from _foreign(value)


def _saved(path: Path, name: str) -> Opened:
    folder = path if path.is_dir() else path.parent
    described = saved_model_pb2.SavedModel()
    try:
        described.ParseFromString((folder / "saved_model.pb").read_bytes())
    except DecodeError as error:
        raise ModelError(f"{name} is damaged or no SavedModel; get it again.") from error
    for graph in described.meta_graphs:
        # The one that restores variables names files, too; it is not part of what answers.
        _refuse_acting(graph.graph_def, name, allowed=_SAVING)
    loaded = tf.saved_model.load(str(folder))
    signatures = dict(loaded.signatures)
    signature = signatures.get("serving_default") or next(iter(signatures.values()), None)
    if signature is None:
        raise ModelError(f"{name} has no signature to be asked by; export it with model.export(folder).")
    frozen = convert_variables_to_constants_v2(signature)
    named = signature.structured_input_signature[1]
    inputs = dict(zip(sorted(named), _by_name(frozen.inputs, sorted(named)), strict=True))
    names = list(signature.structured_outputs)
    outputs = dict(zip(sorted(names), frozen.outputs, strict=True))
    return Opened(frozen, inputs, outputs, "SavedModel", {"architecture": "SavedModel"}, ("A SavedModel.",))


def _by_name(tensors: list[Any], names: list[str]) -> list[Any]:
    """``tensors`` in the order of ``names``, where each has one of them; else as they are."""
    by_name = {tensor.name.partition(":")[0]: tensor for tensor in tensors}
    return [by_name[name] for name in names] if set(names) <= set(by_name) else tensors


def _frozen(path: Path, name: str) -> Opened:
    graph = graph_pb2.GraphDef()
    try:
        graph.ParseFromString(path.read_bytes())
    except DecodeError as error:
        raise ModelError(f"{name} is damaged or no frozen graph; get it again.") from error
    _refuse_acting(graph, name)
    if any(node.op in ("Variable", "VariableV2", "VarHandleOp") for node in graph.node):
        raise ModelError(
            f"{name} is a graph without its weights; freeze it, or choose the SavedModel that it is part of."
        )
    used = {source.lstrip("^").partition(":")[0] for node in graph.node for source in node.input}
    starts = [node.name for node in graph.node if node.op == "Placeholder"]
    ends = [
        node.name
        for node in graph.node
        if node.name not in used and node.op not in ("Placeholder", "Const", "NoOp", "Assert")
    ]
    if not starts or not ends:
        raise ModelError(f"{name} has nothing to be asked by; choose a graph with a placeholder for the picture.")
    wrapped = tf.compat.v1.wrap_function(lambda: tf.import_graph_def(graph, name=""), [])
    pruned = wrapped.prune([f"{one}:0" for one in starts], [f"{one}:0" for one in ends])
    inputs = dict(zip(starts, pruned.inputs, strict=True))
    outputs = dict(zip(ends, pruned.outputs, strict=True))
    return Opened(pruned, inputs, outputs, "frozen graph", {"architecture": "frozen graph"}, ("A frozen graph.",))


def _refuse_acting(graph: Any, name: str, allowed: frozenset[str] = frozenset()) -> None:
    """Raises ``ModelError`` for a graph with an operator that reaches files, the network or Python."""
    nodes = [*graph.node, *(node for function in graph.library.function for node in function.node_def)]
    for node in nodes:
        if node.op in _ACTING - allowed:
            raise ModelError(
                f"{name} reaches beyond its network ({one_line(node.op)}), which no network needs; don't use it."
            )


def _opened(concrete: Any, title: str, metadata: Mapping[str, Any], reasons: tuple[str, ...], high: float) -> Opened:
    frozen = convert_variables_to_constants_v2(concrete)
    outputs = {
        "output" if len(frozen.outputs) == 1 else f"output_{index}": tensor
        for index, tensor in enumerate(frozen.outputs)
    }
    return Opened(frozen, {"image": frozen.inputs[0]}, outputs, title, metadata, reasons, high)
