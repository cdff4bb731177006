"""How the work of reading grows with a dataset: counted in statements and in steps of SQLite's machine, not in time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from models.database import Database, open_workspace
from tests.training.datasets.making import MATERIAL, STONE, WOOD, item
from training.datasets.records import Query
from training.datasets.store import DatasetStore

SMALL, LARGE = 1_000, 8_000
GRAIN = 20
"""Steps of SQLite's machine that are counted as one."""


class Counted:
    """A dataset, and what reading it costs."""

    def __init__(self, folder: Path, size: int) -> None:
        folder.mkdir()
        self.database: Database = open_workspace(folder)
        self.store = DatasetStore(self.database)
        self.dataset = self.store.create("a", [MATERIAL]).id
        new = [item(str(n), {"material": WOOD if n % 2 else STONE}) for n in range(size)]
        self.ids = self.store.add_items(self.dataset, new).new
        for n in range(3):  # neighbours in the tables
            self.store.add_items(self.store.create(f"b{n}", [MATERIAL]).id, new[: size // 2])

    def cost(self, act: Callable[[Counted], object]) -> tuple[int, int]:
        """Statements, and steps of the machine."""
        statements: list[str] = []
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        with self.database.transaction() as connection:
            connection.set_trace_callback(statements.append)
            connection.set_progress_handler(count, GRAIN)
        act(self)
        with self.database.transaction() as connection:
            connection.set_trace_callback(None)
            connection.set_progress_handler(None, GRAIN)
        return sum(one not in ("BEGIN IMMEDIATE", "COMMIT") for one in statements), steps * GRAIN


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Counted, Counted]:
    folder = tmp_path_factory.mktemp("growth")
    return Counted(folder / "small", SMALL), Counted(folder / "large", LARGE)


PAGES: dict[str, Callable[[Counted], object]] = {
    "first page": lambda one: one.store.items(one.dataset, limit=100),
    "page by name": lambda one: one.store.items(one.dataset, order="name", limit=100),
    "page by ids": lambda one: one.store.items(one.dataset, where=Query(ids=one.ids[500:600])),
    "one label": lambda one: one.store.set_labels(one.dataset, "material", {one.ids[3]: None}),
    "a few labels": lambda one: one.store.labels(one.dataset, "material", one.ids[5:9]),
    "one split": lambda one: one.store.set_splits(one.dataset, {one.ids[3]: "train"}),
    "one trashed": lambda one: one.store.trash_items(one.dataset, [one.ids[3]]),
    "one undone": lambda one: one.store.undo(one.dataset),
    "history": lambda one: one.store.history(one.ids[5]),
    "a known item": lambda one: one.store.add_items(one.dataset, [item("7")]),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_and_a_label_cost_the_same_in_a_dataset_of_any_size(name: str, sizes: tuple[Counted, Counted]) -> None:
    small, large = (one.cost(PAGES[name]) for one in sizes)
    assert small[0] == large[0]
    assert large[1] < small[1] * 1.5 + 100


def test_a_page_takes_no_statement_more_with_more_items_in_it(sizes: tuple[Counted, Counted]) -> None:
    _, large = sizes
    few, many = (large.cost(lambda one, n=n: one.store.items(one.dataset, limit=n)) for n in (10, 1_000))  # type: ignore[misc]
    assert few[0] == many[0] <= 3


WHOLES: dict[str, Callable[[Counted], object]] = {
    "ids": lambda one: one.store.ids(one.dataset),
    "ids of a category": lambda one: one.store.ids(one.dataset, Query(head="material", category="wood")),
    "unlabelled": lambda one: one.store.ids(one.dataset, Query(head="material", unlabelled=True)),
    "counts": lambda one: one.store.category_counts(one.dataset, "material"),
    "labels": lambda one: one.store.labels(one.dataset, "material"),
    "all labelled": lambda one: one.store.set_labels(one.dataset, "material", dict.fromkeys(one.ids, WOOD)),
    "all undone": lambda one: one.store.undo(one.dataset),
}


@pytest.mark.parametrize("name", WHOLES)
def test_the_whole_costs_so_much_an_item(name: str, sizes: tuple[Counted, Counted]) -> None:
    small, large = (one.cost(WHOLES[name]) for one in sizes)
    assert large[1] < small[1] * (LARGE / SMALL) * 1.5
    assert large[1] < 400 * LARGE
