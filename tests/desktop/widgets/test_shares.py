from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from desktop.widgets.shares import Shares


@pytest.fixture
def shares(qtbot: QtBot) -> Shares:
    made = Shares(["Train", "Validation", "Test"], [70, 15, 15])
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize(
    ("place", "value", "left"),
    [(0, 80, [80, 15, 5]), (0, 90, [90, 10, 0]), (0, 100, [100, 0, 0]), (2, 0, [70, 30, 0]), (1, 50, [50, 50, 0])],
)
def test_what_one_takes_the_others_give(shares: Shares, place: int, value: int, left: list[int]) -> None:
    told: list[list[int]] = []
    shares.changed.connect(told.append)
    shares.sliders[place].setValue(value)
    assert shares.values == left
    assert told == [left]
    assert sum(shares.values) == 100


def test_what_one_gives_the_last_takes(shares: Shares) -> None:
    shares.sliders[0].setValue(20)
    assert shares.values == [20, 15, 65]
    shares.set_values([60, 20, 20])
    assert [one.value() for one in shares.sliders] == [60, 20, 20]
