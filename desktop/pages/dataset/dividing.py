"""Dividing a dataset into train, validation and test: the table as it is, and what would become of it. No Qt."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from desktop.pages.dataset.checking import gather_facts
from desktop.pages.dataset.wording import counted
from models.progress import Progress

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.resplitting import Proposal
    from training.datasets.splitting import How
    from training.datasets.store import DatasetStore

__all__ = ["HOWS", "SPLITS", "Plan", "Table", "Wish", "apply", "freeze", "plan", "read_table", "release"]

SPLITS = ("train", "val", "test", "")

HOWS: Mapping[How, tuple[str, str]] = MappingProxyType(
    {
        "stratified": ("By category", "Each category is divided in the same shares."),
        "grouped": (
            "By category, look-alikes together",
            "Near duplicates, bursts and groups are never parted, so that the test is honest. Looks at all pictures.",
        ),
        "ratio": ("By chance", "Every picture by itself, whatever it shows."),
        "source": (
            "By source",
            "Only pictures of the source “real” are tested on; all others are for training. Looks at all pictures.",
        ),
    }
)
"""How -> words, and a sentence."""


@dataclass(frozen=True, slots=True)
class Table:
    """Pictures by category and split.

    Attributes:
        rows: category -> split -> pictures; "" is those without a label.
        totals: split -> pictures.
        frozen: pictures whose split is fixed.
    """

    rows: Mapping[str, Mapping[str, int]]
    totals: Mapping[str, int]
    frozen: int


@dataclass(frozen=True, slots=True)
class Wish:
    """How it is to be divided: shares in percent, together 100; ``head`` None for the first with categories."""

    how: How
    shares: tuple[int, int, int]
    head: str | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A division that nothing was done with yet: what it would do, and the table that would come of it."""

    wish: Wish
    proposal: Proposal
    table: Table


def read_table(store: DatasetStore, dataset: int, head: str | None, splits: Mapping[int, str] | None = None) -> Table:
    """Count pictures by category and split.

    Args:
        store: of the datasets.
        dataset: id.
        head: the question whose categories are counted; None for none.
        splits: item -> split, in place of what is kept.
    """
    from training.datasets.heads import named_categories

    rows: dict[str, Counter[str]] = {}
    totals: Counter[str] = Counter()
    frozen = 0
    question = store.dataset(dataset).head(head) if head is not None else None
    if question is not None:
        rows = {name: Counter() for name in question.categories}
    for item in store.items(dataset):
        split = item.split if splits is None else splits.get(item.id, item.split)
        totals[split] += 1
        frozen += item.frozen
        if question is not None:
            value = item.labels.get(question.name)
            for name in named_categories(question, value) if value is not None else ("",):
                rows.setdefault(name, Counter())[split] += 1
    return Table(rows, totals, frozen)


def plan(
    store: DatasetStore,
    dataset: int,
    wish: Wish,
    *,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """What a division would do. "grouped" and "source" look at all pictures that were not looked at before.

    Raises:
        Cancelled: ``cancel`` was set.
        DatasetError: it can't be done, and what to do instead.
        ModelError, WorkspaceError: the pictures can't be compared.
    """
    from training.datasets.resplitting import propose
    from training.datasets.splitting import Ratios

    alike: list[tuple[int, ...]] = []
    if wish.how in ("grouped", "source"):
        facts = gather_facts(store, dataset, cancel=cancel, on_progress=on_progress)
        alike = [facts.items(group) for group in facts.near_groups]
    train, val, test = (share / 100 for share in wish.shares)
    proposal = propose(
        store, dataset, wish.how, Ratios(train, val, test), head=wish.head, seed=wish.seed, look_alikes=alike
    )
    splits = {item: str(split) for item, split in proposal.splits.items()}
    return Plan(wish, proposal, read_table(store, dataset, wish.head, splits))


def apply(store: DatasetStore, dataset: int, found: Plan) -> int | None:
    """Divide as it was planned, as one step. Raises ``DatasetError``: something has changed meanwhile."""
    totals = found.table.totals
    words = " / ".join(f"{totals.get(split, 0):,}" for split in SPLITS[:3])
    return store.set_splits(dataset, found.proposal.moves, action=f"Divided into {words}")


def freeze(store: DatasetStore, dataset: int) -> int | None:
    """Fix the test set: later divisions and fixes leave it alone. Returns the step; None when there is none."""
    from training.datasets.records import Query

    ids = store.ids(dataset, Query(split="test")).tolist()
    action = f"Fixed the test set of {counted(len(ids))}"
    return store.set_splits(dataset, dict.fromkeys(ids, "test"), frozen=True, action=action) if ids else None


def release(store: DatasetStore, dataset: int) -> int | None:
    """Let the test set be divided again. Returns the step; None when nothing was fixed."""
    from training.datasets.resplitting import release_test

    return release_test(store, dataset)
