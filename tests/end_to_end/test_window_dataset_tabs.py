"""Behind the pictures of the Dataset page: quality, the map, splits, versions; in a real window, with real pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.pages.dataset.quality_view import QualityView
from desktop.pages.dataset.splits_view import SplitsView
from desktop.pages.dataset.versions_view import VersionsView
from desktop.window import MainWindow
from tests.end_to_end.dataset_hands import Hands, Key
from training.datasets.versions import Version
from training.datasets.versions import diff as difference


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    return Hands(qtbot, window)


def test_a_dataset_is_checked_and_a_fix_can_be_taken_back(hands: Hands, walls: Path, data: Path) -> None:
    from PIL import Image

    first = sorted((walls / "brick").iterdir())[0]
    with Image.open(first) as picture:
        picture.convert("RGB").save(walls / "wood" / "again.jpg", quality=60)
    hands.bring(walls)
    hands.press("Quality")
    hands.press("Check")
    hands.wait(lambda: "worst first" in hands.words)
    quality = hands.page.tabs["quality"]
    assert isinstance(quality, QualityView)
    findings = quality.checking.checked[hands.page.state.selected or 0].report.findings
    place, finding = next((at, one) for at, one in enumerate(findings) if one.kind == "near-duplicates")
    assert finding.fix is not None
    left = 12 - finding.fix.count
    assert left < 12
    QTest.mouseClick(quality.rows[place].fix_button, Qt.MouseButton.LeftButton)
    hands.wait(lambda: hands.datasets == {"walls": f"{left}"})
    hands.rest()
    assert "Fixed" in hands.words
    hands.press("Undo")
    hands.wait(lambda: hands.datasets == {"walls": "12"})
    hands.rest()
    assert quality.rows[place].fix_button.isVisible()
    QTest.mouseClick(quality.rows[place].show_button, Qt.MouseButton.LeftButton)
    hands.rest()
    assert set(hands.shown) == set(finding.items)
    assert first.name in {hands.item(one).name for one in hands.shown}


def test_the_map_shows_what_was_drawn_around(hands: Hands, walls: Path) -> None:
    hands.bring(walls)
    hands.press("Quality")
    hands.press("Check")
    hands.wait(lambda: "draw around" in hands.words)
    quality = hands.page.tabs["quality"]
    assert isinstance(quality, QualityView)
    points = quality.map.scatter
    corners = [QPoint(1, 1), QPoint(points.width() - 2, 1), QPoint(points.width() - 2, points.height() - 2)]
    QTest.mousePress(points, Qt.MouseButton.LeftButton, pos=corners[0])
    for one in (*corners[1:], QPoint(1, points.height() - 2)):
        QTest.mouseMove(points, one)
    QTest.mouseRelease(points, Qt.MouseButton.LeftButton, pos=QPoint(1, points.height() - 2))
    assert "11 pictures chosen" in hands.words
    hands.press("Show")
    hands.rest()
    assert len(hands.shown) == 11


def test_a_division_is_looked_at_before_it_is_made(hands: Hands, walls: Path) -> None:
    hands.bring(walls)
    hands.press("Splits")
    splits = hands.page.tabs["splits"]
    assert isinstance(splits, SplitsView)
    hands.wait(lambda: bool(splits.table.rows))
    assert splits.table.rows[0].figures == ("0", "0", "0", "11", "11")
    hands.press("Preview")
    hands.wait(lambda: "As it would be" in hands.words)
    assert splits.table.rows[0].figures[3:] == ("0", "11")
    assert {hands.item(one).split for one in hands.shown} == {""}
    hands.press("Divide so")
    hands.rest()
    hands.wait(lambda: "As it is" in hands.words and splits.table.rows[0].figures[3:] == ("0", "11"))
    counts = [sum(hands.item(one).split == split for one in hands.shown) for split in ("train", "val", "test")]
    assert sum(counts) == 11
    assert min(counts) > 0
    hands.press("Fix the test set")
    hands.wait(lambda: "are fixed" in hands.words)
    assert sum(hands.item(one).frozen for one in hands.shown) == counts[2]
    hands.press("Release it")
    hands.wait(lambda: "are fixed" not in hands.words)
    assert not any(hands.item(one).frozen for one in hands.shown)


def test_versions_are_kept_compared_and_written(hands: Hands, walls: Path, tmp_path: Path) -> None:
    from desktop.pages.dataset.export_panel import ExportWish

    hands.bring(walls)
    hands.press("Versions")
    hands.press("Freeze a version")
    hands.wait(hands.page.naming.isVisible)
    hands.press("Freeze")
    versions = hands.page.tabs["versions"]
    assert isinstance(versions, VersionsView)
    hands.wait(lambda: versions.kept is not None and len(versions.kept.versions) == 1)
    assert "Version 1" in hands.words
    hands.press("Images")
    hands.select(hands.shown[1])
    hands.key(Key.Key_2)
    hands.rest()
    hands.press("Versions")
    hands.wait(lambda: "category: brick → wood" in hands.words)
    assert versions.kept is not None
    kept: Version = versions.kept.versions[0]
    versions.write(ExportWish(kept.hash, "folders"), tmp_path / "out")
    hands.wait((tmp_path / "out").is_dir)
    assert len(list((tmp_path / "out" / "brick").iterdir())) == 5
    store = hands.page.state.store
    found = difference(store.snapshot(kept), store.current(kept.dataset))
    assert len(found.relabelled) == 1
