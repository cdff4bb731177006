"""What is to be photographed, and what of it is still missing: "8 angles x 3 colours for each of these 40 parts"."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from models.errors import DatasetError, one_line
from models.workspace import atomic_file, reason

__all__ = ["MOST", "CapturePlan", "Remaining", "Wanted", "load_plan", "read_table", "save_plan"]

MOST = 100_000
"""Lines that a plan may have."""

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line of a plan.

    Attributes:
        labels: an answer for each question of the plan, in its order.
        angles: how many pictures of it, each from another side; 1 or more.
    """

    labels: tuple[str, ...]
    angles: int


@dataclass(frozen=True, slots=True)
class Remaining:
    """How far a plan is.

    Attributes:
        done: pictures that were taken and are asked for.
        wanted: pictures that are asked for.
        missing: what is still to be taken, in the plan's order.
    """

    done: int
    wanted: int
    missing: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class CapturePlan:
    """What is to be photographed.

    Attributes:
        heads: names of the questions whose answers a line gives, such as part and colour.
        lines: what is wanted, no two with the same labels.

    Raises:
        DatasetError: a line asks for nothing, has too few labels, or comes twice.
    """

    heads: tuple[str, ...]
    lines: tuple[Wanted, ...]

    def __post_init__(self) -> None:
        if not self.heads or not self.lines:
            raise DatasetError("A capture plan needs a question and something to photograph; add both.")
        if len(self.lines) > MOST:
            raise DatasetError(f"A capture plan of {len(self.lines):,} lines is too long; ask for {MOST:,} at most.")
        seen = set()
        for one in self.lines:
            said = one_line(", ".join(one.labels))
            if len(one.labels) != len(self.heads) or not all(one.labels):
                raise DatasetError(
                    f"The line {said or 'without a name'} needs {' and '.join(self.heads)}; complete it."
                )
            if one.angles < 1:
                raise DatasetError(f"The line {said} asks for no picture; ask for one or more.")
            if one.labels in seen:
                raise DatasetError(f"The line {said} is in the plan twice; leave one out.")
            seen.add(one.labels)

    @classmethod
    def every(cls, answers: Mapping[str, Sequence[str]], angles: int) -> CapturePlan:
        """Every combination of the answers, the last question's changing fastest.

        Args:
            answers: question -> answers, such as {"part": 40 names, "colour": 3 names}.
            angles: of each combination.
        """
        return cls(tuple(answers), tuple(Wanted(labels, angles) for labels in product(*answers.values())))

    def remaining(self, taken: Mapping[tuple[str, ...], int]) -> Remaining:
        """What is still missing.

        Args:
            taken: labels, as a line has them -> pictures there are. What the plan does not ask for is left aside, and
                more than it asks for does not make up for another line.
        """
        missing = []
        done = 0
        for one in self.lines:
            there = min(taken.get(one.labels, 0), one.angles)
            done += there
            if there < one.angles:
                missing.append(Wanted(one.labels, one.angles - there))
        return Remaining(done, sum(one.angles for one in self.lines), tuple(missing))

    def next_line(self, taken: Mapping[tuple[str, ...], int], current: tuple[str, ...] | None = None) -> Wanted | None:
        """What to photograph now: what lies under the camera until it is done, then what shares most of its labels, so
        that as little as possible is changed; None when nothing is missing.
        """
        missing = self.remaining(taken).missing
        if not missing:
            return None
        if current is None:
            return missing[0]
        return max(missing, key=lambda one: sum(a == b for a, b in zip(one.labels, current, strict=True)))

    def to_json(self) -> dict[str, object]:
        """For ``json.dumps``."""
        lines = [[*one.labels, one.angles] for one in self.lines]
        return {"version": _VERSION, "heads": list(self.heads), "lines": lines}

    @classmethod
    def from_json(cls, data: object) -> CapturePlan:
        """The counterpart of ``to_json``.

        Raises:
            DatasetError: it is no plan.
        """
        try:
            if not isinstance(data, Mapping) or data["version"] != _VERSION:
                raise ValueError
            lines = tuple(Wanted(tuple(str(name) for name in labels), int(angles)) for *labels, angles in data["lines"])
            return cls(tuple(str(name) for name in data["heads"]), lines)
        except (KeyError, TypeError, ValueError) as error:
            raise DatasetError("The capture plan is damaged; make it anew.") from error


def read_table(path: Path, heads: Sequence[str]) -> CapturePlan:
    """A plan from a CSV file: a column for each question, and "angles" (1 where it is missing or empty).

    Raises:
        DatasetError: it can't be read, or lacks a column.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise DatasetError(f"{path.name} can't be read as a table; save it as CSV with UTF-8.") from error
    rows = list(csv.DictReader(text.splitlines()))
    names = [name for name in heads if rows and name in rows[0]]
    if not names:
        raise DatasetError(f"{path.name} has no column {' or '.join(heads)}; name the columns by the questions.")
    return CapturePlan(tuple(names), tuple(_lines(path.name, rows, names)))


def _lines(name: str, rows: Iterable[Mapping[str, str]], heads: Sequence[str]) -> Iterable[Wanted]:
    for number, row in enumerate(rows, 2):
        angles = (row.get("angles") or "1").strip()
        if not angles.isdigit():
            raise DatasetError(f"{name}, line {number}: {one_line(angles)} is no number of angles; correct it.")
        yield Wanted(tuple((row.get(head) or "").strip() for head in heads), int(angles))


def save_plan(path: Path, plan: CapturePlan) -> None:
    """Keep a plan, whole or not at all.

    Raises:
        DatasetError: it can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_file(path) as file:
            file.write(json.dumps(plan.to_json(), ensure_ascii=False).encode())
    except OSError as error:
        raise DatasetError(f"{path.name} can't be written ({reason(error)}); free some space and try again.") from error


def load_plan(path: Path) -> CapturePlan | None:
    """A plan that was kept; None when there is none.

    Raises:
        DatasetError: it is damaged or can't be read.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeError) as error:
        raise DatasetError(f"{path.name} can't be read; make the plan anew.") from error
    try:
        return CapturePlan.from_json(json.loads(text))
    except ValueError as error:
        raise DatasetError("The capture plan is damaged; make it anew.") from error
