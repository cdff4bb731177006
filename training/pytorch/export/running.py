"""The export of a run, step by step; the spec comes last, so that where it is, the export is whole."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.errors import TrainingError
from models.workspace import atomic_file, reason
from training.config import TrainingConfig
from training.pytorch.encoder import Encoder
from training.pytorch.export.describing import describe
from training.pytorch.export.graph import ExportGraph
from training.pytorch.export.measuring import measure
from training.pytorch.export.writing import keep_answers, keep_embedding, write_onnx, write_torchscript
from training.pytorch.heads.base import Example, Head
from training.runs.folder import RunFolder

__all__ = ["Exported", "export_run"]

SPARSE_SECONDS = 10.0
"""Between two words about how many pictures were measured."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        path: of the ONNX file.
        images: real pictures whose answers are kept beside it.
        sentences: what else there is to say, such as why there is no TorchScript file.
    """

    path: Path
    images: int
    sentences: tuple[str, ...] = ()


def export_run(
    encoder: Encoder,
    heads: Mapping[str, Head],
    splits: Mapping[str, Iterable[Sequence[Example]]],
    *,
    run: RunFolder,
    config: TrainingConfig,
    licence: str = "",
    on_step: Callable[[str], None] = lambda _: None,
) -> Exported:
    """Measure a trained network once more, and write it to ``run.export``.

    Encoder and heads end on the processor, in 32 bits and eval mode.

    Args:
        encoder: with the weights that are to be handed over.
        heads: by name, in the order of the model's questions.
        splits: "val" and perhaps "test": batches of pictures as they are, each gone through once.
        run: where it goes; its config, info and items are read.
        config: of the run.
        licence: of the weights that the training began with; "" for that of the backbone.
        on_step: told what is done now, in a few words.

    Raises:
        TrainingError: it can't be written, or answers with what are no numbers.
    """
    place = run.export
    try:
        place.mkdir(exist_ok=True)
        (place / "spec.json").unlink(missing_ok=True)
    except OSError as error:
        raise TrainingError(f"{place} can't be written ({reason(error)}); make room, and export again.") from error

    last = time.monotonic()

    def told(split: str, count: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SPARSE_SECONDS:
            last = time.monotonic()
            on_step(f"Measuring it on the pictures of {split}: {count:,} so far")

    measured = measure(encoder, heads, splits, told)
    spec = describe(run, config, heads, encoder.side, measured, licence)
    pictures = measured.pictures
    if not len(pictures):
        pictures = np.random.default_rng(0).integers(0, 256, (2, encoder.side, encoder.side, 3), np.uint8)
    traced = pictures if len(pictures) > 1 else np.repeat(pictures, 2, axis=0)
    temperatures = {name: one.temperature for name, one in measured.calibrations.items()}
    graph = ExportGraph(encoder, heads, temperatures)
    on_step("Writing it as ONNX")
    categories = {one.name: list(one.categories) for one in spec.heads}
    metadata = {
        "categories": categories if len(categories) > 1 else next(iter(categories.values())),
        "version": spec.version,
        "description": spec.description,
    }
    write_onnx(graph, traced, place / "model.onnx", metadata)
    sentences: list[str] = []
    if config.export.torchscript:
        on_step("Writing it for PyTorch")
        sentence = write_torchscript(graph, traced, place / "model.pt")
        sentences += [sentence] if sentence else []
    else:
        with contextlib.suppress(OSError):
            (place / "model.pt").unlink(missing_ok=True)
    on_step("Keeping what PyTorch answers")
    keep_answers(graph, pictures, place / "parity.npz")
    keep_embedding(measured.mean, measured.deviation, place / "embedding.npz")
    try:
        with atomic_file(place / "spec.json") as file:
            file.write(spec.to_json().encode())
    except OSError as error:
        raise TrainingError(f"{place} can't be written ({reason(error)}); make room, and export again.") from error
    return Exported(place / "model.onnx", len(pictures), tuple(sentences))
