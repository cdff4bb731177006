"""Signals that were measured, by the content of the file, in ``cache.sqlite``: a second look at a dataset is quick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from models.database import Database
from training.datasets.quality.signals import SIGNALS, SIGNALS_VERSION, Signal

__all__ = ["SignalCache"]

_AT_ONCE = 500
"""Hashes asked about in one statement; SQLite before 3.32 takes 999 parameters."""


class SignalCache:
    """Safe to use from several threads at once.

    Args:
        database: from ``models.database.open_cache``; it stays the caller's to close.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, contents: Sequence[bytes]) -> dict[bytes, Signal]:
        """The signals known, by hash: () of ``SIGNALS`` each. Unknown ones, and those of older versions, are left out.

        Raises:
            WorkspaceError: the database can't be read.
        """
        known: dict[bytes, Signal] = {}
        for start in range(0, len(contents), _AT_ONCE):
            some = contents[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            sql = f"SELECT content, numbers FROM picture_signals WHERE version = ? AND content IN ({marks})"  # noqa: S608  # marks only
            for content, numbers in self._database.query(sql, (SIGNALS_VERSION, *some)):
                if len(numbers) == SIGNALS.itemsize:
                    known[content] = np.frombuffer(numbers, SIGNALS)[0]
        return known

    def put(self, signals: Mapping[bytes, Signal]) -> None:
        """Remember ``signals`` by hash, in one transaction; one known already is replaced.

        Raises:
            WorkspaceError: the database can't be written.
        """
        rows = [(content, SIGNALS_VERSION, signal.tobytes()) for content, signal in signals.items()]
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO picture_signals (content, version, numbers) VALUES (?, ?, ?)", rows
            )
