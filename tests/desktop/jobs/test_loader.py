from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from desktop.jobs import Loader


def test_nearest_first_and_what_is_no_longer_wanted_is_not_loaded(qtbot: QtBot) -> None:
    started, go = threading.Event(), threading.Event()
    loaded: list[int] = []
    given: dict[int, str | None] = {}

    def load(key: int) -> str:
        started.set()
        go.wait(5)
        loaded.append(key)
        return str(key)

    loader: Loader[str] = Loader(load, given.__setitem__)
    loader.want([1, 2, 3, 4])
    assert started.wait(5)
    loader.want([7, 8])
    go.set()
    qtbot.waitUntil(lambda: 8 in given)
    assert loaded == [1, 7, 8]
    assert given == {1: "1", 7: "7", 8: "8"}
    loader.close()


def test_one_that_fails_is_none_and_the_next_one_is_loaded(qtbot: QtBot) -> None:
    given: dict[int, str | None] = {}

    def load(key: int) -> str:
        if key == 1:
            raise ValueError("no picture")
        return "picture"

    loader: Loader[str] = Loader(load, given.__setitem__)
    loader.want([1, 2])
    qtbot.waitUntil(lambda: 2 in given)
    assert given == {1: None, 2: "picture"}
    loader.close()
