"""The form that ships says what the form that learns says."""

from __future__ import annotations

import io

import numpy as np
import pytest

from tests.training.test_incremental import NAMES, D, embeddings, features, filled
from training.features import Features
from training.freezing import freeze
from training.incremental import IncrementalHead


@pytest.mark.parametrize("temperature", [0.05, 1.0])
def test_a_frozen_head_gives_the_same_logits(temperature: float) -> None:
    head, pictures = filled(40), embeddings(20, seed=1)
    with np.load(io.BytesIO(freeze(head, temperature)), allow_pickle=False) as file:
        assert {name: (file[name].dtype, file[name].shape) for name in file.files} == {
            "mean": (np.float32, (D,)),
            "scale": (np.float32, (D,)),
            "weights": (np.float32, (D, len(NAMES))),
            "bias": (np.float32, (len(NAMES),)),
        }
        logits = ((pictures - file["mean"]) / file["scale"]) @ file["weights"] + file["bias"]
    np.testing.assert_allclose(logits * temperature, head.logits(pictures), atol=1e-5)


def test_an_output_that_never_moved_has_no_say_here_either() -> None:
    scale = np.full(D, 3.0)
    scale[2] = 1e-6
    head = IncrementalHead(Features(np.zeros(D), scale), ridge=0.1, categories=NAMES)
    head.add_many((b"%d" % i, row, NAMES[i % 3]) for i, row in enumerate(embeddings(30)))
    with np.load(io.BytesIO(freeze(head, 0.1))) as file:
        assert not file["weights"][2].any()
        assert file["scale"].all()


def test_the_same_head_gives_the_same_bytes() -> None:
    assert freeze(filled(40), 0.1) == freeze(filled(40), 0.1)
    assert freeze(IncrementalHead(features(), ridge=1), 0.1) == freeze(IncrementalHead(features(), ridge=1), 0.1)
