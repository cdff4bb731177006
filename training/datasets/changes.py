"""What a step can change, and how each kind of change is brought about: forwards it is done, backwards it is undone.

A change is a kind, an item (None for the dataset itself), a head's number (0 for none), and what was before and is
after, as JSON. In one step there is at most one for each kind, item and head, so their order does not matter.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from training.datasets.attributes import Attributes
from training.datasets.heads import HeadDef, heads_from_json, named_categories
from training.datasets.records import Place
from training.datasets.values import from_text

__all__ = ["KINDS", "Change", "Rows", "apply", "places_from_json", "places_to_json", "read_heads"]


@dataclass(frozen=True, slots=True)
class Change:
    """One cell of a person's work: what it was, and what it is."""

    kind: str
    item: int | None
    head: int
    before: Any
    after: Any


Rows = Sequence[tuple[int | None, int, Any]]
"""Item, head, and what is to be there."""

Put = Callable[[sqlite3.Connection, int, Rows], None]


def apply(connection: sqlite3.Connection, dataset: int, rows: Mapping[str, Rows]) -> None:
    """Bring about what ``rows`` say, by kind. Heads come first: labels are kept by what heads are called then."""
    for kind, put in KINDS.items():
        if rows.get(kind):
            put(connection, dataset, rows[kind])


def read_heads(connection: sqlite3.Connection, dataset: int) -> tuple[HeadDef, ...]:
    """The questions of a dataset, which must be there."""
    (text,) = connection.execute("SELECT heads FROM datasets WHERE id = ?", (dataset,)).fetchone()
    return heads_from_json(json.loads(text))


def places_to_json(places: Sequence[Place]) -> list[list[str]]:
    """Paths are bytes; JSON holds text."""
    return [[base64.b64encode(place.path).decode(), place.member] for place in places]


def places_from_json(data: Sequence[Sequence[str]] | None) -> list[Place]:
    """The counterpart of ``places_to_json``."""
    return [Place(base64.b64decode(path), member) for path, member in data or ()]


def _put_name(connection: sqlite3.Connection, dataset: int, rows: Rows) -> None:
    connection.execute("UPDATE datasets SET name = ? WHERE id = ?", (rows[0][2], dataset))


def _put_heads(connection: sqlite3.Connection, dataset: int, rows: Rows) -> None:
    before = {head.id: head for head in read_heads(connection, dataset)}
    text = json.dumps(rows[0][2], ensure_ascii=False)
    connection.execute("UPDATE datasets SET heads = ? WHERE id = ?", (text, dataset))
    for head in heads_from_json(rows[0][2]):
        # A mask holds indices: what its categories are called changed under it.
        if head.kind == "mask" and head.id in before and before[head.id].categories != head.categories:
            _name_masks(connection, dataset, head)


def _name_masks(connection: sqlite3.Connection, dataset: int, head: HeadDef) -> None:
    key = (dataset, head.id)
    connection.execute("DELETE FROM dataset_label_categories WHERE dataset = ? AND head = ?", key)
    found = connection.execute("SELECT item, value FROM dataset_labels WHERE dataset = ? AND head = ?", key).fetchall()
    named = [(*key, name, item) for item, text in found for name in named_categories(head, from_text("mask", text))]
    connection.executemany("INSERT INTO dataset_label_categories VALUES (?, ?, ?, ?)", named)


def _setting(what: str) -> Put:
    """Of columns of an item; what is to be there is the value, or a list of one for each column."""

    def put(connection: sqlite3.Connection, _dataset: int, rows: Rows) -> None:
        values = [(*(value if isinstance(value, list) else (value,)), item) for item, _, value in rows]
        _update(connection, what, values)

    return put


def _put_file(connection: sqlite3.Connection, _dataset: int, rows: Rows) -> None:
    found = []
    for item, _, (places, *facts) in rows:
        (place,) = places_from_json([places])
        found.append((place.path, place.member, place.text, *facts, item))
    _update(connection, "path = ?, member = ?, place = ?, mtime_ns = ?, status = ?, note = ?", found)


def _put_places(connection: sqlite3.Connection, _dataset: int, rows: Rows) -> None:
    connection.executemany("DELETE FROM dataset_places WHERE item = ?", [(item,) for item, _, _ in rows])
    further = [(item, one.path, one.member) for item, _, value in rows for one in places_from_json(value)]
    connection.executemany("INSERT OR IGNORE INTO dataset_places VALUES (?, ?, ?)", further)


def _put_metadata(connection: sqlite3.Connection, _dataset: int, rows: Rows) -> None:
    connection.executemany("DELETE FROM dataset_metadata WHERE item = ?", [(item,) for item, _, _ in rows])
    there = [(item, Attributes(value).text) for item, _, value in rows if value]
    connection.executemany("INSERT INTO dataset_metadata VALUES (?, ?)", there)


def _put_labels(connection: sqlite3.Connection, dataset: int, rows: Rows) -> None:
    heads = {head.id: head for head in read_heads(connection, dataset)}
    keys = [(item, head) for item, head, _ in rows]
    connection.executemany("DELETE FROM dataset_label_categories WHERE item = ? AND head = ?", keys)
    gone = [(item, head) for item, head, value in rows if value is None]
    connection.executemany("DELETE FROM dataset_labels WHERE item = ? AND head = ?", gone)
    there = [(item, head, value) for item, head, value in rows if value is not None]
    labels = [(dataset, head, item, *value) for item, head, value in there]
    connection.executemany(_INSERT_LABEL, labels)
    named = [
        (dataset, head, name, item)
        for item, head, (text, *_) in there
        for name in named_categories(heads[head], from_text(heads[head].kind, text))
    ]
    connection.executemany("INSERT INTO dataset_label_categories VALUES (?, ?, ?, ?)", named)


_INSERT_LABEL = """
    INSERT INTO dataset_labels VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (item, head) DO UPDATE SET
        value = excluded.value, annotator = excluded.annotator, time = excluded.time, origin = excluded.origin
"""


def _put_reviews(connection: sqlite3.Connection, dataset: int, rows: Rows) -> None:
    keys = [(item, head) for item, head, _ in rows]
    connection.executemany("DELETE FROM dataset_reviews WHERE item = ? AND head = ?", keys)
    there = [(dataset, head, item, *value) for item, head, value in rows if value is not None]
    connection.executemany("INSERT INTO dataset_reviews VALUES (?, ?, ?, ?, ?, ?, ?)", there)


def _put_opinions(connection: sqlite3.Connection, dataset: int, rows: Rows) -> None:
    keys = [(item, head) for item, head, _ in rows]
    connection.executemany("DELETE FROM dataset_opinions WHERE item = ? AND head = ?", keys)
    there = [(dataset, head, item, *one) for item, head, value in rows for one in value or ()]
    connection.executemany("INSERT INTO dataset_opinions VALUES (?, ?, ?, ?, ?, ?)", there)


def _update(connection: sqlite3.Connection, what: str, rows: Sequence[tuple[Any, ...]]) -> None:
    connection.executemany(f"UPDATE dataset_items SET {what} WHERE id = ?", rows)  # noqa: S608  # names of columns


KINDS: Mapping[str, Put] = MappingProxyType(
    {
        "name": _put_name,  # text
        "heads": _put_heads,  # as training.datasets.heads.heads_to_json
        "trash": _setting("trashed = ?"),  # None: it is there; a time: in the trash; "": not added yet
        "split": _setting("split = ?, frozen = ?"),  # [split, frozen]
        "source": _setting("source = ?"),  # text
        "group": _setting("bunch = ?"),  # text
        "file": _put_file,  # [place, mtime_ns, status, note]
        "places": _put_places,  # further places
        "metadata": _put_metadata,  # facts by name, or None
        "label": _put_labels,  # [value, annotator, time, origin], or None
        "review": _put_reviews,  # [state, note, reviewer, time], or None
        "opinion": _put_opinions,  # [[annotator, value, time], ...], or None
    }
)
"""Kind of change -> how to bring it about, in the order in which they come; beside each what it holds."""
