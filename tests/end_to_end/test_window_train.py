"""The Train page of a real window: from nothing to a plan, a run that goes on, and all runs."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.window import MainWindow
from tests.desktop.pages.run_folders import Course, make_run
from training.runs.events import Finished

PATIENCE = 60_000


def shown(window: MainWindow) -> list[str]:
    return [one.text() for one in window.train.findChildren(QLabel) if one.isVisible() and one.text()]


def open_train(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.train.planning.datasets is not None and window.train.state.entries is not None)


def test_without_a_dataset_it_says_so_and_the_sample_leads_to_a_plan(qtbot: QtBot, window: MainWindow) -> None:
    open_train(qtbot, window)
    qtbot.waitUntil(lambda: "There is no dataset to learn from yet" in shown(window), timeout=PATIENCE)
    QTest.mouseClick(window.train.sample_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.train.start is not None and window.train.start.isVisible(), timeout=PATIENCE)
    start = window.train.start
    assert start is not None
    assert window.train.planning.template == "textures"
    assert window.train.start_button.isEnabled()
    qtbot.waitUntil(lambda: any("held out" in text for text in shown(window)), timeout=PATIENCE)
    start.efforts.cards[2].setFocus()
    assert window.train.planning.preset == "thorough"


def test_a_run_of_an_earlier_window_is_found_followed_and_seen_to_end(
    qtbot: QtBot, window: MainWindow, workspace: Path
) -> None:
    runs = workspace / "runs"
    make_run(runs, "earlier", Course(epochs=3, done=3, steps=4), begun=1_000_000.0)
    run = make_run(runs, "going on", Course("running", epochs=5, done=3, steps=4), begun=2_000_000.0)
    open_train(qtbot, window)
    qtbot.waitUntil(window.train.stop_button.isVisible, timeout=PATIENCE)
    view = window.train.run
    assert view is not None
    assert view.runs.table.shown == [
        run.id,
        next(one.id for one in window.train.state.entries or () if "earlier" in one.id),
    ]
    qtbot.waitUntil(lambda: view.curves.loss.latest("train") is not None, timeout=PATIENCE)
    assert len(view.samples.strip.samples) == 6
    assert view.side.weakest.rows
    with run.writer() as writer:
        writer.write(Finished(best_epoch=2))
    qtbot.waitUntil(window.train.use_button.isVisible, timeout=PATIENCE)
    assert not window.train.pause_button.isVisible()


def test_earlier_runs_lie_over_the_curves_and_everything_about_one_can_be_read(
    qtbot: QtBot, window: MainWindow, workspace: Path
) -> None:
    first = make_run(workspace / "runs", "first", Course(epochs=3, done=3, steps=4), begun=1_000_000.0)
    second = make_run(workspace / "runs", "second", Course(epochs=3, done=3, steps=4, seed=2), begun=2_000_000.0)
    open_train(qtbot, window)
    qtbot.waitUntil(lambda: window.train.run is not None and window.train.run.isVisible(), timeout=PATIENCE)
    view = window.train.run
    assert view is not None
    view.runs.table.ticked.emit(first.id, True)
    qtbot.waitUntil(lambda: len(view.curves.loss.plot.lines) == 3, timeout=PATIENCE)
    window.train.opening.compare(first.id, second.id)
    qtbot.waitUntil(lambda: "Settings that differ" in shown(window), timeout=PATIENCE)
    window.train.opening.open(first.id)
    qtbot.waitUntil(lambda: window.train.opening.details is not None and window.train.opening.details.isVisible())
    details = window.train.opening.details
    assert details is not None
    details.notes.setPlainText("the baseline")
    QTest.mouseClick(details.keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: first.person().notes == "the baseline", timeout=PATIENCE)


def test_a_removed_run_can_be_brought_back(qtbot: QtBot, window: MainWindow, workspace: Path) -> None:
    run = make_run(workspace / "runs", "only", Course(epochs=2, done=2, steps=4), begun=1_000_000.0)
    links: list[object] = []
    open_train(qtbot, window)
    qtbot.waitUntil(lambda: window.train.run is not None and window.train.run.isVisible(), timeout=PATIENCE)
    window.train.told.connect(lambda _, given: links.extend(given))
    window.train.acting.remove([run.id])
    qtbot.waitUntil(lambda: window.train.state.entries == () and bool(links), timeout=PATIENCE)
    assert not run.path.exists()
    (_, undo) = links[0]  # type: ignore[misc]
    undo()
    qtbot.waitUntil(lambda: [one.id for one in window.train.state.entries or ()] == [run.id], timeout=PATIENCE)
