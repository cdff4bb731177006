"""``sortwerk models validate``, ``compare`` and ``quantize`` as processes."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from tests.desktop.cli.program import sortwerk
from tests.models import onnx_models, real_classifier
from tests.models.made_models import make, pictures


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Path:
    folder = tmp_path_factory.mktemp("real") / "model"
    real_classifier.make(folder, data, train=200)
    return folder


def test_a_check_list_as_a_table_and_as_json(tmp_path: Path) -> None:
    make(tmp_path / "m", license="")
    done = sortwerk("models", "validate", tmp_path / "m")
    assert done.returncode == 1
    assert [line.split("  ")[0] for line in done.stdout.splitlines()][:4] == ["pass"] * 4
    assert "FAIL  Metadata complete             no licence" in done.stdout.splitlines()
    assert "Metadata complete: Write it into metadata.json, or ask who made the model." in done.stderr
    document = json.loads(sortwerk("models", "validate", tmp_path / "m", "--json").stdout)
    assert document["passed"] is False
    assert len(document["checks"]) == 10
    assert document["checks"][0] == {"name": "Loads", "outcome": "pass", "figure": "a network of its own", "advice": ""}


def test_a_single_file_and_a_model_that_is_not(tmp_path: Path) -> None:
    path = onnx_models.save(onnx_models.classifier(), tmp_path / "m.onnx")
    assert "a network without metadata" in sortwerk("models", "validate", path).stdout
    missing = sortwerk("models", "validate", "Bricks")
    assert (missing.returncode, missing.stdout) == (3, "")
    assert missing.stderr.startswith("There is no model Bricks;")


def test_models_are_compared(real: Path, data: Path, tmp_path: Path) -> None:
    arguments = ["models", "compare", real, "starter", "--on", data / "textures", "--split", "test"]
    done = sortwerk(*arguments, "--json", "--csv", tmp_path / "f.csv")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert (document["best"], document["pictures"], document["left_out"]) == ("Game textures (starter)", 183, 0)
    assert [one["place"] for one in document["models"]] == [1, 2]
    assert document["models"][1]["p"] < 0.001
    first = document["disagreements"][0]
    assert first["answers"][0]["category"] != first["answers"][1]["category"]
    with (tmp_path / "f.csv").open(newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == ["Game textures (starter)", "Random features"]


def test_a_comparison_as_a_table(tmp_path: Path) -> None:
    make(tmp_path / "m")
    for name in ("a", "wood"):
        pictures(tmp_path / "set" / name, 2)
    (tmp_path / "set" / "wood" / "broken.png").write_bytes(b"broken")
    done = sortwerk("models", "compare", tmp_path / "m", "starter", "--on", tmp_path / "set")
    assert done.returncode == 1
    assert "Tiny does not know wood: 2 pictures count as wrong." in done.stdout
    assert "Game textures (starter) does not know a: 2 pictures count as wrong." in done.stdout
    assert "no difference can be told from chance" in done.stdout
    assert "1 pictures can't be read and were left out." in done.stderr


def test_models_are_compared_on_a_dataset_by_name_or_number(data: Path, tmp_path: Path) -> None:
    make(tmp_path / "m")
    for name, category in (("a", "brick"), ("wood", "wood")):
        (tmp_path / "Set" / name).mkdir(parents=True)
        for path in sorted((data / "textures" / category).iterdir())[:3]:
            shutil.copy(path, tmp_path / "Set" / name / path.name)
    came = sortwerk("dataset", "import", tmp_path / "Set", "--name", "Bricks")
    assert came.returncode == 0, came.stderr
    for named in ("bricks", came.stdout.strip()):
        done = sortwerk("models", "compare", tmp_path / "m", "starter", "--on", named, "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["pictures"] == 6
    split = sortwerk("dataset", "split", "bricks", "--by", "stratified", "--ratios", "34/33/33")
    assert split.returncode == 0, split.stderr
    part = sortwerk("models", "compare", tmp_path / "m", "starter", "--on", "Bricks", "--split", "test", "--json")
    assert json.loads(part.stdout)["pictures"] < 6
    gone = sortwerk("models", "compare", "starter", "starter", "--on", "Walls")
    assert (gone.returncode, gone.stderr.count("\n")) == (3, 1)
    assert "or a dataset (there are: Bricks)." in gone.stderr
    smaller = sortwerk("models", "quantize", tmp_path / "m", "--to", "ort", "--pictures", "Bricks", "--json")
    assert smaller.returncode == 0, smaller.stderr
    document = json.loads(smaller.stdout)
    assert (document["pictures"], document["heads"][0]["labelled"]) == (6, 3), "it knows a, and no wood"


def test_wrong_use_of_compare(tmp_path: Path) -> None:
    alone = sortwerk("models", "compare", "starter", "--on", tmp_path)
    assert alone.returncode == 2
    assert "name another one" in alone.stderr
    nothing = sortwerk("models", "compare", "starter", "starter", "--on", tmp_path / "gone")
    assert (nothing.returncode, nothing.stderr.count("\n")) == (3, 1)
    assert "is not there; name a folder" in nothing.stderr


def test_a_smaller_model_is_installed_and_answers(real: Path, data: Path, workspace: Path, tmp_path: Path) -> None:
    arguments = ["models", "quantize", real, "--pictures", data / "textures", "--split", "test", "--tolerance", "9"]
    done = sortwerk(*arguments, "--to", "int8", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert Path(document["folder"]).parent == workspace / "models"
    assert document["size_after"] < document["size_before"] / 2
    (head,) = document["heads"]
    assert head["labelled"] == document["pictures"] == 92
    asked = sortwerk("classify", data / "textures" / "wood", "--model", "Random features (INT8)", "--json")
    assert asked.returncode == 0
    assert len(asked.stdout.splitlines()) == 90


def test_the_form_for_phones_is_installed_and_answers(real: Path, data: Path, workspace: Path) -> None:
    wood = data / "textures" / "wood"
    done = sortwerk("models", "quantize", real, "--to", "ort", "--pictures", wood)
    assert done.returncode == 0, done.stderr
    folder = Path(done.stdout.splitlines()[0])
    assert folder.parent == workspace / "models"
    assert (folder / "model.ort").is_file()
    assert "100.0% same category" in done.stdout
    assert sortwerk("classify", wood, "--model", "Random features (ORT)").returncode == 0
    assert sortwerk("models", "validate", folder, "--json").returncode in {0, 1}  # 1: too slow on a busy computer


def test_what_is_refused_changes_nothing(real: Path, data: Path, workspace: Path) -> None:
    arguments = ["models", "quantize", real, "--to", "int8", "--pictures", data / "textures" / "wood"]
    refused = sortwerk(*arguments, "--tolerance", "0")
    assert refused.returncode == 3
    assert "at most 0 may be lost; nothing was written" in refused.stderr
    starter = sortwerk("models", "quantize", "starter", "--to", "int8", "--pictures", data / "textures" / "wood")
    assert starter.returncode == 3
    assert "in 8 bits already" in starter.stderr
    assert list((workspace / "models").iterdir()) == []
    assert sortwerk(*arguments[:3], "--to", "int4", "--pictures", data).returncode == 2
