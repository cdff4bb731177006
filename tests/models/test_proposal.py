"""What is proposed for networks of every kind, and that the pipeline's own network runs with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from models.errors import ModelError
from models.formats.facts import OnnxFacts, Sample, Tensor
from models.formats.onnx import examine_onnx
from models.heads import KINDS
from models.network import Network
from models.proposal import Proposal, propose
from models.proposal.names import clean, names_in
from models.proposal.outputs import FURNITURE
from models.spec import IMAGENET_MEAN, IMAGENET_STD, ModelSpec
from tests.models import onnx_models as make


def proposed(model: onnx.ModelProto, tmp_path: Path) -> Proposal:
    path = make.save(model, tmp_path / "model.onnx")
    return propose(examine_onnx(path), beside=path)


def facts_of(*outputs: Sample, metadata: dict[str, str] | None = None, side: int = 64) -> OnnxFacts:
    """Facts of a network that takes float pictures and gave ``outputs``."""
    return OnnxFacts(
        size=1,
        sha256="0" * 64,
        ir_version=8,
        opsets={"": 17},
        producer="",
        inputs=(Tensor(name="image", dtype="float32", shape=("n", 3, side, side)),),
        outputs=tuple(Tensor(name=one.name, dtype=one.dtype, shape=one.shape) for one in outputs),
        metadata_map=metadata or {},
        parameters=1,
        weights="float32",
        nodes=1,
        operators=("Identity",),
        sample_inputs=(Sample(name="image", dtype="float32", shape=(1, 3, side, side)),),
        sample_outputs=outputs,
    )


def sample(shape: tuple[int, ...], low: float, high: float, name: str = "output", dtype: str = "float32") -> Sample:
    return Sample(name=name, dtype=dtype, shape=shape, low=low, high=high)


PICTURES = {"NCHW float": {}, "NHWC uint8": {"layout": "NHWC", "dtype": "uint8"}, "half": {"dtype": "float16"}}


@pytest.mark.parametrize("pictures", PICTURES)
@pytest.mark.parametrize(
    ("build", "kind"),
    [
        (make.classifier, "categories"),
        (lambda **o: make.classifier(probabilities=True, **o), "categories"),
        (make.segmenter, "mask"),
        (lambda **o: make.segmenter(values="classes", **o), "mask"),
        (lambda **o: make.segmenter(values="probabilities", **o), "mask"),
        (make.image_to_image, "image"),
        (make.boxes, "boxes"),
        (make.yolo, "boxes"),
    ],
)
def test_every_kind_is_found_and_runs(
    build: Callable[..., onnx.ModelProto], kind: str, pictures: str, tmp_path: Path
) -> None:
    options = PICTURES[pictures]
    proposal = proposed(build(**options), tmp_path)
    assert [head.kind for head in proposal.heads] == [kind]
    assert proposal.preprocessing.layout == options.get("layout", "NCHW")
    assert proposal.preprocessing.dtype == options.get("dtype", "float32")
    spec = ModelSpec(name="foreign", heads=proposal.heads, preprocessing=proposal.preprocessing)
    network = Network(tmp_path / "model.onnx", spec)
    width, height = network.size
    rows = network.embed(np.full((2, height, width, 3), 99, np.uint8))
    part, head = network.heads[0], proposal.heads[0]
    results = KINDS[kind].decode(rows[:, part.start : part.stop].astype(np.float32), head.categories, form=part.form)
    assert len(results) == 2


def test_a_classifier_with_names_in_its_metadata(tmp_path: Path) -> None:
    names = ["metal", "stone", "wood"]
    proposal = proposed(make.classifier(3, metadata={"categories": json.dumps(names)}), tmp_path)
    head, how = proposal.heads[0], proposal.preprocessing
    assert (head.name, head.categories, head.form.values) == ("category", tuple(names), "logits")
    assert how.size == (32, 32)
    assert (how.mean, how.std, how.scale) == (IMAGENET_MEAN, IMAGENET_STD, 1 / 255)
    assert {reason.what for reason in proposal.reasons} == {"category", "size", "layout", "values"}
    assert all(reason.sentence.endswith(".") for reason in proposal.reasons)


def test_probabilities_whole_numbers_and_grey(tmp_path: Path) -> None:
    assert proposed(make.classifier(probabilities=True), tmp_path).heads[0].form.values == "probabilities"
    how = proposed(make.classifier(dtype="uint8", layout="NHWC"), tmp_path).preprocessing
    assert (how.scale, how.mean, how.std) == (1.0, (0, 0, 0), (1, 1, 1))
    assert proposed(make.classifier(channels=1), tmp_path).preprocessing.colour == "grey"


def test_what_a_conversion_knows_of_pixels_counts(tmp_path: Path) -> None:
    said = {
        "scale": 1,
        "mean": [103.9, 116.8, 123.7],
        "std": [1, 1, 1],
        "colour": "BGR",
        "fit": "crop",
        "source": "X was",
    }
    proposal = proposed(make.classifier(metadata={"preprocessing": json.dumps(said)}), tmp_path)
    how = proposal.preprocessing
    assert (how.scale, how.mean, how.colour, how.fit) == (1.0, (103.9, 116.8, 123.7), "BGR", "crop")
    assert "Pixels are given as X was." in [reason.sentence for reason in proposal.reasons]


@pytest.mark.parametrize(
    "said",
    ['{"scale": 0, "mean": [0, 0, 0], "std": [1, 1, 1]}', '{"scale": 1, "mean": [0], "std": [1]}', "{", "x" * 5000],
)
def test_what_can_not_be_is_passed_over(said: str, tmp_path: Path) -> None:
    how = proposed(make.classifier(metadata={"preprocessing": said}), tmp_path).preprocessing
    assert (how.fit, how.scale) == ("stretch", 1 / 255)


def test_what_the_metadata_says_of_pixels_counts(tmp_path: Path) -> None:
    metadata = {"mean": "[103.5, 116.3, 123.7]", "std": "57.4, 57.1, 58.4", "color_format": "BGR"}
    how = proposed(make.classifier(metadata=metadata), tmp_path).preprocessing
    assert (how.scale, how.mean[0], how.std[2], how.colour) == (1.0, 103.5, 58.4, "BGR")


@pytest.mark.parametrize(
    ("side", "build", "expected"),
    [("s", make.classifier, 224), ("s", make.segmenter, 256), (48, make.segmenter, 48), (96, make.yolo, 96)],
)
def test_sizes(side: int | str, build: Callable[..., onnx.ModelProto], expected: int, tmp_path: Path) -> None:
    assert proposed(build(side=side), tmp_path).preprocessing.size == (expected, expected)


def test_six_masks_get_the_names_of_furniture_as_a_suggestion(tmp_path: Path) -> None:
    proposal = proposed(make.segmenter(6), tmp_path)
    assert proposal.heads[0].categories == FURNITURE
    assert any("suggestion" in reason.sentence for reason in proposal.reasons)


def test_a_picture_that_goes_below_zero_wants_pixels_that_do(tmp_path: Path) -> None:
    proposal = proposed(make.image_to_image(signed=True), tmp_path)
    assert (proposal.heads[0].form.low, proposal.heads[0].form.high) == (-1, 1)
    assert (proposal.preprocessing.mean, proposal.preprocessing.std) == ((0.5,) * 3, (0.5,) * 3)


@pytest.mark.parametrize(("regions", "expected"), [("regions", 2), (3, 3)])
def test_colours_that_are_wished_for(regions: int | str, expected: int, tmp_path: Path) -> None:
    proposal = proposed(make.colour_transfer(regions=regions), tmp_path)
    how = proposal.preprocessing
    assert [head.kind for head in proposal.heads] == ["image"]
    assert (how.colours_input, len(how.colours), how.colours_scale) == ("target_colors", expected, how.scale)
    network = Network(tmp_path / "model.onnx", ModelSpec(name="tint", heads=proposal.heads, preprocessing=how))
    assert network.embed(np.zeros((1, 32, 32, 3), np.uint8)).shape == (1, 3 * 32 * 32)


def test_several_heads_are_called_as_the_outputs(tmp_path: Path) -> None:
    proposal = proposed(make.multi_head({"part": 3, "colour": 5}), tmp_path)
    assert [(head.name, len(head.categories)) for head in proposal.heads] == [("part", 3), ("colour", 5)]
    assert proposal.heads[1].categories[4] == "colour 4"


def test_yolo_and_its_names_as_python(tmp_path: Path) -> None:
    head = proposed(make.yolo(3, names="{0: 'cat', 1: \"dog's\", 2: 'cow (small)'}"), tmp_path).heads[0]
    assert (head.form.boxes, head.categories) == ("yolo", ("cat", "dog's", "cow (small)"))


def test_names_in_a_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "labels.txt").write_text("\ufeffrot\ngrün\nrot\nunknown\n", encoding="utf-8")
    head = proposed(make.classifier(4), tmp_path).heads[0]
    assert head.categories == ("rot", "grün", "rot (class 2)", "unknown (class 3)")


def test_names_that_do_not_fit_are_not_used_and_that_is_said(tmp_path: Path) -> None:
    proposal = proposed(make.classifier(4, metadata={"names": '["a", "b"]'}), tmp_path)
    assert proposal.heads[0].categories == ("class 0", "class 1", "class 2", "class 3")
    assert any(
        "2 names in the metadata names for 4 categories: not used" in reason.sentence for reason in proposal.reasons
    )


@pytest.mark.parametrize(
    ("output", "kind", "count"),
    [
        (sample((1, 7, 1, 1), -3, 9), "categories", 7),
        (sample((1, 1), 0.2, 0.2), "grade", 0),
        (sample((1, 12), -4, 4, name="tags"), "tags", 12),
        (sample((1, 1, 64, 64), 0, 1), "mask", 2),
        (sample((1, 64, 64), -5, 5), "mask", 2),
        (sample((1, 64, 64), 0, 8, name="depth"), "image", 0),
        (sample((1, 3, 64, 64), -8, 9), "mask", 3),
        (sample((1, 3, 128, 128), 0, 255, name="image"), "image", 0),
        (sample((1, 64, 64), 0, 3, dtype="int64"), "mask", 21),
        (sample((1, 8400, 84), 0, 640), "boxes", 80),
    ],
)
def test_shapes_that_mean_a_kind(output: Sample, kind: str, count: int) -> None:
    head = propose(facts_of(output)).heads[0]
    assert (head.kind, len(head.categories)) == (kind, count)


def test_boxes_in_fractions() -> None:
    outputs = (
        sample((1, 9, 4), 0, 0.9, "where"),
        sample((1, 9), 0, 1, "how_sure"),
        sample((1, 9), 0, 4, "what", "int64"),
    )
    form = propose(facts_of(*outputs)).heads[0].form
    assert (form.outputs, form.fractions) == (("where", "what", "how_sure"), True)


def test_what_is_of_no_kind_is_left_out_or_refused() -> None:
    odd = sample((1, 8, 3, 5, 2), 0, 1, "odd")
    both = propose(facts_of(sample((1, 4), -1, 5), odd))
    assert [head.name for head in both.heads] == ["category"]
    assert any(reason.what == "odd" for reason in both.reasons)
    with pytest.raises(ModelError, match=r"Nothing that the network gives \(odd \[1, 8, 3, 5, 2\]\)"):
        propose(facts_of(odd))


def test_networks_that_take_no_picture_or_more_than_one() -> None:
    facts = facts_of(sample((1, 4), -1, 5))
    text = Tensor(name="tokens", dtype="int64", shape=("n", "length"))
    with pytest.raises(ModelError, match="takes no picture"):
        propose(facts.model_copy(update={"inputs": (text,)}))
    with pytest.raises(ModelError, match=r"takes more than a picture \(tokens\)"):
        propose(facts.model_copy(update={"inputs": (*facts.inputs, text)}))
    with pytest.raises(ModelError, match="It failed"):
        propose(facts.model_copy(update={"run_error": "It failed; don't use it."}))
    whole = Tensor(name="image", dtype="int64", shape=("n", 3, 64, 64))
    with pytest.raises(ModelError, match="takes pictures as int64"):
        propose(facts.model_copy(update={"inputs": (whole,)}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('["a", "b"]', ("a", "b")),
        ("['a', 'b']", ("a", "b")),
        ('{"1": "b", "0": "a"}', ("a", "b")),
        ('{"a": 0, "b": 1}', ("a", "b")),
        ('{"0": "a", "2": "c"}', ("a", "class 1", "c")),
        ('[{"name": "a", "id": 7}, {"name": "b"}]', ("a", "b")),
        ("a\nb\n", ("a", "b")),
        ("a, b", ("a", "b")),
        ("__import__('os').getcwd(), b", ("__import__('os').getcwd()", "b")),
    ],
)
def test_forms_of_names(text: str, expected: tuple[str, ...]) -> None:
    found = names_in({"classes": text})
    assert found is not None
    assert found.all == expected


@pytest.mark.parametrize("text", ["", "[" * 100_000, "{" * 5000 + "}" * 5000, "7", '{"0": 1e999}', '{"99999999": "a"}'])
def test_texts_that_are_no_names(text: str) -> None:
    assert names_in({"classes": text}) is None


def test_names_are_fit_for_categories() -> None:
    assert clean(["a\nb", "  ", "x" * 300, "a\nb"]) == ("a\\nb", "class 1", "x" * 200, "a\\nb (class 3)")


def test_numbers_that_are_none_are_a_reason(tmp_path: Path) -> None:
    reasons = proposed(make.broken_weights(make.classifier()), tmp_path).reasons
    assert any("no numbers (NaN)" in reason.sentence for reason in reasons)


def test_a_second_input_of_the_same_shape_is_too_much(tmp_path: Path) -> None:
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 3, 16, 16]) for name in ("a", "b", "c")]
    graph = helper.make_graph([helper.make_node("Add", ["a", "b"], ["c"])], "g", ends[:2], ends[2:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    with pytest.raises(ModelError, match=r"takes more than a picture \(b\)"):
        proposed(model, tmp_path)
