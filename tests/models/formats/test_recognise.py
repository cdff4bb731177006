"""What a file is, by its content, then by its name."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path

import pytest

from models.errors import ModelError
from models.formats import FORMATS, recognise
from tests.models.onnx_models import classifier, save


def zipped(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return path


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


GRAPH_DEF = b"\x0a\x20\x0a\x05input\x12\x0bPlaceholder" + bytes(40)
SAFETENSORS = (2).to_bytes(8, "little") + b"{}"


@pytest.mark.parametrize("name", ["model.onnx", "model.pt", "model.zip", "model"])
def test_onnx_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    found = recognise(save(classifier(), tmp_path / name))
    assert (found.name, found.refusal) == ("onnx", "")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("metadata.json", "model.onnx", "categories.json"), "ps2model"),
        (("inner/metadata.json", "inner/model.onnx"), "ps2model"),
        (("net/data.pkl", "net/constants.pkl", "net/version", "net/code/a.py"), "torchscript"),
        (("archive/data.pkl", "archive/version", "archive/data/0"), "pytorch"),
        (("config.json", "metadata.json", "model.weights.h5"), "keras"),
    ],
)
def test_zips_by_what_is_in_them(tmp_path: Path, names: tuple[str, ...], expected: str) -> None:
    assert recognise(zipped(tmp_path / "file.onnx", *names)).name == expected


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("weights.pt", pickle.dumps({"a": 1}, 2), "pickle"),
        ("model.onnx", pickle.dumps([1], 5), "pickle"),
        ("weights.bin", SAFETENSORS, "safetensors"),
        ("frozen.pb", GRAPH_DEF, "frozen_graph"),
        ("saved_model.pb", b"\x08\x01\x12\x04\x0a\x02\x08\x01", "saved_model"),
        ("old.h5", b"\x89HDF\r\n\x1a\n" + bytes(20), "hdf5"),
        ("lite.bin", b"\x1c\0\0\0TFL3" + bytes(20), "tflite"),
        ("small.bin", b"\x1c\0\0\0ORTM" + bytes(20), "ort"),
        ("cut.onnx", b"nonsense", "onnx"),
        ("cut.pth", b"nonsense", "pytorch"),
        ("CUT.H5", b"nonsense", "hdf5"),
    ],
)
def test_files_by_their_first_bytes_then_by_their_ending(
    tmp_path: Path, name: str, content: bytes, expected: str
) -> None:
    assert recognise(written(tmp_path / name, content)).name == expected


def test_a_saved_model_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    with pytest.raises(ModelError, match="net is a folder without a model in it"):
        recognise(tmp_path / "net")
    written(tmp_path / "net" / "saved_model.pb", b"\x08\x01")
    assert recognise(tmp_path / "net").name == "saved_model"


def test_every_format_is_opened_or_says_why_not() -> None:
    opened = {one.name for one in FORMATS if not one.refusal and not one.converter}
    assert opened == {"onnx", "ps2model"}
    by = {variant: {one.name for one in FORMATS if one.converter == variant} for variant in ("torch", "tensorflow")}
    assert by["torch"] == {"torchscript", "pytorch", "safetensors"}
    assert by["tensorflow"] == {"saved_model", "frozen_graph", "hdf5", "keras"}
    assert not any(one.refusal and one.converter for one in FORMATS)
    assert len({one.name for one in FORMATS}) == len(FORMATS)
    for one in FORMATS:
        if one.refusal:
            sentence = str(one.refuse(Path("/models/thing.bin")))
            assert sentence.startswith(f"thing.bin is {one.title}, ")
            assert sentence.count(".") - sentence.count("thing.bin") - 2 * sentence.count("torch.onnx.export") == 1


def test_a_pickle_is_refused_with_the_reason(tmp_path: Path) -> None:
    path = written(tmp_path / "net.joblib", pickle.dumps({"a": 1}))
    assert "opening one runs whatever code it holds" in str(recognise(path).refuse(path))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.onnx", b"", r"^empty\.onnx is empty \(0 bytes\)"),
        ("notes.txt", b"hello", r"^notes\.txt is no model that Sortwerk knows; choose an ONNX file"),
        ("cut.ps2model", b"PK\x03\x04cut off", r"cut\.ps2model is not a zip archive, or a damaged one"),
    ],
)
def test_what_is_no_model(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(ModelError, match=sentence):
        recognise(written(tmp_path / name, content))


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.onnx is not there"):
        recognise(tmp_path / "none.onnx")
