"""The labelled pictures on which the incremental head is judged, as embeddings.

They are computed once and kept in the system's folder for temporary files.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np
from numpy.typing import NDArray

from models.embedding import Backbone
from models.heads.categories import decode
from models.library import BUNDLED
from training.features import Features
from training.incremental import IncrementalHead
from training.pictures import read_table, squares
from training.series import series, series_key

DATA = Path(os.environ.get("SORTWERK_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
QUESTIONS = (("material", "textures", "category"), ("part", "parts", "part_id"), ("colour", "parts", "color_id"))
RIDGE = 0.1
"""What a model takes that begins with nothing (``training.model_folder``)."""

SEED = 0


@dataclass(frozen=True)
class Task:
    """One question of one data set; labels are columns, groups are of near duplicates, series by name."""

    name: str
    categories: tuple[str, ...]
    train: NDArray[np.float16]
    train_labels: NDArray[np.intp]
    groups: NDArray[np.str_]
    series: tuple[bytes, ...]
    validation: NDArray[np.float16]
    validation_labels: NDArray[np.intp]


def tasks() -> list[Task]:
    """The three questions on their train and validation splits."""
    found = []
    for name, folder, column in QUESTIONS:
        rows = [row for row in read_table(DATA / folder / "labels.csv") if row["split"] in ("train", "val")]
        vectors = embeddings(folder, [DATA / folder / row["file"] for row in rows])
        train = np.array([row["split"] == "train" for row in rows])
        categories = sorted({row[column] for row in rows})
        labels = np.array([categories.index(row[column]) for row in rows], np.intp)
        groups = np.array([row.get("group", str(index)) for index, row in enumerate(rows)])
        found.append(
            Task(
                name,
                tuple(categories),
                vectors[train],
                labels[train],
                groups[train],
                tuple(series_key(_place(row)) for row in rows if row["split"] == "train"),
                vectors[~train],
                labels[~train],
            )
        )
    return found


def test_split(task: Task) -> tuple[NDArray[np.float16], NDArray[np.intp]]:
    """Embeddings (N, D) and labels (N,) of the pictures that nothing was chosen by."""
    _, folder, column = next(question for question in QUESTIONS if question[0] == task.name)
    rows = [row for row in read_table(DATA / folder / "labels.csv") if row["split"] == "test"]
    vectors = embeddings(f"{folder}-test", [DATA / folder / row["file"] for row in rows])
    return vectors, np.array([task.categories.index(row[column]) for row in rows], np.intp)


def embeddings(name: str, paths: Sequence[Path]) -> NDArray[np.float16]:
    model = hashlib.sha256((BUNDLED / "backbone" / "model.onnx").read_bytes()).hexdigest()[:16]
    cache = Path(tempfile.gettempdir()) / f"sortwerk-benchmark-{name}-{model}-{len(paths)}.npy"
    if not cache.exists():
        backbone = Backbone(BUNDLED / "backbone", threads=2)
        np.save(cache, np.concatenate([backbone.embed(batch) for batch in squares(paths, backbone.side)]))
    kept: NDArray[np.float16] = np.load(cache)
    return kept


def starter_features() -> Features:
    """Standardised as the starter model does, for every question: a new one has no reference pictures of its own."""
    with np.load(BUNDLED / "starter" / "head.npz") as file:
        return Features(file["mean"], file["scale"])


def head_of(
    task: Task, chosen: NDArray[np.intp], categories: Sequence[str] | None = None, *, ridge: float = RIDGE
) -> IncrementalHead:
    """What has learned the rows ``chosen`` of the train split; their keys are their numbers."""
    head = IncrementalHead(starter_features(), ridge=ridge, categories=categories or task.categories)
    head.add_many(
        (b"%d" % index, task.train[index], task.categories[task.train_labels[index]]) for index in chosen.tolist()
    )
    return head


def groups_of(task: Task) -> dict[bytes, bytes]:
    """The series of the train split, for the keys of ``head_of``."""
    return series(
        {b"%d" % index: key for index, key in enumerate(task.series)},
        {b"%d" % index: task.categories[label] for index, label in enumerate(task.train_labels)},
    )


def probabilities(logits: NDArray[np.floating], categories: Sequence[str]) -> NDArray[np.float32]:
    return np.stack([result.probabilities for result in decode(logits.astype(np.float32), categories)])


def _place(row: Mapping[str, str]) -> PurePath:
    """Where a picture came from: textures lie in the folder of their game, photographs all in one."""
    return PurePath(row.get("game", "photographs"), PurePath(row.get("original_name", row["file"])).name)
