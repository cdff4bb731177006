"""Whether "Label this next" saves labels: ``python -m tests.benchmarks.label_next [--test]``.

For each question a pool (a random four fifths of the train split, another for each seed) is labelled step by step, by
the suggestions and in random order, and what was learned is measured on pictures that are in no pool: the validation
split, by which the score was chosen, or with ``--test`` the test split; and how sure the apprentice says it is. Then
how long a label, a list of suggestions and all proposals take.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.incremental_data import Task, tasks, test_split
from training.datasets.heads import HeadDef
from training.datasets.quality.gathering import bundled_blocks
from training.datasets.values import Category
from training.labelling.apprentice import Apprentice
from training.labelling.pool import Pool, components

SEEDS = 8
STEP = 10
"""Labels between two lists of suggestions: a person works through some before asking anew."""

BUDGETS = (20, 50, 100, 150, 200, 300, 400)

Order = Callable[[Apprentice, int], Sequence[int]]


def curve(
    task: Task, judged: NDArray[np.float16], truth: NDArray[np.intp], seed: int, *, suggested: bool
) -> list[tuple[float, float]]:
    """After each of ``BUDGETS`` labels: the share of ``judged`` (M, D) answered rightly, and the mean confidence."""
    random = np.random.default_rng(seed)
    chosen = np.sort(random.permutation(len(task.train))[: len(task.train) * 4 // 5])
    vectors = np.concatenate([task.train[chosen], judged])
    count, pooled = len(vectors), len(chosen)
    # Components of the pool and of what is judged: a person's dataset holds both too, and their labels it does not
    features = components(vectors, np.ones(count, bool), bundled_blocks())
    pool = Pool(np.arange(count), features, np.ones(count, bool), np.arange(count))
    head = HeadDef(task.name, "categories", task.categories)
    apprentice = Apprentice(pool, head, {})
    left = random.permutation(pooled).tolist()
    shares = []
    for budget in range(STEP, max(BUDGETS) + 1, STEP):
        if suggested:
            now = [one.item for one in apprentice.label_next(STEP, range(pooled))]
        else:
            now, left = left[:STEP], left[STEP:]
        apprentice.learn_many({item: Category(task.categories[task.train_labels[chosen[item]]]) for item in now})
        if budget in BUDGETS:
            said = apprentice.propose(range(pooled, count))
            right = [one.draft == Category(task.categories[label]) for one, label in zip(said, truth, strict=True)]
            shares.append((float(np.mean(right)), float(np.mean([one.confidence or 0.0 for one in said]))))
    return shares


def needed(curve_: NDArray[np.float64], wanted: float) -> str:
    """How many labels reach a share, between two budgets by a straight line."""
    above = np.flatnonzero(curve_ >= wanted)
    if not len(above):
        return f"over {BUDGETS[-1]}"
    first = int(above[0])
    if first == 0:
        return f"{BUDGETS[0]}"
    low, high = curve_[first - 1], curve_[first]
    return f"{BUDGETS[first - 1] + (wanted - low) / (high - low) * (BUDGETS[first] - BUDGETS[first - 1]):.0f}"


def savings(*, test: bool) -> None:
    """Print a table for each question."""
    for task in tasks():
        judged, truth = test_split(task) if test else (task.validation, task.validation_labels)
        both = {
            name: np.array([curve(task, judged, truth, seed, suggested=name == "suggested") for seed in range(SEEDS)])
            for name in ("random", "suggested")
        }
        found = {name: curves[..., 0] for name, curves in both.items()}
        print(f"\n{task.name}: {len(task.categories)} categories, {len(truth)} pictures judged, {SEEDS} seeds")
        print(f"| labels | {' | '.join(str(budget) for budget in BUDGETS)} |")
        print(f"| --- |{' ---: |' * len(BUDGETS)}")
        for name, curves in found.items():
            cells = [f"{mean:.3f} ± {spread:.3f}" for mean, spread in zip(curves.mean(0), curves.std(0), strict=True)]
            print(f"| {name} | {' | '.join(cells)} |")
        wins = (found["suggested"] > found["random"]).sum(axis=0)
        for name, curves in both.items():
            above = curves[..., 1] - curves[..., 0]
            cells = [f"{mean:+.3f} ± {spread:.3f}" for mean, spread in zip(above.mean(0), above.std(0), strict=True)]
            print(f"| {name}: confidence above that | {' | '.join(cells)} |")
        print(f"| seeds in which suggested wins | {' | '.join(str(win) for win in wins)} |")
        means = {name: curves.mean(0) for name, curves in found.items()}
        for budget in (200, 300, 400):
            wanted = means["random"][BUDGETS.index(budget)]
            labels = needed(means["suggested"], wanted)
            print(f"What {budget} random labels reach ({wanted:.3f}) takes {labels} suggested ones.")


def times() -> None:
    """Print how long things take among 10,000 and 100,000 pictures of noise around 200 points."""
    print("\n| pictures | labels | a label | 50 suggestions | all proposals |\n| ---: | ---: | ---: | ---: | ---: |")
    random = np.random.default_rng(0)
    names = tuple(f"category {number}" for number in range(20))
    for count, known in ((10_000, 1_000), (100_000, 2_000)):
        points = random.standard_normal((200, 512), dtype=np.float32)
        which = random.integers(0, len(points), count)
        features = (points[which] + random.standard_normal((count, 512), dtype=np.float32)) / 32
        pool = Pool(np.arange(count), features, np.ones(count, bool), np.arange(count))
        labels = {int(row): Category(names[which[row] % 20]) for row in random.permutation(count)[:known]}
        apprentice = Apprentice(pool, HeadDef("kind", "categories", names), labels)
        apprentice.settle()
        suggestions, seconds = _timed(lambda one=apprentice: one.label_next(50))  # type: ignore[misc]
        each = [
            _timed(lambda item=one.item: apprentice.learn(item, Category(names[which[item] % 20])))[1]  # noqa: B023
            for one in suggestions
        ]
        _, whole = _timed(apprentice.propose)
        print(f"| {count:,} | {known:,} | {np.median(each) * 1000:.1f} ms | {seconds:.2f} s | {whole:.2f} s |")


def _timed(act: Callable[[], object]) -> tuple[list, float]:  # type: ignore[type-arg]
    started = time.perf_counter()
    found = act()
    return found, time.perf_counter() - started  # type: ignore[return-value]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--test", action="store_true", help="judge by the test split")
    savings(test=parser.parse_args(arguments).test)
    times()


if __name__ == "__main__":
    main()
