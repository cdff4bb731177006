from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.errors import ModelError
from models.installed import KEPT_DAYS, empty_trash, facts, own_folders, remove, removed, rename, restore
from tests.models.package.packages import tree


def make(workspace: Path, name: str) -> Path:
    folder = workspace / "models" / name
    folder.mkdir(parents=True)
    (folder / "metadata.json").write_text("{}")
    return folder


def test_folders_are_those_of_models(workspace: Path) -> None:
    assert own_folders() == []
    folders = [make(workspace, "b"), make(workspace, "a")]
    make(workspace, ".importing-1-ab")
    (workspace / "models" / "file").touch()
    assert own_folders() == sorted(folders)


def test_a_name_is_kept_beside_what_the_maker_wrote(workspace: Path) -> None:
    folder = make(workspace, "a")
    assert (facts(folder).name, facts(folder).size, facts(folder).receipt) == ("", 2, None)
    rename(folder, "größer")
    assert facts(folder).name == "größer"
    assert (folder / "metadata.json").read_text() == "{}"


def test_removed_is_hidden_and_comes_back_as_it_was(workspace: Path) -> None:
    folder, other = make(workspace, "a-b"), make(workspace, "c")
    before = tree(folder)
    one = remove(folder)
    assert own_folders() == [other]
    assert [found.token for found in removed()] == [one.token]
    assert removed()[0].folder == folder
    assert restore(one) == folder
    assert tree(folder) == before
    assert removed() == []


def test_the_last_one_comes_back_first(workspace: Path) -> None:
    folders = [make(workspace, name) for name in "abc"]
    tokens = [remove(folder).token for folder in folders]
    assert restore() == folders[2]
    assert restore(tokens[0]) == folders[0]
    assert restore() == folders[1]
    with pytest.raises(ModelError, match="No removed model is left"):
        restore()
    with pytest.raises(ModelError, match="No removed model is called x; there are: none"):
        restore("x")


def test_a_place_that_is_taken_is_left_alone(workspace: Path) -> None:
    one = remove(make(workspace, "a"))
    make(workspace, "a")
    with pytest.raises(ModelError, match="is there again already"):
        restore(one)
    assert [found.token for found in removed()] == [one.token]


def test_only_models_of_the_workspace_are_removed(workspace: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (workspace / "models").mkdir(parents=True)
    for folder in (outside, workspace / "models", workspace / "models" / "none", make(workspace, ".hidden")):
        with pytest.raises(ModelError, match="is no model of this workspace"):
            remove(folder)
    assert outside.is_dir()


def test_what_was_removed_long_ago_is_forgotten(workspace: Path) -> None:
    one = remove(make(workspace, "a"))
    empty_trash(one.when + timedelta(days=KEPT_DAYS - 1))
    assert len(removed()) == 1
    empty_trash(one.when + timedelta(days=KEPT_DAYS + 1))
    assert removed() == []
    assert datetime.now(UTC) - one.when < timedelta(minutes=5)
