from __future__ import annotations

import threading
import time

from pytestqt.qtbot import QtBot

from desktop.jobs import Context, Job, Jobs, JobState
from models.errors import Cancelled, WorkspaceError
from models.progress import Progress


def ended(job_states: list[JobState]) -> bool:
    return bool(job_states) and job_states[-1] is not JobState.RUNNING


def follow(job: Job) -> list[JobState]:
    states: list[JobState] = []
    job.changed.connect(lambda: states.append(job.state))
    return states


def test_items_arrive_in_order_on_the_gui_thread_before_the_end(qtbot: QtBot) -> None:
    jobs = Jobs()
    got: list[int] = []
    threads: set[int] = set()

    def take(item: int) -> None:
        got.append(item)
        threads.add(threading.get_ident())

    def action(context: Context[int]) -> str:
        for number in range(500):
            context.emit(number)
        return "all"

    outcome: list[tuple[str, int]] = []
    jobs.start("Counting", action, on_item=take, on_done=lambda result: outcome.append((result, len(got))))
    qtbot.waitUntil(lambda: bool(outcome))
    assert got == list(range(500))
    assert outcome == [("all", 500)]
    assert threads == {threading.get_ident()}
    jobs.close()


def test_an_error_is_one_sentence_and_a_fault_names_its_kind(qtbot: QtBot) -> None:
    jobs = Jobs()
    sentences: list[str] = []

    def refuse(_context: Context[int]) -> None:
        raise WorkspaceError("The disk is full; make room and try again.")

    def crash(_context: Context[int]) -> None:
        raise ZeroDivisionError

    jobs.start("Saving", refuse, on_error=sentences.append)
    qtbot.waitUntil(lambda: len(sentences) == 1)
    jobs.start("Dividing", crash, on_error=sentences.append)
    qtbot.waitUntil(lambda: len(sentences) == 2)
    assert sentences[0] == "The disk is full; make room and try again."
    assert "ZeroDivisionError" in sentences[1]
    assert "Dividing" in sentences[1]
    jobs.close()


def test_cancelling_ends_a_job_and_nothing_more_is_delivered(qtbot: QtBot) -> None:
    jobs = Jobs()
    got: list[int] = []

    def action(context: Context[int]) -> None:
        number = 0
        while not context.cancel.is_set():
            context.emit(number)
            number += 1
        raise Cancelled("stopped")

    job = jobs.start("Endless", action, on_item=got.append)
    states = follow(job)
    qtbot.waitUntil(lambda: len(got) > 10)
    job.cancel()
    seen = len(got)
    qtbot.waitUntil(lambda: ended(states))
    assert states[-1] is JobState.CANCELLED
    assert len(got) == seen
    jobs.close()


def test_a_job_that_is_faster_than_the_window_waits(qtbot: QtBot) -> None:
    """What has been emitted and not taken stays bounded, however slow the window is."""
    jobs = Jobs()
    emitted = taken = most = 0

    def action(context: Context[int]) -> None:
        nonlocal emitted
        for number in range(300):
            context.emit(number)
            emitted += 1

    def take(_item: int) -> None:
        nonlocal taken, most
        most = max(most, emitted - taken)
        time.sleep(0.001)
        taken += 1

    done: list[None] = []
    jobs.start("Fast", action, on_item=take, on_done=done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert taken == 300
    assert most <= 33
    jobs.close()


def test_closing_ends_threads_and_silences_them(qtbot: QtBot) -> None:
    jobs = Jobs()
    got: list[int] = []

    def action(context: Context[int]) -> None:
        while True:
            context.emit(1)

    jobs.start("Endless", action, on_item=got.append)
    qtbot.waitUntil(lambda: len(got) > 3)
    jobs.close()
    seen = len(got)
    qtbot.wait(30)
    assert len(got) == seen
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("job:")]


def test_progress_is_told(qtbot: QtBot) -> None:
    jobs = Jobs()
    done: list[None] = []
    job = jobs.start("Counting", lambda context: context.progress(Progress(3, 10, 0, 2.0, 3.5)), on_done=done.append)
    seen: list[Progress] = []
    job.changed.connect(lambda: seen.append(job.progress))
    qtbot.waitUntil(lambda: bool(done))
    assert Progress(3, 10, 0, 2.0, 3.5) in seen
    jobs.close()


def test_a_flood_of_progress_is_told_a_few_times_and_ends_with_the_last(qtbot: QtBot) -> None:
    jobs = Jobs()
    done: list[object] = []
    seen: list[Progress] = []

    def work(context: Context[object]) -> None:
        for number in range(20_000):
            context.progress(Progress(number + 1, 20_000, 0, 1.0, 1.0))

    job = jobs.start("Counting", work, on_done=done.append)
    job.changed.connect(lambda: seen.append(job.progress))
    qtbot.waitUntil(lambda: bool(done))
    assert seen[-1].done == 20_000
    assert len(seen) < 2_000
    jobs.close()
