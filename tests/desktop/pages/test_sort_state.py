from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop.pages.sort.items import PENDING, UNKNOWN, Filter, Order
from desktop.pages.sort.state import SortState
from models.answer import Reply
from models.errors import EmptyFileError
from models.heads.categories import CategoriesResult
from models.pipeline import Answer
from models.sources import Failure, Source

NAMES = ("metal", "stone", "wood")


def source(name: str) -> Source:
    return Source(Path("/textures") / name)


def answer(name: str, category: str, confidence: float, *, unsure: bool = False, unknown: bool = False) -> Answer:
    rest = (1 - confidence) / (len(NAMES) - 1)
    row = np.array([confidence if c == category else rest for c in NAMES], np.float32)
    result = CategoriesResult(NAMES, row, 1.0 if unsure or unknown else 0.0, 1.0 if unknown else 0.0)
    return Answer(source(name), name.encode(), Reply({"material": result}))


def failure(name: str) -> Failure:
    return Failure(source(name), EmptyFileError(name, "is empty (0 bytes)", "copy it again"))


@pytest.fixture
def state() -> SortState:
    state = SortState()
    state.begin([Path("/textures")])
    state.take([[source(name) for name in ("a10.png", "a2.png", "b.dds", "c.tga", "d.png", "e.png")]])
    state.take(
        [
            [
                answer("a10.png", "metal", 0.9),
                answer("a2.png", "metal", 0.6, unsure=True),
                answer("b.dds", "wood", 0.8),
                answer("c.tga", "stone", 0.4, unsure=True, unknown=True),
                failure("d.png"),
            ]
        ]
    )
    return state


def names(state: SortState, group: str) -> list[str]:
    count = dict(state.groups())[group]
    return [state.items[state.number(group, i)].source.name for i in range(count)]


def test_answers_are_grouped_and_what_is_to_come_is_last(state: SortState) -> None:
    assert state.groups() == [("metal", 2), ("wood", 1), (UNKNOWN, 1), (PENDING, 1)]
    assert names(state, PENDING) == ["e.png"]
    assert [state.items[n].source.name for n in state.failures()] == ["d.png"]
    assert {one: count for one, count in state.counts.items() if count} == {
        Filter.ALL: 5,
        Filter.UNSURE: 2,
        Filter.UNKNOWN: 1,
        Filter.FAILED: 1,
    }


def test_order(state: SortState) -> None:
    assert names(state, "metal") == ["a10.png", "a2.png"]
    state.choose(order=Order.LEAST_SURE)
    assert names(state, "metal") == ["a2.png", "a10.png"]
    state.choose(order=Order.NAME)
    assert names(state, "metal") == ["a2.png", "a10.png"]


def test_filters_and_search(state: SortState) -> None:
    state.choose(only=Filter.UNSURE)
    assert state.groups() == [("metal", 1), (UNKNOWN, 1)]
    state.choose(only=Filter.UNKNOWN)
    assert state.groups() == [(UNKNOWN, 1)]
    state.choose(only=Filter.ALL, search="A1")
    assert state.groups() == [("metal", 1)]
    assert names(state, "metal") == ["a10.png"]
    state.choose(search="d.p")
    assert state.groups() == []
    assert len(state.failures()) == 1


def test_what_streams_in_goes_through_the_filter(state: SortState) -> None:
    state.choose(only=Filter.UNSURE)
    state.take([[answer("e.png", "wood", 0.9)]])
    assert ("wood", 1) not in state.groups()
    state.choose(only=Filter.ALL)
    assert ("wood", 2) in state.groups()


def test_places_are_found_again(state: SortState) -> None:
    for number, item in enumerate(state.items):
        place = state.place(number)
        if item.failure is not None:
            assert place is None
        else:
            assert place is not None
            assert state.number(*place) == number


def test_the_same_file_twice_is_one_item(state: SortState) -> None:
    state.take([[source("b.dds")]])
    state.take([[answer("b.dds", "metal", 0.99), failure("d.png")]])
    assert len(state.items) == 6
    assert state.groups() == [("metal", 2), ("wood", 1), (UNKNOWN, 1), (PENDING, 1)]


def test_an_answer_that_was_not_announced_is_taken(state: SortState) -> None:
    state.take([[answer("late.png", "wood", 0.7)]])
    assert ("wood", 2) in state.groups()


def test_stopping_leaves_the_rest_to_come_and_clearing_forgets_all(state: SortState) -> None:
    state.end()
    assert dict(state.groups())[PENDING] == 1
    state.clear()
    assert state.groups() == []
    assert state.items == []
    assert not any(state.counts.values())


def test_every_change_is_told(state: SortState) -> None:
    told: list[None] = []
    state.changed.subscribe(told.append)
    state.take([[answer("e.png", "wood", 0.9)]])
    state.choose(search="x")
    state.end()
    state.clear()
    assert len(told) == 4
