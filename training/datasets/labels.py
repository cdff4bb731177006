"""What items are: setting and reading labels."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import DatasetError
from training.datasets.heads import HeadDef, check_value, heads_to_json, with_new_categories
from training.datasets.outcomes import Saved
from training.datasets.records import Label, Origin, Split
from training.datasets.second_looks import review_rows
from training.datasets.values import Value, from_text, to_text
from training.datasets.wording import pictures
from training.datasets.work import CHOSEN, Part, Work, json_ids

__all__ = ["Labels", "check_items", "label_rows", "with_categories"]

Ids = Collection[int] | NDArray[np.int64]


class Labels(Part):
    """The part of the store that knows what items are."""

    def set_labels(
        self,
        dataset_id: int,
        head: str,
        labels: Mapping[int, Value | None],
        *,
        annotator: str = "",
        origin: Origin = "person",
        action: str = "",
        new_categories: bool = False,
    ) -> int | None:
        """Say what items are, as one step.

        Args:
            dataset_id: of the dataset.
            head: the name of the question.
            labels: item -> answer; None for "nobody knows".
            annotator: who says so; "" for nobody in particular.
            origin: what kind of a source it is. To say the same as a model, as a person, is a change.
            action: what the step is called; "" for "Relabelled n pictures".
            new_categories: whether an answer may name a category that the head does not have; it is added.

        Returns:
            The step; None when nothing has changed.

        Raises:
            DatasetError: there is no such dataset, head or item, or an answer does not fit; nothing is changed.
        """
        return self.save_labels(
            dataset_id,
            head,
            labels,
            expected={},
            annotator=annotator,
            origin=origin,
            action=action,
            new_categories=new_categories,
        ).step

    def save_labels(
        self,
        dataset_id: int,
        head: str,
        labels: Mapping[int, Value | None],
        *,
        expected: Mapping[int, str | None],
        annotator: str = "",
        origin: Origin = "person",
        action: str = "",
        new_categories: bool = False,
        key: str = "",
    ) -> Saved:
        """As ``set_labels``, but for items that another window has labelled meanwhile: those stay as they are.

        Whoever says the same as that other is not in the way. What has become another label has to be reviewed anew.

        Args:
            dataset_id: of the dataset.
            head: the name of the question.
            labels: item -> answer; None for "nobody knows".
            expected: item -> the text (``training.datasets.values.to_text``) of the label that the person was shown,
                None for no label. Items that are missing here are labelled whatever they were.
            annotator: as in ``set_labels``; so are the others.
            origin: likewise.
            action: likewise.
            new_categories: likewise.
            key: of this act alone, such as a UUID. With one that was kept before nothing is done, also where that was
                undone since: whoever does not know whether it was kept may say it again. "" for none.

        Raises:
            DatasetError: as ``set_labels``.
        """
        conflicts: dict[int, Label | None] = {}
        with self._work(dataset_id, action) as work:
            if key and work.connection.execute(_KEPT, (key,)).fetchone():
                return Saved(None, {})
            question = work.dataset.head(head)
            check_items(work, labels)
            before = label_rows(work, question.id, labels)
            texts = {item: None if value is None else to_text(value) for item, value in labels.items()}
            for item in labels.keys() & expected.keys():
                row = before.get(item)
                if (row and row[0]) not in (expected[item], texts[item]):
                    conflicts[item] = _label(question.kind, row) if row else None
            wanted = {item: value for item, value in labels.items() if item not in conflicts}
            given = [value for value in wanted.values() if value is not None]
            if new_categories:
                question = with_categories(work, question, given)
            for one in given:
                check_value(question, one)
            reviews = review_rows(work, question.id, wanted)
            count = 0
            for item in wanted:
                was, text = before.get(item), texts[item]
                now = None if text is None else [text, annotator, work.time, origin]
                if _says(was) != _says(now):
                    work.change("label", item, was, now, question.id)
                    count += 1
                if (was and was[0]) != text:
                    work.change("review", item, reviews.get(item), None, question.id)
            work.action = action or f"Relabelled {pictures(count)}"
            if key and not conflicts:
                work.connection.execute("INSERT INTO dataset_acts VALUES (?, ?, ?)", (key, dataset_id, work.time))
        return Saved(work.step, conflicts)

    def labels(self, dataset_id: int, head: str, ids: Ids | None = None) -> dict[int, Value]:
        """Item -> what it is, by id, without those that nobody knows.

        Args:
            dataset_id: of the dataset.
            head: the name of the question.
            ids: only of these; None for all that are not in the trash.

        Raises:
            DatasetError: there is no such dataset or head.
        """
        kind, rows = self._label_rows(dataset_id, head, ids)
        return {item: from_text(kind, text) for item, text, *_ in rows}

    def label_facts(self, dataset_id: int, head: str, ids: Ids | None = None) -> dict[int, Label]:
        """As ``labels``, with who says so and when."""
        kind, rows = self._label_rows(dataset_id, head, ids)
        return {item: Label(from_text(kind, text), *facts) for item, text, *facts in rows}

    def guessed(self, dataset_id: int, head: str) -> set[int]:
        """The items whose label a model gave and nobody has looked at; those in the trash too.

        Raises:
            DatasetError: there is no such dataset or head.
        """
        question = self.dataset(dataset_id).head(head)
        sql = "SELECT item FROM dataset_labels WHERE dataset = ? AND head = ? AND origin = 'model'"
        return {int(item) for (item,) in self._database.query(sql, (dataset_id, question.id))}

    def category_counts(self, dataset_id: int, head: str, split: Split | None = None) -> dict[str, int]:
        """Category -> items whose label names it, for every category of the head, in its order; 0 for none.

        Args:
            dataset_id: of the dataset.
            head: the name of the question.
            split: only items of it; "" for those that have none; None for all.

        Raises:
            DatasetError: there is no such dataset or head.
        """
        question = self.dataset(dataset_id).head(head)
        key = (dataset_id, question.id)
        if split is None:
            found = dict(self._database.query(_COUNTS, (*key, *key)))
        else:
            found = dict(self._database.query(_SPLIT_COUNTS, (*key, split)))
        return {name: int(found.get(name, 0)) for name in question.categories}

    def labelled_count(self, dataset_id: int, head: str) -> int:
        """How many items that are not in the trash have a label.

        Raises:
            DatasetError: there is no such dataset or head.
        """
        question = self.dataset(dataset_id).head(head)
        sql = """
            SELECT count(*) FROM dataset_labels AS l JOIN dataset_items AS i ON i.id = l.item
            WHERE l.dataset = ? AND l.head = ? AND i.trashed IS NULL
        """
        return int(self._database.query(sql, (dataset_id, question.id))[0][0])

    def _label_rows(self, dataset_id: int, head: str, ids: Ids | None) -> tuple[str, list[tuple[Any, ...]]]:
        question = self.dataset(dataset_id).head(head)
        if ids is not None:
            return question.kind, self._database.query(_CHOSEN, (json_ids(ids), dataset_id, question.id))
        return question.kind, self._database.query(_ALL, (dataset_id, question.id))


_KEPT = "SELECT 1 FROM dataset_acts WHERE key = ?"
# All less those in the trash: they are few, and looking up every item would take many times as long.
_COUNTS = """
    SELECT category, sum(items) FROM (
        SELECT category, count(*) AS items FROM dataset_label_categories
        WHERE dataset = ? AND head = ? GROUP BY category
        UNION ALL
        SELECT c.category, -count(*) FROM dataset_items AS i
        CROSS JOIN dataset_label_categories AS c ON c.item = i.id
        WHERE i.trashed IS NOT NULL AND +i.dataset = ? AND c.head = ? GROUP BY c.category
    ) GROUP BY category
"""
_SPLIT_COUNTS = """
    SELECT c.category, count(*) FROM dataset_label_categories AS c JOIN dataset_items AS i ON i.id = c.item
    WHERE c.dataset = ? AND c.head = ? AND i.trashed IS NULL AND i.split = ? GROUP BY c.category
"""
_ALL = """
    SELECT l.item, l.value, l.annotator, l.time, l.origin
    FROM dataset_labels AS l JOIN dataset_items AS i ON i.id = l.item
    WHERE l.dataset = ? AND l.head = ? AND i.trashed IS NULL ORDER BY l.item
"""
_CHOSEN = f"""
    SELECT l.item, l.value, l.annotator, l.time, l.origin
    FROM {CHOSEN} dataset_labels AS l ON l.item = chosen.wanted
    WHERE l.dataset = ? AND l.head = ? ORDER BY l.item
"""  # noqa: S608  # no text of anybody's


def label_rows(work: Work, head: int, ids: Collection[int] | None = None) -> dict[int, list[str]]:
    """Item -> value, annotator, time, origin, as changes hold them; of ``ids``, or of all, those in the trash too."""
    chosen, where = ("", "") if ids is None else (CHOSEN, "AND item = chosen.wanted")
    sql = f"""
        SELECT item, value, annotator, time, origin FROM {chosen} dataset_labels
        WHERE dataset = ? AND head = ? {where}
    """  # noqa: S608  # no text of anybody's
    key = (*([] if ids is None else [json_ids(ids)]), work.dataset.id, head)
    return {item: row for item, *row in work.connection.execute(sql, key)}


def _label(kind: str, row: list[str]) -> Label:
    text, annotator, time, origin = row
    return Label(from_text(kind, text), annotator, time, origin)  # type: ignore[arg-type]  # a CHECK of the table


def _says(row: list[str] | None) -> tuple[str, str, str] | None:
    """What makes two labels different: all but the time."""
    return None if row is None else (row[0], row[1], row[3])


def with_categories(work: Work, head: HeadDef, values: list[Value]) -> HeadDef:
    """``head`` with the new categories that ``values`` name; a change of ``work`` where there are any."""
    wider = with_new_categories(head, values)
    heads = [wider if one.id == head.id else one for one in work.dataset.heads]
    work.change("heads", None, heads_to_json(work.dataset.heads), heads_to_json(heads))
    return wider


def check_items(work: Work, ids: Collection[int]) -> None:
    """Nothing, if all of ``ids`` are items of the dataset; raises ``DatasetError`` else."""
    sql = f"""
        SELECT count(*) FROM {CHOSEN} dataset_items ON id = chosen.wanted WHERE dataset = ? AND trashed IS NOT ''
    """  # noqa: S608  # no text of anybody's
    (count,) = work.connection.execute(sql, (json_ids(ids), work.dataset.id)).fetchone()
    if count < len(ids):
        raise DatasetError(f"{pictures(len(ids) - count)} not in the dataset any more; look again.")
