"""What a large dataset costs: ``python -m tests.benchmarks.datasets``.

Items without files (hashes of numbers), a label each in one question of 20 categories. Each act is done so often as
stated, and the middle time is printed. Option: ``--items N ...`` (10000 100000).
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from models.database import open_workspace
from training.datasets.heads import HeadDef
from training.datasets.records import NewItem, Query
from training.datasets.store import DatasetStore
from training.datasets.values import Category

CATEGORIES = tuple(f"category {n}" for n in range(20))
PAGE = 200


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, nargs="+", default=[10_000, 100_000])
    for count in parser.parse_args(arguments).items:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), count)


def measure(folder: Path, count: int) -> None:
    database = open_workspace(folder)
    store = DatasetStore(database)
    dataset = store.create("large", [HeadDef("material", "categories", CATEGORIES)]).id
    items = [made(number) for number in range(count)]
    print(f"\n{count:,} items")
    show("add all", 1, lambda: store.add_items(dataset, items))
    ids = store.ids(dataset)
    some = [int(number) for number in ids]

    def label(categories: Sequence[str]) -> Callable[[], object]:
        turn = iter(range(1_000))
        return lambda: store.set_labels(dataset, "material", {some[count // 2]: Category(categories[next(turn) % 2])})

    def everything() -> object:
        return store.set_labels(dataset, "material", dict.fromkeys(some, Category(CATEGORIES[0])))

    wood = Query(head="material", category=CATEGORIES[3])
    show("ids", 9, lambda: store.ids(dataset))
    show("ids by name", 9, lambda: store.ids(dataset, order="name"))
    show("ids of a category", 9, lambda: store.ids(dataset, wood))
    show("ids without a label", 9, lambda: store.ids(dataset, Query(head="material", unlabelled=True)))
    show("ids by text", 9, lambda: store.ids(dataset, Query(text="77")))
    show(f"first {PAGE} items", 9, lambda: store.items(dataset, limit=PAGE))
    show(f"last {PAGE} items", 9, lambda: store.items(dataset, offset=count - PAGE, limit=PAGE))
    show(f"{PAGE} items by id", 9, lambda: store.items(dataset, where=Query(ids=ids[count // 2 : count // 2 + PAGE])))
    show("category counts", 9, lambda: store.category_counts(dataset, "material"))
    show("split counts", 9, lambda: store.split_counts(dataset))
    show("all labels", 3, lambda: store.labels(dataset, "material"))
    show("relabel one", 9, label(CATEGORIES))
    show("undo one", 9, lambda: store.undo(dataset))
    show("relabel all", 1, everything)
    show("undo all", 1, lambda: store.undo(dataset))
    show(
        "rename a category of all",
        1,
        lambda: (everything(), store.rename_category(dataset, "material", CATEGORIES[0], "x")),
    )
    show("split all", 1, lambda: store.set_splits(dataset, dict.fromkeys(some, "train")))
    show("freeze", 1, lambda: store.freeze(dataset, "version"))
    show("trash all", 1, lambda: store.trash_items(dataset, some))
    database.close()
    print(f"{'the file':28}{database.path.stat().st_size / 1e6:10.1f} MB")


def made(number: int) -> NewItem:
    content = hashlib.sha256(str(number).encode()).digest()
    path = f"/home/somebody/pictures/of/things/{number % 97}/{number}.png".encode()
    labels = {"material": Category(CATEGORIES[number % len(CATEGORIES)])}
    return NewItem(content, path, width=256, height=256, size=30_000, labels=labels)


def show(what: str, times: int, act: Callable[[], object]) -> None:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    print(f"{what:28}{statistics.median(taken) * 1e3:10.1f} ms")


if __name__ == "__main__":
    main()
