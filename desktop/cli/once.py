"""``classify`` as one pass over what is there, with or without sorting it afterwards."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli import progress
from desktop.cli.output import Lines, say, summary
from desktop.cli.sorting import done_into, ready_to_sort, say_sorted, sorting_work, workspace

if TYPE_CHECKING:  # NumPy, ONNX Runtime: not for --help
    from desktop.actions.classify import Answer, Failure
    from desktop.actions.sorting_plan import Mode
    from models.sources import Source

__all__ = ["Asked", "classify_all", "classify_and_sort"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What to classify, and how to show it.

    Attributes:
        paths: files, folders and zips.
        model: its folder; None for the starter model.
        top_k: categories to show of each file.
        as_json: as JSON objects, not as lines for a person.
    """

    paths: tuple[Path, ...]
    model: Path | None
    top_k: int
    as_json: bool


def classify_all(asked: Asked, csv: Path | None, keep: list[Answer | Failure] | None = None) -> int:
    """Classify, and print or write ``csv``; return how many files failed. ``keep`` gets the items, and JSON waits."""
    from desktop.actions.classify import Classifier, ClassifyRequest, Failure
    from desktop.actions.export import export_csv

    done = failed = 0
    with Classifier(asked.model) as classifier, progress.shown(quiet=csv is None and sys.stdout.isatty()) as show:
        lines = Lines(classifier.learner.head().categories, asked.top_k, as_json=asked.as_json)
        lists = classifier.classify(ClassifyRequest(asked.paths), on_progress=show)

        def counted() -> Iterator[Answer | Failure]:
            nonlocal done, failed
            for items in lists:
                done += len(items)
                for item in items:
                    failed += isinstance(item, Failure)
                    if keep is not None:
                        keep.append(item)
                    yield item
                if csv is None:
                    sys.stdout.flush()  # whoever reads the stream sees each answer at once

        with contextlib.closing(lists):
            if csv is not None:
                questions = [head.name for head in classifier.spec.heads[1:]]
                export_csv(counted(), csv, top_k=asked.top_k, questions=questions)
            else:
                for item in counted():
                    if keep is None or not asked.as_json:
                        lines.show(item)
    say(summary(done, failed))
    return failed


def classify_and_sort(asked: Asked, csv: Path | None, target: Path, mode: Mode, *, only_plan: bool) -> int:
    """Classify, print, sort; return how many files failed in either."""
    from desktop.actions import sorting

    items: list[Answer | Failure] = []
    with workspace() as database:
        ready_to_sort(database, target, mode)
        failed = classify_all(asked, csv, items)
        plan = sorting.make_plan(items, target, mode, sorted_before=sorting.sorted_before(database))
        places: dict[Source, Path] = {}
        if only_plan:
            for line in plan.summary():
                say(line)
        else:
            with sorting_work() as (cancel, show):
                report = sorting.sort(database, plan, cancel=cancel, on_progress=show)
            failed += say_sorted(report, done_into(plan.target, mode), len(plan.skips))
            places = {item.source: place for item in items if (place := report.place(item.source)) is not None}
        if asked.as_json:
            lines = Lines((), asked.top_k, as_json=True)
            for item in items:
                lines.show_sorted(item, places)
    return failed
