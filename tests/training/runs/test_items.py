from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import TrainingError
from tests.training.datasets.test_values import ANY
from tests.training.runs.making import HEADS, item
from training.datasets.heads import HeadDef
from training.datasets.values import VALUES, Value
from training.runs.items import RunItem, read_items, write_items

PATHS = st.binary(min_size=1, max_size=20).filter(lambda path: b"\0" not in path)


@given(st.lists(st.tuples(PATHS, st.lists(ANY, max_size=3)), max_size=5))
def test_what_is_written_is_read(rows: list[tuple[bytes, list[Value]]]) -> None:
    heads = tuple(HeadDef(kind, kind, id=number) for number, kind in enumerate(VALUES))
    items = []
    for number, (path, values) in enumerate(rows):
        labels = {value.kind: value for value in values}
        items.append(RunItem(f"{number:064x}", os.fsdecode(path), "ü", "val", "real", "g", 3, 4, labels))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "items.jsonl"
        write_items(path, heads, Path("/blobs"), items)
        read = read_items(path)
    assert (read.heads, read.blobs, read.items) == (heads, Path("/blobs"), tuple(items))


def test_the_items_of_a_split_are_given_in_order(tmp_path: Path) -> None:
    write_items(tmp_path / "items.jsonl", HEADS, tmp_path, [item(number) for number in range(9)])
    read = read_items(tmp_path / "items.jsonl")
    assert [one.path for one in read.of("val")] == [f"/pictures/{number}.png" for number in (1, 4, 7)]
    assert read.of("train")[0].place.name == "0.png"


def test_a_file_that_is_cut_anywhere_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    write_items(path, HEADS, tmp_path, [item(number) for number in range(3)])
    whole = path.read_bytes()
    for cut in range(len(whole) - 1):
        path.write_bytes(whole[:cut])
        with pytest.raises(TrainingError, match=r"items\.jsonl is (damaged|cut off)") as caught:
            read_items(path)
        assert "\n" not in str(caught.value)


def test_a_later_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text(json.dumps({"version": 2, "heads": [], "blobs": "/"}))
    with pytest.raises(TrainingError, match="another Sortwerk"):
        read_items(path)


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "{}",
        "1",
        '{"key": 1}',
        '{"key":"0","path":"/a","member":"","split":"all","source":"","group":"","width":1,"height":1,"labels":{}}',
    ],
)
def test_a_line_that_is_no_item_is_one_sentence(tmp_path: Path, line: str) -> None:
    path = tmp_path / "items.jsonl"
    write_items(path, HEADS, tmp_path, [])
    with path.open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(TrainingError, match="is damaged"):
        read_items(path)


def test_a_file_that_is_missing_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"can't be read from .*prepare the run anew"):
        read_items(tmp_path / "items.jsonl")
