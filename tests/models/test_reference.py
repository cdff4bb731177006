"""A converted network is compared with what its original answered, in a child process, by the runtime itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelError
from models.inference import OnnxInferenceSession
from models.reference import Difference, compare
from tests.models.onnx_models import boxes, classifier, save
from training.samples import BATCH, keep, pictures


def kept(folder: Path, *, off: float = 0.0) -> tuple[Path, Path]:
    """A network, and what it answered itself, ``off`` the truth."""
    network = save(classifier(classes=4), folder / "net.onnx")
    feeds = {"image": pictures((BATCH, 3, 32, 32))}
    answers = OnnxInferenceSession(network).run_all(feeds)
    reference = folder / "net.npz"
    keep(reference, feeds, {name: array + np.float32(off) for name, array in answers.items()})
    return network, reference


def test_the_same_answers_differ_by_nothing(tmp_path: Path) -> None:
    (one,) = compare(*kept(tmp_path))
    assert (one.shape, one.largest, one.share, one.problem) == ((BATCH, 4), 0, 0, "")


def test_other_answers_are_measured(tmp_path: Path) -> None:
    (one,) = compare(*kept(tmp_path, off=0.25))
    assert one.largest == pytest.approx(0.25, abs=1e-6)
    assert one.share == pytest.approx(0.25 / one.high)


def test_a_share_of_next_to_nothing_is_one_of_one() -> None:
    assert Difference(name="a", shape=(1,), largest=1e-6, high=1e-9).share == 1e-6


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"output": np.zeros((BATCH, 5), np.float32)}, "has the shape (3, 4) and not (3, 5)"),
        ({"output": np.full((BATCH, 4), np.nan, np.float32)}, "has numbers that are none (NaN), in the original too"),
        ({"else": np.zeros((BATCH, 4), np.float32)}, "is not there"),
    ],
)
def test_what_can_not_be_compared_says_why(answers: dict[str, np.ndarray], problem: str, tmp_path: Path) -> None:
    network = save(classifier(classes=4), tmp_path / "net.onnx")
    keep(tmp_path / "net.npz", {"image": pictures((BATCH, 3, 32, 32))}, answers)
    (one,) = compare(network, tmp_path / "net.npz")
    assert one.problem == problem


def test_boxes_may_come_in_another_order(tmp_path: Path) -> None:
    network = save(boxes(), tmp_path / "net.onnx")
    session = OnnxInferenceSession(network)
    feeds = {"image": pictures(tuple(side or 1 for side in session.input_shape))}
    found = session.run_all(feeds)
    names = [one.name for one in session.outputs]
    assert set(names) == {"boxes", "labels", "scores"}
    keep(tmp_path / "net.npz", feeds, {name: found[name][::-1] for name in names})
    assert {one.name: one.largest for one in compare(network, tmp_path / "net.npz")} == {"boxes": 0, "scores": 0}
    moved = {**found, "boxes": found["boxes"] + np.float32(2)}
    keep(tmp_path / "net.npz", feeds, moved)
    moved_by = {one.name: one.largest for one in compare(network, tmp_path / "net.npz")}
    assert moved_by == {"boxes": pytest.approx(2), "scores": 0}
    keep(tmp_path / "net.npz", feeds, {**found, "labels": found["labels"] + 40})
    assert all("finds other things" in one.problem for one in compare(network, tmp_path / "net.npz"))


def test_answers_that_are_gone_or_no_answers(tmp_path: Path) -> None:
    network = save(classifier(), tmp_path / "net.onnx")
    (tmp_path / "net.npz").write_bytes(b"PK no")
    with pytest.raises(ModelError, match=r"net\.npz holds no answers of an original; convert the model again"):
        compare(network, tmp_path / "net.npz")


def test_pictures_are_the_same_each_time_and_no_two_alike() -> None:
    first, second = pictures((3, 3, 16, 16)), pictures((3, 3, 16, 16))
    assert np.array_equal(first, second)
    assert first.dtype == np.float32
    assert 0 <= first.min() < first.max() <= 1
    assert not np.array_equal(first[0], first[1])
    whole = pictures((1, 16, 16, 3), "uint8", high=255)
    assert whole.dtype == np.uint8
    assert whole.max() > 100
