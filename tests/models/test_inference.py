from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from models.errors import ModelError
from models.inference import OnnxInferenceSession, available_providers, is_available, run_batch_inference

ROOT = Path(__file__).resolve().parents[2]


def write_network(path: Path, batch: int | str = "n", kind: int = TensorProto.FLOAT) -> Path:
    """A network that sums each picture (batch, 3, 4, 4) over its pixels, to (batch, 3)."""
    nodes = [
        helper.make_node("Cast", ["image"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["floats", "axes"], ["sums"], keepdims=0),
    ]
    graph = helper.make_graph(
        nodes,
        "sums",
        [helper.make_tensor_value_info("image", kind, [batch, 3, 4, 4])],
        [helper.make_tensor_value_info("sums", TensorProto.FLOAT, [batch, 3])],
        [helper.make_tensor("axes", TensorProto.INT64, [2], [2, 3])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, {"version": "1.2.3"})
    onnx.save(model, str(path))
    return path


@pytest.fixture
def network(tmp_path: Path) -> Path:
    return write_network(tmp_path / "sums.onnx")


def test_the_documented_example(network: Path) -> None:
    assert is_available()
    session = OnnxInferenceSession(str(network), num_threads=4)
    assert session.is_ready()
    assert session.error is None
    image = np.random.default_rng(0).standard_normal((1, 3, 4, 4)).astype(np.float32)
    assert session.run(image) == pytest.approx(image.sum((2, 3)), abs=1e-5)


def test_a_batch_of_pictures_in_the_documented_form(network: Path) -> None:
    images = [np.full((3, 4, 4), i, np.float32) for i in range(100)]
    results = run_batch_inference(network, images, batch_size=7)
    assert [result.tolist() for result in results] == [[16.0 * i] * 3 for i in range(100)]
    assert run_batch_inference(network, []) == []


def test_a_network_for_one_picture_at_a_time_gets_one_at_a_time(tmp_path: Path) -> None:
    fixed = write_network(tmp_path / "fixed.onnx", batch=1)
    assert [r[0] for r in run_batch_inference(fixed, [np.full((3, 4, 4), i, np.float32) for i in range(5)])] == [
        0.0,
        16.0,
        32.0,
        48.0,
        64.0,
    ]


def test_shapes_and_metadata(network: Path) -> None:
    session = OnnxInferenceSession(network)
    assert session.input_shape == (None, 3, 4, 4)
    assert session.output_shape == (None, 3)
    assert session.metadata == {"version": "1.2.3"}


def test_numbers_are_converted_only_where_none_can_overflow(tmp_path: Path, network: Path) -> None:
    assert OnnxInferenceSession(network).run(np.ones((1, 3, 4, 4), np.float64)).tolist() == [[16.0] * 3]
    pixels = OnnxInferenceSession(write_network(tmp_path / "pixels.onnx", kind=TensorProto.UINT8))
    assert pixels.run(np.full((1, 3, 4, 4), 255, np.uint8)).tolist() == [[4080.0] * 3]
    with pytest.raises(ModelError, match="takes uint8 and was given float32"):
        pixels.run(np.ones((1, 3, 4, 4), np.float32))


def test_many_threads_share_a_session(network: Path) -> None:
    session = OnnxInferenceSession(network, num_threads=1)
    with ThreadPoolExecutor(8) as pool:
        sums = list(pool.map(lambda i: session.run(np.full((2, 3, 4, 4), i, np.float32)), range(200)))
    assert all((found == 16.0 * i).all() for i, found in enumerate(sums))


def test_providers_that_are_not_here_are_left_out(network: Path) -> None:
    assert "CPUExecutionProvider" in available_providers()
    session = OnnxInferenceSession(network, providers=["NoSuchExecutionProvider", "CPUExecutionProvider"])
    assert session.providers == ("CPUExecutionProvider",)


@pytest.mark.parametrize("content", [b"", b"not a network", bytes(100)], ids=["empty", "text", "zeros"])
def test_a_damaged_model_is_not_ready_and_says_why(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.onnx"
    path.write_bytes(content)
    session = OnnxInferenceSession(path)
    assert not session.is_ready()
    assert session.providers == ()
    assert session.error is not None
    assert str(path) in session.error
    assert "\n" not in session.error
    with pytest.raises(ModelError, match=r"broken\.onnx can't be loaded"):
        session.run(np.zeros((1, 3, 4, 4), np.float32))


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    session = OnnxInferenceSession(tmp_path / "none.onnx")
    assert not session.is_ready()
    with pytest.raises(ModelError, match="is not there; check the path"):
        _ = session.input_shape
    with pytest.raises(ModelError, match="is not there"):
        run_batch_inference(tmp_path / "none.onnx", [])


def test_an_input_of_the_wrong_shape_is_one_sentence(network: Path) -> None:
    with pytest.raises(ModelError, match=r"failed on an input of shape \(1, 3, 5, 5\) .*it takes \(None, 3, 4, 4\)"):
        OnnxInferenceSession(network).run(np.zeros((1, 3, 5, 5), np.float32))
    with pytest.raises(ValueError, match="at least 1"):
        run_batch_inference(network, [], batch_size=0)


def run_python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_without_onnxruntime_it_says_so_and_does_not_fail() -> None:
    # None in sys.modules is how Python itself marks a module that can't be imported.
    code = (
        "import sys; sys.modules['onnxruntime'] = None\n"
        "from models.inference import OnnxInferenceSession, available_providers, is_available\n"
        "session = OnnxInferenceSession('any.onnx', num_threads=4)\n"
        "print(is_available(), available_providers(), session.is_ready(), session.error)"
    )
    assert run_python(code).startswith("False [] False ONNX Runtime is not installed; install it with")


def test_importing_the_module_does_not_load_the_runtime() -> None:
    assert run_python("import sys, models.inference; print('onnxruntime' in sys.modules)").strip() == "False"


def test_a_device_that_is_not_here_is_a_notice_and_the_processor_does_it(tmp_path: Path) -> None:
    path = write_network(tmp_path / "model.onnx")
    session = OnnxInferenceSession(path, providers=["CUDAExecutionProvider"])
    assert session.is_ready()
    assert session.providers == ("CPUExecutionProvider",)
    assert session.notice == (
        "The NVIDIA graphics card could not be used for model.onnx; the processor does the work instead."
    )
    assert OnnxInferenceSession(path).notice == ""
    assert OnnxInferenceSession(path, providers=["CPUExecutionProvider"]).notice == ""
