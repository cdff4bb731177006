"""What the incremental head can do, and how fast, as in docs/learning.md: ``python -m tests.benchmarks.incremental``.

Everything is judged on the validation splits. With ``--split test`` come the tables of
``tests.benchmarks.incremental_test_split`` instead; ``--export FILE`` then writes what
``tests/benchmarks/incremental_sgd.py`` reads, which needs scikit-learn and so runs in the engine's environment.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks import incremental_test_split as test_split
from tests.benchmarks.incremental_data import (
    RIDGE,
    SEED,
    Task,
    groups_of,
    head_of,
    probabilities,
    starter_features,
    tasks,
)
from training.conformal import answer_threshold, fit_temperature, known_threshold
from training.held_out import held_out_logits
from training.incremental import IncrementalHead
from training.metrics.categories import calibration_error
from training.rescoring import Rescorer

WIDTHS = (None, 500, 1000, 2000, 4000)
RIDGES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
SHOTS = (1, 2, 5, 10, 20, 50, 100)
DRAWS = 3
SCORED = 10_000


def projected(features: NDArray[np.float64], width: int | None) -> NDArray[np.float64]:
    """RanPAC's eq. 4: max(0, f R), R standard normal; scaled so that the mean square length stays what it was."""
    if width is None:
        return features
    drawn = np.random.default_rng(SEED).standard_normal((features.shape[1] - 1, width)) * np.sqrt(2 / width)
    return np.hstack([np.maximum(features[:, :-1] @ drawn, 0), features[:, -1:]])


def ridges(task: Task) -> Iterator[str]:
    """How the starter model's ridge was chosen: on the train split, each series left out in turn."""
    yield "| ridge | accuracy | mean of the categories' | log loss | temperature |"
    yield "| --- | --- | --- | --- | --- |"
    for ridge in (0.01, 0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.0):
        held_out, labels = held_out_logits(head_of(task, np.arange(len(task.train)), ridge=ridge), groups_of(task))
        right = held_out.argmax(axis=1) == labels
        recalls = [right[labels == label].mean() for label in np.unique(labels)]
        temperature = fit_temperature(held_out, labels)
        loss = -np.log(probabilities(held_out / temperature, task.categories)[np.arange(len(labels)), labels]).mean()
        yield f"| {ridge:g} | {right.mean():.3f} | {np.mean(recalls):.3f} | {loss:.3f} | {temperature:.3f} |"


def widths(all_tasks: Sequence[Task]) -> Iterator[str]:
    """Accuracy by width and by examples a class; the ridge is that which is best on average for the width."""
    yield "| question | examples a class | " + " | ".join(_width(w) for w in WIDTHS) + " |"
    yield "| --- | --- |" + " --- |" * len(WIDTHS)
    right = np.zeros((len(WIDTHS), len(all_tasks), len(SHOTS), len(RIDGES)))
    for w, width in enumerate(WIDTHS):
        features = starter_features()
        for t, task in enumerate(all_tasks):
            train, validation = (projected(features(rows), width) for rows in (task.train, task.validation))
            kernel, cross = train @ train.T, validation @ train.T
            for s, shots in enumerate(SHOTS):
                for draw in range(DRAWS):
                    chosen = _draw(task.train_labels, shots, draw)
                    values, vectors = np.linalg.eigh(kernel[np.ix_(chosen, chosen)])
                    turned = vectors.T @ np.eye(len(task.categories))[task.train_labels[chosen]]
                    for r, ridge in enumerate(RIDGES):
                        logits = cross[:, chosen] @ (vectors @ (turned / (values[:, None] + ridge)))
                        right[w, t, s, r] += np.mean(logits.argmax(axis=1) == task.validation_labels) / DRAWS
    best = right.mean(axis=(1, 2)).argmax(axis=1)
    for t, task in enumerate(all_tasks):
        for s, shots in enumerate(SHOTS):
            cells = [f"{right[w, t, s, best[w]]:.3f}" for w in range(len(WIDTHS))]
            yield f"| {task.name} | {shots} | " + " | ".join(cells) + " |"
    yield "| all | mean | " + " | ".join(f"{right[w, :, :, best[w]].mean():.3f}" for w in range(len(WIDTHS))) + " |"
    plain = ", ".join(f"{ridge:g}: {right[0, :, :, r].mean():.3f}" for r, ridge in enumerate(RIDGES))
    yield "| | ridge | " + " | ".join(f"{RIDGES[best[w]]:g}" for w in range(len(WIDTHS))) + " |"
    yield f"\nNo projection, mean accuracy by ridge: {plain}"


def timings(task: Task, *, rounds: int = 9) -> Iterator[str]:
    """Medians of interleaved rounds: in each, five corrections, five relabellings and one fit from scratch."""
    yield "| examples | correction, ms | relabelling, ms | correction and 10,000 rescored, ms | refit, ms | ratio |"
    yield "| --- | --- | --- | --- | --- | --- |"
    rng = np.random.default_rng(SEED)

    def some(count: int) -> NDArray[np.float16]:
        noise = rng.normal(size=(count, task.train.shape[1])) * (0.3 * task.train.std(axis=0, dtype=np.float64))
        rows: NDArray[np.float16] = (task.train[rng.integers(len(task.train), size=count)] + noise).astype(np.float16)
        return rows

    pictures = some(SCORED)
    cached = starter_features().cached(pictures)
    for count in (795, 2000, 10_000):
        head = IncrementalHead(starter_features(), ridge=RIDGE, categories=task.categories)
        head.add_many((b"e%d" % i, row, task.categories[i % len(task.categories)]) for i, row in enumerate(some(count)))
        head.prepare()
        rescorer = Rescorer(head, pictures)
        rescorer.logits()
        add, relabel, both, refit = [], [], [], []
        for number in range(rounds if count < SCORED else 3):
            for again in range(5):
                key = b"n%d.%d" % (number, again)
                start = time.perf_counter()
                head.add(key, pictures[5 * number + again], task.categories[0])
                add.append(time.perf_counter() - start)
                rescorer.logits()
                both.append(time.perf_counter() - start)
                start = time.perf_counter()
                head.relabel(key, task.categories[1])
                relabel.append(time.perf_counter() - start)
                rescorer.logits()
            start = time.perf_counter()
            fresh = IncrementalHead(head.features, ridge=RIDGE, categories=task.categories)
            fresh.add_many((key, example.embedding, example.category) for key, example in head.examples.items())
            cached @ fresh.weights.astype(np.float32)
            refit.append(time.perf_counter() - start)
        ms = [1000 * statistics.median(values) for values in (add, relabel, both, refit)]
        yield f"| {count:,} | {ms[0]:.1f} | {ms[1]:.1f} | {ms[2]:.1f} | {ms[3]:,.0f} | {ms[3] / ms[2]:.0f} |"


def calibration(all_tasks: Sequence[Task]) -> Iterator[str]:
    """The temperature from held-out logits of the train split, judged on the validation split."""
    yield "| question | left out at a time | temperature | accuracy then | validation | confidence | its error |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for task in all_tasks:
        head = head_of(task, np.arange(len(task.train)))
        for name, groups in (("one picture", None), ("one series", groups_of(task))):
            held_out, labels = held_out_logits(head, groups)
            temperature = fit_temperature(held_out, labels)
            answers = probabilities(head.logits(task.validation) / temperature, task.categories)
            accuracy = np.mean(answers.argmax(axis=1) == task.validation_labels)
            yield (
                f"| {task.name} | {name} | {temperature:.3f} | {np.mean(held_out.argmax(axis=1) == labels):.3f} "
                f"| {accuracy:.3f} | {answers.max(axis=1).mean():.3f} "
                f"| {calibration_error(answers, task.validation_labels):.3f} |"
            )


def unknown(all_tasks: Sequence[Task], *, draws: int = 8) -> Iterator[str]:
    """A quarter of the categories left out, ``draws`` times: what is refused, how often what is answered is wrong."""
    yield "| question | setting | known refused | unknown refused | known answered | of these wrong | held, of 8 |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for task in all_tasks:
        rows: dict[str, list[tuple[float, ...]]] = {}
        for draw in range(draws):
            for name, values in _one_draw(task, draw).items():
                rows.setdefault(name, []).append(values)
        for name, several in rows.items():
            mean = np.nanmean(several, axis=0)
            yield (
                f"| {task.name} | {name} | " + " | ".join(f"{m:.2f}" for m in mean[:4]) + f" | {mean[4] * draws:.0f} |"
            )


def _one_draw(task: Task, draw: int) -> dict[str, tuple[float, ...]]:
    """Setting -> known refused, unknown refused, known answered, of these wrong, whether what was promised held."""
    shuffled = np.random.default_rng(draw).permutation(len(task.categories))
    kept = np.sort(shuffled[len(task.categories) // 4 :])
    names = [task.categories[column] for column in kept]
    head = head_of(task, np.flatnonzero(np.isin(task.train_labels, kept)), names)
    held_out, labels = held_out_logits(head, groups_of(task))
    temperature = fit_temperature(held_out, labels)
    seen = probabilities(held_out / temperature, names)
    answers = probabilities(head.logits(task.validation) / temperature, names)
    confidence, known = answers.max(axis=1), np.isin(task.validation_labels, kept)
    right = kept[answers.argmax(axis=1)] == task.validation_labels
    rows: dict[str, tuple[float, ...]] = {}
    for share in (0.05, 0.1, 0.2):
        at = answer_threshold(seen.max(axis=1), seen.argmax(axis=1) == labels, wrong=share)
        for name, threshold in (
            (f"at most {share:.0%} of known refused", known_threshold(seen.max(axis=1), share)),
            (f"wrong at most {share:.0%} of the time", np.inf if at is None else at),
        ):
            answered = known & (confidence >= threshold)
            refused = float(np.mean(confidence[known] < threshold))
            wrong = float(np.mean(~right[answered])) if answered.any() else 0.0
            promised = refused if "refused" in name else wrong
            rows[name] = (
                refused,
                float(np.mean(confidence[~known] < threshold)),
                1 - refused,
                wrong,
                float(promised <= share),
            )
    return dict(sorted(rows.items(), key=lambda row: "wrong" in row[0]))


def _draw(labels: NDArray[np.intp], shots: int, seed: int) -> NDArray[np.intp]:
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.permutation(np.flatnonzero(labels == label))[:shots] for label in np.unique(labels)])


def _width(width: int | None) -> str:
    return "no projection" if width is None else str(width)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--split", choices=["val", "test"], default="val")
    parser.add_argument("--export", type=Path)
    options = parser.parse_args()
    all_tasks = tasks()
    exported: dict[str, NDArray[np.generic]] = {}
    tables: dict[str, Callable[[], Iterator[str]]] = {
        "timings": lambda: timings(all_tasks[0]),
        "ridges": lambda: ridges(all_tasks[0]),
        "calibration": lambda: calibration(all_tasks),
        "unknown": lambda: unknown(all_tasks),
        "widths": lambda: widths(all_tasks),
    }
    if options.split == "test":
        tables = {
            "corrections": lambda: test_split.corrections(all_tasks, exported),
            "unknown": lambda: test_split.unknown(all_tasks),
        }
    for part in options.parts or tables:
        print(f"\n## {part}\n", flush=True)
        for line in tables[part]():
            print(line, flush=True)
    if options.export:
        with options.export.open("wb") as file:
            np.savez(file, allow_pickle=False, **exported)


if __name__ == "__main__":
    main()
