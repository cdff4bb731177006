"""What is to be passed on of a model, beside the cards: how it is called, under which terms, and what goes with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QWidget

from desktop.pages.models.entries import Entry
from desktop.pages.models.exporting import ExportWish
from desktop.pages.models.state import LICENCES
from desktop.theme import GAP
from desktop.widgets.labels import button, label
from desktop.widgets.pick_field import PickField
from desktop.widgets.side_panel import SidePanel
from desktop.widgets.tick_box import TickBox

__all__ = ["ExportPanel"]

_LONGEST = 200
_LINES = 3  # of the description
_LEARN = (
    "Whoever imports it can go on correcting it. For that it carries numbers of each labelled picture, not the "
    "pictures nor their names; they can reveal something about the pictures."
)
_STAYS = "This model was made elsewhere and learns nothing; it is passed on as it came."
_CORRECTIONS = "What you have said of each picture, with the names of the files and without their folders."
_KEY = "Your key: {fingerprint}. Tell it to those who use your models, so that they know it is yours."
_NO_KEY = "A key is made for you the first time. It stays on this computer."


class ExportPanel(SidePanel):
    """A form.

    Signals:
        agreed: the :class:`~desktop.pages.models.exporting.ExportWish`; a file is still to be chosen for it.
    """

    agreed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Export", parent)
        self.column.addWidget(
            label("Saves the model as it is now, with all that it has learned, in one file.", "secondary", wrap=True)
        )
        self.name = self._field("Name", _LONGEST)
        self.version = self._field("Version", 40)
        self.author = self._field("Author", _LONGEST)
        self.author.setPlaceholderText("Your name, or what you are called")
        self.licence = PickField(LICENCES, "None")
        self.licence.setMaxLength(_LONGEST)
        self.licence.setAccessibleName("Licence")
        self.add_named("Licence", self.licence)
        self.about = QPlainTextEdit(tabChangesFocus=True)
        self.about.setAccessibleName("Description")
        self.add_named("What it is for", self.about)
        self.learn, self._learn = self._tick("Let it go on learning")
        self.corrections, said = self._tick("With my corrections as a list")
        said.setText(_CORRECTIONS)
        self.sign, self._sign = self._tick("Sign it with my key")
        self._problem = label("", "bad", wrap=True)
        self.column.addWidget(self._problem)
        self._go = button("Save as…", "primary", on_click=self._agree)
        self.add_buttons(self._go, button("Cancel", on_click=self.dismissed.emit))

    def _field(self, name: str, longest: int) -> QLineEdit:
        field = QLineEdit(maxLength=longest)
        field.setAccessibleName(name)
        field.returnPressed.connect(self._agree)
        self.add_named(name, field)
        return field

    def _tick(self, words: str) -> tuple[TickBox, QLabel]:
        box, said = TickBox(words), label("", "secondary", wrap=True)
        said.setContentsMargins(GAP.xl, 0, 0, 0)
        self.add_pair(box, said)
        return box, said

    def begin(self, entry: Entry) -> None:
        """Start with what the model says of itself."""
        spec = entry.spec
        self.title.setText(f"Export {entry.name}")
        self.about.setFixedHeight(_LINES * self.about.fontMetrics().lineSpacing() + 2 * GAP.s)
        self.name.setText(entry.name)
        self.version.setText(spec.version if spec is not None else "1.0.0")
        self.author.setText(spec.author if spec is not None else "")
        self.licence.setText(spec.license if spec is not None else "")
        self.about.setPlainText(spec.description if spec is not None else "")
        self.learn.setChecked(entry.learns)
        self.learn.setEnabled(entry.learns)
        self._learn.setText(_LEARN if entry.learns else _STAYS)
        self.corrections.setChecked(False)
        self.corrections.setEnabled(entry.learned > 0)
        self.sign.setChecked(False)
        self.show_key("")
        self.show_problem("")
        self.area.verticalScrollBar().setValue(0)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_key(self, fingerprint: str) -> None:
        """The person's key; "" when there is none yet."""
        self._sign.setText(_KEY.format(fingerprint=fingerprint) if fingerprint else _NO_KEY)

    def show_problem(self, sentence: str) -> None:
        """Why it can't be saved as it is wished; "" for nothing."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        self._go.setEnabled(True)
        if sentence:
            self.area.ensureWidgetVisible(self._problem)

    def wait(self) -> None:
        """It is being saved."""
        self._go.setEnabled(False)

    def let_go(self) -> None:
        """It was saved, or could not be: another wish may come."""
        self._go.setEnabled(True)

    def _agree(self) -> None:
        if not self._go.isEnabled():
            return
        self.show_problem("")
        if not self.name.text().strip():
            self.show_problem("A model needs a name; type one.")
        elif self.sign.isChecked() and not self.author.text().strip():
            self.show_problem("A signature needs the name of its author; type one.")
        else:
            self.agreed.emit(
                ExportWish(
                    self.name.text(),
                    self.version.text(),
                    self.author.text(),
                    self.licence.text(),
                    self.about.toPlainText(),
                    learn=self.learn.isChecked(),
                    corrections=self.corrections.isChecked(),
                    sign=self.sign.isChecked(),
                )
            )
