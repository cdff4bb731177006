"""A second start hands its packages to the window that is open."""

from __future__ import annotations

import json
import os
import stat
import threading
from pathlib import Path

import pytest

from desktop.single import FILE, Door, hand_over
from models.errors import WorkspaceError


class Taken:
    def __init__(self) -> None:
        self.paths: list[Path] = []
        self.came = threading.Event()

    def __call__(self, paths: list[Path]) -> None:
        self.paths += paths
        self.came.set()


def test_the_open_window_gets_the_files(tmp_path: Path) -> None:
    taken = Taken()
    door = Door(tmp_path, taken)
    try:
        assert hand_over(tmp_path, [tmp_path / "ä b.ps2model"])
        assert hand_over(tmp_path, [tmp_path / "c.ps2model"])
        assert taken.paths == [tmp_path / "ä b.ps2model", tmp_path / "c.ps2model"]
    finally:
        door.close()
    assert not (tmp_path / FILE).exists()
    assert not hand_over(tmp_path, [tmp_path / "d.ps2model"])


def test_without_a_window_nobody_takes_them(tmp_path: Path) -> None:
    assert not hand_over(tmp_path, [tmp_path / "a.ps2model"])


@pytest.mark.parametrize("note", ["", "{}", '{"address": "/nowhere", "secret": "00"}', '{"address": 3, "secret": "x"}'])
def test_what_a_killed_window_has_left_does_not_matter(tmp_path: Path, note: str) -> None:
    (tmp_path / FILE).write_text(note)
    assert not hand_over(tmp_path, [tmp_path / "a.ps2model"])


def test_nobody_without_the_secret_is_listened_to(tmp_path: Path) -> None:
    taken = Taken()
    door = Door(tmp_path, taken)
    note = json.loads((tmp_path / FILE).read_bytes())
    (tmp_path / FILE).write_text(json.dumps(note | {"secret": "00" * 32}))
    assert not hand_over(tmp_path, [tmp_path / "a.ps2model"])
    (tmp_path / FILE).write_text(json.dumps(note))
    assert hand_over(tmp_path, [tmp_path / "b.ps2model"])
    assert taken.paths == [tmp_path / "b.ps2model"]
    door.close()


def test_a_later_window_keeps_its_note(tmp_path: Path) -> None:
    first, later = Taken(), Taken()
    one, two = Door(tmp_path, first), Door(tmp_path, later)
    one.close()
    assert hand_over(tmp_path, [tmp_path / "a.ps2model"])
    assert later.came.is_set()
    assert not first.came.is_set()
    two.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_only_the_owner_can_read_the_secret(tmp_path: Path) -> None:
    door = Door(tmp_path, Taken())
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    door.close()


def test_a_workspace_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="can't be written"):
        Door(tmp_path / "missing", Taken())
