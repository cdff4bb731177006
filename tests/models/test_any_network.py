"""A network of any age, number type, layout and batch: looked at, proposed, run, decoded, agrees with ONNX Runtime."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from models.formats.onnx import examine_onnx
from models.heads import KINDS, Result
from models.heads.categories import CategoriesResult
from models.inference import OnnxInferenceSession
from models.network import Network, to_tensor
from models.proposal import propose
from models.spec import ModelSpec
from tests.models.onnx_models import (
    NEWEST,
    boxes,
    classifier,
    colour_transfer,
    image_to_image,
    multi_head,
    quantised,
    save,
    segmenter,
    yolo,
)

OPSETS = (7, 10, 11, 12, 13, 14, 15, 16, 17, 18, 21, NEWEST)
SIDE = 32


def opened(model: onnx.ModelProto, folder: Path) -> tuple[Network, ModelSpec]:
    path = save(model, folder / "any.onnx")
    proposal = propose(examine_onnx(path))
    spec = ModelSpec(name="Any", heads=proposal.heads, preprocessing=proposal.preprocessing)
    return Network(path, spec), spec


def answers(network: Network, spec: ModelSpec, count: int = 3) -> dict[str, list[Result]]:
    """Of ``count`` pictures of noise."""
    chance = np.random.default_rng(0)
    pictures = [chance.integers(0, 256, (40, 50, 3), np.uint8) for _ in range(count)]
    rows = network.embed(np.stack([network.prepare(picture) for picture in pictures]))
    return {
        head.name: list(KINDS[head.kind].decode(part(rows), head.categories, form=part.form))
        for head, part in zip(spec.heads, network.heads, strict=True)
    }


def softmax(scores: np.ndarray) -> np.ndarray:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("opset", OPSETS)
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize(
    ("dtype", "batch"), [("float32", "batch"), ("float32", 1), ("float16", 1), ("uint8", "batch"), ("float32", 2)]
)
def test_a_classifier_answers_as_the_runtime_does(
    tmp_path: Path, opset: int, layout: str, dtype: str, batch: int | str
) -> None:
    model = classifier(classes=5, opset=opset, layout=layout, dtype=dtype, batch=batch, side=SIDE)
    network, spec = opened(model, tmp_path)
    assert spec.preprocessing.layout == layout
    assert spec.preprocessing.dtype == dtype
    assert network.size == (SIDE, SIDE)
    (results,) = answers(network, spec).values()

    chance = np.random.default_rng(0)
    pictures = [chance.integers(0, 256, (40, 50, 3), np.uint8) for _ in range(3)]
    tensor = to_tensor(np.stack([network.prepare(picture) for picture in pictures]), spec.preprocessing)
    session = OnnxInferenceSession(tmp_path / "any.onnx")
    step = batch if isinstance(batch, int) else 1
    padded = np.concatenate([tensor, tensor[-1:]])[: 4 if step == 2 else 3]
    direct = np.concatenate([session.run(padded[start : start + step]) for start in range(0, len(padded), step)])[:3]
    expected = softmax(direct.astype(np.float32))
    for result, probabilities in zip(results, expected, strict=True):
        assert isinstance(result, CategoriesResult)
        np.testing.assert_allclose(result.probabilities, probabilities, atol=5e-3)


@pytest.mark.parametrize("opset", OPSETS)
@pytest.mark.parametrize(
    ("make", "kinds"),
    [
        (lambda **how: multi_head({"part": 4, "colour": 3}, **how), ["categories", "categories"]),
        (lambda **how: segmenter(6, **how), ["mask"]),
        (image_to_image, ["image"]),
        (colour_transfer, ["image"]),
        (boxes, ["boxes"]),
        (lambda **how: yolo(3, names="{0: 'a', 1: 'b', 2: 'c'}", **how), ["boxes"]),
    ],
)
def test_every_task_gives_typed_results_and_a_picture_of_them(
    tmp_path: Path, make: Callable[..., onnx.ModelProto], kinds: list[str], opset: int
) -> None:
    options: dict[str, Any] = {} if make is boxes else {"side": 64}
    network, spec = opened(make(opset=opset, **options), tmp_path)
    assert [head.kind for head in spec.heads] == kinds
    picture = np.full((90, 120, 3), 127, np.uint8)
    for results in answers(network, spec, count=2).values():
        assert len(results) == 2
        painted = results[0].paint(picture)
        assert painted.dtype == np.uint8
        assert painted.shape == picture.shape


@pytest.mark.parametrize("opset", [13, 17, 19, 21])
def test_eight_bits(tmp_path: Path, opset: int) -> None:
    network, spec = opened(quantised(classifier(classes=5, opset=opset, side=SIDE)), tmp_path)
    (results,) = answers(network, spec).values()
    assert all(result.probabilities.sum() == pytest.approx(1, abs=1e-5) for result in results)
