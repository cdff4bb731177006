"""``sortwerk dataset label``, ``next`` and ``agreement`` as processes."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path

import pytest

from models.database import open_workspace
from tests.benchmarks.planting import textures
from tests.desktop.cli.program import sortwerk
from training.datasets.heads import HeadDef
from training.datasets.records import NewItem
from training.datasets.store import DatasetStore
from training.datasets.values import Category, Value

COUNT = 40


@pytest.fixture
def truth(data: Path, workspace: Path) -> dict[int, str]:
    """A dataset "Walls" of textures, a quarter of them labelled by Ada; item -> what it is."""
    some = [one for one in textures(data) if one.split == "test"][:: len(textures(data)) // (6 * COUNT)][:COUNT]
    names = tuple(sorted({one.labels["material"] for one in textures(data)}))
    workspace.mkdir(exist_ok=True)
    with contextlib.closing(open_workspace(workspace)) as database:
        store = DatasetStore(database)
        dataset = store.create("Walls", [HeadDef("material", "categories", names), HeadDef("things", "boxes")]).id
        new = []
        for one in some:
            content_of = one.path.read_bytes()
            content = hashlib.sha256(content_of).digest()
            new.append(NewItem(content, os.fsencode(one.path), width=64, height=64, size=len(content_of)))
        store.add_items(dataset, new)
        ids = store.ids(dataset).tolist()
        found = {int(number): one.labels["material"] for number, one in zip(ids, some, strict=True)}
        labels: dict[int, Value | None] = {number: Category(found[number]) for number in ids[:10]}
        store.set_labels(dataset, "material", labels, annotator="Ada")
    return found


def store_of(workspace: Path) -> contextlib.AbstractContextManager[DatasetStore]:
    @contextlib.contextmanager
    def opened():  # type: ignore[no-untyped-def]
        with contextlib.closing(open_workspace(workspace)) as database:
            yield DatasetStore(database)

    return opened()


def test_a_model_labels_what_has_no_label(truth: dict[int, str], workspace: Path) -> None:
    done = sortwerk("dataset", "label", "walls", "--model", "starter", "--threshold", "0.5", "--json")
    assert done.returncode == 0, done.stderr
    whole = json.loads(done.stdout)
    assert whole["model"]
    assert whole["labelled"]["material"] == len(whole["items"]) > 10
    with store_of(workspace) as store:
        facts = store.label_facts(1, "material")
        given = {number: one for number, one in facts.items() if one.origin == "model"}
        assert set(given) == set(whole["items"])
        assert not set(given) & set(list(truth)[:10])
        right = [isinstance(one.value, Category) and one.value.name == truth[number] for number, one in given.items()]
        assert sum(right) > 0.6 * len(right)
        assert {one.annotator for one in given.values()} == {whole["model"]}
        step = store.undo(1)
        assert step is not None
        assert step.action == f"Labelled by {whole['model']}"
        assert len(store.labels(1, "material")) == 10
    again = sortwerk("dataset", "label", "walls", "--model", "starter", "--head", "material", "--threshold", "0")
    assert again.stdout.split() == [str(len(truth) - 10), "material"]
    for wrong in (
        ("--model", "nobody"),
        ("--model", "starter", "--head", "nothing"),
        ("--model", "starter", "--head", "things"),
    ):
        assert sortwerk("dataset", "label", "walls", *wrong).returncode == 3


def test_next_says_what_would_teach_most_and_why(truth: dict[int, str]) -> None:
    said = sortwerk("dataset", "next", "walls", "--count", "5", "--json")
    assert said.returncode == 0, said.stderr
    whole = json.loads(said.stdout)
    assert whole["head"] == "material"
    assert len({one["item"] for one in whole["next"]} - set(list(truth)[:10])) == 5
    assert all(one["why"].endswith(".") and Path(one["path"]).is_file() for one in whole["next"])
    lines = sortwerk("dataset", "next", "walls", "--count", "5").stdout.splitlines()
    assert [line.split("  ")[0] for line in lines] == [one["path"] for one in whole["next"]]
    assert sortwerk("dataset", "next", "walls", "--head", "things").returncode == 3


def test_agreement_of_two_annotators(truth: dict[int, str], workspace: Path) -> None:
    with store_of(workspace) as store:
        first = list(truth)[:10]
        other = next(name for name in truth.values() if name != truth[first[0]])
        opinions = {number: Category(truth[number]) for number in first} | {first[0]: Category(other)}
        store.set_opinions(1, "material", opinions, annotator="Bo")
    said = sortwerk("dataset", "agreement", "walls", "ada", "Bo", "--head", "material", "--json")
    assert said.returncode == 0, said.stderr
    whole = json.loads(said.stdout)
    assert (whole["annotators"], whole["items"], whole["measure"]) == (["Ada", "Bo"], 10, "kappa")
    assert whole["observed"] == pytest.approx(0.9)
    assert [one["item"] for one in whole["disagreements"]] == [first[0]]
    text = sortwerk("dataset", "agreement", "walls", "Ada", "Bo", "--head", "material")
    assert text.stdout.startswith("kappa")
    assert "agreement" in text.stderr
    for wrong in (
        ("Ada", "Cy", "--head", "material"),
        ("Ada", "Ada", "--head", "material"),
        ("Ada", "Bo", "--head", "x"),
    ):
        assert sortwerk("dataset", "agreement", "walls", *wrong).returncode == 3
