"""A dataset in a store with something wrong in it, and the facts about it as they are now: fix, look again, undo."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.database import Database
from tests.training.datasets.quality.making import DIMENSIONS, picture, scene
from training.datasets.heads import HeadDef
from training.datasets.quality.facts import Facts, HeadFacts
from training.datasets.quality.signals import SIGNALS, of_picture
from training.datasets.records import NewItem, Split
from training.datasets.store import DatasetStore
from training.datasets.values import Value

TABLES = ("dataset_items", "dataset_labels", "dataset_label_categories", "dataset_places")


@dataclass(frozen=True)
class Entry:
    """One picture."""

    pixels: NDArray[np.uint8]
    labels: Mapping[str, Value] = field(default_factory=dict)
    split: Split = ""
    group: str = ""
    vector: Sequence[float] = ()
    fault: str = ""
    missing: bool = False
    places: int = 1


def entries(count: int, **same: Any) -> list[Entry]:
    """Different pictures of which nothing else is said."""
    return [Entry(scene(seed, 32), **same) for seed in range(count)]


class Stored:
    """``given`` in a dataset, all that are in a split frozen if so asked."""

    def __init__(
        self,
        store: DatasetStore,
        database: Database,
        heads: Sequence[HeadDef],
        given: Sequence[Entry],
        *,
        frozen: bool,
        shared: bool,
    ) -> None:
        self._store, self._database = store, database
        self._known = {hashlib.sha256(str(row).encode()).digest(): one for row, one in enumerate(given)}
        self._signals = {content: of_picture(picture(one.pixels)) for content, one in self._known.items()}
        self.dataset = store.create("Stored", heads).id
        items = [
            NewItem(
                content,
                f"/nowhere/{row:03d}-{place}.png".encode(),
                labels=one.labels,
                split=one.split,
                group=one.group,
            )
            for row, (content, one) in enumerate(self._known.items())
            for place in range(one.places)
        ]
        store.add_items(self.dataset, items)
        if frozen:
            splits = {one.id: one.split for one in store.items(self.dataset) if one.split}
            store.set_splits(self.dataset, splits, frozen=True)
        if shared:
            store.add_items(store.create("Other", heads).id, items[:3])

    def facts(self) -> Facts:
        """As ``gathering`` has them."""
        store, dataset = self._store, self.dataset
        items = store.items(dataset)
        further = store.further_places(dataset)
        known = [self._known[one.content] for one in items]
        rows = {one.id: row for row, one in enumerate(items)}
        vectors = np.array([[*one.vector, *[0.0] * DIMENSIONS][:DIMENSIONS] for one in known]).reshape(-1, DIMENSIONS)
        return Facts(
            ids=np.array([one.id for one in items], np.int64),
            contents=[one.content for one in items],
            names=[one.name for one in items],
            places=[tuple(place.text for place in (one.place, *further.get(one.id, ()))) for one in items],
            splits=[one.split for one in items],
            frozen=np.array([one.frozen for one in items], bool),
            groups=[one.group for one in items],
            sources=[one.source for one in items],
            signals=np.array([self._signals[one.content] for one in items], SIGNALS),
            measured=np.array([not one.fault for one in known], bool),
            embeddings=vectors.astype(np.float16),
            embedded=np.array([len(one.vector) > 0 for one in known], bool),
            blocks=[slice(0, DIMENSIONS)],
            heads=[
                HeadFacts(
                    head,
                    {row: one.labels[head.name] for row, one in enumerate(items) if head.name in one.labels},
                    frozenset(rows[item] for item in store.guessed(dataset, head.name) if item in rows),
                )
                for head in store.dataset(dataset).heads
            ],
            elsewhere={rows[item]: names for item, names in store.elsewhere(dataset).items() if item in rows},
            faults={row: one.fault for row, one in enumerate(known) if one.fault},
            missing=np.array([one.missing for one in known], bool),
        )

    def rows(self) -> list[Any]:
        """All that the database holds of datasets beside the log of steps."""
        found = [sorted(map(repr, self._database.query(f"SELECT * FROM {table}"))) for table in TABLES]  # noqa: S608  # names
        return [self._database.query("SELECT * FROM datasets"), *found]
