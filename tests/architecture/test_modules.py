"""The shape of the sources: small modules, and no Python packages where only data and scripts live."""

from __future__ import annotations

import statistics
from pathlib import Path

from tests.conftest import ROOT

FLOORS = ("desktop", "training", "models")
LONGEST = 500
MEDIAN = 120
NINTH_DECILE = 300


def modules() -> dict[Path, int]:
    """Every module of the three floors with its number of lines; empty ``__init__.py`` don't flatter the median."""
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*.py")
    }
    return {path: lines for path, lines in lengths.items() if lines > 5}


def test_no_module_is_long() -> None:
    assert {path: lines for path, lines in modules().items() if lines > LONGEST} == {}


def test_modules_are_small() -> None:
    lengths = sorted(modules().values())
    assert statistics.median(lengths) < MEDIAN
    assert statistics.quantiles(lengths, n=10)[-1] < NINTH_DECILE


def test_data_and_scripts_are_no_packages() -> None:
    folders = [ROOT / "assets", ROOT / "packaging", ROOT / "models" / "bundled"]
    assert [path for folder in folders for path in folder.rglob("__init__.py")] == []


def test_bundled_data_holds_no_code() -> None:
    folders = [ROOT / "assets", ROOT / "models" / "bundled"]
    assert [path for folder in folders for path in folder.rglob("*.py")] == []
