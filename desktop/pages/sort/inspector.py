"""The inspector: the picture of the current item, what the model says about it and what a person can say, and facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from desktop.actions.facts import Facts as FileFacts
from desktop.actions.facts import file_size
from desktop.labelling import LABELLERS
from desktop.labelling.categories import CategoriesLabeller
from desktop.pages.sort.items import Item
from desktop.pages.sort.second_opinion import SecondOpinion
from desktop.results import PAINTED, WIDGETS
from desktop.results.painted import painted
from desktop.results.pane import ResultPane
from desktop.theme import GAP
from desktop.widgets.facts import Facts
from desktop.widgets.image_view import ImageView
from desktop.widgets.labels import Elided, IconButton, label
from desktop.widgets.thumb_row import Thumb, ThumbRow
from desktop.widgets.zoom_tools import ZoomTools

if TYPE_CHECKING:  # NumPy comes with it, and the window is painted before that is loaded
    from models.heads import Result
    from models.heads.categories import CategoriesResult

__all__ = ["Inspector"]

_TALL = 900  # from this height on, nine suggestions have room
_UNKNOWN = "unknown"  # models.heads.categories.UNKNOWN, which comes with NumPy; a test holds them equal


class Inspector(QFrame):
    """Shows one item; ``show_item`` at once, ``show_picture`` and ``show_nearest`` when they have been loaded.

    Signals:
        labelled: head and name: what a person says that the selected items are.
        cant_tell: head: the person can't tell.
        cleared: head: the person takes back what was said.
        left: the keyboard may go back to the grid.
        head_changed: the keys are for another head now.

    Attributes:
        head: that the keys are for.
        second_opinion: what asks the online model about the item.
    """

    labelled = Signal(str, str)
    cant_tell = Signal(str)
    cleared = Signal(str)
    left = Signal()
    head_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self._kinds: dict[str, str] = {}
        self._labellers: dict[str, CategoriesLabeller] = {}
        self._panes: dict[str, ResultPane] = {}  # of heads that can't be labelled by hand
        self._picture: QImage | None = None
        self._painted: Result | None = None
        self._refusal: Callable[[str], str | None] = lambda _: None
        self.head = ""
        self._pages = QStackedWidget()
        self._pages.addWidget(self._hint())
        self._pages.addWidget(self._detail())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self._item: Item | None = None

    def _hint(self) -> QWidget:
        page = QWidget()
        page.setObjectName("inspector_body")
        column = QVBoxLayout(page)
        column.setContentsMargins(GAP.xl, GAP.xl, GAP.xl, GAP.xl)
        column.setSpacing(GAP.s)
        column.addStretch(1)
        column.addWidget(label("Nothing selected", "section"), 0, Qt.AlignmentFlag.AlignHCenter)
        for words in (
            "Choose a picture to see it large, and to say what it is.",
            "Arrow keys move, Shift selects more. Click a heading to select all under it, or drag pictures onto it.",
        ):
            said = label(words, "secondary", wrap=True)
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
        self._view.setMinimumHeight(176)
        self._name = Elided("", "section")
        self._problem = label("", "bad", wrap=True)
        self._answers = QVBoxLayout()
        self._answers.setSpacing(GAP.lg)
        self._joint = label("", "secondary", wrap=True)
        self.second_opinion = SecondOpinion()
        self.second_opinion.chosen.connect(lambda name: self.labelled.emit(self.head, name))
        self._near_title = label("Most like these, which are known", "secondary")
        self._near = ThumbRow()
        self._facts = Facts()
        self._column.addWidget(self._view, 1)
        self._column.addLayout(self._tools())
        for one in (self._name, self._problem):
            self._column.addWidget(one)
        self._column.addLayout(self._answers)
        for below in (self._joint, self.second_opinion, self._near_title, self._near, self._facts):
            self._column.addWidget(below)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        return area

    def _tools(self) -> QHBoxLayout:
        row = ZoomTools(self._view)
        self._eye = IconButton("eye", "Show the answer in the picture", self._paint_again)
        self._eye.setCheckable(True)
        self._eye.setChecked(True)
        self._eye.hide()
        row.addWidget(self._eye)
        row.addWidget(IconButton("folder-open", "Open the folder it is in", self._open_folder))
        return row

    # -- showing ------------------------------------------------------------------------------------------------------

    def show_nothing(self) -> None:
        """Nothing is selected."""
        self._item = None
        self._pages.setCurrentIndex(0)

    def show_item(self, item: Item, selected: int, model: str, names: Mapping[str, Sequence[str]]) -> bool:
        """Show an item.

        Args:
            item: the current one.
            selected: how many are selected with it.
            model: the name of the model.
            names: head -> every category a person can give without making one.

        Returns:
            Whether it is another item than before, whose picture is wanted.
        """
        changed = self._item is not item
        self._item = item
        self._pages.setCurrentIndex(1)
        self._name.set_text(item.source.name)
        self._problem.setText(str(item.failure.error) if item.failure else "Still to be looked at.")
        self._problem.setVisible(item.answer is None)
        self._show_answer(item, selected, names)
        if changed:
            self.second_opinion.clear()
            self._picture = self._painted = None
            self._view.set_image(None)
            self._near.set_thumbs(())  # its room stays, and that of the facts: what is under the pointer must not move
            self._facts.set_facts(_facts(item, None, model, loading=True))
        elif self._to_paint() is not self._painted:
            self._paint_again()
        return changed

    def show_picture(self, item: Item, image: QImage | None, facts: FileFacts | None, model: str) -> None:
        """The picture of ``item`` has been loaded, or there is none. Ignored when another item is shown by now."""
        if item is not self._item:
            return
        reduced = facts.width / image.width() if facts is not None and image is not None else 1.0
        self._picture = image
        self._view.set_image(self._with_answer(), reduced=reduced, message="There is no picture to show.")
        self._facts.set_facts(_facts(item, facts, model))

    def show_nearest(self, item: Item, thumbs: Sequence[Thumb]) -> None:
        """The labelled examples most like ``item``; ignored when another item is shown by now."""
        if item is self._item:
            self._near.set_thumbs(thumbs)
            self._near_title.setVisible(bool(thumbs))
            self._near.setVisible(bool(thumbs))

    def _to_paint(self) -> Result | None:
        """The answer that the picture is to be shown with: the first head's, where it is of such a kind."""
        answer = self._item.answer if self._item is not None else None
        if answer is None or answer.heads[answer.first].kind not in PAINTED or not self._eye.isChecked():
            return None
        return answer.heads[answer.first]

    def _with_answer(self) -> QImage | None:
        self._painted = self._to_paint()
        if self._picture is None or self._painted is None:
            return self._picture
        return painted(self._painted, self._picture)

    def _paint_again(self) -> None:
        """The answer is another one, or is to be seen no longer; zoom and place stay."""
        shown = self._with_answer()
        if shown is not None:
            self._view.swap_image(shown)

    def focus_picture(self) -> None:
        """Give the keyboard to the picture, for its zoom keys."""
        self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- what a person says -------------------------------------------------------------------------------------------

    def set_refusal(self, refusal: Callable[[str], str | None]) -> None:
        """What is wrong with a new category's name, in a sentence, or None."""
        self._refusal = refusal
        for labeller in self._labellers.values():
            labeller.set_refusal(refusal)

    @property
    def labels(self) -> bool:
        """Whether a person can say anything about the head that the keys are for."""
        return self.head in self._labellers

    def handle_key(self, event: QKeyEvent) -> bool:
        """Do what a key pressed in the grid means for the item shown; whether it means anything."""
        labeller = self._labellers.get(self.head)
        if self._item is None or self._item.answer is None or labeller is None:
            return False
        return labeller.handle_key(event)

    def next_head(self) -> None:
        """Let the keys be for the next question."""
        names = list(self._labellers)
        if self.head in names:
            self.set_head(names[(names.index(self.head) + 1) % len(names)])

    def set_head(self, head: str) -> None:
        """Let the keys be for ``head``."""
        if head == self.head:
            return
        self.head = head
        self._light()
        self.head_changed.emit(head)

    def _light(self) -> None:
        several = len(self._kinds) > 1
        for name, labeller in self._labellers.items():
            labeller.set_head(name if several else "", active=name == self.head)

    def _show_answer(self, item: Item, selected: int, names: Mapping[str, Sequence[str]]) -> None:
        heads = item.answer.heads if item.answer is not None else {}
        kinds = {name: result.kind for name, result in heads.items()}
        if heads and list(kinds.items()) != list(self._kinds.items()):
            self._make_answers(kinds)
        self._eye.setVisible(next(iter(kinds.values()), "") in PAINTED)
        for name, pane in self._panes.items():
            pane.setVisible(name in heads)
            if name in heads:
                pane.show_result(heads[name])
        for name, labeller in self._labellers.items():
            labeller.setVisible(name in heads)
            if item.answer is not None and name in heads:
                result = cast("CategoriesResult", heads[name])  # the one kind in ``LABELLERS``
                labeller.show_result(result, names.get(name, ()), item.answer.labels.get(name), selected)
        self._joint.setText(_joint_text(item))
        self._joint.setVisible(bool(self._joint.text()))

    def _make_answers(self, kinds: Mapping[str, str]) -> None:
        while (old := self._answers.takeAt(0)) is not None:
            widget = old.widget()
            if widget is not None:
                widget.hide()  # at once; deleting waits for the event loop
                widget.deleteLater()
        self._kinds, self._labellers, self._panes = dict(kinds), {}, {}
        for name, kind in kinds.items():
            if kind not in LABELLERS:
                self._panes[name] = ResultPane(WIDGETS[kind], name if len(kinds) > 1 else "")
                self._answers.addWidget(self._panes[name])
                continue
            labeller = LABELLERS[kind](_UNKNOWN)
            labeller.labelled.connect(partial(self.labelled.emit, name))
            labeller.cant_tell.connect(partial(self.cant_tell.emit, name))
            labeller.cleared.connect(partial(self.cleared.emit, name))
            labeller.left.connect(self.left)
            labeller.wanted.connect(partial(self.set_head, name))
            labeller.set_refusal(self._refusal)
            labeller.set_tall(self.height() >= _TALL)
            self._labellers[name] = labeller
            self._answers.addWidget(labeller)
        if self.head not in self._labellers:
            self.head = next(iter(self._labellers), next(iter(kinds)))
        self._light()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A high window has room for more suggestions."""
        super().resizeEvent(event)
        for labeller in self._labellers.values():
            labeller.set_tall(self.height() >= _TALL)

    def _open_folder(self) -> None:
        if self._item is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._item.source.path.parent)))


def _joint_text(item: Item) -> str:
    """What the table of known combinations has to say, where it says anything else than the heads."""
    joint = item.answer.reply.joint if item.answer is not None else None
    if joint is None:
        return ""
    pair = " + ".join(joint.categories)
    sure = f"{joint.confidence * 100:.0f} %"
    if not joint.known:
        return f"Together {pair}, {sure}: not in the table of known combinations."
    return f"Together {pair}, {sure}" + (", as such a combination is known." if joint.changed else ".")


def _facts(item: Item, facts: FileFacts | None, model: str, *, loading: bool = False) -> list[tuple[str, str]]:
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
    elif loading:
        rows += [("Format", ""), ("Size", "")]
    if item.answer is not None:
        rows.append(("Model", model))
    return rows
