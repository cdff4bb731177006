"""Asking a model of any kind about single pictures."""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from desktop.actions.classify import Classifier, ClassifyRequest
from desktop.actions.trying import LARGEST_SHOWN, Trial, Tried, find_pictures, save_png, shrunk
from models.answer import Answer
from models.errors import Cancelled, ModelError, UnknownFormatError, WorkspaceError
from models.heads.boxes import BoxesResult
from models.heads.categories import CategoriesResult
from models.heads.image import ImageResult
from models.heads.mask import MaskResult
from models.sources import Failure, Source
from tests.conftest import ROOT
from tests.models import onnx_models
from tests.models.made_models import PLAIN, make, pictures, write

SAMPLES = ROOT / "assets" / "samples"
RESULTS = {"categories": CategoriesResult, "mask": MaskResult, "boxes": BoxesResult, "image": ImageResult}


def test_the_starter_model_says_what_classify_says() -> None:
    paths = sorted(SAMPLES.iterdir())[:6]
    with Classifier() as classifier:
        lists = classifier.classify(ClassifyRequest(tuple(paths)))
        answers = {one.source: one for some in lists for one in some if isinstance(one, Answer)}
    trial = Trial()
    for source, answer in answers.items():
        tried = trial.ask(source)
        assert tried.answer.content_hash == answer.content_hash
        assert tried.answer.best.category == answer.best.category
        assert tried.answer.best.confidence == pytest.approx(answer.best.confidence, abs=1e-3)
        assert tried.milliseconds > 0


@pytest.mark.parametrize("kind", RESULTS)
def test_models_of_each_kind_answer_and_are_painted(tmp_path: Path, kind: str) -> None:
    spec = make(tmp_path / "model", kind)
    trial = Trial(tmp_path / "model")
    assert trial.spec.name == spec.name
    assert trial.colours == ()
    tried = trial.ask(Source(pictures(tmp_path / "pictures", 1)[0]))
    result = tried.answer.heads[spec.heads[0].name]
    assert isinstance(result, RESULTS[kind])
    painted = tried.painted()
    assert painted.shape == tried.picture.shape == (40, 48, 3)
    assert np.array_equal(painted, tried.picture) == (kind == "categories" or bool(result.unknown and kind == "boxes"))


def test_a_model_paints_in_the_colours_that_are_wished_for(tmp_path: Path) -> None:
    how = {**PLAIN, "colours_input": "target_colors", "colours": [[255, 0, 0], [255, 0, 0]], "colours_scale": 1 / 255}
    write(
        tmp_path / "model",
        onnx_models.colour_transfer(side=PLAIN["side"]),
        [{"name": "painted", "kind": "image"}],
        how,
    )
    trial = Trial(tmp_path / "model")
    assert trial.colours == ((255, 0, 0), (255, 0, 0))
    source = Source(pictures(tmp_path / "pictures", 1)[0])
    own, same = trial.ask(source), trial.ask(source, [(255, 0, 0)] * 2)
    other = trial.ask(source, [(0, 0, 255)] * 2)
    assert np.array_equal(own.painted(), same.painted())
    assert not np.array_equal(own.painted(), other.painted())


def test_a_large_picture_is_shown_smaller(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    cv2.imwrite(str(path), np.zeros((100, 2 * LARGEST_SHOWN, 3), np.uint8))
    make(tmp_path / "model")
    tried = Trial(tmp_path / "model").ask(Source(path))
    assert tried.picture.shape == (50, LARGEST_SHOWN, 3)
    pixels = tried.pixels(painted=False)
    assert (pixels.width, pixels.height, len(pixels.data)) == (LARGEST_SHOWN, 50, LARGEST_SHOWN * 50 * 3)


def test_a_file_that_is_no_picture_is_a_failure_and_the_rest_goes_on(tmp_path: Path) -> None:
    make(tmp_path / "model")
    good = pictures(tmp_path / "pictures", 2)
    (tmp_path / "pictures" / "notes.txt").write_text("no picture")
    sources, lost = find_pictures([tmp_path / "pictures", tmp_path / "gone"])
    assert [failure.source.path.name for failure in lost] == ["gone"]
    found = list(Trial(tmp_path / "model").ask_all(sources))
    assert sorted(one.answer.source.path for one in found if isinstance(one, Tried)) == good
    (failed,) = [one for one in found if isinstance(one, Failure)]
    assert isinstance(failed.error, UnknownFormatError)
    assert len(find_pictures([tmp_path / "pictures"], 2)[0]) == 2


def test_it_stops_when_it_is_cancelled(tmp_path: Path) -> None:
    make(tmp_path / "model")
    cancel = threading.Event()
    asked = Trial(tmp_path / "model").ask_all([Source(one) for one in pictures(tmp_path / "p", 2)], None, cancel)
    assert isinstance(next(asked), Tried)
    cancel.set()
    with pytest.raises(Cancelled):
        next(asked)


def test_a_folder_without_a_model_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"has no metadata\.json"):
        Trial(tmp_path)


def test_a_png_holds_the_picture_and_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)
    save_png(tmp_path / "a.png", picture)
    assert np.array_equal(cv2.imread(str(tmp_path / "a.png"))[..., ::-1], picture)
    with pytest.raises(WorkspaceError, match="could not be written"):
        save_png(tmp_path / "nowhere" / "a.png", picture)


def test_pictures_are_shrunk_and_never_enlarged() -> None:
    picture = np.zeros((50, 100, 3), np.uint8)
    assert shrunk(picture, 20).shape == (10, 20, 3)
    assert shrunk(picture, 200).shape == (50, 100, 3)
