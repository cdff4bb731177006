import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.actions.export import export, export_csv, export_json
from models.answer import Answer
from models.errors import WorkspaceError
from tests.desktop.actions.results import answer, failure

NAMES = ["größe 東京.png", 'a,"b"\nc\r\nd.png', "=1+1.png", "@x.png", "-x.png", "bytes \udcff.png"]


def test_csv_comes_back_as_it_was(tmp_path: Path) -> None:
    items = [*(answer(f"/in/{name}") for name in NAMES), failure("/in/empty.png")]
    assert export_csv(items, tmp_path / "out.csv", top_k=3) == 7
    with (tmp_path / "out.csv").open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["path"] for row in rows] == [f"/in/{name}" for name in NAMES] + ["/in/empty.png"]
    assert {row["category"] for row in rows[:-1]} == {"wood"}
    assert rows[-1]["error"] == "empty.png is empty (0 bytes); copy it again."


def test_json_comes_back_as_it_was(tmp_path: Path) -> None:
    items = [answer(f"/in/{name}") for name in NAMES]
    assert export_json(items, tmp_path / "out.json") == 6
    content = json.loads((tmp_path / "out.json").read_text(encoding="ascii"))
    assert [record["path"] for record in content] == [f"/in/{name}" for name in NAMES]


def test_nothing_is_a_valid_file_too(tmp_path: Path) -> None:
    assert export([], tmp_path / "out.json") == 0
    assert json.loads((tmp_path / "out.json").read_text()) == []
    assert export([], tmp_path / "out.csv") == 0
    assert (tmp_path / "out.csv").read_text().startswith("path,category,confidence,unknown,said_by,category_2")


def test_the_ending_chooses_the_form(tmp_path: Path) -> None:
    export([answer("/in/a.png")], tmp_path / "a.JSON")
    assert json.loads((tmp_path / "a.JSON").read_text())[0]["path"] == "/in/a.png"
    export([answer("/in/a.png")], tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text().startswith("path,")


@pytest.mark.parametrize("name", ["out.csv", "out.json"])
def test_what_fails_half_way_leaves_the_old_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("old")

    def items() -> Iterator[Answer]:
        yield answer("/in/a.png")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        export(items(), tmp_path / name)
    assert (tmp_path / name).read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["out.csv", "out.json"])
def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(WorkspaceError, match=r"could not be written .*; choose a folder"):
        export([], tmp_path / "no" / name)
