"""The inspector: the current picture with its labels over it, what a person can say of it, facts, and its history."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from desktop.actions.facts import Pixels
from desktop.pages.dataset.details import Details
from desktop.pages.dataset.label_editor import LabelEditor
from desktop.pages.dataset.state import DatasetState
from desktop.theme import GAP
from desktop.widgets.facts import Facts
from desktop.widgets.fold import Fold
from desktop.widgets.image_view import ImageView
from desktop.widgets.labels import Elided, IconButton, button, label
from desktop.widgets.pixels import to_image
from desktop.widgets.zoom_tools import ZoomTools

__all__ = ["Inspector"]

_MOST_CHARACTERS = 160
"""Of a value of which more may be known than one reads; the whole is its tip."""

_NOTHING = (
    "Choose a picture to see it large, and to say what it is.",
    "Arrow keys move, Shift selects more. Drag pictures onto a category at the left, or press its number.",
)


class Inspector(QFrame):
    """Shows one item; at once what the grid knows, and the rest when it has been read.

    Signals:
        trash_wanted: the selected pictures are to go into the trash.
        restore_wanted: they are to come back from it.

    Attributes:
        editor: the labels.
    """

    trash_wanted = Signal()
    restore_wanted = Signal()

    def __init__(self, state: DatasetState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self._state = state
        self._number = -1
        self._details: Details | None = None
        self._plain: QImage | None = None
        self._over: QImage | None = None
        self._pages = QStackedWidget()
        self._pages.addWidget(_hint())
        self._pages.addWidget(self._detail())
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.addWidget(self._pages)

    def _detail(self) -> QWidget:
        body = QWidget()
        body.setObjectName("inspector_body")
        body.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(body)
        column.setContentsMargins(GAP.lg, GAP.lg, GAP.lg, GAP.lg)
        column.setSpacing(GAP.m)
        self._view = ImageView()
        self._view.setMinimumHeight(176)
        self._name = Elided("", "section")
        self._problem = label("", "bad", wrap=True)
        self.editor = LabelEditor(self._state)
        self._facts = Facts()
        self._history = Facts()
        self._fold = Fold("History", self._history)
        self._about = Facts(most=_MOST_CHARACTERS)
        self._about_fold = Fold("More about it", self._about)
        self.restore = button("Restore from the trash", on_click=self.restore_wanted.emit)
        column.addWidget(self._view, 1)
        column.addLayout(self._tools())
        for one in (self._name, self._problem, self.restore, self.editor, self._facts, self._about_fold, self._fold):
            column.addWidget(one)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        return area

    def _tools(self) -> QHBoxLayout:
        row = ZoomTools(self._view)
        self._eye = IconButton("eye", "Show the labels in the picture", self._swap)
        self._eye.setCheckable(True)
        self._eye.setChecked(True)
        self._trash = IconButton("trash-2", "To the trash (Delete)", self.trash_wanted.emit)
        row.addWidget(self._eye)
        row.addWidget(IconButton("folder-open", "Open the folder it is in", self._open_folder))
        row.addWidget(self._trash)
        return row

    # -- showing ------------------------------------------------------------------------------------------------------

    def show_nothing(self) -> None:
        """Nothing is selected."""
        self._number, self._details = -1, None
        self._pages.setCurrentIndex(0)

    def show_item(self, number: int, selected: int) -> None:
        """Show an item of which the rest is still to be read; one that is shown already stays as it is meanwhile."""
        item = self._state.cache.get(number)
        if number != self._number:
            self._number, self._details = number, None
            self._plain = self._over = None
            self._view.set_image(None)
            self._problem.hide()
            self._eye.hide()
        self._pages.setCurrentIndex(1)
        if item is not None:
            self._name.set_text(item.name)
        trashed = self._state.shown is not None and self._state.shown.wanted.trashed
        self.restore.setVisible(trashed)
        self._trash.setVisible(not trashed)
        notes = self._details.notes if self._details is not None else {}
        self.editor.show_item(number, selected, notes)
        self.editor.setEnabled(not trashed)

    def show_details(self, number: int, details: Details | None, selected: int) -> None:
        """The rest has been read; ignored when another item is shown by now."""
        if number != self._number or details is None:
            return
        again = self._details is not None
        self._details = details
        self._plain, self._over = _image(details.pixels), _image(details.painted)
        self._name.set_text(details.item.name)
        self._problem.setText(details.problem)
        self._problem.setVisible(bool(details.problem))
        self._eye.setVisible(self._over is not None)
        shown = self._shown()
        if again and shown is not None:
            self._view.swap_image(shown)
        else:
            self._view.set_image(shown, reduced=details.reduced, message="There is no picture to show.")
        self._facts.set_facts(details.facts)
        self._history.set_facts(details.history)
        self._fold.setVisible(bool(details.history))
        self._about.set_facts(details.about)
        self._about_fold.setVisible(bool(details.about))
        self.editor.show_item(number, selected, details.notes)

    def focus_picture(self) -> None:
        """Give the keyboard to the picture, for its zoom keys."""
        self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _shown(self) -> QImage | None:
        return self._over if self._over is not None and self._eye.isChecked() else self._plain

    def _swap(self) -> None:
        shown = self._shown()
        if shown is not None:
            self._view.swap_image(shown)

    def _open_folder(self) -> None:
        if self._details is not None:
            path = self._details.item.place.source.path
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def _hint() -> QWidget:
    page = QWidget()
    page.setObjectName("inspector_body")
    column = QVBoxLayout(page)
    column.setContentsMargins(GAP.xl, GAP.xl, GAP.xl, GAP.xl)
    column.setSpacing(GAP.s)
    column.addStretch(1)
    column.addWidget(label("Nothing selected", "section"), 0, Qt.AlignmentFlag.AlignHCenter)
    for words in _NOTHING:
        said = label(words, "secondary", wrap=True)
        said.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(said)
    column.addStretch(1)
    return page


def _image(pixels: Pixels | None) -> QImage | None:
    return None if pixels is None else to_image(pixels.width, pixels.height, pixels.data)
