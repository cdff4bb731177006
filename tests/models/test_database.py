import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from models.database import CACHE_MIGRATIONS, Database, open_cache, open_workspace
from models.errors import WorkspaceError

NOTES = ("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);",)


class TestDatabase:
    def test_is_set_up_for_safety(self, tmp_path: Path) -> None:
        database = Database(tmp_path / "a.sqlite", NOTES)
        assert database.query("PRAGMA journal_mode") == [("wal",)]
        assert database.query("PRAGMA foreign_keys") == [(1,)]
        assert database.query("PRAGMA synchronous") == [(2,)]
        assert database.query("PRAGMA busy_timeout") == [(10_000,)]
        database.close()

    def test_migrations_run_once_and_in_order(self, tmp_path: Path) -> None:
        path = tmp_path / "a.sqlite"
        first = Database(path, NOTES)
        with first.transaction() as connection:
            connection.execute("INSERT INTO notes (text) VALUES ('kept')")
        first.close()
        trigger = """
            ALTER TABLE notes ADD COLUMN stars INTEGER NOT NULL DEFAULT 3; -- a comment; with a semicolon
            CREATE TRIGGER shout AFTER INSERT ON notes BEGIN
                UPDATE notes SET text = upper(text) || ';' WHERE id = new.id;
            END;
        """
        for _ in range(2):
            second = Database(path, (*NOTES, trigger))
            assert second.query("PRAGMA user_version") == [(2,)]
            second.close()
        third = Database(path, (*NOTES, trigger))
        with third.transaction() as connection:
            connection.execute("INSERT INTO notes (text) VALUES ('new')")
        assert third.query("SELECT text, stars FROM notes ORDER BY id") == [("kept", 3), ("NEW;", 3)]
        third.close()

    def test_a_failed_migration_changes_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "a.sqlite"
        with pytest.raises(sqlite3.OperationalError):
            Database(path, (*NOTES, "CREATE TABLE more (id); CREATE TABLE more (id);"))
        database = Database(path, NOTES)
        assert database.query("SELECT name FROM sqlite_master WHERE type = 'table'") == [("notes",)]
        database.close()

    def test_two_who_open_it_at_once_migrate_it_once(self, tmp_path: Path) -> None:
        opened: list[Database] = []
        barrier = threading.Barrier(8)

        def open_it() -> None:
            barrier.wait()
            opened.append(Database(tmp_path / "a.sqlite", NOTES))

        threads = [threading.Thread(target=open_it) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(opened) == 8
        for database in opened:
            database.close()

    def test_a_newer_file_is_refused_and_untouched(self, tmp_path: Path) -> None:
        path = tmp_path / "a.sqlite"
        Database(path, (*NOTES, "CREATE TABLE more (id);")).close()
        with pytest.raises(WorkspaceError, match=r"a\.sqlite is from a newer version of Sortwerk; install"):
            Database(path, NOTES)
        database = Database(path, (*NOTES, "CREATE TABLE more (id);"))
        assert database.query("SELECT * FROM more") == []
        database.close()

    @pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
    def test_a_damaged_file_is_one_sentence_and_untouched(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "a.sqlite"
        path.write_bytes(content)
        with pytest.raises(WorkspaceError, match=r"a\.sqlite is damaged; close Sortwerk, move that file"):
            Database(path, NOTES)
        assert path.read_bytes() == content

    def test_a_missing_folder_is_one_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(WorkspaceError, match=r"a\.sqlite can't be opened or written"):
            Database(tmp_path / "no" / "a.sqlite", NOTES)

    def test_a_transaction_happens_whole_or_not_at_all(self, tmp_path: Path) -> None:
        database = Database(tmp_path / "a.sqlite", NOTES)

        def write(*texts: str | None) -> None:
            with database.transaction() as connection:
                connection.executemany("INSERT INTO notes (text) VALUES (?)", [[text] for text in texts])
                if "fail" in texts:
                    raise RuntimeError

        with pytest.raises(RuntimeError):
            write("half", "fail")
        assert database.query("SELECT count(*) FROM notes") == [(0,)]
        with pytest.raises(sqlite3.IntegrityError):
            write("half", None)
        assert database.query("SELECT count(*) FROM notes") == [(0,)]
        database.close()

    def test_a_full_disk_is_one_sentence_and_changes_nothing(self, tmp_path: Path) -> None:
        database = Database(tmp_path / "a.sqlite", NOTES)
        database.query(f"PRAGMA max_page_count = {database.query('PRAGMA page_count')[0][0] + 2}")
        with (
            pytest.raises(WorkspaceError, match="the disk is full; free some space"),
            database.transaction() as connection,
        ):
            connection.execute("INSERT INTO notes (text) VALUES (?)", ["x" * 1_000_000])
        assert database.query("SELECT count(*) FROM notes") == [(0,)]
        database.close()

    def test_threads_write_side_by_side(self, tmp_path: Path) -> None:
        database = Database(tmp_path / "a.sqlite", NOTES)

        def write() -> None:
            for _ in range(25):
                with database.transaction() as connection:
                    connection.execute("INSERT INTO notes (text) VALUES ('x')")

        threads = [threading.Thread(target=write) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert database.query("SELECT count(*) FROM notes") == [(100,)]
        database.close()

    def test_a_second_writer_waits_for_a_long_transaction(self, tmp_path: Path) -> None:
        path = tmp_path / "a.sqlite"
        holder = Database(path, NOTES)
        hasty, patient = (Database(path, NOTES, busy_seconds=seconds) for seconds in (0.1, 30.0))
        told: list[str] = []

        def write() -> None:
            with patient.transaction() as connection:
                connection.execute("INSERT INTO notes (text) VALUES ('second')")
            told.append("written")

        writer = threading.Thread(target=write)
        with holder.transaction() as connection:
            connection.execute("INSERT INTO notes (text) VALUES ('first')")
            writer.start()
            with pytest.raises(WorkspaceError, match="is in use by another program"), hasty.transaction():
                pass
            writer.join(1.2)
            assert writer.is_alive()
            told.append("let go")
        writer.join()
        assert told == ["let go", "written"]
        assert holder.query("SELECT text FROM notes ORDER BY id") == [("first",), ("second",)]
        for database in (holder, hasty, patient):
            database.close()

    def test_the_workspace_is_more_patient_than_the_cache(self, tmp_path: Path) -> None:
        for opened, wanted in ((open_workspace, 60_000), (open_cache, 10_000)):
            database = opened(tmp_path)
            assert database.query("PRAGMA busy_timeout") == [(wanted,)]
            database.close()

    def test_closed_from_another_thread_says_so(self, tmp_path: Path) -> None:
        database = Database(tmp_path / "a.sqlite", NOTES)
        thread = threading.Thread(target=database.close)
        thread.start()
        thread.join()
        with pytest.raises(WorkspaceError, match=r"a\.sqlite has been closed"):
            database.query("SELECT 1")
        database.close()

    def test_closing_waits_for_a_transaction(self, tmp_path: Path) -> None:
        database = Database(tmp_path / "a.sqlite", NOTES)
        with database.transaction() as connection:
            closer = threading.Thread(target=database.close)
            closer.start()
            connection.execute("INSERT INTO notes (text) VALUES ('kept')")
        closer.join()
        again = Database(tmp_path / "a.sqlite", NOTES)
        assert again.query("SELECT text FROM notes") == [("kept",)]
        again.close()

    def test_a_killed_program_loses_only_what_was_not_committed(self, tmp_path: Path) -> None:
        path = tmp_path / "a.sqlite"
        Database(path, NOTES).close()
        script = """
import os, pathlib, sys
from models.database import Database
database = Database(pathlib.Path(sys.argv[1]), [sys.argv[2]])
with database.transaction() as connection:
    connection.execute("INSERT INTO notes (text) VALUES ('kept')")
with database.transaction() as connection:
    connection.execute("INSERT INTO notes (text) VALUES ('half')")
    os._exit(9)
"""
        assert subprocess.run([sys.executable, "-c", script, str(path), NOTES[0]], check=False).returncode == 9
        database = Database(path, NOTES)
        assert database.query("SELECT text FROM notes") == [("kept",)]
        database.close()


class TestCache:
    def test_lies_in_the_workspace(self, workspace: Path) -> None:
        cache = open_cache()
        assert cache.path == workspace / "cache.sqlite"
        assert cache.query("SELECT count(*) FROM embeddings") == [(0,)]
        cache.close()

    @pytest.mark.parametrize("newer", [False, True])
    def test_a_damaged_or_newer_one_is_started_afresh(self, tmp_path: Path, newer: bool) -> None:
        path = tmp_path / "cache.sqlite"
        if newer:
            Database(path, (*NOTES, *(f"CREATE TABLE more_{n} (id);" for n in range(len(CACHE_MIGRATIONS))))).close()
        else:
            path.write_bytes(b"noise" * 1000)
        cache = open_cache(tmp_path)
        assert cache.query("SELECT count(*) FROM embeddings") == [(0,)]
        cache.close()

    def test_an_intact_one_is_kept(self, tmp_path: Path) -> None:
        cache = open_cache(tmp_path)
        with cache.transaction() as connection:
            connection.execute("INSERT INTO embeddings VALUES ('b', x'01', x'02')")
        cache.close()
        again = open_cache(tmp_path)
        assert again.query("SELECT count(*) FROM embeddings") == [(1,)]
        again.close()
