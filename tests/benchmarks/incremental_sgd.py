"""What scikit-learn makes of the same labels in the same order: ``python tests/benchmarks/incremental_sgd.py FILE``.

FILE is what ``tests.benchmarks.incremental --split test corrections --export FILE`` wrote. Runs in the engine's
environment, where scikit-learn is, and imports nothing of the program. The settings of ``SGDClassifier`` are those of
eight that are best on the validation split: on the same labels when it begins with nothing, and where the labels are of
the validation split itself, on top of half of the train split.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import Ridge, SGDClassifier

CORRECTIONS = (0, 20, 50, 100, 200)
SPLITS = ("train", "validation", "test")
SETTINGS = [{"rate": rate, "average": average} for rate in (0.03, 0.3, 3.0, 30.0) for average in (False, True)]
PASSES = 20

Rows = tuple[NDArray[np.float64], NDArray[np.intp]]
"""Features (N, F) and labels (N,)."""


def sgd(
    table: Rows, known: NDArray[np.intp], order: NDArray[np.intp], unseen: Rows, *, rate: float, average: bool
) -> NDArray[np.bool_]:
    """``partial_fit``: ``PASSES`` times over what is known, then once with each label as it comes.

    Returns:
        Whether each of ``unseen`` was answered rightly, (steps, N); wrongly while nothing is known.
    """
    features, labels = table
    model = SGDClassifier(
        loss="log_loss", learning_rate="constant", eta0=rate, average=average, alpha=1e-6, random_state=0
    )
    classes = np.unique(labels)
    rng = np.random.default_rng(0)
    for _ in range(PASSES if len(known) else 0):
        shuffled = rng.permutation(known)
        model.partial_fit(features[shuffled], labels[shuffled], classes=classes)
    right = []
    for count in range(max(CORRECTIONS) + 1):
        if count in CORRECTIONS:
            fitted = count or len(known)
            right.append(model.predict(unseen[0]) == unseen[1] if fitted else np.zeros(len(unseen[1]), bool))
        if count < len(order):
            model.partial_fit(features[order[count : count + 1]], labels[order[count : count + 1]], classes=classes)
    return np.array(right)


def refit_differs(
    table: Rows, chosen: NDArray[np.intp], unseen: Rows, ridge: float, logits: NDArray[np.float32]
) -> tuple[float, int]:
    """Ridge regression on all labels at once, against the ``logits`` of the head that learned them one by one.

    Returns:
        The largest difference, and how many of ``unseen`` are answered otherwise.
    """
    features, labels = table
    targets = np.eye(logits.shape[1])[labels[chosen]]
    model = Ridge(alpha=ridge, fit_intercept=False, solver="cholesky").fit(features[chosen], targets)
    refitted = model.predict(unseen[0])
    return float(np.abs(refitted - logits).max()), int((refitted.argmax(axis=1) != logits.argmax(axis=1)).sum())


def scenarios(path: str) -> Iterator[str]:
    """Rows of a Markdown table, one a scenario."""
    file = np.load(path, allow_pickle=False)
    for name in [key.removesuffix("/known") for key in file.files if key.endswith("/known")]:
        question = name.partition(",")[0]
        train, validation, unseen = ((file[f"{question}/{s}"], file[f"{question}/{s}_labels"]) for s in SPLITS)
        known, ridge = file[f"{name}/known"], float(file[f"{name}/ridge"])
        table = tuple(np.concatenate(both) for both in zip(train, validation, strict=True)) if len(known) else train
        draws = [key.removeprefix(f"{name}/order ") for key in file.files if key.startswith(f"{name}/order ")]
        orders = [file[f"{name}/order {draw}"] for draw in draws]
        tuned = [(known, order) for order in orders]
        if len(known):
            tuned = [(file[f"{question}/half"], file[f"{question}/half order"])]
        scores = [np.mean([sgd(train, *pair, validation, **setting) for pair in tuned]) for setting in SETTINGS]
        best = SETTINGS[int(np.argmax(scores))]
        right = np.array([sgd(table, known, order, unseen, **best) for order in orders])
        differences = [
            refit_differs(table, np.concatenate([known, order]), unseen, ridge, file[f"{name}/logits {draw}"])
            for draw, order in zip(draws, orders, strict=True)
        ]
        worst, otherwise = max(difference for difference, _ in differences), sum(count for _, count in differences)
        cells = " | ".join(with_error(right[:, step]) for step in range(len(CORRECTIONS)))
        gain = with_error(right[:, -1].astype(float) - right[:, 0])
        setting = f"{best['rate']:g}{', averaged' if best['average'] else ''}"
        yield f"| {name.replace(', ', ' | ')} | {cells} | {gain} | {setting} | {worst:.0e} | {otherwise} |"


def with_error(values: NDArray[np.generic]) -> str:
    """The mean of (draws, N), and its standard error by resampling both."""
    rng = np.random.default_rng(0)
    draws, count = values.shape
    table = values.astype(float)
    means = [table[np.ix_(rng.integers(draws, size=draws), rng.integers(count, size=count))].mean() for _ in range(500)]
    return f"{table.mean():.3f} ± {np.std(means):.3f}"


def main(path: str) -> None:
    print(
        "| question | from | order | "
        + " | ".join(f"{n} labels" for n in CORRECTIONS)
        + " | gain | rate | refit differs | answers that differ |"
    )
    print("| --- | --- | --- |" + " --- |" * (len(CORRECTIONS) + 4))
    for line in scenarios(path):
        print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
