"""SQLite databases in the workspace. Two of them, and never in one file.

``workspace.sqlite`` holds a person's work (corrections, and what was sorted where): every commit is on the disk before
it returns, and a damaged file is never touched, only reported.
``cache.sqlite`` holds what can be computed again: it may be deleted at any time, is left out of backups, and is started
afresh when it is damaged. One file for both would make the precious part large, slow to back up, and only as safe as
the part that is written most.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from models.errors import WorkspaceError
from models.migrations import CACHE_MIGRATIONS, WORKSPACE_MIGRATIONS
from models.workspace import folder, reason

__all__ = ["CACHE_MIGRATIONS", "WORKSPACE_MIGRATIONS", "Database", "open_cache", "open_workspace"]

_log = logging.getLogger(__name__)

BUSY_SECONDS = 10.0

# An act on 100,000 pictures is one transaction, and must be: half of it could not be undone. It keeps the others from
# writing for some ten seconds on a slow disk; they wait in background threads, where waiting costs nobody anything, and
# giving up would lose what a person has just said.
PATIENT_SECONDS = 60.0


class Database:
    """A SQLite file: WAL, foreign keys on, its tables brought up to date by migrations when it is opened.

    Any thread may use it: each gets a connection of its own, closed when a later thread finds its owner gone, or by
    ``close``, which may be called from any thread and waits for what runs.

    Args:
        path: of the file; its folder must exist.
        migrations: SQL scripts, oldest first; ``PRAGMA user_version`` counts how many of them a file has had. Only ever
            append to them.
        durable: whether a commit waits until it is on the disk. False may lose the last commits in a power cut, but
            never damages the file: for what can be computed again.
        busy_seconds: how long to wait for another who writes.

    Raises:
        WorkspaceError: the file is damaged, in use by another program for longer than ``busy_seconds``, not writable,
            or written by a newer version of this program.
    """

    def __init__(
        self, path: Path, migrations: Sequence[str], *, durable: bool = True, busy_seconds: float = BUSY_SECONDS
    ) -> None:
        self.path = path
        self._durable = durable
        self._busy_seconds = busy_seconds
        self._lock = threading.Lock()
        self._connections: dict[threading.Thread, _Owned] | None = {}
        try:
            self._migrate(migrations)
        except BaseException:
            self.close()
            raise

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of one reading statement.

        Raises:
            WorkspaceError: the file can't be read.
        """
        with self._own() as connection:
            return connection.execute(sql, parameters).fetchall()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything in the block happens, or nothing does. Not to be nested.

        ``BEGIN IMMEDIATE``: the right to write is taken at the start, so a transaction never fails half-way because
        another one wrote in between.

        Raises:
            WorkspaceError: the file can't be written (disk full, locked for longer than ``busy_seconds``, damaged).
        """
        with self._own() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite has rolled back by itself after a full disk
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close every thread's connection, once each is done with what it runs. Closing twice is fine."""
        with self._lock:
            owned, self._connections = self._connections, None
        for one in (owned or {}).values():
            one.close()

    def _migrate(self, migrations: Sequence[str]) -> None:
        if self._version() < len(migrations):
            with self.transaction() as connection:
                # Asked again inside: another process may have done the work while this one waited for its turn.
                for number, script in list(enumerate(migrations, start=1))[self._version() :]:
                    for statement in _statements(script):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {number}")
        if self._version() > len(migrations):
            raise WorkspaceError(
                f"{self.path} is from a newer version of Sortwerk; install that version, "
                "or set SORTWERK_HOME to another folder."
            )

    def _version(self) -> int:
        return int(self.query("PRAGMA user_version")[0][0])

    @contextlib.contextmanager
    def _own(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection, kept from being closed by another thread while the block runs."""
        owned = self._owned()
        with owned.lock, _sentences(self.path):
            if owned.closed:
                raise _closed(self.path)
            yield owned.connection

    def _owned(self) -> _Owned:
        thread = threading.current_thread()
        with self._lock:
            if self._connections is None:
                raise _closed(self.path)
            owned = self._connections.get(thread)
            if owned is None:
                for gone in [one for one in self._connections if not one.is_alive()]:
                    self._connections.pop(gone).close()
                with _sentences(self.path):
                    connection = _connect(self.path, durable=self._durable, busy_seconds=self._busy_seconds)
                    owned = self._connections[thread] = _Owned(connection)
        return owned


class _Owned:
    """A connection, and the lock that its one user holds while using it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.lock = threading.RLock()  # a transaction's block may query
        self.closed = False

    def close(self) -> None:
        with self.lock:
            self.closed = True
            self.connection.close()


def _connect(path: Path, *, durable: bool, busy_seconds: float) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
    try:
        _write_ahead(connection, busy_seconds)
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """Turn WAL on. Of two who do so to a new file at once SQLite refuses one without the wait it was asked for."""
    until = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(0.005)


def _statements(script: str) -> Iterator[str]:
    """The statements of ``script``, one by one: ``executescript`` would commit the transaction that we are in."""
    statement = ""
    for piece in script.split(";"):
        statement += piece + ";"
        if sqlite3.complete_statement(statement):  # knows strings, comments and the bodies of triggers
            if statement.strip(" \t\r\n;"):
                yield statement
            statement = ""


@contextlib.contextmanager
def _sentences(path: Path) -> Iterator[None]:
    """Turn what the outside world does to the file into a WorkspaceError; let our own mistakes in SQL through."""
    try:
        yield
    except (sqlite3.DatabaseError, OSError) as error:
        code = getattr(error, "sqlite_errorcode", None)
        sentence = _SENTENCES.get(code & 0xFF) if code is not None else None
        if sentence is None:
            raise
        raise WorkspaceError(f"{path} {sentence}.") from error


_DAMAGED = "is damaged; close Sortwerk, move that file elsewhere (a backup copy can take its place), and start again"
_UNREACHABLE = "can't be opened or written; check that you may write to its folder and that the disk is connected"
_SENTENCES = {
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_BUSY: "is in use by another program; close the other Sortwerk and try again",
    sqlite3.SQLITE_LOCKED: "is in use by another program; close the other Sortwerk and try again",
    sqlite3.SQLITE_FULL: "could not be written because the disk is full; free some space and try again",
    sqlite3.SQLITE_READONLY: _UNREACHABLE,
    sqlite3.SQLITE_CANTOPEN: _UNREACHABLE,
    sqlite3.SQLITE_PERM: _UNREACHABLE,
    sqlite3.SQLITE_AUTH: _UNREACHABLE,
    sqlite3.SQLITE_IOERR: "could not be read or written by the system; check the disk and try again",
}
"""Primary result code (https://www.sqlite.org/rescode.html) -> the end of a sentence that starts with the file."""


def _closed(path: Path) -> WorkspaceError:
    return WorkspaceError(f"{path} has been closed; start Sortwerk again.")


def open_workspace(home: Path | None = None) -> Database:
    """The database of a person's work, ``workspace.sqlite`` in the workspace (or in ``home``). Never deleted here.

    Raises:
        WorkspaceError: the workspace can't be used, or the file is damaged or of a newer version.
    """
    path = (home or folder()) / "workspace.sqlite"
    return Database(path, WORKSPACE_MIGRATIONS, durable=True, busy_seconds=PATIENT_SECONDS)


def open_cache(home: Path | None = None) -> Database:
    """The database of what can be computed again, ``cache.sqlite`` in the workspace (or in ``home``).

    A damaged file, or one of a newer version, is deleted and started afresh: nothing in it is a person's work.

    Raises:
        WorkspaceError: the workspace can't be used.
    """
    path = (home or folder()) / "cache.sqlite"
    try:
        return Database(path, CACHE_MIGRATIONS, durable=False)
    except WorkspaceError as error:
        cause = error.__cause__  # None when the file is from a newer version
        if isinstance(cause, sqlite3.Error) and cause.sqlite_errorcode & 0xFF not in _SPOILT:
            raise
        _log.warning("Starting a new cache: %s", error)
    _delete(path)
    return Database(path, CACHE_MIGRATIONS, durable=False)


_SPOILT = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _delete(path: Path) -> None:
    try:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    except OSError as error:
        raise WorkspaceError(f"{path} is damaged and can't be deleted ({reason(error)}); delete it.") from error
