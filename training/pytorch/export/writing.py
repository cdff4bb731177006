"""The files of an export: the network as ONNX and for PyTorch, and what PyTorch answers to real pictures."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.errors import TrainingError, words_of
from models.workspace import atomic_file, reason
from training.pytorch.export.graph import ExportGraph

__all__ = ["OPSET", "keep_answers", "keep_embedding", "write_onnx", "write_torchscript"]

OPSET = 17
"""Of the older exporter, which is tried first: it folds batch norms into convolutions, which the quantiser needs, and
is the only one for torchvision's detectors."""

NEWER_OPSET = 18
"""The least that the newer exporter writes well."""

_log = logging.getLogger(__name__)


def write_onnx(graph: ExportGraph, pictures: NDArray[np.uint8], target: Path, metadata: Mapping[str, Any]) -> None:
    """Write ``graph`` to ``target``, for as many pictures as it takes, whole or not at all.

    Args:
        graph: to be written.
        pictures: uint8 (2 or more, S, S, 3), to trace it with: real ones, so that detectors find something.
        target: replaced if it is there.
        metadata: goes into the file: texts, or what JSON takes.

    Raises:
        TrainingError: it can't be expressed, or the file can't be written.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        count = 2 if graph.batches else 1
        example = (torch.from_numpy(pictures[:count]), *graph.examples(count))
        export(graph, example, part, graph.inputs, graph.outputs, batches=graph.batches)
        describe(part, metadata)
        _moved(part, target)
    except OSError as error:
        raise TrainingError(
            f"The network can't be written to {target} ({reason(error)}); make room, and export the run again."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def export(
    network: nn.Module,
    example: tuple[Tensor, ...],
    target: Path,
    inputs: Sequence[str],
    outputs: Sequence[str],
    *,
    batches: bool = True,
) -> None:
    """Write ``network`` as ONNX; with ``batches``, the first axis of all inputs and outputs is of any length.

    Raises:
        TrainingError: neither exporter can.
    """
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        try:
            torch.onnx.export(
                network,
                example,
                str(target),
                input_names=list(inputs),
                output_names=list(outputs),
                dynamic_axes={name: {0: "batch"} for name in (*inputs, *outputs)} if batches else None,
                opset_version=OPSET,
                dynamo=False,
            )
        except (MemoryError, OSError):
            raise
        except Exception as first:
            _log.warning("The older exporter failed: %s", first)
            try:
                axis = {0: torch.export.Dim.DYNAMIC}
                shapes: Any = (axis, tuple(axis for _ in example[1:])) if example[1:] else (axis,)
                torch.onnx.export(
                    network,
                    example,
                    str(target),
                    input_names=list(inputs),
                    output_names=list(outputs),
                    dynamic_shapes=shapes if batches else None,
                    opset_version=NEWER_OPSET,
                    external_data=False,
                    dynamo=True,
                )
            except (MemoryError, OSError):
                raise
            except Exception as second:
                _log.warning("The newer exporter failed: %s", second)
                raise TrainingError(
                    f"The network can't be written as ONNX (PyTorch says {words_of(first)!r}); choose another backbone."
                ) from second


def describe(target: Path, metadata: Mapping[str, Any]) -> None:
    """Put ``metadata`` into an ONNX file, which must be there."""
    model = onnx.load(str(target))
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in metadata.items()}
    onnx.helper.set_model_props(model, texts)
    onnx.save(model, str(target))


def write_torchscript(graph: ExportGraph, pictures: NDArray[np.uint8], target: Path) -> str:
    """Write ``graph`` for PyTorch, and see that it answers the same about another number of pictures.

    Returns:
        Why there is no file, a sentence; "" when there is.

    Raises:
        TrainingError: the file can't be written.
    """
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            if not graph.batches:
                return "There is no TorchScript file: a detector that looks twice can't be traced; use the ONNX file."
            example = (torch.from_numpy(pictures[:2]), *graph.examples(2))
            traced = torch.jit.trace(graph, example, check_trace=False)
            asked = (torch.from_numpy(pictures[:1]), *graph.examples(1))
            for name, one, other in zip(graph.outputs, graph(*asked), traced(*asked), strict=True):
                if one.shape != other.shape or not torch.allclose(one.float(), other.float(), rtol=1e-3, atol=1e-4):
                    return f"There is no TorchScript file: traced, {name} depends on how many pictures there are."
    except (RuntimeError, TypeError, ValueError) as error:
        return f"There is no TorchScript file (PyTorch says {words_of(error)!r}); the ONNX file has the same network."
    try:
        with atomic_file(target) as file:
            torch.jit.save(traced, file)
    except OSError as error:
        raise TrainingError(f"{target} can't be written ({reason(error)}); make room, and export again.") from error
    return ""


def keep_answers(graph: ExportGraph, pictures: NDArray[np.uint8], target: Path) -> None:
    """Write what PyTorch answers to ``pictures``: arrays "in/<input>" and "out/<output>", the pictures first; of a
    network that takes one picture at a time "out/<output>/<place>", without that axis where the output has none.

    Raises:
        TrainingError: the answers are no numbers, or the file can't be written.
    """
    asked = [torch.from_numpy(pictures), *graph.examples(len(pictures))]
    arrays = {f"in/{name}": one.numpy() for name, one in zip(graph.inputs, asked, strict=True)}
    with torch.no_grad():
        if graph.batches:
            arrays |= {f"out/{name}": one.numpy() for name, one in zip(graph.outputs, graph(*asked), strict=True)}
        else:
            for place in range(len(pictures)):
                answers = graph(*(one[place : place + 1] for one in asked))
                named = zip(graph.outputs, answers, strict=True)
                arrays |= {f"out/{name}/{place}": one.numpy() for name, one in named}
    bad = next((name for name, one in arrays.items() if not np.isfinite(one.astype(np.float64)).all()), None)
    if bad is not None:
        raise TrainingError(
            f"The trained network answers {bad.split('/')[1]} with what are no numbers (NaN); train it again with a "
            "lower learning rate."
        )
    _save(target, arrays)


def keep_embedding(mean: NDArray[np.float64], deviation: NDArray[np.float64], target: Path) -> None:
    """Write how the embedding is spread: "mean" and "deviation", float64 (D,).

    Raises:
        TrainingError: the file can't be written.
    """
    _save(target, {"mean": mean, "deviation": deviation})


def _save(target: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    try:
        with atomic_file(target) as file:
            np.savez(file, allow_pickle=False, **arrays)
    except OSError as error:
        raise TrainingError(f"{target} can't be written ({reason(error)}); make room, and export again.") from error


def _moved(part: Path, target: Path) -> None:
    with part.open("rb") as file, atomic_file(target) as whole:
        while piece := file.read(1 << 20):
            whole.write(piece)
