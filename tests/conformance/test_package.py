"""The calls of the format's document; only the line that imports is another one."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.models.onnx_models import classifier, save
from tests.models.package.packages import NAMES, members_1_0, zipped


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what the document takes for granted."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    (tmp_path / "exports").mkdir()
    save(classifier(4, side=224), tmp_path / "models" / "my_model.onnx")
    return tmp_path


def test_export_and_import(capsys: pytest.CaptureFixture[str], here: Path, workspace: Path) -> None:
    from models import ModelExporter, ModelImporter

    # Export a model
    exporter = ModelExporter()
    exporter.export_model(
        model_path=Path("models/my_model.onnx"),
        output_path=Path("exports/my_model.ps2model"),
        name="Custom PS2 Texture Classifier",
        version="1.0.0",
        author="Your Name",
        categories=["metal", "stone", "wood", "fabric"],
        description="Custom trained model for PS2 textures",
    )

    # Import a model
    importer = ModelImporter()
    result = importer.import_model(Path("exports/my_model.ps2model"))
    if result:
        print(f"Model installed to: {result['install_dir']}")  # noqa: T201  # the document's own

    assert result is not None
    assert capsys.readouterr().out == f"Model installed to: {result['install_dir']}\n"
    assert result["install_dir"].parent == workspace / "models"
    assert result["model_path"] == result["install_dir"] / "model.onnx"
    assert result["model_path"].read_bytes() == (here / "models" / "my_model.onnx").read_bytes()
    assert result["metadata"]["name"] == "Custom PS2 Texture Classifier"
    assert result["metadata"]["author"] == "Your Name"
    assert [one["name"] for one in result["categories"]] == ["metal", "stone", "wood", "fabric"]


def test_the_package_is_as_the_document_draws_it(here: Path) -> None:
    from models import ModelExporter

    path = here / "exports" / "a.ps2model"
    training_data = [{"id": 1, "texture_path": "a.dds", "corrected_category": "metal"}]
    ModelExporter().export_model(
        here / "models" / "my_model.onnx",
        path,
        "Custom",
        categories=list(NAMES),
        readme="# Custom",
        training_data=training_data,
    )
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == [
            "README.md",
            "categories.json",
            "metadata.json",
            "model.onnx",
            "training_data.json",
        ]
        fields = json.loads(archive.read("metadata.json"))
        assert json.loads(archive.read("training_data.json")) == training_data
    document = json.loads(members_1_0()["metadata.json"])
    assert document.keys() <= fields.keys()
    assert {name: type(fields[name]) for name in document} == {name: type(value) for name, value in document.items()}


def test_a_failed_import_is_none_and_keeps_what_is_there(here: Path, workspace: Path) -> None:
    from models import ModelImporter

    importer = ModelImporter()
    good = importer.import_model(zipped(here / "good.ps2model", members_1_0()))
    assert good is not None
    (here / "bad.ps2model").write_bytes((here / "good.ps2model").read_bytes()[:-100])
    assert importer.import_model(here / "bad.ps2model") is None
    assert importer.error is not None
    assert importer.error.startswith("bad.ps2model is cut off")
    assert [one.name for one in (workspace / "models").iterdir()] == [good["install_dir"].name]
