"""Pictures with labels into a dataset that is there: one step, with those labels that answer its questions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from models.progress import Progress
from training.datasets.bringing import Bringing, no_picture
from training.datasets.fitting import Fit, fit_heads, fit_plan
from training.datasets.formats import ReadOptions
from training.datasets.outcomes import Added
from training.datasets.store import DatasetStore
from training.datasets.unpacking import as_folder
from training.datasets.wording import pictures

__all__ = ["Joined", "join"]


@dataclass(frozen=True, slots=True)
class Joined:
    """What has come in.

    Attributes:
        format: name of the format that the folder was read as.
        added: as the store says.
        labels: question of the dataset -> pictures of ``added`` that came with an answer to it.
        unreadable: how many of the new ones are no picture that can be read.
        fit: which labels answer which question.
        problems: a sentence each about what was left out.
    """

    format: str
    added: Added
    labels: Mapping[str, int]
    unreadable: int
    fit: Fit
    problems: tuple[str, ...]


def join(
    store: DatasetStore,
    dataset_id: int,
    path: Path,
    *,
    format: str | None = None,  # noqa: A002 - the word that people know
    copy: bool = False,
    options: ReadOptions | None = None,
    annotator: str = "",
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Joined:
    """Bring a folder or file of somebody's into a dataset, as one step that can be undone.

    What is there already gains the labels and the split that it lacks; those that it has stay, and what differs is
    told. A split that is said of a new picture is taken, and fixed where it is said to be.

    Args:
        store: of the datasets.
        dataset_id: of the dataset.
        path: of the folder, file or zip; of that, copies are kept.
        format: a key of ``FORMATS``; None to recognise it.
        copy: keep copies of the pictures in the workspace; else they stay where they are.
        options: what the format leaves open.
        annotator: who gave the labels.
        cancel: set it to stop; then nothing has come in.
        on_progress: called in this thread.

    Raises:
        DatasetError: there is no such dataset, the folder is in no known format, or holds no picture.
        WorkspaceError: the workspace can't be written.
        Cancelled: ``cancel`` was set.
    """
    dataset = store.dataset(dataset_id)
    with as_folder(path, store.folder / "datasets", cancel=cancel) as unpacked:
        plan = unpacked.plan(format, options or ReadOptions())
        fit = fit_heads(dataset.heads, plan.heads)
        bringing = Bringing(
            store,
            replace(dataset, heads=fit.heads),
            fit_plan(plan, fit),
            copy=copy or unpacked.is_zip,
            annotator=annotator,
            cancel=cancel,
            on_progress=on_progress,
            place_of=unpacked.place,
        )
        items = list(bringing.items())
    if not items:
        raise no_picture(path, plan)
    added = store.add_items(dataset_id, items, categories=fit.new, frozen=bringing.frozen)
    if stay := len(added.split_conflicts):
        plan.problems.say(f"{pictures(stay)} came with another split than the one here, which stays.")
    if added.conflicts:
        plan.problems.say(
            f"{pictures(len({one.item for one in added.conflicts}))} had another label here already, which stays."
        )
    labelled = {head.name: sum(item.labels.get(head.name) is not None for item in items) for head in fit.heads}
    unreadable = sum(item.status == "unreadable" for item in items)
    labels = {name: count for name, count in labelled.items() if count}
    problems = (*unpacked.problems.sentences(), *plan.problems.sentences())
    return Joined(plan.format, added, labels, unreadable, fit, problems)
