"""What the Settings page knows."""

from __future__ import annotations

import pytest

from desktop.pages.settings.state import SettingsState
from desktop.settings import DEVICES as SETTABLE
from desktop.settings import Settings
from models.inference import CPU, DEVICES, available_providers


def test_every_device_of_the_runtime_can_be_kept() -> None:
    assert set(SETTABLE) == {"auto", "cpu", *DEVICES} - {CPU}


def test_devices_are_those_that_are_here() -> None:
    found = SettingsState(Settings()).devices()
    assert list(found) == ["auto", *(name for name in available_providers() if name != CPU), "cpu"]
    assert all(words[0].isupper() for words in found.values())


def test_a_device_of_another_computer_is_still_shown() -> None:
    found = SettingsState(Settings(device="DmlExecutionProvider")).devices()
    assert found["DmlExecutionProvider"] == "Graphics card (not here)"


@pytest.mark.parametrize("threads", [0, 1, 99])
def test_the_cores_that_were_chosen_are_among_those_to_choose_from(threads: int) -> None:
    assert str(threads) in SettingsState(Settings(threads=threads)).thread_choices()


def test_a_change_is_told_once() -> None:
    state, told = SettingsState(Settings()), []
    state.changed.subscribe(told.append)
    state.change(device="cpu", threads=2)
    state.change(threads=2)
    assert told == [Settings(device="cpu", threads=2)]
