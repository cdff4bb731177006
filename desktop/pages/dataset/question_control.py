"""Carries what is said of a question from the form into the dataset that is open."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from desktop.pages.dataset import questioning
from desktop.pages.dataset.acting import Acting
from desktop.pages.dataset.question_panel import QuestionPanel
from desktop.pages.dataset.questioning import QuestionWish
from desktop.pages.dataset.state import DatasetState

__all__ = ["QuestionControl"]


class QuestionControl(QObject):
    """Between the form and the store.

    Attributes:
        panel: the form.

    Signals:
        panel_wanted: whether the form is to be shown.
    """

    panel_wanted = Signal(bool)

    def __init__(self, state: DatasetState, acting: Acting, parent: QObject) -> None:
        super().__init__(parent)
        self._state, self._acting = state, acting
        self.panel = QuestionPanel()
        self.panel.dismissed.connect(lambda: self.panel_wanted.emit(False))
        self.panel.agreed.connect(self.save)
        self.panel.remove_wanted.connect(self.remove)

    def begin(self, name: str = "") -> None:
        """Show the form for the question called ``name``; "" for a new one."""
        shown = self._state.shown
        if shown is None:
            return
        facts = next((one for one in shown.heads if one.head.name == name), None)
        self.panel_wanted.emit(True)
        if facts is None:
            self.panel.begin(None)
        else:
            self.panel.begin(facts.head, labelled=facts.labelled, more=len(shown.heads) - 1)

    def fill(self, menu: QMenu) -> None:
        """What can be done with the questions, by the keyboard too."""
        shown = self._state.shown
        menu.addAction("Add a question…", self.begin)
        for facts in shown.heads if shown is not None else ():
            name = facts.head.name
            menu.addAction(f"Change {name.replace('&', '&&')}…", partial(self.begin, name))

    def save(self, wish: QuestionWish) -> None:
        """Ask it so."""
        dataset = self._state.selected
        if dataset is None:
            return

        def saved(step: int | None) -> None:
            self.panel_wanted.emit(False)
            self._state.set_head(wish.name)
            self._acting.tell(step)

        self._acting.act(lambda store: questioning.save(store, dataset, wish), saved, self.panel.show_problem)

    def remove(self, question: int) -> None:
        """Take a question away; it can be undone."""
        dataset = self._state.selected
        if dataset is None:
            return

        def removed(step: int | None) -> None:
            self.panel_wanted.emit(False)
            self._acting.tell(step)

        self._acting.act(lambda store: questioning.remove(store, dataset, question), removed, self.panel.show_problem)
