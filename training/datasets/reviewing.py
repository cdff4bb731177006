"""Reviewing: labels accepted or rejected, and second opinions beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from models.errors import DatasetError, one_line
from training.datasets.heads import HeadDef, check_value
from training.datasets.labels import check_items, label_rows, with_categories
from training.datasets.names import is_plain
from training.datasets.querying import conditions
from training.datasets.records import Query
from training.datasets.reviews import Opinion, Review, ReviewCounts, ReviewFilter, ReviewState
from training.datasets.second_looks import opinion_rows, review_rows
from training.datasets.values import Value, from_text, to_text
from training.datasets.wording import pictures
from training.datasets.work import Part, json_ids

__all__ = ["LONGEST_NOTE", "Reviewing"]

LONGEST_NOTE = 2000
"""Characters of a review's note."""

Ids = Collection[int] | NDArray[np.int64]


class Reviewing(Part):
    """The part of the store for second looks. Every change is a step; all raise ``DatasetError`` where there is no such
    dataset, head or item, and then change nothing.
    """

    def set_reviews(
        self,
        dataset_id: int,
        head: str,
        reviews: Mapping[int, ReviewState | None],
        *,
        note: str = "",
        reviewer: str = "",
        action: str = "",
    ) -> int | None:
        """Accept or reject labels, as one step.

        Args:
            dataset_id: of the dataset.
            head: the name of the question.
            reviews: item -> what to think of its label; None to take the review back.
            note: why, for all of them.
            reviewer: who says so; "" for nobody in particular.
            action: what the step is called; "" for "Accepted the label of n pictures" and the like.

        Returns:
            The step; None when nothing has changed.

        Raises:
            DatasetError: also where an item that is accepted or rejected has no label.
        """
        _check_line("note", note, LONGEST_NOTE, lines=True)
        _check_line("name", reviewer, 200)
        if not set(reviews.values()) <= {*get_args(ReviewState), None}:
            raise DatasetError("A label is accepted or rejected, nothing else; correct it.")
        with self._work(dataset_id, action) as work:
            question = work.dataset.head(head)
            check_items(work, reviews)
            labelled = label_rows(work, question.id, reviews)
            bare = sum(state is not None and item not in labelled for item, state in reviews.items())
            if bare:
                raise DatasetError(
                    f"On {pictures(bare)} no label of {question.name} is there to review; label them first."
                )
            before = review_rows(work, question.id, reviews)
            changed: list[ReviewState | None] = []
            for item, state in reviews.items():
                was = before.get(item)
                now = None if state is None else [state, note, reviewer, work.time]
                if (was and was[:3]) != (now and now[:3]):
                    work.change("review", item, was, now, question.id)
                    changed.append(state)
            work.action = action or _reviewed(changed)
        return work.step

    def reviews(self, dataset_id: int, head: str, ids: Ids | None = None) -> dict[int, Review]:
        """Item -> what was thought of its label, by id; of ``ids``, or of all that are not in the trash."""
        columns = "t.state, t.note, t.reviewer, t.time"
        return {item: Review(*row) for item, *row in self._looks("dataset_reviews", columns, dataset_id, head, ids)}

    def set_opinions(
        self,
        dataset_id: int,
        head: str,
        opinions: Mapping[int, Value | None],
        *,
        annotator: str,
        action: str = "",
        new_categories: bool = False,
    ) -> int | None:
        """Say what else items may be, beside their labels, as one step.

        Args:
            dataset_id: of the dataset.
            head: the name of the question.
            opinions: item -> what ``annotator`` says; None to take it back.
            annotator: who says so: a name.
            action: what the step is called; "" for "A second opinion on n pictures".
            new_categories: as in ``Labels.set_labels``.

        Returns:
            The step; None when nothing has changed.

        Raises:
            DatasetError: also without a name, and where the label itself is that annotator's.
        """
        if not annotator.strip():
            raise DatasetError("A second opinion needs a name to tell it from the first; set your name on labels.")
        _check_line("name", annotator, 200)
        with self._work(dataset_id, action) as work:
            question = work.dataset.head(head)
            given = [value for value in opinions.values() if value is not None]
            if new_categories:
                question = with_categories(work, question, given)
            for one in given:
                check_value(question, one)
            check_items(work, opinions)
            labels = label_rows(work, question.id, opinions)
            own = sum(
                value is not None and item in labels and labels[item][1::2] == [annotator, "person"]
                for item, value in opinions.items()
            )
            if own:
                raise DatasetError(
                    f"{one_line(annotator)} has labelled {pictures(own)} of these already; a second opinion comes from "
                    "somebody else."
                )
            before = opinion_rows(work, question.id, opinions)
            count = 0
            for item, value in opinions.items():
                was = before.get(item, [])
                there = {name: (text, time) for name, text, time in was}
                text = None if value is None else to_text(value)
                if (there.get(annotator, (None,)))[0] == text:
                    continue
                now = [row for row in was if row[0] != annotator]
                now += [] if text is None else [[annotator, text, work.time]]
                work.change("opinion", item, was or None, sorted(now) or None, question.id)
                count += 1
            work.action = action or f"A second opinion on {pictures(count)}"
        return work.step

    def opinions(self, dataset_id: int, head: str, ids: Ids | None = None) -> dict[int, tuple[Opinion, ...]]:
        """Item -> what others say beside its label, by annotator; items without a second opinion are missing."""
        kind = self.dataset(dataset_id).head(head).kind
        found: dict[int, list[Opinion]] = defaultdict(list)
        columns = "t.annotator, t.value, t.time"
        for item, name, text, time in self._looks("dataset_opinions", columns, dataset_id, head, ids):
            found[item].append(Opinion(name, from_text(kind, text), time))
        return {item: tuple(some) for item, some in found.items()}

    def annotations(self, dataset_id: int, head: str) -> dict[str, dict[int, Value]]:
        """Annotator -> item -> what that annotator says, as label or as second opinion; "" for nobody in particular.

        A label goes before an opinion of the same annotator. Items in the trash are left out.
        """
        question = self.dataset(dataset_id).head(head)
        found: dict[str, dict[int, Value]] = defaultdict(dict)
        for item, some in self.opinions(dataset_id, head).items():
            for one in some:
                found[one.annotator][item] = one.value
        for item, name, text in self._looks("dataset_labels", "t.annotator, t.value", dataset_id, head, None):
            found[name][item] = from_text(question.kind, text)
        return {name: dict(sorted(said.items())) for name, said in sorted(found.items())}

    def review_counts(self, dataset_id: int, head: str) -> ReviewCounts:
        """How far the review of a question is."""
        dataset = self.dataset(dataset_id)
        question = dataset.head(head)

        def count(which: ReviewFilter) -> int:
            condition, values = conditions(dataset, Query(head=head, review=which))
            sql = f"SELECT count(*) FROM dataset_items AS i WHERE {condition}"  # noqa: S608  # names of columns
            return int(self._database.query(sql, values)[0][0])

        sql = """
            SELECT count(*) FROM dataset_labels AS l JOIN dataset_items AS i ON i.id = l.item
            WHERE l.dataset = ? AND l.head = ? AND i.trashed IS NULL
        """
        labelled = int(self._database.query(sql, (dataset_id, question.id))[0][0])
        return ReviewCounts(labelled, count("open"), count("accepted"), count("rejected"), count("disagree"))

    def _looks(self, table: str, columns: str, dataset_id: int, head: str, ids: Ids | None) -> list[tuple[Any, ...]]:
        question: HeadDef = self.dataset(dataset_id).head(head)
        which, values = "i.trashed IS NULL", [dataset_id, question.id]
        sql = f"SELECT t.item, {columns} FROM {table} AS t JOIN dataset_items AS i ON i.id = t.item"  # noqa: S608
        if ids is not None:
            which, chosen = "t.item IN (SELECT value FROM json_each(?))", json_ids(ids)
            return self._database.query(
                f"{sql} WHERE t.dataset = ? AND t.head = ? AND {which} {_ORDER}", (*values, chosen)
            )
        return self._database.query(f"{sql} WHERE t.dataset = ? AND t.head = ? AND {which} {_ORDER}", values)


_ORDER = "ORDER BY t.item, t.rowid"


def _reviewed(changed: Collection[ReviewState | None]) -> str:
    words = {"accepted": "Accepted", "rejected": "Rejected", None: "Took back the review of"}
    states = set(changed)
    verb = words[next(iter(states))] if len(states) == 1 else "Reviewed"
    return f"{verb} the label{'' if len(changed) == 1 else 's'} of {pictures(len(changed))}"


def _check_line(what: str, text: str, longest: int, *, lines: bool = False) -> None:
    if len(text) > longest:
        raise DatasetError(f"A {what} of {len(text):,} characters is too long; use {longest:,} at most.")
    if not is_plain(text.replace("\n", " ").replace("\t", " ") if lines else text):
        raise DatasetError(f"The {what} {one_line(text[:40])} holds characters that can't be kept; take them out.")
