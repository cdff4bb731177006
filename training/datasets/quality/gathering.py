"""From the store and the files to ``Facts``: the part of a check that takes time."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import numpy as np

from models.database import Database
from models.embedding import Embedder
from models.errors import Cancelled, ModelError
from models.library import BUNDLED, bundled_id
from models.progress import Progress
from training.datasets.quality.facts import Facts, HeadFacts
from training.datasets.quality.measuring import Asked, measure_all
from training.datasets.store import DatasetStore

__all__ = ["bundled_blocks", "gather"]


def bundled_blocks() -> list[slice]:
    """The stretches of the bundled backbone's embedding that come from one layer and one statistic each.

    Raises:
        ModelError: the file that says so is missing or damaged.
    """
    path = BUNDLED / "backbone" / "metadata.json"
    try:
        return [slice(one["start"], one["stop"]) for one in json.loads(path.read_text(encoding="utf-8"))["blocks"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} is missing or damaged; install Sortwerk again.") from error


def gather(
    store: DatasetStore,
    dataset_id: int,
    cache: Database,
    embedder: Embedder | None,
    *,
    threads: int | None = None,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Facts:
    """All that the checks look at, of all items that are not in the trash.

    Args:
        store: of datasets.
        dataset_id: of the one to check.
        cache: from ``models.database.open_cache``.
        embedder: the bundled backbone; None to do without, and without all that needs it.
        threads: that look at files; None for one a core.
        cancel: set it to stop, also while the checks run.
        on_progress: told how many files have been looked at.

    Raises:
        Cancelled: ``cancel`` was set.
        DatasetError: there is no such dataset.
        ModelError: the embedder fails.
        WorkspaceError: a database can't be used.
    """

    def stop() -> None:
        if cancel is not None and cancel.is_set():
            raise Cancelled("The work was cancelled.")

    dataset = store.dataset(dataset_id)
    items = store.items(dataset_id)
    places = store.further_places(dataset_id)
    asked = [
        Asked(
            one.content,
            tuple(place.source for place in (one.place, *places.get(one.id, ()))),
            one.size,
            one.mtime_ns,
        )
        for one in items
    ]
    found = measure_all(asked, cache, embedder, threads=threads, cancel=cancel, on_progress=on_progress)
    rows = {one.id: row for row, one in enumerate(items)}
    return Facts(
        ids=np.array([one.id for one in items], np.int64),
        contents=[one.content for one in items],
        names=[one.name for one in items],
        places=[tuple(place.text for place in (one.place, *places.get(one.id, ()))) for one in items],
        splits=[one.split for one in items],
        frozen=np.array([one.frozen for one in items], bool),
        groups=[one.group for one in items],
        sources=[one.source for one in items],
        signals=found.signals,
        measured=found.measured,
        embeddings=found.embeddings,
        embedded=found.embedded,
        blocks=_blocks(embedder),
        heads=[
            HeadFacts(
                head,
                {row: one.labels[head.name] for row, one in enumerate(items) if head.name in one.labels},
                frozenset(rows[item] for item in store.guessed(dataset_id, head.name) if item in rows),
            )
            for head in dataset.heads
        ],
        elsewhere={rows[item]: names for item, names in store.elsewhere(dataset_id).items() if item in rows},
        faults=found.faults,
        missing=found.missing,
        stop=stop,
    )


def _blocks(embedder: Embedder | None) -> list[slice]:
    """Of an embedder that is not the bundled one all numbers count alike."""
    if embedder is None:
        return []
    return bundled_blocks() if embedder.id == bundled_id() else [slice(0, embedder.dimensions)]
