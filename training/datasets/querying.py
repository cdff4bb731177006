"""From a query to SQL: which items, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from training.datasets.records import Dataset, Order, Query
from training.datasets.reviews import ReviewFilter
from training.datasets.work import json_ids

__all__ = ["EVERYTHING", "ORDER_BY", "conditions"]

EVERYTHING = Query()

ORDER_BY: Mapping[Order, str] = MappingProxyType(
    {
        "added": "i.id",
        "newest": "i.id DESC",
        "name": "i.place, i.id",
        "source": "i.source, i.id",
        "split": "i.split, i.id",
        "pixels": "i.width * i.height, i.id",
        "group": "i.bunch, i.id",
    }
)


def conditions(dataset: Dataset, where: Query) -> tuple[str, list[Any]]:
    """The condition on ``dataset_items AS i``, and its parameters.

    Raises:
        DatasetError: the query names a head that the dataset does not have.
    """
    # Partial indexes are found by this very condition.
    parts = ["i.dataset = ?", "i.trashed > ''" if where.trashed else "i.trashed IS NULL"]
    found: list[Any] = [dataset.id]
    for column, wanted in (("split", where.split), ("source", where.source), ("bunch", where.group)):
        if wanted is not None:
            parts.append(f"i.{column} = ?")
            found.append(wanted)
    if where.status is not None:
        parts.append("i.status = ?")
        found.append(where.status)
    if where.text:
        parts.append("i.place LIKE ? ESCAPE '\\'")
        found.append(f"%{_literally(where.text)}%")
    head = dataset.head(where.head).id if where.head is not None else None
    if where.category is not None:
        which = "dataset = ? AND head = ?" if head is not None else "dataset = ?"
        parts.append(f"i.id IN (SELECT item FROM dataset_label_categories WHERE {which} AND category = ?)")  # noqa: S608
        found += [dataset.id, *([head] if head is not None else []), where.category]
    if where.unlabelled:
        which = "item = i.id AND head = ?" if head is not None else "item = i.id"
        parts.append(f"NOT EXISTS (SELECT 1 FROM dataset_labels WHERE {which})")  # noqa: S608
        found += [head] if head is not None else []
    if where.review is not None:
        which = f"{_REVIEWS[where.review]} AND one.dataset = ?"
        parts.append(f"i.id IN ({which}{' AND one.head = ?' if head is not None else ''})")
        found += [dataset.id, *([head] if head is not None else [])]
    if where.ids is not None:
        parts.append("i.id IN (SELECT value FROM json_each(?))")
        found.append(json_ids(where.ids))
    return " AND ".join(parts), found


_REVIEWS: Mapping[ReviewFilter, str] = MappingProxyType(
    {
        "open": (
            "SELECT one.item FROM dataset_labels AS one WHERE NOT EXISTS "
            "(SELECT 1 FROM dataset_reviews AS r WHERE r.item = one.item AND r.head = one.head)"
        ),
        "accepted": "SELECT one.item FROM dataset_reviews AS one WHERE one.state = 'accepted'",
        "rejected": "SELECT one.item FROM dataset_reviews AS one WHERE one.state = 'rejected'",
        "disagree": """
            SELECT one.item FROM dataset_opinions AS one WHERE (
                EXISTS (
                    SELECT 1 FROM dataset_labels AS other
                    WHERE other.item = one.item AND other.head = one.head AND other.value <> one.value
                ) OR EXISTS (
                    SELECT 1 FROM dataset_opinions AS other
                    WHERE other.item = one.item AND other.head = one.head AND other.value <> one.value
                )
            )
        """,
    }
)
"""Which labels, as ``one``, by how they stand in their review."""


def _literally(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
