import json
from dataclasses import replace

import pytest

from desktop.actions.records import columns, record, record_line, row
from models.answer import UNKNOWN
from tests.desktop.actions.results import answer, failure


def test_an_answer_has_the_documented_form() -> None:
    assert record(answer("/in/a.png"), 2) == {
        "path": "/in/a.png",
        "category": "wood",
        "predictions": [{"category": "wood", "confidence": 0.7}, {"category": "metal", "confidence": 0.2}],
        "unknown": False,
        "unsure": False,
        "heads": {"material": [{"category": "wood", "confidence": 0.7}, {"category": "metal", "confidence": 0.2}]},
        "labels": {},
    }


def test_a_failure_has_the_documented_form() -> None:
    assert record(failure("/in/b.png"), 5) == {
        "path": "/in/b.png",
        "error": "b.png is empty (0 bytes); copy it again.",
    }


def test_a_member_of_a_zip_is_named_with_its_archive() -> None:
    assert record(answer("/in/a.zip", member="inner/b.png"), 1)["path"] == "/in/a.zip/inner/b.png"


@pytest.mark.parametrize("name", ["größe 東京 🧱.png", "a\nb\t\"c\" 'd'\\.png", "bytes \udcff.png", "\u2028.png"])
def test_any_name_survives_one_line_of_ascii(name: str) -> None:
    line = record_line(answer(f"/in/{name}"), 1)
    assert line.isascii()
    assert "\n" not in line
    assert json.loads(line)["path"] == f"/in/{name}"


@pytest.mark.parametrize("top_k", [1, 2, 3, 7])
def test_rows_fit_their_header(top_k: int) -> None:
    header = columns(top_k)
    cells = dict(zip(header, row(answer("/in/a.png"), top_k), strict=True))
    assert (cells["path"], cells["category"], cells["confidence"], cells["unknown"]) == (
        "/in/a.png",
        "wood",
        "0.7000",
        "no",
    )
    assert cells["error"] == ""
    if top_k >= 2:
        assert (cells["category_2"], cells["confidence_2"]) == ("metal", "0.2000")
    if top_k > 3:  # more than the model has categories
        assert cells["category_4"] == ""
    failed = dict(zip(header, row(failure("/in/b.png"), top_k), strict=True))
    assert failed["error"] == "b.png is empty (0 bytes); copy it again."
    assert failed["category"] == failed["unknown"] == ""


def test_a_persons_word_comes_before_the_models() -> None:
    said = replace(answer("/in/a.png"), reply=replace(answer("/in/a.png").reply, labels={"material": "lava"}))
    assert (record(said, 1)["category"], record(said, 1)["labels"]) == ("lava", {"material": "lava"})
    assert record(said, 1)["predictions"] == [{"category": "wood", "confidence": 0.7}]
    cells = dict(zip(columns(2), row(said, 2), strict=True))
    assert [cells[name] for name in ("category", "confidence", "said_by", "category_2")] == [
        "lava",
        "",
        "person",
        "metal",
    ]


def test_nobody_can_tell_is_no_category() -> None:
    said = replace(answer("/in/a.png"), reply=replace(answer("/in/a.png").reply, labels={"material": UNKNOWN}))
    assert (record(said, 1)["category"], record(said, 1)["unknown"]) == (None, True)
    cells = dict(zip(columns(1), row(said, 1), strict=True))
    assert [cells[name] for name in ("category", "unknown", "said_by")] == ["", "yes", "person"]


def test_further_questions_have_columns_of_their_own() -> None:
    one = answer("/in/a.png")
    two = replace(one, reply=replace(one.reply, heads={**one.heads, "colour": one.heads["material"]}))
    header = columns(1, ["colour"])
    assert header[-3:] == ["colour", "colour confidence", "error"]
    assert row(two, 1, ["colour"])[-3:] == ["wood", "0.7000", ""]
    assert row(failure("/in/b.png"), 1, ["colour"])[-3:-1] == ["", ""]
