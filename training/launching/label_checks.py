"""What labels lack for a training, question by question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from training.config import TrainingConfig
from training.datasets.heads import HeadDef, named_categories
from training.datasets.values import Boxes, Grade
from training.launching.finding import Finding, listed, pictures
from training.launching.plan import Plan
from training.runs.items import RunItem

__all__ = ["FEW", "check_labels"]

FEW = 5
"""Pictures of a category below which little can be learned of it."""


def check_labels(plan: Plan) -> Iterator[Finding]:
    """Of all questions together, then of each."""
    if not plan.heads:
        yield Finding("error", "no-questions", "No question is to be trained.", "Choose one to train, or add one.")
        return
    train = plan.of("train")
    if not train:
        yield Finding(
            "error",
            "no-labels",
            "No picture that is for training has a label to learn from.",
            "Label some pictures, or divide the dataset so that labelled ones are for training.",
        )
        return
    if len(train) == 1:
        yield Finding(
            "error", "one-picture", "There is only one picture to learn from.", "Add and label more pictures."
        )
    if plan.unlabelled:
        yield Finding(
            "note", "unlabelled", f"{pictures(plan.unlabelled)} without a label {_stay(plan.unlabelled)} out.", ""
        )
    for head in plan.heads:
        yield from _head(plan, head, train)


def _head(plan: Plan, head: HeadDef, train: tuple[RunItem, ...]) -> Iterator[Finding]:
    known = [item for item in train if head.name in item.labels]
    if not known:
        yield Finding(
            "error",
            "unknown",
            f"{head.name} has no label in the training pictures.",
            f"Label some for it, or leave it out: heads.{head.name}.train=no.",
            head.name,
        )
        return
    if head.categories or head.kind in ("categories", "tags", "mask", "boxes"):
        yield from _categories(plan, head, known)
    if head.kind == "grade":
        grades = {item.labels[head.name].value for item in known}  # type: ignore[union-attr]  # of a grade head
        if len(grades) == 1:
            yield Finding(
                "error",
                "one-grade",
                f"All pictures of {head.name} have the same grade ({next(iter(grades)):g}).",
                "Label pictures with other grades too.",
                head.name,
            )
    if head.kind == "boxes":
        yield from _boxes(plan.config, head, known)
    judged = sum(head.name in item.labels for item in plan.of("val"))
    if not judged and plan.of("val"):
        yield Finding(
            "warning",
            "no-validation",
            f"No picture for validation has a label for {head.name}, so nothing says how well it is learned.",
            "Label some of them for it.",
            head.name,
        )


def _categories(plan: Plan, head: HeadDef, known: list[RunItem]) -> Iterator[Finding]:
    counts = _counts(head, known)
    judged = _counts(head, [*plan.of("val"), *plan.of("test")])
    empty = [name for name in head.categories if not counts[name] and name not in judged]
    unseen = [name for name in head.categories if not counts[name] and name in judged]
    some = [name for name in head.categories if counts[name]]
    few = [name for name in some if counts[name] < FEW]
    if head.kind == "categories" and len(some) == 1:
        yield Finding(
            "error",
            "one-class",
            f"All training pictures of {head.name} are {listed(some)}, so there is nothing to tell apart.",
            "Label pictures of other categories too.",
            head.name,
        )
    if empty:
        yield Finding(
            "warning",
            "empty-class",
            f"{head.name} has {_these(empty)} without any picture: {listed(empty)}.",
            "Add pictures of it, or remove it from the question.",
            head.name,
        )
    if unseen:
        yield Finding(
            "warning",
            "unseen-class",
            f"{head.name} is judged on {_these(unseen)} that no training picture shows: {listed(unseen)}.",
            "Divide the dataset anew, by strata.",
            head.name,
        )
    if few:
        yield Finding(
            "warning",
            "few",
            f"{head.name} has {_these(few)} with fewer than {FEW} pictures to learn from: {listed(few)}.",
            "Add pictures of them, or balance: data.balancing=sampler.",
            head.name,
        )


def _boxes(config: TrainingConfig, head: HeadDef, known: list[RunItem]) -> Iterator[Finding]:
    values = [item.labels[head.name] for item in known]
    shapes = [shape for value in values if isinstance(value, Boxes) for shape in value.shapes]
    if not shapes:
        yield Finding(
            "error",
            "no-boxes",
            f"No training picture of {head.name} shows anything that has a box.",
            "Draw boxes in some of them.",
            head.name,
        )
    elif config.model.detector == "maskrcnn" and not any(shape.polygons or shape.rle for shape in shapes):
        yield Finding(
            "warning",
            "no-outlines",
            f"Mask R-CNN learns outlines, and the boxes of {head.name} have none.",
            "Draw outlines, or choose another detector: model.detector=fasterrcnn.",
            head.name,
        )


def _counts(head: HeadDef, items: list[RunItem]) -> Counter[str]:
    return Counter(
        name
        for item in items
        if head.name in item.labels and not isinstance(item.labels[head.name], Grade)
        for name in named_categories(head, item.labels[head.name])
    )


def _these(names: list[str]) -> str:
    return "a category" if len(names) == 1 else f"{len(names):,} categories"


def _stay(count: int) -> str:
    return "stays" if count == 1 else "stay"
