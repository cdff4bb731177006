"""Questions of a dataset are added, changed and removed in the window; and labels that come along answer them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from desktop.window import MainWindow
from tests.desktop.pages.dataset_pictures import labelled_zip
from tests.end_to_end.dataset_hands import CONTROL, Hands, Key
from training.datasets.values import Category, Grade


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    return Hands(qtbot, window)


def heads(hands: Hands) -> list[tuple[str, str, tuple[str, ...]]]:
    dataset = hands.page.state.dataset
    assert dataset is not None
    return [(head.name, head.kind, head.categories) for head in dataset.heads]


def test_a_question_is_added_answered_and_taken_away(hands: Hands, walls: Path) -> None:
    hands.bring(walls)
    hands.press("Add a question…")
    panel = hands.page.questions.panel
    hands.press("Add the question")
    hands.wait(lambda: "A question needs a name; type one." in hands.words)
    panel.name.setText("worn")
    panel.kind.set_value("grade")
    panel.kind.chosen.emit("grade")
    for field, text in zip(panel.scale, ("0", "ten", ""), strict=True):
        field.setText(text)
    hands.press("Add the question")
    hands.wait(lambda: "ten is no number (highest grade); type one, or leave it empty." in hands.words)
    panel.scale[1].setText("10")
    hands.press("Add the question")
    hands.wait(lambda: not panel.isVisible())
    hands.rest()
    assert hands.receipts[-1] == "Added the question worn."
    assert heads(hands) == [("category", "categories", ("brick", "wood")), ("worn", "grade", ())]
    assert hands.page.state.head == "worn"
    number = hands.shown[0]
    hands.select(number)
    hands.key(Key.Key_7)
    hands.rest()
    assert hands.item(number).labels["worn"] == Grade(7)

    hands.page.questions.begin("worn")
    hands.wait(lambda: "1 picture has an answer to it." in hands.words)
    assert not panel.kind.isEnabled()
    hands.press("Remove the question")
    hands.wait(lambda: not panel.isVisible())
    hands.rest()
    assert hands.receipts[-1] == "Removed the question worn and its labels of 1 picture."
    assert [name for name, _, _ in heads(hands)] == ["category"]
    hands.key(Key.Key_Z, CONTROL)
    hands.rest()
    assert hands.item(number).labels["worn"] == Grade(7)


def test_a_question_and_its_categories_are_renamed_and_labels_follow(hands: Hands, walls: Path) -> None:
    hands.bring(walls)
    hands.page.questions.begin("category")
    panel = hands.page.questions.panel
    panel.name.setText("material")
    panel.categories.setPlainText("brick\nplanks")
    hands.press("Save")
    hands.wait(lambda: not panel.isVisible())
    hands.rest()
    assert heads(hands) == [("material", "categories", ("brick", "planks"))]
    assert hands.counts["planks"] == "5"

    hands.page.questions.begin("material")
    panel.categories.setPlainText("brick")
    hands.press("Save")
    hands.wait(lambda: "5 pictures are labelled planks; merge that category into another instead." in hands.words)
    panel.categories.setPlainText("brick\nplanks\nglass")
    hands.press("Save")
    hands.wait(lambda: not panel.isVisible())
    hands.rest()
    assert hands.counts["glass"] == "0"
    for _ in range(2):
        hands.key(Key.Key_Z, CONTROL)
        hands.rest()
    assert heads(hands) == [("category", "categories", ("brick", "wood"))]
    assert hands.counts["wood"] == "5"


def test_the_menus_lead_to_the_form(hands: Hands, walls: Path) -> None:
    hands.bring(walls)
    menu = QMenu()
    hands.page.questions.fill(menu)
    words = [one.text() for one in menu.actions()]
    assert words == ["Add a question…", "Change category…"]
    menu.actions()[1].trigger()
    assert hands.page.questions.panel.isVisible()
    hands.key(Key.Key_Escape)
    assert not hands.page.questions.panel.isVisible()
    menu.deleteLater()


def test_the_labels_of_a_folder_come_into_a_dataset_that_is_there(
    hands: Hands, walls: Path, data: Path, tmp_path: Path
) -> None:
    hands.bring(walls)
    for category, name in (("wood", "wood"), ("sky", "sky")):
        (tmp_path / "more" / category).mkdir(parents=True)
        for file in sorted((data / "textures" / name).iterdir())[5:8]:
            shutil.copy(file, tmp_path / "more" / category / file.name)
    hands.drop(tmp_path / "more")
    hands.wait(lambda: "If added to “walls”" in hands.words)
    hands.wait(lambda: "fits, with 1 new category: sky" in hands.words)
    hands.press("Add to “walls”")
    hands.wait(lambda: hands.datasets == {"walls": "17"})
    hands.rest()
    assert hands.receipts[-1] == "Added 6 pictures; with category of 6."
    assert {name: hands.counts[name] for name in ("brick", "wood", "sky")} == {"brick": "5", "wood": "8", "sky": "3"}
    hands.press("Undo")
    hands.rest()
    assert "sky" not in hands.counts
    assert hands.counts["All pictures"] == "11"


def test_labels_that_fit_nothing_or_are_not_wanted_stay_out(hands: Hands, walls: Path, tmp_path: Path) -> None:
    hands.bring(walls)
    hands.page.questions.begin("category")
    hands.page.questions.panel.name.setText("room")
    hands.page.questions.panel.categories.setPlainText("kitchen\nbath")
    hands.press("Save")
    hands.rest()
    (tmp_path / "more" / "wood").mkdir(parents=True)
    for at, file in enumerate(sorted((walls / "wood").iterdir())[:2]):
        (tmp_path / "more" / "wood" / f"{at}.jpg").write_bytes(file.read_bytes() + b" ")
    hands.page.importing.take([tmp_path / "more"], adding=True)
    hands.wait(lambda: "The dataset asks nothing that category answers, so its labels stay out" in hands.words)
    hands.wait(lambda: "Add pictures to “walls”" in hands.words)
    assert not hands.page.importing.panel.fit.wanted
    hands.press("Add to “walls”")
    hands.wait(lambda: hands.datasets == {"walls": "13"})
    hands.rest()
    assert hands.counts["Unlabelled"] == "3"
    assert {value.name for one in hands.shown if isinstance(value := hands.item(one).labels.get("room"), Category)} == {
        "kitchen",
        "bath",
    }


@pytest.mark.parametrize(("kind", "title"), [("folders", "A folder for each category"), ("coco", "COCO")])
def test_a_dropped_zip_comes_in_with_its_labels_and_joins_what_is_there(
    kind: str, title: str, hands: Hands, tmp_path: Path
) -> None:
    path = labelled_zip(tmp_path / "walls.zip", kind)
    hands.drop(path)
    hands.wait(lambda: "Read as" in hands.words)
    assert title in hands.words
    hands.press("Make dataset")
    hands.wait(lambda: hands.datasets == {"walls": "3"})
    hands.rest()
    counts = {"stone": "1", "wood": "2", "Unlabelled": "0"}
    assert {name: hands.counts[name] for name in counts} == counts

    (tmp_path / "more").mkdir()
    more = labelled_zip(tmp_path / "more" / "more.zip", kind)
    hands.select(hands.shown[0])
    hands.page.images.trash()
    hands.rest()
    hands.drop(more)
    hands.wait(lambda: "If added to “walls”" in hands.words)
    hands.press("Add to “walls”")
    hands.wait(lambda: hands.datasets == {"walls": "3"})
    hands.rest()
    assert {name: hands.counts[name] for name in counts} == counts
    assert hands.receipts[-1].startswith("Added 1 picture; 2 were here already")
