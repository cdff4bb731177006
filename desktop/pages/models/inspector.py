"""Everything about the model that is looked at, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.pages.models.entries import Entry
from desktop.pages.models.wording import NOT_WHO, accuracy_rows, date, expert_facts, questions_of, takes
from desktop.theme import GAP
from desktop.widgets.check_rows import CheckRow, CheckRows, Mark
from desktop.widgets.facts import Facts
from desktop.widgets.fold import Fold
from desktop.widgets.labels import button, label
from desktop.widgets.name_edit import NameEdit
from desktop.widgets.wrap import Wrap

if TYPE_CHECKING:
    from models.spec import ModelSpec
    from models.validation import Check

__all__ = ["Inspector", "check_rows"]

_LONGEST = 100  # desktop.actions.models.LONGEST, which comes with NumPy; a test holds them equal
_MARKS = {"pass": Mark.PASSED, "fail": Mark.FAILED}
_IN_USE = "It sorts your pictures now."
_STARTER = "The starter model stays: it answers when no other can."


class Inspector(QFrame):
    """Shows one model.

    Signals:
        use_wanted: it is to answer on the Sort page.
        try_wanted: it is to be tried on pictures.
        compare_wanted: it is to be compared with others.
        smaller_wanted: a smaller one is to be made of it.
        export_wanted: it is to be saved as a package.
        remove_wanted: it is to be taken out of the library.
        renamed: what it is to be called, as it was typed.
        check_wanted: its check-list is to be run.
    """

    use_wanted = Signal()
    try_wanted = Signal()
    compare_wanted = Signal()
    smaller_wanted = Signal()
    export_wanted = Signal()
    remove_wanted = Signal()
    renamed = Signal(str)
    check_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        body = QWidget()
        body.setObjectName("inspector_body")
        body.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # never wider than the inspector
        column = QVBoxLayout(body)
        column.setContentsMargins(GAP.lg, GAP.lg, GAP.lg, GAP.lg)
        column.setSpacing(GAP.m)
        self.name = NameEdit("Rename (F2)", _LONGEST)
        self.name.changed.connect(self.renamed)
        self._about = label("", "secondary", wrap=True)
        self._problem = label("", "bad", wrap=True)
        for one in (self.name, self._about, self._problem):
            column.addWidget(one)
        column.addLayout(self._actions())
        self._accuracy_title, self._accuracy = label("Accuracy", "section"), Facts()
        self._checks_title, self._checks = label("Check-list", "section"), CheckRows()
        self._check = button("Run the check-list", on_click=self.check_wanted.emit)
        self._answers_title, self._answers = label("What it answers", "section"), Facts()
        self._facts_title, self._facts = label("About it", "section"), Facts()
        self._experts = Facts()
        self._fold = Fold("For experts", self._experts)
        self._signed = label("", "secondary", wrap=True)
        column.addSpacing(GAP.xs)
        for below in (self._checks_title, self._checks, self._check):
            column.addWidget(below)
        for title, facts in (
            (self._accuracy_title, self._accuracy),
            (self._answers_title, self._answers),
            (self._facts_title, self._facts),
        ):
            column.addSpacing(GAP.xs)
            column.addWidget(title)
            column.addWidget(facts)
        column.addWidget(self._signed)
        column.addWidget(self._fold)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        self._area = area
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)  # beside the edge
        outer.addWidget(area)
        self._entry: Entry | None = None

    def _actions(self) -> QVBoxLayout:
        self.use = button("Use for sorting", on_click=self.use_wanted.emit)
        self._why = label("", "secondary", wrap=True)
        self.try_out = button("Try on pictures…", on_click=self.try_wanted.emit)
        self.compare = button("Compare…", on_click=self.compare_wanted.emit)
        self.smaller = button("Make smaller…", on_click=self.smaller_wanted.emit)
        self.export = button("Export…", on_click=self.export_wanted.emit)
        self.remove = button("Remove", on_click=self.remove_wanted.emit)
        column = QVBoxLayout()
        column.setSpacing(GAP.s)
        column.addWidget(self.use)
        column.addWidget(self._why)
        wrap = Wrap(spacing=GAP.s)
        for one in (self.try_out, self.compare, self.smaller, self.export, self.remove):
            wrap.addWidget(one)
        wrap.begin_second()  # all of them stand at the left
        column.addLayout(wrap)
        return column

    @property
    def buttons(self) -> Sequence[QPushButton]:
        """What can be done, beside using it."""
        return self.try_out, self.compare, self.smaller, self.export, self.remove

    def show_model(self, entry: Entry, checks: Sequence[Check] | None, *, in_use: bool, others: bool) -> None:
        """Show ``entry``.

        Args:
            entry: the model.
            checks: what came of its check-list; None when it was not run.
            in_use: whether it answers on the Sort page.
            others: whether there is another to compare it with.
        """
        if self._entry is None or self._entry.folder != entry.folder:
            self._area.verticalScrollBar().setValue(0)
        if self._entry != entry:
            self._entry = entry
            self._show_words(entry)
        self._show_actions(entry, in_use=in_use, others=others)
        self._checks.setVisible(checks is not None)
        self._check.setText("Run the check-list" if checks is None else "Run it again")
        if checks is not None and (rows := check_rows(checks)) != [*self._checks.rows]:
            self._checks.set_rows(rows)

    def set_checking(self, running: bool) -> None:
        """Whether a check-list is being run; another has to wait for it."""
        self._check.setEnabled(not running)

    def _show_actions(self, entry: Entry, *, in_use: bool, others: bool) -> None:
        starter, good = entry.folder is None, not entry.problem
        self.use.setEnabled(not in_use and not entry.refusal)
        self._why.setText(_IN_USE if in_use else "" if entry.problem else entry.refusal)
        self._why.setVisible(bool(self._why.text()))
        self.try_out.setEnabled(good)
        self.compare.setEnabled(good and others)
        self.compare.setToolTip("" if others else "There is no other model to compare it with yet")
        self.smaller.setEnabled(good)
        self.export.setEnabled(good)
        self.remove.setEnabled(not starter)
        self.remove.setToolTip(_STARTER if starter else "Take it out of the library (Delete); it can be undone")

    def _show_words(self, entry: Entry) -> None:
        self.name.set_name(entry.name, fixed=entry.folder is None)
        spec = entry.spec
        self._about.setText(spec.description if spec is not None else "")
        self._about.setVisible(bool(self._about.text()))
        self._problem.setText(entry.problem)
        self._problem.setVisible(bool(entry.problem))
        accuracy = accuracy_rows(spec.accuracy) if spec is not None else []
        self._accuracy.set_facts(accuracy)
        asked = questions_of(spec.heads) if spec is not None else []
        heads = spec.heads if spec is not None else ()
        answers = [
            (head.name, f"{one.says}: {one.categories}" if one.categories else one.says)
            for head, one in zip(heads, asked, strict=True)
        ]
        self._answers.set_facts(answers)
        self._facts.set_facts(_facts(entry))
        for shown, widgets in (
            (accuracy, (self._accuracy_title, self._accuracy)),
            (answers, (self._answers_title, self._answers)),
            (not entry.problem, (self._checks_title, self._check)),
        ):
            for one in widgets:
                one.setVisible(bool(shown))
        self._signed.setText(f"{NOT_WHO} Ask whoever you have it from for the fingerprint of their key.")
        self._signed.setVisible(bool(entry.fingerprint))
        self._experts.set_facts(expert_facts(spec) if spec is not None else [])
        self._fold.setVisible(spec is not None)


def check_rows(checks: Sequence[Check]) -> list[CheckRow]:
    """The rows of a check-list."""
    return [CheckRow(_MARKS.get(one.outcome, Mark.NONE), one.name, one.figure, one.advice) for one in checks]


def _facts(entry: Entry) -> list[tuple[str, str]]:
    spec = entry.spec
    facts = [("Origin", _capital(entry.origin)), ("Their key", entry.fingerprint)]
    if spec is not None:
        facts = [*_maker(spec), *facts, ("Takes", takes(spec.preprocessing)), ("Stands on", spec.backbone or "")]
    learned = f"{entry.learned:,} pictures labelled by you" if entry.learned else ""
    facts += [("Learned", learned), ("Files", ", ".join(entry.files))]
    if entry.folder is not None:
        facts.append(("Folder", str(entry.folder)))
    return [(name, value) for name, value in facts if value]


def _maker(spec: ModelSpec) -> list[tuple[str, str]]:
    return [
        ("Author", spec.author),
        ("Version", spec.version),
        ("Made", date(spec.created)),
        ("Licence", spec.license),
        ("Tags", ", ".join(spec.tags)),
    ]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
