"""Datasets themselves: made, named, asked other questions, put into the trash and brought back; and what is purged."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from models.errors import DatasetError, one_line
from training.correction_record import now
from training.datasets.categories import follow, uses
from training.datasets.heads import HeadDef, heads_to_json
from training.datasets.labels import label_rows
from training.datasets.names import is_plain
from training.datasets.records import Dataset
from training.datasets.second_looks import drop_looks, opinion_rows
from training.datasets.sweeping import Sweeping
from training.datasets.wording import pictures
from training.datasets.work import Work, changed

__all__ = ["TRASH_DAYS", "Managing"]

_log = logging.getLogger(__name__)

TRASH_DAYS = 30
"""How long what is in the trash can be brought back."""


class Managing(Sweeping):
    """The part of the store that makes datasets and takes them away."""

    def create(self, name: str, heads: Sequence[HeadDef] = (), template: str = "") -> Dataset:
        """Make a dataset without items.

        Args:
            name: for people.
            heads: its questions; their ids are given here.
            template: the name of the template they come from, or "".

        Raises:
            DatasetError: the name can't be one, or two questions have the same.
        """
        return self._create(name, heads, template)

    def rename(self, dataset_id: int, name: str) -> int | None:
        """Call a dataset something else, as one step. Returns it; None when it is called so already.

        Raises:
            DatasetError: there is no such dataset, or the name can't be one.
        """
        with self._work(dataset_id, f"Renamed the dataset to {one_line(name)}") as work:
            work.change("name", None, work.dataset.name, _title(name))
        return work.step

    def set_heads(
        self,
        dataset_id: int,
        heads: Sequence[HeadDef],
        *,
        renamed: Mapping[int, Mapping[str, str]] = MappingProxyType({}),
        action: str = "",
    ) -> int | None:
        """Ask other questions, as one step.

        A head is one that is there if it has its ``id``, or without an id its name. Those that are left out go, and
        their labels with them, until that is undone.

        Args:
            dataset_id: of the dataset.
            heads: all questions, in order.
            renamed: id of a head -> category that goes -> the one that its labels get, a new one too.
            action: what the step is called; "" for "Changed the questions".

        Returns:
            The step; None when nothing has changed.

        Raises:
            DatasetError: two questions have the same name, the kind of one that has labels would change, or a category
                would go that labels name.
        """
        with self._work(dataset_id, action or "Changed the questions") as work:
            there = {head.id: head for head in work.dataset.heads}
            names = {head.name: head.id for head in work.dataset.heads}
            wanted = [head if head.id else replace(head, id=names.get(head.name, 0)) for head in heads]
            if any(head.id and head.id not in there for head in wanted):
                raise DatasetError("A question is not in the dataset any more; look again.")
            (first,) = work.connection.execute("SELECT next_head FROM datasets WHERE id = ?", (dataset_id,)).fetchone()
            numbered = _numbered(wanted, first)
            for head in numbered:
                if head.id in there:
                    names_now = renamed.get(head.id, {})
                    _check_change(work, there[head.id], head, names_now)
                    follow(work, self.blobs, there[head.id], head, names_now)
            for number in there.keys() - {head.id for head in numbered}:
                for item, row in label_rows(work, number).items():
                    work.change("label", item, row, None, number)
                drop_looks(work, number)
            new = max((head.id for head in numbered), default=0) + 1
            work.connection.execute("UPDATE datasets SET next_head = max(next_head, ?) WHERE id = ?", (new, dataset_id))
            work.change("heads", None, heads_to_json(work.dataset.heads), heads_to_json(numbered))
        return work.step

    def trash(self, dataset_id: int) -> None:
        """Put a dataset into the trash for 30 days; one that is there already stays as it is.

        Raises:
            DatasetError: there is no such dataset.
        """
        self._trash_dataset(dataset_id, now())

    def restore(self, dataset_id: int) -> None:
        """Bring a dataset back from the trash; one that is not there stays as it is.

        Raises:
            DatasetError: there is no such dataset.
        """
        self._trash_dataset(dataset_id, None)

    def purge(self, before: str | None = None) -> int:
        """Remove for good what went into the trash before a moment. Done for the last 30 days when a store is opened.

        Pictures stay where they are, but copies that the program made go with their dataset; and with their item, if no
        version can name it.

        Args:
            before: ISO 8601 to the second, UTC; None for 30 days ago.

        Returns:
            How many datasets and items went.
        """
        limit = before or _ago(TRASH_DAYS)
        due = "trashed > '' AND trashed < ?"
        sql = f"SELECT EXISTS (SELECT 1 FROM datasets WHERE {due}) OR EXISTS (SELECT 1 FROM dataset_items WHERE {due})"  # noqa: S608
        if not self._database.query(sql, (limit, limit))[0][0]:
            return 0
        with self._database.transaction() as connection:
            connection.execute(f"DELETE FROM datasets WHERE {due}", (limit,))  # noqa: S608
            (count,) = connection.execute("SELECT changes()").fetchone()
            lost = connection.execute(
                f"SELECT dataset, path FROM dataset_items WHERE {due} "  # noqa: S608
                "AND dataset NOT IN (SELECT dataset FROM dataset_versions)",
                (limit,),
            ).fetchall()
            connection.execute(f"DELETE FROM dataset_items WHERE {due}", (limit,))  # noqa: S608
            (items,) = connection.execute("SELECT changes()").fetchone()
            connection.execute(
                "DELETE FROM dataset_steps AS s WHERE NOT EXISTS (SELECT 1 FROM dataset_changes WHERE step = s.id)"
            )
            changed(connection)
        self._remove_copies(lost)
        return int(count + items)

    def copies(self, dataset_id: int) -> Path:
        """The folder for copies of a dataset's files; it need not be there."""
        return self.folder / "datasets" / str(dataset_id) / "files"

    def _create(self, name: str, heads: Sequence[HeadDef], template: str = "", *, trashed: bool = False) -> Dataset:
        numbered = _numbered([replace(head, id=0) for head in heads], 1)
        text = json.dumps(heads_to_json(numbered), ensure_ascii=False)
        time = now()
        gone = time if trashed else None
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO datasets (name, template, heads, next_head, created, trashed) VALUES (?, ?, ?, ?, ?, ?)",
                (_title(name), template, text, len(numbered) + 1, time, gone),
            )
            changed(connection)
        return Dataset(int(cursor.lastrowid or 0), name.strip(), template, numbered, time, gone)

    def _trash_dataset(self, dataset_id: int, time: str | None) -> None:
        self.dataset(dataset_id)
        which = "IS NULL" if time is not None else "IS NOT NULL"
        with self._database.transaction() as connection:
            sql = f"UPDATE datasets SET trashed = ? WHERE id = ? AND trashed {which}"  # noqa: S608
            if connection.execute(sql, (time, dataset_id)).rowcount:
                changed(connection)

    def _remove_copies(self, lost: Iterable[tuple[int, bytes]]) -> None:
        """Of items, and of datasets that are gone."""
        for dataset, path in lost:
            file = Path(path.decode(errors="surrogateescape"))
            if file.is_relative_to(self.copies(dataset)):
                try:
                    file.unlink(missing_ok=True)
                except OSError:
                    _log.warning("A copy of a purged picture stays: %s", file, exc_info=True)
        self._remove_orphans()


def _check_change(work: Work, before: HeadDef, after: HeadDef, renamed: Mapping[str, str]) -> None:
    if before.kind != after.kind:
        count = len(label_rows(work, before.id).keys() | opinion_rows(work, before.id).keys())
        if count:
            raise DatasetError(
                f"{before.name} has answered {pictures(count)} in another form; ask a new question beside it."
            )
        return
    for name in before.categories:
        if renamed.get(name) in after.categories:
            continue
        if name not in after.categories and (used := uses(work, before, name)):
            raise DatasetError(
                f"{pictures(used)} are labelled {one_line(name)}; merge that category into another instead."
            )


def _numbered(heads: Sequence[HeadDef], first: int) -> tuple[HeadDef, ...]:
    """``heads``, those without an id with the next ones."""
    if len({head.name for head in heads}) != len(heads):
        raise DatasetError("Two questions have the same name; rename one of them.")
    numbered = []
    for head in heads:
        numbered.append(head if head.id else replace(head, id=first))
        first += not head.id
    return tuple(numbered)


def _title(name: str) -> str:
    if not name.strip() or not is_plain(name):
        raise DatasetError(f"{one_line(repr(name))} can't name a dataset; use one line of text.")
    return name.strip()


def _ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).replace(tzinfo=None).isoformat(timespec="seconds")
