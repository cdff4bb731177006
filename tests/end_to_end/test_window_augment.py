"""A person sees what augmentation does, moves sliders, and writes copies: in a real window, with the real sample."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.actions.augmenting import load_settings
from desktop.pages.dataset.augment_view import AugmentView
from desktop.pages.dataset.augmenting import VARIANTS
from desktop.pages.dataset.copies_panel import CopiesWish
from desktop.widgets.range_slider import RangeSlider
from desktop.window import MainWindow
from tests.end_to_end.test_window_dataset import Hands

LEFT = Qt.MouseButton.LeftButton


class AugmentHands(Hands):
    """Goes to the tab with the sample, and waits for pictures."""

    def begin(self) -> None:
        self.sample()
        self.press("Augment")
        self.wait(lambda: "augment" in self.page.tabs and self.all_shown())

    @property
    def view(self) -> AugmentView:
        view = self.page.tabs["augment"]
        assert isinstance(view, AugmentView)
        return view

    @property
    def images(self) -> list[QImage]:
        return [one.image for one in self.view.grid.previews if one.image is not None]

    def all_shown(self) -> bool:
        return len(self.images) == VARIANTS

    def changed_from(self, before: list[QImage]) -> int:
        """How many variants look otherwise."""
        return sum(one != other for one, other in zip(before[1:], self.images[1:], strict=True))

    def bring_into_view(self, widget: QWidget) -> None:
        self.view._side.ensureWidgetVisible(widget)
        QTest.qWait(20)

    def drag(self, slider: RangeSlider, handle: int, value: float) -> None:
        """Drag a handle in ten steps, as a hand does."""
        self.bring_into_view(slider)
        start, end = slider.handle(handle), slider.x_of(value)
        QTest.mousePress(slider, LEFT, pos=start.toPoint())
        for step in range(1, 11):
            x = start.x() + (end - start.x()) * step / 10
            QTest.mouseMove(slider, QPoint(round(x), 10))
            QTest.qWait(5)
        QTest.mouseRelease(slider, LEFT, pos=QPoint(round(end), 10))


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> AugmentHands:
    made = AugmentHands(qtbot, window)
    made.begin()
    return made


def test_a_slider_changes_what_is_shown_and_is_kept(hands: AugmentHands) -> None:
    form = hands.view.form
    hands.view.state.set_preset("none")
    hands.wait(lambda: all(one.words == "Nothing happened to this one" for one in hands.view.grid.previews[1:]))
    plain = hands.images

    rotate = form.rows["rotate"]
    hands.bring_into_view(rotate.tick)
    QTest.mouseClick(rotate.tick, LEFT, pos=QPoint(12, rotate.tick.height() // 2))
    hands.wait(lambda: any("Rotate" in one.words for one in hands.view.grid.previews))
    hands.wait(lambda: 0 < hands.changed_from(plain) < VARIANTS)

    rotate.probability.setFocus()
    QTest.keyClick(rotate.probability, Qt.Key.Key_End)
    hands.wait(lambda: all(one.words == "Rotate" for one in hands.view.grid.previews[1:]))
    before = hands.images
    hands.drag(rotate.ranges["degrees"], 1, 90)
    settings = hands.view.state.settings
    assert settings is not None
    low, high = settings.config.rotate.degrees
    assert low == -15
    assert high == pytest.approx(90, abs=4)
    assert settings.config.rotate.probability == 1
    hands.wait(lambda: hands.changed_from(before) == VARIANTS - 1)
    assert hands.images[0] == before[0]

    dataset = hands.view.state.dataset
    assert dataset is not None
    hands.wait(lambda: load_settings(dataset) == hands.view.state.settings)
    assert form.preset.value == ""
    hands.press("Reset")
    hands.wait(lambda: form.preset.value != "")


def test_another_draws_anew_and_next_shows_another_picture(hands: AugmentHands) -> None:
    before = hands.images
    hands.press("Another")
    hands.wait(lambda: hands.changed_from(before) > 0)
    QTest.qWait(50)
    assert hands.images[0] == before[0]
    assert "Picture 1 of 64" in hands.words
    hands.press("Next")
    hands.wait(lambda: hands.all_shown() and hands.images[0] != before[0])
    assert "Picture 2 of 64" in hands.words
    hands.press("Previous")
    hands.press("Previous")
    hands.wait(lambda: "Picture 64 of 64" in hands.words)


def test_the_picture_that_is_chosen_is_the_one_that_is_shown(hands: AugmentHands) -> None:
    hands.press("Images")
    hands.select(hands.shown[20])
    hands.press("Augment")
    hands.wait(lambda: "Picture 21 of 64" in hands.words)
    hands.wait(lambda: hands.view.state.item == hands.shown[20])


def test_groups_fold_and_presets_fill_the_form(hands: AugmentHands) -> None:
    form = hands.view.form
    assert not form.rows["noise"].isVisible()
    QTest.mouseClick(form.folds["camera"].button, LEFT)
    assert form.rows["noise"].isVisible()
    form.preset.setFocus()
    while form.preset.value != "parts":
        QTest.keyClick(form.preset, Qt.Key.Key_Down)
    assert form.rows["noise"].tick.isChecked()
    assert form.folds["camera"].button.text().strip() == "Camera, 2 on"
    assert "Decided on together: Rotate" in hands.words or "Decided on together: Shift" in hands.words


def test_copies_are_written_with_their_labels(hands: AugmentHands, tmp_path: Path) -> None:
    hands.press("Write copies")
    hands.wait(lambda: "Copies of Sample" in hands.words)
    hands.view.write(CopiesWish(2, None, full_size=False, format="folders"), tmp_path / "copies")
    hands.wait(lambda: "128 pictures written to copies." in hands.receipts)
    assert len(list((tmp_path / "copies").rglob("brick/*.png"))) == 8


def test_settings_that_are_damaged_are_said_and_replaced(qtbot: QtBot, window: MainWindow, workspace: Path) -> None:
    (workspace / "augmentation").mkdir(parents=True, exist_ok=True)
    (workspace / "augmentation" / "1.json").write_text("{}")
    made = AugmentHands(qtbot, window)
    made.begin()
    assert any("damaged" in one for one in made.notices)
    assert made.all_shown()


def test_the_tab_of_a_dataset_without_pictures_says_so(qtbot: QtBot, window: MainWindow) -> None:
    from desktop.pages.dataset.importing import make_empty

    made = Hands(qtbot, window)
    dataset = make_empty(made.page.state.store, "Nothing yet", "textures")
    made.page.open_dataset(dataset)
    made.rest()
    made.press("Augment")
    made.wait(lambda: "Add pictures, and see here" in made.words)
