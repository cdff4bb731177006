from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest

from models.composing import LinearPart, compose, output_name
from models.embedding import Backbone
from models.inference import OnnxInferenceSession
from models.library import BUNDLED

BACKBONE = BUNDLED / "backbone"


@pytest.fixture(scope="module")
def parts() -> list[LinearPart]:
    rng = np.random.default_rng(1)
    sizes = {"part": 5, "colour": 3}
    return [
        LinearPart(name, rng.normal(0, 0.05, (3496, n)).astype(np.float32), rng.normal(size=n).astype(np.float32))
        for name, n in sizes.items()
    ]


def test_the_whole_says_what_its_parts_say(parts: list[LinearPart], tmp_path: Path) -> None:
    path = tmp_path / "whole.onnx"
    path.write_bytes(compose(BACKBONE / "model.onnx", parts, {"categories": ["a", "ä"], "version": "1.0.0"}))
    onnx.checker.check_model(str(path))
    session = OnnxInferenceSession(path, num_threads=1)
    assert session.is_ready()
    assert [(one.name, one.shape) for one in session.outputs] == [
        ("part", ("pictures", 5)),
        ("colour", ("pictures", 3)),
    ]
    assert session.metadata == {"categories": '["a", "\\u00e4"]', "version": "1.0.0"}
    pictures = np.random.default_rng(2).integers(0, 256, (3, 224, 224, 3), np.uint8)
    rows = Backbone(BACKBONE, threads=1).embed(pictures).astype(np.float32)
    given = session.run_all({"image": pictures})
    for part in parts:
        np.testing.assert_allclose(given[part.output], rows @ part.matrix + part.bias, atol=1e-4)
    np.testing.assert_array_equal(session.run(pictures), given["part"])


def test_the_same_parts_give_the_same_bytes(parts: list[LinearPart]) -> None:
    first, second = (compose(BACKBONE / "model.onnx", parts, {"b": "x", "a": "y"}) for _ in range(2))
    assert first == second
    assert first == compose(BACKBONE / "model.onnx", parts, {"a": "y", "b": "x"})


@pytest.mark.parametrize(
    ("head", "taken", "name"),
    [
        ("material", (), "material"),
        ("grade of the card", (), "grade_of_the_card"),
        ("größe / 東京", (), "gr_e"),
        ("東京", (), "answer"),
        ("東京", ("answer",), "answer_2"),
        ("a b", ("a_b", "a_b_2"), "a_b_3"),
        ("image", ("image",), "image_2"),
    ],
)
def test_outputs_have_names_that_every_tool_takes(head: str, taken: tuple[str, ...], name: str) -> None:
    assert output_name(head, taken) == name
