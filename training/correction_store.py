"""Where corrections are kept: a person's work, with an undo log that survives a restart."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from models.database import WORKSPACE_MIGRATIONS, Database, open_workspace
from training.correction_files import read_history, with_picture_facts, write_history
from training.correction_record import DEFAULT_HEAD, DEFAULT_MODEL, Correction, checked, now
from training.correction_rows import COLUMNS, INSERT, Action, Label, Step, from_row, to_label, to_row

__all__ = ["TrainingDataStore"]

MANY = 2**31 - 1
"""No undo log is as long."""


class TrainingDataStore:
    """Corrections in SQLite. Every change is one transaction, on the disk when the method returns.

    Any number of threads and processes may use one file at once: SQLite lets one write at a time and the others wait,
    so there is no lock here. They share one undo log, as they share the corrections.

    "Active" are corrections that were neither undone nor deleted. Of the active ones of one picture (by
    ``texture_hash``), one head and one model, the one recorded last is current: it is the picture's label, and the only
    one that statistics count. One without a hash counts for itself, because nothing says which picture it belongs to.

    Args:
        database: the workspace's, which stays the caller's to close; or the path of a file; or None for
            ``workspace.sqlite``. What this class opens, its ``close`` closes.

    Raises:
        WorkspaceError: the file can't be used. So does every method.
    """

    def __init__(self, database: Database | Path | str | None = None) -> None:
        self._owns = not isinstance(database, Database)
        if isinstance(database, Database):
            self._database = database
        elif database is None:
            self._database = open_workspace()
        else:
            self._database = Database(Path(database), WORKSPACE_MIGRATIONS, durable=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, if this store opened it."""
        if self._owns:
            self._database.close()

    def record(
        self,
        texture_path: str | Path,
        corrected_category: str,
        original_category: str | None = None,
        confidence: float | None = None,
        *,
        texture_hash: str | bytes | None = None,
        image_width: int | None = None,
        image_height: int | None = None,
        image_channels: int | None = None,
        metadata: Mapping[str, Any] | None = None,
        head: str = DEFAULT_HEAD,
        annotator: str = "",
        model: str = DEFAULT_MODEL,
    ) -> int:
        """Keep one correction, as a step of its own. The arguments are the fields of ``Correction``.

        Without ``texture_hash`` the file is read for it and for the size of its picture. A file that is gone is no
        reason to lose what a person said: the correction is kept without them.

        Returns:
            Its id.

        Raises:
            ValueError: an argument has a value that it can't have; nothing is kept.
        """
        correction = checked(
            Correction(
                texture_path=str(texture_path),
                corrected_category=corrected_category,
                original_category=original_category,
                confidence=confidence,
                texture_hash=texture_hash.hex() if isinstance(texture_hash, bytes) else texture_hash,
                image_width=image_width,
                image_height=image_height,
                image_channels=image_channels,
                metadata=metadata or {},
                head=head,
                annotator=annotator,
                model=model,
            )
        )
        return self.add([correction if texture_hash is not None else with_picture_facts(correction)])[0]

    def add(self, corrections: Iterable[Correction]) -> list[int]:
        """Keep ``corrections`` as one step, in their order; what was undone can't be redone any more.

        Returns:
            Their new ids, rising; an id that a correction brings is passed over.

        Raises:
            ValueError: a field of one of them has a value that it can't have; none is kept.
        """
        return self._add([checked(correction) for correction in corrections], "recorded")

    def delete(self, ids: Iterable[int]) -> int:
        """Take active corrections away, as one step that can be undone; ids of others are passed over.

        Returns:
            How many there were.
        """
        with self._database.transaction() as connection:
            connection.execute("CREATE TEMP TABLE IF NOT EXISTS chosen (id INTEGER PRIMARY KEY)")
            connection.execute("DELETE FROM temp.chosen")
            connection.executemany("INSERT OR IGNORE INTO temp.chosen VALUES (?)", ((number,) for number in ids))
            connection.execute("DELETE FROM temp.chosen WHERE id NOT IN (SELECT id FROM active_corrections)")
            (count,) = connection.execute("SELECT count(*) FROM temp.chosen").fetchone()
            if count:
                step = _new_step(connection, "deleted")
                connection.execute("UPDATE corrections SET removed_by = ? WHERE id IN temp.chosen", (step,))
                _changed(connection)
        return int(count)

    def clear(self) -> int:
        """Forget every correction and the undo log, for good: ask first. Returns how many active ones there were."""
        with self._database.transaction() as connection:
            (count,) = connection.execute("SELECT count(*) FROM active_corrections").fetchone()
            connection.execute("DELETE FROM correction_steps")  # and with them what they recorded
            _changed(connection)
        return int(count)

    def undo(self, steps: int = 1, *, model: str | None = None) -> list[Step]:
        """Take back the last ``steps`` steps, whoever did them, in one go; with ``model`` only those that concern it.

        Returns:
            Those taken back, last first: fewer than asked for, or none, when there are no more.
        """
        return self._turn(f"undone = 0 AND {_OF_MODEL} ORDER BY id DESC", model, steps, undone=1)

    def redo(self, steps: int = 1, *, model: str | None = None) -> list[Step]:
        """Do again what was undone last and has had no new step after it; the counterpart of ``undo``."""
        return self._turn(f"undone = 1 AND {_OF_MODEL} ORDER BY id ASC", model, steps, undone=0)

    def next_undo(self, *, model: str | None = None) -> Step | None:
        """The step that ``undo`` would take back."""
        return self._peek(f"undone = 0 AND {_OF_MODEL} ORDER BY id DESC", model)

    def next_redo(self, *, model: str | None = None) -> Step | None:
        """The step that ``redo`` would do again."""
        return self._peek(f"undone = 1 AND {_OF_MODEL} ORDER BY id ASC", model)

    def corrections(
        self,
        *,
        category: str | None = None,
        original: str | None = None,
        texture_hash: str | bytes | None = None,
        head: str | None = None,
        model: str | None = None,
        only: Collection[bytes] | None = None,
    ) -> list[Correction]:
        """The active corrections, by id; with arguments only those that agree with all of them.

        Args:
            category: corrected to.
            original: what the model had said.
            texture_hash: of the picture, as hexadecimal digits or 32 bytes.
            head: the question answered.
            model: it is for.
            only: pictures, as 32 bytes each.
        """
        content = bytes.fromhex(texture_hash) if isinstance(texture_hash, str) else texture_hash
        wanted = {
            "corrected_category": category,
            "original_category": original,
            "texture_hash": content,
            "head": head,
            "model": model,
        }
        given = {name: value for name, value in wanted.items() if value is not None}
        source = f"active_corrections WHERE {' AND '.join(f'{name} = ?' for name in given) or '1'}"
        if only is None:
            return self._select(source, list(given.values()))
        found: list[Correction] = []
        for some in _some(list(only)):
            found += self._select(f"{source} AND {_among(some)}", [*given.values(), *some])
        return sorted(found, key=lambda one: one.id)

    def labels(
        self, head: str = DEFAULT_HEAD, *, model: str = DEFAULT_MODEL, only: Collection[bytes] | None = None
    ) -> dict[bytes, Label]:
        """What each picture is now: SHA-256 of its file, 32 bytes -> label; with ``only``, of these pictures alone.

        In the order in which it was said.
        """
        sql = """
            SELECT id, texture_hash, corrected_category, annotator, timestamp, texture_path FROM current_corrections
            WHERE head = ? AND model = ? AND texture_hash IS NOT NULL
        """
        if only is None:
            rows = self._database.query(sql, (head, model))
        else:
            rows = []
            for some in _some(list(only)):
                rows += self._database.query(f"{sql} AND {_among(some)}", (head, model, *some))
        rows.sort()  # by id, in whatever parts they were read
        return {content: to_label(*rest) for _, content, *rest in rows}

    def heads(self) -> list[str]:
        """Heads with active corrections, by name."""
        return [head for (head,) in self._database.query("SELECT DISTINCT head FROM active_corrections ORDER BY head")]

    def count(self) -> int:
        """How many corrections are active."""
        return int(self._database.query("SELECT count(*) FROM active_corrections")[0][0])

    def category_counts(self, head: str = DEFAULT_HEAD, *, model: str = DEFAULT_MODEL) -> dict[str, int]:
        """Category -> current corrections to it, by name."""
        sql = """
            SELECT corrected_category, count(*) FROM current_corrections WHERE head = ? AND model = ?
            GROUP BY corrected_category ORDER BY corrected_category
        """
        return {str(category): int(count) for category, count in self._database.query(sql, (head, model))}

    def confusion(self, head: str = DEFAULT_HEAD, *, model: str = DEFAULT_MODEL) -> dict[tuple[str, str], int]:
        """(What the model had said, what the person says) -> current corrections; where they agree, too."""
        sql = """
            SELECT original_category, corrected_category, count(*) FROM current_corrections
            WHERE head = ? AND model = ? AND original_category IS NOT NULL
            GROUP BY original_category, corrected_category ORDER BY original_category, corrected_category
        """
        rows = self._database.query(sql, (head, model))
        return {(original, corrected): count for original, corrected, count in rows}

    def version(self) -> int:
        """A number that rises by one with every change, made here or by another process: ask it before reading again.

        What turns out to change nothing leaves it as it is.
        """
        return int(self._database.query("SELECT version FROM correction_version")[0][0])

    def export_history(self, path: str | Path) -> int:
        """Write the active corrections to a JSON file, whole or not at all; return how many.

        Raises:
            WorkspaceError: the file can't be written.
        """
        return write_history(Path(path), self.corrections())

    def import_history(self, path: str | Path) -> int:
        """Add the corrections in a file of ``export_history``, as one step. Those that are here already stay once.

        They count as made now: an imported label takes the place of one that is here, until it is undone.

        Returns:
            How many were new.

        Raises:
            FileError: the file can't be read or is not such a file; nothing is changed.
        """
        return len(self._add(read_history(Path(path)), "imported"))

    def _add(self, corrections: Sequence[Correction], action: Action) -> list[int]:
        if not corrections:
            return []
        with self._database.transaction() as connection:
            if action == "imported":
                corrections = _without_known(connection, corrections)
                if not corrections:
                    return []
            step = _new_step(connection, action)
            _changed(connection)
            return [int(connection.execute(INSERT, (step, *to_row(c))).lastrowid or 0) for c in corrections]

    def _turn(self, which: str, model: str | None, steps: int, *, undone: int) -> list[Step]:
        with self._database.transaction() as connection:
            number = min(max(steps, 0), MANY)
            rows = connection.execute(f"{_STEPS} {which} LIMIT ?", (model, model, number)).fetchall()
            if rows:
                _changed(connection)
            connection.executemany(
                "UPDATE correction_steps SET undone = ? WHERE id = ?", [(undone, r[0]) for r in rows]
            )
            return [self._step(*row) for row in rows]

    def _peek(self, which: str, model: str | None) -> Step | None:
        rows = self._database.query(f"{_STEPS} {which} LIMIT 1", (model, model))
        return self._step(*rows[0]) if rows else None

    def _step(self, number: int, action: Action, timestamp: str) -> Step:
        column = "removed_by" if action == "deleted" else "step"
        return Step(number, action, timestamp, tuple(self._select(f"corrections WHERE {column} = ?", [number])))

    def _select(self, source: str, parameters: Sequence[object]) -> list[Correction]:
        rows = self._database.query(f"SELECT {COLUMNS} FROM {source} ORDER BY id", parameters)  # noqa: S608  # names of columns
        return [from_row(row) for row in rows]


_STEPS = "SELECT id, action, timestamp FROM correction_steps WHERE"
_OF_MODEL = """(? IS NULL OR EXISTS (
    SELECT 1 FROM corrections
    WHERE (step = correction_steps.id OR removed_by = correction_steps.id) AND corrections.model = ?
))"""
"""Condition on a step; takes the model's id twice."""

_AT_ONCE = 500  # parameters of one statement; SQLite before 3.32 takes 999


def _among(contents: Sequence[bytes]) -> str:
    """Condition on a row; takes ``contents``."""
    return f"texture_hash IN ({', '.join('?' * len(contents))})"


def _some(contents: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (contents[start : start + _AT_ONCE] for start in range(0, len(contents), _AT_ONCE))


def _changed(connection: sqlite3.Connection) -> None:
    """Raise ``version`` by one: what ``training.learner`` tells its own changes from those of others by."""
    connection.execute("UPDATE correction_version SET version = version + 1")


def _new_step(connection: sqlite3.Connection, action: Action) -> int:
    connection.execute("DELETE FROM correction_steps WHERE undone = 1")  # a new deed ends the line of what was undone
    cursor = connection.execute("INSERT INTO correction_steps (action, timestamp) VALUES (?, ?)", (action, now()))
    return int(cursor.lastrowid or 0)


def _without_known(connection: sqlite3.Connection, corrections: Sequence[Correction]) -> list[Correction]:
    """Those of ``corrections`` that are not active already; of several alike as many as are missing."""
    there = Counter(tuple(row[1:]) for row in connection.execute(f"SELECT {COLUMNS} FROM active_corrections"))  # noqa: S608
    new = []
    for correction in corrections:
        key = to_row(correction)
        if there[key]:
            there[key] -= 1
        else:
            new.append(correction)
    return new
