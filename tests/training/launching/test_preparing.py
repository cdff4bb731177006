from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database import Database, open_workspace
from models.errors import TrainingError
from tests.training.datasets.making import MATERIAL, STONE, WOOD, content, item
from training.config import HeadConfig, TrainingConfig
from training.datasets.records import Dataset
from training.datasets.store import DatasetStore
from training.launching.preparing import prepare, runs_folder
from training.runs.state import state_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DatasetStore]:
    (tmp_path / "home").mkdir()
    database: Database = open_workspace(tmp_path / "home")
    yield DatasetStore(database)
    database.close()


@pytest.fixture
def dataset(store: DatasetStore) -> Dataset:
    made = store.create("Walls", [MATERIAL])
    letters = "abcdefghijklmnop"
    store.add_items(
        made.id,
        [item(f"wall {one}", {"material": (STONE, WOOD)[n % 2]}, split="train") for n, one in enumerate(letters)],
    )
    return made


def test_a_run_is_prepared_of_the_dataset_as_it_is(store: DatasetStore, dataset: Dataset) -> None:
    run = prepare(store, dataset, TrainingConfig(name="First wälls"))
    assert run.path.parent == runs_folder(store.folder)
    assert run.id.endswith("-first-walls")
    assert state_of(run) == "prepared"
    info = run.info()
    version = store.find_version(info.dataset.hash)
    assert (info.dataset.id, info.dataset.name, info.dataset.version) == (dataset.id, "Walls", version.name)
    assert [(head.name, head.kind, head.categories) for head in info.heads] == [("material", "categories", 3)]
    assert sum(sum(by.values()) for by in info.counts.values()) == 16
    assert info.counts["val"] == {"": 2}
    assert "held out" in info.notices[0]
    assert len(info.code.sources) == 16
    items = run.items()
    assert items.blobs == store.blobs.folder
    assert {one.key for one in items.items} == {content(f"wall {one}").hex() for one in "abcdefghijklmnop"}


def test_a_version_stays_what_it_was(store: DatasetStore, dataset: Dataset) -> None:
    version = store.freeze(dataset.id, "before")
    store.add_items(dataset.id, [item("late", {"material": STONE}, split="val")])
    run = prepare(store, dataset, TrainingConfig(), version)
    assert run.info().dataset.version == "before"
    assert len(run.items().items) == 16


def test_runs_of_one_moment_have_names_of_their_own(store: DatasetStore, dataset: Dataset) -> None:
    made = {prepare(store, dataset, TrainingConfig()).id for _ in range(3)}
    assert len(made) == 3


def test_what_no_trainer_could_begin_with_is_one_sentence(store: DatasetStore, dataset: Dataset) -> None:
    config = TrainingConfig(heads={"material": HeadConfig(train=False)})
    with pytest.raises(TrainingError, match="No question of Walls is to be trained"):
        prepare(store, dataset, config)
    bare = store.create("Bare", [MATERIAL])
    store.add_items(bare.id, [item("nothing", split="train")])
    with pytest.raises(TrainingError, match="No picture of Bare that is for training has a label"):
        prepare(store, bare, TrainingConfig())
    with pytest.raises(TrainingError, match="The version before is not one of Bare"):
        prepare(store, bare, TrainingConfig(), store.freeze(dataset.id, "before"))
    assert not runs_folder(store.folder).exists()
    assert [one.name for one in store.versions(dataset.id)] == ["before"]
