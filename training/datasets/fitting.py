"""Whether somebody's labels answer the questions of a dataset, and a plan that says them in its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from models.errors import one_line
from training.datasets.formats.plan import MaskFile, Plan, PlannedItem, PlannedLabel
from training.datasets.heads import MOST_MASK_CATEGORIES, HeadDef

__all__ = ["Fit", "fit_heads", "fit_plan"]


@dataclass(frozen=True, slots=True)
class Fit:
    """Which questions answer which.

    Attributes:
        heads: the questions of the dataset, each with the categories that the labels bring.
        answers: question of the labels -> question of the dataset.
        new: question of the dataset -> the categories that it gains, in order; none is empty.
        left_out: question of the labels -> a sentence that says why its labels can't come in.
    """

    heads: tuple[HeadDef, ...]
    answers: Mapping[str, str]
    new: Mapping[str, tuple[str, ...]]
    left_out: Mapping[str, str]


def fit_heads(asked: Sequence[HeadDef], brought: Sequence[HeadDef]) -> Fit:
    """Find for each question that labels answer the one of the dataset that they fit.

    That is the one of its name, if it is answered in the same form. Else the only one of its form that no other labels
    fit, if it has no categories yet or the two share one: "category" of a folder for "material" of a dataset.

    Args:
        asked: the questions of the dataset.
        brought: those that the labels answer.
    """
    heads = {head.name: head for head in asked}
    answers: dict[str, str] = {}
    new: dict[str, tuple[str, ...]] = {}
    left_out: dict[str, str] = {}
    named = {one.name for one in brought}
    for one in brought:
        into = _find(one, [head for head in heads.values() if head.name == one.name or head.name not in named])
        if into is None or into.name in answers.values():
            left_out[one.name] = _why(one, heads.get(one.name))
            continue
        more = tuple(name for name in one.categories if name not in into.categories)
        if into.kind == "mask" and len(into.categories) + len(more) > MOST_MASK_CATEGORIES:
            left_out[one.name] = (
                f"{one_line(into.name)} would have more than {MOST_MASK_CATEGORIES} categories, so its labels "
                "stay out; make a dataset of them."
            )
            continue
        answers[one.name] = into.name
        if more:
            new[into.name] = more
            heads[into.name] = replace(into, categories=(*into.categories, *more))
    return Fit(tuple(heads[head.name] for head in asked), answers, new, left_out)


def fit_plan(plan: Plan, fit: Fit) -> Plan:
    """``plan`` as the dataset of ``fit`` asks: its questions, and items with answers to them alone.

    The items share the problems of ``plan``, to which is added what does not fit.
    """
    for sentence in fit.left_out.values():
        plan.problems.say(sentence)
    heads = {head.name: head for head in fit.heads}
    brought = {head.name: head for head in plan.heads}

    def items() -> Iterator[PlannedItem]:
        for item in plan.items():
            labels: dict[str, PlannedLabel] = {}
            for name, label in item.labels.items():
                if name in fit.answers:
                    into = fit.answers[name]
                    labels[into] = _renumbered(label, brought[name], heads[into])
            said = {fit.answers[name]: one for name, one in item.said.items() if name in fit.answers}
            yield replace(item, labels=labels, said=said)

    return Plan(plan.format, fit.heads, items, plan.problems, plan.total)


def _find(one: HeadDef, heads: Sequence[HeadDef]) -> HeadDef | None:
    same = next((head for head in heads if head.name == one.name), None)
    if same is not None:
        return same if same.kind == one.kind else None
    alike = [head for head in heads if head.kind == one.kind]
    if len(alike) != 1:
        return None
    (head,) = alike
    shared = not head.categories or bool(set(head.categories) & set(one.categories))
    return head if shared else None


def _why(one: HeadDef, same: HeadDef | None) -> str:
    name = one_line(one.name)
    if same is not None and same.kind != one.kind:
        return f"{name} is answered in another form in the dataset; rename that question, or make a dataset of its own."
    return f"The dataset asks nothing that {name} answers, so its labels stay out; add a question called {name} first."


def _renumbered(label: PlannedLabel, before: HeadDef, after: HeadDef) -> PlannedLabel:
    """A mask's numbers are places in a list of categories, and the dataset has its own list."""
    if not isinstance(label, MaskFile):
        return label
    places = [after.categories.index(name) for name in before.categories]
    values = label.values if label.values is not None else {place: place for place in range(len(places))}
    return replace(label, values={value: places[place] for value, place in values.items() if place < len(places)})
