"""What scikit-learn makes of the same labels in the same order: ``python tests/benchmarks/incremental_sgd.py FILE``.

FILE is what ``tests.benchmarks.incremental curves --export FILE`` wrote. Runs in the engine's environment, where
scikit-learn is, and imports nothing of the program. Each way gets the best of its settings, judged by the mean of its
row: more than a person could do, and in favour of scikit-learn.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, SGDClassifier

CORRECTIONS = (0, 20, 50, 100, 200)
RATES = (0.03, 0.3, 3.0, 30.0)
PENALTIES = (1e-6, 1e-4)
STRENGTHS = (1.0, 30.0, 1000.0)


def sgd(
    features: NDArray[np.float32],
    labels: NDArray[np.intp],
    base: NDArray[np.intp],
    order: NDArray[np.intp],
    judge: Callable[[object], float],
    *,
    rate: float,
    penalty: float,
) -> list[float]:
    """``partial_fit``: 20 times over the base, then once with each label as it comes."""
    model = SGDClassifier(loss="log_loss", learning_rate="constant", eta0=rate, alpha=penalty, random_state=0)
    classes = np.unique(labels)
    rng = np.random.default_rng(0)
    for _ in range(20 if len(base) else 0):
        shuffled = rng.permutation(base)
        model.partial_fit(features[shuffled], labels[shuffled], classes=classes)
    measured = []
    for count in range(max(CORRECTIONS) + 1):
        if count in CORRECTIONS:
            measured.append(judge(model) if count or len(base) else float("nan"))
        model.partial_fit(features[order[count : count + 1]], labels[order[count : count + 1]], classes=classes)
    return measured


def refit(
    features: NDArray[np.float32],
    labels: NDArray[np.intp],
    base: NDArray[np.intp],
    order: NDArray[np.intp],
    judge: Callable[[object], float],
    *,
    strength: float,
) -> list[float]:
    """Logistic regression on all labels so far, from scratch each time."""
    measured = []
    for count in CORRECTIONS:
        chosen = np.concatenate([base, order[:count]])
        if not len(chosen):
            measured.append(float("nan"))
            continue
        model = LogisticRegression(C=strength, max_iter=200).fit(features[chosen], labels[chosen])
        measured.append(judge(model))
    return measured


def main(path: str) -> None:
    warnings.simplefilter("ignore", ConvergenceWarning)
    file = np.load(path, allow_pickle=False)
    print("| question | from | order | learner | " + " | ".join(f"{n} labels" for n in CORRECTIONS) + " |")
    print("| --- | --- | --- | --- |" + " --- |" * len(CORRECTIONS))
    for name in [key.removesuffix("/order") for key in file.files if key.endswith("/order")]:
        question, start, how = name.split(", ")
        if how == "at random":
            continue
        features, labels = file[f"{question}/train"], file[f"{question}/train_labels"]
        seen, truth = file[f"{question}/validation"], file[f"{question}/validation_labels"]
        base, order = file[f"{name}/base"], file[f"{name}/order"]

        def judge(model: object, seen: object = seen, truth: object = truth) -> float:
            return float(np.mean(model.predict(seen) == truth))  # type: ignore[attr-defined]  # both models have it

        rows = {
            "`SGDClassifier.partial_fit`": [
                sgd(features, labels, base, order, judge, rate=rate, penalty=penalty)
                for rate in RATES
                for penalty in PENALTIES
            ],
            "logistic regression, refitted": [
                refit(features, labels, base, order, judge, strength=strength) for strength in STRENGTHS
            ],
        }
        for learner, several in rows.items():
            best = max(several, key=lambda row: float(np.nanmean(row)))
            cells = " | ".join("" if np.isnan(value) else f"{value:.3f}" for value in best)
            print(f"| {question} | {start} | {how} | {learner} | {cells} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
