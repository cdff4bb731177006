from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelError
from models.images.decode import decode
from models.library import STARTER, load_model
from models.offline import OfflineModel
from models.pipeline import prepare
from models.spec import IMAGENET_MEAN, IMAGENET_STD
from tests.conftest import ROOT
from tests.models.networks import COLOURS, plain, write_colours
from tests.models.test_inference import write_network

SAMPLE = ROOT / "assets" / "samples" / "deck_boards.jpg"


def expected(colour: tuple[int, int, int]) -> dict[str, float]:
    """What ``networks.write_colours`` says of a plain picture, by hand."""
    logits = 4 * (np.array(colour) / 255 - IMAGENET_MEAN) / IMAGENET_STD
    chances = np.exp(logits - logits.max())
    return dict(zip(COLOURS, chances / chances.sum(), strict=True))


@pytest.mark.parametrize("softmax", [False, True], ids=["logits", "probabilities"])
def test_a_bare_network_is_fed_and_read_as_the_document_says(tmp_path: Path, softmax: bool) -> None:
    model = OfflineModel(write_colours(tmp_path / "colours.onnx", softmax=softmax))
    assert model.categories == COLOURS
    for colour in [(250, 10, 10), (100, 110, 105), (0, 0, 255)]:
        said = model.predict(plain(colour), top_k=3)
        assert {one["category"]: one["confidence"] for one in said} == pytest.approx(expected(colour), abs=1e-5)
        assert said[0]["category"] == max(expected(colour), key=expected(colour).__getitem__)
    assert len(model.predict(plain((9, 9, 9)), top_k=2)) == 2


def test_a_network_of_another_size_gets_that_size(tmp_path: Path) -> None:
    model = OfflineModel(write_colours(tmp_path / "colours.onnx", size=32))
    assert model.predict(plain((0, 255, 0), 100, 7))[0]["category"] == "green"


def test_without_names_the_classes_are_numbered(tmp_path: Path) -> None:
    assert OfflineModel(write_colours(tmp_path / "colours.onnx", names=None)).categories == (
        "class 0",
        "class 1",
        "class 2",
    )


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("not JSON", "no JSON list"),
        ('{"a": 1}', "no JSON list"),
        ("[1, 2, 3]", "no JSON list"),
        ('["a", "b"]', "has 3 classes and 2 different names"),
        ('["a", "b", "b"]', "has 3 classes and 2 different names"),
    ],
)
def test_names_that_do_not_fit_are_one_sentence(tmp_path: Path, names: str, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        OfflineModel(write_colours(tmp_path / "colours.onnx", names=names))


def test_what_is_no_classifier_of_that_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is not there"):
        OfflineModel(tmp_path / "none.onnx")
    (tmp_path / "text.onnx").write_text("text")
    with pytest.raises(ModelError, match="can't be loaded"):
        OfflineModel(tmp_path / "text.onnx")
    with pytest.raises(ModelError, match=r"takes \(3, 3, 4, 4\) and not \(batch, 3, height, width\)"):
        OfflineModel(write_network(tmp_path / "batch.onnx", batch=3))


def test_a_folder_answers_as_the_program_does() -> None:
    data = SAMPLE.read_bytes()
    model = load_model()
    row = model.backbone.embed(prepare(data, SAMPLE.name, model.backbone)[None])
    best = model.answer([b"any"], row)[0].heads["material"].top(14)
    for path in (None, STARTER):
        said = OfflineModel(path).predict(decode(data, SAMPLE.name, max_side=model.backbone.longest).pixels, top_k=14)
        assert [(one["category"], one["confidence"]) for one in said] == [(s.category, s.confidence) for s in best]
