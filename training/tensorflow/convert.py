"""The task "convert" of the engine's worker: a model of TensorFlow's or Keras's to ONNX, and what the original answers.

The ONNX file is compared with those answers by the program (``models.reference``).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import tensorflow as tf
import tf2onnx
from numpy.typing import NDArray

from models.errors import ModelError, one_line, words_of
from models.worker import Report
from training.samples import BATCH, SIDES, keep, pictures
from training.tensorflow.opening import Opened, open_model

__all__ = ["OPSET", "convert_task"]

OPSET = 17

_log = logging.getLogger(__name__)
tf.get_logger().setLevel(logging.ERROR)  # it warns of what tf2onnx uses


def convert_task(arguments: dict[str, Any], report: Report) -> Any:
    """Convert one model.

    Args:
        arguments: ``path``, its ``format`` ("saved_model", "frozen_graph", "hdf5" or "keras"), ``target`` and
            ``reference`` to write, ``one`` for a network that takes one picture at a time.
        report: of steps.

    Returns:
        "architecture" and "reasons" (sentences).

    Raises:
        ModelError: the model is damaged, holds code, or can't be converted.
    """
    path, target = Path(arguments["path"]), Path(arguments["target"])
    name = one_line(path.name)
    report(1, 4, "Reading it")
    opened = open_model(path, str(arguments["format"]))
    shape = _shape(opened, name)
    report(2, 4, "Converting it")
    try:
        model = _convert(opened)
    except MemoryError:
        raise
    except Exception as error:
        _log.warning("tf2onnx failed: %s", error)
        raise ModelError(
            f"{name} can't be converted to ONNX: tf2onnx says {words_of(error)!r}; export it anew."
        ) from error
    onnx.helper.set_model_props(
        model, {key: value if isinstance(value, str) else json.dumps(value) for key, value in opened.metadata.items()}
    )
    onnx.save(model, str(target))
    report(3, 4, "Asking the original")
    feeds, answers = _ask(opened, shape, model, 1 if arguments.get("one") else BATCH, name)
    keep(Path(arguments["reference"]), feeds, answers)
    report(4, 4)
    return {"architecture": opened.title, "reasons": list(opened.reasons)}


def _shape(opened: Opened, name: str) -> tuple[int | None, ...]:
    """Of the picture that it takes, with the batch.

    Raises:
        ModelError: it takes something else, or more than that.
    """
    if len(opened.inputs) != 1:
        taken = ", ".join(one_line(one) for one in opened.inputs) or "nothing"
        raise ModelError(f"{name} takes {taken}, and not a picture alone; export it with one input.")
    shape = opened.inputs[next(iter(opened.inputs))].shape
    if shape.rank != 4:
        raise ModelError(f"{name} takes no picture (its input is of shape {shape}); choose a model for pictures.")
    return tuple(shape.as_list())


def _convert(opened: Opened) -> onnx.ModelProto:
    concrete = opened.function
    model, _ = tf2onnx.convert.from_graph_def(
        concrete.graph.as_graph_def(),
        input_names=[tensor.name for tensor in opened.inputs.values()],
        output_names=[tensor.name for tensor in opened.outputs.values()],
        opset=OPSET,
    )
    names = {tensor.name: name for name, tensor in (*opened.inputs.items(), *opened.outputs.items())}
    return _renamed(model, names)


def _renamed(model: onnx.ModelProto, names: Mapping[str, str]) -> onnx.ModelProto:
    """``model`` with inputs and outputs called as the original calls them, where that is still free."""
    taken = {name for node in model.graph.node for name in (*node.input, *node.output)}
    taken |= {one.name for one in model.graph.initializer}
    wanted = {old: new for old, new in names.items() if new not in taken}
    for ends in (model.graph.input, model.graph.output):
        for one in ends:
            one.name = wanted.get(one.name, one.name)
    for node in model.graph.node:
        for end in (node.input, node.output):
            for place, old in enumerate(end):
                end[place] = wanted.get(old, old)
    return model


def _ask(
    opened: Opened, shape: Sequence[int | None], model: onnx.ModelProto, count: int, name: str
) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
    """Pictures under the name of the ONNX network's input, and what the original says to them."""
    (tensor,) = opened.inputs.values()
    dtype = tensor.dtype.as_numpy_dtype
    said = ""
    for side in SIDES if None in shape[1:3] else (0,):
        whole = [length or side for length in shape]
        whole[0] = shape[0] or count
        whole[3] = shape[3] or 3
        picture = pictures(whole, np.dtype(dtype).name, high=opened.high)
        try:
            found = opened.function(tf.constant(picture))
        except tf.errors.ResourceExhaustedError as error:
            raise MemoryError(str(error)) from error
        except Exception as error:  # a size that it does not take
            said = said or words_of(error)
            continue
        answers = [np.asarray(one) for one in tf.nest.flatten(found)]
        named = zip((one.name for one in model.graph.output), answers, strict=True)
        return {model.graph.input[0].name: picture}, dict(named)
    raise ModelError(f"{name} takes no picture of any common size: TensorFlow says {said!r}; export it anew.")
