"""Which question of a model answers which question of a dataset: by kind, and by the categories that both name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from models.errors import one_line
from models.spec import HeadSpec, ModelSpec
from training.datasets.heads import HeadDef

__all__ = ["Match", "folded", "match_heads", "shared_names", "unmatched_words"]

_LISTED = 3
_IS = ("are", "is")


@dataclass(frozen=True, slots=True)
class Match:
    """A question of a model and one of a dataset that it can answer.

    Attributes:
        model_head: the name of the model's.
        head: the dataset's.
        names: the model's category -> the dataset's, of those that both have.
        unmapped: the model's categories that the dataset does not have: they are never proposed.
        unreached: the dataset's categories that the model does not know.
        words: what a person should know about it, a sentence; "" for nothing.
    """

    model_head: str
    head: HeadDef
    names: Mapping[str, str] = field(default_factory=dict)
    unmapped: tuple[str, ...] = ()
    unreached: tuple[str, ...] = ()
    words: str = ""


def match_heads(
    spec: ModelSpec, heads: Sequence[HeadDef], categories: Mapping[str, Sequence[str]] | None = None
) -> list[Match]:
    """At most one match for each of ``heads``, in their order; those that nothing answers are missing.

    Of several that would do, the one of the same name, then the one that shares the most categories. A question of
    categories, tags, boxes or masks must share one; the others must be of the same kind.

    Args:
        spec: of the model.
        heads: of the dataset.
        categories: head of the model -> its categories, where they have grown since it was made.
    """
    grown = categories or {}
    matches = []
    for head in heads:
        found = [_match(one, tuple(grown.get(one.name, one.categories)), head) for one in spec.heads]
        fitting = [one for one in found if one is not None]
        if fitting:
            matches.append(max(fitting, key=lambda one: (folded(one.model_head) == folded(head.name), len(one.names))))
    return matches


def shared_names(of_model: Sequence[str], of_dataset: Sequence[str]) -> Mapping[str, str]:
    """The model's category -> the dataset's, whatever the capitals, and whether blanks, ``_`` or ``-`` part words."""
    exact = set(of_dataset)
    loose = {folded(name): name for name in reversed(of_dataset)}
    named = {name: name if name in exact else loose.get(folded(name)) for name in of_model}
    return MappingProxyType({name: other for name, other in named.items() if other is not None})


def unmatched_words(spec: ModelSpec, heads: Sequence[HeadDef], matches: Sequence[Match]) -> str:
    """Which questions a model can't answer, and why, as a sentence; "" where it answers all."""
    left = [head for head in heads if head.name not in {one.head.name for one in matches}]
    if not left:
        return ""
    answered = ", ".join(f"{one_line(one.name)} ({one.kind})" for one in spec.heads)
    names = " or ".join(one_line(head.name) for head in left)
    return f"{one_line(spec.name)} can't answer {names}: it answers {answered}, with none of the same categories."


def folded(name: str) -> str:
    """What makes two names the same."""
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


def _match(spec: HeadSpec, categories: tuple[str, ...], head: HeadDef) -> Match | None:
    if spec.kind != head.kind:
        return None
    if head.kind == "grade":
        return Match(spec.name, head, words=_scales(spec, head))
    if head.kind == "image":
        return Match(spec.name, head)
    names = shared_names(categories, head.categories)
    if not names:
        return None
    unmapped = tuple(name for name in categories if name not in names)
    unreached = tuple(name for name in head.categories if name not in names.values())
    words = ""
    if unmapped:
        words = f"{_few(unmapped)} of the model {_IS[len(unmapped) == 1]} no answer to {one_line(head.name)} here"
    if unreached:
        words += f"{', and' if words else ''} {_few(unreached)} {_IS[len(unreached) == 1]} never proposed".replace(
            "  ", " "
        )
    return Match(spec.name, head, names, unmapped, unreached, f"{words.strip()}." if words else "")


def _scales(spec: HeadSpec, head: HeadDef) -> str:
    low, high = head.scale
    if low is None or high is None or (low, high) == (spec.form.low, spec.form.high):
        return ""
    return f"Its grades from {spec.form.low:g} to {spec.form.high:g} are brought to {low:g} to {high:g}."


def _few(names: Sequence[str]) -> str:
    listed = [one_line(name) for name in names[:_LISTED]]
    more = len(names) - len(listed)
    if more:
        return f"{', '.join(listed)} and {more:,} more"
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
