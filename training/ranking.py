"""Figures of a comparison of models: from their answers to a labelled set, to an order and a word about chance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.answer import Answer
from models.errors import ModelError
from models.heads.categories import UNKNOWN, Score
from models.validation import Cost
from training.labelled import LabelledSet
from training.metrics.categories import calibration_error, per_class
from training.significance import least_difference, mcnemar, wilson

__all__ = ["Asked", "Comparison", "Disagreement", "Standing", "Versus", "rank"]

_LEAST = 1e-6
"""Of a probability in the log-loss: one answer that is quite wrong must not decide alone."""

_LEVEL = 0.05


@dataclass(slots=True)
class Asked:
    """A model, and what came of asking it.

    Attributes:
        name: for people.
        folder: of the model.
        head: the question that is compared.
        answers: by picture; those that can't be read are missing.
        taught: pictures about which a person has told it.
        size: bytes of its files, the bundled network included where it stands on that.
        cost: of one picture; None when it was not timed.
        problem: why not, as a sentence.
    """

    name: str
    folder: Path
    head: str
    answers: Mapping[Path, Answer]
    taught: frozenset[Path]
    size: int
    cost: Cost | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Versus:
    """The best model against another.

    Attributes:
        only_best: pictures that just the best gets right.
        only_this: pictures that just the other gets right.
        p: the probability that two equally good models differ so much (``training.significance.mcnemar``), 0 to 1; not
            corrected for comparing several.
    """

    only_best: int
    only_this: int
    p: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How one model did.

    Attributes:
        name: for people.
        folder: of the model.
        head: the question that was compared.
        right: pictures with the right best answer, also of those it calls unknown.
        accuracy: their share, 0 to 1.
        interval: between which shares the true accuracy lies with 95 % (Wilson).
        macro_f1: mean over the labels of the set, 0 to 1.
        balanced_accuracy: mean recall over the labels of the set, 0 to 1.
        log_loss: mean of -ln of the probability given to the label (at least 1e-6), over the pictures whose label it
            knows; None without such.
        calibration_error: expected calibration error, 0 to 1.
        called_unknown: pictures whose answer it calls unknown.
        missing: labels of the set that it does not know; their pictures count as wrong.
        missing_pictures: how many these are.
        taught: pictures about which a person has told it: it can hardly be wrong there.
        size: bytes.
        cost: of one picture; None when it was not timed.
        problem: why not, as a sentence.
        versus: the best model against this one; None for the best.
    """

    name: str
    folder: Path
    head: str
    right: int
    accuracy: float
    interval: tuple[float, float]
    macro_f1: float
    balanced_accuracy: float
    log_loss: float | None
    calibration_error: float
    called_unknown: int
    missing: tuple[str, ...]
    missing_pictures: int
    taught: int
    size: int
    cost: Cost | None
    problem: str
    versus: Versus | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A picture about which the models say different things.

    Attributes:
        path: of the picture.
        label: what it is.
        answers: of the models in the order of the standings.
    """

    path: Path
    label: str
    answers: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came out.

    Attributes:
        pictures: that all models answered; only these count.
        left_out: pictures of the set that some model could not read.
        standings: the best model first: by accuracy, then macro F1, then speed.
        note: a sentence about chance.
        disagreements: in the order of the set.
        problems: of the set, a sentence each.
    """

    pictures: int
    left_out: int
    standings: tuple[Standing, ...]
    note: str
    disagreements: tuple[Disagreement, ...]
    problems: tuple[str, ...] = field(default=())


def rank(asked: Sequence[Asked], labelled: LabelledSet) -> Comparison:
    """Figures, order and disagreements of ``asked``, two or more.

    Raises:
        ModelError: no picture was answered by all of them.
    """
    items = [(path, label) for path, label in labelled.items if all(path in one.answers for one in asked)]
    if not items:
        raise ModelError("None of the pictures can be read; check the folder or the table that names them.")
    found = [(one, _standing(one, items), _rights(one, items)) for one in asked]
    found.sort(key=lambda entry: _order(entry[1]))
    best, best_rights = found[0][1], found[0][2]
    standings, against = [best], []
    for _, standing, rights in found[1:]:
        only_best = int(np.sum(best_rights & ~rights))
        only_this = int(np.sum(rights & ~best_rights))
        versus = Versus(only_best, only_this, mcnemar(only_best, only_this))
        against.append(versus)
        standings.append(replace(standing, versus=versus))
    return Comparison(
        len(items),
        len(labelled.items) - len(items),
        tuple(standings),
        _note(standings[0], standings[1], against[0], len(items)),
        tuple(_disagreements([one for one, _, _ in found], items)),
        labelled.problems,
    )


def _standing(one: Asked, items: Sequence[tuple[Path, str]]) -> Standing:
    results = [one.answers[path].heads[one.head] for path, _ in items]
    known = {name.casefold(): name for name in results[0].categories}
    names = list(results[0].categories)
    labels = [known.get(label.casefold(), label) for _, label in items]
    missing = sorted({label for label in labels if label not in names})
    columns = [*names, *missing, UNKNOWN]
    table: NDArray[np.float32] = np.zeros((len(items), len(columns)), np.float32)
    for row, result in zip(table, results, strict=True):
        row[: len(names)] = result.probabilities
        if not names:  # it has learned nothing yet
            row[-1] = 1
    wanted = np.array([columns.index(label) for label in labels], np.intp)
    classes = [one for one in per_class(table, wanted, columns) if one.images]
    right = int(np.sum(table.argmax(axis=1) == wanted))
    of_known = np.array([label in names for label in labels])
    given = np.maximum(table[np.arange(len(items)), wanted].astype(np.float64), _LEAST)
    scores = [2 * one.right / (one.images + one.answers) for one in classes]
    return Standing(
        one.name,
        one.folder,
        one.head,
        right,
        right / len(items),
        wilson(right, len(items)),
        float(np.mean(scores)),
        float(np.mean([one.recall for one in classes])),
        float(-np.log(given[of_known]).mean()) if of_known.any() else None,
        calibration_error(table[:, : len(names)], wanted) if names else 0.0,
        sum(result.unknown for result in results),
        tuple(missing),
        int(np.sum(~of_known)),
        sum(path in one.taught for path, _ in items),
        one.size,
        one.cost,
        one.problem,
    )


def _rights(one: Asked, items: Sequence[tuple[Path, str]]) -> NDArray[np.bool_]:
    """Which of the pictures a model gets right, (N,)."""
    said = [one.answers[path].heads[one.head].best.category.casefold() for path, _ in items]
    return np.array([answer == label.casefold() for answer, (_, label) in zip(said, items, strict=True)])


def _order(one: Standing) -> tuple[float, float, float]:
    return -one.accuracy, -one.macro_f1, one.cost.p50 if one.cost is not None else math.inf


def _disagreements(asked: Sequence[Asked], items: Sequence[tuple[Path, str]]) -> list[Disagreement]:
    found = []
    for path, label in items:
        answers = tuple(one.answers[path].heads[one.head].best for one in asked)
        if len({answer.category.casefold() for answer in answers}) > 1:
            found.append(Disagreement(path, label, answers))
    return found


def _note(best: Standing, second: Standing, versus: Versus, pictures: int) -> str:
    """Whether the lead of the best can be chance, in words."""
    apart = versus.only_best + versus.only_this
    least = least_difference(apart, _LEVEL)
    if least is None:
        return (
            f"With {pictures:,} pictures, of which {apart} set {best.name} and {second.name} apart, no difference can "
            "be told from chance; use more pictures."
        )
    if versus.p < _LEVEL:
        return (
            f"{best.name} is better than {second.name}: of equally good models, {_odds(versus.p)} would be so far "
            f"apart on {pictures:,} pictures."
        )
    points = math.ceil(100 * least / pictures)
    return (
        f"With {pictures:,} pictures a difference under {points} points may be chance: {best.name} need not be better "
        f"than {second.name}. Of equally good models, {_odds(versus.p)} would be so far apart."
    )


def _odds(p: float) -> str:
    """A probability under 1 as "3 in 100"; small ones as under 1 in 1,000."""
    if p < 0.001:
        return "under 1 in 1,000"
    return f"{p * 1000:.0f} in 1,000" if p < 0.01 else f"{p * 100:.0f} in 100"
