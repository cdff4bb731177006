from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.results import PAINTED, WIDGETS
from desktop.results.bars import Bar, Bars
from desktop.results.painted import painted
from desktop.results.pane import ResultPane
from desktop.theme import DARK, LIGHT
from models.heads import KINDS
from models.heads.painting import hex_colour
from tests.desktop.results.made import (
    boxes_result,
    categories_result,
    grade_result,
    image_result,
    mask_result,
    tags_result,
)
from tests.desktop.widgets.stage import QUIET, settle, stage, themed

pytestmark = QUIET

RESULTS = {
    "categories": categories_result(),
    "tags": tags_result(0.7, 0.2, 0.9),
    "grade": grade_result(8.3),
    "mask": mask_result(),
    "boxes": boxes_result(),
    "image": image_result(),
}


def shown(qtbot: QtBot, result: Any) -> QWidget:
    widget = WIDGETS[result.kind](result)
    stage(qtbot, widget, 320, max(60, widget.sizeHint().height()))
    return widget


def words(widget: QWidget) -> list[str]:
    return [one.text() for one in widget.findChildren(QLabel) if one.isVisible()]


def rows(widget: QWidget) -> list[tuple[str, str]]:
    return [(row.name, row.words) for row in widget.findChild(Bars).rows]


def colours(widget: QWidget) -> set[str]:
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name().upper() for x in range(image.width()) for y in range(image.height())}


def test_every_kind_is_shown_here() -> None:
    assert set(WIDGETS) == set(KINDS) == set(RESULTS)


def test_a_mask_is_a_legend(qtbot: QtBot) -> None:
    widget = shown(qtbot, RESULTS["mask"])
    assert words(widget) == ["What is where, sure to 92 %"]
    assert rows(widget) == [("Background", "50 %"), ("Drawer", "25 %"), ("Handle", "25 %")]
    assert [row.swatch for row in widget.findChild(Bars).rows] == ["", hex_colour(1), hex_colour(3)]
    assert {hex_colour(1), hex_colour(3)} <= colours(widget)
    assert hex_colour(0) not in colours(widget)


def test_boxes_are_counted(qtbot: QtBot) -> None:
    widget = shown(qtbot, RESULTS["boxes"])
    assert words(widget) == ["3 things found; each bar is the best of its kind"]
    assert rows(widget) == [("Handle × 2", "87 %"), ("Frame", "50 %")]
    assert {hex_colour(3), hex_colour(2)} <= colours(widget)


def test_tags_that_apply_are_named_and_all_have_a_mark(qtbot: QtBot) -> None:
    widget = shown(qtbot, RESULTS["tags"])
    assert words(widget) == ["It is wet, dirty"]
    assert rows(widget) == [("wet", "90 %"), ("dirty", "70 %"), ("scratched", "20 %")]
    assert [row.strong for row in widget.findChild(Bars).rows] == [True, True, False]
    assert words(shown(qtbot, tags_result(0.3, 0.2, 0.1))) == ["None reaches 50 %"]


def test_a_grade_is_said_in_words(qtbot: QtBot) -> None:
    widget = shown(qtbot, RESULTS["grade"])
    assert words(widget) == ["8.3 of 10"]
    [row] = widget.findChild(Bars).rows
    assert (row.name, row.words, row.fraction) == ("1", "10", pytest.approx(7.3 / 9))
    assert words(shown(qtbot, grade_result(8.3, "poor", "fair", "good"))) == ["8.3 of 10", "Nearest: good"]


def test_a_picture_is_told_by_its_size(qtbot: QtBot) -> None:
    said = words(shown(qtbot, RESULTS["image"]))
    assert said[1:] == ["Answer", "16 × 8 pixels"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_can_be_read_in_light_and_dark(qtbot: QtBot, qapp: QApplication, kind: str, theme: str) -> None:
    with themed(qapp, theme):
        seen = colours(shown(qtbot, RESULTS[kind]))
    mine, other = (LIGHT, DARK) if theme == "light" else (DARK, LIGHT)
    assert mine.window in seen
    assert mine.text in seen
    assert other.window not in seen


def test_the_mark_is_where_it_says(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp):
        bars = Bars([Bar("", 0.0, "")], mark=0.5)
        qtbot.addWidget(bars)
        bars.resize(220, bars.sizeHint().height())
        image = bars.grab().toImage()
    ink = [x for x in range(image.width()) if image.pixelColor(x, 6) != image.pixelColor(0, 6)]
    left, right = 12 + 1, 220 - 8  # the gaps beside name and words
    assert ink
    assert all(abs(x - (left + right) / 2) <= 2 for x in ink)


def test_long_names_leave_room_for_the_bar_and_are_read_out(qtbot: QtBot) -> None:
    name = "a very long name that no inspector has room for " * 3
    bars = Bars([Bar(name, 0.5, "50 %", strong=True), Bar("short", 1.0, "100 %")])
    qtbot.addWidget(bars)
    bars.resize(200, bars.sizeHint().height())
    bars.show()
    settle()
    assert bars.accessibleName() == f"{name} 50 %, short 100 %"
    image = bars.grab().toImage()
    accent = QColor(LIGHT.accent).name()
    assert any(image.pixelColor(x, y).name() == accent for x in range(100, 200) for y in range(image.height() // 2))


def test_a_pane_shows_the_latest_result(qtbot: QtBot) -> None:
    pane = ResultPane(WIDGETS["tags"], "Faults")
    pane.show_result(RESULTS["tags"])
    stage(qtbot, pane, 300, 200)
    assert words(pane) == ["Faults", "It is wet, dirty"]
    before = pane.findChild(Bars)
    pane.show_result(RESULTS["tags"])
    assert pane.findChild(Bars) is before
    pane.show_result(tags_result(0.9, 0.1, 0.1))
    settle()
    assert words(pane) == ["Faults", "It is dirty"]


@pytest.mark.parametrize("width", [1, 2, 3, 41, 64])
def test_painting_over_a_picture_of_any_width(width: int) -> None:
    image = QImage(width, 20, QImage.Format.Format_RGB32)
    image.fill(QColor(100, 100, 100))
    pixels = np.full((20, width, 3), 100, np.uint8)
    for kind in PAINTED:
        shown_image = painted(RESULTS[kind], image)
        expected = RESULTS[kind].paint(pixels)
        assert (shown_image.width(), shown_image.height()) == (width, 20)
        for x, y in ((0, 0), (width - 1, 19), (width // 2, 10)):
            assert list(shown_image.pixelColor(x, y).toTuple()[:3]) == expected[y, x].tolist()
    assert image.pixelColor(0, 0) == QColor(100, 100, 100)


def test_what_is_not_painted_leaves_the_picture_alone() -> None:
    picture = np.zeros((4, 4, 3), np.uint8)
    for kind in set(KINDS) - PAINTED:
        assert RESULTS[kind].paint(picture) is picture
