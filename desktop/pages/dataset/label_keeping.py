"""Between the Label tab and the store: acts are saved in the background, in order, and tried again until they are."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.notices import Action
from desktop.pages.dataset.label_acts import Act, Clash, Saved
from desktop.pages.dataset.label_saving import Saving
from desktop.pages.dataset.tab import Around
from desktop.pages.dataset.wording import counted, value_words
from models.errors import SortwerkError

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.heads import HeadDef
    from training.datasets.store import DatasetStore
    from training.labelling.drafts import Draft

__all__ = ["LabelKeeping"]

_log = logging.getLogger(__name__)
_AGAIN_MS = 3000


class LabelKeeping(QObject):
    """The queue, and what a person is told of it.

    Signals:
        saved: question, and item -> value of what is in the database now.
        dropped: item and question of an act that was taken back before it was saved.
        changed: what is unsaved, or in dispute, is something else now.

    Attributes:
        annotator: who labels.
    """

    saved = Signal(str, object)
    dropped = Signal(int, str)
    changed = Signal()

    def __init__(self, around: Around, parent: QObject) -> None:
        super().__init__(parent)
        self._around = around
        self.saving = Saving()
        self.annotator = ""
        self._begun = self._running = False
        self._tried: list[Act] = []
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._save)

    @property
    def busy(self) -> bool:
        """Whether anything is being saved."""
        return self._running

    def begin(self) -> None:
        """A dataset is labelled: take in, once, what a program that ended could not save."""
        if self._begun:
            return
        self._begun = True

        def work(store: DatasetStore) -> tuple[str, list[Act]]:
            from desktop.actions.labelling import own_name

            return own_name(), self.saving.left_behind(store)

        def done(found: tuple[str, list[Act]]) -> None:
            self.annotator, acts = found
            if acts:
                self.saving.waiting[:0] = acts
                count = counted(len(acts), "label")
                self._around.notices.info(f"{count} could not be saved the last time, and {_are(acts)} saved now.")
                self._save()

        self._around.acting.act(work, done)

    # -- what a person does -------------------------------------------------------------------------------------------

    def commit(
        self, head: HeadDef, labels: Mapping[int, Draft | None], words: str, shown: Mapping[int, str | None]
    ) -> None:
        """Keep an act: one step of undo.

        Args:
            head: the question.
            labels: item -> what it is, None for unknown.
            words: what the step is called.
            shown: as ``Saving.give``.
        """
        dataset = self._around.state.selected
        if dataset is None:
            return
        act = Act(dataset, head.name, dict(labels), words, categories=head.categories, annotator=self.annotator)
        self.saving.give(act, shown)
        self._save()

    def retry(self) -> None:
        """Try again what could not be saved, also what seemed hopeless."""
        self.saving.try_again()
        self._save()

    def take_back(self) -> bool:
        """Take the last act back if it could not be saved yet; whether there was one."""
        act = self.saving.waiting[-1] if self.saving.waiting else None
        if act is None or not act.problem or self._running:
            return False
        self._drop(act)
        return True

    def give_up(self, item: int | None) -> None:
        """Give up what can't be saved about an item."""
        for act in [one for one in self.saving.waiting if one.problem and item in one.labels]:
            self._drop(act)

    def settle(self, head: HeadDef, item: int, *, mine: bool) -> None:
        """Decide a dispute: the label of this window holds, or that of the other."""
        clash = self.saving.clashes.pop((head.name, item), None)
        if clash is not None and mine:
            from training.datasets.values import to_text

            theirs = clash.theirs.get(item)
            text = to_text(theirs.value) if theirs is not None else None
            self.commit(head, {item: clash.act.labels[item]}, clash.act.words, {item: text})

    def _drop(self, act: Act) -> None:
        self.saving.drop(act)
        self._around.told(f"Taken back: {act.words}.", [])
        for item in act.labels:
            self.dropped.emit(item, act.head)
            break
        self.changed.emit()
        self._save(journal=True)

    # -- what is asked ------------------------------------------------------------------------------------------------

    def held(self, head: str, item: int) -> Act | None:
        """The last act about a label that is not saved yet."""
        dataset = self._around.state.selected
        return self.saving.held(dataset, head, item) if dataset is not None else None

    def dirty(self, item: int) -> bool:
        """Whether something about an item could not be saved yet."""
        dataset = self._around.state.selected
        return dataset is not None and self.saving.dirty(dataset, item)

    def clash(self, head: str, item: int) -> Clash | None:
        """What another window says instead; None where nobody does."""
        found = self.saving.clashes.get((head, item))
        return found if found is not None and found.act.dataset == self._around.state.selected else None

    def mine_words(self, head: HeadDef, clash: Clash, item: int) -> str:
        """What this window said, in words."""
        return value_words(head, clash.act.values.get(item))

    def problem_of(self, item: int) -> tuple[str, bool]:
        """Why something about an item is not saved, "" for nothing; and whether trying again won't help."""
        dataset = self._around.state.selected
        for act in self.saving.waiting:
            if act.problem and act.dataset == dataset and item in act.labels:
                return act.problem, act.hopeless
        return "", False

    # -- the background -----------------------------------------------------------------------------------------------

    def _save(self, *, journal: bool = False) -> None:
        if self._running or not (self.saving.worth_trying or journal):
            return
        self._again.stop()
        self._running = True
        acts = self._tried = list(self.saving.waiting)
        self._around.acting.act(lambda store: self.saving.work(store, acts), self._done, self._failed)

    def _done(self, saved: Saved) -> None:
        self._running = False
        self.saving.take(saved)
        for act in saved.done:
            clashing = {item for clash in saved.clashes if clash.act is act for item in clash.theirs}
            values = {item: value for item, value in act.values.items() if item not in clashing}
            if values and act.dataset == self._around.state.selected:
                self.saved.emit(act.head, values)
        for sentence in saved.news:
            self._around.notices.warn(sentence)
        if saved.done:
            self._around.acting.tell(saved.done[-1].step)
        if saved.problem:
            self._around.notices.error(saved.problem, Action("Try again", self.retry))
            if not set(self.saving.waiting) <= set(self._tried):
                self._save()  # what was said meanwhile is to be in the journal too
            elif self.saving.worth_trying:
                self._again.start()
        else:
            self._save()
        self.changed.emit()

    def _failed(self, sentence: str) -> None:
        self._running = False
        for act in self.saving.waiting:
            act.problem = act.problem or sentence
        self._around.notices.error(sentence, Action("Try again", self.retry))
        self._again.start()
        self.changed.emit()

    def close(self) -> None:
        """The program ends: what is not saved goes into the journal."""
        self._again.stop()
        if self.saving.waiting:
            from models.workspace import folder

            try:
                self.saving.keep(folder)
            except SortwerkError:
                _log.exception("unsaved labels could not be put into the journal")


def _are(some: list[Act]) -> str:
    return "is" if len(some) == 1 else "are"
