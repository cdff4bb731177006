"""The views of the Models page over real models, real pictures, real child processes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import cv2
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.jobs import Jobs
from desktop.notices import Notices
from desktop.pages.models.assistant_view import AssistantView
from desktop.pages.models.compare_view import CompareView
from desktop.pages.models.dataset_menu import DatasetMenu
from desktop.pages.models.smaller_view import SmallerView
from desktop.pages.models.try_view import TryView
from desktop.widgets.before_after import BeforeAfter
from desktop.widgets.choice import Choice
from desktop.widgets.colour_field import ColourField
from desktop.widgets.figure_table import FigureTable
from desktop.widgets.film_strip import FilmStrip
from desktop.widgets.image_view import ImageView
from desktop.widgets.lines_field import LinesField
from desktop.widgets.pick_button import PickButton
from desktop.widgets.sub_page import SubPage
from desktop.widgets.tick_box import TickBox
from desktop.widgets.tile_grid import TileGrid
from desktop.window import MainWindow
from models.spec import read_spec
from tests.desktop.actions.datasets import category_dataset
from tests.desktop.widgets.stage import QUIET
from tests.models import onnx_models
from tests.models.made_models import CATEGORIES, PLAIN, make, pictures, write

pytestmark = QUIET

PATIENCE = 60_000

View = TypeVar("View", AssistantView, CompareView, SmallerView, TryView)
Widget = TypeVar("Widget", bound=QWidget)


class Person:
    """Who uses a view: opens it, reads it, types and clicks."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.jobs, self.notices = Jobs(), Notices()

    def sees(self, kind: type[View]) -> View:
        view = kind(self.jobs, self.notices)
        self._qtbot.addWidget(view)
        view.resize(1100, 760)
        view.show()
        self._qtbot.waitExposed(view)
        view.activateWindow()
        self._qtbot.waitUntil(view.isActiveWindow)
        return view

    def wait(self, until: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(until, timeout=PATIENCE)

    def rest(self) -> None:
        """Until nothing is done in the background any more."""
        self.wait(lambda: not self.jobs._threads)

    def press(self, view: SubPage, words: str) -> None:
        made = button(view, words)
        assert made.isEnabled(), made.text()
        QTest.mouseClick(made, Qt.MouseButton.LeftButton)

    @property
    def told(self) -> str:
        return self.notices.latest.text if self.notices.latest is not None else ""


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    made = Person(qtbot)
    yield made
    made.jobs.close()
    made.jobs.deleteLater()


def button(view: SubPage, words: str) -> QPushButton:
    """The visible button that begins with these words."""
    found = [one for one in view.findChildren(QPushButton) if one.isVisible() and one.text().strip().startswith(words)]
    assert found, words
    return found[0]


def seen(view: SubPage, kind: type[Widget]) -> Widget:
    """The first of its kind that is visible."""
    return next(one for one in view.findChildren(kind) if one.isVisible())


def words(view: SubPage) -> str:
    return "\n".join(one.text() for one in view.findChildren(QLabel) if one.isVisible())


def middle(view: SubPage) -> tuple[int, int, int]:
    """The colour in the middle of the large picture."""
    shown = seen(view, ImageView).grab().toImage()
    colour = shown.pixelColor(shown.width() // 2, shown.height() // 2)
    return colour.red(), colour.green(), colour.blue()


def furniture(data: Path, folder: Path, count: int = 4) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted((data / "furniture" / "images").iterdir())[:count]:
        shutil.copy(path, folder / path.name)
    return folder


# -- try --------------------------------------------------------------------------------------------------------------


def test_pictures_are_walked_each_is_answered_and_space_shows_it_as_it_is(
    person: Person, data: Path, tmp_path: Path
) -> None:
    make(tmp_path / "model", "mask", name="Regions")
    view = person.sees(TryView)
    view.open(tmp_path / "model", [furniture(data, tmp_path / "cabinets")])
    person.wait(lambda: view.state.answer is not None)
    assert "Regions" in words(view)
    assert "s000_src.png" in words(view)
    assert "ms for this picture · 256 × 256 pixels" in words(view)
    person.wait(lambda: "What is where" in words(view))
    painted = middle(view)
    strip = seen(view, FilmStrip)
    QTest.keyPress(strip, Qt.Key.Key_Space)
    plain = middle(view)
    assert plain != painted
    QTest.keyRelease(strip, Qt.Key.Key_Space)
    assert middle(view) == painted
    QTest.mouseClick(button(view, "Without the answer"), Qt.MouseButton.LeftButton)
    assert middle(view) == plain
    QTest.mouseClick(button(view, "Without the answer"), Qt.MouseButton.LeftButton)

    QTest.keyClick(strip, Qt.Key.Key_Right)
    person.wait(lambda: view.state.current == 1 and view.state.answer is not None)
    assert "s000_t1.png" in words(view)
    view.save(tmp_path / "saved.png")
    person.wait(lambda: person.told == "Saved as saved.png.")
    assert cv2.imread(str(tmp_path / "saved.png")).shape == (256, 256, 3)
    person.rest()


def test_a_colour_that_is_typed_is_painted_at_once(person: Person, data: Path, tmp_path: Path) -> None:
    how = {**PLAIN, "colours_input": "target_colors", "colours": [[0, 0, 0]], "colours_scale": 1 / 255}
    network = onnx_models.colour_transfer(side=PLAIN["side"], regions=1)
    write(tmp_path / "model", network, [{"name": "painted", "kind": "image"}], how)
    view = person.sees(TryView)
    view.open(tmp_path / "model", [furniture(data, tmp_path / "cabinets", 1)])
    person.wait(lambda: view.state.answer is not None)
    before = middle(view)
    edit = seen(view, ColourField).findChild(QLineEdit)
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "#FF0000")
    person.wait(lambda: view.state.answer is not None)
    after = middle(view)
    assert after[0] > before[0] + 50
    assert abs(after[2] - before[2]) <= 2
    person.rest()


def test_what_is_no_picture_and_what_is_no_model_is_said(person: Person, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "no.png").write_text("no picture")
    view = person.sees(TryView)
    assert "Drop pictures or a folder here" in words(view)
    closed: list[None] = []
    view.closed.connect(lambda: closed.append(None))
    view.open(None, [tmp_path / "pictures"])
    person.wait(lambda: bool(view.state.problem))
    assert "no.png" in view.state.problem
    view.look_at([tmp_path / "pictures" / "gone"])
    person.wait(lambda: "No picture was found there" in person.told)
    assert closed == []
    view.open(tmp_path)
    person.wait(lambda: "has no metadata.json" in person.told)
    assert len(closed) == 1, "it leads back to where another model can be chosen"
    person.rest()


# -- the assistant ----------------------------------------------------------------------------------------------------


def test_a_plain_network_is_described_seen_answering_and_added(person: Person, tmp_path: Path, workspace: Path) -> None:
    path = onnx_models.save(onnx_models.classifier(classes=4), tmp_path / "trees.onnx")
    pictures(tmp_path / "pictures", 6)
    view = person.sees(AssistantView)
    added: list[Path] = []
    view.installed.connect(added.append)
    view.open(path)
    person.wait(lambda: view.state.draft is not None)
    assert "trees.onnx" in words(view)
    assert "Nothing says what its 4 categories are called" in words(view)
    assert "Drop a dozen of your pictures here" in words(view)
    view.look_at([tmp_path / "pictures"])
    grid = view.findChild(TileGrid)
    person.wait(grid.isVisible)
    person.rest()

    names = seen(view, LinesField)
    names.setFocus()
    names.selectAll()
    QTest.keyClicks(names, "oak")
    assert "1 name for 4 numbers" in words(view)
    assert "category has 1 name for 4 numbers." in words(view)
    assert not button(view, "Add to my models").isEnabled()
    for name in ("elm", "ash", "fir"):
        QTest.keyClick(names, Qt.Key.Key_Return)
        QTest.keyClicks(names, name)
    assert "4 names for 4 numbers" in words(view)
    said = view._answers
    person.wait(lambda: {chip.text for tile in said.tiles for chip in tile.chips} <= {"oak", "elm", "ash", "fir"})

    shown = [tile.chips[0].fraction for tile in said.tiles]
    pick = next(one for one in view.findChildren(PickButton) if "Pixel range" in one.accessibleName())
    QTest.keyClick(pick, Qt.Key.Key_Up)
    person.wait(lambda: [tile.chips[0].fraction for tile in said.tiles] != shown)
    QTest.keyClick(pick, Qt.Key.Key_Down)
    person.wait(lambda: [tile.chips[0].fraction for tile in said.tiles] == shown)

    person.press(view, "Add to my models")
    person.wait(lambda: bool(added))
    assert added[0].parent == workspace / "models"
    assert read_spec(added[0]).heads[0].categories == ("oak", "elm", "ash", "fir")
    assert person.told == "Trees is one of your models now."
    person.rest()


def test_names_come_from_a_file_and_another_kind_of_answer_is_chosen(person: Person, tmp_path: Path) -> None:
    path = onnx_models.save(onnx_models.classifier(classes=3), tmp_path / "net.onnx")
    (tmp_path / "names.txt").write_text("red\ngreen\nblue\n")
    view = person.sees(AssistantView)
    view.open(path)
    person.wait(lambda: view.state.draft is not None)
    view._form.names_wanted.emit(0, tmp_path / "names.txt")
    person.wait(lambda: seen(view, LinesField).lines == ("red", "green", "blue"))
    kind = next(one for one in view.findChildren(PickButton) if "answers" in one.accessibleName())
    QTest.keyClick(kind, Qt.Key.Key_Down)
    assert view.state.draft is not None
    assert view.state.draft.questions[0].kind == "tags"
    QTest.keyClick(kind, Qt.Key.Key_Down)
    assert "Choose at least one answer that is not left out." in words(view)
    assert not any(one.isVisible() for one in view.findChildren(LinesField))
    person.rest()


def test_a_file_that_is_refused_leads_back_with_a_sentence(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "no.onnx"
    path.write_bytes(b"\x08\x07 nothing of use")
    view = person.sees(AssistantView)
    closed: list[None] = []
    view.closed.connect(lambda: closed.append(None))
    view.open(path)
    person.wait(lambda: bool(closed))
    assert person.told.startswith("no.onnx ")
    person.rest()


# -- compare ----------------------------------------------------------------------------------------------------------


def test_models_are_ticked_compared_and_their_disagreements_filtered(
    person: Person, data: Path, tmp_path: Path, workspace: Path
) -> None:
    (workspace / "models").mkdir(parents=True)
    heads = [{"name": "material", "kind": "categories", "categories": ["brick", "sky", "wood", "tile"]}]
    write(workspace / "models" / "tiny", onnx_models.classifier(classes=4), heads, PLAIN, name="Tiny one")
    for category in ("brick", "sky", "wood"):
        folder = tmp_path / "labelled" / category
        folder.mkdir(parents=True)
        for file in sorted((data / "textures" / category).iterdir())[:6]:
            shutil.copy(file, folder / file.name)
    view = person.sees(CompareView)
    view.open([None])
    person.wait(lambda: len(view.findChildren(TickBox)) == 2)
    assert "Tick two models or more." in words(view)
    QTest.mouseClick(view.findChildren(TickBox)[1], Qt.MouseButton.LeftButton)
    assert "Choose labelled pictures." in words(view)
    view.dropped.emit([tmp_path / "labelled"])
    person.press(view, "Compare")
    assert not button(view, "Compare").isEnabled()
    person.wait(lambda: view.state.found is not None)
    rows = seen(view, FigureTable).rows
    assert rows[0].name == "1  Game textures (starter)"
    assert rows[0].note == "Best performer"
    assert rows[0].icon
    assert "so far apart" in words(view)
    person.rest()
    grid = seen(view, TileGrid)
    total = len(view.state.disagreements)
    assert len(grid.keys_on_screen()) > 0
    seen(view, Choice)
    person.press(view, "Best was wrong")
    assert len(view.state.disagreements) < total
    person.press(view, "Disagreements only")
    assert len(view.state.disagreements) == total
    view.export(tmp_path / "ranking.csv")
    person.wait(lambda: person.told == "Saved as ranking.csv.")
    person.rest()


def test_a_comparison_can_be_left_while_it_runs(person: Person, tmp_path: Path, workspace: Path) -> None:
    (workspace / "models").mkdir(parents=True)
    write(workspace / "models" / "tiny", onnx_models.classifier(classes=4), CATEGORIES, PLAIN)
    for name in ("a", "b"):
        pictures(tmp_path / "labelled" / name, 40)
    view = person.sees(CompareView)
    view.open([None, workspace / "models" / "tiny"])
    person.wait(lambda: len(view.findChildren(TickBox)) == 2)
    view.dropped.emit([tmp_path / "labelled"])
    person.press(view, "Compare")
    view.open([None])
    person.rest()
    assert view.state.found is None
    assert person.told == ""


@pytest.mark.parametrize("kind", [CompareView, SmallerView])
def test_a_dataset_is_chosen_from_the_menu(
    person: Person, tmp_path: Path, kind: type[CompareView | SmallerView]
) -> None:
    pictures(tmp_path / "pictures", 2)
    view = person.sees(kind)
    menus = view.findChildren(DatasetMenu)
    assert len(menus) == 2
    assert not any(menu.menuAction().isEnabled() for menu in menus), "there is none yet"
    category_dataset("Walls & floors", dict.fromkeys(sorted((tmp_path / "pictures").iterdir()), "a"))
    view.open([None]) if isinstance(view, CompareView) else view.open(None)
    person.wait(lambda: all(menu.menuAction().isEnabled() for menu in menus))
    for menu in menus:
        (entry,) = menu.actions()
        assert entry.text() == "Walls && floors"
        entry.trigger()
        assert "Dataset Walls & floors" in words(view)
    person.rest()


# -- make smaller -----------------------------------------------------------------------------------------------------


def test_a_model_is_made_smaller_compared_and_kept(person: Person, tmp_path: Path, workspace: Path) -> None:
    (workspace / "models").mkdir(parents=True)
    model = workspace / "models" / "tiny"
    write(model, onnx_models.classifier(classes=4), CATEGORIES, PLAIN)
    pictures(tmp_path / "pictures", 6)
    view = person.sees(SmallerView)
    kept: list[Path] = []
    view.installed.connect(kept.append)
    view.open(model)
    person.wait(lambda: "Tiny" in words(view))
    assert "Choose pictures to try it on." in words(view)
    assert not button(view, "Make it smaller").isEnabled()
    view.dropped.emit([tmp_path / "pictures"])
    QTest.mouseClick(view._forms.buttons["ort"], Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    person.press(view, "10 points")
    person.press(view, "Make it smaller")
    person.wait(lambda: view.state.made is not None)
    assert [one.name for one in seen(view, BeforeAfter).changes] == [
        "Answers as before",
        "One picture takes",
        "Size of the file",
    ]
    person.press(view, "Throw away")
    person.rest()
    assert {one.name for one in (workspace / "models").iterdir() if not one.name.startswith(".")} == {"tiny"}
    person.press(view, "Make it smaller")
    person.wait(lambda: view.state.made is not None)
    person.press(view, "Keep as a new model")
    person.wait(lambda: bool(kept))
    assert read_spec(kept[0]).format == "ort"
    assert "is one of your models now." in person.told
    person.rest()


def test_a_refusal_is_said_in_the_view_and_nothing_is_left(person: Person, tmp_path: Path, workspace: Path) -> None:
    pictures(tmp_path / "pictures", 2)
    view = person.sees(SmallerView)
    view.open(None)
    view.dropped.emit([tmp_path / "pictures"])
    person.press(view, "Make it smaller")
    person.wait(lambda: "nothing to make smaller" in words(view))
    assert not any(one.isVisible() for one in view.findChildren(BeforeAfter))
    person.rest()
    assert not list((workspace / "models").glob("[!.]*"))


def test_what_was_made_and_not_kept_goes_with_the_window(person: Person, tmp_path: Path, workspace: Path) -> None:
    (workspace / "models").mkdir(parents=True)
    model = workspace / "models" / "tiny"
    write(model, onnx_models.classifier(classes=4), CATEGORIES, PLAIN)
    pictures(tmp_path / "pictures", 2)
    view = person.sees(SmallerView)
    view.open(model)
    view.state.choose(how="ort", pictures=tmp_path / "pictures", tolerance="10")
    person.press(view, "Make it smaller")
    person.wait(lambda: view.state.made is not None)
    view.close_view()
    assert list((workspace / "models").iterdir()) == [model]
    person.rest()


# -- all --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [AssistantView, CompareView, SmallerView, TryView])
@pytest.mark.parametrize("width", [824, 1720])
def test_nothing_is_wider_than_the_view_and_esc_leads_back(person: Person, kind: type[View], width: int) -> None:
    view = person.sees(kind)
    view.resize(width, 600)
    QTest.qWait(20)
    assert view.minimumSizeHint().width() <= 824, "the least window, beside the rail"
    closed: list[None] = []
    view.closed.connect(lambda: closed.append(None))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert len(closed) == 1
    shown = [one for one in view.findChildren(QPushButton) if one.isVisible()]
    assert all(one.mapTo(view, one.rect().bottomRight()).x() <= width for one in shown)


def test_pictures_that_come_in_over_the_rail_do_not_turn_the_page_away_from_a_view(
    window: MainWindow, tmp_path: Path
) -> None:
    def enter() -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.png"))])
        keys = Qt.KeyboardModifier.NoModifier
        event = QDragEnterEvent(QPoint(20, 300), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, keys)
        QApplication.sendEvent(window, event)
        QApplication.sendEvent(window, QDragLeaveEvent())

    window.show_page("Models")
    window.models.try_out()
    enter()
    assert isinstance(window.models.currentWidget(), TryView)
    assert window.models.isVisible()
    window.models.currentWidget().closed.emit()
    enter()
    assert not window.models.isVisible(), "from the library on, pictures are for sorting"
