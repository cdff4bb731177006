"""The incremental head on the test splits: reports, by which nothing is chosen (``tests.benchmarks.incremental``).

Standard errors are over the test pictures; where a row is a mean of draws, over the draws as well (bootstrap of both).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from models.library import BUNDLED
from tests.benchmarks.incremental_data import SEED, Task, groups_of, head_of, probabilities, test_split
from training.calibration import calibrate
from training.head_file import load
from training.incremental import IncrementalHead
from training.rescoring import Rescorer

CORRECTIONS = (0, 20, 50, 100, 200)
ORDERS = ("wrong ones first", "least sure first", "at random")
DRAWS = 5
UNKNOWN_DRAWS = 8
WRONG = (0.05, 0.1, 0.2, 0.3)


@dataclass(frozen=True)
class Pool:
    """What a person may label: embeddings (M, D), columns (M,), and which rows the head knows to begin with."""

    embeddings: NDArray[np.float16]
    labels: NDArray[np.intp]
    known: NDArray[np.intp]


def corrections(all_tasks: Sequence[Task], exported: dict[str, NDArray[np.generic]]) -> Iterator[str]:
    """Accuracy on the test split while a person labels pictures: of the validation split, or of the train split."""
    yield "| question | from | order | " + " | ".join(f"{n} labels" for n in CORRECTIONS) + " | gain | refit differs |"
    yield "| --- | --- | --- |" + " --- |" * len(CORRECTIONS) + " --- | --- |"
    for task in all_tasks:
        unseen, truth = test_split(task)
        nothing = Pool(task.train, task.train_labels, np.empty(0, np.intp))
        starts: dict[str, tuple[Pool, Callable[[], IncrementalHead]]] = {
            "nothing": (nothing, partial(head_of, task, nothing.known))
        }
        if task.name == "material":
            both = np.concatenate([task.train, task.validation])
            labels = np.concatenate([task.train_labels, task.validation_labels])
            starts["the starter model"] = (Pool(both, labels, np.arange(len(task.train))), _starter)
        for start, (pool, make) in starts.items():
            for order in ORDERS[1:] if start == "nothing" else ORDERS:
                right, differs = [], 0.0
                where = f"{task.name}, {start}, {order}"
                for draw in range(DRAWS if start == "nothing" or order == "at random" else 1):
                    head = make()
                    answers, sequence = _correct(task, head, pool, unseen, order, draw)
                    right.append(answers == truth)
                    differs = max(differs, _refit_differs(head, unseen))
                    exported[f"{where}/order {draw}"] = np.array(sequence)
                    exported[f"{where}/logits {draw}"] = head.logits(unseen)
                    exported[f"{where}/ridge"] = np.array(head.ridge)
                exported[f"{where}/known"] = pool.known
                cells = " | ".join(_with_error(np.array(right)[:, step]) for step in range(len(CORRECTIONS)))
                gain = _with_error(np.array(right)[:, -1].astype(float) - np.array(right)[:, 0])
                yield f"| {task.name} | {start} | {order} | {cells} | {gain} | {differs:.0e} |"
        _export(task, unseen, truth, exported)


def _starter() -> IncrementalHead:
    return load(BUNDLED / "starter" / "state-0.npz").head


def _correct(
    task: Task, head: IncrementalHead, pool: Pool, unseen: NDArray[np.float16], order: str, draw: int
) -> tuple[NDArray[np.intp], list[int]]:
    """What ``head`` says of ``unseen``, (steps, N), after each number of ``CORRECTIONS``; and the rows labelled."""
    rng = np.random.default_rng((SEED, draw))
    rescorer = Rescorer(head, pool.embeddings)
    left = np.setdiff1d(np.arange(len(pool.labels)), pool.known)
    answers, sequence = [], []
    for count in range(max(CORRECTIONS) + 1):
        if count in CORRECTIONS:
            answers.append(head.logits(unseen).argmax(axis=1))
        if not len(left) or count == max(CORRECTIONS):
            continue
        waiting = left
        logits = rescorer.logits()
        if order == "wrong ones first":
            wrong = left[logits[left].argmax(axis=1) != pool.labels[left]]
            waiting = wrong if len(wrong) else left
        if order == "at random" or not head.examples:
            picked = int(rng.choice(waiting))
        else:
            # The order of confidences is that of the logits' margins, near enough, whatever the temperature
            top = np.partition(logits[waiting], -2, axis=1)
            picked = int(waiting[np.argmin(top[:, -1] - top[:, -2])])
        head.add(b"labelled %d" % picked, pool.embeddings[picked], task.categories[pool.labels[picked]])
        left = left[left != picked]
        sequence.append(picked)
    return np.array(answers), sequence


def _refit_differs(head: IncrementalHead, unseen: NDArray[np.float16]) -> float:
    """The largest difference between the logits of ``head`` and those of ridge regression fitted anew.

    In the dual form, which the head itself does not use: as many unknowns as examples.
    """
    examples = head.examples.values()
    rows = head.features(np.stack([example.embedding for example in examples]))
    targets = np.array([[example.category == name for name in head.categories] for example in examples], float)
    solved = np.linalg.solve(rows @ rows.T + head.ridge * np.eye(len(rows)), targets)
    refitted = head.features(unseen) @ (rows.T @ solved)
    return float(np.abs(refitted - head.features(unseen) @ head.weights).max())


def _export(
    task: Task, unseen: NDArray[np.float16], truth: NDArray[np.intp], exported: dict[str, NDArray[np.generic]]
) -> None:
    """For scikit-learn: features and labels, and an order on half of the train split by which it may be set."""
    groups = sorted(set(task.groups))
    half = set(np.random.default_rng(SEED).permutation(groups)[: len(groups) // 2].tolist())
    known = np.flatnonzero([group in half for group in task.groups])
    head = head_of(task, known)
    pool = Pool(task.train, task.train_labels, known)
    _, sequence = _correct(task, head, pool, task.validation, "least sure first", 0)
    exported |= {
        f"{task.name}/train": head.features(task.train),
        f"{task.name}/train_labels": task.train_labels,
        f"{task.name}/validation": head.features(task.validation),
        f"{task.name}/validation_labels": task.validation_labels,
        f"{task.name}/test": head.features(unseen),
        f"{task.name}/test_labels": truth,
        f"{task.name}/half": known,
        f"{task.name}/half order": np.array(sequence),
    }


def unknown(all_tasks: Sequence[Task]) -> Iterator[str]:
    """A quarter of the categories left out: fitted and calibrated on the train split, judged on the test split."""
    yield (
        "| question | wrong at most | promised | known answered | of these wrong | never seen refused "
        "| of all answers wrong |"
    )
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for task in all_tasks:
        unseen, truth = test_split(task)
        draws = [_one_draw(task, unseen, truth, draw) for draw in range(UNKNOWN_DRAWS)]
        for wrong in WRONG:
            several = [draw[wrong] for draw in draws if wrong in draw]
            cells = " | ".join(_rates(several)) if several else "| | | "
            yield f"| {task.name} | {wrong:.0%} | {len(several)} of {UNKNOWN_DRAWS} | {cells} |"


@dataclass(frozen=True)
class Refusals:
    """Of N test pictures: whether the category was known, the picture answered, the answer right."""

    known: NDArray[np.bool_]
    answered: NDArray[np.bool_]
    right: NDArray[np.bool_]


def _one_draw(task: Task, unseen: NDArray[np.float16], truth: NDArray[np.intp], draw: int) -> Mapping[float, Refusals]:
    """By the share that may be wrong; only where that could be promised."""
    shuffled = np.random.default_rng(draw).permutation(len(task.categories))
    kept = np.sort(shuffled[len(task.categories) // 4 :])
    names = [task.categories[column] for column in kept]
    head = head_of(task, np.flatnonzero(np.isin(task.train_labels, kept)), names)
    found = {}
    for wrong in WRONG:
        calibration = calibrate(head, groups_of(task), wrong=wrong)
        if calibration.promised:
            answers = probabilities(head.logits(unseen) / calibration.temperature, names)
            answered = answers.max(axis=1) >= calibration.unknown_below
            found[wrong] = Refusals(np.isin(truth, kept), answered, kept[answers.argmax(axis=1)] == truth)
    return found


def _rates(several: Sequence[Refusals]) -> list[str]:
    """Known answered, of these wrong, never seen refused, of all answers wrong: means over draws, with their errors."""

    def rates(draws: Sequence[Refusals], rows: NDArray[np.intp]) -> NDArray[np.float64]:
        each = []
        for one in draws:
            known, answered, right = one.known[rows], one.answered[rows], one.right[rows]
            each.append(
                (
                    _share(answered[known]),
                    _share(~right[known & answered]),
                    _share(~answered[~known]),
                    _share(~right[answered]),
                )
            )
        means: NDArray[np.float64] = np.array(each).mean(axis=0)
        return means

    count = len(several[0].known)
    rng = np.random.default_rng(SEED)
    resampled = [
        rates([several[i] for i in rng.integers(len(several), size=len(several))], rng.integers(count, size=count))
        for _ in range(500)
    ]
    pairs = zip(rates(several, np.arange(count)), np.std(resampled, axis=0), strict=True)
    return [f"{rate:.2f} ± {error:.2f}" for rate, error in pairs]


def _share(rows: NDArray[np.bool_]) -> float:
    return float(rows.mean()) if len(rows) else 0.0


def _with_error(values: NDArray[np.generic]) -> str:
    """The mean of (draws, N), and its standard error by resampling both."""
    rng = np.random.default_rng(SEED)
    draws, count = values.shape
    table = values.astype(float)
    means = [table[np.ix_(rng.integers(draws, size=draws), rng.integers(count, size=count))].mean() for _ in range(500)]
    return f"{table.mean():.3f} ± {np.std(means):.3f}"
