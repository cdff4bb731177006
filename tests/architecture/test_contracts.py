"""The architecture as tests: the tree keeps every import-linter contract, and every contract can fail.

A contract that nothing can break guards nothing, so each is broken here on purpose, in a copy of the sources.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

FLOORS = ("desktop", "training", "models")
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
CONTRACTS = {
    contract["id"]: contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}

# contract, a module of the copy (made where it doesn't exist), the line that must not be there
BREACHES = [
    ("floors", "models/errors.py", "import training"),
    ("floors", "training/metrics/__init__.py", "import desktop.settings"),
    ("models-rooms", "models/errors.py", "import models.pipeline"),
    ("models-rooms", "models/workspace.py", "import models.sources"),
    ("models-rooms", "models/newcomer.py", '"""A room that no layer names."""'),
    ("training-rooms", "training/metrics/__init__.py", "import training.pytorch"),
    ("training-rooms", "training/newcomer.py", '"""A room that no layer names."""'),
    ("desktop-rooms", "desktop/theme/tokens.py", "import desktop.pages"),
    ("desktop-rooms", "desktop/cli/app.py", "import desktop.window"),
    ("desktop-rooms", "desktop/newcomer.py", '"""A room that no layer names."""'),
    ("no-cycles", "models/images/picture.py", "import models.images.decode"),
    ("no-cycles", "desktop/observable.py", "def late() -> None:\n    import desktop.notices"),
    ("pytorch", "models/pipeline.py", "import torch"),
    ("pytorch", "training/metrics/__init__.py", "from timm import create_model"),
    ("tensorflow", "training/pytorch/__init__.py", "import tensorflow"),
    ("trainer", "training/__init__.py", "import training.pytorch"),
    ("trainer", "desktop/actions/classify.py", "from training import pytorch"),
    ("onnxruntime", "models/library.py", "import onnxruntime"),
    ("qt", "desktop/settings.py", "from PySide6.QtCore import QSettings"),
    ("qt", "models/images/decode.py", "from PySide6.QtGui import QImage"),
    ("curves", "desktop/pages/sort/state.py", "import pyqtgraph"),
    ("without-qt", "desktop/pages/sort/state.py", "from PySide6.QtCore import QObject"),
    ("without-qt", "desktop/actions/classify.py", "import desktop.widgets.bar"),
    ("without-qt", "desktop/api/guard.py", "from PySide6.QtCore import QObject"),
    ("widgets", "desktop/widgets/bar.py", "from models.heads.categories import Score"),
]


def check(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run lint-imports on the sources in ``folder``."""
    command: list[str | Path] = [LINT_IMPORTS, "--no-cache", "--config", ROOT / "pyproject.toml", *arguments]
    return subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The Python sources of the three floors, to be spoilt."""
    for floor in FLOORS:
        shutil.copytree(
            ROOT / floor,
            tmp_path / floor,
            ignore=lambda folder, names: {
                name for name in names if not (name.endswith(".py") or (Path(folder) / name).is_dir())
            },
        )
    return tmp_path


def test_tree_keeps_every_contract() -> None:
    result = check(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in result.stdout


@pytest.mark.parametrize(("contract", "module", "line"), BREACHES)
def test_contract_can_be_broken(contract: str, module: str, line: str, copy: Path) -> None:
    path = copy / module
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{before}\n{line}\n", encoding="utf-8")

    result = check(copy, "--contract", contract)

    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{CONTRACTS[contract]} BROKEN" in result.stdout


def test_every_contract_is_broken_once() -> None:
    assert {contract for contract, _, _ in BREACHES} == set(CONTRACTS)
