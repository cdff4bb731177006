"""The journal of sortings in ``workspace.sqlite``: the whole plan before the first file is touched, then each step.

States of a step, and what is true on the disk in each, even when the program has died:

========== ===========================================================================================================
planned    the source is where it was; half a hidden copy may lie beside the target
renaming   about to be renamed: the content is at the source, at the target, or under both names of one file
copied     a whole hidden copy is beside the target, or has become the target; a source to be moved is perhaps gone
done       the target has the content; a source to be moved is gone
stayed     could not be done, for a reason; the source is where it was
returning  being taken back: a moved file is at the target, its old place or both; a copy is there or deleted
back       as if it had never been sorted
left       could not be taken back, for a reason; the target is as it was found
========== ===========================================================================================================
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from desktop.actions.sorting_plan import Mode, SortPlan
from models.database import Database
from models.errors import FileError
from models.sources import Source

__all__ = ["Journal", "Sorting", "SortingState", "Step", "StepState"]

StepState = Literal["planned", "renaming", "copied", "done", "stayed", "returning", "back", "left"]

SortingState = Literal["doing", "done", "undoing", "undone"]


@dataclass(frozen=True, slots=True)
class Sorting:
    """One sorting, as the journal knows it.

    Attributes:
        id: rises with time.
        token: in the names of its hidden copies, so that they are told from all others.
        started: UTC, ISO 8601.
        state: "doing" and "undoing" are unfinished: being worked on now, or interrupted.
        target: the folder sorted into.
        mode: copy or move.
        files: how many it had to sort.
        sorted: how many of them are in their new place.
    """

    id: int
    token: str
    started: str
    state: SortingState
    target: Path
    mode: Mode
    files: int
    sorted: int


@dataclass(frozen=True, slots=True)
class Step:
    """One file of a sorting; fields as in ``sorting_plan.SortStep``, and where it stands."""

    n: int
    source: Source
    target: Path
    moves: bool
    size: int
    sha256: bytes
    state: StepState
    error: FileError | None = None


class Journal:
    """Reads and writes the journal; every method that writes returns when it is on the disk.

    Args:
        database: from ``models.database.open_workspace``; it stays the caller's to close.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def lock_file(self) -> Path:
        """The file that whoever is sorting holds a lock on."""
        return self._database.path.with_name("sorting.lock")

    def begin(self, plan: SortPlan) -> Sorting:
        """Write the whole plan down."""
        started = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        token = secrets.token_hex(6)
        with self._database.transaction() as connection:
            row = connection.execute(
                "INSERT INTO sortings (token, started, state, target, mode) VALUES (?, ?, 'doing', ?, ?) RETURNING id",
                (token, started, os.fsencode(plan.target), plan.mode),
            ).fetchone()
            number = int(row[0])
            connection.executemany(
                "INSERT INTO sorting_steps (sorting, n, source, member, target, moves, size, sha256, state) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'planned')",
                (
                    (
                        number,
                        n,
                        os.fsencode(step.source.path),
                        None if step.source.member is None else os.fsencode(step.source.member),
                        os.fsencode(step.target),
                        step.moves,
                        step.size,
                        step.sha256,
                    )
                    for n, step in enumerate(plan.steps)
                ),
            )
            connection.executemany(
                "INSERT INTO sorting_folders (sorting, n, path) VALUES (?, ?, ?)",
                ((number, n, os.fsencode(path)) for n, path in enumerate(plan.new_folders)),
            )
        return Sorting(number, token, started, "doing", plan.target, plan.mode, len(plan.steps), 0)

    def sortings(self) -> list[Sorting]:
        """All sortings, the last one first."""
        rows = self._database.query(
            "SELECT id, token, started, state, target, mode, "
            "(SELECT count(*) FROM sorting_steps WHERE sorting = id), "
            "(SELECT count(*) FROM sorting_steps WHERE sorting = id AND sorting_steps.state IN ('done', 'left')) "
            "FROM sortings ORDER BY id DESC"
        )
        return [
            Sorting(number, token, started, state, Path(os.fsdecode(target)), mode, files, done)
            for number, token, started, state, target, mode, files, done in rows
        ]

    def steps(self, sorting: Sorting, states: Sequence[StepState], after: int = -1, limit: int = -1) -> list[Step]:
        """Up to ``limit`` steps (all when negative) in one of ``states`` with an ``n`` above ``after``, by ``n``."""
        rows = self._database.query(
            "SELECT n, source, member, target, moves, size, sha256, state, reason, advice FROM sorting_steps "
            "WHERE sorting = ? AND n > ? AND state IN (SELECT value FROM json_each(?)) ORDER BY n LIMIT ?",
            (sorting.id, after, json.dumps(states), limit),
        )
        return [_step(row) for row in rows]

    def mark(self, sorting: Sorting, changes: Iterable[tuple[Step, StepState, FileError | None]]) -> None:
        """Write down where steps stand now, all of them or none."""
        rows = [
            (state, error and error.reason, error and error.advice, sorting.id, step.n)
            for step, state, error in changes
        ]
        if rows:
            with self._database.transaction() as connection:
                connection.executemany(
                    "UPDATE sorting_steps SET state = ?, reason = ?, advice = ? WHERE sorting = ? AND n = ?", rows
                )

    def turn(self, sorting: Sorting, state: SortingState) -> None:
        """Write down where the whole sorting stands."""
        ended = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE sortings SET state = ?, ended = ? WHERE id = ?",
                (state, ended if state in {"done", "undone"} else None, sorting.id),
            )

    def new_folders(self, sorting: Sorting) -> list[Path]:
        """The folders that the sorting made or was about to make, each before the one it lies in."""
        rows = self._database.query("SELECT path FROM sorting_folders WHERE sorting = ? ORDER BY n DESC", (sorting.id,))
        return [Path(os.fsdecode(path)) for (path,) in rows]

    def sorted_before(self) -> set[Path]:
        """Every file that sortings not taken back have made, by its real path."""
        rows = self._database.query("SELECT target FROM sorting_steps WHERE state IN ('done', 'left')")
        real = lru_cache(maxsize=1024)(os.path.realpath)
        paths = (Path(os.fsdecode(path)) for (path,) in rows)
        return {Path(real(path.parent), path.name) for path in paths}


def _step(row: tuple[Any, ...]) -> Step:
    n, source, member, target, moves, size, sha256, state, reason, advice = row
    origin = Source(Path(os.fsdecode(source)), None if member is None else os.fsdecode(member))
    error = None if reason is None else FileError(origin.name, reason, advice)
    return Step(n, origin, Path(os.fsdecode(target)), bool(moves), size, sha256, state, error)
