"""ONNX networks of every kind and age are read and run; hostile ones are refused in a sentence, in a child process."""

from __future__ import annotations

import json
import random
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from models.errors import Cancelled, ModelError, SortwerkError
from models.formats.onnx import LARGEST, OnnxFacts, examine, examine_onnx
from models.worker import Limits, Report, main, run_task
from tests.models import onnx_models as make

KINDS: dict[str, Callable[..., onnx.ModelProto]] = {
    "classifier": make.classifier,
    "segmenter": make.segmenter,
    "image_to_image": make.image_to_image,
    "colour_transfer": make.colour_transfer,
    "boxes": make.boxes,
    "yolo": make.yolo,
    "multi_head": lambda **options: make.multi_head({"part": 3, "colour": 5}, **options),
}


def look(model: onnx.ModelProto, tmp_path: Path) -> OnnxFacts:
    return examine_onnx(make.save(model, tmp_path / "model.onnx"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("opset", [7, 9, 11, 13, 17, 18, 21, make.NEWEST])
def test_every_kind_of_every_age_runs(kind: str, opset: int, tmp_path: Path) -> None:
    facts = look(KINDS[kind](opset=opset), tmp_path)
    assert facts.opsets == {"": opset}
    assert facts.run_error == ""
    assert facts.finite
    assert [one.name for one in facts.sample_outputs] == [one.name for one in facts.outputs]
    assert facts.batches is (kind != "boxes")


def test_what_is_said_of_a_network(tmp_path: Path) -> None:
    path = make.save(make.classifier(classes=4, metadata={"categories": '["a"]'}), tmp_path / "net.onnx")
    facts = examine(path)  # in a child
    assert facts == examine_onnx(path)
    assert facts.size == path.stat().st_size
    assert facts.metadata_map == {"categories": '["a"]'}
    assert facts.producer == "sortwerk-tests 1"
    assert facts.parameters == 8 * 3 * 9 + 8 + 8 * 4 + 4
    assert (facts.weights, facts.nodes, facts.external_data) == ("float32", 6, False)
    assert facts.operators == ("Conv", "Flatten", "Gemm", "GlobalAveragePool", "Identity", "Relu")
    assert facts.inputs[0].model_dump() == {"name": "image", "dtype": "float32", "shape": ("batch", 3, 32, 32)}
    assert facts.outputs[0].shape == ("batch", 4)
    assert facts.sample_inputs[0].shape == (1, 3, 32, 32)
    assert OnnxFacts.model_validate(json.loads(json.dumps(facts.model_dump(mode="json")))) == facts


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("dtype", ["float32", "float16", "uint8"])
@pytest.mark.parametrize(("batch", "side"), [("n", "side"), (1, 32), (3, 48)])
def test_layouts_number_types_and_fixed_sizes(layout: str, dtype: str, batch: Any, side: Any, tmp_path: Path) -> None:
    facts = look(make.image_to_image(layout=layout, dtype=dtype, batch=batch, side=side), tmp_path)
    taken = 256 if side == "side" else side
    count = 1 if batch == "n" else batch
    shape = (count, 3, taken, taken) if layout == "NCHW" else (count, taken, taken, 3)
    assert (facts.sample_inputs[0].shape, facts.sample_inputs[0].dtype) == (shape, dtype)
    assert facts.sample_outputs[0].shape == shape
    assert facts.batches is (batch == "n")
    assert bool(facts.batch_error) is (batch != "n")


def test_weights_in_a_word(tmp_path: Path) -> None:
    assert look(make.quantised(make.classifier(opset=13)), tmp_path).weights == "int8 quantised"
    assert look(make.classifier(dtype="float16"), tmp_path).weights == "float16"


def test_probabilities_and_their_axis(tmp_path: Path) -> None:
    assert look(make.classifier(probabilities=True), tmp_path).sample_outputs[0].axis == 1
    assert look(make.classifier(), tmp_path).sample_outputs[0].axis == 0
    masks = [make.segmenter(values="probabilities", layout=layout) for layout in ("NCHW", "NHWC")]
    assert [look(one, tmp_path).sample_outputs[0].axis for one in masks] == [1, -1]


def test_numbers_that_are_none_are_said(tmp_path: Path) -> None:
    facts = look(make.broken_weights(make.classifier()), tmp_path)
    assert not facts.finite
    assert facts.sample_outputs[0].low is None


def test_a_size_that_only_the_run_finds(tmp_path: Path) -> None:
    """The file says any size, and its matrix fits 64 x 64 only."""
    weights = numpy_helper.from_array(np.ones((3 * 64 * 64, 2), np.float32), "w")
    nodes = [helper.make_node("Flatten", ["image"], ["flat"]), helper.make_node("MatMul", ["flat", "w"], ["out"])]
    facts = look(network(nodes, weights=[weights], shape=["n", 3, "h", "w"]), tmp_path)
    assert facts.sample_inputs[0].shape == (1, 3, 64, 64)
    assert facts.batches


def test_a_batch_that_is_written_into_the_network(tmp_path: Path) -> None:
    shape = numpy_helper.from_array(np.array([1, -1], np.int64), "shape")
    facts = look(network([helper.make_node("Reshape", ["image", "shape"], ["out"])], weights=[shape]), tmp_path)
    assert not facts.batches
    assert facts.batch_error == "model.onnx does not keep two pictures apart in its output out."


def test_a_network_that_can_not_be_run_at_all(tmp_path: Path) -> None:
    shape = numpy_helper.from_array(np.array([7, 11], np.int64), "shape")
    facts = look(network([helper.make_node("Reshape", ["image", "shape"], ["out"])], weights=[shape]), tmp_path)
    assert "failed on image float32 (1, 3, 8, 8)" in facts.run_error
    assert facts.sample_outputs == ()


def network(
    nodes: list[onnx.NodeProto],
    *,
    weights: list[onnx.TensorProto] | None = None,
    shape: list[int | str] | None = None,
    output: onnx.ValueInfoProto | None = None,
    opset: int = 17,
    ir: int = 8,
) -> onnx.ModelProto:
    """A network of ``nodes`` from ``image`` to ``out``, unchecked."""
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, shape or ["n", 3, 8, 8])
    out = output or helper.make_tensor_value_info("out", TensorProto.FLOAT, None)
    graph = helper.make_graph(nodes, "g", [image], [out], weights or [])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=ir)


IDENTITY = [helper.make_node("Identity", ["image"], ["out"])]


def in_a_branch() -> onnx.ModelProto:
    """External data three levels down: in a constant in a branch in a branch."""
    outside = make.with_external_data(make.classifier()).graph.initializer[0]
    constant = helper.make_node("Constant", [], ["c"], value=outside)
    end = [helper.make_tensor_value_info("c", TensorProto.FLOAT, None)]
    inner = helper.make_graph([constant], "inner", [], end)
    inner_if = helper.make_node("If", ["yes"], ["c"], then_branch=inner, else_branch=inner)
    outer = helper.make_graph([inner_if], "outer", [], end)
    nodes = [helper.make_node("If", ["yes"], ["out"], then_branch=outer, else_branch=outer)]
    return network(nodes, weights=[numpy_helper.from_array(np.array(True), "yes")])


def in_sparse_weights() -> onnx.ModelProto:
    model = network(IDENTITY)
    outside = make.with_external_data(make.classifier()).graph.initializer[0]
    model.graph.sparse_initializer.add(values=outside, indices=outside, dims=[3])
    return model


def in_a_function() -> onnx.ModelProto:
    model = network([helper.make_node("Mine", ["image"], ["out"], domain="local")])
    node = helper.make_node("Other", ["x"], ["y"], domain="com.example")
    imports = [helper.make_opsetid("com.example", 1)]
    model.functions.append(helper.make_function("local", "Mine", ["x"], ["y"], [node], imports))
    model.opset_import.append(helper.make_opsetid("local", 1))
    return model


def with_a_list() -> onnx.ModelProto:
    kind = helper.make_sequence_type_proto(helper.make_tensor_type_proto(TensorProto.FLOAT, [1]))
    model = network(IDENTITY)
    model.graph.input[0].type.CopyFrom(kind)
    return model


def with_text() -> onnx.ModelProto:
    return network(IDENTITY, output=helper.make_tensor_value_info("out", TensorProto.STRING, [1]))


def without(part: str) -> onnx.ModelProto:
    model = network(IDENTITY)
    model.graph.ClearField(part)
    return model


def without_opset() -> onnx.ModelProto:
    model = network(IDENTITY)
    model.ClearField("opset_import")
    return model


REFUSED: dict[str, tuple[Callable[[], onnx.ModelProto], str]] = {
    "external data": (lambda: make.with_external_data(make.classifier(), "/etc/passwd"), "keeps its weights in other"),
    "external data in a branch": (in_a_branch, "keeps its weights in other files"),
    "external data in sparse weights": (in_sparse_weights, "keeps its weights in other files"),
    "foreign operator": (lambda: make.with_foreign_operator(make.classifier()), r"foreign code for its operator Conv"),
    "foreign operator in a function": (in_a_function, r"foreign code for its operator Other \(of com\.example\)"),
    "opset 6": (lambda: network(IDENTITY, opset=6), "was made for opset 6, and Sortwerk runs those from 7"),
    "no opset": (without_opset, "was made for opset 0"),
    "newer opset": (lambda: network(IDENTITY, opset=make.NEWEST + 1), "it needs a newer Sortwerk"),
    "newer file format": (lambda: network(IDENTITY, ir=99), "it needs a newer Sortwerk"),
    "no input": (lambda: without("input"), "is a network without an input"),
    "no output": (lambda: without("output"), "without a network in it"),
    "no nodes": (lambda: without("node"), "without a network in it"),
    "a list as input": (with_a_list, "has a list as its input image, and Sortwerk handles numbers only"),
    "text as output": (with_text, "has text as its output out"),
    "unknown operator": (lambda: network([helper.make_node("Magic", ["image"], ["out"])]), "can't be loaded"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name: str, tmp_path: Path) -> None:
    build, sentence = REFUSED[name]
    with pytest.raises(ModelError, match=sentence) as caught:
        look(build(), tmp_path)
    assert "\n" not in str(caught.value)
    assert "model.onnx" in str(caught.value)


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"hello, this is text", bytes(1000), b"\x80\x04K\x01."])
def test_what_is_no_onnx(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"model\.onnx is not an ONNX model, or it is cut off or damaged"):
        examine(path)


def test_files_that_are_not_there_empty_or_too_large(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.onnx is not there"):
        examine(tmp_path / "none.onnx")
    empty = tmp_path / "empty.onnx"
    empty.touch()
    with pytest.raises(ModelError, match=r"empty\.onnx is empty"):
        examine(empty)
    large = tmp_path / "large.onnx"
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(ModelError, match=r"large\.onnx is larger than 512 MiB"):
        examine(large)


def test_a_network_that_floods_memory_is_one_sentence(tmp_path: Path) -> None:
    """A file of 200 bytes whose output would be 1 TiB."""
    shape = numpy_helper.from_array(np.array([1 << 14, 1 << 14, 1 << 10], np.int64), "shape")
    model = network([helper.make_node("ConstantOfShape", ["shape"], ["out"])], weights=[shape])
    with pytest.raises(ModelError, match=r"^model\.onnx needs more memory than"):
        examine(make.save(model, tmp_path / "model.onnx"))


def test_a_network_that_never_ends_is_stopped_when_the_person_says_so(tmp_path: Path) -> None:
    cancel = threading.Event()
    timer = threading.Timer(1.5, cancel.set)
    timer.start()
    with pytest.raises(Cancelled):
        examine(make.save(endless(), tmp_path / "model.onnx"), cancel=cancel)
    timer.join()


def endless() -> onnx.ModelProto:
    """A loop of 2**62 turns."""
    yes = helper.make_tensor_value_info("going", TensorProto.BOOL, [])
    turn = helper.make_tensor_value_info("turn", TensorProto.INT64, [])
    before, after = (helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("before", "after"))
    nodes = [helper.make_node("Identity", ["going"], ["on"]), helper.make_node("Neg", ["before"], ["after"])]
    on = helper.make_tensor_value_info("on", TensorProto.BOOL, [])
    body = helper.make_graph(nodes, "body", [turn, yes, before], [on, after])
    weights = [
        numpy_helper.from_array(np.array(1 << 62), "many"),
        numpy_helper.from_array(np.array(True), "yes"),
    ]
    return network([helper.make_node("Loop", ["many", "yes", "image"], ["out"], body=body)], weights=weights)


# -- damaged at random: many files in a child, so that the test is quick ---------------------------------------------


def damage(content: bytes, random_: random.Random) -> bytes:
    """Flipped bits, a cut, a lost or a doubled piece."""
    bytes_ = bytearray(content)
    how = random_.choice((0, 0, 0, 0, 1, 2, 3))
    at, length = random_.randrange(len(bytes_)), random_.randrange(1, 40)
    if how == 0:
        for _ in range(random_.randrange(1, 8)):
            bytes_[random_.randrange(len(bytes_))] ^= 1 << random_.randrange(8)
    elif how == 1:
        del bytes_[at:]
    elif how == 2:
        del bytes_[at : at + length]
    else:
        bytes_[at:at] = bytes_[at : at + length]
    return bytes(bytes_)


def examine_many(arguments: dict[str, Any], report: Report) -> Any:
    """Look at each of ``paths``: "ok", or what was said. Anything but a ``ModelError`` is a fault."""
    said = []
    for path in arguments["paths"]:
        report(len(said), None, path)
        try:
            examine_onnx(Path(path))
            said.append("ok")
        except ModelError as error:
            said.append(str(error))
    return said


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_are_refused_in_a_sentence_or_harmless(kind: str, tmp_path: Path) -> None:
    content = KINDS[kind](side=64).SerializeToString(deterministic=True)
    random_ = random.Random(kind)  # noqa: S311
    paths = []
    for number in range(40):
        paths.append(tmp_path / f"{number}.onnx")
        paths[-1].write_bytes(damage(content, random_))
    said: list[str] = []
    while len(said) < len(paths):
        left = [str(path) for path in paths[len(said) :]]
        reached: list[int] = [0]
        try:
            said += run_task(
                "examine_many",
                {"paths": left},
                command=[sys.executable, "-m", "tests.models.formats.test_onnx"],
                on_progress=lambda step, reached=reached: reached.append(int(step.done)),
            )
        except SortwerkError as error:  # a crash of the runtime: a sentence too; go on behind that file
            said += ["passed"] * reached[-1] + [str(error)]
    refused = [one for one in said if one not in ("ok", "passed")]
    assert len(refused) > 10
    assert [one for one in refused if "fault in Sortwerk" in one] == []
    assert all("\n" not in one and one.endswith(".") for one in refused)


def test_the_limits_of_the_child_leave_the_runtime_its_room(tmp_path: Path) -> None:
    """Half the memory that is allowed is enough for a network of the largest usual picture."""
    path = make.save(make.image_to_image(side=1024), tmp_path / "model.onnx")
    facts = run_task("examine", {"path": str(path)}, limits=Limits(memory=1 << 30))
    assert facts["run_error"] == ""


if __name__ == "__main__":
    main({"examine_many": "tests.models.formats.test_onnx:examine_many"})
