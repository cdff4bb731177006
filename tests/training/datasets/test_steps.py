"""Any acts, undone and done again: the store holds what the same acts on plain Python hold."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.training.datasets.making import MATERIAL, METAL, STONE, WOOD, item
from tests.training.datasets.windows_in_turn import NAMES, Kept, State, Turns
from training.datasets.outcomes import Event
from training.datasets.records import Label, NewItem, Split
from training.datasets.store import DatasetStore
from training.datasets.values import Category, Tags, Value

CATEGORIES = st.sampled_from(["stone", "wood", "metal", "glass"])
LABELS = st.none() | CATEGORIES.map(Category)
TAGS = st.none() | st.frozensets(st.sampled_from(["wet", "old"])).map(Tags)
SPLITS = st.sampled_from(["", "train", "val", "test"])
SOME = st.sets(st.sampled_from(NAMES), min_size=1, max_size=4)


class Acts(Turns):
    """What can be done to items, their labels and the questions."""

    @rule(names=st.lists(st.sampled_from(NAMES), max_size=4), label=LABELS, split=SPLITS)
    def add(self, names: list[str], label: Category | None, split: Split) -> None:
        new: list[NewItem] = [item(name, {"material": label}, split=split) for name in names]

        def expected(model: State) -> bool:
            if label is not None and names and (label.name not in model.heads.get("material", [])):
                return False
            for name in names:
                kept = model.items.setdefault(name, Kept())
                kept.trashed = False
                kept.split = kept.split or split
                if label is not None:
                    kept.labels.setdefault("material", label)
            return True

        self.act(lambda: self.store.add_items(self.dataset, new).step, expected)

    @rule(names=SOME, label=LABELS)
    def label(self, names: set[str], label: Value | None) -> None:
        self.set_labels("material", names, label)

    @rule(names=SOME, label=TAGS)
    def tag(self, names: set[str], label: Value | None) -> None:
        self.set_labels("tags", names, label)

    def set_labels(self, head: str, names: set[str], label: Value | None) -> None:
        ids = self.ids
        chosen = {ids[name]: label for name in names & ids.keys()}

        def expected(model: State) -> bool:
            if head not in model.heads:
                return False
            if isinstance(label, Category) and chosen and label.name not in model.heads[head]:
                return False
            if isinstance(label, Tags) and chosen and not label.names <= set(model.heads[head]):
                return False
            for name in names & model.items.keys():
                was = model.items[name].labels.pop(head, None)
                if label is not None:
                    model.items[name].labels[head] = label
                if head == "material" and was != label:
                    model.items[name].review = ""
            return True

        self.act(lambda: self.store.set_labels(self.dataset, head, chosen, origin="import"), expected)

    @rule(names=SOME, state=st.sampled_from(["accepted", "rejected", ""]))
    def review(self, names: set[str], state: str) -> None:
        ids = self.ids
        chosen = {ids[name]: state or None for name in names & ids.keys()}

        def expected(model: State) -> bool:
            some = names & model.items.keys()
            if "material" not in model.heads:
                return False
            if state and any("material" not in model.items[name].labels for name in some):
                return False
            for name in some:
                model.items[name].review = state
            return True

        self.act(lambda: self.store.set_reviews(self.dataset, "material", chosen), expected)  # type: ignore[arg-type]

    @rule(names=SOME, label=LABELS)
    def opine(self, names: set[str], label: Category | None) -> None:
        ids = self.ids
        chosen: dict[int, Value | None] = {ids[name]: label for name in names & ids.keys()}

        def expected(model: State) -> bool:
            there = model.heads.get("material")
            if there is None or (label is not None and chosen and label.name not in there):
                return False
            for name in names & model.items.keys():
                model.items[name].opinion = label
            return True

        self.act(lambda: self.store.set_opinions(self.dataset, "material", chosen, annotator="Bo"), expected)

    @rule(names=SOME, split=SPLITS)
    def split(self, names: set[str], split: Split) -> None:
        ids = self.ids

        def expected(model: State) -> bool:
            for name in names & model.items.keys():
                model.items[name].split = split
            return True

        self.act(
            lambda: self.store.set_splits(self.dataset, {ids[name]: split for name in names & ids.keys()}), expected
        )

    @rule(names=SOME, into=st.booleans())
    def trash(self, names: set[str], into: bool) -> None:
        ids = self.ids
        chosen = [ids[name] for name in names & ids.keys()]

        def expected(model: State) -> bool:
            for name in names & model.items.keys():
                model.items[name].trashed = into
            return True

        deed = self.store.trash_items if into else self.store.restore_items
        self.act(lambda: deed(self.dataset, chosen), expected)

    @rule(name=CATEGORIES)
    def add_category(self, name: str) -> None:
        def expected(model: State) -> bool:
            if "material" not in model.heads:
                return False
            if name not in model.heads["material"]:
                model.heads["material"].append(name)
            return True

        self.act(lambda: self.store.add_category(self.dataset, "material", name), expected)

    @rule(names=st.lists(CATEGORIES, min_size=1, max_size=3), into=CATEGORIES)
    def merge(self, names: list[str], into: str) -> None:
        def expected(model: State) -> bool:
            there = model.heads.get("material")
            gone = set(names) - {into}
            if there is None or not gone <= set(there):
                return False
            if gone and into not in there:
                there[min(there.index(name) for name in gone)] = into
            model.heads["material"] = [name for name in there if name not in gone]
            for kept in model.items.values():
                label = kept.labels.get("material")
                if isinstance(label, Category) and label.name in gone:
                    kept.labels["material"] = Category(into)
                if isinstance(kept.opinion, Category) and kept.opinion.name in gone:
                    kept.opinion = Category(into)
            return True

        self.act(lambda: self.store.merge_categories(self.dataset, "material", names, into), expected)

    @rule(name=CATEGORIES)
    def remove_category(self, name: str) -> None:
        def expected(model: State) -> bool:
            there = model.heads.get("material", [])
            used = [one for kept in model.items.values() for one in (kept.labels.get("material"), kept.opinion)]
            if name not in there or Category(name) in used:
                return False
            there.remove(name)
            return True

        self.act(lambda: self.store.remove_category(self.dataset, "material", name), expected)

    @rule(there=st.booleans())
    def drop_or_ask(self, there: bool) -> None:
        """Take the first question away, or ask it (again, with nothing known)."""
        dataset = self.store.dataset(self.dataset)
        heads = [head for head in dataset.heads if head.name != "material"]
        if there:
            heads = list(dataset.heads) if "material" in self.now.heads else [*heads, MATERIAL]

        def expected(model: State) -> bool:
            if there:
                model.heads.setdefault("material", list(MATERIAL.categories))
            else:
                model.heads.pop("material", None)
                for kept in model.items.values():
                    kept.labels.pop("material", None)
                    kept.review, kept.opinion = "", None
            return True

        self.act(lambda: self.store.set_heads(self.dataset, heads), expected)


TestActs = Acts.TestCase
TestActs.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_the_history_of_an_item_tells_what_is_done(store: DatasetStore) -> None:
    dataset = store.create("a", [MATERIAL]).id
    (number,) = store.add_items(dataset, [item("a", {"material": STONE})], action="Brought in").new
    store.set_labels(dataset, "material", {number: WOOD}, annotator="Ada", action="Looked again")
    store.set_labels(dataset, "material", {number: METAL})
    store.undo(dataset)
    store.set_splits(dataset, {number: "test"}, frozen=True)
    history = store.history(number)
    assert [(event.action, event.what) for event in history] == [
        ("Brought in", "label"),
        ("Brought in", "trash"),
        ("Looked again", "label"),
        ("Split 1 picture", "split"),
    ]
    relabelled: Event = history[2]
    assert isinstance(relabelled.before, Label)
    assert isinstance(relabelled.after, Label)
    assert (relabelled.before.value, relabelled.before.origin) == (STONE, "import")
    assert (relabelled.after.value, relabelled.after.annotator, relabelled.after.origin) == (WOOD, "Ada", "person")
    assert (history[3].before, history[3].after) == ("", "test, fixed")
    assert store.history(12345) == []


def test_each_dataset_has_an_undo_log_of_its_own(store: DatasetStore) -> None:
    first, second = (store.create(name, [MATERIAL]).id for name in ("first", "second"))
    store.add_items(first, [item("a")])
    store.add_items(second, [item("a")])
    step = store.undo(first)
    assert step is not None
    assert (step.action, step.items) == ("Added 1 picture", 1)
    assert (store.count(first), store.count(second)) == (0, 1)


def test_the_version_tells_of_every_change(store: DatasetStore) -> None:
    dataset = store.create("a", [MATERIAL]).id
    seen = [store.version()]
    (number,) = store.add_items(dataset, [item("a")]).new
    seen.append(store.version())
    store.set_labels(dataset, "material", {number: WOOD})
    seen.append(store.version())
    store.undo(dataset)
    seen.append(store.version())
    assert seen == sorted(set(seen))
    store.set_labels(dataset, "material", {number: None})
    assert store.version() == seen[-1]


def test_a_label_says_itself_who_says_so(store: DatasetStore) -> None:
    dataset = store.create("a", [MATERIAL]).id
    label = Label(WOOD, "Ada", "2024-01-01T00:00:00", "person")
    (number,) = store.add_items(dataset, [replace(item("a", {"material": label}), annotator="file")]).new
    assert store.label_facts(dataset, "material") == {number: label}
