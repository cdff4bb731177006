from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.jobs import Context, Jobs
from desktop.widgets.job_bar import JobBar, progress_text, time_left
from models.errors import Cancelled
from models.progress import Progress
from tests.desktop.widgets.stage import QUIET, settle, stage

pytestmark = QUIET


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s left"), (14.4, "14 s left"), (89, "89 s left"), (200, "3 min left"), (7200, "2.0 h left")],
)
def test_time_left(seconds: float, words: str) -> None:
    assert time_left(seconds) == words


def test_progress_in_words() -> None:
    told = progress_text("Looking at pictures", Progress(4210, 10000, 0, 412.3, 14.05))
    assert told == "Looking at pictures: 4,210 of 10,000  ·  412/s  ·  14 s left"
    assert progress_text("Looking at pictures", Progress(0, None, 0, 0.0, None)) == "Looking at pictures"
    assert "2.5/s" in progress_text("Training", Progress(5, 10, 0, 2.5, None))


def bar(qtbot: QtBot) -> JobBar:
    made = JobBar()
    stage(qtbot, made, 900, 48)
    return made


def links(shown: JobBar) -> list[str]:
    settle()
    return sorted(one.text() for one in shown.findChildren(QPushButton) if one.isVisible())


def said(shown: JobBar) -> str:
    return shown.findChild(QLabel).text()


def remaining(shown: JobBar) -> int:
    return shown.findChild(QTimer).remainingTime()


def test_what_is_told_can_be_acted_on_and_stays_longer_for_it(qtbot: QtBot) -> None:
    shown, done = bar(qtbot), []
    shown.tell("Sorted 3 files.")
    assert links(shown) == []
    assert remaining(shown) < 7_000
    shown.tell("Learned metal.", ("Show", lambda: done.append("show")), ("Undo", lambda: done.append("undo")))
    assert links(shown) == ["Show", "Undo"]
    assert 15_000 < remaining(shown) <= 21_000  # timers are coarse
    for one in shown.findChildren(QPushButton):
        if one.isVisible():
            one.click()
    assert done == ["show", "undo"]
    shown.tell("Took it back.")
    assert (said(shown), links(shown)) == ("Took it back.", [])


def test_what_is_told_stays_beside_a_job_that_runs_on(qtbot: QtBot) -> None:
    shown, jobs, go = bar(qtbot), Jobs(), threading.Event()
    jobs.started.connect(shown.show_job)
    job = jobs.start("Looking at pictures", lambda _: go.wait(10))
    try:
        assert said(shown) == "Looking at pictures"
        shown.tell("Learned metal.", ("Undo", lambda: None))
        job.changed.emit()
        assert said(shown) == "Learned metal."
        assert links(shown) == ["Cancel", "Undo"]
        shown.findChild(QTimer).timeout.emit()
        assert said(shown) == "Looking at pictures"
        assert links(shown) == ["Cancel"]
        shown.tell("Learned wood.", ("Undo", lambda: None))
    finally:
        go.set()
    qtbot.waitUntil(lambda: links(shown) == ["Undo"])
    assert said(shown) == "Learned wood."


def test_a_long_sentence_does_not_widen_the_window(qtbot: QtBot) -> None:
    shown = bar(qtbot)
    shown.tell("Learned a category with a very long name indeed for some pictures. " * 10)
    assert shown.minimumSizeHint().width() < 400


def test_a_job_may_have_words_of_its_own(qtbot: QtBot) -> None:
    shown, jobs, go = bar(qtbot), Jobs(), threading.Event()
    jobs.started.connect(shown.show_job)
    job = jobs.start("Installing", lambda _: go.wait(10), say=lambda now: f"Installing, {now.done} of it fetched")
    try:
        assert said(shown) == "Installing, 0 of it fetched"
        job.progress = Progress(412, None, 0, 0.0, None)
        job.changed.emit()
        assert said(shown) == "Installing, 412 of it fetched"
    finally:
        go.set()
    qtbot.waitUntil(lambda: not shown.isVisible())


def test_a_job_with_words_of_its_own_does_not_count_when_it_is_stopped(qtbot: QtBot) -> None:
    shown, jobs = bar(qtbot), Jobs()

    def work(context: Context[None]) -> None:
        context.cancel.wait(10)
        raise Cancelled("stopped")

    jobs.started.connect(shown.show_job)
    job = jobs.start("Installing", work, say=lambda _: "Installing")
    job.cancel()
    qtbot.waitUntil(lambda: said(shown) == "Installing: stopped.")
