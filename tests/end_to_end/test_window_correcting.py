"""A person corrects answers in the window: keys, names, the mouse, and taking it back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from desktop.pages.sort.items import UNKNOWN, Filter
from desktop.widgets.drop_list import DropList
from desktop.widgets.key_hints import KeyHints
from desktop.widgets.row_list import RowList
from desktop.widgets.tile_look import CORRECTED
from desktop.window import MainWindow
from tests.desktop.widgets.drags import Carried
from tests.end_to_end.hands import CONTROL, SHIFT, Hands
from training.correction_store import TrainingDataStore

Key = Qt.Key


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow, textures: Path) -> Hands:
    hands = Hands(qtbot, window)
    hands.drop(textures)
    return hands


def steps() -> int:
    """How many acts Ctrl+Z would take back, here and now."""
    with TrainingDataStore() as store:
        count = len(store.undo(1000))
        store.redo(1000)
    return count


# -- one picture ------------------------------------------------------------------------------------------------------


def test_a_digit_takes_a_suggestion_and_the_keyboard_goes_on(hands: Hands) -> None:
    hands.grid.setFocus()
    hands.key(Key.Key_Home)
    number, group = hands.grid.current, hands.current.group
    following, name = hands.numbers(group)[1], hands.suggestions[1]
    before = hands.groups
    hands.key(Key.Key_2)
    # At once, before anything is learned
    assert hands.group(number) == name
    assert hands.said(number) == name
    assert hands.grid.current == following
    assert hands.grid.hasFocus()
    assert hands.groups.get(name, 0) == before.get(name, 0) + 1
    assert hands.window.sort.correcting.busy
    hands.learned()
    assert hands.receipts[-1].startswith(f"Learned {name} from 1 picture.")
    assert any(text.startswith(f"Learned {name} from 1 picture.") for text in hands.words)
    assert hands.kept() == [name]
    assert hands.tile(number).mark == CORRECTED
    assert hands.tile(number).fraction is None
    assert hands.state.counts[Filter.CORRECTED] == 1
    hands.press("Undo")
    hands.learned()
    assert hands.group(number) == group
    assert hands.said(number) is None
    assert hands.kept() == []
    assert hands.grid.current == number
    assert hands.tile(number).mark != CORRECTED


def test_enter_accepts_what_is_shown(hands: Hands) -> None:
    group = max((name for name in hands.groups if name != UNKNOWN), key=hands.groups.__getitem__)
    first, second, third = hands.numbers(group)[:3]
    hands.select(first)
    hands.key(Key.Key_Return)
    hands.key(Key.Key_Return)
    hands.learned()
    assert [hands.said(number) for number in (first, second, third)] == [group, group, None]
    assert hands.grid.current == third
    assert hands.groups[group] >= 3
    assert hands.kept() == [group, group]


def test_walking_through_a_group_with_enter_meets_every_picture_once(hands: Hands) -> None:
    """What is learned on the way must not bring what was seen already to the front again."""
    group = max((name for name in hands.groups if name != UNKNOWN), key=hands.groups.__getitem__)
    walk = hands.numbers(group)
    hands.select(walk[0])
    hands.say("lava")  # others change category by it: that is news, and is forgotten with the next act
    met = []
    for _ in walk[1:6]:
        met.append(hands.grid.current)
        hands.key(Key.Key_Return)
        hands.learned()
    assert met == [number for number in walk[1:] if number in met]
    assert len(set(met)) == 5


def test_nobody_can_tell(hands: Hands) -> None:
    number = hands.numbers("sky")[0]
    hands.select(number)
    hands.key(Key.Key_U)
    assert hands.group(number) == UNKNOWN
    hands.learned()
    assert hands.receipts[-1].startswith("Noted: can't tell, for 1 picture.")
    assert hands.tile(number).mark == CORRECTED
    hands.select(number)
    assert "You said it can't be told" in hands.words
    assert hands.kept() == ["unknown"]


def test_delete_takes_a_word_back(hands: Hands) -> None:
    number = hands.numbers("sky")[0]
    hands.select(number)
    hands.say("wood")
    hands.select(number)
    assert "You said wood" in hands.words
    hands.key(Key.Key_Delete)
    hands.learned()
    assert hands.said(number) is None
    assert hands.group(number) == "sky"
    assert hands.receipts[-1].startswith("Took back what was said of 1 picture.")
    assert hands.kept() == []
    hands.key(Key.Key_Delete)  # nothing is left to take back
    assert not hands.window.sort.correcting.busy


def test_taking_back_what_the_filter_shows_goes_on_to_the_next(hands: Hands) -> None:
    first, second = hands.numbers("sky")[:2]
    hands.select(first, second)
    hands.say("wood")
    hands.filter(Filter.CORRECTED)
    first, second = hands.numbers("wood")
    hands.select(first)
    hands.key(Key.Key_Delete)
    hands.learned()
    assert hands.numbers("wood") == [second]
    assert hands.grid.current == second
    assert hands.grid.selected == {second}


# -- names ------------------------------------------------------------------------------------------------------------


def test_typing_makes_a_category(hands: Hands) -> None:
    number = hands.numbers("sky")[0]
    hands.select(number)
    hands.say("lava")
    assert hands.group(number) == "lava"
    assert hands.groups["lava"] >= 1
    assert hands.receipts[-1].startswith("New category lava, learned from 1 picture.")
    assert hands.grid.hasFocus()
    assert hands.field.text() == ""
    other = hands.numbers("wood")[0]
    hands.select(other)
    hands.say("lav")  # is enough by now
    assert hands.said(other) == "lava"
    assert hands.receipts[-1].startswith("Learned lava from 1 picture.")


def test_capitals_make_no_second_category(hands: Hands) -> None:
    number = hands.numbers("sky")[0]
    hands.select(number)
    hands.say("WOOD")
    assert hands.said(number) == "wood"
    assert "WOOD" not in hands.groups


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("/unknown", "unknown is what pictures without a category are called; choose another name."),
        ("x" * 101, "xxxxxxxxxxxxxxxxxxxx… has 101 characters; choose a name of 100 at most."),
    ],
)
def test_a_name_that_can_not_be_is_refused_in_words(hands: Hands, name: str, problem: str) -> None:
    number = hands.numbers("sky")[0]
    hands.select(number)
    hands.type(name)
    assert problem in hands.words
    hands.key(Key.Key_Return)
    assert problem in hands.words
    assert hands.said(number) is None
    assert not hands.window.sort.correcting.busy
    assert hands.kept() == []
    hands.key(Key.Key_Escape)
    assert problem not in hands.words
    assert hands.grid.hasFocus()


# -- several ----------------------------------------------------------------------------------------------------------


def test_several_are_one_step(hands: Hands) -> None:
    chosen = hands.numbers("sky")[:4]
    hands.select(chosen[0])
    for _ in chosen[1:]:
        hands.key(Key.Key_Right, SHIFT)
    assert hands.grid.selected == set(chosen)
    assert any("4 selected: a name is for all of them" in text for text in hands.words)
    hands.say("dusk")
    assert [hands.said(number) for number in chosen] == ["dusk"] * 4
    assert hands.receipts[-1].startswith("New category dusk, learned from 4 pictures.")
    assert steps() == 1
    hands.key(Key.Key_Z, CONTROL)
    hands.learned()
    assert [hands.said(number) for number in chosen] == [None] * 4
    assert "dusk" not in hands.groups
    assert hands.grid.selected == set(chosen)
    assert hands.receipts[-1].startswith("Undone: dusk for 4 pictures.")


def test_a_click_on_a_heading_and_enter_accepts_the_whole_group(hands: Hands) -> None:
    group = next(iter(hands.groups))
    whole = hands.numbers(group)
    hands.click_first_header()
    assert hands.grid.selected == set(whole)
    hints = next(one for one in hands.window.findChildren(KeyHints) if one.isVisible())
    assert "Enter accept each" in hints.accessibleName()
    hands.grid.setFocus()
    hands.key(Key.Key_Return)
    hands.learned()
    assert {hands.said(number) for number in whole} == {group}
    assert steps() == 1
    assert hands.state.counts[Filter.CORRECTED] == len(whole)


def test_acts_are_taken_back_and_done_again_one_by_one(hands: Hands) -> None:
    one, two, *bulk = hands.numbers("sky")[:6]
    pictures = (one, two, *bulk)

    def said() -> list[str | None]:
        return [hands.said(number) for number in pictures]

    history = [said()]
    for numbers, name in (((one,), "wood"), (tuple(bulk), "dusk"), ((two,), "brick"), ((one,), "dusk")):
        hands.select(*numbers)
        hands.say(name)
        history.append(said())
    hands.select(bulk[0])
    hands.key(Key.Key_Delete)
    hands.learned()
    history.append(said())
    for expected in reversed(history[:-1]):
        hands.key(Key.Key_Z, CONTROL)
        hands.learned()
        assert said() == expected
    hands.key(Key.Key_Z, CONTROL)
    hands.learned()
    assert hands.receipts[-1] == "There is nothing to undo."
    for expected in history[1:]:
        hands.key(Key.Key_Y, CONTROL)
        hands.learned()
        assert said() == expected
    hands.key(Key.Key_Y, CONTROL)
    hands.learned()
    assert hands.receipts[-1] == "There is nothing to redo."


def test_several_undos_without_waiting(hands: Hands) -> None:
    number = hands.numbers("sky")[0]
    for name in ("wood", "brick", "stone"):
        hands.select(number)
        hands.say(name)
    hands.key(Key.Key_Z, CONTROL)
    hands.key(Key.Key_Z, CONTROL)
    hands.learned()
    assert hands.said(number) == "wood"
    assert hands.kept() == ["wood"]


# -- the mouse --------------------------------------------------------------------------------------------------------


def test_pictures_are_dropped_on_a_group(hands: Hands) -> None:
    first, last = next(iter(hands.groups)), "wood"
    chosen = hands.numbers(last)[:2]
    hands.select(*chosen)
    hands.grid.verticalScrollBar().setValue(0)
    carried = Carried(hands.grid.viewport())
    assert carried.enter(QPoint(40, 20))
    assert carried.drop(QPoint(40, 20))
    hands.learned()
    assert [hands.said(number) for number in chosen] == [first] * 2
    assert steps() == 1


def test_pictures_are_dropped_on_the_list_that_appears_meanwhile(hands: Hands) -> None:
    number, other = hands.numbers("wood")[:2]
    for chosen, place in ((number, "Sky"), (other, "Can't tell")):
        hands.select(chosen)
        hands.grid.drag_started.emit()
        drops = hands.window.findChildren(DropList)[0]
        assert drops.isVisible()
        rows = next(one for one in drops.findChildren(RowList) if place in [row.title for row in one.rows])
        at = QPoint(60, [row.title for row in rows.rows].index(place) * rows.row_height() + rows.row_height() // 2)
        carried = Carried(rows.viewport())
        assert carried.enter(at)
        assert carried.drop(at)
        hands.grid.drag_ended.emit()
        assert not drops.isVisible()
        hands.learned()
    assert hands.said(number) == "sky"
    assert hands.group(other) == UNKNOWN
    assert hands.kept() == ["sky", "unknown"]
