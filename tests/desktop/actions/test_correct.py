from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desktop.actions.correct import LONGEST, checked_label, correct, folder_note, same_name, take_back
from models.answer import Answer
from models.errors import LabelError, WorkspaceError
from models.heads.categories import UNKNOWN
from models.sources import Source
from tests.training.tiny import content, embeddings, make_model, see, window
from training.learner import Learner

KNOWN = ("metal", "stone", "Wood")


class TestCheckedLabel:
    @pytest.mark.parametrize("typed", ["wood", "WOOD", " Wood ", "wOOd\n"])
    @pytest.mark.parametrize("new", [True, False])
    def test_one_that_is_there_however_it_is_typed(self, typed: str, new: bool) -> None:  # a parameter
        assert checked_label(typed, KNOWN, new=new) == "Wood"

    @pytest.mark.parametrize("name", ["CON", "a/b", "..", "brick 2x4", "Stra\u00dfe", "\U0001f9f1", "x" * LONGEST])
    def test_a_new_one(self, name: str) -> None:
        assert checked_label(name, KNOWN, new=True) == name

    def test_blanks_in_it_become_one(self) -> None:
        assert checked_label("  brick \t 2x4\n", KNOWN, new=True) == "brick 2x4"

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("", "needs a name"),
            (" \t\n", "needs a name"),
            ("unknown", "without a category"),
            ("Unknown", "without a category"),
            ("x" * (LONGEST + 1), "101 characters"),
            ("a\0b", "can't be seen"),
            ("a\x1b[31mb", "can't be seen"),
            ("a\u202eb", "can't be seen"),
            ("a\ud800b", "can't be seen"),
        ],
    )
    @pytest.mark.parametrize("new", [True, False])
    def test_one_that_can_not_be(self, name: str, said: str, new: bool) -> None:  # a parameter
        with pytest.raises(LabelError, match=said) as caught:
            checked_label(name, KNOWN, new=new)
        assert str(caught.value).isprintable()
        assert str(caught.value).endswith(".")

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("metel", "There is no category metel; did you mean metal?"),
            ("WODO", "There is no category WODO; did you mean Wood?"),
            ("glass", "There is no category glass; there are metal, stone, Wood."),
        ],
    )
    def test_one_that_is_not_there_names_those_that_are(self, typed: str, said: str) -> None:
        with pytest.raises(LabelError) as caught:
            checked_label(typed, KNOWN, new=False)
        assert str(caught.value) == said

    def test_where_there_are_none_yet(self) -> None:
        with pytest.raises(LabelError, match="there are none yet"):
            checked_label("glass", (), new=False)

    @given(st.text(max_size=120))
    def test_what_is_accepted_can_be_kept_and_is_itself(self, typed: str) -> None:
        try:
            name = checked_label(typed, (), new=True)
        except LabelError:
            assume(False)
        assert 0 < len(name) <= LONGEST
        assert name.isprintable()
        assert checked_label(name, (name,), new=False) == name
        assert checked_label(name.upper(), (name,), new=True) in (name, name.upper())
        assert not any(unicodedata.category(one) == "Cc" for one in name)


def test_same_name_knows_no_capitals() -> None:
    assert same_name("STRASSE", ("Stra\u00dfe",)) == "Stra\u00dfe"
    assert same_name("wo", KNOWN) is None


def test_a_name_that_no_folder_can_have_says_so() -> None:
    assert folder_note("wood") is None
    for name in ("CON", "a/b", "..", "wood."):
        note = folder_note(name)
        assert note is not None
        assert note.startswith("Its folder will be called ")
        assert f" {name}." not in note


class TestActs:
    @pytest.fixture
    def learner(self, tmp_path: Path) -> Iterator[Learner]:
        make_model(tmp_path / "model", ("part", "colour"))
        (tmp_path / "home").mkdir()
        see(tmp_path / "home", range(40))
        with window(tmp_path / "model", tmp_path / "home") as opened:
            yield opened

    def answers(self, learner: Learner, *numbers: int) -> list[Answer]:
        replies = learner.answer([content(number) for number in numbers], embeddings(numbers))
        return [
            Answer(Source(Path(f"/bricks/{number}.png")), content(number), reply)
            for number, reply in zip(numbers, replies, strict=True)
        ]

    def test_what_is_said_is_kept_with_what_had_been_answered(self, learner: Learner) -> None:
        first, second = self.answers(learner, 20, 21)
        change = correct(learner, [(first, "plate"), (second, None)], "part")
        assert change.contents == {content(20), content(21)}
        assert learner.head("part").labels == {content(20): "plate", content(21): UNKNOWN}
        assert learner.head("colour").labels == {}
        assert learner._store is not None
        one, other = learner._store.corrections(model=learner.id)
        assert (one.texture_path, one.head, one.corrected_category) == (str(Path("/bricks/20.png")), "part", "plate")
        assert one.original_category == first.heads["part"].best.category
        assert one.confidence == pytest.approx(first.heads["part"].best.confidence)
        assert other.corrected_category == UNKNOWN
        undone = learner.undo()
        assert undone is not None
        assert len(undone.corrections) == 2

    def test_taken_back_with_all_that_was_ever_said_of_it_and_of_that_head(self, learner: Learner) -> None:
        answers = self.answers(learner, 20, 21)
        for label in ("plate", "tile"):
            correct(learner, [(one, label) for one in answers], "part")
        correct(learner, [(answers[0], "red")], "colour")
        change = take_back(learner, answers[:1], "part")
        assert change.contents == {content(20)}
        assert learner.head("part").labels == {content(21): "tile"}
        assert learner.head("colour").labels == {content(20): "red"}
        learner.undo()
        assert learner.head("part").labels == {content(20): "tile", content(21): "tile"}

    def test_a_head_that_knew_nothing_had_answered_nothing(self, tmp_path: Path, learner: Learner) -> None:
        make_model(tmp_path / "empty", shipped={})
        with window(tmp_path / "empty", tmp_path / "home") as empty:
            (answer,) = self.answers(empty, 20)
            assert answer.unknown
            correct(empty, [(answer, "plate")], "material")
            assert empty._store is not None
            (kept,) = empty._store.corrections(head="material")
            assert (kept.original_category, kept.confidence) == (None, None)

    def test_what_can_not_be_kept_changes_nothing(self, learner: Learner) -> None:
        answers = self.answers(learner, 20)
        assert learner._store is not None
        learner._store._database.query("PRAGMA query_only = ON")
        with pytest.raises(WorkspaceError):
            correct(learner, [(answers[0], "plate")], "part")
        assert learner.head("part").labels == {}
        np.testing.assert_array_equal(
            self.answers(learner, 20)[0].heads["part"].probabilities, answers[0].heads["part"].probabilities
        )
