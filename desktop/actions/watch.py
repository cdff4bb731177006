"""Go on answering as files come: what ``sortwerk classify --watch`` and the window's watching both do.

``start`` comes first, then a full pass over what is there (``Classifier.classify``), then ``answers`` to each list that
the watch gives out: so nothing that comes meanwhile is missed. ``sort_batch`` sorts such a list on its own.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.actions.classify import Answer, Classifier, ClassifyRequest, Failure, Progress
from desktop.actions.sorting import SortReport, make_plan, sort, sorted_before
from desktop.actions.sorting_plan import Mode
from models.database import Database
from models.errors import Cancelled
from models.sources import Source
from models.watching import SETTLE, Watch
from models.workspace import folder

__all__ = ["SortedBatch", "Watch", "answers", "sort_batch", "start"]


@dataclass(frozen=True, slots=True)
class SortedBatch:
    """What came of sorting the files of one batch.

    Attributes:
        report: of the sorting; None when there was nothing to do, so that none was made.
        skipped: how many were in their place before.
        places: source -> where its content is now, without those that could not be sorted.
    """

    report: SortReport | None
    skipped: int
    places: dict[Source, Path]


def start(
    paths: Sequence[Path],
    cancel: threading.Event,
    *,
    settle: float = SETTLE,
    on_notice: Callable[[str], None] | None = None,
) -> Watch:
    """Begin to watch, leaving out the program's own folder; the rest as ``models.watching.Watch``.

    Raises:
        UnreadableFileError: none of ``paths`` is there.
        WorkspaceError: the workspace folder can't be created.
    """
    return Watch(paths, cancel, settle=settle, without=[folder()], on_notice=on_notice)


def answers(classifier: Classifier, files: Sequence[Path], cancel: threading.Event) -> Iterator[list[Answer | Failure]]:
    """Answers to ``files``, as a watch gives them out, in small lists as they are done; fewer when ``cancel`` is set.

    A file that is gone before it could be read gives nothing: somebody has given it another name, or taken it away.

    Raises:
        ModelError: the model can't be run.
    """
    with contextlib.suppress(Cancelled):  # how watching is meant to end
        for items in classifier.classify(ClassifyRequest(tuple(files)), cancel=cancel):
            if there := [item for item in items if isinstance(item, Answer) or item.source.path.exists()]:
                yield there


def sort_batch(
    database: Database,
    watch: Watch,
    items: Sequence[Answer | Failure],
    target: Path,
    mode: Mode,
    *,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> SortedBatch:
    """Sort these files as one sorting of the journal. ``watch`` won't give out what that makes, wherever ``target`` is.

    Args:
        database: from ``models.database.open_workspace``.
        watch: from ``start``.
        items: what the model said.
        target: the folder that gets one folder a category.
        mode: copy or move.
        cancel: set it to stop between two files. Better not given for what a watch has given out: that is soon done,
            and a sorting cut short has to be taken back or finished by hand.
        on_progress: is told where things stand.

    Raises:
        Cancelled: ``cancel`` was set.
        SortingError: the target can't be used or is full, or an earlier sorting is unfinished.
        WorkspaceError: the journal can't be written.
    """
    plan = make_plan(items, target, mode, sorted_before=sorted_before(database))
    places = {skip.source: skip.there for skip in plan.skips}
    if not plan.steps:
        return SortedBatch(None, len(plan.skips), places)
    report = sort(database, plan, cancel=cancel, on_progress=on_progress)
    places |= {item.source: place for item in items if (place := report.place(item.source)) is not None}
    watch.know(places.values())
    return SortedBatch(report, len(plan.skips), places)
