"""One act on a dataset, in one transaction: it looks, says what it changes, and becomes a step; or nothing happens."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from models.database import Database
from models.errors import DatasetError, one_line
from training.correction_record import now
from training.datasets.blobs import BlobStore
from training.datasets.changes import Change, apply
from training.datasets.heads import heads_from_json
from training.datasets.records import Dataset

__all__ = ["CHOSEN", "Part", "Work", "changed", "json_ids", "read_dataset"]


CHOSEN = "(SELECT DISTINCT value AS wanted FROM json_each(?)) AS chosen CROSS JOIN"
"""What ``json_ids`` gave, joined to a table on ``chosen.wanted``. CROSS JOIN keeps the order: from the few that are
chosen to their rows, never through the whole table."""


class Work:
    """What is being done, inside of its transaction.

    Attributes:
        connection: of the transaction.
        dataset: as it was when the act began.
        time: of the act, the same for all that it does.
        step: the id of the step it became; None before, and when nothing has changed.
    """

    def __init__(self, connection: sqlite3.Connection, dataset: Dataset, action: str) -> None:
        self.connection = connection
        self.dataset = dataset
        self.action = action
        self.time = now()
        self.step: int | None = None
        self._changes: list[Change] = []
        self._rows: dict[str, list[tuple[int | None, int, Any]]] = defaultdict(list)

    def change(
        self, kind: str, item: int | None, before: Any, after: Any, head: int = 0, *, done: bool = False
    ) -> None:
        """Say what is to be another than it was; at most once for each kind, item and head.

        Args:
            kind: a key of ``training.datasets.changes.KINDS``.
            item: None for the dataset itself.
            before: what is there.
            after: what is to be there.
            head: a head's number, for a label.
            done: whether it is so already, and only to be written down.
        """
        if before != after:
            self._changes.append(Change(kind, item, head, before, after))
            if not done:
                self._rows[kind].append((item, head, after))

    def cut(self) -> None:
        """End the line of what was undone: it can't be done again once something new is done."""
        undone = "DELETE FROM dataset_steps WHERE dataset = ? AND undone = 1"
        self.connection.execute(undone, (self.dataset.id,))
        self.connection.execute(
            "DELETE FROM dataset_items WHERE dataset = ? AND trashed = ''", (self.dataset.id,)
        )  # what the undone steps had added

    def finish(self) -> None:
        """Bring about what was said, and write it down."""
        if not self._changes:
            return
        self.cut()
        apply(self.connection, self.dataset.id, self._rows)
        cursor = self.connection.execute(
            "INSERT INTO dataset_steps (dataset, action, time) VALUES (?, ?, ?)",
            (self.dataset.id, self.action, self.time),
        )
        self.step = int(cursor.lastrowid or 0)
        written = (
            (self.step, one.kind, one.item, one.head, _json(one.before), _json(one.after)) for one in self._changes
        )
        self.connection.executemany("INSERT INTO dataset_changes VALUES (?, ?, ?, ?, ?, ?)", written)
        changed(self.connection)


class Part:
    """What all parts of the store stand on.

    Args:
        database: the workspace's, which stays the caller's to close. Blobs and copied files lie beside it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.folder = database.path.parent
        self.blobs = BlobStore(self.folder / "blobs")

    def dataset(self, dataset_id: int) -> Dataset:
        """One dataset, also one in the trash.

        Raises:
            DatasetError: there is none of this id.
        """
        rows = self._database.query(f"SELECT {_COLUMNS} FROM datasets WHERE id = ?", (dataset_id,))  # noqa: S608
        if not rows:
            raise DatasetError(f"There is no dataset {dataset_id}; look at the list of datasets.")
        return read_dataset(rows[0])

    def datasets(self, *, trashed: bool = False) -> list[Dataset]:
        """All datasets, the oldest first; with ``trashed`` those in the trash instead."""
        which = "NOT NULL" if trashed else "NULL"
        sql = f"SELECT {_COLUMNS} FROM datasets WHERE trashed IS {which} ORDER BY id"  # noqa: S608
        return [read_dataset(row) for row in self._database.query(sql)]

    @contextlib.contextmanager
    def _work(self, dataset_id: int, action: str) -> Iterator[Work]:
        """The block looks and says what it changes; when it ends well, that is one step."""
        with self._database.transaction() as connection:
            work = Work(connection, _there(connection, dataset_id), action)
            yield work
            work.finish()


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # json.dumps makes one a call
_COLUMNS = "id, name, template, heads, created, trashed"


def read_dataset(row: tuple[Any, ...]) -> Dataset:
    """The dataset in a row of its columns."""
    number, name, template, heads, created, trashed = row
    return Dataset(number, name, template, heads_from_json(json.loads(heads)), created, trashed)


def changed(connection: sqlite3.Connection) -> None:
    """Raise ``DatasetStore.version`` by one."""
    connection.execute("UPDATE dataset_counter SET version = version + 1")


def json_ids(ids: Iterable[int]) -> str:
    """Any number of ids as one parameter: of ``CHOSEN``, or ``IN (SELECT value FROM json_each(?))``."""
    return json.dumps([int(number) for number in ids])


def _there(connection: sqlite3.Connection, dataset_id: int) -> Dataset:
    sql = f"SELECT {_COLUMNS} FROM datasets WHERE id = ?"  # noqa: S608  # names of columns
    row = connection.execute(sql, (dataset_id,)).fetchone()
    if row is None:
        raise DatasetError(f"There is no dataset {dataset_id}; look at the list of datasets.")
    dataset = read_dataset(row)
    if dataset.trashed is not None:
        raise DatasetError(f"{one_line(dataset.name)} is in the trash; restore it first.")
    return dataset


def _json(value: Any) -> str | None:
    return None if value is None else _encode(value)
