"""Pictures of the Dataset page for docs/: part of packaging/screenshots.py, which makes the program importable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from desktop.pages.dataset.camera_view import CameraView
from desktop.pages.dataset.label_view import LabelView
from desktop.pages.dataset.quality_view import QualityView
from desktop.pages.dataset.view import DatasetPage
from desktop.window import MainWindow
from models.images.decode import decode
from training.datasets.adding import add_files
from training.datasets.heads import HeadDef
from training.datasets.masks import put_mask
from training.datasets.records import Query
from training.datasets.values import Category

__all__ = ["take_datasets"]

Wait = Callable[[Callable[[], bool], float], None]


def take_datasets(window: MainWindow, samples: Path, save: Callable[[str], None], wait: Wait) -> None:
    """Pictures of the page in its states, with the sample that ships."""
    window.show_page("Dataset")
    page = window.dataset
    wait(lambda: page.state.entries is not None, 0.5)
    save("dataset-empty")
    page.importing.try_sample(samples)
    wait(lambda: page.state.shown is not None and len(page.state.shown.ids) == 64, 1.5)
    page.images.grid.setFocus()
    page.images.select([5])
    wait(lambda: True, 1.0)
    save("dataset-images")
    page.importing.begin("empty")
    wait(lambda: True, 0.5)
    save("dataset-new")
    page.importing.panel.dismissed.emit()
    page.turn_to("quality")
    quality = page.findChild(QualityView)
    quality.check()
    wait(lambda: bool(quality.rows), 1.5)
    save("dataset-quality")
    _change(page)
    for tab in ("label", "splits", "augment", "versions"):
        page.turn_to(tab)
        wait(lambda tab=tab: tab != "label" or _label(page).editing.shown is not None, 2.5)
        save(f"dataset-{tab}")
    camera = _camera(page)
    camera.start(samples)
    wait(lambda: camera.running, 1.5)
    save("dataset-camera")
    camera.stop()
    _areas(page, samples)
    page.acting.look()
    wait(lambda: page.state.dataset is not None and page.state.dataset.name == "Walls", 1.0)
    page.images.select([int(page.state.shown.ids[0])] if page.state.shown is not None else [])
    page.turn_to("label")
    _label(page).course.go(page.images.grid.current)
    wait(lambda: _label(page).editing.shown == page.images.grid.current, 2.5)
    save("dataset-label-areas")


def _label(page: DatasetPage) -> LabelView:
    view = page.tabs["label"]
    assert isinstance(view, LabelView)  # noqa: S101
    return view


def _change(page: DatasetPage) -> None:
    """Keep a version, and label a few pictures otherwise since."""
    store, dataset = page.state.store, page.state.selected
    assert dataset is not None  # noqa: S101
    store.freeze(dataset, "First labels")
    items = [item.id for item in store.items(dataset)]
    store.set_labels(dataset, "material", dict.fromkeys(items[:3], Category("stone")))
    store.trash_items(dataset, items[10:12])
    page.acting.look()


def _camera(page: DatasetPage) -> CameraView:
    page.turn_to("camera")
    view = page.tabs["camera"]
    assert isinstance(view, CameraView)  # noqa: S101
    return view


def _areas(page: DatasetPage, samples: Path) -> None:
    """A dataset whose question is painted: the bright and the dark of a few walls."""
    store = page.state.store
    made = store.create("Walls", [HeadDef("area", "mask", ("wall", "joint", "damage"))])
    files = [samples / "wall_red_01.jpg", *sorted(samples.iterdir())[:5]]
    added = add_files(store, made.id, files)
    (item,) = store.items(made.id, where=Query(ids=added.added.new[:1]))  # the wall
    grey = decode(item.place.source.read(), item.name).pixels.mean(axis=2)
    indices = (grey < np.percentile(grey, 25)).astype(np.uint8)
    store.set_labels(made.id, "area", {item.id: put_mask(store.blobs, indices)})
    page.open_dataset(made.id)
