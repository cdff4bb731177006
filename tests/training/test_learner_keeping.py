"""What a learner knows after a restart, beside another window, without a picture at hand, and when a disk is full."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.combinations import Combinations
from models.database import open_cache
from models.embedding import EmbeddingCache
from models.errors import WorkspaceError
from models.heads.categories import UNKNOWN
from models.library import load_backbone, readable_spec
from models.spec import read_spec
from tests.training import tiny
from tests.training.tiny import (
    PICTURES,
    Backbone,
    agrees,
    content,
    embedding,
    embeddings,
    learned,
    make_model,
    said,
    said_of,
    same_answers,
    see,
    window,
)
from training.learner import Learner
from training.model_folder import create

SAID = {0: "wood", 8: UNKNOWN, 20: "glass", 21: "glass", 22: "stone"}
LABELS = {content(number): label for number, label in SAID.items()}


def say(learner: Learner) -> None:
    for number, label in SAID.items():
        learner.record([said(number, label)])


class TestRestart:
    def test_all_is_known_again(self, folder: Path, home: Path) -> None:
        with window(folder, home) as before:
            say(before)
            with window(folder, home) as after:
                agrees(after, LABELS)
                same_answers(after, before)
                assert after.can_undo() == (True, False)

    def test_without_the_cache_too(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner:
            say(learner)
            answers = said_of(learner)
        for path in home.glob("cache.sqlite*"):
            path.unlink()
        with window(folder, home) as after:
            agrees(after, LABELS)
            for mine, theirs in zip(said_of(after), answers, strict=True):
                assert mine == pytest.approx(theirs, abs=1e-5)

    def test_a_fit_in_the_cache_spares_another(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner:
            say(learner)
        with window(folder, home) as after:
            assert learned(after).head._inverse is None  # a fit from scratch would have made it
            agrees(after, LABELS)
            say(after)
            agrees(after, LABELS)
            after.record([said(30, "wood")])
        # What was kept is of the examples as they are now, and of no others
        with window(folder, home) as again:
            assert learned(again).head._inverse is None
            agrees(again, {**LABELS, content(30): "wood"})

    def test_a_fit_of_other_examples_is_not_used(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner:
            say(learner)
            learner.close()
            learner.record([said(31, "metal")])
            with window(folder, home) as after:  # as if the program had died
                assert learned(after).head._inverse is not None
                agrees(after, {**LABELS, content(31): "metal"})

    @pytest.mark.parametrize(
        "damage",
        [
            "facts = '{'",
            "facts = '[]'",
            "facts = replace(facts, 'temperature', 'heat')",
            "facts = json_set(facts, '$.calibration.temperature', 0)",
            "facts = json_set(facts, '$.calibration.unsure_below', 'much')",
            "facts = json_set(facts, '$.features', 4)",
            "facts = json_set(facts, '$.categories', json('[\"stone\"]'))",
            "weights = x''",
            "weights = substr(weights, 1, 7)",
            "weights = substr(weights, 1, 8 * 4)",
            "weights = zeroblob(length(weights))",
            "weights = CAST(substr(weights, 9) || x'000000000000f87f' AS BLOB)",
        ],
    )
    def test_a_damaged_fit_is_harmless(self, folder: Path, home: Path, damage: str) -> None:
        with window(folder, home) as learner:
            say(learner)
            how = learner.calibration("material")
        with tiny.databases(home) as (_, cache), cache.transaction() as connection:
            assert connection.execute(f"UPDATE fits SET {damage}").rowcount == 1  # noqa: S608  # made above
        with window(folder, home) as after:
            agrees(after, LABELS)
            assert after.calibration("material") == how

    def test_what_nobody_has_taught_is_not_kept(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner:
            learner.record([said(20, "glass")])
            learner.undo()
        with tiny.databases(home) as (_, cache):
            assert cache.query("SELECT * FROM fits") == []

    def test_how_sure_to_sound_is_kept(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner:
            learner.record([said(number, "glass" if number % 2 else "cloth") for number in range(11, 40)])
            shipped = learner.calibration("material")
            assert learner.settle(0.3)
            assert learner.calibration("material") != shipped
            assert not learner.settle(0.3)
        with window(folder, home) as after:
            assert after.calibration("material") == learner.calibration("material")
            assert not after.settle(0.3)

    @pytest.mark.parametrize("damage", ["zeroblob(14)", "x'007c007c007c007c007c007c007c007c'"])
    def test_a_damaged_embedding_is_one_that_waits(self, folder: Path, home: Path, damage: str) -> None:
        with window(folder, home) as learner:
            say(learner)
        with tiny.databases(home) as databases:
            for one in databases:
                with one.transaction() as connection:
                    sql = f"UPDATE embeddings SET vector = {damage} WHERE content = ?"  # noqa: S608  # from above
                    connection.execute(sql, (content(20),))
        with window(folder, home) as after:
            assert learned(after).waiting == {content(20)}
            assert after.head().labels == LABELS


class TestWindows:
    def test_each_sees_the_others_work_and_shares_its_undo(self, folder: Path, home: Path) -> None:
        with window(folder, home) as one, window(folder, home) as other:
            one.record([said(20, "glass")])
            assert other.head().labels == {}
            change = other.refresh()
            assert change is not None
            assert change.contents == {content(20)}
            same_answers(one, other)
            assert other.refresh() is None

            one.record([said(21, "cloth")])
            other.record([said(22, "stone")])  # learns both
            agrees(other, {content(20): "glass", content(21): "cloth", content(22): "stone"})
            one.undo()  # the other's act
            agrees(one, {content(20): "glass", content(21): "cloth"})
            one.undo()
            other.redo()
            agrees(other, {content(20): "glass", content(21): "cloth"})
            other.take_back("material", [content(20), content(21)])
            assert one.refresh() is not None
            agrees(one, {})

    def test_one_takes_back_what_it_has_not_seen_yet(self, folder: Path, home: Path) -> None:
        with window(folder, home) as one, window(folder, home) as other:
            one.record([said(20, "glass")])
            assert other.take_back("material", [content(20)]).contents == {content(20)}
            assert one.refresh() is not None
            agrees(one, {})

    def test_an_act_that_changes_nothing_misses_nothing(self, folder: Path, home: Path) -> None:
        with window(folder, home) as one, window(folder, home) as other:
            one.record([said(20, "glass")])
            other.record([])
            agrees(other, {content(20): "glass"})
            one.record([said(21, "glass")])
            other.take_back("material", [content(30)])
            agrees(other, {content(20): "glass", content(21): "glass"})

    def test_what_comes_while_the_other_learns_is_not_missed(self, folder: Path, home: Path) -> None:
        """The other window's act falls between an act of this one and the learning of it, and before, and after."""
        with window(folder, home) as one, window(folder, home) as other:
            store = one._store
            assert store is not None

            class Interrupting:
                def __init__(self, method: str, number: int) -> None:
                    self.method, self.number = method, number

                def __getattr__(self, name: str) -> object:
                    if name == self.method:
                        self.method = ""
                        other.record([said(self.number, "cloth")])
                    return getattr(store, name)

            expected = {}
            for number, method in enumerate(("add", "version", "labels"), start=20):
                one._store = Interrupting(method, number + 10)
                one.record([said(number, "glass")])
                expected |= {content(number): "glass", content(number + 10): "cloth"}
                one.refresh()
                agrees(one, expected)
            one._store = store

    def test_two_that_write_at_once_lose_nothing(self, folder: Path, home: Path) -> None:
        with contextlib.ExitStack() as stack:
            windows = [stack.enter_context(window(folder, home)) for _ in range(2)]

            def work(which: int) -> None:
                for number in range(11 + which, 40, 2):
                    windows[which].record([said(number, ("glass", "cloth")[which])])

            threads = [threading.Thread(target=work, args=(which,)) for which in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for one in windows:
                one.refresh()
                agrees(one, {content(number): ("glass", "cloth")[(number - 11) % 2] for number in range(11, 40)})


class TestWaiting:
    def test_a_picture_that_was_not_seen_is_learned_when_it_is(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner:
            change = learner.record([said(50, "glass"), said(20, "glass")])
            assert (change.waiting, len(change.contents)) == (1, 2)
            assert learner.head().labels[content(50)] == "glass"
            assert learned(learner).waiting == {content(50)}
            assert learner.refresh() is None
            with window(folder, home) as other:
                assert learned(other).waiting == {content(50)}
                see(home, [50])
                for one in (learner, other):
                    seen = one.refresh()
                    assert seen is not None
                    assert (seen.contents, seen.waiting) == ({content(50)}, 0)
                    assert learned(one).head.examples[content(50)].category == "glass"
            for path in home.glob("cache.sqlite*"):
                path.unlink()
        with window(folder, home) as after:
            assert learned(after).waiting == set()

    def test_what_another_window_said_meanwhile_is_not_missed(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner, window(folder, home) as other:
            learner.record([said(50, "glass")])
            other.record([said(20, "cloth")])
            see(home, [50])
            learner.refresh()
            assert learner.refresh() is None
            assert set(learned(learner).head.examples) >= {content(50), content(20)}

    def test_taken_back_it_waits_no_more(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner:
            learner.record([said(50, "glass")])
            learner.undo()
            agrees(learner, {})

    def test_embeddings_may_be_given(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner:
            change = learner.record([said(50, "glass")], {content(50): embedding(50)})
            assert change.waiting == 0
            with pytest.raises(ValueError, match="8 finite numbers"):
                learner.record([said(51, "glass")], {content(51): np.full(8, np.nan, np.float16)})
            assert learner.head().labels == {content(50): "glass"}

    def test_a_picture_without_a_hash_is_kept_and_teaches_nothing(self, folder: Path, home: Path) -> None:
        with window(folder, home) as learner:
            change = learner.record([replace(said(20, "glass"), texture_hash=None)])
            assert (len(change.corrections), change.contents) == (1, frozenset())
            agrees(learner, {})
            assert learner.can_undo() == (True, False)

    @pytest.mark.parametrize("change", [{"model": "another"}, {"head": "colour"}, {"texture_hash": "abc"}])
    def test_what_is_not_for_this_model_is_refused(self, learner: Learner, change: dict[str, str]) -> None:
        with pytest.raises(ValueError, match=r"not of this model|hex"):
            learner.record([replace(said(20, "glass"), **change)])
        agrees(learner, {})
        assert learner.can_undo() == (False, False)


def no_room(learner: Learner) -> None:
    store = learner._store
    assert store is not None
    (pages,) = store._database.query("PRAGMA page_count")[0]
    store._database.query(f"PRAGMA max_page_count = {pages}")


def read_only(learner: Learner) -> None:
    store = learner._store
    assert store is not None
    store._database.query("PRAGMA query_only = ON")


class TestFailure:
    @pytest.mark.parametrize(
        ("spoil", "sentence"), [(no_room, "disk is full"), (read_only, "check that you may write")]
    )
    def test_what_can_not_be_kept_is_not_learned(
        self, folder: Path, home: Path, spoil: Callable[[Learner], None], sentence: str
    ) -> None:
        see(home, range(100, 400))
        with window(folder, home) as learner:
            say(learner)
            answers = said_of(learner)
            spoil(learner)
            with pytest.raises(WorkspaceError, match=sentence):
                learner.record([said(number, "cloth") for number in range(100, 400)])
            agrees(learner, LABELS)
            assert said_of(learner) == answers
            if spoil is read_only:
                for act in (learner.undo, lambda: learner.take_back("material", [content(20)])):
                    with pytest.raises(WorkspaceError, match=sentence):
                        act()
            agrees(learner, LABELS)
        with window(folder, home) as after:
            agrees(after, LABELS)

    def test_without_a_workspace_it_answers_and_says_why_it_can_not_learn(self, folder: Path) -> None:
        learner = Learner(folder, read_spec(folder), Backbone(), workspace=None, cache=None)
        for act in (lambda: learner.record([said(20, "glass")]), learner.undo, learner.redo):
            with pytest.raises(WorkspaceError, match="choose another one in Settings"):
                act()
        agrees(learner, {})
        assert (learner.refresh(), learner.can_undo()) == (None, (False, False))
        assert len(said_of(learner)) == len(PICTURES)
        learner.close()

    def test_a_cache_that_can_not_be_read_costs_nothing_but_time(
        self, folder: Path, home: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        with tiny.databases(home) as (workspace, cache):
            learner = Learner(folder, read_spec(folder), Backbone(), workspace=workspace, cache=cache)
            learner.record([said(20, "glass")])
            cache.close()
            with caplog.at_level(logging.WARNING):
                learner.record([said(20, "cloth")])
                assert learner.record([said(21, "cloth")]).waiting == 1
                learner.close()
            assert learned(learner).head.examples[content(20)].category == "cloth"
            assert "Going on without some embeddings" in caplog.text


class TestHeads:
    @pytest.fixture
    def bricks(self, tmp_path: Path, home: Path) -> Iterator[Learner]:
        table = Combinations(("part", "colour"), {"stone": frozenset({"wood"})}, 0.01)
        make_model(tmp_path / "bricks", ("part", "colour"), table)
        with window(tmp_path / "bricks", home) as learner:
            yield learner

    def test_what_is_said_of_one_leaves_the_other_bit_for_bit(self, bricks: Learner) -> None:
        before = said_of(bricks, "colour")
        change = bricks.record([said(0, "plate", "part"), said(20, "plate", "part")])
        assert change.new_categories == ("part: plate",)
        assert said_of(bricks, "colour") == before
        agrees(bricks, {content(0): "plate", content(20): "plate"}, 0)
        agrees(bricks, {}, 1)
        middle = said_of(bricks, "part")
        bricks.record([said(0, "red", "colour")])
        assert said_of(bricks, "part") == middle
        bricks.undo()
        assert said_of(bricks, "part") == middle
        bricks.undo()
        agrees(bricks, {}, 0)

    def test_an_act_on_both_is_undone_as_one(self, bricks: Learner) -> None:
        change = bricks.record([said(20, "plate", "part"), said(20, "red", "colour")])
        assert change.new_categories == ("part: plate", "colour: red")
        bricks.take_back("part", [content(20)])
        agrees(bricks, {}, 0)
        agrees(bricks, {content(20): "red"}, 1)
        bricks.undo(2)
        agrees(bricks, {}, 0)
        agrees(bricks, {}, 1)

    def test_the_likeliest_pair_is_told_as_the_table_has_it(self, bricks: Learner) -> None:
        bricks.record([said(20, "red", "colour"), said(21, UNKNOWN, "colour")])
        table = bricks.spec.combinations
        assert table is not None
        replies = bricks.answer([content(number) for number in PICTURES], embeddings(PICTURES))
        for number, reply in zip(PICTURES, replies, strict=True):
            assert reply.joint is not None
            if number == 20:  # what a person has said is certain
                assert reply.joint.categories[1] == "red"
            else:
                assert reply.joint == table.decode(reply.heads["part"], reply.heads["colour"])

    def test_a_model_that_knows_nothing_learns_parts_and_colours(self, tmp_path: Path, home: Path) -> None:
        backbone = Wide()
        table = Combinations(("part", "colour"), {"plate": frozenset({"red"})})
        create(tmp_path / "new", "Bricks", ["part", "colour"], backbone.id, table)
        vectors = {content(n): np.random.default_rng(n).normal(size=3496).astype(np.float16) for n in range(6)}
        with tiny.databases(home) as (workspace, cache):
            EmbeddingCache(cache).put(backbone.id, vectors)
            spec = readable_spec(tmp_path / "new")
            learner = Learner(tmp_path / "new", spec, backbone, workspace=workspace, cache=cache)
            (reply,) = learner.answer([content(0)], vectors[content(0)][None])
            assert reply.heads["part"].unknown
            assert reply.heads["part"].best.category == UNKNOWN
            for number in range(6):
                part, colour = ("plate", "slope")[number % 2], ("red", "blue", "grey")[number % 3]
                learner.record([said(number, part, "part", learner.id), said(number, colour, "colour", learner.id)])
            for number, reply in enumerate(learner.answer(list(vectors), np.stack(list(vectors.values())))):
                assert reply.heads["part"].best.category == ("plate", "slope")[number % 2]
                assert reply.heads["colour"].best.category == ("red", "blue", "grey")[number % 3]
                assert reply.joint is not None
            learner.close()


class Wide(Backbone):
    """As long as what is standardised as the starter model does."""

    id = "wide-1"
    dimensions = 3496


class TestStarter:
    def test_the_real_one_unlearns_and_learns_again(self, tmp_path: Path, home: Path) -> None:
        from models.library import STARTER

        spec = readable_spec(STARTER)
        backbone = load_backbone(STARTER, spec)
        with tiny.databases(home) as (workspace, cache):
            learner = Learner(None, spec, backbone, workspace=workspace, cache=cache)
            head = learned(learner).head
            key, example = next(iter(head.examples.items()))
            weights = head.weights.copy()
            asked = example.embedding[None]
            before = learner.answer([key], asked)[0].heads["material"].top(1)
            one = replace(said(0, "sky"), texture_hash=key.hex(), model="starter")
            other = "sky" if example.category != "sky" else "wood"
            learner.record([replace(one, corrected_category=other)])
            assert head.examples[key].category == other
            relabelled = learner.answer([key], asked)[0]
            assert relabelled.labels == {"material": other}
            learner.record([replace(one, corrected_category=UNKNOWN)])
            assert key not in head.examples
            learner.take_back("material", [key])
            assert head.examples[key].category == example.category
            assert np.linalg.norm(head.weights - weights) < 1e-6 * np.linalg.norm(weights)
            after = learner.answer([key], asked)[0].heads["material"].top(1)
            assert after[0].category == before[0].category
            assert after[0].confidence == pytest.approx(before[0].confidence, abs=1e-4)

    def test_pictures_that_are_gone_are_still_known(self, tmp_path: Path, home: Path) -> None:
        from desktop.actions.classify import Answer, Classifier, ClassifyRequest
        from desktop.actions.correct import correct

        path = tmp_path / "a.png"
        Image.fromarray(np.random.default_rng(0).integers(0, 255, (32, 32, 3), np.uint8)).save(path)
        with Classifier(device="cpu") as classifier:
            ((answer,),) = classifier.classify(ClassifyRequest((path,)))
            assert isinstance(answer, Answer)
            path.unlink()
            assert correct(classifier.learner, [(answer, "pebbles")], "material").waiting == 0
        with contextlib.closing(open_cache()) as cache, cache.transaction() as connection:
            connection.execute("DELETE FROM embeddings")
        with Classifier(device="cpu") as classifier:
            assert classifier.learner.head().labels == {answer.content_hash: "pebbles"}
            assert classifier.learner.head().categories[-1] == "pebbles"
            assert answer.content_hash in learned(classifier.learner).head.examples
