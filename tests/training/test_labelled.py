from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import LabelError
from training.labelled import of_pairs, read_labelled


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"not opened")
    return path


def test_a_folder_for_each_category_with_all_that_is_in_it(tmp_path: Path) -> None:
    wood = [picture(tmp_path / "wood" / "2.png"), picture(tmp_path / "wood" / "oak" / "deep" / "10.JPG")]
    stone = picture(tmp_path / "Stone" / "a.tga")
    picture(tmp_path / "wood" / "notes.txt")
    picture(tmp_path / ".cache" / "b.png")
    picture(tmp_path / "unknown" / "c.png")
    picture(tmp_path / "loose.png")
    found = read_labelled(tmp_path)
    assert set(found.items) == {(wood[0], "wood"), (wood[1], "wood"), (stone, "Stone")}
    assert found.categories == ("Stone", "wood")
    assert found.problems == (f"1 picture in {tmp_path} lies in no category's folder and was left out.",)


def test_splits_as_folders_are_no_categories(tmp_path: Path) -> None:
    train, test = picture(tmp_path / "train" / "wood" / "a.png"), picture(tmp_path / "test" / "stone" / "b.png")
    assert set(read_labelled(tmp_path).items) == {(train, "wood"), (test, "stone")}
    assert read_labelled(tmp_path, split="TEST").items == ((test, "stone"),)
    with pytest.raises(LabelError, match="has no folder val"):
        read_labelled(tmp_path, split="val")


def test_the_real_tables(data: Path) -> None:
    textures = read_labelled(data / "textures", split="test")
    assert (len(textures.items), len(textures.categories), textures.problems) == (183, 14, ())
    parts = read_labelled(data / "parts" / "labels.csv", head="color")
    assert len(parts.categories) == 12
    assert parts.problems == ("960 rows of labels.csv have no label and were left out.",)
    assert len(read_labelled(data / "parts", head="part", split="val").items) == 180


def test_the_column_of_the_question_comes_first(tmp_path: Path) -> None:
    one = picture(tmp_path / "a.png")
    table = tmp_path / "t.csv"
    table.write_text("\ufeffFilename;Label;Colour\na.png;brick;red\n", encoding="utf-8")
    assert read_labelled(table, head="colour").items == ((one, "red"),)
    assert read_labelled(table, head="part").items == ((one, "brick"),)
    assert read_labelled(table).items == ((one, "brick"),)


def test_what_is_missing_or_said_twice_is_left_out_and_told(tmp_path: Path) -> None:
    one = picture(tmp_path / "a.png")
    gone = "".join(f"gone{index}.png,stone\n" for index in range(25))
    (tmp_path / "labels.csv").write_text(f"path,class\na.png,wood\na.png,stone\n,wood\n{gone}b.png\n")
    found = read_labelled(tmp_path)
    assert found.items == ((one, "wood"),)
    assert "A row without a path of labels.csv is not there and was left out." in found.problems
    assert "gone0.png of labels.csv is not there and was left out." in found.problems
    assert "6 more files of labels.csv are not there." in found.problems
    assert "1 rows of labels.csv have no label and were left out." in found.problems
    assert found.problems[-1] == "1 pictures are named twice with different labels; the first counts."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,label\na.png,wood\n", "has no column file with the pictures' paths; its columns are: name, label."),
        ("file,what\na.png,wood\n", "has no column label with what the pictures are; its columns are: file, what."),
        ("file,label\nb.png,wood\n", "names no picture that is there"),
        ("", "has no column file with the pictures' paths; its columns are: none."),
        ("file,label\na.png,wood\n\xff", "is not a CSV file in UTF-8"),
    ],
)
def test_a_table_that_can_not_be_used_is_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    picture(tmp_path / "a.png")
    table = tmp_path / "t.csv"
    table.write_bytes(text.encode("latin-1"))
    with pytest.raises(LabelError) as trouble:
        read_labelled(table)
    assert words in str(trouble.value)


def test_a_split_that_is_not_there_and_a_place_that_is_not(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    table = tmp_path / "t.csv"
    table.write_text("file,label,split\na.png,wood,train\n")
    with pytest.raises(LabelError, match="has no row of the split test"):
        read_labelled(table, split="test")
    with pytest.raises(LabelError, match="is not there; name a folder"):
        read_labelled(tmp_path / "gone")
    (tmp_path / "empty").mkdir()
    with pytest.raises(LabelError, match="has no folders with pictures"):
        read_labelled(tmp_path / "empty")
    table.write_text("file,label\na.png,wood\n")
    with pytest.raises(LabelError, match="has no column split"):
        read_labelled(table, split="test")


def test_a_set_of_pairs_says_each_path_once(tmp_path: Path) -> None:
    one, two = tmp_path / "a.png", tmp_path / "b.png"
    found = of_pairs([(one, "wood"), (two, "Brick"), (one, "wood"), (two, "stone")], ["One was lost."])
    assert found.items == ((one, "wood"), (two, "Brick"))
    assert found.categories == ("Brick", "wood")
    assert found.problems == ("One was lost.", "1 pictures are named twice with different labels; the first counts.")
