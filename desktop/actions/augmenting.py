"""Augmentation of a dataset: its settings, kept in the workspace, and copies. For window and command line."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop.actions.datasets import find_dataset, opened
from models import workspace
from models.errors import DatasetError, WorkspaceError, one_line
from models.progress import Progress
from training.augmentation.augmenter import Augmenter
from training.augmentation.backgrounds import Backgrounds, FolderBackgrounds
from training.augmentation.config import AugmentationConfig
from training.augmentation.presets import PRESETS, find_preset, preset_for
from training.datasets.records import Dataset, Query, Split
from training.datasets.sending import Sent
from training.datasets.sending_varied import send_varied
from training.datasets.store import DatasetStore

__all__ = [
    "PRESETS",
    "SIDES",
    "AugmentationSettings",
    "augment_dataset",
    "augmenter",
    "load_settings",
    "preset_settings",
    "save_settings",
    "usual_settings",
    "write_copies",
]

SIDES = (224, 256, 320, 384, 512, 640, 768, 1024)
"""Sizes that pictures may be varied at: pixels of the longer side."""


@dataclass(frozen=True, slots=True)
class AugmentationSettings:
    """How the pictures of a dataset are varied.

    Attributes:
        config: the operations.
        seed: 0 or more.
        side: pixels of the longer side that pictures are brought to first, one of ``SIDES``; ranges in pixels are of
            that size.
        backgrounds: folder of pictures to be put behind things; "" for plain colours.
    """

    config: AugmentationConfig = field(default_factory=AugmentationConfig)
    seed: int = 0
    side: int = 512
    backgrounds: str = ""

    def to_json(self) -> dict[str, Any]:
        """For ``json.dumps``."""
        return {"config": self.config.to_json(), "seed": self.seed, "side": self.side, "backgrounds": self.backgrounds}

    @classmethod
    def from_json(cls, data: Any) -> AugmentationSettings:
        """The counterpart of ``to_json``. Raises ``DatasetError``: it is none."""
        sound = isinstance(data, dict) and isinstance(data.get("seed"), int) and data.get("side") in SIDES
        if not sound or not isinstance(data.get("backgrounds"), str):
            raise DatasetError("The settings of the augmentation are damaged; set them anew.")
        config = AugmentationConfig.from_json(data.get("config"))
        return cls(config, data["seed"], data["side"], data["backgrounds"])


def usual_settings(dataset: Dataset) -> AugmentationSettings:
    """Those that fit its template."""
    return AugmentationSettings(preset_for(dataset.template).config)


def preset_settings(name: str) -> AugmentationSettings:
    """Those of a preset. Raises ``DatasetError``: there is none."""
    return AugmentationSettings(find_preset(name).config)


def load_settings(dataset: Dataset) -> AugmentationSettings:
    """Those that were kept, else the usual ones.

    Raises:
        DatasetError: the file is damaged.
        WorkspaceError: it can't be read.
    """
    path = _path(dataset.id)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return usual_settings(dataset)
    except (OSError, UnicodeDecodeError) as error:
        raise WorkspaceError(f"{one_line(path)} can't be read; correct or remove it.") from error
    try:
        return AugmentationSettings.from_json(json.loads(text))
    except ValueError as error:
        raise DatasetError(f"{one_line(path)} is damaged; set the augmentation anew.") from error


def save_settings(dataset: Dataset, settings: AugmentationSettings) -> None:
    """Keep them; they are on the disk when this returns. Raises ``WorkspaceError``: they can't be written."""
    path = _path(dataset.id)
    try:
        path.parent.mkdir(exist_ok=True)
        with workspace.atomic_file(path) as file:
            file.write(json.dumps(settings.to_json(), indent=1).encode())
    except OSError as error:
        raise WorkspaceError(
            f"{one_line(path)} can't be written ({workspace.reason(error)}); free some space and try again."
        ) from error


def augmenter(settings: AugmentationSettings) -> Augmenter:
    """What varies samples so. Raises ``DatasetError``: the folder of backgrounds has no picture."""
    behind: Backgrounds | None = None
    if settings.config.background.probability > 0 and settings.backgrounds:
        behind = FolderBackgrounds(Path(settings.backgrounds))
    return Augmenter(settings.config, settings.seed, behind)


def write_copies(
    store: DatasetStore,
    dataset: Dataset,
    folder: Path,
    format: str,  # noqa: A002 - as training.datasets.sending
    settings: AugmentationSettings,
    *,
    count: int,
    split: Split | None = None,
    full_size: bool = False,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Sent:
    """Write ``count`` copies of each picture: ``training.datasets.sending_varied.send_varied``."""
    return send_varied(
        store,
        dataset.id,
        folder,
        format,
        augmenter(settings),
        count=count,
        side=None if full_size else settings.side,
        where=Query(split=split, status="ok"),
        cancel=cancel,
        on_progress=on_progress,
    )


def augment_dataset(
    name: str,
    folder: Path,
    *,
    preset: str | None = None,
    format: str = "layout",  # noqa: A002 - as training.datasets.sending
    count: int = 1,
    seed: int | None = None,
    side: int | None = None,
    split: Split | None = None,
    backgrounds: Path | None = None,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Sent:
    """As ``write_copies``, by names.

    Args:
        name: of the dataset.
        folder: to make.
        preset: its settings; None for those kept with the dataset.
        format: a key of ``FORMATS``.
        count: copies of each picture.
        seed: None for the one that is kept, or 0.
        side: one of ``SIDES``, or 0 for the full size; None for the one that is kept, or 512.
        split: only of it; None for all.
        backgrounds: folder of pictures to be put behind things.
        cancel: set it to stop; then nothing is written.
        on_progress: called in this thread.

    Raises:
        DatasetError: there is no such dataset or preset, or the copies can't be written.
        Cancelled: ``cancel`` was set.
    """
    if side is not None and side not in (0, *SIDES):
        sizes = ", ".join(str(one) for one in SIDES)
        raise DatasetError(f"Pictures can't be varied at {side} pixels; choose one of {sizes}, or 0 for full size.")
    with opened() as store:
        dataset = find_dataset(store, name)
        kept = load_settings(dataset) if preset is None else preset_settings(preset)
        settings = AugmentationSettings(
            kept.config,
            kept.seed if seed is None else seed,
            side or kept.side,
            str(backgrounds) if backgrounds is not None else kept.backgrounds,
        )
        return write_copies(
            store,
            dataset,
            folder,
            format,
            settings,
            count=count,
            split=split,
            full_size=side == 0,
            cancel=cancel,
            on_progress=on_progress,
        )


def _path(dataset: int) -> Path:
    return workspace.folder() / "augmentation" / f"{dataset}.json"
