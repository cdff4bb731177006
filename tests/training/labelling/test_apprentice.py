"""What learns while one labels, on clumps of look-alikes: exact, in any order, and as sure as it may be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import DatasetError
from tests.training.labelling.pools import FIRST, clumps
from training.datasets.heads import HeadDef
from training.datasets.values import Boxes, Category, Grade, Tags, Value
from training.labelling.apprentice import Apprentice, can_learn

POOL = clumps()
MATERIAL = HeadDef("material", "categories", ("stone", "wood", "metal"))
LOOK = HeadDef("look", "tags", ("wet", "old", "red"))
QUALITY = HeadDef("quality", "grade", options={"low": 1, "high": 10, "step": 0.5})


def material(item: int) -> Category:
    return Category(MATERIAL.categories[(item - FIRST) % 3])


def look(item: int) -> Tags:
    """Stone is wet, wood is wet and old, metal neither."""
    return Tags(frozenset((("wet",), ("wet", "old"), ())[(item - FIRST) % 3]))


def quality(item: int) -> Grade:
    return Grade((2.0, 5.5, 9.0)[(item - FIRST) % 3])


ITEMS = POOL.ids.tolist()


class TestCategories:
    def test_it_proposes_what_it_was_shown(self) -> None:
        apprentice = Apprentice(POOL, MATERIAL, {item: material(item) for item in ITEMS[:30]})
        assert (apprentice.known, apprentice.ready) == (30, True)
        proposals = apprentice.propose()
        assert [one.item for one in proposals] == ITEMS[30:]
        assert np.mean([one.draft == material(one.item) for one in proposals]) > 0.95
        assert all(one.confidence is not None and 0 <= one.confidence <= 1 for one in proposals)
        assert proposals[0].head == "material"
        assert "%" in proposals[0].words

    @given(st.permutations(ITEMS[:24]), st.sets(st.sampled_from(ITEMS[:24]), max_size=10))
    @settings(deadline=None, max_examples=25)
    def test_what_it_knows_depends_on_the_labels_alone(self, order: list[int], gone: set[int]) -> None:
        step_by_step = Apprentice(POOL, MATERIAL, {})
        for item in order:
            step_by_step.learn(item, Category("wood"))
            step_by_step.learn(item, material(item))
        for item in gone:
            step_by_step.forget(item)
        left = {item: material(item) for item in ITEMS[:24] if item not in gone}
        at_once = Apprentice(POOL, MATERIAL, left)
        for one in (step_by_step, at_once):
            one.settle()
        assert step_by_step.labels == left
        ours, theirs = step_by_step.propose(ITEMS[24:]), at_once.propose(ITEMS[24:])
        assert [one.draft for one in ours] == [one.draft for one in theirs]
        assert [one.confidence for one in ours] == pytest.approx([one.confidence for one in theirs], abs=1e-4)

    def test_it_is_silent_until_it_has_seen_two_answers(self) -> None:
        apprentice = Apprentice(POOL, MATERIAL, {})
        assert (apprentice.propose(), apprentice.ready) == ([], False)
        apprentice.learn(ITEMS[0], Category("stone"))
        apprentice.learn(ITEMS[3], Category("stone"))
        assert apprentice.propose() == []
        assert "two different answers" in apprentice.words
        apprentice.learn(ITEMS[1], Category("wood"))
        assert len(apprentice.propose()) == len(ITEMS) - 3
        assert apprentice.words == "Learned from the labels of 3 pictures."
        apprentice.forget(ITEMS[1])
        assert apprentice.propose() == []

    def test_a_category_that_nothing_is_labelled_with_is_never_proposed(self) -> None:
        apprentice = Apprentice(
            POOL, MATERIAL, {item: material(item) for item in ITEMS[:9] if material(item).name != "metal"}
        )
        assert {str(one.draft) for one in apprentice.propose()} == {str(Category("stone")), str(Category("wood"))}

    def test_a_new_category_is_learned_at_once(self) -> None:
        apprentice = Apprentice(POOL, MATERIAL, {item: material(item) for item in ITEMS[:30]})
        apprentice.propose()
        for item in ITEMS[30:50:3]:
            apprentice.learn(item, Category("slate"))
        assert {one.draft for one in apprentice.propose()} >= {Category("slate")}

    def test_the_sure_are_mostly_right_and_the_unsure_less_often(self) -> None:
        pool = clumps(600, kinds=4, spread=0.9, seed=2)
        names = HeadDef("m", "categories", ("a", "b", "c", "d"))
        truth = {item: Category("abcd"[(item - FIRST) % 4]) for item in pool.ids.tolist()}
        apprentice = Apprentice(pool, names, {item: truth[item] for item in list(truth)[:200]})
        proposals = apprentice.propose()
        right = np.array([one.draft == truth[one.item] for one in proposals])
        confidence = np.array([one.confidence for one in proposals])
        assert right.mean() < 0.99  # there is something to be unsure about
        assert abs(confidence.mean() - right.mean()) < 0.05
        assert right[confidence > 0.9].mean() > 0.9 > right[confidence < 0.6].mean()

    def test_one_burst_does_not_vouch_for_itself(self) -> None:
        alone = clumps(60, kinds=2, spread=0.02)
        bursts = replace(alone, together=np.arange(60) % 2)
        labels = {item: Category("ab"[(item - FIRST) % 2]) for item in alone.ids.tolist()[:40]}
        names = HeadDef("m", "categories", ("a", "b"))
        sure, careful = (Apprentice(pool, names, labels).propose()[0].confidence for pool in (alone, bursts))
        assert sure is not None
        assert careful is not None
        assert careful < sure


class TestTagsAndGrades:
    def test_tags(self) -> None:
        apprentice = Apprentice(POOL, LOOK, {item: look(item) for item in ITEMS[:40]})
        proposals = apprentice.propose()
        assert np.mean([one.draft == look(one.item) for one in proposals]) > 0.95
        assert all("red" not in one.draft.names for one in proposals if isinstance(one.draft, Tags))

    def test_grades_lie_on_the_scale_and_on_its_steps(self) -> None:
        apprentice = Apprentice(POOL, QUALITY, {item: quality(item) for item in ITEMS[:40]})
        proposals = apprentice.propose()
        grades = np.array([one.draft.value for one in proposals if isinstance(one.draft, Grade)])
        wanted = np.array([quality(one.item).value for one in proposals])
        assert np.abs(grades - wanted).mean() < 0.6
        assert ((grades >= 1) & (grades <= 10) & (grades * 2 == np.rint(grades * 2))).all()
        confidence = np.array([one.confidence for one in proposals], np.float64)
        within = np.abs(grades - wanted) <= 0.5
        assert abs(confidence.mean() - within.mean()) < 0.25

    def test_a_scale_without_ends_is_that_of_the_labels(self) -> None:
        open_scale = HeadDef("weight", "grade")
        apprentice = Apprentice(POOL, open_scale, {item: quality(item) for item in ITEMS[:40]})
        grades = [one.draft.value for one in apprentice.propose() if isinstance(one.draft, Grade)]
        assert 1 < min(grades) < 4
        assert 7 < max(grades) < 11


class TestLimits:
    def test_what_is_drawn_is_not_learned(self) -> None:
        boxes = HeadDef("things", "boxes", ("drawer",))
        assert not can_learn(boxes)
        with pytest.raises(DatasetError, match="not learned here"):
            Apprentice(POOL, boxes, {})

    def test_a_label_of_another_kind_teaches_nothing(self) -> None:
        apprentice = Apprentice(POOL, MATERIAL, {ITEMS[0]: Category("wood")})
        wrong: dict[int, Value | None] = {ITEMS[1]: Category("stone"), ITEMS[2]: Boxes()}
        with pytest.raises(DatasetError, match="is answered with categories"):
            apprentice.learn_many(wrong)
        assert list(apprentice.labels) == [ITEMS[0]]

    def test_items_without_an_embedding_are_left_out(self) -> None:
        embedded = POOL.embedded.copy()
        embedded[:5] = False
        apprentice = Apprentice(
            replace(POOL, embedded=embedded), MATERIAL, {item: material(item) for item in ITEMS[:20]}
        )
        assert apprentice.known == 15
        assert [one.item for one in apprentice.propose([ITEMS[0], ITEMS[50], 7])] == [ITEMS[50]]
        assert all(one.item >= ITEMS[20] for one in apprentice.label_next(100))

    def test_nothing_embedded_at_all(self) -> None:
        apprentice = Apprentice(replace(POOL, embedded=np.zeros(len(ITEMS), bool)), MATERIAL, {})
        assert (apprentice.propose(), apprentice.label_next()) == ([], [])
        assert apprentice.words.startswith("No picture has been looked at")


class TestLabelNext:
    def test_the_first_are_of_each_kind_and_the_most_ordinary_leads(self) -> None:
        pool = clumps(60, kinds=3, spread=0.05)
        suggestions = Apprentice(pool, MATERIAL, {}).label_next(3)
        assert {(one.item - FIRST) % 3 for one in suggestions} == {0, 1, 2}
        assert suggestions[0].why == "Nothing is labelled yet, and many pictures are like it."

    def test_what_looks_like_nothing_labelled_comes_first_and_says_so(self) -> None:
        pool = clumps(60, kinds=3, spread=0.05)
        labels = {item: material(item) for item in pool.ids.tolist()[:30] if (item - FIRST) % 3 != 2}
        first = Apprentice(pool, MATERIAL, labels).label_next(5)[0]
        assert (first.item - FIRST) % 3 == 2
        assert first.novelty > 0.5
        assert "looks like it" in first.why

    def test_two_close_answers_are_named(self) -> None:
        pool = clumps(62, kinds=2, spread=0.1)
        features = pool.features.copy()
        features[-1] = (features[0] + features[1]) / 2  # half the one, half the other
        labels: dict[int, Value] = {FIRST + row: Category(("stone", "wood")[row % 2]) for row in range(60)}
        apprentice = Apprentice(replace(pool, features=features), MATERIAL, labels)
        first = apprentice.label_next(1)[0]
        assert first.item == FIRST + 61
        assert {"stone", "wood"} <= set(first.why.replace(":", "").replace(".", "").replace(",", "").split())
        assert first.why.startswith("Two answers are close")

    def test_only_those_asked_about_and_none_with_a_label(self) -> None:
        apprentice = Apprentice(POOL, MATERIAL, {item: material(item) for item in ITEMS[:30]})
        among = ITEMS[20:40]
        assert {one.item for one in apprentice.label_next(100, among)} == set(ITEMS[30:40])
        assert len(apprentice.label_next(4)) == 4
        every = Apprentice(POOL, MATERIAL, {item: material(item) for item in ITEMS})
        assert every.label_next() == []

    @pytest.mark.parametrize(("head", "truth"), [(LOOK, look), (QUALITY, quality)])
    def test_tags_and_grades_too(self, head: HeadDef, truth) -> None:  # type: ignore[no-untyped-def]
        apprentice = Apprentice(POOL, head, {item: truth(item) for item in ITEMS[:12]})
        found = apprentice.label_next(10)
        assert len({one.item for one in found}) == 10
        assert all(one.why.endswith(".") and 0 <= one.score <= 1 for one in found)
        assert all(0 <= one.uncertainty <= 1 and 0 <= one.novelty <= 1 for one in found)
