"""What the page can do about sorting its files into folders. No Qt; what takes long is for a background thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.pages.sort.state import SortState
from models.progress import Progress
from models.sources import Source

if TYPE_CHECKING:  # the journal's database comes with them
    from desktop.actions.sorting import Sorting, SortReport
    from desktop.actions.sorting_plan import Mode, SortPlan
    from models.answer import Answer
    from models.database import Database

__all__ = ["MODE_NAMES", "UNSURE_NAMES", "SortingState", "Wish"]

MODE_NAMES = {"copy": "Copy", "move": "Move"}
UNSURE_NAMES = {"apart": "In a folder of their own", "with": "With the others"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for: the folder, copy or move, and whether unsure files go "apart" or "with" the others."""

    target: Path
    mode: Mode = "copy"
    unsure: str = "apart"


class SortingState:
    """Sorts the files of ``page``, and takes it back."""

    def __init__(self, page: SortState) -> None:
        self._page = page
        self._moved: list[tuple[Source, Source]] = []

    def plan(self, wish: Wish) -> SortPlan:
        """What would be done; no file is touched.

        Raises:
            SortingError: the target can't be used.
            WorkspaceError: the journal can't be read.
        """
        from desktop.actions.sorting import make_plan, sorted_before

        items = [one for one in (item.answer or item.failure for item in self._page.items) if one is not None]
        head, with_unsure = self._page.head, wish.unsure == "with"

        def category(answer: Answer) -> str | None:
            return None if answer.is_unsure(head) and not with_unsure else answer.category(head)

        with _journal() as database:
            before = sorted_before(database)
            return make_plan(items, wish.target, wish.mode, category=category, sorted_before=before)

    def sort(self, plan: SortPlan, cancel: threading.Event, on_progress: Callable[[Progress], None]) -> SortReport:
        """Do what ``plan`` says.

        Raises:
            Cancelled: ``cancel`` was set; :meth:`recover` goes on or takes back.
            SortingError: the disk is full or gone, or another sorting is unfinished.
            WorkspaceError: the journal can't be written.
        """
        from desktop.actions.sorting import sort

        with _journal() as database:
            return sort(database, plan, cancel=cancel, on_progress=on_progress)

    def undo(self, cancel: threading.Event, on_progress: Callable[[Progress], None]) -> SortReport | None:
        """Take the last sorting back; None when there is none. Raises as :meth:`sort`."""
        from desktop.actions.sorting import undo

        with _journal() as database:
            return undo(database, cancel=cancel, on_progress=on_progress)

    def recover(
        self, *, finish: bool, cancel: threading.Event, on_progress: Callable[[Progress], None]
    ) -> SortReport | None:
        """Finish an interrupted sorting, or take it back; None when there is none. Raises as :meth:`sort`."""
        from desktop.actions.sorting import recover

        with _journal() as database:
            return recover(database, finish=finish, cancel=cancel, on_progress=on_progress)

    def unfinished(self) -> Sorting | None:
        """The sorting that was interrupted, if there is one.

        Raises:
            WorkspaceError: the journal can't be read.
        """
        from desktop.actions.sorting import unfinished

        with _journal() as database:
            return unfinished(database)

    def follow(self, plan: SortPlan, report: SortReport) -> None:
        """The files of the page are where a move has put them; for the thread that shows the page."""
        if plan.mode == "move":
            moved = [(step.source, report.place(step.source)) for step in plan.steps if step.moves]
            self._moved = [(old, Source(new)) for old, new in moved if new is not None]
            self._page.relocate(self._moved)

    def follow_back(self) -> None:
        """The files of the page are back where they were; for the thread that shows the page."""
        self._page.relocate([(new, old) for old, new in self._moved if old.path.exists()])
        self._moved = []


@contextmanager
def _journal() -> Iterator[Database]:
    from models.database import open_workspace

    database = open_workspace()
    try:
        yield database
    finally:
        database.close()
