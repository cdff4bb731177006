"""In a child process: read the heads of an unpacked package, and have its network answer once.

Whatever a foreign file does to NumPy or ONNX Runtime, it does it here. ``check_task`` is what the child runs.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from models.network import Network
from models.package.members import MAX_PACKAGE, NETWORK, head_name, state_name
from models.spec import HeadSpec, ModelSpec
from models.worker import Report

__all__ = ["check_task"]

STATE = ("facts", "mean", "scale", "keys", "key_lengths", "embeddings", "labels", "series", "weights")
"""Arrays of what a head has learned (``training.head_file`` writes them)."""

WEIGHTS = ("mean", "scale", "weights", "bias")
"""Arrays of a head that learns nothing (``models.library.LinearHead`` reads them)."""

_RATIO_MOST = 250
_DAMAGE = (
    *(ValueError, LookupError, TypeError, EOFError, RuntimeError, OverflowError),
    *(zipfile.BadZipFile, zlib.error, OSError),
)


def check_task(arguments: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Check an unpacked package.

    Args:
        arguments: "folder" with the members, "spec" of the model (JSON), "dimensions" of the bundled backbone's
            embedding if the heads stand on that, else None.
        report: told how far it is.

    Returns:
        "shapes": member -> array -> its shape; "numbers": head -> how many numbers the network gives for it.

    Raises:
        ModelError: a head is damaged or does not fit, or the network does not do what the spec says.
    """
    folder, spec = Path(arguments["folder"]), ModelSpec.model_validate(arguments["spec"])
    shapes: dict[str, dict[str, list[int]]] = {}
    for index, head in enumerate(spec.heads):
        report(index, len(spec.heads) + 1, "reading what it has learned")
        for name, check in ((state_name(index), _check_state), (head_name(index), _check_weights)):
            if (folder / name).is_file():
                arrays = _arrays(folder / name, STATE if check is _check_state else WEIGHTS)
                problem = check(arrays, head, arguments["dimensions"])
                if problem:
                    raise ModelError(f"{name} does not fit the model ({problem}); get the package again.")
                shapes[name] = {key: list(array.shape) for key, array in arrays.items()}
    report(len(spec.heads), len(spec.heads) + 1, "asking it about a picture")
    network = Network(folder / NETWORK, spec, threads=2)
    width, height = network.size
    noise = np.random.default_rng(0).integers(0, 256, (2, height, width, 3), np.uint8)
    network.embed(noise)
    numbers = {head.name: part.stop - part.start for head, part in zip(spec.heads, network.heads, strict=True)}
    return {"shapes": shapes, "numbers": numbers}


def _arrays(path: Path, names: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    """The arrays of a .npz: those named, no others, nothing unpickled, none larger than it may be."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if sorted(info.filename for info in infos) != sorted(f"{name}.npy" for name in names):
                raise ModelError(f"{path.name} holds other arrays than a head has; get the package again.")
            packed = sum(info.compress_size for info in infos)
            room = min(MAX_PACKAGE, max(1 << 20, _RATIO_MOST * packed))
            arrays = {}
            for info in infos:
                arrays[info.filename.removesuffix(".npy")] = array = _array(archive, info, room)
                room -= array.nbytes
            return arrays
    except _DAMAGE as error:
        raise ModelError(f"{path.name} is damaged ({type(error).__name__}); get the package again.") from error


def _array(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> NDArray[Any]:
    """One array, its size looked at before it is made.

    Raises:
        ValueError: it is larger than ``room`` bytes, holds objects, or is not as long as it says.
    """
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError("packed in a way that arrays are not")
    with archive.open(info) as file:
        version = np.lib.format.read_magic(file)
        if version != (1, 0):
            raise ValueError("a header of another version")
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(file)
        size = dtype.itemsize
        for length in shape:
            size *= length
        if dtype.hasobject or fortran or not 0 <= size <= room or size > info.file_size:
            raise ValueError("an array that no head has")
        content = file.read(size)
        if len(content) != size or file.read(1):
            raise ValueError("not as long as it says")
    return np.frombuffer(content, dtype).reshape(shape)


def _check_state(arrays: Mapping[str, NDArray[Any]], head: HeadSpec, dimensions: int | None) -> str:
    """What is wrong with what a head has learned, as part of a sentence; "" for nothing."""
    try:
        facts = json.loads(arrays["facts"].tobytes())
        categories, ridge, version = facts["categories"], float(facts["ridge"]), facts["format"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return "it does not say what it is"
    count, length = len(arrays["labels"]), len(arrays["mean"])
    lengths = arrays["key_lengths"]
    if version != 1:
        return "it is of a newer version"
    if categories != list(head.categories):
        return "it knows other categories"
    if dimensions is not None and length != dimensions:
        return f"it was made for {length} numbers and the backbone gives {dimensions}"
    wanted = {
        "mean": ((length,), "f"),
        "scale": ((length,), "f"),
        "keys": ((int(lengths.sum()) if lengths.dtype.kind == "i" else -1,), "u"),
        "key_lengths": ((count,), "i"),
        "embeddings": ((count, length), "f"),
        "labels": ((count,), "i"),
        "series": ((count, 8), "u"),
        "weights": ((length + 1, len(categories)), "f"),
    }
    problem = _wrong(arrays, wanted)
    if problem:
        return problem
    labels = arrays["labels"]
    if count and (labels.min() < 0 or labels.max() >= len(categories) or lengths.min() < 1):
        return "an example has no category or no key"
    return "" if ridge > 0 and np.isfinite(ridge) and (arrays["scale"] > 0).all() else "a scale is not above zero"


def _check_weights(arrays: Mapping[str, NDArray[Any]], head: HeadSpec, dimensions: int | None) -> str:
    """What is wrong with the weights of a head, as part of a sentence; "" for nothing."""
    length, outputs = len(arrays["mean"]) if dimensions is None else dimensions, len(head.categories)
    wanted = {
        "mean": ((length,), "f"),
        "scale": ((length,), "f"),
        "weights": ((length, outputs), "f"),
        "bias": ((outputs,), "f"),
    }
    problem = _wrong(arrays, wanted)
    if not problem and any(array.dtype != np.float32 for array in arrays.values()):
        problem = "its numbers are not float32"
    return problem or ("" if arrays["scale"].all() else "a scale is zero")


def _wrong(arrays: Mapping[str, NDArray[Any]], wanted: Mapping[str, tuple[tuple[int, ...], str]]) -> str:
    for name, (shape, kind) in wanted.items():
        array = arrays[name]
        if array.shape != shape or array.dtype.kind != kind:
            return f"{name} is {array.dtype} {array.shape} and not of shape {shape}"
        if kind == "f" and not np.isfinite(array).all():
            return f"{name} holds what are no numbers (NaN)"
    return ""
