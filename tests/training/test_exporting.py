"""Out of the program and in again, on real pictures: the same answers, and it goes on learning without the old ones."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from desktop.actions.classify import Classifier
from desktop.actions.models import new_model
from models.errors import ModelError
from models.library import load_backbone, load_model, on_bundled, readable_spec
from models.network import Network
from models.package import author_key, inspect_package, install
from models.spec import ModelSpec
from tests.models.package.packages import members_1_0, zipped
from training.correction_record import Correction
from training.exporting import CROSS_VALIDATION, ExportOptions, export_package
from training.learner import Learner
from training.model_folder import WRONG
from training.pictures import read_table, squares

WHEN = "2026-01-02T03:04:05"
TAUGHT = 60


@pytest.fixture(scope="module")
def pictures(data: Path) -> tuple[list[Path], list[str]]:
    rows = [row for row in read_table(data / "textures" / "labels.csv") if row["split"] == "test"][: TAUGHT + 30]
    return [data / "textures" / row["file"] for row in rows], [row["category"] for row in rows]


@pytest.fixture
def taught(tmp_path: Path, pictures: tuple[list[Path], list[str]]) -> Iterator[Learner]:
    """A model that was made here, with two questions, and taught by 60 textures."""
    folder = new_model("My textures", ["material", "what it is like"])
    with Classifier(folder) as classifier:
        teach(classifier.learner, *pictures)
        classifier.learner.settle(WRONG)
        yield classifier.learner


def teach(
    learner: Learner, paths: Sequence[Path], categories: Sequence[str], start: int = 0, stop: int = TAUGHT
) -> None:
    chosen = list(zip(paths, categories, strict=True))[start:stop]
    rows = np.concatenate([learner.backbone.embed(batch) for batch in squares([path for path, _ in chosen], 224)])
    contents = [hashlib.sha256(path.read_bytes()).digest() for path, _ in chosen]
    said = []
    for content, (path, category) in zip(contents, chosen, strict=True):
        second = "hard" if category in ("metal", "stone", "brick") else "soft"
        for head, label in ((learner.spec.heads[0].name, category), ("what it is like", second)):
            if head in {one.name for one in learner.spec.heads}:
                said.append(
                    Correction(
                        str(path), label, texture_hash=content.hex(), head=head, model=learner.id, annotator="me"
                    )
                )
    learner.record(said, dict(zip(contents, rows, strict=True)))


def answers(learner: Learner, paths: Sequence[Path]) -> dict[str, np.ndarray]:
    """Head -> probabilities of all pictures, (N, n), whatever a person has said of them."""
    rows = np.concatenate([learner.backbone.embed(batch) for batch in squares(paths, 224)])
    replies = learner.answer([b"%d" % number for number in range(len(rows))], rows)
    return {head: np.stack([one.heads[head].probabilities for one in replies]) for head in replies[0].heads}


def packed(learner: Learner, folder: Path | None, target: Path, **options: object) -> ModelSpec:
    return export_package(learner, folder, target, ExportOptions(**{"created": WHEN, **options}))  # type: ignore[arg-type]


def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str = "elsewhere") -> Path:
    """On from here on a computer that knows nothing of what was before."""
    home = tmp_path / name
    monkeypatch.setenv("SORTWERK_HOME", str(home))
    return home


def brought_in(path: Path) -> Path:
    with inspect_package(path) as inspected:
        return install(inspected)


def test_with_its_state_it_says_the_same_and_goes_on_learning(
    taught: Learner,
    pictures: tuple[list[Path], list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    workspace: Path,
) -> None:
    paths, _ = pictures
    before = answers(taught, paths[TAUGHT:])
    spec = packed(taught, workspace / "models" / "My textures", tmp_path / "a.ps2model")
    assert spec.id != taught.id
    elsewhere(monkeypatch, tmp_path)
    shutil.rmtree(workspace)  # the pictures' embeddings are nowhere but in the package now
    with Classifier(brought_in(tmp_path / "a.ps2model")) as classifier:
        learner = classifier.learner
        after = answers(learner, paths[TAUGHT:])
        for head, numbers in before.items():
            np.testing.assert_array_equal(after[head], numbers)
        assert learner.spec.heads[0].unknown_below == taught.calibration("material").unknown_below
        one = learner.learning_heads()[0]
        assert one is not None
        assert len(one.head.examples) == TAUGHT
        teach(learner, paths, ["velvet"] * len(paths), TAUGHT, TAUGHT + 5)
        assert "velvet" in learner.head().categories
        learned = answers(learner, paths[TAUGHT:])["material"]
        place = learner.head().categories.index("velvet")
        assert (learned[:5].argmax(axis=1) == place).all()
        learner.undo()
        undone = answers(learner, paths[TAUGHT:])["material"]
        np.testing.assert_allclose(undone, before["material"], atol=1e-5)


def test_without_its_state_it_says_the_same_and_learns_nothing(
    taught: Learner,
    pictures: tuple[list[Path], list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    workspace: Path,
) -> None:
    paths, _ = pictures
    before = answers(taught, paths[TAUGHT:])
    packed(taught, workspace / "models" / "My textures", tmp_path / "a.ps2model", with_state=False)
    elsewhere(monkeypatch, tmp_path)
    folder = brought_in(tmp_path / "a.ps2model")
    assert not list(folder.glob("state-*"))
    with Classifier(folder) as classifier:
        assert classifier.learner.learning_heads() == (None, None)
        after = answers(classifier.learner, paths[TAUGHT:])
    for head, numbers in before.items():
        np.testing.assert_allclose(after[head], numbers, atol=1e-5)
    # And once more, from what was imported
    with Classifier(folder) as classifier:
        packed(classifier.learner, folder, tmp_path / "b.ps2model")
    with Classifier(brought_in(tmp_path / "b.ps2model")) as classifier:
        again = answers(classifier.learner, paths[TAUGHT:])
    for head, numbers in after.items():
        np.testing.assert_array_equal(again[head], numbers)


def test_any_onnx_runtime_gives_the_same_answers(
    taught: Learner, pictures: tuple[list[Path], list[str]], tmp_path: Path, workspace: Path
) -> None:
    paths, _ = pictures
    before = answers(taught, paths[TAUGHT:])
    spec = packed(taught, workspace / "models" / "My textures", tmp_path / "a.ps2model")
    folder = brought_in(tmp_path / "a.ps2model")
    assert [head.form.outputs for head in spec.heads] == [("material",), ("what_it_is_like",)]
    # As where the bundled backbone is another one: then the whole network answers
    fields = json.loads((folder / "metadata.json").read_text(encoding="utf-8")) | {"backbone": "another-2"}
    (folder / "metadata.json").write_text(json.dumps(fields), encoding="utf-8")
    other = readable_spec(folder)
    assert not on_bundled(folder, other)
    network = load_backbone(folder, other)
    assert isinstance(network, Network)
    model = load_model(folder)
    rows = np.concatenate([network.embed(batch) for batch in squares(paths[TAUGHT:], 224)])
    replies = model.answer([b""] * len(rows), rows)
    for head, numbers in before.items():
        given = np.stack([one.heads[head].probabilities for one in replies])
        np.testing.assert_allclose(given, numbers, atol=2e-3)  # logits are kept as half floats there
        assert (given.argmax(axis=1) == numbers.argmax(axis=1)).mean() > 0.95


def test_the_same_model_gives_the_same_bytes_and_says_how_good_it_is(
    taught: Learner, pictures: tuple[list[Path], list[str]], tmp_path: Path, workspace: Path
) -> None:
    folder = workspace / "models" / "My textures"
    spec = packed(taught, folder, tmp_path / "a.ps2model", author="Anna", version="2.0.0", license="MIT")
    packed(taught, folder, tmp_path / "b.ps2model", author="Anna", version="2.0.0", license="MIT")
    assert (tmp_path / "a.ps2model").read_bytes() == (tmp_path / "b.ps2model").read_bytes()
    assert (spec.author, spec.version, spec.license, spec.created) == ("Anna", "2.0.0", "MIT", WHEN)
    figures = {one.head: one for one in spec.accuracy}
    assert {one.split for one in figures.values()} == {CROSS_VALIDATION}
    assert {one.images for one in figures.values()} == {TAUGHT}
    assert 0.2 < figures["material"].value < 0.95
    assert len(spec.data_fingerprint) == 64
    # Whoever has the cache already, as the window does, gets the same
    with Classifier(folder) as classifier:
        packed(classifier.learner, folder, tmp_path / "c.ps2model", author="Anna", version="2.0.0", license="MIT")
    assert (tmp_path / "a.ps2model").read_bytes() == (tmp_path / "c.ps2model").read_bytes()


def test_the_starter_model_as_it_ships(tmp_path: Path) -> None:
    with Classifier() as classifier:
        spec = packed(classifier.learner, None, tmp_path / "a.ps2model")
        shipped = classifier.spec
    assert spec.accuracy == shipped.accuracy
    assert (spec.heads[0].temperature, spec.heads[0].unknown_below) == (
        shipped.heads[0].temperature,
        shipped.heads[0].unknown_below,
    )
    with inspect_package(tmp_path / "a.ps2model") as inspected:
        assert inspected.has_state
        assert inspected.categories["material"][0].description
        assert (inspected.folder / "README.md").is_file()


def test_what_is_the_persons_own_affair_stays(taught: Learner, tmp_path: Path, workspace: Path) -> None:
    folder = workspace / "models" / "My textures"
    packed(taught, folder, tmp_path / "a.ps2model")
    packed(taught, folder, tmp_path / "b.ps2model", with_corrections=True)
    plain = (tmp_path / "a.ps2model").read_bytes()
    names = {Path(one.texture_path).name for one in taught.corrections()}
    assert not [name for name in names if name.encode() in plain]
    folder = brought_in(tmp_path / "b.ps2model")
    records = json.loads((folder / "training_data.json").read_bytes())
    assert len(records) == 2 * TAUGHT
    assert {one["texture_path"] for one in records} == names
    assert {one["annotator"] for one in records} == {""}
    assert str(workspace).encode() not in (tmp_path / "b.ps2model").read_bytes()


def test_what_knows_nothing_is_not_exported(tmp_path: Path) -> None:
    folder = new_model("Empty", ["material"])
    with Classifier(folder) as classifier, pytest.raises(ModelError) as raised:
        packed(classifier.learner, folder, tmp_path / "a.ps2model")
    assert str(raised.value) == (
        "Empty has learned nothing about material yet; say what a few pictures are, and export it then."
    )
    assert not (tmp_path / "a.ps2model").exists()


def test_a_network_of_its_own_goes_on_as_it_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pictures: tuple[list[Path], list[str]]
) -> None:
    paths, _ = pictures
    folder = brought_in(zipped(tmp_path / "a.ps2model", members_1_0()))
    with Classifier(folder) as classifier:
        learner = classifier.learner
        rows = np.concatenate([learner.backbone.embed(batch) for batch in squares(paths[:8], 32)])
        said = Correction("walls/a.png", "wood", texture_hash="ab" * 32, head="category", model=learner.id)
        learner.record([said])
        before = [one.heads["category"].probabilities for one in learner.answer([b""] * 8, rows)]
        spec = packed(learner, folder, tmp_path / "b.ps2model", name="Mine", with_corrections=True)
    assert spec.name == "Mine"
    assert spec.id not in ("", learner.id)
    elsewhere(monkeypatch, tmp_path)
    folder = brought_in(tmp_path / "b.ps2model")
    with Classifier(folder) as classifier:
        after = [one.heads["category"].probabilities for one in classifier.learner.answer([b""] * 8, rows)]
    np.testing.assert_array_equal(after, before)
    (record,) = json.loads((folder / "training_data.json").read_bytes())
    assert (record["texture_path"], record["corrected_category"], record["model"]) == ("a.png", "wood", spec.id)


def test_a_signature_needs_a_name(tmp_path: Path) -> None:
    with Classifier() as classifier:
        with pytest.raises(ModelError, match="A signature needs the name of its author"):
            packed(classifier.learner, None, tmp_path / "a.ps2model", key=author_key())
        packed(classifier.learner, None, tmp_path / "a.ps2model", key=author_key(), author="Anna")
    with inspect_package(tmp_path / "a.ps2model") as inspected:
        assert inspected.signed is not None
        assert inspected.signed.author == "Anna"
