"""The inspector: the picture of the current item, what the model says about it, and facts about its file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from desktop.actions.facts import Facts as FileFacts
from desktop.actions.facts import file_size
from desktop.pages.sort.state import Item
from desktop.results import WIDGETS
from desktop.theme import GAP
from desktop.widgets.facts import Facts
from desktop.widgets.image_view import ImageView
from desktop.widgets.labels import Elided, IconButton, label

__all__ = ["Inspector"]

_ZOOM = 1.25


class Inspector(QFrame):
    """Shows one item; ``show_item`` at once, ``show_picture`` when its picture has been loaded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self._pages = QStackedWidget()
        self._pages.addWidget(self._hint())
        self._pages.addWidget(self._detail())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self._item: Item | None = None
        self._answer: object = None

    def _hint(self) -> QWidget:
        page = QWidget()
        page.setObjectName("inspector_body")
        column = QVBoxLayout(page)
        column.setContentsMargins(GAP.xl, GAP.xl, GAP.xl, GAP.xl)
        column.setSpacing(GAP.s)
        column.addStretch(1)
        column.addWidget(label("Nothing selected", "section"), 0, Qt.AlignmentFlag.AlignHCenter)
        for words in (
            "Choose a picture to see it large,\nand how sure the answer is.",
            "Arrow keys move, Shift selects more.",
        ):
            said = label(words, "secondary")
            said.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(said)
        column.addStretch(1)
        return page

    def _detail(self) -> QWidget:
        body = QWidget()
        body.setObjectName("inspector_body")
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(GAP.lg, GAP.lg, GAP.lg, GAP.lg)
        self._column.setSpacing(GAP.m)
        self._view = ImageView()
        self._view.setMinimumHeight(240)
        self._view.zoom_changed.connect(lambda zoom: self._zoom.setText(f"{zoom * 100:.0f} %"))
        self._name = Elided("", "section")
        self._selected = label("", "secondary")
        self._problem = label("", "bad", wrap=True)
        self._answers = QVBoxLayout()
        self._answers.setSpacing(GAP.m)
        self._facts = Facts()
        self._column.addWidget(self._view, 1)
        self._column.addLayout(self._tools())
        self._column.addWidget(self._name)
        self._column.addWidget(self._selected)
        self._column.addWidget(self._problem)
        self._column.addLayout(self._answers)
        self._column.addWidget(self._facts)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        return area

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP.xs)
        self._zoom = label("", "secondary")
        row.addWidget(IconButton("zoom-out", "Smaller (-)", lambda: self._view.zoom(1 / _ZOOM)))
        row.addWidget(IconButton("zoom-in", "Larger (+)", lambda: self._view.zoom(_ZOOM)))
        row.addWidget(IconButton("maximize", "Whole picture (0)", self._view.fit))
        row.addWidget(IconButton("square", "Pixel for pixel (1)", self._view.actual_size))
        row.addWidget(self._zoom)
        row.addStretch(1)
        row.addWidget(IconButton("folder-open", "Open the folder it is in", self._open_folder))
        return row

    def show_nothing(self) -> None:
        """Nothing is selected."""
        self._item = None
        self._pages.setCurrentIndex(0)

    def show_item(self, item: Item, selected: int, model: str) -> bool:
        """Show ``item``, of ``selected`` items; returns whether it is another one, whose picture is wanted."""
        changed = self._item is not item
        answered = changed or self._answer is not item.answer
        self._item, self._answer = item, item.answer
        self._pages.setCurrentIndex(1)
        self._name.set_text(item.source.name)
        self._selected.setText(f"and {selected - 1:,} more selected")
        self._selected.setVisible(selected > 1)
        self._problem.setText(str(item.failure.error) if item.failure else "")
        self._problem.setVisible(item.failure is not None)
        if answered:
            self._show_answer(item)
        if changed:
            self._view.set_image(None)
            self._facts.set_facts(_facts(item, None, model))
        return changed

    def focus_picture(self) -> None:
        """Give the keyboard to the picture, for its zoom keys."""
        self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_picture(self, item: Item, image: QImage | None, facts: FileFacts | None, model: str) -> None:
        """The picture of ``item`` has been loaded, or there is none. Ignored when another item is shown by now."""
        if item is not self._item:
            return
        reduced = facts.width / image.width() if facts is not None and image is not None else 1.0
        self._view.set_image(image, reduced=reduced, message="There is no picture to show.")
        self._facts.set_facts(_facts(item, facts, model))

    def _show_answer(self, item: Item) -> None:
        while (old := self._answers.takeAt(0)) is not None:
            widget = old.widget()
            if widget is not None:
                widget.hide()  # at once; deleting waits for the event loop
                widget.deleteLater()
        if item.answer is None:
            if item.failure is None:
                self._answers.addWidget(label("Still to be looked at.", "secondary"))
            return
        for name, result in item.answer.heads.items():
            if len(item.answer.heads) > 1:
                self._answers.addWidget(label(name, "section"))
            self._answers.addWidget(WIDGETS[result.kind](result))

    def _open_folder(self) -> None:
        if self._item is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._item.source.path.parent)))


def _facts(item: Item, facts: FileFacts | None, model: str) -> list[tuple[str, str]]:
    source = item.source
    where = source.path.parent if source.member is None else source.path / Path(source.member).parent
    rows = [("Folder", str(where))]
    if facts is not None:
        depth = ", 16 bits a channel" if facts.bits == 16 else ""
        alpha = ", see-through parts" if facts.has_alpha else ""
        rows += [
            ("Format", f"{facts.format}{depth}{alpha}"),
            ("Size", f"{facts.width:,} × {facts.height:,} pixels, {file_size(facts.size)}"),
        ]
    if item.answer is not None:
        rows.append(("Model", model))
    return rows
