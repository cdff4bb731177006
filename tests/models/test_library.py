import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelError
from models.library import BUNDLED, load_model


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    """A copy of the starter model, to be broken."""
    return Path(shutil.copytree(BUNDLED / "starter", tmp_path / "starter"))


def change_spec(folder: Path, **changes: object) -> None:
    path = folder / "metadata.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")


def change_head(folder: Path, **changes: object) -> None:
    """Write other arrays (None: none; or a function of the old) and state their hash, as a faulty writer would."""
    with np.load(folder / "head.npz") as file:
        arrays = {name: file[name] for name in file.files}
    arrays |= {name: change(arrays[name]) if callable(change) else change for name, change in changes.items()}
    np.savez(folder / "head.npz", **{name: array for name, array in arrays.items() if array is not None})
    change_spec(folder, model_hash=hashlib.sha256((folder / "head.npz").read_bytes()).hexdigest())


def test_the_starter_model_answers_with_probabilities() -> None:
    model = load_model()
    pictures = np.random.default_rng(0).integers(0, 256, (3, 224, 224, 3), np.uint8)
    replies = model.answer([b"a", b"b", b"c"], model.backbone.embed(pictures))
    assert len(replies) == 3
    head = model.spec.heads[0]
    for reply in replies:
        assert list(reply.heads) == [head.name]
        assert reply.heads[head.name].categories == head.categories
        assert reply.heads[head.name].probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert model.spec.num_categories == len(head.categories)


def test_an_answer_is_the_formula_of_the_head(starter: Path) -> None:
    model = load_model(starter)
    embeddings = np.random.default_rng(1).normal(size=(5, model.backbone.dimensions)).astype(np.float16)
    with np.load(starter / "head.npz") as head:
        logits = ((embeddings.astype(np.float64) - head["mean"]) / head["scale"]) @ head["weights"] + head["bias"]
    expected = np.exp(logits - logits.max(axis=1, keepdims=True))
    expected /= expected.sum(axis=1, keepdims=True)
    given = [reply.heads["material"].probabilities for reply in model.answer([b""] * 5, embeddings)]
    np.testing.assert_allclose(given, expected, atol=1e-3)


def test_the_same_picture_alone_and_among_others_is_the_same() -> None:
    model = load_model()
    pictures = np.random.default_rng(2).integers(0, 256, (4, 224, 224, 3), np.uint8)
    together = model.backbone.embed(pictures)
    alone = np.concatenate([model.backbone.embed(picture[None]) for picture in pictures])
    np.testing.assert_allclose(together.astype(np.float32), alone.astype(np.float32), rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "head.npz").unlink(), "can't be read"),
        (lambda folder: (folder / "head.npz").write_bytes(b"noise"), "altered or damaged"),
        (lambda folder: (folder / "metadata.json").unlink(), "has no metadata.json"),
        (lambda folder: change_spec(folder, backbone="another-1"), "needs the backbone another-1"),
        (lambda folder: change_spec(folder, backbone=None), "model.onnx is not there"),
        (lambda folder: change_spec(folder, heads=[]), "answers nothing"),
        (lambda folder: change_spec(folder, heads=[{"name": "m", "kind": "smell"}]), "answers m (smell)"),
        (lambda folder: change_spec(folder, package_version="2.0"), "not 1.x"),
        (lambda folder: change_head(folder, mean=None), "mean is not float32"),
        (lambda folder: change_head(folder, bias=np.zeros(3, np.float32)), "bias is not float32"),
        (lambda folder: change_head(folder, bias=lambda bias: bias * np.float32(np.nan)), "bias is not float32"),
        (lambda folder: change_head(folder, scale=np.zeros_like), "a scale is zero"),
        (lambda folder: change_head(folder, extra=np.array([{}], object)), "is damaged"),
    ],
)
def test_a_spoilt_model_is_one_sentence(starter: Path, spoil: Callable[[Path], object], said: str) -> None:
    spoil(starter)
    with pytest.raises(ModelError) as caught:
        load_model(starter)
    assert said in str(caught.value)
    assert str(starter) in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("content", [b"", b"PK\3\4 cut off", b"\x93NUMPY", b"noise"])
def test_weights_that_are_no_archive_are_one_sentence(starter: Path, content: bytes) -> None:
    (starter / "head.npz").write_bytes(content)
    change_spec(starter, model_hash="")
    with pytest.raises(ModelError, match="is damaged"):
        load_model(starter)
