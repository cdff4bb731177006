"""What the Train page knows: the runs, the one that is looked at, those laid over its curves, and what each has said.

No Qt. Reading is for background threads, all else for the page's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.observable import Event
from desktop.pages.train.entries import Entry, RunReader, advanced
from desktop.pages.train.history import History

if TYPE_CHECKING:  # pydantic comes with it
    from training.runs.events import Event as RunEvent

__all__ = ["MOST_OVERLAYS", "TrainState"]

MOST_OVERLAYS = 4
"""Runs behind the curves; more can't be told apart."""


@dataclass(slots=True, weakref_slot=True)
class TrainState:
    """Everything that is known of runs.

    Attributes:
        changed: fires (with None) when the list, what is looked at or what is ticked has changed.
        moved: fires with the id of a run that has said something.
        entries: the runs, the latest first; None before they were read.
        selected: id of the run that is looked at; "" for none.
        ticked: ids of those laid over its curves, in the order in which they were ticked.
        text: what the person looks for in the list.
        histories: what runs have said, by id, of those that were read.
        head: the question whose figure is shown; "" for the first one.
        figure: the figure that is shown; "" for the primary one of the question.
    """

    changed: Event[None] = field(default_factory=Event)
    moved: Event[str] = field(default_factory=Event)
    entries: tuple[Entry, ...] | None = None
    selected: str = ""
    ticked: tuple[str, ...] = ()
    text: str = ""
    histories: dict[str, History] = field(default_factory=dict)
    head: str = ""
    figure: str = ""
    _reader: RunReader = field(default_factory=RunReader)
    _offsets: dict[str, int] = field(default_factory=dict)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def find(self, run: str) -> Entry | None:
        """The run of that id."""
        return next((one for one in self.entries or () if one.id == run), None)

    @property
    def entry(self) -> Entry | None:
        """The run that is looked at."""
        return self.find(self.selected)

    @property
    def history(self) -> History | None:
        """What it has said; None before that was read."""
        return self.histories.get(self.selected)

    @property
    def shown(self) -> list[Entry]:
        """The runs of the list that the person looks for."""
        words = self.text.casefold().split()
        return [one for one in self.entries or () if all(word in _searched(one) for word in words)]

    @property
    def active(self) -> list[Entry]:
        """The runs that are trained now."""
        return [one for one in self.entries or () if one.active]

    @property
    def needed(self) -> list[str]:
        """Ids of runs whose events are shown and were not read yet."""
        wanted = [self.selected, *self.ticked]
        return [run for run in dict.fromkeys(wanted) if run and run not in self.histories and self._readable(run)]

    def _readable(self, run: str) -> bool:
        entry = self.find(run)
        return entry is not None and not entry.problem

    # -- what a person does -------------------------------------------------------------------------------------------

    def select(self, run: str) -> None:
        """Look at another run."""
        if run != self.selected:
            self.selected = run
            self.ticked = tuple(one for one in self.ticked if one != run)
            self._fit_head()
            self.changed.fire(None)

    def tick(self, run: str, on: bool) -> None:
        """Lay a run over the curves of the one that is looked at, or take it away; of too many the first one goes."""
        others = tuple(one for one in self.ticked if one != run)
        ticked = (*others, run)[-MOST_OVERLAYS:] if on and run != self.selected else others
        if ticked != self.ticked:
            self.ticked = ticked
            self.changed.fire(None)

    def search(self, text: str) -> None:
        """Show only runs in which all of these words occur."""
        if text != self.text:
            self.text = text
            self.changed.fire(None)

    def choose_figure(self, head: str, figure: str) -> None:
        """Show another figure."""
        if (head, figure) != (self.head, self.figure):
            self.head, self.figure = head, figure
            self.changed.fire(None)

    def _fit_head(self) -> None:
        entry = self.entry
        if entry is not None and all(one.name != self.head for one in entry.heads):
            self.head = self.figure = ""

    # -- what was read ------------------------------------------------------------------------------------------------

    def take(self, entries: Sequence[Entry]) -> None:
        """The runs as they are now; what is looked at stays, else it is one that is trained now, else the latest."""
        self.entries = tuple(entries)
        there = {one.id for one in entries}
        self.ticked = tuple(one for one in self.ticked if one in there)
        for gone in [run for run in self.histories if run not in there]:
            self.forget(gone)
        if self.selected not in there:
            running = [one for one in entries if one.active]
            self.selected = (running or [*entries])[0].id if entries else ""
        self._fit_head()
        self.changed.fire(None)

    def take_history(self, run: str, history: History, offset: int) -> None:
        """What a run has said up to a place of its events."""
        if run not in self.histories:
            self.histories[run] = history
            self._offsets[run] = offset
            self.moved.fire(run)

    def take_events(self, run: str, events: Sequence[RunEvent], state: str) -> None:
        """What a run has said next, and how it stands."""
        history = self.histories.setdefault(run, History())
        history.feed(events)
        before = self.find(run)
        if before is not None:
            after = advanced(before, history, state)
            self.entries = tuple(after if one.id == run else one for one in self.entries or ())
            if after.state != before.state:
                self.changed.fire(None)
        self.moved.fire(run)

    def set_state(self, run: str, state: str) -> None:
        """A run stands otherwise now."""
        before = self.find(run)
        if before is not None and before.state != state:
            after = replace(before, state=state)
            self.entries = tuple(after if one.id == run else one for one in self.entries or ())
            self.changed.fire(None)

    def offset(self, run: str) -> int:
        """The place in its events up to which a run was read."""
        return self._offsets.get(run, 0)

    def set_offset(self, run: str, offset: int) -> None:
        """It was read up to there."""
        self._offsets[run] = offset

    def forget(self, run: str) -> None:
        """What it has said has to be read again."""
        self.histories.pop(run, None)
        self._offsets.pop(run, None)

    # -- reading; for a background thread -----------------------------------------------------------------------------

    def look(self) -> list[Entry]:
        """All runs as they are now.

        Raises:
            WorkspaceError: the workspace can't be used.
        """
        return self._reader.read_all(self.folder())

    def folder(self) -> Path:
        """Where the runs lie.

        Raises:
            WorkspaceError: the workspace can't be used.
        """
        from models.workspace import folder

        return folder() / "runs"


def _searched(entry: Entry) -> str:
    parts = (entry.name, entry.dataset, entry.version, entry.state, entry.preset, *entry.tags, entry.notes)
    return " ".join(parts).casefold()
