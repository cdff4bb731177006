"""The undo log: it survives a restart, and all windows share it."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from typing import Any

from training.datasets.attributes import Attributes
from training.datasets.changes import apply, places_from_json
from training.datasets.outcomes import Event, Step
from training.datasets.records import Label
from training.datasets.reviews import Opinion, Review
from training.datasets.values import from_text
from training.datasets.work import Part, changed

__all__ = ["Steps"]


class Steps(Part):
    """The part of the store that undoes, does again, and remembers."""

    def undo(self, dataset_id: int) -> Step | None:
        """Take back the last step of a dataset, whoever did it. Returns it; None when there is none."""
        return self._turn(dataset_id, undone=0)

    def redo(self, dataset_id: int) -> Step | None:
        """Do again what was undone last and has had no new step after it. Returns it; None when there is none."""
        return self._turn(dataset_id, undone=1)

    def next_undo(self, dataset_id: int) -> Step | None:
        """The step that ``undo`` would take back."""
        return self._peek(dataset_id, undone=0)

    def next_redo(self, dataset_id: int) -> Step | None:
        """The step that ``redo`` would do again."""
        return self._peek(dataset_id, undone=1)

    def steps(self, dataset_id: int, limit: int = 100) -> list[Step]:
        """The last steps that are done, the last one first."""
        sql = f"SELECT {_STEP} FROM dataset_steps WHERE dataset = ? AND undone = 0 ORDER BY id DESC LIMIT ?"  # noqa: S608
        return [Step(*row) for row in self._database.query(sql, (dataset_id, limit))]

    def touched(self, step_id: int) -> list[tuple[int, int]]:
        """(item, number of the question or 0) of what a step has changed about items, also of one that was undone."""
        sql = "SELECT DISTINCT item, head FROM dataset_changes WHERE step = ? AND item IS NOT NULL ORDER BY item, head"
        return [(int(item), int(head)) for item, head in self._database.query(sql, (step_id,))]

    def history(self, item_id: int) -> list[Event]:
        """What happened to one item, the first thing first; without what was undone."""
        rows = self._database.query(
            """
            SELECT s.dataset, s.id, s.action, s.time, c.kind, c.head, c.before, c.after
            FROM dataset_changes AS c JOIN dataset_steps AS s ON s.id = c.step
            WHERE c.item = ? AND s.undone = 0 ORDER BY s.id, c.kind, c.head
            """,
            (item_id,),
        )
        kinds = {head.id: head.kind for head in self.dataset(rows[0][0]).heads} if rows else {}
        return [
            Event(
                step,
                action,
                time,
                kind,
                head,
                _said(kind, before, kinds.get(head)),
                _said(kind, after, kinds.get(head)),
            )
            for _, step, action, time, kind, head, before, after in rows
        ]

    def version(self) -> int:
        """A number that rises with every change to any dataset, also by another process: ask before reading again."""
        return int(self._database.query("SELECT version FROM dataset_counter")[0][0])

    def _turn(self, dataset_id: int, *, undone: int) -> Step | None:
        with self._database.transaction() as connection:
            row = connection.execute(_next(undone), (dataset_id,)).fetchone()
            if row is None:
                return None
            step = Step(*row)
            apply(connection, dataset_id, _rows(connection, step.id, "after" if undone else "before"))
            connection.execute("UPDATE dataset_steps SET undone = ? WHERE id = ?", (1 - undone, step.id))
            changed(connection)
        return step

    def _peek(self, dataset_id: int, *, undone: int) -> Step | None:
        rows = self._database.query(_next(undone), (dataset_id,))
        return Step(*rows[0]) if rows else None


_STEP = """
    id, dataset, action, time,
    (SELECT count(DISTINCT item) FROM dataset_changes WHERE step = dataset_steps.id)
"""


def _next(undone: int) -> str:
    order = "ASC" if undone else "DESC"
    return f"SELECT {_STEP} FROM dataset_steps WHERE dataset = ? AND undone = {undone} ORDER BY id {order} LIMIT 1"  # noqa: S608


def _said(kind: str, text: str | None, answer: str | None) -> Label | Review | tuple[Opinion, ...] | str | None:
    """``answer``: the kind of the head; None when that is gone."""
    if text is None:
        return None
    value = json.loads(text)
    if kind == "label":
        return text if answer is None else Label(from_text(answer, value[0]), *value[1:])
    if kind == "review":
        return Review(*value)
    if kind == "opinion":
        if answer is None:
            return text
        return tuple(Opinion(name, from_text(answer, said), time) for name, said, time in value)
    if kind == "split":
        return f"{value[0]}, fixed" if value[1] else str(value[0])
    if kind == "file":
        return places_from_json([value[0]])[0].text
    if kind == "places":
        return ", ".join(place.text for place in places_from_json(value))
    if kind == "metadata":
        return Attributes(value).text
    return str(value)


def _rows(connection: sqlite3.Connection, step: int, side: str) -> dict[str, list[tuple[int | None, int, Any]]]:
    found = defaultdict(list)
    sql = f"SELECT kind, item, head, {side} FROM dataset_changes WHERE step = ?"  # noqa: S608  # one of two names
    for kind, item, head, text in connection.execute(sql, (step,)):
        found[kind].append((item, head, None if text is None else json.loads(text)))
    return found
