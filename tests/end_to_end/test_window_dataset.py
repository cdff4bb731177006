"""A person makes datasets, labels, checks, divides and keeps them: in a real window, with real pictures."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.pages.dataset.importing import add, make_empty
from desktop.pages.dataset.quality_view import QualityView
from desktop.pages.dataset.sidebar import category_key
from desktop.pages.dataset.splits_view import SplitsView
from desktop.pages.dataset.versions_view import VersionsView
from desktop.pages.dataset.view import DatasetPage
from desktop.widgets.notice_bar import NoticeBar
from desktop.widgets.side_rows import SideRows
from desktop.window import MainWindow
from models.database import open_workspace
from tests.desktop.widgets.drags import Carried
from training.datasets.records import Item, Query
from training.datasets.store import DatasetStore
from training.datasets.values import Category, Grade, Tags
from training.datasets.versions import Version
from training.datasets.versions import diff as difference

PATIENCE = 60_000
NONE, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
Key = Qt.Key


class Hands:
    """Keys and clicks go to the widgets of the Dataset page."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self._qtbot, self.window = qtbot, window
        window.warm_up()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        QTest.keyClick(window, Key.Key_2, CONTROL)
        self.receipts: list[str] = []
        self.page.told.connect(lambda text, _links: self.receipts.append(text))
        self.wait(lambda: self.page.state.entries is not None)
        self.rest()

    @property
    def page(self) -> DatasetPage:
        return self.window.dataset

    def wait(self, until: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(until, timeout=PATIENCE)

    def rest(self) -> None:
        """Wait until everything that was done is shown."""
        self.wait(lambda: not self.page.acting.busy)
        QTest.qWait(20)
        self.wait(lambda: not self.page.acting.busy)

    # -- what is there ------------------------------------------------------------------------------------------------

    @property
    def words(self) -> str:
        found = [one.text() for one in self.window.findChildren(QLabel) if one.isVisible()]
        return "\n".join(found).replace("\u200b", "").replace("\u00a0", " ")

    @property
    def notices(self) -> list[str]:
        bar = self.window.findChildren(NoticeBar)[0]
        return [one.text() for one in bar.findChildren(QLabel) if one.isVisible() and one.text()]

    def rows(self, rows: SideRows) -> dict[str, str]:
        """Title -> detail."""
        return {one.row.title: one.row.detail for one in rows.entries}

    @property
    def counts(self) -> dict[str, str]:
        return self.rows(self.page.sidebar.categories)

    @property
    def datasets(self) -> dict[str, str]:
        return self.rows(self.page.sidebar.datasets)

    @property
    def shown(self) -> list[int]:
        found = self.page.state.shown
        return found.ids.tolist() if found is not None else []

    def item(self, number: int) -> Item:
        """As the workspace has it."""
        dataset = self.page.state.selected
        assert dataset is not None
        (found,) = self.page.state.store.items(dataset, where=Query(ids=[number]))
        return found

    def label(self, number: int) -> str | None:
        value = self.item(number).labels.get(self.page.state.head)
        return value.name if isinstance(value, Category) else None

    # -- what a person does -------------------------------------------------------------------------------------------

    def drop(self, *paths: Path) -> None:
        """Drop files on the window, where the page is shown."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        enter = QDragEnterEvent(QPoint(600, 400), copy, data, left, NONE)
        QApplication.sendEvent(self.window, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(self.window, QDropEvent(QPoint(600, 400).toPointF(), copy, data, left, NONE))

    def bring(self, *paths: Path) -> None:
        """Drop files and agree to make a dataset of them."""
        had = len(self.datasets)
        self.drop(*paths)
        self.wait(lambda: "Read as" in self.words)
        self.press("Make dataset")
        self.wait(lambda: len(self.datasets) > had)
        self.rest()

    def sample(self) -> None:
        self.press("Try the sample")
        self.wait(lambda: self.datasets == {"Sample": "64"})
        self.rest()

    def press(self, text: str) -> None:
        def found() -> list[QPushButton]:
            buttons = self.window.findChildren(QPushButton)
            usable = [one for one in buttons if one.isVisible() and one.isEnabled() and one.text().startswith(text)]
            return sorted(usable, key=lambda one: one.text() != text)

        self.wait(lambda: bool(found()))
        QTest.mouseClick(found()[0], Qt.MouseButton.LeftButton)

    def click_row(self, rows: SideRows, key: str) -> None:
        place = next(at for at, one in enumerate(rows.entries) if one.key == key)
        y = place * rows.row_height() + rows.row_height() // 2 - rows.verticalScrollBar().value()
        QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, y))
        self.rest()

    def only(self, category: str | None) -> None:
        """Click a category at the left, None for what is unlabelled."""
        self.click_row(self.page.sidebar.categories, category_key(self.page.state.head, category))

    def select(self, *numbers: int) -> None:
        self.page.images.select(numbers)
        self.page.images.grid.setFocus()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.window.focusWidget() or self.page.images.grid, key, modifiers)

    def say(self, text: str) -> None:
        for letter in text:
            QTest.keyClicks(self.window.focusWidget() or self.page.images.grid, letter)
        self.key(Key.Key_Return)
        self.rest()


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    return Hands(qtbot, window)


@pytest.fixture
def walls(data: Path, tmp_path: Path) -> Path:
    """Two folders of five textures each, and one texture beside them that nobody has labelled."""
    root = tmp_path / "walls"
    for category in ("brick", "wood"):
        (root / category).mkdir(parents=True)
        for file in sorted((data / "textures" / category).iterdir())[:5]:
            shutil.copy(file, root / category / file.name)
    shutil.copy(sorted((data / "textures" / "sky").iterdir())[0], root / "loose.png")
    return root


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
    assert "1 pictures in" in hands.notices[0]


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
    hands.page._check_files()
    hands.wait(lambda: bool(hands.notices) and "can't be found" in hands.notices[0])
    hands.rest()
    assert hands.shown == [number]
    hands.page.find_moved(tmp_path / "elsewhere")
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
    hands.page._rename_category("category", "wood")
    hands.page.naming.field.setText("planks")
    hands.press("Rename")
    hands.rest()
    assert hands.counts["planks"] == "5"
    hands.page._merge("category", "planks", "brick")
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


def test_a_dataset_is_checked_and_a_fix_can_be_taken_back(hands: Hands, walls: Path, data: Path) -> None:
    from PIL import Image

    first = sorted((walls / "brick").iterdir())[0]
    with Image.open(first) as picture:
        picture.convert("RGB").save(walls / "wood" / "again.jpg", quality=60)
    hands.bring(walls)
    hands.press("Quality")
    hands.press("Check")
    hands.wait(lambda: "worst first" in hands.words)
    quality = hands.page.tabs["quality"]
    assert isinstance(quality, QualityView)
    findings = quality.checking.checked[hands.page.state.selected or 0].report.findings
    place, finding = next((at, one) for at, one in enumerate(findings) if one.kind == "near-duplicates")
    assert finding.fix is not None
    left = 12 - finding.fix.count
    assert left < 12
    QTest.mouseClick(quality.rows[place].fix_button, Qt.MouseButton.LeftButton)
    hands.wait(lambda: hands.datasets == {"walls": f"{left}"})
    hands.rest()
    assert "Fixed" in hands.words
    hands.press("Undo")
    hands.wait(lambda: hands.datasets == {"walls": "12"})
    hands.rest()
    assert quality.rows[place].fix_button.isVisible()
    QTest.mouseClick(quality.rows[place].show_button, Qt.MouseButton.LeftButton)
    hands.rest()
    assert set(hands.shown) == set(finding.items)
    assert first.name in {hands.item(one).name for one in hands.shown}


def test_the_map_shows_what_was_drawn_around(hands: Hands, walls: Path) -> None:
    hands.bring(walls)
    hands.press("Quality")
    hands.press("Check")
    hands.wait(lambda: "draw around" in hands.words)
    quality = hands.page.tabs["quality"]
    assert isinstance(quality, QualityView)
    points = quality.map.scatter
    corners = [QPoint(1, 1), QPoint(points.width() - 2, 1), QPoint(points.width() - 2, points.height() - 2)]
    QTest.mousePress(points, Qt.MouseButton.LeftButton, pos=corners[0])
    for one in (*corners[1:], QPoint(1, points.height() - 2)):
        QTest.mouseMove(points, one)
    QTest.mouseRelease(points, Qt.MouseButton.LeftButton, pos=QPoint(1, points.height() - 2))
    assert "11 pictures chosen" in hands.words
    hands.press("Show")
    hands.rest()
    assert len(hands.shown) == 11


def test_a_division_is_looked_at_before_it_is_made(hands: Hands, walls: Path) -> None:
    hands.bring(walls)
    hands.press("Splits")
    splits = hands.page.tabs["splits"]
    assert isinstance(splits, SplitsView)
    hands.wait(lambda: bool(splits.table.rows))
    assert splits.table.rows[0].figures == ("0", "0", "0", "11", "11")
    hands.press("Preview")
    hands.wait(lambda: "As it would be" in hands.words)
    assert splits.table.rows[0].figures[3:] == ("0", "11")
    assert {hands.item(one).split for one in hands.shown} == {""}
    hands.press("Divide so")
    hands.rest()
    hands.wait(lambda: "As it is" in hands.words and splits.table.rows[0].figures[3:] == ("0", "11"))
    counts = [sum(hands.item(one).split == split for one in hands.shown) for split in ("train", "val", "test")]
    assert sum(counts) == 11
    assert min(counts) > 0
    hands.press("Fix the test set")
    hands.wait(lambda: "are fixed" in hands.words)
    assert sum(hands.item(one).frozen for one in hands.shown) == counts[2]
    hands.press("Release it")
    hands.wait(lambda: "are fixed" not in hands.words)
    assert not any(hands.item(one).frozen for one in hands.shown)


def test_versions_are_kept_compared_and_written(hands: Hands, walls: Path, tmp_path: Path) -> None:
    from desktop.pages.dataset.export_panel import ExportWish

    hands.bring(walls)
    hands.press("Versions")
    hands.press("Freeze a version")
    hands.wait(hands.page.naming.isVisible)
    hands.press("Freeze")
    versions = hands.page.tabs["versions"]
    assert isinstance(versions, VersionsView)
    hands.wait(lambda: versions.kept is not None and len(versions.kept.versions) == 1)
    assert "Version 1" in hands.words
    hands.press("Images")
    hands.select(hands.shown[1])
    hands.key(Key.Key_2)
    hands.rest()
    hands.press("Versions")
    hands.wait(lambda: "brick → wood: 1" in hands.words)
    assert versions.kept is not None
    kept: Version = versions.kept.versions[0]
    versions.write(ExportWish(kept.hash, "folders"), tmp_path / "out")
    hands.wait((tmp_path / "out").is_dir)
    assert len(list((tmp_path / "out" / "brick").iterdir())) == 5
    store = hands.page.state.store
    found = difference(store.snapshot(kept), store.current(kept.dataset))
    assert len(found.relabelled) == 1
