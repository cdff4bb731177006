"""The starter model that the program ships with learns, unlearns and remembers."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.database import open_cache
from models.heads.categories import UNKNOWN
from models.library import load_backbone, readable_spec
from tests.training import tiny
from tests.training.tiny import learned, said
from training.learner import Learner


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
