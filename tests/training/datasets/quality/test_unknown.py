"""Labels that can be given without asking anybody, and the ones that can't."""

from __future__ import annotations

import numpy as np
import pytest

from models.errors import Cancelled
from tests.training.datasets.quality.making import category_head, facts, said, scene
from training.datasets.heads import HeadDef
from training.datasets.quality import unknown, wrong_labels
from training.datasets.quality.facts import Facts, HeadFacts
from training.datasets.quality.finding import Offer, Relabel, Trash
from training.datasets.values import Category, Tags

COUNT = 150
TRUE = np.arange(COUNT) % 3
PICTURES = [scene(seed, 24) for seed in range(COUNT)]


def made(labels: list[str | None], spread: float = 0.3, heads: int = 1) -> Facts:
    rng = np.random.default_rng(0)
    vectors = np.eye(3, 8)[TRUE] * 3 + rng.normal(0, spread, (COUNT, 8))
    vectors[-1] = (1.5, 1.5, 0, 0, 0, 0, 0, 0)  # half this, half that
    return facts(PICTURES, vectors=vectors, heads=[category_head(labels, f"material {n}") for n in range(heads)])


def labels_of(known: int) -> list[str | None]:
    return [str(TRUE[row]) if row < known else None for row in range(COUNT)]


def test_sure_labels_are_given_as_a_model_and_what_remains_is_counted() -> None:
    (found,) = unknown.find(made(labels_of(100)))
    assert isinstance(found.fix, Relabel)
    assert (found.fix.origin, found.fix.annotator, found.fix.head) == ("model", "Sortwerk", "material 0")
    given = said(found.fix.labels)
    assert len(given) >= 40
    assert all(name == str(TRUE[item - 100]) for item, name in given.items())
    assert 100 + COUNT - 1 not in given, "nobody can be sure of what is half this, half that"
    assert set(found.items) == set(range(200, 250)), "the others are to be looked at too"
    left = 50 - len(given)
    assert found.fix_words == f"Give {len(given)} labels, {left} {'stays' if left == 1 else 'stay'} unknown"
    assert "material 0 is unknown for 50 pictures of 150 (33%)" in found.words
    assert "100% right" in found.words
    assert found.notes[found.items[0]].startswith("probably ")


def test_where_such_labels_would_be_wrong_too_often_none_is_given() -> None:
    rng = np.random.default_rng(1)
    labels = [str(rng.integers(3)) if row < 100 else None for row in range(COUNT)]
    assert unknown.find(made(labels)) == [], "all of them lack all labels: coverage says so"
    labels[:100] = labels_of(100)[:100]
    head = HeadFacts(HeadDef("more", "tags", ("a",)), {row: Tags(frozenset({"a"})) for row in range(110)})
    some = made([str(rng.integers(3)) if row < 100 else None for row in range(COUNT)])
    both = facts(PICTURES, vectors=some.embeddings, heads=[*some.heads, head])
    found = unknown.find(both)
    assert [(one.head, len(one.items)) for one in found] == [("material 0", 50)]
    assert isinstance(found[0].fix, Relabel)
    assert (found[0].fix.origin, found[0].fix.count) == ("model", 50)
    assert found[0].fix_words.startswith("Guess material 0 of 50, for a person to look at; ")
    assert found[0].others[-1] == Offer(Trash(tuple(range(200, 250))), "Move 50 to the trash")
    assert "is unknown for 50 pictures" in found[0].words


def test_other_kinds_of_questions_are_guessed_by_look_alikes_or_said_to_be_none() -> None:
    assert unknown.find(made(labels_of(20))) == []
    head = HeadFacts(HeadDef("things", "tags", ("a",)), {row: Tags(frozenset({"a"})) for row in range(100)})
    vectors = made(labels_of(100)).embeddings
    both = facts(PICTURES, vectors=vectors, heads=[category_head(labels_of(140)), head])
    found = unknown.find(both)
    assert [one.head for one in found] == ["material", "things"]
    guessed, none, _ = found[1].offers
    assert isinstance(guessed.fix, Relabel)
    assert set(guessed.fix.labels.values()) == {Tags(frozenset({"a"}))}
    assert guessed.words == "Guess things of 50, for a person to look at"
    assert isinstance(none.fix, Relabel)
    assert (set(none.fix.labels.values()), none.fix.origin) == ({Tags(frozenset())}, "person")
    assert "50 pictures" in found[1].words


def test_no_category_is_made_larger_than_its_balance_allows() -> None:
    labels = [None if row % 3 == 2 and row > 14 else text for row, text in enumerate(labels_of(COUNT))]
    many = made(labels)
    small = {"2": 5, "0": 50, "1": 50}
    (found,) = unknown.find(many)
    assert isinstance(found.fix, Relabel)
    assert small["2"] + len(found.fix.labels) <= unknown.TIMES * 5


def test_what_a_model_said_is_neither_learned_from_nor_counted_as_right_but_can_be_doubted() -> None:
    labels = labels_of(COUNT)
    whole = made(labels)
    one = whole.heads[0]
    wrong = {**one.values, 140: Category("0" if TRUE[140] else "1")}
    guessed = frozenset(range(100, COUNT))
    some = facts(PICTURES, vectors=whole.embeddings, heads=[HeadFacts(one.head, wrong, guessed)])
    learned = some.learned(some.heads[0])
    assert learned is not None
    assert learned.told.sum() == 100
    doubted = {item for finding in wrong_labels.find(some) for item in finding.items}
    assert 240 in doubted
    few = facts(PICTURES, vectors=whole.embeddings, heads=[HeadFacts(one.head, wrong, frozenset(range(20, COUNT)))])
    assert few.learned(few.heads[0]) is None


def test_the_fit_stops_when_it_is_told() -> None:
    told = made(labels_of(100))
    calls = []

    def count() -> None:
        calls.append(None)

    heard = facts(PICTURES, vectors=told.embeddings, heads=told.heads, stop=count)
    assert heard.near_groups == []
    calls.clear()
    assert heard.learned(heard.heads[0]) is not None
    whole = len(calls)
    assert whole >= 2
    for enough in range(1, whole + 1):
        left = [None] * enough

        def stop(left: list[None] = left) -> None:
            left.pop()
            if not left:
                raise Cancelled("The work was cancelled.")

        stopped = facts(PICTURES, vectors=told.embeddings, heads=told.heads, stop=stop)
        stopped.__dict__["pictured"] = heard.pictured
        with pytest.raises(Cancelled):
            stopped.learned(stopped.heads[0])
