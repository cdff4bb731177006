"""The card of the engines: PyTorch and TensorFlow, what they are fetched for and through what, and the log."""

from __future__ import annotations

from functools import partial
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.pages.settings.engine_control import EngineControl
from desktop.pages.settings.engine_row import EngineRow
from desktop.pages.settings.engine_words import PURPOSES, device_choices
from desktop.theme import GAP
from desktop.widgets.card import Card
from desktop.widgets.choice import Choice
from desktop.widgets.fold import Fold
from desktop.widgets.labels import label

__all__ = ["EngineCard"]

_ABOUT = (
    "PyTorch and TensorFlow are large and not part of the program. What needs one of them asks first; each is kept in "
    "a folder of its own, and runs in a process of its own."
)
_LINES = 12  # of the log, at once
_EMPTY = "Nothing has been installed yet."


class EngineCard(Card):
    """Shows and changes the engines.

    Signals:
        install_wanted: name of the variant of which the person wants to see what installing costs, and whether to bring
            a Python of their own.
    """

    install_wanted = Signal(str, bool)

    def __init__(self, control: EngineControl, parent: QWidget | None = None) -> None:
        super().__init__("Engine", parent)
        self._control = control
        settings = control.engines.settings.settings
        self.add_row("", label(_ABOUT, "secondary", wrap=True))
        self.rows = {name: EngineRow(name, control) for name in PURPOSES}
        for name, row in self.rows.items():
            row.install_wanted.connect(partial(self.install_wanted.emit, name))
            row.log_wanted.connect(self.show_log)
            self.add_row(PURPOSES[name].title, row, tall=True)
        self.devices = Choice(device_choices(settings.engine_device), settings.engine_device)
        self.devices.chosen.connect(control.engines.set_device)
        self.add_row("Install PyTorch for", self.devices)
        self.proxy = self._address("proxy", settings.proxy, "As the system says", "Proxy")
        self.index = self._address("engine_index", settings.engine_index, "https://pypi.org/simple", "Package index")
        self.add_row("", self._log_fold())
        control.engines.changed.subscribe(lambda _: self._follow())
        control.add_view(self)

    def _address(self, name: Literal["proxy", "engine_index"], text: str, hint: str, title: str) -> QLineEdit:
        field = QLineEdit(text, placeholderText=hint)
        field.setAccessibleName(title)
        wrong = label("", "bad", wrap=True)
        wrong.hide()
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.xs)
        column.addWidget(field)
        column.addWidget(wrong)

        def say(problem: str) -> None:
            wrong.setText(problem)
            wrong.setVisible(bool(problem))

        def keep() -> None:
            if not field.isModified():  # left as it was: what is said of it stays
                return
            field.setModified(False)
            engines, typed = self._control.engines, field.text().strip()
            before = getattr(engines.settings.settings, name)
            problem = engines.set_address(name, typed)
            say(problem)
            if not problem:
                field.setText(getattr(engines.settings.settings, name))  # the password has gone where it is safe
                if "@" in before + typed:
                    self._control.keep_password(typed, before, say)

        field.editingFinished.connect(keep)
        self.add_row(title, both)
        return field

    def _log_fold(self) -> Fold:
        self._log = QPlainTextEdit(readOnly=True, tabChangesFocus=True)
        self._log.setAccessibleName("Log of the installations")
        self._log.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.fold = Fold("Log of the installations", self._log)
        self.fold.opened.connect(lambda opened: self._control.read_log(self._show_log) if opened else None)
        return self.fold

    def show_log(self) -> None:
        """Open the log, as it is now."""
        if self.fold.button.isChecked():
            self._control.read_log(self._show_log)
        self.fold.set_open(True)

    def _show_log(self, text: str) -> None:
        lines = max(2, min(_LINES, text.count("\n") + 1))
        self._log.setFixedHeight(lines * self._log.fontMetrics().lineSpacing() + 2 * GAP.s)
        self._log.setPlainText(text or _EMPTY)
        self._log.moveCursor(QTextCursor.MoveOperation.End)
        self._log.ensureCursorVisible()

    def _follow(self) -> None:
        """The device may have been chosen elsewhere."""
        chosen = self._control.engines.settings.settings.engine_device
        self.devices.set_value(chosen)
        self.devices.setEnabled(self._control.engines.work is None)
