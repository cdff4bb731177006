"""What the editors of names and grades share: the question, what is proposed, and "nobody can tell"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.labelling.editor import Editor, Proposal, Subject
from desktop.theme import GAP
from desktop.widgets.labels import button, label

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.heads import HeadDef
    from training.datasets.values import Value
    from training.labelling.drafts import Draft

__all__ = ["FIELD_KEY", "OTHER_KEYS", "UNKNOWN_KEY", "AnswerEditor", "sure_words"]

UNKNOWN_KEY = "U"
FIELD_KEY = "/"
OTHER_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class AnswerEditor(Editor):
    """A question that is answered at the right, without the canvas. Enter takes what is proposed and goes on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head: HeadDef | None = None
        self._subject: Subject | None = None
        self._value: Draft | None = None  # of these kinds a label and a draft of it are the same
        self._proposal: Proposal | None = None
        self._note = label("", "secondary", wrap=True)
        self._unknown = button("Nobody can tell", on_click=self._say_unknown)
        self._unknown.setToolTip(f"Take the label away and go on ({UNKNOWN_KEY})")
        self._unknown.setAccessibleName(f"Nobody can tell ({UNKNOWN_KEY})")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP.s)

    def set_head(self, head: HeadDef) -> None:
        """The question that is answered from now on."""
        self._head = head
        self._show()

    def show_subject(self, subject: Subject, value: Value | None, proposal: Proposal | None) -> None:
        """Show what a picture is, and what is proposed."""
        self._subject, self._value, self._proposal = subject, value, proposal
        self._show()

    def set_proposal(self, proposal: Proposal | None) -> None:
        """What is proposed has become known."""
        self._proposal = proposal
        self._show()

    def accept_proposal(self) -> None:
        """Take what is proposed, and go on."""
        if self._proposal is not None and self._proposal.draft is not None:
            self.decided.emit((), True)
            self._say(self._proposal.draft, "Accepted")
            self.advance_wanted.emit()

    def refuse_proposal(self) -> None:
        """Propose nothing here any more."""
        if self._proposal is not None:
            self._proposal = None
            self.decided.emit((), False)
            self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc in a field goes back to the picture."""
        if event.key() == Qt.Key.Key_Escape:
            self.released.emit()
        else:
            super().keyPressEvent(event)

    # -- for the kinds ------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Show head, value and proposal, whichever there are."""
        proposal = self._proposal if self._value is None else None
        words = self._words(proposal) if proposal is not None else ""
        self._note.setText(words)
        self._note.setVisible(bool(words))

    def _words(self, proposal: Proposal) -> str:
        """What Enter would take."""
        return ""

    def _said(self) -> str:
        """What the picture is called in the words of a step."""
        return self._subject.name if self._subject is not None else "a picture"

    def _say(self, draft: Draft, verb: str) -> None:
        """Give ``draft`` back."""
        self._value = draft
        self._show()
        self.committed.emit(draft, f"{verb} {self._said()}")

    def _say_unknown(self) -> None:
        if self._subject is None:
            return
        if self._value is not None:
            self._value = None
            self.committed.emit(None, f"Took the label of {self._said()} away")
        self._proposal = None
        self.decided.emit((), False)
        self._show()
        self.advance_wanted.emit()

    def _go_on(self) -> None:
        """Enter: what is proposed, if nothing was said yet; then the next one."""
        if self._value is None and self._proposal is not None and self._proposal.draft is not None:
            self.accept_proposal()
        else:
            self.advance_wanted.emit()


def sure_words(proposal: Proposal) -> str:
    """Who proposes it and how sure that is, such as "learned from 34 labels, 93 %"."""
    sure = "" if proposal.confidence is None else f"{proposal.confidence:.0%}".replace("%", " %")
    return ", ".join(one for one in (proposal.by, sure) if one)
