"""A person looks after models: uses, renames, removes, checks them and opens views of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.actions.models import new_model
from desktop.widgets.check_rows import CheckRows, Mark
from desktop.window import MainWindow
from tests.end_to_end.hands import Hands
from tests.end_to_end.library_hands import (
    button,
    card,
    click,
    in_use,
    installed,
    names,
    on_models_page,
    pack,
    page,
    panel_shown,
    texts,
    words_of,
)
from tests.end_to_end.test_window_models import STARTER, apart, chooser
from tests.models.made_models import make


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    return on_models_page(qtbot, window)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return pack(tmp_path)


def test_the_library_is_never_empty_and_says_where_to_drop(hands: Hands) -> None:
    assert in_use(hands) == [STARTER]
    said = words_of(hands)
    for words in ("1 installed", "material · 14", "learns from you", "73 % right on 183 unseen pictures"):
        assert words in said
    assert "Drop a model here" in said
    assert not button(hands, "Remove").isEnabled()
    assert not button(hands, "Use for sorting").isEnabled()
    assert "It sorts your pictures now." in said
    assert not button(hands, "Compare…").isEnabled()
    QTest.keyClick(card(hands, STARTER), Qt.Key.Key_Delete)
    QTest.keyClick(card(hands, STARTER), Qt.Key.Key_F2)
    assert installed() == [STARTER]
    assert not page(hands).library.inspector.name.field.isVisible()


def test_names_are_changed_where_they_stand(hands: Hands) -> None:
    new_model("My walls", ["category"])
    new_model("My floors", ["category"])
    page(hands).control.look()
    hands.wait(lambda: names(hands) == [STARTER, "My floors", "My walls"])
    click(hands, "My walls")
    hands.key(Qt.Key.Key_Return)
    hands.wait(lambda: in_use(hands) == ["My walls"])
    assert chooser(hands).words == "My walls"
    hands.key(Qt.Key.Key_F2)
    field = page(hands).library.inspector.name.field
    assert field.hasFocus()
    QTest.keyClicks(field, "my FLOORS")
    QTest.keyClick(field, Qt.Key.Key_Return)
    hands.wait(lambda: bool(hands.notices))
    assert hands.notices[0] == "There is a model called My floors already; choose another name."
    assert names(hands) == [STARTER, "My floors", "My walls"]
    click(hands, "My walls")
    hands.key(Qt.Key.Key_F2)
    QTest.keyClicks(field, "A house")
    QTest.keyClick(field, Qt.Key.Key_Return)
    hands.wait(lambda: names(hands) == [STARTER, "A house", "My floors"])
    hands.wait(lambda: chooser(hands).words == "A house")


def test_a_removed_model_is_brought_back_and_the_starter_answers_meanwhile(hands: Hands) -> None:
    folder = new_model("My walls", ["category"])
    page(hands).control.look()
    hands.wait(lambda: names(hands) == [STARTER, "My walls"])
    QTest.mouseDClick(card(hands, "My walls"), Qt.MouseButton.LeftButton)
    hands.wait(lambda: in_use(hands) == ["My walls"])
    hands.wait(lambda: hands.state.model == folder)
    click(hands, "My walls")
    hands.key(Qt.Key.Key_Delete)
    hands.wait(lambda: names(hands) == [STARTER])
    assert in_use(hands) == [STARTER]
    assert chooser(hands).words == STARTER
    assert not folder.exists()
    assert hands.notices[0] == "My walls is removed."
    hands.press("Undo")
    hands.wait(lambda: names(hands) == [STARTER, "My walls"])
    assert folder.is_dir()
    assert hands.notices == []
    assert page(hands).state.selected == folder
    hands.press("Remove")
    hands.wait(lambda: names(hands) == [STARTER])


def test_arrows_go_through_the_cards(hands: Hands) -> None:
    for name in ("a", "b", "c"):
        new_model(name, ["category"])
    page(hands).control.look()
    hands.wait(lambda: len(names(hands)) == 4)
    click(hands, STARTER)
    shown = page(hands).library.inspector.name
    for key, name in ((Qt.Key.Key_Right, "a"), (Qt.Key.Key_Down, "c"), (Qt.Key.Key_Left, "b")):
        hands.key(key)
        assert shown.name == name
        assert card(hands, name).hasFocus()


def test_the_check_list_is_run_and_shown(hands: Hands, workspace: Path) -> None:
    make(workspace / "models" / "tiny", name="Tiny")
    page(hands).control.look()
    hands.wait(lambda: names(hands) == [STARTER, "Tiny"])
    click(hands, "Tiny")
    hands.press("Run the check-list")
    rows = page(hands).library.inspector.findChild(CheckRows)
    hands.wait(lambda: bool(rows.rows))
    by_name = {row.name: row.mark for row in rows.rows}
    assert by_name["Loads"] is Mark.PASSED
    assert button(hands, "Run it again").isEnabled()
    click(hands, STARTER)
    assert not rows.isVisible()
    click(hands, "Tiny")
    assert rows.isVisible()


def test_a_model_that_makes_pictures_says_why_it_can_not_sort(hands: Hands, workspace: Path) -> None:
    make(workspace / "models" / "light", "image", name="Evening light")
    page(hands).control.look()
    hands.wait(lambda: names(hands) == [STARTER, "Evening light"])
    click(hands, "Evening light")
    assert not button(hands, "Use for sorting").isEnabled()
    assert "It makes pictures, which can't be sorted into folders; try it on some instead." in hands.words
    hands.key(Qt.Key.Key_Return)
    assert in_use(hands) == [STARTER]


def test_a_new_model_is_wished_for_here_too(hands: Hands) -> None:
    hands.press("New model…")
    name = next(one for one in page(hands).findChildren(QLineEdit) if one.hasFocus())
    QTest.keyClicks(name, "My walls")
    QTest.keyClick(name, Qt.Key.Key_Return)
    hands.wait(lambda: names(hands) == [STARTER, "My walls"])
    hands.wait(lambda: "My walls is installed." in hands.words)
    QTest.mouseClick(button(hands, "Use for sorting"), Qt.MouseButton.LeftButton)  # in the job bar
    hands.wait(lambda: in_use(hands) == ["My walls"])


@pytest.mark.parametrize("words", ["Try on pictures…", "Compare…", "Make smaller…"])
def test_a_view_is_opened_and_one_comes_back_to_the_library(hands: Hands, words: str) -> None:
    new_model("My walls", ["category"])
    page(hands).control.look()
    hands.wait(lambda: names(hands) == [STARTER, "My walls"])
    hands.press(words)
    hands.wait(lambda: page(hands).currentWidget() is not page(hands).library)
    hands.wait(lambda: STARTER in texts(hands))
    hands.press("← Models")
    assert page(hands).currentWidget() is page(hands).library


def test_nothing_is_cut_off(hands: Hands, workspace: Path, package: Path, qtbot: QtBot) -> None:
    new_model("Bricks of all sizes and colours and of every century", ["part", "colour"])
    make(workspace / "models" / "tiny", "mask", name="Places", license="A licence in the author's own, many words")
    broken = workspace / "models" / "broken"
    broken.mkdir()
    (broken / "metadata.json").write_text("{")
    page(hands).control.look()
    hands.wait(lambda: len(names(hands)) == 4)
    hands.window.open([package])
    hands.wait(panel_shown(hands))

    def fits(size: tuple[int, int]) -> None:
        assert hands.window.width() == size[0]
        shown = [one for one in hands.window.findChildren(QPushButton) if one.isVisible()]
        for one in shown:
            assert one.width() >= one.minimumSizeHint().width(), f"{one.text()!r} is cut off at {size}"
        assert apart(shown)
        for said in page(hands).findChildren(QLabel):
            if said.isVisible() and said.wordWrap():
                assert said.height() >= said.heightForWidth(said.width()), f"{said.text()!r} is cut off at {size}"

    panels = [lambda: None, page(hands).importing.panel.dismissed.emit, lambda: hands.press("Export…")]
    for turn in panels:
        turn()
        for size in ((1024, 640), (1280, 800), (1920, 1080)):
            hands.window.resize(*size)
            qtbot.wait(30)
            qtbot.waitUntil(lambda size=size: fits(size), timeout=5_000)  # laying out takes a few turns
