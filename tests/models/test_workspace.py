import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from models.errors import WorkspaceError
from models.workspace import atomic_file, choose, default_folder, folder, pointer_file


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
