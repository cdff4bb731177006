from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from desktop.widgets.preview_grid import Preview, PreviewGrid
from tests.desktop.widgets.stage import QUIET, stage, themed


def image(colour: str) -> QImage:
    made = QImage(40, 30, QImage.Format.Format_RGB32)
    made.fill(QColor(colour))
    return made


@QUIET
@pytest.mark.parametrize(("width", "height", "side"), [(640, 480, 154), (1280, 200, 99), (200, 1300, 101)])
def test_pictures_are_as_large_as_they_all_fit(qtbot: QtBot, width: int, height: int, side: int) -> None:
    grid = PreviewGrid("Variants", 12)
    grid.setMinimumSize(1, 1)
    stage(qtbot, grid, width, height)
    assert abs(grid.side - side) <= 1


@QUIET
@pytest.mark.parametrize("look", ["light", "dark"])
def test_each_picture_is_in_its_place(qtbot: QtBot, look: str) -> None:
    with themed(QApplication.instance(), look):  # type: ignore[arg-type]
        grid = PreviewGrid("Variants", 4)
        stage(qtbot, grid, 408, 408)
        grid.set_preview(0, Preview(image("#ff0000"), "Original", "As it is"))
        grid.set_preview(3, Preview(image("#00ff00"), "", "Rotate, Blur"))
        grid.set_preview(1, Preview(None, "", "can't be read"))
        seen = grid.grab().toImage()
        assert seen.pixelColor(100, 100) == QColor("#ff0000")
        assert seen.pixelColor(308, 308) == QColor("#00ff00")
        assert [one.words for one in grid.previews] == ["As it is", "can't be read", "", "Rotate, Blur"]
        grid.clear()
        assert grid.grab().toImage().pixelColor(100, 100) != QColor("#ff0000")


@QUIET
def test_the_tip_says_what_was_done(qtbot: QtBot) -> None:
    grid = PreviewGrid("Variants", 4)
    stage(qtbot, grid, 408, 408)
    grid.set_preview(3, Preview(image("#00ff00"), "", "Rotate, Blur"))
    where = QPoint(308, 308)
    QApplication.sendEvent(grid, QHelpEvent(QHelpEvent.Type.ToolTip, where, grid.mapToGlobal(where)))
    assert QToolTip.text() == "Rotate, Blur"
    QToolTip.hideText()
