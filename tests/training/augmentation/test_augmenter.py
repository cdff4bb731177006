"""What holds for all operations together: reproducible, exact where nothing happens, and no label is invented."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import DatasetError
from tests.conftest import ROOT
from training.augmentation.augmenter import Augmenter
from training.augmentation.config import AugmentationConfig
from training.augmentation.operations import Operation, parameters
from training.augmentation.presets import PRESETS
from training.augmentation.sample import UNKNOWN, Augmented, Sample
from training.augmentation.table import OPERATIONS


def picture(width: int = 60, height: int = 40) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)


def labelled() -> Sample:
    mask = np.zeros((40, 60), np.uint8)
    mask[10:30, 15:45] = 3
    mask[0:5, 0:5] = UNKNOWN
    outline = np.array([[15.0, 10], [45, 10], [45, 30], [15, 30]])
    boxes = np.array([[15.0, 10, 45, 30], [2, 2, 9, 9]])
    return Sample(picture(), (mask,), boxes, (outline,), np.array([0]), outline, (0,))


def everything(probability: float = 1.0) -> AugmentationConfig:
    made = {key: dataclasses.replace(kind(), probability=probability) for key, kind in OPERATIONS.items()}
    return AugmentationConfig(**made)


def digest(made: Augmented) -> str:
    sample = made.sample
    arrays = [sample.image, *sample.masks, sample.boxes, *sample.polygons, sample.owners, sample.points]
    return hashlib.sha256(b"".join(np.ascontiguousarray(one).tobytes() for one in arrays)).hexdigest()


def test_nothing_is_done_where_nothing_is_asked_for() -> None:
    sample = labelled()
    made = Augmenter(AugmentationConfig(), 1)(sample, 0)
    assert made.sample is sample
    assert made.done == ()
    assert made.boxes_of.tolist() == [0, 1]


@settings(max_examples=25, deadline=None)
@given(st.integers(-(2**40), 2**70), st.integers(0, 2**40))
def test_the_same_seed_and_index_give_the_same(seed: int, index: int) -> None:
    config, sample = everything(0.7), labelled()
    assert digest(Augmenter(config, seed)(sample, index)) == digest(Augmenter(config, seed)(sample, index))


def test_seeds_and_indices_differ() -> None:
    augment, other, sample = Augmenter(everything(), 1), Augmenter(everything(), 2), labelled()
    found = {digest(augment(sample, index)) for index in range(20)} | {digest(other(sample, 0))}
    assert len(found) == 21
    assert digest(Augmenter(everything(), -1)(sample, 0)) not in found


def test_another_process_gives_the_same(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(everything(0.8).to_json()))
    script = f"""
import json, sys
sys.path.insert(0, {str(ROOT)!r})
from tests.training.augmentation.test_augmenter import digest, labelled
from training.augmentation.augmenter import Augmenter
from training.augmentation.config import AugmentationConfig
config = AugmentationConfig.from_json(json.load(open({str(tmp_path / "config.json")!r})))
print(" ".join(digest(Augmenter(config, 11)(labelled(), index)) for index in range(6)))
"""
    there = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
    assert there == [digest(Augmenter(everything(0.8), 11)(labelled(), index)) for index in range(6)]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(sorted(PRESETS)))
def test_masks_get_no_new_index_and_keep_to_the_picture(seed: int, name: str) -> None:
    sample = labelled()
    for config in (PRESETS[name].config, everything(0.5)):
        made = Augmenter(config, seed)(sample, 3).sample
        assert set(np.unique(made.masks[0]).tolist()) <= {0, 3, UNKNOWN}
        assert made.masks[0].shape == made.image.shape[:2]
        assert made.image.dtype == np.uint8
        width, height = made.size
        assert (made.boxes >= -1e-9).all()
        assert (made.boxes <= np.array([width, height, width, height]) + 1e-9).all()


def test_the_sample_is_never_written_into() -> None:
    sample = labelled()
    before = digest(Augmented(sample, np.arange(2), np.arange(1), np.eye(3), (), {}))
    for image in (sample.image, *sample.masks, sample.boxes):
        image.setflags(write=False)
    for key in OPERATIONS:
        config = AugmentationConfig().with_operation(dataclasses.replace(OPERATIONS[key](), probability=1.0))
        made = Augmenter(config, 3)(sample, 0)
        assert made.done == (key,)
    assert digest(Augmented(sample, np.arange(2), np.arange(1), np.eye(3), (), {})) == before


@pytest.mark.parametrize("key", sorted(OPERATIONS))
def test_every_operation_does_something_when_it_happens(key: str) -> None:
    operation = dataclasses.replace(OPERATIONS[key](), probability=1.0)
    sample = labelled()
    found = [Augmenter(AugmentationConfig().with_operation(operation), 3)(sample, index) for index in range(4)]
    assert any(digest(one) != digest(Augmented(sample, *[np.arange(2)] * 2, np.eye(3), (), {})) for one in found)


def test_how_often_is_as_asked_for() -> None:
    config = AugmentationConfig().with_operation(OPERATIONS["flip"](0.3))
    augment, sample = Augmenter(config, 5), Sample(picture(4, 4))
    often = sum("flip" in augment(sample, index).done for index in range(3000)) / 3000
    assert abs(often - 0.3) < 0.03


def test_one_more_operation_leaves_what_the_others_drew() -> None:
    first = AugmentationConfig().with_operation(OPERATIONS["rotate"](1.0))
    second = first.with_operation(OPERATIONS["dropout"](1.0)).with_operation(OPERATIONS["flip_vertical"](0.5))
    sample = Sample(picture())
    for index in range(10):
        one, two = (Augmenter(config, 5)(sample, index) for config in (first, second))
        assert one.drawn["rotate"] == two.drawn["rotate"]


def test_linked_operations_happen_together() -> None:
    config = AugmentationConfig(together=(("brightness", "contrast"),))
    for key in ("brightness", "contrast"):
        config = config.with_operation(OPERATIONS[key](0.5))
    augment, sample = Augmenter(config, 5), Sample(picture(4, 4))
    found = {augment(sample, index).done for index in range(40)}
    assert found == {(), ("brightness", "contrast")}


def test_a_mirrored_border_is_for_pictures_without_shapes() -> None:
    config = AugmentationConfig().with_operation(OPERATIONS["scale"].from_json({"probability": 1, "percent": [50, 50]}))
    image = np.full((40, 40, 3), 200, np.uint8)
    plain = Augmenter(config, 1)(Sample(image), 0).sample
    shaped = Augmenter(config, 1)(Sample(image, boxes=np.array([[5.0, 5, 20, 20]])), 0).sample
    assert plain.image[0, 0, 0] == 200
    assert shaped.image[0, 0, 0] == 127


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "no object"),
        ({"version": 9}, "later Sortwerk"),
        ({"operations": {"melt": {}}}, "melt is no operation"),
        ({"operations": {"rotate": 4}}, "no object"),
        ({"operations": {"rotate": {"speed": 4}}}, "Rotate has no speed"),
        ({"operations": {"rotate": {"probability": 2}}}, "from 0 to 1"),
        ({"operations": {"rotate": {"probability": float("nan")}}}, "from 0 to 1"),
        ({"operations": {"rotate": {"degrees": [5, -5]}}}, "before it begins"),
        ({"operations": {"rotate": {"degrees": [-400, 5]}}}, "from -180 to 180"),
        ({"operations": {"rotate": {"degrees": [1]}}}, "two numbers"),
        ({"border": "fog"}, "fog is no border"),
        ({"min_visible": 3}, "least visible share"),
        ({"together": [["rotate", "rotate"]]}, "can't be linked"),
    ],
)
def test_bad_settings_are_one_sentence(data: object, words: str) -> None:
    with pytest.raises(DatasetError, match=words) as caught:
        AugmentationConfig.from_json(data)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        (lambda: Sample(np.zeros((4, 4), np.uint8)), "must be RGB"),
        (lambda: Sample(np.zeros((4, 4, 3), np.float32)), "must be RGB"),
        (lambda: Sample(picture(), (np.zeros((3, 3), np.uint8),)), "picture's size"),
        (lambda: Sample(picture(), boxes=np.zeros((2, 3))), "four finite numbers"),
        (lambda: Sample(picture(), boxes=np.full((1, 4), np.inf)), "four finite numbers"),
        (lambda: Sample(picture(), polygons=(np.zeros((2, 2)),)), "three points"),
        (lambda: Sample(picture(), backgrounds=(0,)), "for each mask"),
        (lambda: Sample(picture(), polygons=(np.zeros((3, 2)),), owners=np.array([1])), "must name a box"),
    ],
)
def test_bad_samples_are_one_sentence(sample: object, words: str) -> None:
    assert callable(sample)
    with pytest.raises(DatasetError, match=words):
        sample()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_settings_come_back_from_json(data: st.DataObject) -> None:
    def operation(kind: type[Operation]) -> Operation:
        made = kind(data.draw(st.floats(0, 1)))
        for one in parameters(kind):
            ends = sorted(data.draw(st.lists(st.floats(one.low, one.high), min_size=2, max_size=2)))
            made = made.with_range(one.name, (ends[0], ends[1]))
        return made

    config = AugmentationConfig(**{key: operation(kind) for key, kind in OPERATIONS.items()}, border="replicate")
    assert AugmentationConfig.from_json(json.loads(json.dumps(config.to_json()))) == config


def test_it_needs_numpy_and_opencv_only() -> None:
    script = (
        "import sys, training.augmentation.augmenter, training.augmentation.presets;"
        "print(sorted({'PIL', 'pydantic', 'onnxruntime', 'PySide6', 'sqlite3', 'torch'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"


def test_the_table_and_the_settings_name_the_same() -> None:
    names = [one.name for one in dataclasses.fields(AugmentationConfig)]
    assert names[: len(OPERATIONS)] == list(OPERATIONS)
    assert names[len(OPERATIONS) :] == ["border", "together", "min_visible"]
