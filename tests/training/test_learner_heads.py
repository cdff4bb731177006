"""A learner of parts and colours: each is taught by itself, and what goes together is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from models.combinations import Combinations
from models.embedding import EmbeddingCache
from models.heads.categories import UNKNOWN
from models.library import readable_spec
from tests.training import tiny
from tests.training.tiny import PICTURES, Backbone, agrees, content, embeddings, make_model, said, said_of, window
from training.learner import Learner
from training.model_folder import create


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
