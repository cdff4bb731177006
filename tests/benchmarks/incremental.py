"""What the incremental head can do, and how fast, as in docs/learning.md: ``python -m tests.benchmarks.incremental``.

Everything is judged on the validation splits; the test splits stay unseen. Embeddings are computed once and kept in the
system's folder for temporary files. ``--export FILE`` writes what ``tests/benchmarks/incremental_sgd.py`` reads, which
needs scikit-learn and so runs in the engine's environment.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np
from numpy.typing import NDArray

from models.embedding import Backbone
from models.heads.categories import decode
from models.library import BUNDLED
from training.conformal import answer_threshold, fit_temperature, known_threshold
from training.features import Features
from training.held_out import held_out_logits
from training.incremental import IncrementalHead
from training.metrics.categories import calibration_error
from training.pictures import read_table, squares
from training.rescoring import Rescorer
from training.series import series

DATA = Path(os.environ.get("SORTWERK_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
QUESTIONS = (("material", "textures", "category"), ("part", "parts", "part_id"), ("colour", "parts", "color_id"))
WIDTHS = (None, 500, 1000, 2000, 4000)
RIDGES = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
SHOTS = (1, 2, 5, 10, 20, 50, 100)
DRAWS = 3
RIDGE = 0.1
CORRECTIONS = (0, 20, 50, 100, 200)
SCORED = 10_000
SEED = 0


@dataclass(frozen=True)
class Task:
    """One question of one data set; labels are columns."""

    name: str
    categories: tuple[str, ...]
    train: NDArray[np.float16]
    train_labels: NDArray[np.intp]
    groups: NDArray[np.str_]
    places: tuple[PurePath, ...]
    validation: NDArray[np.float16]
    validation_labels: NDArray[np.intp]


def tasks() -> list[Task]:
    found = []
    for name, folder, column in QUESTIONS:
        rows = [row for row in read_table(DATA / folder / "labels.csv") if row["split"] in ("train", "val")]
        vectors = embeddings(folder, [DATA / folder / row["file"] for row in rows])
        train = np.array([row["split"] == "train" for row in rows])
        categories = sorted({row[column] for row in rows})
        labels = np.array([categories.index(row[column]) for row in rows], np.intp)
        groups = np.array([row.get("group", str(index)) for index, row in enumerate(rows)])
        found.append(
            Task(
                name,
                tuple(categories),
                vectors[train],
                labels[train],
                groups[train],
                tuple(_place(row) for row in rows if row["split"] == "train"),
                vectors[~train],
                labels[~train],
            )
        )
    return found


def embeddings(name: str, paths: Sequence[Path]) -> NDArray[np.float16]:
    model = hashlib.sha256((BUNDLED / "backbone" / "model.onnx").read_bytes()).hexdigest()[:16]
    cache = Path(tempfile.gettempdir()) / f"sortwerk-benchmark-{name}-{model}-{len(paths)}.npy"
    if not cache.exists():
        backbone = Backbone(BUNDLED / "backbone", threads=2)
        np.save(cache, np.concatenate([backbone.embed(batch) for batch in squares(paths, backbone.side)]))
    kept: NDArray[np.float16] = np.load(cache)
    return kept


def starter_features() -> Features:
    """Standardised as the starter model does, for every question: a new one has no reference pictures of its own."""
    with np.load(BUNDLED / "starter" / "head.npz") as file:
        return Features(file["mean"], file["scale"])


def projected(features: NDArray[np.float64], width: int | None) -> NDArray[np.float64]:
    """RanPAC's eq. 4: max(0, f R), R standard normal; scaled so that the mean square length stays what it was."""
    if width is None:
        return features
    drawn = np.random.default_rng(SEED).standard_normal((features.shape[1] - 1, width)) * np.sqrt(2 / width)
    return np.hstack([np.maximum(features[:, :-1] @ drawn, 0), features[:, -1:]])


def _place(row: Mapping[str, str]) -> PurePath:
    """Where a picture came from: textures lie in the folder of their game, photographs all in one."""
    return PurePath(row.get("game", "photographs"), PurePath(row.get("original_name", row["file"])).name)


def head_of(task: Task, chosen: NDArray[np.intp], categories: Sequence[str] | None = None) -> IncrementalHead:
    head = IncrementalHead(starter_features(), ridge=RIDGE, categories=categories or task.categories)
    head.add_many(
        (b"%d" % index, task.train[index], task.categories[task.train_labels[index]]) for index in chosen.tolist()
    )
    return head


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


def curves(all_tasks: Sequence[Task], exported: dict[str, NDArray[np.generic]]) -> Iterator[str]:
    """Accuracy on the validation split while a person labels pictures of the train split, the least sure one first."""
    yield "| question | from | order | " + " | ".join(f"{n} labels" for n in CORRECTIONS) + " |"
    yield "| --- | --- | --- |" + " --- |" * len(CORRECTIONS)
    for task in all_tasks:
        groups = sorted(set(task.groups))
        half = set(np.random.default_rng(SEED).permutation(groups)[: len(groups) // 2].tolist())
        in_half = np.array([group in half for group in task.groups])
        for name, base in (("half of the split", in_half), ("nothing", np.zeros(len(in_half), bool))):
            for order in ("least sure first", "at random"):
                head = head_of(task, np.flatnonzero(base))
                measured, sequence = _correct(task, head, np.flatnonzero(~base), order)
                yield f"| {task.name} | {name} | {order} | " + " | ".join(f"{m:.3f}" for m in measured) + " |"
                where = f"{task.name}, {name}, {order}"
                exported[f"{where}/base"] = np.flatnonzero(base)
                exported[f"{where}/order"] = np.array(sequence)
        exported[f"{task.name}/train"] = head.features.cached(task.train)
        exported[f"{task.name}/validation"] = head.features.cached(task.validation)
        exported[f"{task.name}/train_labels"] = task.train_labels
        exported[f"{task.name}/validation_labels"] = task.validation_labels


def _correct(task: Task, head: IncrementalHead, pool: NDArray[np.intp], order: str) -> tuple[list[float], list[int]]:
    rng = np.random.default_rng(SEED)
    rescorer = Rescorer(head, task.train)
    left = set(pool.tolist())
    measured: list[float] = []
    sequence: list[int] = []
    for labels in range(max(CORRECTIONS) + 1):
        if labels in CORRECTIONS:
            measured.append(float(np.mean(head.logits(task.validation).argmax(axis=1) == task.validation_labels)))
        waiting = sorted(left)
        if order == "at random" or not head.examples:
            picked = int(rng.choice(waiting))
        else:
            # The order of confidences is that of the logits' margins, near enough, whatever the temperature
            top = np.partition(rescorer.logits()[waiting], -2, axis=1)
            picked = waiting[int(np.argmin(top[:, -1] - top[:, -2]))]
        head.add(b"%d" % picked, task.train[picked], task.categories[task.train_labels[picked]])
        left.remove(picked)
        sequence.append(picked)
    return measured, sequence


def calibration(all_tasks: Sequence[Task]) -> Iterator[str]:
    """The temperature from held-out logits of the train split, judged on the validation split."""
    yield "| question | left out at a time | temperature | accuracy then | validation | confidence | its error |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for task in all_tasks:
        head = head_of(task, np.arange(len(task.train)))
        for name, groups in (("one picture", None), ("one series", _groups(task))):
            held_out, labels = held_out_logits(head, groups)
            temperature = fit_temperature(held_out, labels)
            answers = _probabilities(head.logits(task.validation) / temperature, task.categories)
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
    held_out, labels = held_out_logits(head, _groups(task))
    temperature = fit_temperature(held_out, labels)
    seen = _probabilities(held_out / temperature, names)
    answers = _probabilities(head.logits(task.validation) / temperature, names)
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


def _groups(task: Task) -> dict[bytes, str]:
    return series(
        {b"%d" % index: place for index, place in enumerate(task.places)},
        {b"%d" % index: task.categories[label] for index, label in enumerate(task.train_labels)},
    )


def _probabilities(logits: NDArray[np.floating], categories: Sequence[str]) -> NDArray[np.float32]:
    return np.stack([result.probabilities for result in decode(logits.astype(np.float32), categories)])


def _draw(labels: NDArray[np.intp], shots: int, seed: int) -> NDArray[np.intp]:
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.permutation(np.flatnonzero(labels == label))[:shots] for label in np.unique(labels)])


def _width(width: int | None) -> str:
    return "no projection" if width is None else str(width)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=["timings", "calibration", "unknown", "curves", "widths"])
    parser.add_argument("--export", type=Path)
    options = parser.parse_args()
    all_tasks = tasks()
    exported: dict[str, NDArray[np.generic]] = {}
    tables: dict[str, Callable[[], Iterator[str]]] = {
        "timings": lambda: timings(all_tasks[0]),
        "calibration": lambda: calibration(all_tasks),
        "unknown": lambda: unknown(all_tasks),
        "curves": lambda: curves(all_tasks, exported),
        "widths": lambda: widths(all_tasks),
    }
    for part in options.parts:
        print(f"\n## {part}\n", flush=True)
        for line in tables[part]():
            print(line, flush=True)
    if options.export:
        with options.export.open("wb") as file:
            np.savez(file, allow_pickle=False, **exported)


if __name__ == "__main__":
    main()
