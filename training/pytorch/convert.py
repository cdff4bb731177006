"""The task "convert" of the engine's worker: a model of PyTorch's to an ONNX file, and what the original answers.

The ONNX file is compared with those answers by the program, with the runtime that will answer later on
(``models.reference``); so nothing here has to be believed.
"""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import onnx
import torch

from models.errors import ModelError, one_line, words_of
from models.worker import Report
from training.pytorch.choosing import Choice, choose
from training.pytorch.preparing import Prepared, prepare
from training.pytorch.recognise import read_weights
from training.pytorch.scripted import open_scripted
from training.samples import BATCH, keep, pictures

__all__ = ["OPSET", "convert_task", "export"]

OPSET = 17
"""Of the older exporter, which is tried first: it is quicker, and the only one for torchvision's detectors."""

_NEWER_OPSET = 18
"""The least that the newer exporter writes well."""

_SAMPLE = 2
"""Pictures that a network is traced with; it must not be one, which exporters take for always."""

_log = logging.getLogger(__name__)


def convert_task(arguments: dict[str, Any], report: Report) -> Any:
    """Convert one file.

    Args:
        arguments: ``path`` of the file, its ``format`` ("torchscript", "pytorch" or "safetensors"), ``target`` and
            ``reference`` to write, ``architecture`` ("" to recognise it), ``one`` for a network that takes one picture
            at a time.
        report: of steps.

    Returns:
        "architecture" and "reasons" (sentences); or, where a person has to say which architecture it is, "question" (a
        sentence) and "candidates".

    Raises:
        ModelError: the file is damaged, or of a network that can't be converted.
    """
    path, target = Path(arguments["path"]), Path(arguments["target"])
    report(1, 5, "Reading it")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if arguments["format"] == "torchscript":
            report(2, 5, "Finding out what it takes")
            prepared = open_scripted(path)
        else:
            weights = read_weights(path, safetensors=arguments["format"] == "safetensors")
            report(2, 5, "Recognising it")
            chosen = choose(weights, path, str(arguments.get("architecture") or ""))
            if not isinstance(chosen, Choice):
                return {"question": chosen.sentence, "candidates": list(chosen.candidates)}
            prepared = prepare(chosen)
        batches = prepared.batches and not arguments.get("one")
        report(3, 5, "Converting it")
        export(prepared, target, batches=batches, name=one_line(path.name))
        report(4, 5, "Asking the original")
        _ask(prepared, Path(arguments["reference"]), BATCH if batches else 1)
    report(5, 5)
    return {"architecture": prepared.title, "reasons": list(prepared.reasons)}


def export(prepared: Prepared, target: Path, *, batches: bool, name: str) -> None:
    """Write the network of ``prepared`` as ONNX, with what is known of its preprocessing in its metadata.

    Raises:
        ModelError: neither exporter can.
    """
    example = torch.from_numpy(pictures((_SAMPLE if batches else 1, *prepared.shape)))
    try:
        with torch.no_grad():
            axes = {one: {0: "batch"} for one in ("image", *prepared.outputs)} if batches else None
            torch.onnx.export(
                prepared.network,
                (example,),
                str(target),
                input_names=["image"],
                output_names=list(prepared.outputs),
                opset_version=OPSET,
                dynamic_axes=axes,
                dynamo=False,
            )
    except MemoryError:
        raise
    except Exception as first:
        _log.warning("The older exporter failed: %s", first)
        if prepared.detects or isinstance(prepared.network, torch.jit.ScriptModule):
            raise _unconvertible(name, first) from first
        try:
            _export_anew(prepared, example, target, batches=batches)
        except MemoryError:
            raise
        except Exception as second:
            raise _unconvertible(name, second) from second
    _describe(target, prepared.metadata)


def _export_anew(prepared: Prepared, example: torch.Tensor, target: Path, *, batches: bool) -> None:
    shapes = ({0: torch.export.Dim.DYNAMIC},) if batches else None
    torch.onnx.export(
        prepared.network,
        (example,),
        str(target),
        input_names=["image"],
        output_names=list(prepared.outputs),
        opset_version=_NEWER_OPSET,
        dynamic_shapes=shapes,
        external_data=False,
        dynamo=True,
    )


def _ask(prepared: Prepared, reference: Path, count: int) -> None:
    picture = pictures((count, *prepared.shape))
    with torch.no_grad():
        answers: Sequence[torch.Tensor] = _flat(prepared.network(torch.from_numpy(picture)))
    named = zip(prepared.outputs, answers, strict=True)
    keep(reference, {"image": picture}, {name: answer.detach().numpy() for name, answer in named})


def _flat(answer: Any) -> Sequence[torch.Tensor]:
    return [answer] if isinstance(answer, torch.Tensor) else list(answer)


def _describe(target: Path, metadata: Mapping[str, Any]) -> None:
    model = onnx.load(str(target))
    onnx.helper.set_model_props(
        model, {key: value if isinstance(value, str) else json.dumps(value) for key, value in metadata.items()}
    )
    onnx.save(model, str(target))


def _unconvertible(name: str, error: Exception) -> ModelError:
    return ModelError(
        f"{name} can't be converted to ONNX: PyTorch says {words_of(error)!r}; export it where it was made."
    )
