"""The right of the Label tab: the question, the editor, what went wrong, and under it help, review and history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.pages.dataset.wording import KIND_WORDS, value_words
from desktop.theme import GAP
from desktop.widgets.facts import Facts
from desktop.widgets.fold import Fold
from desktop.widgets.key_hints import KeyHints
from desktop.widgets.labels import button, label
from desktop.widgets.pick_button import PickButton
from desktop.widgets.tick_box import TickBox

if TYPE_CHECKING:  # NumPy comes with them
    from desktop.labelling.editor import Editor
    from training.datasets.heads import HeadDef
    from training.datasets.records import Label

__all__ = ["LabelPanel"]


class LabelPanel(QFrame):
    """Everything about one label.

    Args:
        parts: what can be unfolded between the keys and the history, by its heading.

    Signals:
        head_chosen: the name of another question.
        turns_changed: whether all questions of a picture come in turn.
        mine_wanted: the person's label is to hold, not the other window's.
        theirs_wanted: the other window's.
        retry_wanted: saving is to be tried again.
        give_up_wanted: what can't be saved is given up.
        history_opened: the history is to be read.
        part_opened: one of the parts was unfolded.
    """

    head_chosen = Signal(str)
    turns_changed = Signal(bool)
    mine_wanted = Signal()
    theirs_wanted = Signal()
    retry_wanted = Signal()
    give_up_wanted = Signal()
    history_opened = Signal()
    part_opened = Signal()

    def __init__(self, parts: Mapping[str, QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self._editor: Editor | None = None
        self._heads = PickButton("Question", {}, "")
        self._heads.chosen.connect(self.head_chosen)
        self._turns = TickBox("All questions in turn")
        self._turns.toggled.connect(self.turns_changed)
        self._question = label("", "section", wrap=True)
        self._why = label("", "secondary", wrap=True)
        self._hint = label("", "secondary", wrap=True)
        self._keys = KeyHints()
        self._clash, self._clash_words = self._box(
            ("Mine", self.mine_wanted.emit, "Your label holds"), ("Theirs", self.theirs_wanted.emit, "Theirs holds")
        )
        self._unsaved, self._unsaved_words = self._box(
            ("Try again", self.retry_wanted.emit, ""), ("Give it up", self.give_up_wanted.emit, "")
        )
        self._history = Facts()
        self.history = Fold("History", self._history)
        self.history.opened.connect(lambda shown: self.history_opened.emit() if shown else None)
        self._parts = {title: Fold(title, part) for title, part in parts.items()}
        for part in self._parts.values():
            part.opened.connect(lambda shown: self.part_opened.emit() if shown else None)
        self._slot = QVBoxLayout()
        self._slot.setContentsMargins(0, 0, 0, 0)
        body = QWidget()
        body.setObjectName("inspector_body")
        body.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(body)
        column.setContentsMargins(GAP.lg, GAP.lg, GAP.lg, GAP.lg)
        column.setSpacing(GAP.m)
        for one in (self._heads, self._turns, self._question, self._why, self._clash, self._unsaved):
            column.addWidget(one)
        column.addLayout(self._slot)
        for two in (self._hint, self._keys, *self._parts.values(), self.history):
            column.addWidget(two)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 0, 0, 0)
        whole.addWidget(area)
        self.show_clash(None, None, None)
        self.show_unsaved("", hopeless=False)
        self.show_hint("")
        self.show_why("")

    def _box(self, *verbs: tuple[str, Callable[[], None], str]) -> tuple[QFrame, QLabel]:
        box = QFrame()
        box.setObjectName("card")
        words = label("", "bad", wrap=True)
        column = QVBoxLayout(box)
        column.setContentsMargins(GAP.m, GAP.m, GAP.m, GAP.m)
        column.setSpacing(GAP.s)
        column.addWidget(words)
        row = QHBoxLayout()
        row.setSpacing(GAP.s)
        for text, run, tip in verbs:
            row.addWidget(button(text, on_click=run, tip=tip))
        row.addStretch(1)
        column.addLayout(row)
        return box, words

    def open(self, part: str) -> None:
        """Unfold a part."""
        self._parts[part].set_open(True)

    def is_open(self, part: str) -> bool:
        """Whether a part is unfolded."""
        return self._parts[part].button.isChecked()

    def set_part_visible(self, part: str, shown: bool) -> None:
        """Whether a part is there at all."""
        self._parts[part].setVisible(shown)

    # -- showing ------------------------------------------------------------------------------------------------------

    def show_heads(self, heads: Sequence[HeadDef], head: HeadDef, *, turns: bool, in_turn: int) -> None:
        """Name the question; ``in_turn`` is how many can come in turn."""
        self._heads.set_options({one.name: one.name for one in heads}, head.name)
        self._heads.setVisible(len(heads) > 1)
        self._turns.setVisible(in_turn > 1)
        self._turns.blockSignals(True)
        self._turns.setChecked(turns)
        self._turns.blockSignals(False)
        self._question.setText(str(head.options.get("question") or f"{head.name}: {KIND_WORDS.get(head.kind, '')}"))

    def set_editor(self, editor: Editor | None) -> None:
        """Show another editor."""
        if editor is self._editor:
            return
        if self._editor is not None:
            self._slot.removeWidget(self._editor)
            self._editor.hide()
        self._editor = editor
        if editor is not None:
            self._slot.addWidget(editor)
            editor.show()

    def show_hint(self, sentence: str) -> None:
        """What to do next, or what was wrong."""
        self._hint.setText(sentence)
        self._hint.setVisible(bool(sentence))

    def show_why(self, sentence: str) -> None:
        """Why this picture is the next one."""
        self._why.setText(sentence)
        self._why.setVisible(bool(sentence))

    def show_keys(self, hints: Sequence[tuple[str, str]]) -> None:
        """Keys and what they do."""
        self._keys.set_hints(hints)

    def show_clash(self, head: HeadDef | None, mine: str | None, theirs: Label | None) -> None:
        """Another window says otherwise; without ``head`` nobody does."""
        self._clash.setVisible(head is not None)
        if head is not None:
            other = value_words(head, theirs.value if theirs is not None else None)
            who = f" ({theirs.annotator})" if theirs is not None and theirs.annotator else ""
            self._clash_words.setText(
                f"Another window{who} has said “{other}” meanwhile, and you say “{mine}”. Which one holds?"
            )

    def show_unsaved(self, sentence: str, *, hopeless: bool) -> None:
        """Why this label is not saved; "" for nothing. ``hopeless``: whether it may be given up."""
        self._unsaved.setVisible(bool(sentence))
        if sentence:
            again = "" if hopeless else " It is tried again by itself."
            self._unsaved_words.setText(f"Not saved yet: {sentence}{again}")

    def show_history(self, rows: Sequence[tuple[str, str]]) -> None:
        """What happened to this picture, the last thing first."""
        self._history.set_facts(rows)
