from __future__ import annotations

import json
from dataclasses import replace

import pytest

from models.database import Database
from models.errors import DatasetError
from tests.training.datasets.making import MATERIAL, STONE, WOOD, item
from training.datasets.copying import keep_copy
from training.datasets.heads import HeadDef
from training.datasets.store import DatasetStore
from training.datasets.templates import TEMPLATES, find_template
from training.datasets.values import Category

SOON = "9999-01-01T00:00:00"


class TestMaking:
    def test_a_dataset_is_what_it_was_made(self, store: DatasetStore) -> None:
        made = store.create(
            " set ", [MATERIAL, HeadDef("grade", "grade", options={"low": 1, "question": "How?"})], "tags"
        )
        assert (made.name, made.template, [head.id for head in made.heads]) == ("set", "tags", [1, 2])
        assert store.dataset(made.id) == made
        assert store.datasets() == [made]
        assert dict(made.head("grade").options) == {"low": 1.0, "question": "How?"}

    def test_what_can_not_be_made_is_refused(self, store: DatasetStore) -> None:
        with pytest.raises(DatasetError, match="same name"):
            store.create("a", [MATERIAL, MATERIAL])
        with pytest.raises(DatasetError, match="can't name"):
            store.create("  ")
        with pytest.raises(DatasetError, match="no dataset 7"):
            store.dataset(7)
        assert store.datasets() == []

    def test_a_new_name_can_be_undone(self, store: DatasetStore) -> None:
        made = store.create("old")
        store.rename(made.id, "new")
        assert store.dataset(made.id).name == "new"
        assert store.rename(made.id, "new") is None
        store.undo(made.id)
        assert store.dataset(made.id).name == "old"


class TestHeads:
    def test_a_question_is_renamed_by_its_number_and_keeps_its_labels(self, store: DatasetStore) -> None:
        made = store.create("a", [MATERIAL])
        (number,) = store.add_items(made.id, [item("a", {"material": WOOD})]).new
        store.set_heads(made.id, [HeadDef("tags", "tags"), replace(made.heads[0], name="stuff")])
        assert [(head.id, head.name) for head in store.dataset(made.id).heads] == [(2, "tags"), (1, "stuff")]
        assert store.labels(made.id, "stuff") == {number: WOOD}

    def test_a_question_that_goes_takes_its_labels_until_that_is_undone(self, store: DatasetStore) -> None:
        made = store.create("a", [MATERIAL])
        (number,) = store.add_items(made.id, [item("a", {"material": WOOD})]).new
        store.set_heads(made.id, [])
        assert store.items(made.id)[0].labels == {}
        store.undo(made.id)
        assert store.labels(made.id, "material") == {number: WOOD}
        store.redo(made.id)
        store.set_heads(made.id, [MATERIAL])
        assert (
            store.dataset(made.id).heads[0].id == 2
        )  # its number is not used again: what was said was said of another
        assert store.labels(made.id, "material") == {}

    def test_categories_are_renamed_with_it_and_labels_follow(self, store: DatasetStore) -> None:
        made = store.create("a", [MATERIAL])
        first, second = store.add_items(made.id, [item("a", {"material": WOOD}), item("b", {"material": STONE})]).new
        head = replace(made.heads[0], name="stuff", categories=("stone", "planks", "glass"))
        step = store.set_heads(made.id, [head], renamed={head.id: {"wood": "planks"}}, action="Changed it")
        assert store.labels(made.id, "stuff") == {first: Category("planks"), second: STONE}
        assert (store.steps(made.id)[0].id, store.steps(made.id)[0].action) == (step, "Changed it")
        store.undo(made.id)
        assert store.labels(made.id, "material") == {first: WOOD, second: STONE}
        with pytest.raises(DatasetError, match="labelled wood"):
            store.set_heads(made.id, [head], renamed={head.id: {"wood": "gold"}})

    def test_what_would_lose_labels_is_refused(self, store: DatasetStore) -> None:
        made = store.create("a", [MATERIAL])
        store.add_items(made.id, [item("a", {"material": WOOD})])
        with pytest.raises(DatasetError, match="labelled wood"):
            store.set_heads(made.id, [replace(MATERIAL, categories=("stone",))])
        with pytest.raises(DatasetError, match="another form"):
            store.set_heads(made.id, [HeadDef("material", "tags")])
        with pytest.raises(DatasetError, match="not in the dataset any more"):
            store.set_heads(made.id, [replace(MATERIAL, id=9)])
        store.set_heads(made.id, [replace(MATERIAL, categories=("wood", "stone"))])
        assert store.category_counts(made.id, "material") == {"wood": 1, "stone": 0}


class TestTrash:
    def test_a_dataset_comes_back_as_it_was(self, store: DatasetStore) -> None:
        made = store.create("a", [MATERIAL])
        store.add_items(made.id, [item("a", {"material": WOOD})])
        store.trash(made.id)
        assert store.datasets() == []
        assert [one.id for one in store.datasets(trashed=True)] == [made.id]
        with pytest.raises(DatasetError, match="in the trash"):
            store.add_items(made.id, [item("b")])
        store.restore(made.id)
        assert store.datasets() == [made]
        assert store.count(made.id) == 1

    def test_after_its_time_it_is_gone_when_a_store_is_opened(self, store: DatasetStore, database: Database) -> None:
        old, new = (store.create(name, [MATERIAL]).id for name in ("old", "new"))
        for dataset in (old, new):
            store.add_items(dataset, [item("a", {"material": WOOD}), item("b", {"material": STONE})])
            store.trash_items(dataset, store.ids(dataset).tolist()[:1])
        store.trash(old)
        DatasetStore(database)
        assert [one.id for one in store.datasets(trashed=True)] == [old]  # today is not 30 days ago
        with database.transaction() as connection:
            connection.execute("UPDATE datasets SET trashed = '2020-01-01T00:00:00' WHERE trashed IS NOT NULL")
            connection.execute("UPDATE dataset_items SET trashed = '2020-01-01T00:00:00' WHERE trashed IS NOT NULL")
        DatasetStore(database)
        assert store.datasets(trashed=True) == []
        assert store.count(new) == 1
        for table in ("dataset_items", "dataset_labels", "dataset_label_categories"):
            assert database.query(f"SELECT count(*) FROM {table}") == [(1,)]  # noqa: S608
        assert [step.action for step in store.steps(new)] == ["Added 2 pictures"]
        store.undo(new)
        assert store.count(new) == 0

    def test_copies_go_with_their_dataset_and_with_items_that_no_version_names(self, store: DatasetStore) -> None:
        kept, lost = store.create("kept"), store.create("lost")
        paths = {}
        for made in (kept, lost):
            new = []
            for name in ("a", "b"):
                path = keep_copy(store.copies(made.id), item(name).content, name.encode(), "x.txt")
                paths[made.name, name] = path
                new.append(replace(item(name), path=str(path).encode()))
            store.add_items(made.id, new)
        store.trash_items(kept.id, store.ids(kept.id).tolist()[:1])
        store.trash(lost.id)
        assert store.purge(SOON) == 2
        assert [key for key, path in paths.items() if path.exists()] == [("kept", "b")]
        store.freeze(kept.id, "v1")
        store.trash_items(kept.id, store.ids(kept.id).tolist())
        assert store.purge(SOON) == 1
        assert paths["kept", "b"].exists()


class TestTemplates:
    def test_every_template_makes_a_dataset(self, store: DatasetStore) -> None:
        for name, template in TEMPLATES.items():
            made = store.create(template.title, template.heads, name)
            assert [replace(head, id=0) for head in made.heads] == list(template.heads)
            assert template.sentence.endswith(".")
            assert all(head.options["question"].endswith("?") for head in made.heads)
            json.dumps([dict(head.options) for head in made.heads])
        assert len(store.datasets()) == len(TEMPLATES)

    def test_what_the_seeds_ask_for_is_there(self) -> None:
        kinds = {name: [head.kind for head in template.heads] for name, template in TEMPLATES.items()}
        assert kinds["border-dual"] == ["boxes"]
        assert kinds["corner-damage"] == ["mask"]
        assert kinds["surface-damage"] == ["tags"]
        assert kinds["parts"] == ["categories", "categories"]
        assert kinds["photometric-normals"] == ["image"]
        assert find_template("surface-defects").heads[0].categories == ("scratch", "dent", "stain", "wear", "crease")
        assert Category("outer_border").name in find_template("border-dual").heads[0].categories
        with pytest.raises(DatasetError, match="no template cars"):
            find_template("cars")
