"""A person brings in each of the five data sets, checks it, fixes, takes that back, freezes it, sends it out and brings
that in again: in a real window.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.actions.datasets import summarise
from desktop.pages.dataset.export_panel import ExportWish
from desktop.pages.dataset.quality_view import QualityView
from desktop.pages.dataset.versions_view import VersionsView
from desktop.window import MainWindow
from tests.end_to_end.dataset_hands import Hands
from training.datasets.records import Dataset

PATIENCE = 600_000


@dataclass(frozen=True)
class Set:
    """What a data set's README says is in it, and a second format that holds it, or part of it.

    Attributes:
        items: pictures.
        labels: question -> pictures with an answer, of those that are stated.
        also: the format, beside the one that holds everything.
        kept: the questions whose answers that format holds, as it calls them -> pictures with an answer; None for all.
    """

    items: int
    labels: Mapping[str, int]
    also: str
    kept: Mapping[str, int] | None


SETS = {
    "textures": Set(1160, {"category": 1160}, "folders", {"category": 1160}),
    "parts": Set(3600, {"part": 3600, "color": 2640}, "csv", {"part": 3600, "color": 2640}),
    "furniture": Set(84, {"recoloured": 28, "component": 84, "instances": 84}, "masks", {"component": 84}),
    "cards": Set(200, {"defects": 200}, "coco", None),
    "photometric": Set(48, {"normals": 48, "reflectance": 48, "object": 48}, "masks", {"object": 48}),
}


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    return Hands(qtbot, window, patience=PATIENCE)


def labelled(hands: Hands) -> tuple[int, dict[str, int], dict[str, dict[str, int]]]:
    """Pictures, answers and categories of the dataset that is open."""
    found = summarise(hands.page.state.store, opened(hands))
    counts = {head: {name: n for name, n in some.items() if n} for head, some in found.counts.items()}
    return found.items, {name: count for name, count in found.labelled.items() if count}, counts


def opened(hands: Hands) -> Dataset:
    dataset = hands.page.state.dataset
    assert dataset is not None
    return dataset


def check_and_fix(hands: Hands) -> None:
    """Check, put one finding right, and take that back."""
    hands.press("Quality")
    hands.press("Check")
    quality = hands.page.tabs["quality"]
    assert isinstance(quality, QualityView)
    hands.wait(lambda: (hands.page.state.selected or 0) in quality.checking.checked)
    findings = quality.checking.checked[opened(hands).id].report.findings
    before = labelled(hands)
    place = next((at for at, one in enumerate(findings) if one.fix is not None and one.fix.count), None)
    if place is None:
        assert "worst first" in hands.words or "Nothing found" in hands.words
        return
    hands.wait(quality.rows[place].fix_button.isVisible)
    told = len(hands.receipts)
    QTest.mouseClick(quality.rows[place].fix_button, Qt.MouseButton.LeftButton)
    hands.wait(lambda: len(hands.receipts) > told)
    hands.rest()
    assert hands.receipts[-1] != "There is nothing left to change."
    hands.press("Undo")
    hands.wait(lambda: hands.receipts[-1].startswith("Undone: "))
    hands.rest()
    assert labelled(hands) == before


def freeze_and_export(hands: Hands, folder: Path, formats: tuple[str, ...]) -> None:
    """Keep a version, and write it."""
    hands.press("Versions")
    hands.press("Freeze a version")
    hands.wait(hands.page.naming.isVisible)
    hands.press("Freeze")
    versions = hands.page.tabs["versions"]
    assert isinstance(versions, VersionsView)
    hands.wait(lambda: versions.kept is not None and len(versions.kept.versions) == 1)
    hands.rest()
    assert versions.kept is not None
    for name in formats:
        told = len(hands.receipts)
        versions.write(ExportWish(versions.kept.versions[0].hash, name), folder / name)
        hands.wait(lambda told=told: len(hands.receipts) > told)  # type: ignore[misc]
        assert hands.receipts[-1] == f"{_counted(labelled(hands)[0])} written to {name}."


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in ("furniture", "photometric") else pytest.mark.slow) for name in SETS],
)
def test_a_data_set_goes_through_the_window(hands: Hands, data: Path, tmp_path: Path, name: str) -> None:
    wanted = SETS[name]
    hands.bring(data / name)
    assert hands.datasets == {name: f"{wanted.items:,}"}
    whole = labelled(hands)
    assert whole[0] == wanted.items
    assert {head: whole[1][head] for head in wanted.labels} == wanted.labels
    check_and_fix(hands)
    freeze_and_export(hands, tmp_path, ("layout", wanted.also))
    hands.press("Images")
    hands.bring(tmp_path / "layout")
    assert labelled(hands) == whole
    hands.bring(tmp_path / wanted.also)
    again = labelled(hands)
    assert again[0] == wanted.items
    assert again[1] == (whole[1] if wanted.kept is None else wanted.kept)


def _counted(count: int) -> str:
    return f"{count:,} pictures"
