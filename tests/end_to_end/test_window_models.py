"""A person lets other models answer, makes new ones, and says how often answers may be wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.actions.models import new_model
from desktop.notices import Notices
from desktop.pages.sort.items import PENDING, UNKNOWN, Filter
from desktop.settings import load
from desktop.widgets.menu_button import MenuButton
from desktop.window import MainWindow
from tests.end_to_end.hands import Hands

STARTER = "Game textures (starter)"


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    """On an empty page, as after a start."""
    window.warm_up()
    hands = Hands(qtbot, window)
    hands.wait(lambda: chooser(hands).words == STARTER)
    hands.wait(lambda: STARTER in choices(chooser(hands)))
    return hands


def chooser(hands: Hands) -> MenuButton:
    return hands.window.sort.choosing.button


def button(hands: Hands, start: str) -> MenuButton:
    """The visible button with a menu that says this first."""
    found = hands.window.findChildren(MenuButton)
    return next(one for one in found if one.isVisible() and one.words.startswith(start))


def opened(one: MenuButton) -> QMenu:
    """Its menu, filled as it is when a person opens it."""
    menu = one.menu()
    menu.aboutToShow.emit()
    return menu


def choices(one: MenuButton) -> list[str]:
    return [action.text() for action in opened(one).actions() if not action.isSeparator()]


def choose(one: MenuButton, words: str) -> None:
    next(action for action in opened(one).actions() if action.text() == words).trigger()


def quiet(hands: Hands) -> Callable[[], bool]:
    return lambda: bool(hands.state.items) and not hands.state.running and PENDING not in hands.groups


def inputs(hands: Hands) -> list[QLineEdit]:
    """The fields of the panel."""
    return [one for one in hands.window.sort.choosing.panel.findChildren(QLineEdit) if one.isVisible()]


def type_into(field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def test_from_nothing_a_few_pictures_are_enough(hands: Hands, data: Path) -> None:
    choose(chooser(hands), "New model…")
    assert "It knows nothing at first: say what a few pictures are, and it sorts the rest." in hands.words
    name, question = inputs(hands)
    assert name.hasFocus()
    assert question.text() == "category"
    type_into(name, "My walls")
    QTest.keyClick(name, Qt.Key.Key_Return)
    hands.wait(lambda: chooser(hands).words == "My walls")
    assert not hands.window.sort.choosing.panel.isVisible()
    for folder in ("sky", "brick"):
        hands.window.open([data / "textures" / folder])
    hands.wait(lambda: len(hands.state.folders) == 2)
    hands.wait(quiet(hands))
    hands.learned()
    assert hands.groups == {UNKNOWN: len(hands.state.items)}
    assert hands.state.counts[Filter.UNKNOWN] == len(hands.state.items)
    assert button(hands, "Too few labels to promise").isVisible()

    by_folder = {name: [] for name in ("sky", "brick")}
    for number, item in enumerate(hands.state.items):
        by_folder[item.source.path.parent.name].append(number)
    for folder, numbers in by_folder.items():
        hands.select(*numbers[:3])
        hands.say(folder)
        assert hands.kept().count(folder) == 3
    hands.wait(lambda: not hands.groups.get(UNKNOWN))
    right = sum(hands.group(number) == folder for folder, numbers in by_folder.items() for number in numbers[3:])
    assert right >= 0.9 * (len(hands.state.items) - 6)


def test_another_model_answers_and_the_first_one_again(hands: Hands, textures: Path) -> None:
    new_model("My walls", ["category"])
    hands.drop(textures)
    before = {item.source: item.group for item in hands.state.items}
    number = hands.numbers("brick")[0]
    hands.select(number)
    hands.say("wood")
    assert hands.group(number) == "wood"
    hands.wait(lambda: "My walls" in choices(chooser(hands)))
    choose(chooser(hands), "My walls")
    hands.wait(lambda: chooser(hands).words == "My walls")
    hands.wait(quiet(hands))
    hands.learned()
    assert hands.groups == {UNKNOWN: 40}
    assert hands.state.counts[Filter.CORRECTED] == 0
    assert [str(hands.state.items[n].source.path.parent) for n in hands.state.failures()] == [str(textures)] * 2
    choose(chooser(hands), STARTER)
    hands.wait(lambda: chooser(hands).words == STARTER)
    hands.wait(quiet(hands))
    hands.learned()
    assert hands.said(number) == "wood"
    others = [item for index, item in enumerate(hands.state.items) if index != number]
    assert sum(item.group == before[item.source] for item in others) >= 36  # one label changes some of the others
    checked = [action.text() for action in opened(chooser(hands)).actions() if action.isChecked()]
    assert checked == [STARTER]


def test_a_model_that_can_not_be_loaded_is_one_sentence_and_the_one_before_goes_on(
    hands: Hands, textures: Path
) -> None:
    folder = new_model("My walls", ["category"])
    hands.drop(textures)
    groups = hands.groups
    hands.wait(lambda: "My walls" in choices(chooser(hands)))
    (folder / "metadata.json").unlink()
    choose(chooser(hands), "My walls")
    hands.wait(lambda: bool(hands.notices))
    assert hands.notices[0] == f"{folder} is not a model: it has no metadata.json; choose the folder of a model."
    assert chooser(hands).words == STARTER
    assert hands.groups == groups
    hands.wait(lambda: not opened(chooser(hands)).actions()[1].isEnabled())


def test_choosing_while_pictures_are_looked_at(hands: Hands, data: Path) -> None:
    new_model("My walls", ["category"])
    hands.wait(lambda: "My walls" in choices(chooser(hands)))
    hands.window.open([data / "textures"])
    hands.wait(lambda: hands.state.counts[Filter.ALL] > 20)
    choose(chooser(hands), "My walls")
    choose(chooser(hands), "My walls")
    hands.wait(lambda: chooser(hands).words == "My walls")
    hands.wait(lambda: hands.state.counts[Filter.ALL] > 20)
    hands.press("Clear")
    assert hands.state.items == []
    assert not hands.state.running


def test_what_is_wrong_with_a_wish_is_said_in_the_panel(hands: Hands, textures: Path, tmp_path: Path) -> None:
    hands.drop(textures)
    choose(chooser(hands), "New model…")
    panel = hands.window.sort.choosing.panel

    def problem() -> list[str]:
        said = [one.text() for one in panel.findChildren(QLabel) if one.property("text_role") == "bad"]
        return [text for text in said if text]

    hands.press("Create")
    hands.wait(lambda: problem() == ["A model needs a name; type one."])
    type_into(inputs(hands)[0], "Bricks")
    hands.press("Add a question")
    hands.wait(lambda: len(inputs(hands)) == 3)
    assert inputs(hands)[2].hasFocus()
    type_into(inputs(hands)[2], "Category")
    hands.press("Create")
    hands.wait(lambda: problem() == ["Category is there twice; give each question its own name."])
    table = tmp_path / "pairs.csv"
    table.write_text("part,colour\nplate,red\n")
    panel.table_chosen.emit(table)  # what the file chooser ends in
    hands.wait(lambda: str(table) in hands.words)
    type_into(inputs(hands)[2], "shade")
    hands.press("Create")
    hands.wait(lambda: any(text.startswith("The known combinations are about part and colour") for text in problem()))
    assert hands.notices == []
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert chooser(hands).words == STARTER


def test_two_questions_are_grouped_by_either(hands: Hands, textures: Path, tmp_path: Path) -> None:
    table = tmp_path / "pairs.csv"
    table.write_text("part,colour\nplate,red\n")
    choose(chooser(hands), "New model…")
    panel = hands.window.sort.choosing.panel
    panel.table_chosen.emit(table)
    hands.wait(lambda: [one.text() for one in inputs(hands)] == ["", "part", "colour"])
    type_into(inputs(hands)[0], "Bricks")
    hands.press("Create")
    hands.wait(lambda: chooser(hands).words == "Bricks")
    hands.drop(textures)
    assert choices(button(hands, "Grouped by part")) == ["part", "colour"]
    hands.select(hands.numbers(UNKNOWN)[0])
    hands.say("plate")
    assert hands.groups["plate"] >= 1
    choose(button(hands, "Grouped by part"), "colour")
    assert hands.groups == {UNKNOWN: 40}
    assert button(hands, "Grouped by colour").isVisible()
    choose(chooser(hands), STARTER)
    hands.wait(lambda: chooser(hands).words == STARTER)
    hands.wait(quiet(hands))
    grouped = [one for one in hands.window.findChildren(MenuButton) if one.words.startswith("Grouped by")]
    assert [one.isVisible() for one in grouped] == [False]


def test_the_promise_moves_what_is_unknown_and_is_kept(
    hands: Hands, qtbot: QtBot, textures: Path, workspace: Path
) -> None:
    hands.drop(textures)
    unknown = hands.state.counts[Filter.UNKNOWN]
    choose(button(hands, "Wrong at most about 20 %"), "Wrong at most about 5 %")
    hands.wait(lambda: "Answers less sure than 97 %" in button(hands, "Wrong at most about 5 %").toolTip())
    hands.learned()
    assert hands.state.counts[Filter.UNKNOWN] > unknown + 5
    choose(button(hands, "Wrong at most about 5 %"), "Answer everything")
    choose(button(hands, "Answer everything"), "Wrong at most about 10 %")
    hands.wait(lambda: "795 labelled pictures" in button(hands, "Wrong at most about 10 %").toolTip())
    hands.learned()
    kept = hands.state.counts[Filter.UNKNOWN]
    assert unknown < kept
    hands.window.close()
    settings, _ = load(workspace)
    assert settings.wrong == 10
    again = MainWindow(settings, Notices())
    try:
        qtbot.addWidget(again)
        again.show()
        later = Hands(qtbot, again)
        later.drop(textures)
        assert button(later, "Wrong at most about 10 %").isVisible()
        assert later.state.counts[Filter.UNKNOWN] == kept
    finally:
        again.close()


def test_the_chosen_model_is_there_at_the_next_start_unless_it_is_gone(
    hands: Hands, qtbot: QtBot, textures: Path, workspace: Path
) -> None:
    folder = new_model("My walls", ["category"])
    hands.wait(lambda: "My walls" in choices(chooser(hands)))
    choose(chooser(hands), "My walls")
    hands.wait(lambda: chooser(hands).words == "My walls")
    hands.window.close()
    settings, _ = load(workspace)
    assert settings.model == "My walls"
    for gone in (False, True):
        if gone:
            (folder / "metadata.json").unlink()
        again = MainWindow(settings, Notices())
        try:
            qtbot.addWidget(again)
            again.show()
            again.warm_up()
            later = Hands(qtbot, again)
            later.drop(textures)
            later.wait(lambda gone=gone, later=later: chooser(later).words == (STARTER if gone else "My walls"))
            later.wait(quiet(later))
            assert (later.groups == {UNKNOWN: 40}) is not gone
            assert bool(later.notices) is gone
        finally:
            again.close()


def test_nothing_is_cut_off_with_every_button_there(hands: Hands, textures: Path, qtbot: QtBot) -> None:
    new_model("Bricks of all sizes and colours", ["part", "colour"])
    hands.wait(lambda: len(choices(chooser(hands))) == 3)
    choose(chooser(hands), "Bricks of all sizes and colours")
    hands.wait(lambda: hands.state.model is not None)
    hands.drop(textures)
    for size in ((1024, 640), (1280, 800), (1920, 1080)):
        hands.window.resize(*size)
        qtbot.wait(20)
        assert hands.window.width() == size[0]
        shown = [one for one in hands.window.findChildren(QPushButton) if one.isVisible()]
        for one in shown:
            assert one.width() >= one.minimumSizeHint().width(), f"{one.text()!r} is cut off at {size}"
        assert apart(shown)


def apart(widgets: list[QPushButton]) -> bool:
    """Whether no two buttons of one parent lie on each other."""
    places: dict[QWidget, list[QPushButton]] = {}
    for one in widgets:
        places.setdefault(one.parentWidget(), []).append(one)
    return not any(
        a.geometry().intersects(b.geometry()) for ones in places.values() for i, a in enumerate(ones) for b in ones[:i]
    )
