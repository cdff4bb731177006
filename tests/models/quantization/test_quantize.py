"""Making models smaller: a real one keeps its accuracy, every kind is compared, and what loses too much is refused."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from models.errors import Cancelled, ModelError, WorkspaceError
from models.inference import OnnxInferenceSession
from models.library import load_model
from models.quantization import HeadChange, How, quantize
from models.spec import ModelSpec, read_spec
from models.validation import validate
from models.validation.check import PARITY
from models.worker import Limits
from tests.models import onnx_models, real_classifier
from tests.models.made_models import KINDS, PLAIN, make, pictures, write


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Path:
    folder = tmp_path_factory.mktemp("real") / "model"
    real_classifier.make(folder, data, train=280)
    return folder


class TestRealNetwork:
    def test_int8_is_smaller_and_as_good(self, real: Path, data: Path, tmp_path: Path) -> None:
        shown = real_classifier.rows(data, "test", 120)
        done = quantize(
            real, tmp_path / "new", "int8", [path for path, _ in shown], [name for _, name in shown], tolerance=8
        )
        assert done.folder == tmp_path / "new"
        assert done.size_after < 0.35 * done.size_before
        assert (done.calibrated, done.pictures) == (60, 60)
        head = done.heads[0]
        assert (head.name, head.labelled) == ("material", 60)
        assert head.before > 60 / 14 * 3  # it knows something, so that losing it would show
        assert abs(head.before - head.after) <= 5
        assert head.agreement > 0.85

    def test_what_it_says_of_itself_was_measured(self, real: Path, data: Path, tmp_path: Path) -> None:
        paths = [path for path, _ in real_classifier.rows(data, "val", 30)]
        done = quantize(real, tmp_path / "new", "fp16", paths)
        spec, before = read_spec(tmp_path / "new"), read_spec(real)
        assert spec == done.spec
        assert (spec.name, spec.format) == ("Random features (fp16)", "onnx")
        assert (spec.preprocessing, spec.heads) == (before.preprocessing, before.heads)
        assert spec.model_extra == {"original": before.model_hash}
        assert [(one.metric, one.images, one.head) for one in spec.accuracy] == [
            ("agreement with the original", 30, "material")
        ]
        assert done.size_after < 0.55 * done.size_before
        check = next(one for one in validate(tmp_path / "new", installed=[real]) if one.name == PARITY)
        assert check.outcome == "pass"

    def test_too_much_lost_is_one_sentence_and_writes_nothing(self, real: Path, data: Path, tmp_path: Path) -> None:
        paths = [path for path, _ in real_classifier.rows(data, "test", 120)]
        with pytest.raises(ModelError) as trouble:
            quantize(real, tmp_path / "new", "int8", paths, tolerance=0)
        words = str(trouble.value)
        assert words.startswith("Random features as INT8 agrees with the original in ")
        assert "at most 0 may be lost; nothing was written" in words
        assert list(tmp_path.iterdir()) == []

    def test_the_form_of_the_runtime_answers_the_same(self, real: Path, data: Path, tmp_path: Path) -> None:
        paths = [path for path, _ in real_classifier.rows(data, "test", 10)]
        done = quantize(real, tmp_path / "new", "ort", paths)
        assert {path.name for path in done.folder.iterdir()} == {"model.ort", "metadata.json"}
        assert (done.folder / "model.ort").read_bytes()[4:8] == b"ORTM"
        assert done.heads[0].difference < 0.001
        assert load_model(done.folder).spec.format == "ort"
        with pytest.raises(ModelError, match="ONNX Runtime's own form"):
            quantize(done.folder, tmp_path / "again", "int8", paths)


@pytest.mark.parametrize("how", ["int8", "fp16", "ort"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_head_is_compared(tmp_path: Path, kind: str, how: How) -> None:
    make(tmp_path / "m", kind)
    done = quantize(tmp_path / "m", tmp_path / "new", how, pictures(tmp_path / "p", 4), tolerance=100)
    head = done.heads[0]
    assert (head.kind, done.pictures, done.calibrated) == (kind, 4, 4 if how == "int8" else 0)
    assert head.agreement > (0.5 if how == "int8" else 0.95)
    assert load_model(done.folder).spec.name.startswith("Tiny (")


@pytest.mark.parametrize(
    "options",
    [
        {"opset": 9},
        {"opset": 11, "batch": 1},
        {"layout": "NHWC", "dtype": "uint8"},
        {"batch": 4, "opset": 21},
    ],
)
def test_networks_of_every_age_and_form_become_int8(tmp_path: Path, options: dict[str, object]) -> None:
    how = {**PLAIN, "layout": str(options.get("layout", "NCHW")), "dtype": str(options.get("dtype", "float32"))}
    if how["dtype"] == "uint8":
        how["scale"] = 1
    write(tmp_path / "m", onnx_models.classifier(**options), KINDS["categories"][1], how)
    done = quantize(tmp_path / "m", tmp_path / "new", "int8", pictures(tmp_path / "p", 6), tolerance=100)
    assert done.heads[0].difference < 0.3
    before, after = (OnnxInferenceSession(folder / "model.onnx") for folder in (tmp_path / "m", done.folder))
    assert before.inputs == after.inputs


def test_labels_that_are_not_known_are_not_counted(tmp_path: Path) -> None:
    make(tmp_path / "m")
    paths = pictures(tmp_path / "p", 3)
    done = quantize(tmp_path / "m", tmp_path / "new", "fp16", paths, ["a", None, "d"], tolerance=100)
    assert done.heads[0].labelled == 2
    assert {one.metric for one in done.spec.accuracy} == {"agreement with the original", "top-1"}


def test_points_are_of_accuracy_where_there_are_labels() -> None:
    assert HeadChange("h", "categories", 0.9, 0.1, "").lost == pytest.approx(10)
    assert HeadChange("h", "categories", 0.9, 0.1, "", 50, 40, 39).lost == pytest.approx(2)
    assert HeadChange("h", "categories", 0.9, 0.1, "", 50, 40, 41).lost < 0


def eight_bits(folder: Path) -> ModelSpec:
    return write(folder, onnx_models.quantised(onnx_models.classifier()), KINDS["categories"][1], PLAIN)


def halves(folder: Path) -> ModelSpec:
    how = {**PLAIN, "dtype": "float16"}
    return write(folder, onnx_models.classifier(dtype="float16"), KINDS["categories"][1], how)


def test_what_there_is_nothing_to_gain_from(tmp_path: Path) -> None:
    paths = pictures(tmp_path / "p", 2)
    with pytest.raises(ModelError, match="stands on the bundled network, which is small and in 8 bits already"):
        quantize(None, tmp_path / "new", "int8", paths)
    eight_bits(tmp_path / "8")
    with pytest.raises(ModelError, match="Tiny is quantised to 8 bits already"):
        quantize(tmp_path / "8", tmp_path / "new", "int8", paths)
    halves(tmp_path / "16")
    with pytest.raises(ModelError, match="Tiny is in half floats already"):
        quantize(tmp_path / "16", tmp_path / "new", "fp16", paths)
    assert quantize(tmp_path / "16", tmp_path / "new", "ort", paths, tolerance=100).how == "ort"


def test_what_can_not_be_done_is_one_sentence_and_writes_nothing(tmp_path: Path) -> None:
    make(tmp_path / "m")
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"broken")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ModelError, match="There are no pictures to try it on"):
        quantize(tmp_path / "m", tmp_path / "new", "int8", [])
    with pytest.raises(ModelError, match="None of the pictures to calibrate on can be read"):
        quantize(tmp_path / "m", tmp_path / "new", "int8", [broken])
    with pytest.raises(ModelError, match="None of the pictures to compare with can be read"):
        quantize(tmp_path / "m", tmp_path / "new", "fp16", [broken])
    with pytest.raises(ModelError, match="Tiny has no question colour; choose material"):
        quantize(tmp_path / "m", tmp_path / "new", "fp16", [broken], ["a"], head="colour")
    with pytest.raises(WorkspaceError, match="is there already"):
        quantize(tmp_path / "m", tmp_path / "m", "fp16", [broken])
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        quantize(tmp_path / "m", tmp_path / "new", "fp16", [broken], cancel=cancel, limits=Limits(grace=0))
    assert sorted(tmp_path.iterdir()) == before
