"""Wishes about engines on their way to the background and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.jobs import Jobs
from desktop.notices import Notices
from desktop.pages.settings.engine_control import EngineControl
from desktop.pages.settings.engines import Engines, Wish
from desktop.pages.settings.state import SettingsState
from desktop.settings import Settings
from tests.desktop.pages.engine_actions import EngineActions
from training.engine.finding import Status


class SlowFirstLook(EngineActions):
    """What the first look has seen is told when the second has been."""

    looks = 0

    def engine_status(self) -> list[Status]:
        self.looks += 1
        seen = super().engine_status()
        if self.looks == 1:
            self.halfway.set()
            self.hold.wait(10)
        return seen


@pytest.fixture
def actions(tmp_path: Path) -> SlowFirstLook:
    return SlowFirstLook(tmp_path / "engines")


@pytest.fixture
def control(actions: SlowFirstLook) -> Iterator[EngineControl]:
    jobs = Jobs()
    yield EngineControl(Engines(SettingsState(Settings()), actions), jobs, Notices())
    jobs.close()


def test_a_look_that_comes_late_does_not_bring_back_the_past(
    qtbot: QtBot, control: EngineControl, actions: SlowFirstLook
) -> None:
    told: list[str] = []
    control.look(lambda: told.append("first"))
    assert actions.halfway.wait(10)
    actions.states["torch"] = "ready"
    control.look(lambda: told.append("second"))
    qtbot.waitUntil(lambda: told == ["second"])
    actions.hold.set()
    qtbot.waitUntil(lambda: told == ["second", "first"])
    assert control.engines.statuses["torch"].state == "ready"


def test_two_wishes_at_once_are_one(qtbot: QtBot, control: EngineControl, actions: SlowFirstLook) -> None:
    heard: list[str] = []
    control.ready.connect(heard.append)
    actions.looks = 1
    control.start(Wish("install", "torch"))
    control.start(Wish("install", "tensorflow"))
    assert control.engines.work == Wish("install", "torch")
    actions.hold.set()
    qtbot.waitUntil(lambda: heard == ["torch"])
    assert control.engines.is_ready("torch")  # who hears of it finds it
    assert [call[:2] for call in actions.calls] == [("install", "torch")]


def test_stopping_twice_is_stopping(qtbot: QtBot, control: EngineControl, actions: SlowFirstLook) -> None:
    actions.looks = 1
    control.cancel()
    control.start(Wish("install", "torch"))
    assert not control.stopping
    assert actions.halfway.wait(10)
    control.cancel()
    control.cancel()
    assert control.stopping
    qtbot.waitUntil(lambda: control.engines.work is None)
    assert not control.stopping
    assert actions.left == set()
