"""Two windows that act on one dataset beside a model of it in plain Python, and what must be true after every act."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from models.database import Database, open_workspace
from models.errors import DatasetError
from tests.training.datasets.making import MATERIAL, content
from training.datasets.heads import HeadDef
from training.datasets.records import Query
from training.datasets.store import DatasetStore
from training.datasets.values import Category, Tags, Value

NAMES = tuple("abcdefgh")


@dataclass
class Kept:
    """What is kept of one item."""

    labels: dict[str, Value] = field(default_factory=dict)
    review: str = ""  # of the material; so is the opinion
    opinion: Value | None = None
    split: str = ""
    trashed: bool = False


@dataclass
class State:
    """A dataset in plain Python."""

    items: dict[str, Kept] = field(default_factory=dict)
    heads: dict[str, list[str]] = field(
        default_factory=lambda: {"material": ["stone", "wood", "metal"], "tags": ["wet", "old"]}
    )


class Turns(RuleBasedStateMachine):
    """Two windows on one file act by turns, undo, do again and start anew; the model keeps every state there was.

    A subclass says what they do otherwise: ``act`` does it to both.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.databases: list[Database] = []
        self.now = State()
        self.done: list[State] = []
        self.undone: list[State] = []
        self.turn = 0

    @initialize()
    def open(self) -> None:
        self.databases = [open_workspace(Path(self.folder.name)) for _ in range(2)]
        self.stores = [DatasetStore(database) for database in self.databases]
        self.dataset = self.store.create("acts", [MATERIAL, HeadDef("tags", "tags", ("wet", "old"))]).id

    @property
    def store(self) -> DatasetStore:
        self.turn += 1
        return self.stores[self.turn % 2]

    @property
    def ids(self) -> dict[str, int]:
        there = {
            one.content: one.id
            for trashed in (False, True)
            for one in self.store.items(self.dataset, where=Query(trashed=trashed))
        }
        return {name: there[content(name)] for name in NAMES if content(name) in there}

    def act(self, deed: Callable[[], int | None], expected: Callable[[State], bool]) -> None:
        """Do it twice: to the file and to the model; ``expected`` returns whether it may be done."""
        model = copy.deepcopy(self.now)
        allowed = expected(model)
        try:
            step = deed()
        except DatasetError:
            assert not allowed
            return
        assert allowed
        assert (step is not None) == (model != self.now)
        if step is not None:
            self.done.append(self.now)
            self.undone.clear()
            self.now = model

    @rule()
    def undo(self) -> None:
        ahead = self.store.next_undo(self.dataset)
        step = self.store.undo(self.dataset)
        assert step == ahead
        assert (step is not None) == bool(self.done)
        if self.done:
            self.undone.append(self.now)
            self.now = self.done.pop()

    @rule()
    def redo(self) -> None:
        ahead = self.store.next_redo(self.dataset)
        step = self.store.redo(self.dataset)
        assert step == ahead
        assert (step is not None) == bool(self.undone)
        if self.undone:
            self.done.append(self.now)
            self.now = self.undone.pop()

    @rule(which=st.integers(0, 1))
    def restart(self, which: int) -> None:
        self.databases[which].close()
        self.databases[which] = open_workspace(Path(self.folder.name))
        self.stores[which] = DatasetStore(self.databases[which])

    @invariant()
    def holds_what_the_model_holds(self) -> None:
        if not self.databases:
            return
        store = self.store
        dataset = store.dataset(self.dataset)
        assert {head.name: list(head.categories) for head in dataset.heads} == self.now.heads
        names = {content(name): name for name in NAMES}
        items = [one for t in (False, True) for one in store.items(self.dataset, where=Query(trashed=t))]
        ids = [one.id for one in items]
        asked = "material" in self.now.heads
        reviews = store.reviews(self.dataset, "material", ids) if asked else {}
        opinions = store.opinions(self.dataset, "material", ids) if asked else {}
        found = {
            names[one.content]: Kept(
                dict(one.labels),
                reviews[one.id].state if one.id in reviews else "",
                opinions[one.id][0].value if one.id in opinions else None,
                one.split,
                one.trashed is not None,
            )
            for one in items
        }
        assert found == self.now.items
        if asked:
            there = [kept for kept in found.values() if not kept.trashed]
            differ = [kept.opinion not in (None, kept.labels.get("material", kept.opinion)) for kept in there]
            counts = store.review_counts(self.dataset, "material")
            assert counts.labelled == sum("material" in kept.labels for kept in there)
            assert counts.open == sum("material" in kept.labels and not kept.review for kept in there)
            assert counts.accepted == sum(kept.review == "accepted" for kept in there)
            assert counts.rejected == sum(kept.review == "rejected" for kept in there)
            assert counts.disagree == sum(differ)
        live = {name: kept for name, kept in found.items() if not kept.trashed}
        assert store.count(self.dataset) == len(live) == len(store.ids(self.dataset))
        for head, categories in self.now.heads.items():
            counts = dict.fromkeys(categories, 0)
            for kept in live.values():
                label = kept.labels.get(head)
                for name in (
                    [label.name] if isinstance(label, Category) else label.names if isinstance(label, Tags) else ()
                ):
                    counts[name] += 1
            assert store.category_counts(self.dataset, head) == counts
            assert len(store.labels(self.dataset, head)) == sum(head in kept.labels for kept in live.values())
            unlabelled = store.count(self.dataset, Query(head=head, unlabelled=True))
            assert unlabelled == sum(head not in kept.labels for kept in live.values())
        assert len(store.steps(self.dataset)) == len(self.done)

    def teardown(self) -> None:
        for database in self.databases:
            assert database.query("PRAGMA integrity_check") == [("ok",)]
            assert database.query("PRAGMA foreign_key_check") == []
            database.close()
        self.folder.cleanup()
