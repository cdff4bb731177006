"""The Quality tab of the Dataset page: several ways to put one finding right, and a report that outlives the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.notices import Notices
from desktop.pages.dataset.quality_view import QualityView
from desktop.settings import Settings
from desktop.window import MainWindow
from tests.end_to_end.dataset_hands import Hands


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    return Hands(qtbot, window)


def quality(hands: Hands) -> QualityView:
    tab = hands.page.tabs["quality"]
    assert isinstance(tab, QualityView)
    return tab


def test_a_finding_is_put_right_another_way_and_the_report_is_there_after_a_restart(
    hands: Hands, walls: Path, qtbot: QtBot
) -> None:
    hands.bring(walls)
    hands.press("Quality")
    hands.press("Check")
    hands.wait(lambda: "worst first" in hands.words)
    tab = quality(hands)
    findings = tab.checking.checked[hands.page.state.selected or 0].report.findings
    assert all(one.fix is not None for one in findings)
    place = next(at for at, one in enumerate(findings) if one.kind == "set-aside")
    row = tab.rows[place]
    hands.wait(row.others_button.isVisible)
    menu = row.others_button.menu()
    assert menu is not None
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == list(row.ways[1:])
    assert row.ways[-1] == "Move 1 to the trash"
    menu.actions()[-1].trigger()
    hands.wait(lambda: hands.datasets == {"walls": "10"})
    hands.rest()
    assert hands.receipts[-1] == "Moved 1 picture without a label to the trash."
    assert "1 change since; check again" in hands.words
    assert "Fixed" in hands.words
    said = [one.words for one in tab.rows]
    hands.window.close()
    again = MainWindow(Settings(theme="light"), Notices())
    again.show()
    qtbot.waitExposed(again)
    try:
        later = Hands(qtbot, again)
        later.press("Quality")
        later.wait(lambda: "1 change since; check again" in later.words)
        assert [one.words for one in quality(later).rows] == said
        assert not quality(later).rows[place].fix_button.isVisible()
        later.page.acting.undo()
        later.wait(lambda: later.datasets == {"walls": "11"})
        later.rest()
        assert quality(later).rows[place].fix_button.isVisible()
        assert "since" not in later.words
    finally:
        again.close()
        again.deleteLater()
