"""PyTorch's files become ONNX files that answer as they did, by the engine that the product has installed."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import pytest

from desktop.actions.converting import TOLERANCE, convert, converted, wants_conversion
from desktop.actions.packages import propose_spec
from models.errors import Cancelled, ModelError, SortwerkError, UnknownArchitectureError, WorkerError
from models.spec import IMAGENET_MEAN, IMAGENET_STD
from models.worker import Limits
from training.engine.environment import Engine

pytestmark = pytest.mark.engine

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def files(torch_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pytorch")
    command = [torch_engine.python, "-m", "tests.engine.pytorch_files", folder]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True)
    return folder


@pytest.mark.parametrize(
    ("name", "architecture", "categories"),
    [
        ("several.pth", "squeezenet1_1 (torchvision)", 5),
        pytest.param("older.pth", "squeezenet1_1 (torchvision)", 5, marks=pytest.mark.slow),
        ("mine.safetensors", "mobilenetv4_conv_small_035 (timm)", 3),
        pytest.param("averaged.pth.tar", "mobilenetv4_conv_small_035 (timm)", 3, marks=pytest.mark.slow),
        ("last.ckpt", "mobilenetv4_conv_small_035 (timm)", 3),
        pytest.param("tf-efficientnet-lite0 best.pth", "tf_efficientnet_lite0 (timm)", 4, marks=pytest.mark.slow),
        ("traced.pt", "TorchScript", 5),
        ("scripted.pt", "TorchScript", 5),
    ],
)
def test_what_arrives_answers_as_the_original(
    name: str, architecture: str, categories: int, files: Path, torch_engine: Engine
) -> None:
    steps: list[str] = []
    with converted(files / name, engine=torch_engine, on_progress=lambda step: steps.append(step.words)) as made:
        assert made.architecture == architecture
        assert all(one.share < TOLERANCE / 10 and one.high > 0 and not one.problem for one in made.differences)
        assert made.reasons[-1].startswith("On made-up pictures the ONNX file and the original differ by ")
        assert "Reading it" in steps
        spec, _ = propose_spec(made.network)
        network = made.network
    assert not network.exists()
    (head,) = spec.heads
    assert (head.kind, len(head.categories)) == ("categories", categories)
    assert spec.preprocessing.size == (224, 224)
    if architecture != "TorchScript":
        assert spec.preprocessing.fit == "crop"
    if "squeezenet" in architecture:
        assert (spec.preprocessing.mean, spec.preprocessing.std) == (IMAGENET_MEAN, IMAGENET_STD)
    if "lite0" in architecture:
        assert spec.preprocessing.mean == (0.5, 0.5, 0.5)


def test_twins_are_asked_about(files: Path, torch_engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(UnknownArchitectureError, match="answer differently; say which") as asked:
        convert(files / "weights.pth", tmp_path, engine=torch_engine)
    assert set(asked.value.candidates) == {"efficientnet_lite0", "tf_efficientnet_lite0"}
    assert list(tmp_path.iterdir()) == []
    made = convert(files / "weights.pth", tmp_path, architecture="efficientnet_lite0", engine=torch_engine)
    assert made.architecture == "efficientnet_lite0 (timm)"
    assert list(tmp_path.iterdir()) == [made.network]


@pytest.mark.parametrize(
    ("name", "architecture", "sentence"),
    [
        (
            "own.pth",
            "",
            r"^The 2 tensors of own\.pth fit no architecture of timm or torchvision; name",
        ),
        ("several.pth", "resnet18", r"^The weights are not those of resnet18 \(torchvision\): there is no \S+; name"),
        ("several.pth", "resnet1800", r"^Neither timm nor torchvision has an architecture resnet1800; choose one"),
        ("headless.pth", "", r"without its last layer, so they name no categories"),
        ("whole.pt", "", r"^whole\.pt holds a whole model \(torchvision\.models\.squeezenet\.SqueezeNet\)"),
        ("cut.pth", "", r"^cut\.pth is not a zip archive, or a damaged one"),
        ("cut.safetensors", "", r"^cut\.safetensors is damaged or holds more than weights"),
    ],
)
def test_what_is_refused_leaves_nothing(
    name: str, architecture: str, sentence: str, files: Path, torch_engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=sentence) as refused:
        convert(files / name, tmp_path, architecture=architecture, engine=torch_engine)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_file_whose_bytes_were_changed_gives_a_sentence(files: Path, torch_engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(SortwerkError):
        convert(files / "bent.pth", tmp_path, engine=torch_engine, limits=Limits(memory=6 << 30, seconds=120))
    assert list(tmp_path.iterdir()) == []


def test_the_name_of_a_file_says_nothing(files: Path, torch_engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "squeezed.onnx"
    path.write_bytes((files / "several.pth").read_bytes())
    found = wants_conversion(path)
    assert found is not None
    assert found.name == "pytorch"


def test_a_tolerance_of_nothing_is_not_met(files: Path, torch_engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"answers up to \S+ of the largest number otherwise than the original, and 0"):
        convert(files / "mine.safetensors", tmp_path, tolerance=0, engine=torch_engine)
    assert list(tmp_path.iterdir()) == []


def test_too_little_memory_is_a_sentence(files: Path, torch_engine: Engine, tmp_path: Path) -> None:
    limits = Limits(memory=100 << 20, seconds=300)
    with pytest.raises(WorkerError, match=r"^several\.pth needs more memory than the 0\.098 GiB it may have"):
        convert(files / "several.pth", tmp_path, engine=torch_engine, limits=limits)
    assert list(tmp_path.iterdir()) == []


def test_stopping_leaves_nothing(files: Path, torch_engine: Engine, tmp_path: Path) -> None:
    cancel = threading.Event()
    with pytest.raises(Cancelled):
        convert(files / "several.pth", tmp_path, engine=torch_engine, cancel=cancel, on_progress=lambda _: cancel.set())
    assert list(tmp_path.iterdir()) == []
