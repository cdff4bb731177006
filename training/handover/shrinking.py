"""A smaller network in place of the exported one, if it says the same: else the exported one stays, with the reason."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from models.errors import ModelError, WorkerError, WorkspaceError
from models.quantization import Quantized, quantize
from models.quantization.convert import WORDS, How
from models.spec import ModelSpec
from models.worker import Step
from models.workspace import reason
from training.datasets.values import Category
from training.runs.items import RunItem, RunItems

__all__ = ["Shrunk", "shrink", "trial_pictures"]

MOST = 300
"""Pictures that INT8 is calibrated on and compared with, at most."""


@dataclass(frozen=True, slots=True)
class Shrunk:
    """What became of it.

    Attributes:
        network: the file to go on with.
        spec: with the figures of that file.
        how: "fp16" or "int8"; "none" where the exported network stays.
        sentence: for the person.
    """

    network: Path
    spec: ModelSpec
    how: str
    sentence: str


def shrink(
    network: Path,
    spec: ModelSpec,
    how: How,
    items: RunItems,
    work: Path,
    *,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Step], None] | None = None,
) -> Shrunk:
    """Make ``network`` smaller, and compare the two on pictures of the run.

    Args:
        network: as exported.
        spec: of it.
        how: "fp16" or "int8".
        items: of the run.
        work: an empty folder for what comes between.
        cancel: set it to stop.
        on_progress: called in this thread.

    Raises:
        WorkspaceError: ``work`` can't be written.
        Cancelled: ``cancel`` was set.
    """
    whole = work / "whole"
    try:
        whole.mkdir(parents=True)
        shutil.copyfile(network, whole / "model.onnx")
        (whole / "metadata.json").write_text(spec.to_json(), encoding="utf-8")
    except OSError as error:
        raise WorkspaceError(f"{work} can't be written ({reason(error)}); make room for it.") from error
    head = next((one.name for one in spec.heads if one.kind == "categories"), None)
    chosen = trial_pictures(items)
    labels = [_label(item, head) for item in chosen] if head is not None else None
    try:
        made = quantize(
            whole,
            work / "smaller",
            how,
            [Path(item.path) for item in chosen],
            labels,
            head=head,
            cancel=cancel,
            on_progress=on_progress,
        )
    except (ModelError, WorkerError) as error:
        return Shrunk(network, spec, "none", f"It was not made smaller: {error}")
    accuracy = (*spec.accuracy, *made.spec.accuracy)
    return Shrunk(made.folder / "model.onnx", spec.model_copy(update={"accuracy": accuracy}), how, _told(made))


def trial_pictures(items: RunItems) -> list[RunItem]:
    """At most ``MOST`` files of the validation pictures, else of all, at even distances; what is gone is left out."""
    there = [item for item in items.of("val") or items.items if not item.member and Path(item.path).is_file()]
    count = min(MOST, len(there))
    return [there[place * len(there) // count] for place in range(count)]


def _label(item: RunItem, head: str | None) -> str | None:
    value = item.labels.get(head or "")
    return value.name if isinstance(value, Category) else None


def _told(made: Quantized) -> str:
    worst = max(made.heads, key=lambda one: one.lost)
    return (
        f"As {WORDS[made.how]} it is {made.size_before / max(made.size_after, 1):.1f} times smaller and "
        f"{made.speed:.1f} times as fast, and agrees with the exported one in {worst.agreement:.1%} "
        f"({worst.words}) on {made.pictures:,} pictures."
    )
