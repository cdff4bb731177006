"""Rows of reviews and second opinions, as steps hold them, and what becomes of them when a question changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection

from training.datasets.heads import HeadDef, named_categories
from training.datasets.values import Value, from_text, to_text
from training.datasets.work import CHOSEN, Work, json_ids

__all__ = ["drop_looks", "follow_opinions", "opinion_rows", "opinions_naming", "review_rows"]


def review_rows(work: Work, head: int, ids: Collection[int] | None = None) -> dict[int, list[str]]:
    """Item -> state, note, reviewer, time; of ``ids``, or of all, those in the trash too."""
    return {item: row for item, *row in _rows(work, "dataset_reviews", "state, note, reviewer, time", head, ids)}


def opinion_rows(work: Work, head: int, ids: Collection[int] | None = None) -> dict[int, list[list[str]]]:
    """Item -> annotator, value, time of each opinion, by annotator; as ``review_rows``."""
    found: dict[int, list[list[str]]] = defaultdict(list)
    for item, *row in _rows(work, "dataset_opinions", "annotator, value, time", head, ids):
        found[item].append(row)
    return {item: sorted(rows) for item, rows in found.items()}


def follow_opinions(work: Work, head: HeadDef, changed: Callable[[Value], Value]) -> None:
    """Change the second opinions on ``head`` as its labels change."""
    known: dict[str, str] = {}
    for item, rows in opinion_rows(work, head.id).items():
        now = []
        for name, text, time in rows:
            if text not in known:
                known[text] = to_text(changed(from_text(head.kind, text)))
            now.append([name, known[text], time])
        if now != rows:
            work.change("opinion", item, rows, now, head.id)


def drop_looks(work: Work, head: int) -> None:
    """Take away all reviews and opinions of a question that goes."""
    for item, row in review_rows(work, head).items():
        work.change("review", item, row, None, head)
    for item, rows in opinion_rows(work, head).items():
        work.change("opinion", item, rows, None, head)


def opinions_naming(work: Work, head: HeadDef, category: str) -> set[int]:
    """The items, those in the trash too, on which a second opinion names a category."""
    texts = {text for rows in opinion_rows(work, head.id).values() for _, text, _ in rows}
    naming = {text for text in texts if category in named_categories(head, from_text(head.kind, text))}
    return {item for item, rows in opinion_rows(work, head.id).items() if any(text in naming for _, text, _ in rows)}


def _rows(
    work: Work, table: str, columns: str, head: int, ids: Collection[int] | None
) -> list[tuple[int, str, str, str]]:
    chosen, where = ("", "") if ids is None else (CHOSEN, "AND item = chosen.wanted")
    sql = f"SELECT item, {columns} FROM {chosen} {table} WHERE dataset = ? AND head = ? {where}"  # noqa: S608
    key = (*([] if ids is None else [json_ids(ids)]), work.dataset.id, head)
    return work.connection.execute(sql, key).fetchall()
