"""A model's own network: what pixels become, what is packed, and what is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper

from models.errors import ModelError
from models.heads.form import Form
from models.library import load_model
from models.network import REMEMBERED, Network, to_tensor
from models.spec import IMAGENET_MEAN, IMAGENET_STD, HeadSpec, ModelSpec, Preprocessing

CATEGORIES = ("red", "green", "blue")
RED, GREEN, BLUE = np.eye(3, dtype=np.uint8) * 255
PLAIN = Preprocessing(width=16, height=8, layout="NCHW", dtype="float32", scale=1 / 255)


def write(
    path: Path,
    nodes: list[onnx.NodeProto],
    inputs: dict[str, tuple[int, list[Any]]],
    outputs: dict[str, list[Any]],
    opset: int = 13,
) -> Path:
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in inputs.items()],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8), str(path))
    return path


def means(path: Path, shape: list[Any], axes: list[int], dtype: int = TensorProto.FLOAT) -> Path:
    """A network whose answers are the means of the three channels."""
    nodes = [helper.make_node("Cast", ["x"], ["f"], to=TensorProto.FLOAT)]
    nodes += [helper.make_node("ReduceMean", ["f"], ["y"], axes=axes, keepdims=0)]
    return write(path, nodes, {"x": (dtype, shape)}, {"y": [shape[0], 3]})


def spec(how: Preprocessing = PLAIN, *heads: HeadSpec) -> ModelSpec:
    return ModelSpec(
        name="Means",
        heads=heads or (HeadSpec(name="colour", kind="categories", categories=CATEGORIES),),
        preprocessing=how,
    )


def pictures(*colours: NDArray[np.uint8], size: tuple[int, int] = (16, 8)) -> NDArray[np.uint8]:
    return np.stack([np.broadcast_to(colour, (size[1], size[0], 3)) for colour in colours])


class TestPixels:
    @pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
    @pytest.mark.parametrize("dtype", ["float32", "float16", "uint8"])
    def test_layout_and_number_type(self, layout: str, dtype: str) -> None:
        batch = pictures(RED, GREEN)
        tensor = to_tensor(batch, Preprocessing(layout=layout, dtype=dtype))
        assert tensor.dtype == dtype
        assert tensor.flags.c_contiguous
        back = tensor.transpose(0, 2, 3, 1) if layout == "NCHW" else tensor
        np.testing.assert_array_equal(back, batch)

    def test_normalised_as_imagenet(self) -> None:
        how = Preprocessing.of_1_0()
        tensor = to_tensor(pictures(np.array([255, 128, 0], np.uint8)), how)
        expected = (np.array([1, 128 / 255, 0]) - IMAGENET_MEAN) / IMAGENET_STD
        np.testing.assert_allclose(tensor[0, :, 3, 3], expected, rtol=1e-6)

    def test_order_of_colours(self) -> None:
        tensor = to_tensor(pictures(RED), Preprocessing(colour="BGR"))
        assert tensor[0, 0, 0].tolist() == [0, 0, 255]

    def test_mean_and_deviation_are_in_the_order_of_the_network(self) -> None:
        how = Preprocessing(colour="BGR", dtype="float32", mean=(1, 2, 3), std=(1, 1, 2))
        assert to_tensor(pictures(RED), how)[0, 0, 0].tolist() == [-1, -2, 126]

    def test_grey(self) -> None:
        tensor = to_tensor(pictures(GREEN), Preprocessing(colour="grey", layout="NCHW"))
        assert tensor.shape == (1, 1, 8, 16)
        assert set(tensor.flat) == {150}  # 0.587 * 255

    def test_all_of_the_picture_or_its_middle(self, tmp_path: Path) -> None:
        path = means(tmp_path / "m.onnx", ["n", 3, 8, 16], [2, 3])
        wide = np.zeros((10, 60, 3), np.uint8)
        wide[:, :15] = wide[:, -15:] = 255  # only outside of the middle 20 x 10
        assert Network(path, spec()).prepare(wide).any()
        cropped = Network(path, spec(PLAIN.model_copy(update={"fit": "crop"}))).prepare(wide)
        assert cropped.shape == (8, 16, 3)
        assert not cropped.any()


class TestAnswers:
    @pytest.mark.parametrize("batch", ["n", 1, 3])
    def test_any_number_of_pictures_whatever_the_network_takes(self, tmp_path: Path, batch: int | str) -> None:
        network = Network(means(tmp_path / "m.onnx", [batch, 3, 8, 16], [2, 3]), spec())
        rows = network.embed(pictures(RED, GREEN, BLUE, RED, GREEN))
        assert rows.dtype == np.float16
        np.testing.assert_array_equal(rows, np.eye(3)[[0, 1, 2, 0, 1]])
        assert network.embed(pictures(RED)[:0]).shape == (0, 3)

    def test_uint8_rows_last(self, tmp_path: Path) -> None:
        path = means(tmp_path / "m.onnx", ["n", 8, 16, 3], [1, 2], TensorProto.UINT8)
        network = Network(path, spec(Preprocessing(width=16, height=8)))
        assert network.embed(pictures(BLUE)).tolist() == [[0, 0, 255]]

    def test_two_heads_and_probabilities(self, tmp_path: Path) -> None:
        nodes = [
            helper.make_node("ReduceMean", ["x"], ["m"], axes=[2, 3], keepdims=0),
            helper.make_node("Softmax", ["m"], ["part"], axis=1),
            helper.make_node("Neg", ["m"], ["colour"]),
        ]
        path = write(
            tmp_path / "m.onnx",
            nodes,
            {"x": (TensorProto.FLOAT, ["n", 3, 8, 16])},
            {"colour": ["n", 3], "part": ["n", 3]},
        )
        part = HeadSpec(
            name="part", kind="categories", categories=("a", "b", "c"), form=Form(("part",), values="probabilities")
        )
        colour = HeadSpec(name="colour", kind="categories", categories=CATEGORIES, form=Form(("colour",)))
        folder = installed(tmp_path, path, spec(PLAIN, part, colour))
        model = load_model(folder)
        reply = model.answer([b""], model.backbone.embed(pictures(RED)))[0]
        e = np.e
        np.testing.assert_allclose(
            reply.heads["part"].probabilities, np.array([e, 1, 1]) / (e + 2), rtol=2e-3
        )  # half floats
        assert reply.heads["colour"].best.category in {"green", "blue"}

    def test_colours_that_are_wished_for(self, tmp_path: Path) -> None:
        nodes = [
            helper.make_node("ReduceMean", ["x"], ["m"], axes=[2, 3], keepdims=0),
            helper.make_node("ReduceMean", ["wished"], ["w"], axes=[1], keepdims=0),
            helper.make_node("Add", ["m", "w"], ["y"]),
        ]
        takes = {"x": (TensorProto.FLOAT, ["n", 3, 8, 16]), "wished": (TensorProto.FLOAT, ["n", 2, 3])}
        path = write(tmp_path / "m.onnx", nodes, takes, {"y": ["n", 3]})
        colours = {"colours_input": "wished", "colours": ((255, 0, 0), (255, 0, 0)), "colours_scale": 1 / 255}
        network = Network(path, spec(PLAIN.model_copy(update=colours)))
        assert network.embed(pictures(GREEN, BLUE)).tolist() == [[1, 1, 0], [1, 0, 1]]
        assert network.embed(pictures(GREEN), [(0, 0, 255), (0, 0, 255)]).tolist() == [[0, 1, 1]]

    def test_remembered_by_weights_and_by_how_pixels_reach_them(self, tmp_path: Path) -> None:
        path = means(tmp_path / "m.onnx", ["n", 3, 8, 16], [2, 3])
        one = Network(path, spec())
        assert one.cached
        assert Network(path, spec()).id == one.id
        assert Network(path, spec(PLAIN.model_copy(update={"colour": "BGR"}))).id != one.id

    def test_large_answers_are_not_remembered(self, tmp_path: Path) -> None:
        nodes = [helper.make_node("Identity", ["x"], ["y"])]
        side = 64
        how = PLAIN.model_copy(update={"width": side, "height": side})
        takes = {"x": (TensorProto.FLOAT, ["n", 3, side, side])}
        path = write(tmp_path / "m.onnx", nodes, takes, {"y": ["n", 3, side, side]})
        head = HeadSpec(name="picture", kind="image", form=Form(("y",)))
        network = Network(path, spec(how, head))
        assert network.dimensions == 3 * side * side > REMEMBERED
        assert not network.cached
        assert network.heads[0].form.shape == (3, side, side)


@pytest.mark.parametrize(
    ("how", "head", "said"),
    [
        (PLAIN.model_copy(update={"width": 32}), {}, "takes (any, 3, 8, 16) and not (any, 3, 8, 32)"),
        (PLAIN.model_copy(update={"layout": "NHWC"}), {}, "change size or layout"),
        (PLAIN.model_copy(update={"input": "z"}), {}, "no input z"),
        (PLAIN, {"form": Form(("logits",))}, "no output logits"),
        (PLAIN, {"categories": ("red", "green")}, "3 numbers a picture for 2 categories"),
        (PLAIN.model_copy(update={"dtype": "uint8", "scale": 1.0}), {}, "failed on x uint8"),
        (PLAIN.model_copy(update={"colours_input": "w", "colours": ((1, 2, 3),)}), {}, "no input w for colours"),
    ],
)
def test_what_does_not_fit_is_one_sentence(tmp_path: Path, how: Preprocessing, head: dict[str, Any], said: str) -> None:
    path = means(tmp_path / "m.onnx", ["n", 3, 8, 16], [2, 3])
    fields = {"name": "colour", "kind": "categories", "categories": CATEGORIES} | head
    with pytest.raises(ModelError) as caught:
        Network(path, spec(how, HeadSpec(**fields)))
    assert said in str(caught.value)
    assert str(caught.value).endswith(".")


def test_what_is_no_number_is_refused(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("ReduceMean", ["x"], ["m"], axes=[2, 3], keepdims=0),
        helper.make_node("Sub", ["m", "m"], ["zero"]),
        helper.make_node("Div", ["zero", "zero"], ["y"]),
    ]
    path = write(tmp_path / "m.onnx", nodes, {"x": (TensorProto.FLOAT, ["n", 3, 8, 16])}, {"y": ["n", 3]})
    with pytest.raises(ModelError, match=r"NaN"):
        Network(path, spec())


def installed(place: Path, path: Path, what: ModelSpec) -> Path:
    """A model folder."""
    folder = place / "installed"
    folder.mkdir()
    content = path.read_bytes()
    (folder / "model.onnx").write_bytes(content)
    what = what.model_copy(update={"model_hash": hashlib.sha256(content).hexdigest(), "model_size": len(content)})
    (folder / "metadata.json").write_text(what.to_json(), encoding="utf-8")
    return folder
