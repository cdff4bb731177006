"""The Label tab in a real window, by keys and mouse."""

from __future__ import annotations

import contextlib
import io
import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.notices import Notices
from desktop.pages.dataset.lighting import read_set
from desktop.pages.dataset.wanted import Wanted
from desktop.settings import Settings
from desktop.window import MainWindow
from models.database import open_workspace
from tests.end_to_end.dataset_hands import CONTROL, Key
from tests.end_to_end.labelling_hands import LabelHands
from training.datasets.heads import HeadDef
from training.datasets.store import DatasetStore
from training.datasets.values import Category, Targets

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> LabelHands:
    return LabelHands(qtbot, window)


def test_pictures_are_labelled_by_number_and_one_follows_the_other(hands: LabelHands, walls: Path) -> None:
    hands.bring(walls)
    hands.open_tab()
    assert hands.tab.course.labelling.count == 11
    (loose,) = set(hands.shown) - hands.names().keys()
    assert hands.tab.course.labelling.current == loose, "the first without a label is shown first"
    hands.strike(Key.Key_2)
    hands.kept()
    assert hands.names()[loose] == "wood"
    assert hands.counts["wood"] == "6"
    assert hands.receipts[-1] == "Labelled loose.png wood."


def test_two_questions_come_in_turn_and_enter_and_letters_answer_too(hands: LabelHands, walls: Path) -> None:
    hands.bring(walls)
    store, dataset = hands.page.state.store, hands.page.state.selected or 0
    grade = HeadDef("wear", "grade", options={"low": 1, "high": 10})
    tags = HeadDef("traits", "tags", ("mossy", "wet"))
    store.set_heads(dataset, [*store.dataset(dataset).heads, grade, tags])
    hands.page.acting.look()
    hands.rest()
    hands.open_tab()
    item = hands.tab.course.labelling.current or 0
    hands.strike(Key.Key_S)  # opens the field
    hands.say("tone")
    hands.wait(lambda: hands.page.state.head == "wear")
    for key in (Key.Key_8, Key.Key_Period, Key.Key_Return):
        hands.strike(key)
    hands.wait(lambda: hands.page.state.head == "traits")
    for key in (Key.Key_2, Key.Key_1, Key.Key_2, Key.Key_Return):
        hands.strike(key)
    hands.kept()
    labels = {head: value.to_json() for head, value in hands.item(item).labels.items()}
    assert labels == {"category": "stone", "wear": 8.5, "traits": ["mossy"]}
    assert hands.page.state.head == "category", "and on to the next picture's first question"
    assert hands.tab.course.labelling.current != item


def test_undo_goes_back_to_the_picture_also_after_a_restart(
    hands: LabelHands, walls: Path, qtbot: QtBot, window: MainWindow
) -> None:
    hands.bring(walls)
    hands.only("brick")
    hands.open_tab()
    first = hands.tab.course.labelling.item(0) or 0
    hands.tab.course.go(first)
    for key in (Key.Key_2, Key.Key_2, Key.Key_U):
        hands.strike(key)
    hands.kept()
    second, third = (hands.tab.course.labelling.item(place) or 0 for place in (1, 2))
    assert {hands.names().get(one) for one in (first, second)} == {"wood"}
    assert third not in hands.names()
    window.close()
    other = MainWindow(Settings(theme="light"), Notices())
    other.show()
    qtbot.waitExposed(other)
    again = LabelHands(qtbot, other)
    again.page.want(Wanted())
    again.rest()
    again.open_tab()
    for item, name in ((third, "brick"), (second, "brick")):
        again.key(Key.Key_Z, CONTROL)
        again.wait(lambda item=item: again.tab.course.labelling.current == item)  # type: ignore[misc]
        again.kept()
        assert again.names()[item] == name
        again.wait(lambda: "brick" in [row.name for row in again.suggestions if row.chosen])
    again.key(Key.Key_Z, CONTROL | SHIFT)
    again.kept()
    again.wait(lambda: again.names()[second] == "wood")
    assert again.tab.course.labelling.current == second
    other.close()
    other.deleteLater()


def test_a_label_that_cannot_be_saved_stays_and_is_tried_again(hands: LabelHands, walls: Path) -> None:
    hands.bring(walls)
    hands.open_tab()
    item = hands.tab.course.labelling.current or 0
    path = hands.page.state.store.folder / "workspace.sqlite"
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("PRAGMA busy_timeout = 5000")
        other.execute("CREATE TRIGGER full BEFORE INSERT ON dataset_steps BEGIN SELECT RAISE(ABORT, 'full'); END")
        hands.strike(Key.Key_1)
        hands.wait(lambda: hands.tab.keeping.dirty(item) and not hands.tab.keeping.busy)
        hands.tab.course.go(item)
        hands.ready()
        hands.wait(lambda: "Not saved yet" in hands.words)
        assert [row.name for row in hands.suggestions if row.chosen] == ["brick"]
        assert list(path.parent.glob("unsaved-labels.*.json"))
        assert item not in hands.names()
        other.execute("DROP TRIGGER full")
    other.close()
    hands.wait(lambda: hands.names().get(item) == "brick")  # by itself
    hands.kept()
    assert "Not saved yet" not in hands.words
    assert not list(path.parent.glob("unsaved-labels.*.json"))


@pytest.mark.parametrize("mine", [True, False])
def test_two_windows_do_not_overwrite_each_other(hands: LabelHands, walls: Path, mine: bool) -> None:
    hands.bring(walls)
    hands.open_tab()
    item = hands.tab.course.labelling.current or 0
    dataset, head = hands.page.state.selected or 0, hands.page.state.head
    with contextlib.closing(open_workspace(hands.page.state.store.folder)) as database:
        DatasetStore(database).set_labels(dataset, head, {item: Category("brick")}, annotator="Ada")
    hands.strike(Key.Key_2)
    hands.wait(lambda: hands.tab.keeping.clash(head, item) is not None)
    hands.kept()
    assert hands.names()[item] == "brick", "the label of the other window holds until somebody decides"
    hands.tab.course.go(item)
    hands.ready()
    assert "Another window (Ada) has said “brick” meanwhile, and you say “wood”." in hands.words
    hands.press("Mine" if mine else "Theirs")
    hands.kept()
    assert hands.names()[item] == ("wood" if mine else "brick")
    assert "Another window" not in hands.words


def test_what_another_window_changes_is_shown(hands: LabelHands, walls: Path) -> None:
    hands.bring(walls)
    hands.open_tab()
    item = hands.tab.course.labelling.current or 0
    dataset, head = hands.page.state.selected or 0, hands.page.state.head
    with contextlib.closing(open_workspace(hands.page.state.store.folder)) as database:
        DatasetStore(database).set_labels(dataset, head, {item: Category("brick")})
    hands.page.follow()
    hands.wait(lambda: [row.name for row in hands.suggestions if row.chosen] == ["brick"])
    hands.rest()
    assert hands.tab.row.mark(hands.tab.course.labelling.place) == "done"


def test_a_category_that_was_taken_out_while_it_is_used_is_there_again(hands: LabelHands, walls: Path) -> None:
    hands.bring(walls)
    dataset, head = hands.page.state.selected or 0, hands.page.state.head
    hands.page.state.store.add_category(dataset, head, "glass")
    hands.page.acting.look()
    hands.rest()
    hands.open_tab()
    item = hands.tab.course.labelling.current or 0
    with contextlib.closing(open_workspace(hands.page.state.store.folder)) as database:
        DatasetStore(database).remove_category(dataset, head, "glass")
    hands.strike(Key.Key_3)
    hands.kept()
    assert hands.names()[item] == "glass"
    assert any("glass had been taken out of category meanwhile; it is there again" in one for one in hands.notices)


def test_a_picture_that_vanished_or_changed_keeps_its_label(hands: LabelHands, walls: Path) -> None:
    from PIL import Image

    hands.bring(walls)
    hands.page.want(Wanted(order="name"))
    hands.rest()
    hands.open_tab()
    named = {hands.item(one).name: one for one in hands.shown}
    gone, changed = sorted((walls / "brick").iterdir())[:2]
    gone.unlink()
    Image.new("RGB", (30, 20), "red").save(changed)
    hands.tab.pictures.forget()
    for path, words in ((gone, "Its labels are kept"), (changed, "was changed after it came in: it is 30 × 20 pixels")):
        hands.tab.course.go(named[path.name])
        hands.ready()
        assert words in hands.words
        assert hands.names()[named[path.name]] == "brick"


def test_what_is_learned_is_proposed_and_enter_takes_it(hands: LabelHands, walls: Path) -> None:
    hands.bring(walls)
    hands.open_tab()
    item = hands.tab.course.labelling.current or 0
    hands.wait(lambda: "Enter takes" in hands.words)
    (proposed,) = (row for row in hands.suggestions if row.fraction is not None)
    hands.strike(Key.Key_Return)
    hands.kept()
    assert hands.names()[item] == proposed.name


def test_a_hundred_textures_take_hardly_more_than_a_hundred_keys(hands: LabelHands, data: Path) -> None:
    files = sorted(file for file in (data / "textures").glob("*/*") if file.suffix != ".md")
    chosen = [files[place * len(files) // 100] for place in range(100)]
    head = HeadDef("material", "categories", tuple(sorted({file.parent.name for file in chosen})))
    items = hands.bring_unlabelled(chosen, head)
    truth = {item: file.parent.name for item, file in zip(items, chosen, strict=True)}
    hands.open_tab()
    hands.wait(lambda: hands.tab.helping.gathered)
    counted = hands.label_all(truth)
    assert hands.names() == truth
    assert counted.keys < 200
    assert counted.by_enter > 10


def test_a_label_is_reviewed_and_somebody_else_says_otherwise(hands: LabelHands, walls: Path) -> None:
    hands.bring(walls)
    hands.open_tab()
    item = hands.tab.course.labelling.current or 0
    hands.strike(Key.Key_1)
    hands.kept()
    hands.tab.course.go(item)
    hands.ready()
    hands.tab.panel.open("Review")
    hands.wait(lambda: "0 of 11 pictures reviewed" in hands.words)
    review = hands.tab.review
    QTest.keyClicks(review.note, "too dark")
    hands.press("Reject")
    hands.wait(lambda: "Rejected by" in hands.words and "too dark" in hands.words)
    dataset, head, store = hands.page.state.selected or 0, hands.page.state.head, hands.page.state.store
    assert store.reviews(dataset, head)[item].note == "too dark"
    hands.rest()
    review.name_field.setText("Bea")
    review.second_box.setChecked(True)
    hands.wait(lambda: not any(row.chosen for row in hands.suggestions))  # the label is not shown
    hands.tab.stage.canvas.setFocus()
    hands.strike(Key.Key_2)
    hands.wait(lambda: item in store.opinions(dataset, head))
    hands.rest()
    assert hands.names()[item] == "brick"
    review.second_box.setChecked(False)
    hands.tab.course.go(item)
    hands.wait(lambda: "Bea says wood" in hands.words)
    hands.press("How far do annotators agree?")
    hands.wait(lambda: "Show where" in " ".join(one.text() for one in review.findChildren(QPushButton)))
    hands.press("Make it the label")
    hands.wait(lambda: hands.names()[item] == "wood")
    hands.rest()
    hands.wait(lambda: [row.name for row in hands.suggestions if row.chosen] == ["wood"])


def test_a_model_proposes_and_all_that_is_sure_is_accepted_in_one_step(hands: LabelHands, data: Path) -> None:
    files = [sorted((data / "textures" / name).iterdir())[at] for name in ("brick", "wood") for at in range(6)]
    items = hands.bring_unlabelled(files, HeadDef("material", "categories", ("brick", "sky", "wood")))
    hands.open_tab()
    hands.tab.panel.open("Help")
    hands.wait(hands.tab.assist.models.isEnabled)
    hands.press("For all unlabelled")
    hands.wait(lambda: "sure enough" in hands.words)
    over = int(hands.words.partition(" proposals of")[0].rpartition("\n")[2])
    assert over > 4
    hands.press("Accept all")
    hands.wait(lambda: len(hands.names()) == over)
    hands.rest()
    dataset, head, store = hands.page.state.selected or 0, hands.page.state.head, hands.page.state.store
    assert {one.origin for one in store.label_facts(dataset, head).values()} == {"model"}
    hands.key(Key.Key_Z, CONTROL)
    hands.wait(lambda: not hands.names())
    hands.rest()
    hands.tab.course.go(items[0])
    hands.ready()
    hands.strike(Key.Key_1)
    hands.kept()
    hands.tab.course.go(items[1])
    hands.ready()
    hands.key(Key.Key_B, CONTROL)  # from the picture before
    hands.wait(lambda: hands.names().get(items[1]) == "brick")
    hands.rest()


def test_the_next_one_is_what_would_teach_most_and_says_why(hands: LabelHands, data: Path) -> None:
    files = [sorted((data / "textures" / name).iterdir())[at] for name in ("brick", "sky", "wood") for at in range(6)]
    hands.bring_unlabelled(files, HeadDef("material", "categories", ("brick", "sky", "wood")))
    hands.open_tab()
    hands.wait(lambda: hands.tab.helping.gathered)
    hands.tab.course.set_order("next")
    hands.wait(lambda: bool(hands.tab.course.labelling.whys))
    hands.rest()
    expected = hands.tab.course.labelling.item(1)
    hands.strike(Key.Key_1)
    hands.kept()
    assert hands.tab.course.labelling.current == expected
    hands.wait(lambda: hands.tab.course.labelling.whys.get(expected or 0, "?") in hands.words)


def test_a_target_is_given_compared_and_taken_back(hands: LabelHands, data: Path, tmp_path: Path) -> None:
    from PIL import Image, ImageOps

    files = sorted((data / "furniture" / "images").iterdir())[:2]
    items = hands.bring_unlabelled(files, HeadDef("recoloured", "image", options={"roles": ["recoloured"]}))
    right, wrong = tmp_path / "right.png", tmp_path / "wrong.png"
    with Image.open(files[0]) as picture:
        ImageOps.invert(picture.convert("RGB")).save(right)
        picture.convert("RGB").resize((40, 70)).save(wrong)
    hands.open_tab()
    hands.tab.course.go(items[0])
    hands.ready()
    data_ = QMimeData()
    data_.setUrls([QUrl.fromLocalFile(str(wrong))])
    QGuiApplication.clipboard().setMimeData(data_)
    hands.key(Key.Key_V, CONTROL)
    hands.wait(lambda: "choose a picture of the same size" in hands.words)
    assert not hands.item(items[0]).labels
    QGuiApplication.clipboard().setImage(QImage(str(right)))
    hands.key(Key.Key_V, CONTROL)
    hands.kept()
    value = hands.item(items[0]).labels["recoloured"]
    assert isinstance(value, Targets)
    assert [one.role for one in value.targets] == ["recoloured"]
    kept = hands.page.state.store.blobs.read(value.targets[0].blob)
    with Image.open(io.BytesIO(kept)) as now, Image.open(right) as given:
        assert now.convert("RGB").tobytes() == given.tobytes()
    hands.wait(lambda: "of it differs by more than 16" in hands.words)
    hands.key(Key.Key_Delete)
    hands.kept()
    assert not hands.item(items[0]).labels
    hands.key(Key.Key_Z, CONTROL)
    hands.wait(lambda: "recoloured" in hands.item(items[0]).labels)
    hands.rest()


def test_the_light_of_a_set_is_set_by_hand_and_from_a_ball(hands: LabelHands, tmp_path: Path) -> None:
    from PIL import Image

    from tests.training.labelling.test_chrome_ball import BALL, apart, rendered

    light = (0.48, 0.36, 0.8)
    files = [tmp_path / f"img_{number}.png" for number in range(2)]
    for number, file in enumerate(files):
        pixels = rendered(light)
        pixels[0, 0] = number  # no two the same
        Image.fromarray(pixels).save(file)
    items = hands.bring_unlabelled(files, HeadDef("normals", "image", options={"roles": ["normals"]}), group="coin")
    hands.open_tab()
    hands.tab.course.go(items[0])
    hands.ready()
    hands.tab.panel.open("Lights")
    hands.wait(lambda: "0 of 2 lights" in hands.words)
    hands.press("From a chrome ball")
    canvas = hands.tab.stage.canvas
    for x, y in ((-1.0, 0.0), (0.0, -1.0), (0.6, 0.8)):
        at = canvas.to_view(QPointF(BALL.x + x * BALL.radius, BALL.y + y * BALL.radius)).toPoint()
        QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    hands.wait(lambda: "1 of 2 lights" in hands.words)
    hands.rest()
    store, dataset = hands.page.state.store, hands.page.state.selected or 0
    (first, second) = read_set(store, dataset, "coin")
    assert first.light is not None
    assert apart(first.light, light) < 4
    assert second.light is None
    hands.tab.course.go(items[1])
    hands.ready()
    ball = hands.tab.lights.ball
    hands.wait(lambda: ball.direction is None)
    QTest.mouseClick(ball, Qt.MouseButton.LeftButton, pos=ball.rect().center())
    hands.wait(lambda: "2 of 2 lights" in hands.words)
    hands.rest()
    (_, second) = read_set(store, dataset, "coin")
    assert second.light is not None
    assert apart(second.light, (0, 0, 1)) < 2
