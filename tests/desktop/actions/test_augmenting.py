"""The settings of a dataset's augmentation are kept, and say what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.actions.augmenting import (
    AugmentationSettings,
    augmenter,
    load_settings,
    preset_settings,
    save_settings,
    usual_settings,
)
from models.errors import DatasetError, WorkspaceError
from training.augmentation.occlusion import Background
from training.augmentation.presets import PRESETS
from training.datasets.records import Dataset

PARTS = Dataset(7, "Bricks", "parts", (), "2026-01-01T00:00:00")


def test_settings_are_the_templates_until_others_are_kept(workspace: Path) -> None:
    assert load_settings(PARTS) == usual_settings(PARTS)
    assert load_settings(PARTS).config == PRESETS["parts"].config
    chosen = AugmentationSettings(PRESETS["camera"].config, seed=12, side=224, backgrounds="/somewhere")
    save_settings(PARTS, chosen)
    assert load_settings(PARTS) == chosen
    assert (workspace / "augmentation" / "7.json").is_file()


@pytest.mark.parametrize("text", ["", "[]", '{"seed": 1}', '{"seed": 0, "side": 5, "backgrounds": ""}'])
def test_damaged_settings_are_one_sentence(text: str, workspace: Path) -> None:
    (workspace / "augmentation").mkdir(parents=True)
    (workspace / "augmentation" / "7.json").write_text(text)
    with pytest.raises(DatasetError, match="damaged"):
        load_settings(PARTS)


def test_settings_that_cannot_be_read_or_written_are_one_sentence(workspace: Path) -> None:
    (workspace / "augmentation" / "7.json").mkdir(parents=True)
    with pytest.raises(WorkspaceError, match=r"7\.json can't be read"):
        load_settings(PARTS)
    with pytest.raises(WorkspaceError, match=r"7\.json can't be written"):
        save_settings(PARTS, AugmentationSettings())


def test_a_folder_of_backgrounds_is_looked_at_only_when_it_is_used(tmp_path: Path) -> None:
    config = PRESETS["none"].config
    augmenter(AugmentationSettings(config, backgrounds=str(tmp_path)))
    with pytest.raises(DatasetError, match="holds no picture"):
        augmenter(AugmentationSettings(config.with_operation(Background(1)), backgrounds=str(tmp_path)))


def test_an_unknown_preset_is_one_sentence() -> None:
    with pytest.raises(DatasetError, match="no preset storm"):
        preset_settings("storm")
