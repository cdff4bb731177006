"""A person looks after models: drops packages, uses, renames, removes, checks and passes them on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.actions.models import list_models, new_model
from desktop.pages.models.view import ModelsPage
from desktop.pages.sort.items import UNKNOWN, Filter
from desktop.widgets.card_grid import GridCard
from desktop.widgets.check_rows import CheckRows, Mark
from desktop.widgets.drop_area import DropArea
from desktop.widgets.tick_box import TickBox
from desktop.window import MainWindow
from tests.end_to_end.hands import CONTROL, NONE, Hands
from tests.end_to_end.test_window_models import STARTER, apart, chooser, type_into
from tests.models.made_models import make
from tests.models.package.packages import members_1_1, zipped


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    """On the Models page, with the starter model alone."""
    window.warm_up()
    hands = Hands(qtbot, window)
    hands.wait(lambda: chooser(hands).words == STARTER)
    QTest.keyClick(window, Qt.Key.Key_3, CONTROL)
    hands.wait(lambda: names(hands) == [STARTER])
    return hands


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A small classifier in a package that nobody signed."""
    return zipped(tmp_path / "pack.ps2model", members_1_1(name="Four materials", author="Bertram"))


def page(hands: Hands) -> ModelsPage:
    return hands.window.models


def names(hands: Hands) -> list[str]:
    """The models on the page, as their cards are read out."""
    grid = page(hands).library.cards.grid
    return [one.accessibleName().removesuffix(", in use") for one in grid.cards if grid.isVisible()]


def in_use(hands: Hands) -> list[str]:
    found = [one.accessibleName() for one in page(hands).library.cards.grid.cards]
    return [name.removesuffix(", in use") for name in found if name.endswith(", in use")]


def card(hands: Hands, name: str) -> GridCard:
    cards = page(hands).library.cards.grid.cards
    return next(one for one in cards if one.accessibleName().removesuffix(", in use") == name)


def click(hands: Hands, name: str) -> None:
    QTest.mouseClick(card(hands, name), Qt.MouseButton.LeftButton)


def button(hands: Hands, words: str) -> QPushButton:
    found = [one for one in hands.window.findChildren(QPushButton) if one.isVisible() and one.text() == words]
    assert found, words
    return found[-1]


def words_of(hands: Hands) -> str:
    return "\n".join(hands.words).replace("\u200b", "").replace("\u00a0", " ")


def texts(hands: Hands) -> list[str]:
    """Every text on the window, those of buttons too."""
    buttons = [one.text().strip() for one in hands.window.findChildren(QAbstractButton) if one.isVisible()]
    return [*hands.words, *buttons]


def installed() -> list[str]:
    return [one.name for one in list_models()]


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


def drag(window: MainWindow, kind: type, paths: list[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy = Qt.DropAction.CopyAction
    where = QPoint(600, 400) if kind is QDragEnterEvent else QPoint(600, 400).toPointF()
    QApplication.sendEvent(window, kind(where, copy, data, Qt.MouseButton.LeftButton, NONE))


def panel_shown(hands: Hands) -> Callable[[], bool]:
    return page(hands).importing.panel.isVisible


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


def test_a_package_is_looked_at_before_it_is_installed_and_used(hands: Hands, package: Path, textures: Path) -> None:
    hands.drop(textures)
    hands.window.open([package])
    hands.wait(panel_shown(hands))
    said = words_of(hands)
    for words in (
        "Four materials",
        "pack.ps2model, not installed yet",
        "One of 4 categories for each picture: metal, stone, wood, fabric",
        "Bertram",
        "Nobody signed it. Its hashes prove that nothing was changed on the way, not who made it.",
        "It answers as it was made; it learns nothing from your corrections.",
    ):
        assert words in said, words
    assert installed() == [STARTER]
    hands.press("Install and use")
    hands.wait(lambda: in_use(hands) == ["Four materials"])
    assert chooser(hands).words == "Four materials"
    assert not page(hands).importing.panel.isVisible()
    hands.wait(lambda: not hands.state.running and hands.state.counts[Filter.ALL] == 42)
    assert {name for name in hands.groups if name != UNKNOWN} <= {"metal", "stone", "wood", "fabric"}
    assert hands.window.windowTitle().endswith(textures.name)


def test_what_is_not_wanted_leaves_nothing(hands: Hands, package: Path, workspace: Path) -> None:
    hands.window.open([package])
    hands.wait(panel_shown(hands))
    QTest.keyClick(page(hands).importing.panel, Qt.Key.Key_Escape)
    assert not page(hands).importing.panel.isVisible()
    hands.wait(lambda: not [one for one in (workspace / "models").rglob("*") if one.is_file()])
    assert installed() == [STARTER]


def test_several_files_come_one_after_another_and_a_bad_one_is_one_sentence(
    hands: Hands, package: Path, tmp_path: Path
) -> None:
    other = zipped(tmp_path / "other.ps2model", members_1_1(name="Others"))
    cut = tmp_path / "cut.ps2model"
    cut.write_bytes(package.read_bytes()[:-200])
    weights = tmp_path / "weights.pt"
    weights.write_bytes(b"\x80\x02}q\x00." * 20)
    hands.window.open([cut, package, weights, other])
    hands.wait(panel_shown(hands))
    assert hands.notices[0].startswith("cut.ps2model ")
    assert "2 more to look at after this one" in hands.words
    hands.press("Install")
    hands.wait(lambda: "other.ps2model, not installed yet" in hands.words)
    assert hands.notices[0].startswith("2 files can't be imported; weights.pt is ")
    hands.press("Install")
    hands.wait(lambda: names(hands) == [STARTER, "Four materials", "Others"])
    assert in_use(hands) == [STARTER]
    hands.window.open([package])
    hands.wait(lambda: "pack.ps2model is in your library already" in hands.words)
    hands.press("Show it")
    hands.wait(page(hands).library.inspector.isVisible)
    assert installed() == [STARTER, "Four materials", "Others"]


def test_a_look_is_stopped_and_the_next_file_comes(hands: Hands, package: Path, tmp_path: Path) -> None:
    other = zipped(tmp_path / "other.ps2model", members_1_1(name="Others"))
    hands.window.open([package, other])
    assert "Looking at pack.ps2model" in hands.words
    hands.press("Cancel")
    hands.wait(panel_shown(hands))
    assert "other.ps2model, not installed yet" in hands.words
    assert hands.notices == []
    assert installed() == [STARTER]


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


def test_a_model_is_passed_on_with_what_it_has_learned_and_comes_back(
    hands: Hands, textures: Path, tmp_path: Path
) -> None:
    hands.drop(textures)
    hands.select(hands.numbers("brick")[0])
    hands.say("wood")
    QTest.keyClick(hands.window, Qt.Key.Key_3, CONTROL)
    hands.wait(lambda: "1 picture labelled by you" in words_of(hands))
    hands.press("Export…")
    panel = page(hands).exporting.panel
    assert panel.name.hasFocus()
    type_into(panel.name, "Anna's walls")
    type_into(panel.author, "")
    panel.author.clear()
    ticks = {one.text(): one for one in panel.findChildren(TickBox)}
    assert ticks["Let it go on learning"].isChecked()
    for box in ("With my corrections as a list", "Sign it with my key"):
        QTest.mouseClick(ticks[box], Qt.MouseButton.LeftButton)
        assert ticks[box].isChecked()
    hands.press("Save as…")
    assert "A signature needs the name of its author; type one." in hands.words
    type_into(panel.author, "Anna")
    target = tmp_path / "walls"
    choose_file(target)
    hands.press("Save as…")
    hands.wait(lambda: hands.notices[:1] == ["Saved as walls.ps2model."])
    assert not panel.isVisible()
    hands.window.open([target.with_suffix(".ps2model")])
    hands.wait(panel_shown(hands))
    said = words_of(hands)
    assert "Signed by Anna with the key " in said
    assert "It goes on learning from your corrections, without the pictures that it was made from." in said
    hands.press("Install")
    hands.wait(lambda: names(hands) == [STARTER, "Anna's walls"])
    assert "signed by Anna" in words_of(hands)


def test_a_mixed_drop_is_shared_out(hands: Hands, package: Path, textures: Path) -> None:
    window = hands.window
    window.show_page("Sort")
    drag(window, QDragEnterEvent, [textures, package])
    assert page(hands).isVisible()
    area = next(one for one in page(hands).findChildren(DropArea) if one.isVisible())
    hot = area.grab().toImage()
    window.dragLeaveEvent(QDragLeaveEvent())
    assert area.grab().toImage() != hot
    drag(window, QDropEvent, [textures, package])
    hands.wait(panel_shown(hands))
    hands.wait(lambda: not hands.state.running and hands.state.counts[Filter.ALL] == 42)
    assert page(hands).isVisible()
    drag(window, QDragEnterEvent, [textures])
    assert not page(hands).isVisible()


def test_a_plain_network_opens_the_assistant_and_the_next_file_waits(
    hands: Hands, package: Path, tmp_path: Path
) -> None:
    make(tmp_path / "tiny")
    network = (tmp_path / "tiny" / "model.onnx").rename(tmp_path / "net.onnx")
    hands.window.open([network, package])
    hands.wait(lambda: page(hands).currentWidget() is not page(hands).library)
    assert "net.onnx" in words_of(hands)
    assert not page(hands).importing.panel.isVisible()
    QTest.keyClick(page(hands).currentWidget(), Qt.Key.Key_Escape)
    hands.wait(panel_shown(hands))
    assert page(hands).currentWidget() is page(hands).library


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
    panels = [lambda: None, page(hands).importing.panel.dismissed.emit, lambda: hands.press("Export…")]
    for turn in panels:
        turn()
        for size in ((1024, 640), (1280, 800), (1920, 1080)):
            hands.window.resize(*size)
            qtbot.wait(30)
            assert hands.window.width() == size[0]
            shown = [one for one in hands.window.findChildren(QPushButton) if one.isVisible()]
            for one in shown:
                assert one.width() >= one.minimumSizeHint().width(), f"{one.text()!r} is cut off at {size}"
            assert apart(shown)
            for said in page(hands).findChildren(QLabel):
                if said.isVisible() and said.wordWrap():
                    assert said.height() >= said.heightForWidth(said.width()), f"{said.text()!r} is cut off at {size}"
