"""A person makes datasets, labels, checks, divides and keeps them: in a real window, with real pictures."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from desktop.pages.dataset.importing import add, make_empty
from desktop.pages.dataset.sidebar import category_key
from desktop.window import MainWindow
from models.database import open_workspace
from tests.desktop.widgets.drags import Carried
from tests.end_to_end.dataset_hands import CONTROL, Hands, Key
from training.datasets.store import DatasetStore
from training.datasets.values import Category, Grade, Tags


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    return Hands(qtbot, window)


def test_an_empty_page_says_where_to_drop_and_has_a_sample(hands: Hands) -> None:
    assert "Drop a folder of pictures here" in hands.words
    hands.sample()
    assert hands.counts["All pictures"] == "64"
    assert hands.counts["Unlabelled"] == "0"
    assert hands.counts["brick"] == "4"
    assert len(hands.shown) == 64
    assert "Added 64 pictures." in hands.receipts


def test_a_dropped_folder_is_said_in_words_before_it_comes_in(hands: Hands, walls: Path) -> None:
    hands.drop(walls)
    hands.wait(lambda: "Read as" in hands.words)
    for words in ("walls", "A folder for each category", "11 pictures", "one name a picture, 2 categories"):
        assert words in hands.words, words
    with contextlib.closing(open_workspace()) as database:
        assert DatasetStore(database).datasets() == []
    hands.press("Make dataset")
    hands.wait(lambda: hands.datasets == {"walls": "11"})
    hands.rest()
    assert {name: hands.counts[name] for name in ("brick", "wood", "Unlabelled")} == {
        "brick": "5",
        "wood": "5",
        "Unlabelled": "1",
    }
    hands.wait(lambda: bool(hands.notices))
    assert hands.notices[0].startswith("1 picture in ")


def test_pictures_are_labelled_by_keys_names_and_in_bulk_and_all_of_it_is_undone(hands: Hands, walls: Path) -> None:
    hands.bring(walls)
    hands.only(None)
    (loose,) = hands.shown
    hands.select(loose)
    hands.key(Key.Key_2)
    hands.rest()
    assert hands.label(loose) == "wood"
    assert hands.counts["wood"] == "6"
    assert hands.shown == []
    assert "Everything here has a label." in hands.words
    hands.key(Key.Key_Z, CONTROL)
    hands.rest()
    assert hands.label(loose) is None
    hands.key(Key.Key_Y, CONTROL)
    hands.rest()
    assert hands.label(loose) == "wood"

    hands.press("Show all")
    hands.rest()
    some = hands.shown[:3]
    hands.select(*some)
    hands.say("sky")
    assert [hands.label(one) for one in some] == ["sky"] * 3
    assert hands.counts["sky"] == "3"
    assert hands.receipts[-1] == "Labelled 3 pictures sky."
    assert hands.page.images.grid.current == hands.shown[3]
    hands.press("Undo")
    hands.rest()
    assert "sky" not in hands.counts
    assert hands.receipts[-1] == "Undone: Labelled 3 pictures sky."


def test_one_unlabelled_picture_after_another_is_labelled(hands: Hands, walls: Path, tmp_path: Path) -> None:
    flat = tmp_path / "flat"
    flat.mkdir()
    for file in walls.rglob("*.*"):
        shutil.copy(file, flat / file.name)
    hands.bring(flat)
    assert hands.counts["Unlabelled"] == "11"
    hands.only(None)
    hands.select(hands.shown[0])
    hands.say("brick")
    hands.key(Key.Key_1)
    hands.key(Key.Key_1)
    hands.rest()
    assert hands.counts["brick"] == "3"
    assert len(hands.shown) == 8
    assert hands.page.images.grid.current == hands.shown[0]


def test_the_trash_is_a_key_away_and_nothing_in_it_is_lost(hands: Hands, walls: Path) -> None:
    hands.bring(walls)
    gone = hands.shown[:2]
    hands.select(*gone)
    hands.key(Key.Key_Delete)
    hands.rest()
    assert hands.counts["All pictures"] == "9"
    hands.press("Trash  2")
    hands.rest()
    assert hands.shown == gone
    hands.select(*gone)
    hands.press("Restore from the trash")
    hands.rest()
    assert hands.counts["All pictures"] == "11"
    assert walls.joinpath("brick").is_dir()


def test_the_picture_is_shown_with_its_labels_facts_and_history(hands: Hands, walls: Path) -> None:
    hands.bring(walls)
    number = hands.shown[1]
    hands.select(number)
    said = ("Came with the pictures", "In no split", "256 × 256 pixels", hands.item(number).name)
    hands.wait(lambda: all(words in hands.words for words in said))
    hands.key(Key.Key_2)
    hands.rest()
    hands.select(number)
    hands.press(" History")
    hands.wait(lambda: "brick → wood" in hands.words)


def test_everything_is_there_again_after_a_restart_and_can_be_undone(hands: Hands, walls: Path, qtbot: QtBot) -> None:
    hands.bring(walls)
    number = hands.shown[1]
    hands.select(number)
    hands.key(Key.Key_2)
    hands.rest()
    hands.window.close()
    again = MainWindow(hands.window._settings, hands.window._notices)
    again.show()
    qtbot.waitExposed(again)
    other = Hands(qtbot, again)
    other.wait(lambda: other.datasets == {"walls": "11"})
    other.rest()
    assert other.label(number) == "wood"
    other.key(Key.Key_Z, CONTROL)
    other.rest()
    assert other.label(number) == "brick"
    again.close()
    again.deleteLater()


def test_pictures_are_dragged_onto_a_category(hands: Hands, walls: Path) -> None:
    hands.bring(walls)
    some = hands.shown[1:4]
    assert [hands.label(one) for one in some] == ["brick"] * 3
    hands.select(*some)
    rows = hands.page.sidebar.categories
    key = category_key("category", "wood")
    place = next(at for at, one in enumerate(rows.entries) if one.key == key)
    where = QPoint(40, place * rows.row_height() + rows.row_height() // 2)
    carried = Carried(rows.viewport())
    carried.enter(where)
    assert carried.move(where)
    assert carried.drop(where)
    hands.rest()
    assert [hands.label(one) for one in some] == ["wood"] * 3
    assert hands.counts["wood"] == "8"


def test_grades_and_tags_are_keyed(hands: Hands, walls: Path) -> None:
    for template, head in (("surface-quality", "quality"), ("surface-damage", "damage")):
        dataset = make_empty(hands.page.state.store, template, template)
        add(hands.page.state.store, dataset, [walls])
        hands.page.open_dataset(dataset)
        hands.rest()
        number = hands.shown[0]
        hands.select(number)
        hands.key(Key.Key_7 if head == "quality" else Key.Key_1)
        hands.rest()
        value = hands.item(number).labels[head]
        assert value in (Grade(7), Tags(frozenset({"scratch"})))
        hands.select(number)
        hands.key(Key.Key_U)
        hands.rest()
        assert head not in hands.item(number).labels


def test_moved_files_are_found_again(hands: Hands, walls: Path, tmp_path: Path) -> None:
    hands.bring(walls)
    number = hands.shown[1]
    file = hands.item(number).place.source.path
    (tmp_path / "elsewhere").mkdir()
    shutil.move(file, tmp_path / "elsewhere" / "renamed.bin")
    hands.page.dataset_menu.check_files()
    hands.wait(lambda: bool(hands.notices) and "can't be found" in hands.notices[0])
    hands.rest()
    assert hands.shown == [number]
    hands.page.dataset_menu.find_moved(tmp_path / "elsewhere")
    hands.wait(lambda: hands.receipts[-1] == "Found 1 picture again.")
    assert hands.item(number).place.source.path == tmp_path / "elsewhere" / "renamed.bin"


def test_what_another_program_changes_is_followed(hands: Hands, walls: Path) -> None:
    hands.bring(walls)
    with contextlib.closing(open_workspace()) as database:
        store = DatasetStore(database)
        dataset = store.datasets()[0]
        store.set_labels(dataset.id, dataset.heads[0].name, {hands.shown[1]: Category("wood")})
    hands.page.follow()
    hands.wait(lambda: hands.counts["wood"] == "6")


def test_files_join_the_dataset_that_is_open(hands: Hands, walls: Path, data: Path) -> None:
    hands.bring(walls)
    sky = sorted((data / "textures" / "sky").iterdir())[1:3]
    hands.drop(*sky)
    hands.wait(lambda: "Pictures without labels" in hands.words)
    hands.press("Add to")
    hands.wait(lambda: hands.datasets == {"walls": "13"})
    assert hands.receipts[-1] == "Added 2 pictures."


def test_what_is_no_picture_is_a_sentence_and_makes_nothing(hands: Hands, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("none")
    hands.drop(tmp_path / "notes.txt")
    hands.wait(lambda: "There is no picture in notes.txt" in hands.words)
    assert hands.datasets == {}


def test_categories_are_renamed_merged_and_kept_in_step(hands: Hands, walls: Path) -> None:
    hands.bring(walls)
    hands.page.category_menu.rename("category", "wood")
    hands.page.naming.field.setText("planks")
    hands.press("Rename")
    hands.rest()
    assert hands.counts["planks"] == "5"
    hands.page.category_menu.merge("category", "planks", "brick")
    hands.rest()
    assert hands.counts["brick"] == "10"
    hands.key(Key.Key_Z, CONTROL)
    hands.rest()
    assert hands.counts["planks"] == "5"


def test_a_dataset_goes_into_the_trash_and_comes_back(hands: Hands, walls: Path) -> None:
    hands.bring(walls)
    hands.page.sidebar.datasets.setFocus()
    hands.key(Key.Key_Delete)
    hands.wait(lambda: hands.datasets == {})
    assert "Drop a folder of pictures here" in hands.words
    hands.press("Undo")
    hands.wait(lambda: hands.datasets == {"walls": "11"})
