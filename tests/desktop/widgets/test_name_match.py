from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.widgets.name_match import Fit, rank, same, tidy

NAMES = ["metal", "sheet metal", "bimetallic", "meadow tall", "wood", "tile", "Éclair", "Straße"]


def found(text: str) -> list[str]:
    return [match.name for match in rank(text, NAMES)]


def test_prefix_then_word_then_inside_then_loosely() -> None:
    assert found("metal") == ["metal", "sheet metal", "bimetallic", "meadow tall"]
    assert [match.fit for match in rank("metal", NAMES)] == [Fit.PREFIX, Fit.WORD, Fit.INSIDE, Fit.LOOSE]


def test_a_word_start_counts_though_the_text_is_inside_another_word_before() -> None:
    (match,) = rank("tal", ["metal tall"])
    assert match.fit is Fit.WORD
    assert match.letters == (6, 7, 8)


def test_the_shorter_and_the_tighter_come_first() -> None:
    assert [match.name for match in rank("br", ["brick wall", "brick"])] == ["brick", "brick wall"]
    assert [match.name for match in rank("bk", ["big oak", "block"])] == ["block", "big oak"]


@pytest.mark.parametrize("text", ["", "   ", "xyz", "metalx"])
def test_nothing_fits(text: str) -> None:
    assert found(text) == []


def test_letters_are_those_that_were_typed() -> None:
    def letters(text: str, name: str) -> str:
        (match,) = rank(text, [name])
        return "".join(name[index] for index in match.letters)

    assert letters("MET", "Sheet Metal") == "Met"
    assert letters("strasse", "Straße") == "Straße"  # one letter of the name is two when folded
    assert letters("wd", "wood") == "wd"


@given(st.text(max_size=6), st.lists(st.text(max_size=10), max_size=8))
def test_what_is_found_can_be_shown_and_every_typed_prefix_is_found(text: str, names: list[str]) -> None:
    matches = rank(text, names)
    assert [match.fit for match in matches] == sorted(match.fit for match in matches)
    for match in matches:
        assert match.name in names
        assert list(match.letters) == sorted(set(match.letters))
        assert all(0 <= index < len(match.name) for index in match.letters)
    wanted = tidy(text).casefold()
    must = {name for name in names if wanted and wanted in name.casefold()}
    assert must <= {match.name for match in matches}


def test_names_are_the_same_to_a_person() -> None:
    assert same(" Sheet  METAL ", "sheet metal")
    assert not same("sheet metal", "sheetmetal")
