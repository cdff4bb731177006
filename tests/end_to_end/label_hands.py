"""The hands of a person on the canvas of the Label tab: events go to the window itself, as the system sends them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

from tests.end_to_end.dataset_hands import CONTROL, NONE, Key
from tests.end_to_end.labelling_hands import LabelHands
from training.datasets.heads import HeadDef
from training.datasets.values import Value

__all__ = ["LEFT", "CanvasHands", "choose_file"]

LEFT = Qt.MouseButton.LeftButton
Place = tuple[float, float]


class CanvasHands(LabelHands):
    """Keys, and a mouse whose places are pixels of the picture."""

    def ask(self, *heads: HeadDef) -> None:
        """Ask further questions."""
        store, dataset = self.page.state.store, self.page.state.selected or 0
        store.set_heads(dataset, [*store.dataset(dataset).heads, *heads])
        self.page.acting.look()
        self.rest()

    def turn_to(self, head: str, item: int) -> None:
        """Show a picture with a question."""
        while self.page.state.head != head:
            self.tap(Key.Key_Tab, held=CONTROL)
        self.tab.course.go(item)
        self.wait(lambda: self.tab.course.labelling.current == item and self.tab.course.head == head)
        self.ready()
        self.wait(lambda: max(self.tab.stage.canvas.picture_size) > 1)
        self.tab.stage.canvas.setFocus()

    def value(self, head: str, item: int) -> Value | None:
        """What the workspace has, once everything is saved."""
        self.kept()
        return self.item(item).labels.get(head)

    def steps(self) -> list[str]:
        """What was done to the dataset, the last thing first."""
        self.kept()
        return [one.action for one in self.page.state.store.steps(self.page.state.selected or 0)]

    def tool(self, key: str) -> QWidget:
        """A button of the toolbar over the canvas."""
        return self.tab.stage._tools[key][0]

    # -- keys ---------------------------------------------------------------------------------------------------------

    @property
    def handle(self) -> QWindow:
        found = self.window.windowHandle()
        assert found is not None
        return found

    def tap(self, *keys: Key, held: Qt.KeyboardModifier = NONE) -> None:
        """Press keys, one after the other."""
        for key in keys:
            QTest.keyClick(self.handle, key, held)

    # -- the mouse ----------------------------------------------------------------------------------------------------

    def exact(self, x: float, y: float) -> Place:
        """Where in the picture the whole pixel of the screen lies that a hand at (x, y) hits."""
        canvas = self.tab.stage.canvas
        found = canvas.to_picture(QPointF(canvas.to_view(QPointF(x, y)).toPoint()))
        return found.x(), found.y()

    def _at(self, place: Place) -> QPoint:
        canvas = self.tab.stage.canvas
        return canvas.viewport().mapTo(self.window, canvas.to_view(QPointF(*place)).toPoint())

    def click_at(self, *places: Place, held: Qt.KeyboardModifier = NONE) -> None:
        """Click on one place of the picture after the other."""
        for place in places:
            QTest.mouseMove(self.handle, self._at(place))
            QTest.mousePress(self.handle, LEFT, held, self._at(place))
            QTest.mouseRelease(self.handle, LEFT, held, self._at(place))

    def drag(self, *path: Place, held: Qt.KeyboardModifier = NONE) -> None:
        """Press at the first place, let go at the last."""
        QTest.mouseMove(self.handle, self._at(path[0]))
        QTest.mousePress(self.handle, LEFT, held, self._at(path[0]))
        for place in path[1:]:
            QTest.mouseMove(self.handle, self._at(place))
        QTest.mouseRelease(self.handle, LEFT, held, self._at(path[-1]))

    def click(self, widget: QWidget) -> None:
        """Click in the middle of a widget."""
        QTest.mouseClick(self.handle, LEFT, NONE, widget.mapTo(self.window, widget.rect().center()))


def choose_file(path: Path) -> None:
    """Answer the file chooser that comes next."""

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            QTimer.singleShot(20, answer)
            return
        dialog.findChildren(QLineEdit)[0].setText(str(path))
        dialog.accept()

    QTimer.singleShot(0, answer)
