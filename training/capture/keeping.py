"""Frames into a dataset: written into its folder, labelled, and as one step that can be undone."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import WorkspaceError
from models.sources import Source
from training.datasets.adding import place_of
from training.datasets.copying import keep_copy
from training.datasets.outcomes import Added
from training.datasets.records import Label, NewItem
from training.datasets.store import DatasetStore
from training.datasets.values import Category, Value

__all__ = ["SOURCE", "keep_frames", "taken"]

SOURCE = "camera"
"""What ``NewItem.source`` says of pictures that were taken here."""

_QUALITY = 95  # of JPEG, at full colour resolution: what is trained on should not be spoiled here


def keep_frames(
    store: DatasetStore,
    dataset_id: int,
    frames: Sequence[NDArray[np.uint8]],
    labels: Mapping[str, Value],
    *,
    group: str,
    annotator: str = "",
    time: str,
) -> Added:
    """Keep frames in a dataset, as one step.

    Args:
        store: of the datasets.
        dataset_id: of the dataset.
        frames: uint8 (H, W, 3) each, RGB.
        labels: question -> answer, for all of them; said by a person.
        group: what a split must not part: the burst, or the thing.
        annotator: who says what it is.
        time: now, ISO 8601 to the second, UTC.

    Raises:
        DatasetError: there is no such dataset or question, or an answer does not fit.
        WorkspaceError: a picture can't be written; then nothing has come in.
    """
    folder = store.copies(store.dataset(dataset_id).id)
    said = {name: Label(value, annotator, time, "person") for name, value in labels.items()}
    items = [_item(folder, one, said, group) for one in frames]
    what = ", ".join(one.name for one in labels.values() if isinstance(one, Category))
    count = "a picture" if len(items) == 1 else f"{len(items)} pictures"
    return store.add_items(dataset_id, items, action=f"Took {count} of {what}" if what else f"Took {count}")


def _item(folder: Path, pixels: NDArray[np.uint8], labels: Mapping[str, Label], group: str) -> NewItem:
    options = [
        cv2.IMWRITE_JPEG_QUALITY,
        _QUALITY,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    ]
    done, encoded = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), options)
    if not done:
        raise WorkspaceError("A picture of the camera can't be written as JPEG; choose a smaller size of picture.")
    data = encoded.tobytes()
    content = hashlib.sha256(data).digest()
    path = keep_copy(folder, content, data, "picture.jpg")
    place = place_of(Source(path))
    return NewItem(
        content=content,
        path=place.path,
        source=SOURCE,
        group=group,
        width=pixels.shape[1],
        height=pixels.shape[0],
        size=len(data),
        mtime_ns=path.stat().st_mtime_ns,
        labels=labels,
    )


def taken(store: DatasetStore, dataset_id: int, heads: Sequence[str]) -> Counter[tuple[str, ...]]:
    """How many pictures there are of each combination of answers, for ``CapturePlan.remaining``.

    Raises:
        DatasetError: there is no such dataset or question.
    """
    answers = [store.labels(dataset_id, head) for head in heads]
    if not answers:
        return Counter()
    shared = set(answers[0]).intersection(*answers[1:])
    rows = ([by_item[item] for by_item in answers] for item in shared)
    return Counter(
        tuple(one.name for one in row if isinstance(one, Category))
        for row in rows
        if all(isinstance(one, Category) for one in row)
    )
