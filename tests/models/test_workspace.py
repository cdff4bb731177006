import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import platformdirs
import pytest

from models.errors import WorkspaceError
from models.workspace import Database, atomic_file, choose, default_folder, folder, open_cache, pointer_file

NOTES = ("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);",)


@pytest.fixture
def home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A platform whose user folders lie under ``tmp_path``, and no SORTWERK_HOME."""
    monkeypatch.delenv("SORTWERK_HOME")
    for variable in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path / variable.lower()))
    if not Path(platformdirs.user_data_dir("Sortwerk", appauthor=False)).is_relative_to(tmp_path):
        pytest.skip("this platform's user folders can't be moved by the environment")
    return tmp_path


class TestFolder:
    def test_named_by_the_environment_and_created(self, workspace: Path) -> None:
        assert folder() == workspace
        assert workspace.is_dir()

    def test_default_is_the_users_data_folder(self, home_of_its_own: Path) -> None:
        assert folder() == default_folder()
        assert default_folder().name == "Sortwerk"

    def test_a_chosen_folder_is_remembered_until_the_default_is_chosen(self, home_of_its_own: Path) -> None:
        wanted = home_of_its_own / "größer, 東京\nline"
        assert choose(wanted) == wanted
        assert folder() == wanted
        assert choose(None) == default_folder()
        assert folder() == default_folder()
        assert not pointer_file().exists()

    @pytest.mark.parametrize("content", [b"", b"\n", b"relative/folder", b"\0"])
    def test_a_pointer_without_a_folder_is_ignored(self, home_of_its_own: Path, content: bytes) -> None:
        pointer_file().parent.mkdir(parents=True)
        pointer_file().write_bytes(content)
        assert folder() == default_folder()

    def test_the_environment_wins_over_the_choice(self, home_of_its_own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        choose(home_of_its_own / "chosen")
        monkeypatch.setenv("SORTWERK_HOME", str(home_of_its_own / "named"))
        assert folder() == home_of_its_own / "named"

    def test_a_file_in_its_place_is_one_sentence(self, workspace: Path) -> None:
        workspace.write_text("in the way")
        with pytest.raises(WorkspaceError, match=r"workspace can't be created .*; set SORTWERK_HOME"):
            folder()


class TestAtomicFile:
    def test_replaces_and_leaves_nothing_beside(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("old")
        with atomic_file(path) as file:
            file.write(b"new")
            assert path.read_text() == "old"
        assert path.read_text() == "new"
        assert list(tmp_path.iterdir()) == [path]

    def test_a_failure_leaves_the_old_file(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("old")

        def fail_half_way() -> None:
            with atomic_file(path) as file:
                file.write(b"half")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail_half_way()
        assert path.read_text() == "old"
        assert list(tmp_path.iterdir()) == [path]

    def test_a_killed_writer_leaves_the_old_file(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("old")
        script = (
            "import os, pathlib, sys; from models.workspace import atomic_file\n"
            "with atomic_file(pathlib.Path(sys.argv[1])) as file:\n    file.write(b'half'); file.flush(); os._exit(9)"
        )
        assert subprocess.run([sys.executable, "-c", script, str(path)], check=False).returncode == 9
        assert path.read_text() == "old"

    def test_a_symbolic_link_stays_one(self, tmp_path: Path) -> None:
        (tmp_path / "real.txt").write_text("old")
        link = tmp_path / "link.txt"
        link.symlink_to("real.txt")
        with atomic_file(link) as file:
            file.write(b"new")
        assert link.is_symlink()
        assert (tmp_path / "real.txt").read_text() == "new"

    def test_the_longest_name_is_possible(self, tmp_path: Path) -> None:
        path = tmp_path / ("n" * 255)
        with atomic_file(path) as file:
            file.write(b"x")
        assert path.read_bytes() == b"x"

    def test_a_missing_folder_is_an_os_error(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError), atomic_file(tmp_path / "no" / "a.txt"):
            pass


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
from models.workspace import Database
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
            Database(path, (*NOTES, "CREATE TABLE more (id);")).close()
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
