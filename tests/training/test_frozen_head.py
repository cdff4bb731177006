from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.library import LinearHead
from models.spec import HeadSpec, ModelSpec, read_spec
from tests.training import tiny
from tests.training.tiny import Backbone, content, embeddings, said
from training.correction_rows import Label
from training.frozen_head import FrozenHead
from training.learner import Learner

SPEC = HeadSpec(
    name="material", kind="categories", categories=("stone", "wood"), unsure_below=0.8, unknown_below=0.6, temperature=5
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model without the state to go on learning from."""
    path = tmp_path / "frozen"
    path.mkdir()
    chance = np.random.default_rng(3)
    arrays = {"mean": np.zeros(8), "scale": np.ones(8), "weights": chance.normal(size=(8, 2)), "bias": np.ones(2)}
    np.savez(path / "head.npz", **{name: one.astype(np.float32) for name, one in arrays.items()})
    spec = ModelSpec(name="Frozen", id="frozen", format="head", heads=(SPEC,), backbone=Backbone.id)
    (path / "metadata.json").write_text(spec.to_json(), encoding="utf-8")
    return path


def logits_of(folder: Path) -> LinearHead:
    return LinearHead(folder / "head.npz", dimensions=8, head=SPEC, sha256="")


def test_labels_are_kept_and_change_no_answer(folder: Path) -> None:
    head = FrozenHead(SPEC, logits_of(folder))
    before = head.published()
    head.follow({content(0): Label("wood", "", "", "a.png"), content(1): Label("glass", "", "", "a.png")}, {})
    after = head.published()
    assert before.labels == {}
    assert after.labels == {content(0): "wood", content(1): "glass"}
    assert after.categories == ("stone", "wood")
    asked = embeddings(range(5))
    np.testing.assert_array_equal(after.logits(asked), before.logits(asked))
    head.follow({content(0): None, content(7): None}, {})
    assert head.published().labels == {content(1): "glass"}


def test_its_answers_are_the_file_s(folder: Path) -> None:
    """The temperature lies in the weights already."""
    published = FrozenHead(SPEC, logits_of(folder)).published()
    asked = embeddings(range(5))
    logits = logits_of(folder)(asked)
    results = published.results(published.logits(asked))
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose([one.probabilities for one in results], expected, atol=1e-6)
    assert {(one.unsure_below, one.unknown_below) for one in results} == {(0.8, 0.6)}


def test_a_learner_keeps_labels_for_it_through_a_restart(folder: Path, home: Path) -> None:
    with tiny.databases(home) as (workspace, cache):
        learner = Learner(folder, read_spec(folder), Backbone(), workspace=workspace, cache=cache)
        change = learner.record([said(0, "wood", model="frozen"), said(50, "glass", model="frozen")])
        assert (change.waiting, change.new_categories) == (0, ())
        assert not learner.settle(0.1)
        assert learner.nearest(content(0), "material") == []
        learner.close()
        after = Learner(folder, read_spec(folder), Backbone(), workspace=workspace, cache=cache)
        assert after.head().labels == {content(0): "wood", content(50): "glass"}
        after.undo()
        assert learner.refresh() is not None
        assert learner.head().labels == after.head().labels == {}
