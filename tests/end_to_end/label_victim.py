"""Labels as the Label tab keeps them, until it is killed: ``python -m tests.end_to_end.label_victim DATASET NUMBER``.

From the deed NUMBER on, one after the other; the number of each is printed once the tab would call it kept: it is in
the database, or in the journal while the database refuses.
"""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject

from desktop.jobs import Jobs
from desktop.notices import Notices
from desktop.pages.dataset.acting import Acting
from desktop.pages.dataset.label_acts import Act
from desktop.pages.dataset.label_keeping import LabelKeeping
from desktop.pages.dataset.state import DatasetState
from desktop.pages.dataset.tab import Around
from tests.end_to_end.label_deeds import deed, is_refused, length, other, said
from training.datasets.store import DatasetStore
from training.datasets.values import to_text


class Victim(QObject):
    """What stands behind the tab."""

    def __init__(self, dataset: int) -> None:
        super().__init__()
        self.dataset = dataset
        self.state, jobs, notices = DatasetState(), Jobs(self), Notices()
        self.acting = Acting(self.state, jobs, notices, lambda: (), self)
        around = Around(
            self.state,
            jobs,
            notices,
            self.acting,
            told=lambda *_: None,
            show_items=lambda *_: None,
            want=lambda _: None,
            show_panel=lambda _: None,
            ask_name=lambda *_: None,
            chosen=list,
        )
        self.keeping = LabelKeeping(around, self)
        self.acting.unsaved = self.keeping.take_back
        self.state.select(dataset)
        self.acting.look()
        self.wait(lambda: self.state.shown is not None)
        self.keeping.begin()
        self.wait(lambda: bool(self.keeping.annotator) and self.quiet())

    @property
    def store(self) -> DatasetStore:
        return self.state.store

    def wait(self, until: Callable[[], bool]) -> None:
        while not until():
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def quiet(self) -> bool:
        return not self.acting.busy and not self.keeping.busy

    # -- what the workspace takes -------------------------------------------------------------------------------------

    def refuse(self, refused: bool) -> None:
        """Let it take no step, or take them again."""
        with contextlib.closing(sqlite3.connect(self.store.folder / "workspace.sqlite", isolation_level=None)) as other:
            other.execute("PRAGMA busy_timeout = 5000")
            if refused:
                other.execute(
                    "CREATE TRIGGER IF NOT EXISTS full BEFORE INSERT ON dataset_steps "
                    "BEGIN SELECT RAISE(ABORT, 'full'); END"
                )
            else:
                other.execute("DROP TRIGGER IF EXISTS full")
        if not refused:
            self.keeping.retry()
            self.wait(lambda: not self.keeping.saving.waiting and self.quiet())

    # -- deeds --------------------------------------------------------------------------------------------------------

    def go_on(self, number: int) -> int:
        """Do what comes next, and say so; return the number after it."""
        self.refuse(is_refused(number))
        count = length(number)
        acts = [act for one in range(number, number + count) if (act := self.say(one)) is not None]
        if acts:
            self.wait(lambda: all(map(self.is_kept, acts)))
        elif deed(number) in ("undo", "redo"):
            told: list[str] = []
            hold = self.acting.told.connect(lambda text, _: told.append(text))
            getattr(self.acting, deed(number))()
            self.wait(lambda: bool(told))
            QObject.disconnect(hold)
        else:
            done: list[None] = []
            self.acting.act(lambda store: other(store, self.dataset, number, self.keeping.annotator), done.append)
            self.wait(lambda: bool(done))
        for one in range(number, number + count):
            sys.stdout.write(f"{one}\n")
            sys.stdout.flush()
        return number + count

    def is_kept(self, act: Act) -> bool:
        """Whether an act is in the database, or was tried in vain, and so is in the journal."""
        waiting = self.keeping.saving.waiting
        return act not in waiting or (not self.keeping.busy and any(one.problem for one in waiting))

    def say(self, number: int) -> Act | None:
        """Commit the label of a deed, if it is one."""
        saving, store = self.keeping.saving, self.store

        def kept(head: str, item: int) -> object:
            return store.labels(self.dataset, head, [item]).get(item)

        label = said(store, self.dataset, number, lambda *at: saving.draft(self.dataset, *at, kept(*at)))  # type: ignore[arg-type]
        if label is None:
            return None
        value = store.labels(self.dataset, label.head, [label.item]).get(label.item)
        text = None if value is None else to_text(value)
        head = store.dataset(self.dataset).head(label.head)
        self.keeping.commit(head, {label.item: label.draft}, label.words, {label.item: text})
        return saving.waiting[-1]


def main() -> None:
    application = QCoreApplication(sys.argv)
    dataset, number = (int(one) for one in sys.argv[1:])
    victim = Victim(dataset)
    while application is not None:
        number = victim.go_on(number)


if __name__ == "__main__":
    main()
