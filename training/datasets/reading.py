"""Reading items: pages, ids, counts, places. Each a statement or two, however many items there are."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.datasets.querying import EVERYTHING, ORDER_BY, conditions
from training.datasets.records import SPLITS, Dataset, Item, Order, Place, Query, Split
from training.datasets.values import Value, from_text
from training.datasets.work import Part, json_ids

__all__ = ["Reading"]

_COLUMNS = (
    "i.id, i.content, i.path, i.member, i.source, i.bunch, i.width, i.height, i.size, i.mtime_ns, i.status, i.note, "
    "i.split, i.frozen, i.added, i.trashed"
)


class Reading(Part):
    """The part of the store that reads items."""

    def items(
        self,
        dataset_id: int,
        *,
        where: Query = EVERYTHING,
        order: Order = "added",
        offset: int = 0,
        limit: int | None = None,
    ) -> list[Item]:
        """A page of the items that ``where`` chooses, with their labels.

        A page that is far down costs the skipping of those before it: with many items ask for ``ids`` once, and for
        pages by ``Query(ids=...)``.

        Args:
            dataset_id: of the dataset.
            where: which items.
            order: how they are sorted.
            offset: how many to leave out.
            limit: at most so many; None for all.

        Raises:
            DatasetError: there is no such dataset or head.
        """
        dataset = self.dataset(dataset_id)
        condition, values = conditions(dataset, where)
        sql = f"""
            SELECT {_COLUMNS} FROM dataset_items AS i WHERE {condition}
            ORDER BY {ORDER_BY[order]} LIMIT ? OFFSET ?
        """  # noqa: S608  # names of columns
        rows = self._database.query(sql, (*values, -1 if limit is None else limit, offset))
        labels = self._labels(dataset, [row[0] for row in rows])
        return [_item(dataset.id, row, labels.get(row[0], {})) for row in rows]

    def ids(self, dataset_id: int, where: Query = EVERYTHING, *, order: Order = "added") -> NDArray[np.int64]:
        """int64 (n,): the ids of all items that ``where`` chooses, sorted by ``order``.

        Raises:
            DatasetError: there is no such dataset or head.
        """
        condition, values = conditions(self.dataset(dataset_id), where)
        sql = f"SELECT i.id FROM dataset_items AS i WHERE {condition} ORDER BY {ORDER_BY[order]}"  # noqa: S608
        rows = self._database.query(sql, values)
        return np.fromiter((number for (number,) in rows), np.int64, len(rows))

    def count(self, dataset_id: int, where: Query = EVERYTHING) -> int:
        """How many items ``where`` chooses.

        Raises:
            DatasetError: there is no such dataset or head.
        """
        condition, values = conditions(self.dataset(dataset_id), where)
        sql = f"SELECT count(*) FROM dataset_items AS i WHERE {condition}"  # noqa: S608  # names of columns
        return int(self._database.query(sql, values)[0][0])

    def split_counts(self, dataset_id: int) -> dict[Split, int]:
        """Split -> items, for each of the four ("" is none)."""
        sql = "SELECT split, count(*) FROM dataset_items WHERE dataset = ? AND trashed IS NULL GROUP BY split"
        found = dict(self._database.query(sql, (dataset_id,)))
        return {split: int(found.get(split, 0)) for split in SPLITS}

    def source_counts(self, dataset_id: int) -> dict[str, int]:
        """Source -> items, by name; "" is none."""
        sql = """
            SELECT source, count(*) FROM dataset_items WHERE dataset = ? AND trashed IS NULL
            GROUP BY source ORDER BY source
        """
        return {str(source): int(count) for source, count in self._database.query(sql, (dataset_id,))}

    def places(self, item_id: int) -> list[Place]:
        """Every place where the item's content lies, the first one first; none when there is no such item."""
        first = self._database.query("SELECT path, member FROM dataset_items WHERE id = ?", (item_id,))
        sql = "SELECT path, member FROM dataset_places WHERE item = ? ORDER BY path, member"
        return [Place(*row) for row in (*first, *self._database.query(sql, (item_id,)))]

    def further_places(self, dataset_id: int) -> dict[int, list[Place]]:
        """Item -> the places of its content beside the first one; items that lie in one place only are missing."""
        sql = """
            SELECT p.item, p.path, p.member FROM dataset_items AS i JOIN dataset_places AS p ON p.item = i.id
            WHERE i.dataset = ? AND i.trashed IS NULL ORDER BY p.item, p.path, p.member
        """
        found: dict[int, list[Place]] = defaultdict(list)
        for item, path, member in self._database.query(sql, (dataset_id,)):
            found[item].append(Place(path, member))
        return dict(found)

    def elsewhere(self, dataset_id: int) -> dict[int, tuple[str, ...]]:
        """Item -> names of the other datasets that hold its content; what is in a trash does not count."""
        sql = """
            SELECT i.id, d.name FROM dataset_items AS i
            JOIN datasets AS d ON d.id <> i.dataset AND d.trashed IS NULL
            JOIN dataset_items AS o ON o.dataset = d.id AND o.content = i.content AND o.trashed IS NULL
            WHERE i.dataset = ? AND i.trashed IS NULL ORDER BY i.id, d.name
        """
        found: dict[int, list[str]] = defaultdict(list)
        for item, name in self._database.query(sql, (dataset_id,)):
            found[item].append(name)
        return {item: tuple(names) for item, names in found.items()}

    def _labels(self, dataset: Dataset, ids: list[int]) -> dict[int, dict[str, Value]]:
        kinds = {head.id: (head.name, head.kind) for head in dataset.heads}
        sql = "SELECT item, head, value FROM dataset_labels WHERE item IN (SELECT value FROM json_each(?))"
        found: dict[int, dict[str, Value]] = defaultdict(dict)
        for item, head, text in self._database.query(sql, (json_ids(ids),)) if ids else ():
            if head in kinds:  # else another window has just changed the questions
                name, kind = kinds[head]
                found[item][name] = from_text(kind, text)
        return found


def _item(dataset: int, row: tuple[Any, ...], labels: dict[str, Value]) -> Item:
    number, content, path, member, source, group, width, height, size, mtime_ns, *rest = row
    status, note, split, frozen, added, trashed = rest
    return Item(
        id=number,
        dataset=dataset,
        content=content,
        place=Place(path, member),
        source=source,
        group=group,
        width=width,
        height=height,
        size=size,
        mtime_ns=mtime_ns,
        status=status,
        note=note,
        split=split,
        frozen=bool(frozen),
        added=added,
        trashed=trashed,
        labels=labels,
    )
