"""What is said of models that have to be converted, where no engine is; tests/engine converts them."""

from __future__ import annotations

import json
import os
import pickle
import zipfile
from pathlib import Path

import pytest

from desktop.actions.converting import architectures, convert, wants_conversion
from models.errors import EngineError, ModelError
from tests.desktop.cli.program import sortwerk
from tests.models.onnx_models import classifier, save


@pytest.fixture(autouse=True)
def no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "engines"
    monkeypatch.setenv("SORTWERK_ENGINES", str(folder))
    return folder


def checkpoint(path: Path, content: bytes = pickle.dumps({}, 2)) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", content)
        archive.writestr("archive/version", b"3")
    return path


def test_without_an_engine_the_sentence_says_how_to_get_one(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(EngineError) as said:
        convert(checkpoint(tmp_path / "net.pth"), tmp_path / "out")
    sentence = str(said.value)
    assert sentence.startswith("net.pth is a PyTorch checkpoint, which PyTorch has to turn into ONNX: ")
    assert "Settings > Engine" in sentence
    assert "sortwerk engine install torch" in sentence
    assert list((tmp_path / "out").iterdir()) == []


def test_tensorflow_is_another_engine(tmp_path: Path) -> None:
    folder = tmp_path / "net"
    folder.mkdir()
    (folder / "saved_model.pb").write_bytes(b"\x08\x01")
    with pytest.raises(EngineError, match=r"^net is a TensorFlow SavedModel, which .* engine install tensorflow"):
        convert(folder, tmp_path)


def test_what_must_not_be_opened_is_refused_before_an_engine_is_asked_for(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> object:
            return os.system, ("true",)

    path = checkpoint(tmp_path / "evil.pth", pickle.dumps(Evil(), 2))
    with pytest.raises(ModelError, match=r"^evil\.pth runs \w+\.system as soon as it is opened"):
        convert(path, tmp_path)


def test_what_needs_no_conversion(tmp_path: Path) -> None:
    path = save(classifier(), tmp_path / "net.onnx")
    assert wants_conversion(path) is None
    with pytest.raises(ModelError, match=r"net\.onnx needs no conversion; import it as it is"):
        convert(path, tmp_path)


def test_architectures_are_known_without_an_engine() -> None:
    known = architectures()
    assert len(known) > 1300
    assert {"resnet50", "efficientnet_b0", "tf_efficientnet_b0", "fcos_resnet50_fpn"} <= set(known)


def test_from_the_command_line(tmp_path: Path, workspace: Path) -> None:
    good = save(classifier(), tmp_path / "good.onnx")
    done = sortwerk("models", "import", checkpoint(tmp_path / "net.pth"), good, "--architecture", "resnet18", "--json")
    assert done.returncode == 1
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first["error"].startswith("net.pth is a PyTorch checkpoint, which PyTorch has to turn into ONNX: ")
    assert Path(second["folder"]).is_dir()
