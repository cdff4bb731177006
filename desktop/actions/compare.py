"""Compare models on labelled pictures: what the Models page and ``sortwerk models compare`` do."""

from __future__ import annotations

import csv
import io
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from desktop.actions.labelled import ChosenDataset, read_on
from models.database import Database, open_cache, open_workspace
from models.errors import WorkspaceError
from models.library import STARTER, readable_spec
from models.worker import Step
from models.workspace import atomic_file, reason
from training.comparison import Comparison, compare
from training.labelled import LabelledSet
from training.ranking import Disagreement, Standing, Versus

__all__ = [
    "Comparison",
    "Disagreement",
    "LabelledSet",
    "Standing",
    "Step",
    "Versus",
    "as_json",
    "compare_models",
    "write_csv",
]

_log = logging.getLogger(__name__)


def compare_models(
    models: Sequence[Path | None],
    on: Path | ChosenDataset,
    *,
    head: str | None = None,
    split: str | None = None,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Step], None] | None = None,
) -> Comparison:
    """Compare models as they answer now, with all that they were taught.

    Args:
        models: folders, two or more; None for the starter model.
        on: labelled pictures: a folder, a table or a dataset, as ``desktop.actions.labelled.read_on`` takes them.
        head: the question that is compared; None for each model's first one of categories.
        split: of the table or dataset, or the folder, that counts; None for all.
        cancel: set it to stop.
        on_progress: called in this thread.

    Raises:
        LabelError: the pictures and labels can't be read.
        ModelError: a model can't be loaded or run, or does not answer the question.
        Cancelled: ``cancel`` was set.
    """
    like: list[str] = []
    if isinstance(on, ChosenDataset) and head is None:
        specs = [readable_spec(folder or STARTER) for folder in models]
        like = [one.name for spec in specs for one in spec.heads if one.kind == "categories"]
    labelled = read_on(on, head=head, split=split, like=like)
    with ExitStack() as stack:
        workspace, cache = (_opened(stack, which) for which in (open_workspace, open_cache))
        return compare(
            models,
            labelled,
            head=head,
            workspace=workspace,
            cache=cache,
            cancel=cancel,
            on_progress=on_progress,
        )


def as_json(found: Comparison) -> dict[str, Any]:
    """All of a comparison as JSON; paths as text, times in milliseconds, sizes in bytes."""
    return {
        "pictures": found.pictures,
        "left_out": found.left_out,
        "best": found.standings[0].name,
        "note": found.note,
        "problems": list(found.problems),
        "models": [_standing(place, one) for place, one in enumerate(found.standings, 1)],
        "disagreements": [
            {
                "path": str(one.path),
                "label": one.label,
                "answers": [{"category": a.category, "confidence": round(a.confidence, 4)} for a in one.answers],
            }
            for one in found.disagreements
        ],
    }


def _standing(place: int, one: Standing) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "place": place,
        "name": one.name,
        "folder": str(one.folder),
        "head": one.head,
        "right": one.right,
        "accuracy": round(one.accuracy, 6),
        "accuracy_low": round(one.interval[0], 6),
        "accuracy_high": round(one.interval[1], 6),
        "macro_f1": round(one.macro_f1, 6),
        "balanced_accuracy": round(one.balanced_accuracy, 6),
        "log_loss": None if one.log_loss is None else round(one.log_loss, 6),
        "calibration_error": round(one.calibration_error, 6),
        "called_unknown": one.called_unknown,
        "missing": list(one.missing),
        "missing_pictures": one.missing_pictures,
        "taught": one.taught,
        "size": one.size,
    }
    times = ("p50", "p95", "inference_p50", "inference_p95")
    fields |= {f"{name}_ms": None if one.cost is None else round(getattr(one.cost, name), 3) for name in times}
    fields["memory"] = None if one.cost is None else one.cost.memory
    fields["problem"] = one.problem
    fields["p"] = None if one.versus is None else one.versus.p
    fields["only_best"] = None if one.versus is None else one.versus.only_best
    fields["only_this"] = None if one.versus is None else one.versus.only_this
    return fields


def write_csv(found: Comparison, path: Path) -> None:
    """Write a row for each model, the best first.

    Raises:
        WorkspaceError: it can't be written.
    """
    rows = [_standing(place, one) for place, one in enumerate(found.standings, 1)]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row | {"missing": "; ".join(row["missing"])} for row in rows)
    try:
        with atomic_file(path) as file:
            file.write(text.getvalue().encode("utf-8"))
    except OSError as error:
        raise WorkspaceError(f"{path} could not be written ({reason(error)}); choose another place.") from error


def _opened(stack: ExitStack, which: Callable[[], Database]) -> Database | None:
    """None when it can't be used: models can be compared as they were made."""
    try:
        return stack.enter_context(closing(which()))
    except WorkspaceError as error:
        _log.warning("Comparing without a database: %s", error)
        return None
