from __future__ import annotations

import random
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from models.answer import Reply
from models.combinations import Combinations
from models.heads.categories import UNKNOWN
from tests.training.tiny import content, embeddings, make_model, said, see, window
from training.gallery import BLOCK, MOVED, Gallery
from training.learner import Learner

PICTURES = range(300)
CONTENTS = [content(number) for number in PICTURES]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    see(tmp_path / "home", PICTURES)
    return tmp_path / "home"


def all_replies(gallery: Gallery, contents: Sequence[bytes] = CONTENTS) -> dict[bytes, Reply]:
    return {one: reply for part in gallery.replies(contents, whole=True) for one, reply in part.items()}


def are_the_learners(replies: Mapping[bytes, Reply], learner: Learner, close: float = 1e-5) -> None:
    """The same as it would answer; scores are summed up otherwise, so to five digits."""
    assert replies.keys() == set(CONTENTS)
    for one, right in zip(CONTENTS, learner.answer(CONTENTS, embeddings(PICTURES)), strict=True):
        reply = replies[one]
        assert reply.labels == right.labels
        assert reply.heads.keys() == right.heads.keys()
        for head, result in right.heads.items():
            assert reply.heads[head].categories == result.categories
            np.testing.assert_allclose(reply.heads[head].probabilities, result.probabilities, atol=close)
            assert reply.heads[head].unsure == result.unsure
            assert reply.heads[head].unknown == result.unknown
            assert reply.heads[head].best.category == result.best.category
        if right.joint is not None:
            assert reply.joint is not None
            assert reply.joint.confidence == pytest.approx(right.joint.confidence, abs=1e-4)


@pytest.mark.parametrize("keep", [0, 1, 100, 300, 1000])
def test_replies_follow_the_learner(folder: Path, home: Path, keep: int) -> None:
    """Through new categories and lost ones, and more changes than the head remembers."""
    chance = random.Random(keep)  # noqa: S311  # no secret
    with window(folder, home) as learner:
        gallery = Gallery(learner, keep=keep)
        are_the_learners(all_replies(gallery), learner)
        for number in range(40):
            for _ in range(100 if number == 20 else 1):
                picture = chance.choice(PICTURES)
                label = chance.choice(("stone", "wood", "glass", "cloth", UNKNOWN))
                if chance.random() < 0.3:
                    learner.undo(chance.randint(1, 3))
                else:
                    learner.record([said(picture, label)])
            if number % 4 == 0:
                are_the_learners(all_replies(gallery), learner)
        learner.settle(0.4)
        are_the_learners(all_replies(gallery), learner)


def test_only_what_has_moved_is_handed_over(folder: Path, home: Path) -> None:
    """And whoever takes it in has what the learner says now, as far as a person can see."""
    chance = random.Random(1)  # noqa: S311  # no secret
    with window(folder, home) as learner:
        for number in range(40):
            learner.record([said(number, chance.choice(("stone", "wood")))])
        gallery = Gallery(learner, keep=1000)
        shown = all_replies(gallery)
        handed = []
        for number in range(40):
            learner.record([said(chance.choice(PICTURES), chance.choice(("stone", "wood")))])
            if number == 20:
                learner.settle(0.3)
            news = {one: reply for part in gallery.replies(CONTENTS) for one, reply in part.items()}
            shown |= news
            handed.append(len(news))
            are_the_learners(shown, learner, MOVED + 1e-5)
        assert sum(handed) < 40 * len(CONTENTS)
        assert {one for part in gallery.replies(CONTENTS) for one in part} == set()
        learner.record([said(5, "glass")])  # a new category: of each there is something to say
        assert len({one for part in gallery.replies(CONTENTS) for one in part}) == len(CONTENTS)


def test_both_heads_of_a_model(tmp_path: Path, home: Path) -> None:
    make_model(tmp_path / "m", ("part", "colour"), Combinations(("part", "colour"), {"stone": frozenset({"wood"})}))
    with window(tmp_path / "m", home) as learner:
        gallery = Gallery(learner, keep=120)
        are_the_learners(all_replies(gallery), learner)
        learner.record([said(1, "plate", "part"), said(2, "red", "colour")])
        are_the_learners(all_replies(gallery), learner)
        learner.undo()
        are_the_learners(all_replies(gallery), learner)


def test_the_visible_ones_come_first_and_only_what_was_asked_for(learner: Learner, home: Path) -> None:
    see(home, range(2 * BLOCK + 10))
    contents = [content(number) for number in range(2 * BLOCK + 10)]
    gallery = Gallery(learner, keep=BLOCK + 5)
    for _ in range(2):
        visible, *rest = gallery.replies(contents, contents[-3:], whole=True)
        assert set(visible) == set(contents[-3:])
        assert all(len(part) <= BLOCK for part in rest)
        assert {one for part in rest for one in part} == set(contents)
    assert all_replies(gallery, contents[5:7]).keys() == set(contents[5:7])


def test_what_was_never_seen_is_left_out_until_it_is(folder: Path, home: Path) -> None:
    unseen = [content(number) for number in range(1000, 1003)]
    with window(folder, home) as learner:
        gallery = Gallery(learner)
        assert all_replies(gallery, [*unseen, CONTENTS[0]]).keys() == {CONTENTS[0]}
        see(home, [1000])
        assert all_replies(gallery, [*unseen, CONTENTS[0]]).keys() == {CONTENTS[0], unseen[0]}
        assert all_replies(gallery, []) == {}


def test_it_keeps_no_more_than_it_may_and_lets_go(folder: Path, home: Path) -> None:
    with window(folder, home) as learner:
        gallery = Gallery(learner, keep=50)
        for start in range(0, 300, 7):
            all_replies(gallery, CONTENTS[: start + 7])
        assert sum(len(block.contents) for block in gallery._blocks) == 50
        gallery.forget()
        assert gallery._blocks == []
        are_the_learners(all_replies(gallery), learner)


def test_it_waits_for_what_is_being_learned(learner: Learner) -> None:
    """Between a new category in the weights and in what is published there is nothing to be said."""
    gallery, done = Gallery(learner), threading.Event()
    all_replies(gallery, CONTENTS[:40])

    def ask() -> None:
        all_replies(gallery, CONTENTS[:40])
        done.set()

    thread = threading.Thread(target=ask)
    with learner.lock:
        thread.start()
        assert not done.wait(0.2)
    thread.join()
    assert done.is_set()


def test_answers_are_whole_while_it_learns(folder: Path, home: Path) -> None:
    """Threads ask, one of them through the gallery, while two learn, settle and undo."""
    with window(folder, home) as learner:
        asked, gallery = embeddings(PICTURES), Gallery(learner, keep=150)
        stop, failures, answered = threading.Event(), [], [0]

        def check(replies: Mapping[bytes, Reply]) -> None:
            for reply in replies.values():
                result = reply.heads["material"]
                assert len(result.probabilities) == len(result.categories)
                assert result.probabilities.sum() == pytest.approx(1, abs=1e-4)
            # All of one moment: a category is there for all pictures or for none
            assert len({reply.heads["material"].categories for reply in replies.values()}) <= 1
            answered[0] += 1

        def guarded(work: object) -> threading.Thread:
            def run() -> None:
                try:
                    work()  # type: ignore[operator]  # one of those below
                except BaseException as error:
                    failures.append(error)
                    stop.set()
                    raise

            return threading.Thread(target=run)

        def ask() -> None:
            while not stop.is_set():
                check(dict(zip(CONTENTS, learner.answer(CONTENTS, asked), strict=True)))

        def follow() -> None:
            while not stop.is_set():
                for part in gallery.replies(CONTENTS, CONTENTS[:5]):
                    check(part)
                learner.nearest(CONTENTS[0], "material")

        def learn(first: int) -> None:
            chance = random.Random(first)  # noqa: S311  # no secret
            for _ in range(60):
                if stop.is_set():
                    return
                learner.record([said(chance.randrange(300), chance.choice(("stone", "glass", "cloth", UNKNOWN)))])
                if chance.random() < 0.3:
                    learner.undo(2)
                if chance.random() < 0.1:
                    learner.settle(chance.choice((0.1, 0.3)))

        learners = [guarded(lambda first=first: learn(first)) for first in range(2)]
        askers = [guarded(ask), guarded(ask), guarded(follow)]
        for thread in (*learners, *askers):
            thread.start()
        for thread in learners:
            thread.join()
        stop.set()
        for thread in askers:
            thread.join()
        assert failures == []
        assert answered[0] > 10
        are_the_learners(all_replies(gallery), learner)
        with window(folder, home) as fresh:
            assert fresh.head().labels == learner.head().labels
