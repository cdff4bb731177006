from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop.actions.models import (
    find_installed,
    find_model,
    list_models,
    new_model,
    remove_model,
    rename_model,
    restore_model,
)
from desktop.actions.packages import ExportOptions, export_model_package, import_onnx, import_package, propose_spec
from models.errors import LabelError, ModelError
from models.library import load_model
from models.package import author_key
from tests.models.onnx_models import classifier, save
from tests.models.package.packages import NAMES, members_1_0, zipped


def test_the_starter_model_goes_out_and_comes_in_beside_itself(tmp_path: Path) -> None:
    key = author_key()
    assert key is not None
    target = export_model_package(None, tmp_path / "mine", ExportOptions(author="Anna", key=key))
    assert target == tmp_path / "mine.ps2model"
    folder = import_package(target)
    starter, own = list_models()
    assert (own.folder, own.name, own.heads) == (folder, "Game textures (starter) (2)", ("material",))
    card = own.card
    assert [(one.name, one.kind, one.categories) for one in card.questions] == [("material", "categories", 14)]
    assert (card.author, card.signature, card.fingerprint, card.license) == ("Anna", "valid", key.fingerprint, "MIT")
    assert card.learns
    assert card.imported
    assert card.size > 9e6
    assert card.best is not None
    assert (card.best.split, card.best.images) == ("test", 183)
    assert (starter.card.imported, starter.card.signature, starter.card.learns) == ("", "none", True)
    assert import_package(target) == folder
    assert len(list_models()) == 2


def test_a_model_is_renamed_removed_and_brought_back(tmp_path: Path) -> None:
    folder = import_package(zipped(tmp_path / "a.ps2model", members_1_0()), name="Walls")
    metadata = (folder / "metadata.json").read_bytes()
    assert find_model("walls") == folder
    assert rename_model("Walls", "  My   walls ").name == "My walls"
    assert (folder / "metadata.json").read_bytes() == metadata
    assert find_model("my walls") == folder
    assert not find_installed("my walls").card.learns
    with pytest.raises(LabelError, match="There is a model called starter already"):
        rename_model("My walls", "starter")
    assert rename_model("My walls", "MY walls").name == "MY walls"  # its own name is no obstacle
    removed = remove_model("My walls")
    assert [one.name for one in list_models()] == ["Game textures (starter)"]
    assert restore_model(removed.token) == folder
    assert find_model("my walls") == folder


def test_the_starter_model_stays(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="The starter model can't be removed"):
        remove_model("starter")
    with pytest.raises(ModelError, match="The starter model can't be renamed"):
        rename_model("starter", "x")


def test_a_model_made_here_has_a_card_too() -> None:
    new_model("Bricks", ["part", "colour"])
    card = find_installed("bricks").card
    assert [(one.name, one.categories) for one in card.questions] == [("part", 0), ("colour", 0)]
    assert (card.learns, card.format, card.best, card.signature) == (True, "corrections", None, "none")


def test_a_plain_network_is_proposed_and_installed(tmp_path: Path) -> None:
    path = save(classifier(4, probabilities=True), tmp_path / "walls.onnx")
    spec, reasons = propose_spec(path, categories=NAMES)
    assert spec.name == "walls"
    assert spec.heads[0].categories == NAMES
    assert all(reason.endswith(".") for reason in reasons)
    folder = import_onnx(path, spec)
    assert load_model(folder).spec.heads[0].form.values == "probabilities"
    assert json.loads((folder / "package.json").read_text())["file"] == "walls.onnx"
    with pytest.raises(ModelError, match="There is no task smell; choose one of these: categories"):
        propose_spec(path, task="smell")
