"""What a walk sees; links, loops and refusals are tested through ``models.sources.find``."""

from pathlib import Path

from models.walking import walk


def test_in_natural_order_files_before_folders_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("a10.png", "a2.png", ".hidden", "Thumbs.db", "b/inner.png", "b/.git/x", "__MACOSX/y", "a/z.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    names = ["a2.png", "a10.png", "a/z.png", "b/inner.png"]
    assert list(walk(str(tmp_path))) == [(str(tmp_path / name), None) for name in names]
    assert list(walk(str(tmp_path), deep=False)) == [(str(tmp_path / name), None) for name in names[:2]]


def test_a_hidden_folder_that_is_named_is_walked(tmp_path: Path) -> None:
    (tmp_path / ".named").mkdir()
    (tmp_path / ".named" / "a.png").write_bytes(b"x")
    assert list(walk(str(tmp_path / ".named"))) == [(str(tmp_path / ".named" / "a.png"), None)]


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    ((path, error),) = walk(str(tmp_path / "no"))
    assert path == str(tmp_path / "no")
    assert str(error) == "no is not there; check its name and place."
