"""The first run of a foreign ONNX network: made-up pictures in, and what comes out described.

In a child process only (``models.formats.onnx``).
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from models.formats.facts import OnnxFacts, Sample, Tensor
from models.formats.picture_input import PictureInput, find_picture, sizes
from models.inference import OnnxInferenceSession

__all__ = ["run_first"]

_THREADS = 2
_MOST_NUMBERS = 1 << 26
"""In one made-up input: 256 MiB of float32, or a batch of 21 pictures of 1,024 x 1,024."""

_REGIONS = 2
"""Colours that are wished for, when the network takes any number."""

_SUM_TOLERANCE = 0.02
"""How far probabilities may be from adding up to 1: INT8 networks round each to 1/256."""


def run_first(path: Path, facts: OnnxFacts) -> OnnxFacts:
    """``facts`` with what came out of runs with one picture and with two.

    Raises:
        ModelError: the runtime does not take the network at all. One that only can't be run has a ``run_error``.
        MemoryError: the network asked for more than there is.
    """
    session = OnnxInferenceSession(path, num_threads=_THREADS)
    if not session.is_ready():
        if _is_too_new(facts):
            raise ModelError(
                f"{path.name} is of a newer kind of ONNX than this program runs; it needs a newer Sortwerk."
            )
        _look_for_memory(session.error or "")
        raise ModelError(session.error or f"{path.name} can't be loaded; get the model again.")
    facts = facts.model_copy(update={"outputs": _declared(facts.outputs, session)})
    picture = find_picture(facts.inputs)
    fixed = picture.tensor.shape[0] if picture is not None and picture.tensor.shape is not None else 1
    batch = fixed if isinstance(fixed, int) else 1
    trouble = ""
    for height, width in sizes(picture, facts.outputs) if picture is not None else [(8, 8)]:
        try:
            feeds = {one.name: _feed(one, picture, batch, height, width) for one in facts.inputs}
            outputs = session.run_all(feeds)
        except ModelError as error:
            _look_for_memory(str(error))
            trouble = trouble or str(error)
            continue
        update: dict[str, Any] = {
            "sample_inputs": tuple(_sample(name, array) for name, array in feeds.items()),
            "sample_outputs": tuple(_sample(name, array) for name, array in _arrays(outputs, path).items()),
        }
        update["finite"] = all(one.finite for one in update["sample_outputs"])
        update["batch_error"] = _try_two(session, facts, picture, height, width, update["sample_outputs"])
        update["batches"] = not update["batch_error"]
        return facts.model_copy(update=update)
    return facts.model_copy(update={"run_error": trouble})


def _try_two(
    session: OnnxInferenceSession,
    facts: OnnxFacts,
    picture: PictureInput | None,
    height: int,
    width: int,
    single: Sequence[Sample],
) -> str:
    """Why two pictures at once don't work, in one sentence; "" when they do."""
    name = session.path.name
    if picture is None or picture.tensor.shape is None:
        return f"{name} takes no picture."
    if isinstance(picture.tensor.shape[0], int):
        return f"{name} takes {picture.tensor.shape[0]} at a time and no other number."
    try:
        outputs = session.run_all({one.name: _feed(one, picture, 2, height, width) for one in facts.inputs})
    except ModelError as error:
        _look_for_memory(str(error))
        return str(error)
    wanted = {one.name: (2 * one.shape[0], *one.shape[1:]) if one.shape else () for one in single}
    for one in single:
        if outputs[one.name].shape != wanted[one.name] or one.shape[:1] != (1,):
            return f"{name} does not keep two pictures apart in its output {one.name}."
    return ""


def _feed(tensor: Tensor, picture: PictureInput | None, batch: int, height: int, width: int) -> NDArray[Any]:
    """Made-up numbers for one input, the same ones each time."""
    try:
        dtype = np.dtype(tensor.dtype)
    except TypeError:
        raise ModelError(f"The input {tensor.name} takes {tensor.dtype}, which can't be fed; convert it.") from None
    if tensor.shape is None:
        raise ModelError(f"The input {tensor.name} does not say how many axes it has; export it with its shape.")
    if picture is not None and tensor is picture.tensor:
        shape: tuple[int, ...] = picture.shape(batch, height, width)
    else:
        shape = tuple(_length(tensor.shape, axis, batch) for axis in range(len(tensor.shape)))
    if math.prod(shape) > _MOST_NUMBERS:
        raise ModelError(f"The input {tensor.name} of shape {shape} is larger than any picture; use a smaller network.")
    if picture is not None and tensor is picture.tensor:
        random = np.random.default_rng(0)
        if dtype.kind == "f":
            return random.random(shape, np.float32).astype(dtype)
        return random.integers(0, min(255, np.iinfo(dtype).max), shape, endpoint=True).astype(dtype)
    if dtype.kind == "f":
        return np.full(shape, 0.5, dtype)
    return np.full(shape, min(height, np.iinfo(dtype).max) if dtype.kind in "iu" else 0, dtype)  # sizes, most likely


def _length(shape: Sequence[int | str | None], axis: int, batch: int) -> int:
    length = shape[axis]
    if isinstance(length, int):
        return length
    if axis == 0:
        return batch
    return _REGIONS if axis == 1 and len(shape) == 3 else 1


def _arrays(outputs: Mapping[str, Any], path: Path) -> Mapping[str, NDArray[Any]]:
    for name, array in outputs.items():
        if not isinstance(array, np.ndarray) or array.dtype.kind not in "biuf":
            raise ModelError(f"{path.name} gives no plain numbers as its output {name}; export it with tensors.")
    return outputs


def _sample(name: str, array: NDArray[Any]) -> Sample:
    finite = array.dtype.kind != "f" or bool(np.isfinite(array).all())
    known = finite and array.size > 0
    return Sample(
        name=name,
        dtype=array.dtype.name,
        shape=array.shape,
        low=float(array.min()) if known else None,
        high=float(array.max()) if known else None,
        finite=finite,
        axis=_classes(array) if known and array.dtype.kind == "f" else 0,
    )


def _classes(array: NDArray[Any]) -> int:
    """The axis along which probabilities add up to 1: 1 or -1; 0 for none."""
    if array.ndim < 2 or array.min() < -1e-4:
        return 0
    for axis in (1, -1):
        if array.shape[axis] > 1 and np.allclose(
            array.sum(axis=axis, dtype=np.float32), 1, rtol=0, atol=_SUM_TOLERANCE
        ):
            return axis
    return 0


def _declared(outputs: Sequence[Tensor], session: OnnxInferenceSession) -> tuple[Tensor, ...]:
    """The outputs, those of which the file does not say the form as the runtime found it."""
    found = {one.name: one for one in session.outputs}
    return tuple(
        Tensor(name=one.name, dtype=found[one.name].dtype, shape=found[one.name].shape)
        if not one.dtype and one.name in found
        else one
        for one in outputs
    )


def _is_too_new(facts: OnnxFacts) -> bool:
    """Whether the runtime refuses even the smallest network of these versions."""
    import onnx
    from onnx import helper

    ends = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1]) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "probe", ends[:1], ends[1:])
    versions = [helper.make_opsetid(domain, version) for domain, version in facts.opsets.items()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "probe.onnx"
        path.write_bytes(
            helper.make_model(graph, opset_imports=versions, ir_version=facts.ir_version).SerializeToString()
        )
        return not OnnxInferenceSession(path, num_threads=1).is_ready()


def _look_for_memory(said: str) -> None:
    """The runtime reports want of memory like everything else, in words."""
    if "bad_alloc" in said or "Failed to allocate memory" in said:
        raise MemoryError(said)
