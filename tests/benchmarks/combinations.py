"""What a table of known combinations does for two questions, as in docs/combinations.md:
``python -m tests.benchmarks.combinations``.

Part and colour of camera-like renders, fitted on the train split and judged on the **validation** split. There every
part comes in every colour, so tables are made up: for each part a random half of the colours is known. Pictures of
known pairs are judged, with a share of pictures of other pairs among them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.combinations import RARE, Combinations, Joint
from models.heads.categories import CategoriesResult, decode
from tests.benchmarks.incremental import Task, head_of, tasks
from training.conformal import fit_temperature
from training.held_out import held_out_logits

RARES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
SHARES = (0.0, 0.05, 0.2)
DRAWS = 200
MANY = 10_000


@dataclass(frozen=True)
class Question:
    """What a calibrated head says of N validation pictures, and the true columns (N,)."""

    name: str
    categories: tuple[str, ...]
    answers: list[CategoriesResult]
    truth: NDArray[np.intp]

    def right(self) -> NDArray[np.bool_]:
        said = np.array([answer.probabilities.argmax() for answer in self.answers])
        return said == self.truth


def question(task: Task) -> Question:
    """Temperature as the program finds it, one picture left out at a time: their names tell of no series."""
    head = head_of(task, np.arange(len(task.train)))
    temperature = fit_temperature(*held_out_logits(head))
    answers = decode((head.logits(task.validation) / temperature).astype(np.float32), task.categories)
    return Question(task.name, task.categories, answers, task.validation_labels)


def made_up(part: Question, colour: Question, draw: int, rare: float) -> Combinations:
    """For each part another random half of the colours."""
    rng = np.random.default_rng([0, draw])
    half = len(colour.categories) // 2
    known = {name: frozenset(rng.permutation(colour.categories)[:half].tolist()) for name in part.categories}
    return Combinations((part.name, colour.name), known, rare)


def listed(table: Combinations, part: Question, colour: Question) -> NDArray[np.bool_]:
    """Whether the true pair of each picture is in the table, (N,)."""
    allowed: NDArray[np.bool_] = table.allowed(part.categories, colour.categories)[part.truth, colour.truth]
    return allowed


def chosen(known: NDArray[np.bool_], share: float, draw: int) -> NDArray[np.intp]:
    """All pictures of known pairs, and as many of others that these make up ``share``."""
    others = np.random.default_rng([1, draw]).permutation(np.flatnonzero(~known))
    return np.concatenate([np.flatnonzero(known), others[: round(share / (1 - share) * known.sum())]])


def right(joints: Sequence[Joint], part: Question, colour: Question) -> NDArray[np.bool_]:
    """Whether part, colour and both of each picture are as they should be, (N, 3)."""
    first = np.array([part.categories.index(joint.categories[0]) for joint in joints]) == part.truth
    second = np.array([colour.categories.index(joint.categories[1]) for joint in joints]) == colour.truth
    return np.stack([first, second, first & second], axis=1)


def accuracies(part: Question, colour: Question) -> Iterator[str]:
    """Means over ``DRAWS`` tables. The gain's error is over pictures, not tables: they are always the same ones."""
    yield "| pictures not in the table | rare | part | colour | both | gain | its error | confidence | if not in it |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    alone = np.stack([part.right(), colour.right(), part.right() & colour.right()], axis=1)
    count = len(alone)
    for share in SHARES:
        for rare in RARES:
            times, gains, rows = np.zeros(count), np.zeros(count), []
            for draw in range(DRAWS):
                table = made_up(part, colour, draw, rare)
                known = listed(table, part, colour)
                some = chosen(known, share, draw)
                joints = table.decode_many(part.answers, colour.answers)
                joint = right(joints, part, colour)
                times[some] += 1
                gains[some] += joint[some, 2].astype(float) - alone[some, 2]
                unlisted = some[~known[some]]
                rows.append(
                    [
                        *joint[some].mean(axis=0),
                        np.mean([joints[index].confidence for index in some.tolist()]),
                        joint[unlisted, 2].mean() if len(unlisted) else np.nan,
                    ]
                )
            gain = gains.sum() / times.sum()
            error = np.sqrt(np.sum((gains - gain * times) ** 2)) / times.sum()
            a, b, both, confidence, outside = np.mean(rows, axis=0)
            name = f"{rare:g}" + (" (no table)" if rare == 1 else "")
            cells = f"{a:.3f} | {b:.3f} | {both:.3f} | {gain:+.3f} | {error:.3f} | {confidence:.3f}"
            yield f"| {share:.0%} | {name} | {cells} | {'' if np.isnan(outside) else f'{outside:.3f}'} |"


def timing(part: Question, colour: Question) -> str:
    table = made_up(part, colour, 0, RARE)
    some = np.random.default_rng(0).integers(len(part.answers), size=MANY).tolist()
    first, second = ([question.answers[index] for index in some] for question in (part, colour))
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        table.decode_many(first, second)
        taken.append(time.perf_counter() - start)
    sizes = f"{len(part.categories)} x {len(colour.categories)}"
    return f"{MANY:,} pictures, {sizes} categories: {sorted(taken)[2]:.3f} s"


def main() -> None:
    part, colour = (question(task) for task in tasks() if task.name in ("part", "colour"))
    print(f"{len(part.truth)} validation pictures; both right by the heads alone: ", end="")
    print(f"{np.mean(part.right() & colour.right()):.3f}\n")
    for line in accuracies(part, colour):
        print(line, flush=True)
    print(f"\n{timing(part, colour)}")


if __name__ == "__main__":
    main()
