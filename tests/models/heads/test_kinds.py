"""What all kinds have in common."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models.heads import KINDS, Form
from models.heads.categories import UNKNOWN
from tests.models.heads.carried import SIZE, carried

NAMES = ("Background", "Drawer", "Frame")
PICTURE = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
GRID = np.random.default_rng(1).normal(0, 2, (2, 3, 12, 16)).astype(np.float32)
OUTPUTS: dict[str, list[NDArray[Any]]] = {
    "categories": [GRID[:, :, 0, 0]],
    "tags": [GRID[:, :, 0, 0]],
    "grade": [np.array([[0.2], [0.9]], np.float32)],
    "mask": [GRID],
    "boxes": [
        np.tile(np.array([[4, 4, 30, 20], [10, 8, 60, 44]], np.float32), (2, 1, 1)),
        np.array([[1, 2], [0, 1]]),
        np.array([[0.9, 0.5], [0.3, 0.6]], np.float32),
    ],
    "image": [GRID],
}


def results(kind: str) -> Any:
    return carried(kind, OUTPUTS[kind], () if kind in ("image", "grade") else NAMES, Form())


def test_every_kind_is_tried_here() -> None:
    assert set(OUTPUTS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_result_does_what_lists_and_tables_ask_of_it(kind: str) -> None:
    for result in results(kind):
        assert result.kind == kind
        assert result.probabilities.dtype == np.float32
        assert result.probabilities.shape == (len(result.categories),)
        assert ((result.probabilities >= 0) & (result.probabilities <= 1)).all()
        scores = [score.confidence for score in result.top(2)]
        assert scores == sorted(result.probabilities.tolist(), reverse=True)[:2]
        assert result.best.category in (*result.categories, UNKNOWN)
        assert json.loads(json.dumps(result.to_json(5))) == result.to_json(5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(40, 60, 3), (1, 1, 3), (7, 300, 3), (512, 3, 3)])
def test_it_paints_pictures_of_any_size_and_leaves_them_as_they_are(kind: str, shape: tuple[int, ...]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    picture.setflags(write=False)
    painted = results(kind)[0].paint(picture)
    assert (painted.shape, painted.dtype) == (shape, np.uint8)


@pytest.mark.parametrize("kind", ["mask", "boxes", "image"])
def test_what_is_painted_shows_something(kind: str) -> None:
    assert (results(kind)[0].paint(PICTURE) != PICTURE).any()


@pytest.mark.parametrize("kind", ["tags", "grade", "mask", "boxes", "image"])
@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_numbers_that_are_none_are_told(kind: str, value: float) -> None:
    tensors = [tensor.astype(np.float64) for tensor in OUTPUTS[kind]]
    tensors[-1].flat[1] = value
    with pytest.raises(ValueError, match=r"^it gives numbers that are none \(NaN\)$"):
        KINDS[kind].pack(tensors, Form(), () if kind in ("image", "grade") else NAMES, SIZE)


@pytest.mark.parametrize("kind", ["tags", "grade", "mask", "image"])
def test_text_is_told(kind: str) -> None:
    with pytest.raises(ValueError, match=r"^it gives no numbers$"):
        KINDS[kind].pack([np.array([["a"]])], Form(), () if kind in ("image", "grade") else NAMES, SIZE)


@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_another_length_are_refused(kind: str) -> None:
    with pytest.raises(ValueError, match=r"^expected "):
        KINDS[kind].decode(np.zeros((2, 5), np.float32), NAMES, form=Form(shape=(2, 2, 2)))


@pytest.mark.parametrize("kind", KINDS)
def test_no_pictures_have_no_results(kind: str) -> None:
    packed, shape = KINDS[kind].pack(OUTPUTS[kind], Form(), () if kind in ("image", "grade") else NAMES, SIZE)
    assert list(KINDS[kind].decode(packed[:0], NAMES, form=Form(shape=shape))) == []
