from __future__ import annotations

import pytest

from desktop.pages.sort.promise import CHOICES, choice_words, explain, words
from training.calibration import Calibration


def found(wrong: float | None, unknown_below: float, *, promised: bool = True, examples: int = 795) -> Calibration:
    return Calibration(0.1, 0.9, unknown_below, wrong, promised=promised, examples=examples)


def test_what_can_be_chosen() -> None:
    assert [choice_words(wrong) for wrong in CHOICES] == [
        "Wrong at most about 5 %",
        "Wrong at most about 10 %",
        "Wrong at most about 20 %",
        "Wrong at most about 30 %",
        "Answer everything",
    ]


def test_a_promise_says_what_it_rests_on() -> None:
    assert words(0.1, found(0.1, 0.41)) == "Wrong at most about 10 %"
    assert explain(0.1, found(0.1, 0.41)) == (
        "Answers less sure than 41 % are shown as Unknown. Found from 795 labelled pictures; pictures unlike them can "
        "be wrong more often."
    )
    assert explain(0.3, found(0.3, 0.0)).startswith("Every picture gets an answer: they are wrong no more often")


@pytest.mark.parametrize(
    ("examples", "said", "why"),
    [
        (0, "Too few labels to promise", "Found from 0 labelled pictures, which is not enough; say what more"),
        (1, "Too few labels to promise", "Found from 1 labelled picture, which is not enough; say what more"),
        (400, "Can't promise 5 %", "Of 400 labelled pictures too many are answered wrong, even by the surest"),
    ],
)
def test_without_a_promise_none_is_made(examples: int, said: str, why: str) -> None:
    none = found(0.05, 0.0, promised=False, examples=examples)
    assert words(0.05, none) == said
    assert explain(0.05, none).startswith(why)


def test_while_it_is_not_known_the_wish_is_shown() -> None:
    for calibration in (None, found(0.2, 0.41), found(0.2, 0.0, promised=False)):
        assert words(0.1, calibration) == "Wrong at most about 10 %"
        assert explain(0.1, calibration) == "How sure an answer must be for that is being found out."


def test_answering_everything_promises_nothing() -> None:
    nothing = found(None, 0.0, promised=False, examples=3)
    assert words(None, nothing) == "Answer everything"
    assert explain(None, nothing) == "Every picture gets an answer, however unsure."
