"""The acts that are not saved yet: in order, each tried until it works, in a journal while it does not. No Qt.

``give``, ``take`` and what is asked are for the page's thread; ``work`` is for one background thread at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.pages.dataset.label_acts import Act, Clash, Saved, save
from desktop.pages.dataset.label_journal import Journal
from models.errors import WorkspaceError

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.store import DatasetStore
    from training.labelling.drafts import Draft

__all__ = ["Saving"]


@dataclass(slots=True, eq=False)
class Saving:
    """A queue.

    Attributes:
        waiting: acts that are not saved, the oldest first.
        clashes: (question, item) -> what another window has said meanwhile, until the person decides.
        problem: why the oldest is not saved, a sentence; "" while nothing has failed.
    """

    waiting: list[Act] = field(default_factory=list)
    clashes: dict[tuple[str, int], Clash] = field(default_factory=dict)
    problem: str = ""
    _journal: Journal | None = None
    _journalled: bool = False
    _left: list[tuple[Path, list[Act]]] = field(default_factory=list)

    # -- for the page's thread ----------------------------------------------------------------------------------------

    def give(self, act: Act, shown: Mapping[int, str | None]) -> None:
        """Put an act at the end.

        Args:
            act: what was done; its bases are filled here.
            shown: item -> text of the label that the person was shown, None for none; items that are missing are
                labelled whatever they were.
        """
        bases: dict[int, str | Act | None] = dict(shown)
        for item in bases:
            before = self._last(act.dataset, act.head, item)
            if before is not None:
                bases[item] = before
        act.bases = bases
        self.waiting.append(act)
        for item in act.labels:
            self.clashes.pop((act.head, item), None)

    def held(self, dataset: int, head: str, item: int) -> Act | None:
        """The last act about a label that is not saved yet."""
        return self._last(dataset, head, item)

    def dirty(self, dataset: int, item: int) -> bool:
        """Whether anything about an item could not be saved."""
        return any(act.problem and act.dataset == dataset and item in act.labels for act in self.waiting)

    def take(self, saved: Saved) -> None:
        """What ``work`` has come to."""
        done = set(saved.done)
        self.waiting = [act for act in self.waiting if act not in done]
        for clash in saved.clashes:
            for item in clash.theirs:
                self.clashes[clash.act.head, item] = clash
        self.problem = saved.problem

    def drop(self, act: Act) -> None:
        """The person gives an unsaved act up."""
        self.waiting = [one for one in self.waiting if one is not act]
        for one in self.waiting:
            one.bases = {item: act.bases.get(item) if base is act else base for item, base in one.bases.items()}
        if not any(one.problem for one in self.waiting):
            self.problem = ""

    def try_again(self) -> None:
        """Also what seemed hopeless is tried with the next ``work``."""
        for act in self.waiting:
            act.hopeless = False

    @property
    def worth_trying(self) -> bool:
        """Whether there is anything that ``work`` would try."""
        return any(not act.hopeless for act in self.waiting)

    def _last(self, dataset: int, head: str, item: int) -> Act | None:
        for act in reversed(self.waiting):
            if act.dataset == dataset and act.head == head and item in act.labels:
                return act
        return None

    def draft(self, dataset: int, head: str, item: int, otherwise: Draft | None) -> Draft | None:
        """What a label says, as far as the person knows: the last act about it, else ``otherwise``."""
        act = self._last(dataset, head, item)
        return otherwise if act is None else act.labels[item]

    # -- for a background thread --------------------------------------------------------------------------------------

    def work(self, store: DatasetStore, acts: list[Act]) -> Saved:
        """Save what can be saved of ``acts``, and keep the rest in the journal."""
        saved = save(store, [act for act in acts if not act.hopeless])
        if self._journal is None:
            self._journal = Journal(store.folder)
        done = set(saved.done)
        rest = [act for act in acts if act not in done]
        if rest or self._journalled:
            try:
                self._journal.write(rest)
                self._journalled = bool(rest)
                done.update(rest)  # or in the journal of this program
            except WorkspaceError as error:
                saved.news.append(str(error))
        for path, left in list(self._left):
            if set(left) <= done:
                path.unlink(missing_ok=True)
                self._left.remove((path, left))
        return saved

    def left_behind(self, store: DatasetStore) -> list[Act]:
        """The acts that programs which have ended could not save, each once; to be put at the front of ``waiting``."""
        if self._journal is None:
            self._journal = Journal(store.folder)
        self._left = self._journal.left_behind()
        return list(dict.fromkeys(act for _, some in self._left for act in some))

    def keep(self, folder: Callable[[], Path]) -> None:
        """The program ends: what is not saved goes into the journal. For any thread, once nothing else runs here.

        Raises:
            WorkspaceError: it can't be written.
        """
        if self.waiting:
            journal = self._journal or Journal(folder())
            journal.write(self.waiting)
