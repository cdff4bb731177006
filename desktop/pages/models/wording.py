"""What the Models page says of a model, in the words of a person: from specs, figures and signatures. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.actions.facts import file_size

if TYPE_CHECKING:  # pydantic comes with it
    from models.spec import Accuracy, HeadSpec, ModelSpec, Preprocessing

__all__ = [
    "NOT_WHO",
    "Question",
    "accuracy_line",
    "accuracy_rows",
    "date",
    "expert_facts",
    "percent",
    "question",
    "questions_of",
    "secondary_line",
    "takes",
]

NOT_WHO = "Its hashes prove that nothing was changed on the way, not who made it."

_SHOWN = 10
"""Categories that are named; of more, it is said how many."""

_COUNTED = {
    "categories": "{name} · {count}",
    "tags": "{name} · {count} tags",
    "mask": "{name} · {count} places",
    "boxes": "{name} · boxes, {count}",
    "grade": "{name} · grade",
    "image": "{name} · picture",
}
"""Kind -> what a chip says of a head with categories."""

_UNCOUNTED = {"tags": "tags", "mask": "places", "boxes": "boxes", "grade": "grade", "image": "picture"}

_ANSWERS = {
    "categories": "One of {count} categories for each picture",
    "tags": "Any of {count} tags for each picture",
    "mask": "Which places of a picture are what, of {count} kinds",
    "boxes": "Boxes around what it finds, of {count} kinds",
    "grade": "A grade for each picture",
    "image": "Another picture made of each",
}

_SHARES = {
    "top-1": "right",
    "accuracy": "right",
    "top-5": "among the first five",
    "f1": "right (F1)",
    "micro f1": "right (F1)",
    "macro f1": "right (F1)",
    "iou": "overlap (IoU)",
    "miou": "overlap (IoU)",
    "mean iou": "overlap (IoU)",
    "map": "of boxes found (mAP)",
    "map50": "of boxes found (mAP)",
}
"""Metrics that are shares, 0 to 1, and what they are the share of."""

_ROWS = {"top-1": "Right answers", "accuracy": "Right answers", "calibration error": "Confidence is off by"}

_SPLITS = {
    "test": "unseen pictures",
    "val": "pictures set aside",
    "train": "pictures it learned from",
    "cross-validation": "labelled pictures",
}

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a model answers.

    Attributes:
        chip: in a few words: "material · 14".
        says: what comes out, a sentence without its full stop.
        categories: the first of them, and how many more; "" where there are none.
    """

    chip: str
    says: str
    categories: str


def percent(share: float) -> str:
    """``share``, 0 to 1, in whole percent, with one place under ten: "73 %", "8.5 %"."""
    value = share * 100
    return f"{value:.1f} %" if 0 < value < 10 else f"{value:.0f} %"


def question(name: str, kind: str, categories: Sequence[str], count: int | None = None) -> Question:
    """What a head answers; ``count`` where there are more categories than those given."""
    many = len(categories) if count is None else count
    if many or kind in ("grade", "image"):
        chip = _COUNTED.get(kind, "{name}").format(name=name, count=f"{many:,}")
        chip = name if chip == f"{name} · {name}" else chip
        says = _ANSWERS.get(kind, "").format(count=f"{many:,}")
    else:
        kind_words = _UNCOUNTED.get(kind, "")
        chip = f"{name} · {kind_words}" if kind_words else name
        says = "Its categories come with what it is taught"
    if says.startswith("One of 1 "):
        says = "Whether a picture is of its one category"
    named = ", ".join(categories[:_SHOWN])
    if many > _SHOWN and named:
        named = f"{named} and {many - min(len(categories), _SHOWN):,} more"
    return Question(chip, says, named)


def questions_of(heads: Sequence[HeadSpec]) -> list[Question]:
    """What each head answers."""
    return [question(head.name, head.kind, head.categories) for head in heads]


def accuracy_line(figures: Sequence[Accuracy]) -> str:
    """The one line of a card: the figure of each question on the pictures that say most; "" when there are none."""
    best = _telling(figures)
    if not best:
        return ""
    first = best[0]
    split = _SPLITS.get(first.split, "pictures")
    pictures = split if first.images != 1 else split.replace("pictures", "picture")
    return f"{' / '.join(_value(one) for one in best)} {_what(first)} on {first.images:,} {pictures}".replace("  ", " ")


def accuracy_rows(figures: Sequence[Accuracy]) -> list[tuple[str, str]]:
    """(what, figure) for each figure, those on unseen pictures first."""
    rows = []
    for one in sorted(figures, key=lambda one: _rank(one.split)):
        name = _ROWS.get(one.metric.casefold(), one.metric)
        if one.head and len({other.head for other in figures}) > 1:
            name = f"{name}: {one.head}"
        rows.append((name, f"{_value(one)} on {one.images:,} {_SPLITS.get(one.split, f'pictures ({one.split})')}"))
    return rows


def secondary_line(size: int, licence: str, origin: str) -> str:
    """Size, licence and where it comes from: "4.1 MB · MIT · signed by Anna"."""
    return "  ·  ".join(part for part in (file_size(size) if size else "", licence, origin) if part)


def takes(wanted: Preprocessing) -> str:
    """What goes into the network: "224 × 224, RGB"."""
    width, height = wanted.size
    fit = "squeezed" if wanted.fit == "stretch" else "the middle cut out"
    colour = "greyscale" if wanted.colour == "grey" else wanted.colour
    return f"{width} × {height} pixels, {colour}; other shapes are {fit}"


def expert_facts(spec: ModelSpec) -> list[tuple[str, str]]:
    """What somebody who builds models asks: numbers, axes, scaling, what the outputs are."""
    wanted = spec.preprocessing
    width, height = wanted.size
    channels = 1 if wanted.colour == "grey" else 3
    sides = f"{channels} × {height} × {width}" if wanted.layout == "NCHW" else f"{height} × {width} × {channels}"
    facts = [
        ("Input", f"{wanted.input or 'the first'}: N × {sides} ({wanted.layout}), {wanted.dtype}"),
        ("Scaling", f"pixel × {wanted.scale:.4g}, mean {_numbers(wanted.mean)}, std {_numbers(wanted.std)}"),
    ]
    if wanted.colours_input:
        facts.append(("Second input", f"{wanted.colours_input}: N × {len(wanted.colours)} × 3"))
    for head in spec.heads:
        outputs = ", ".join(head.form.outputs) or "the first output"
        facts.append(("Output", f"{head.name}: {head.kind}, {_numbers_of(head)} from {outputs}"))
        if head.unknown_below or head.unsure_below:
            thresholds = f"unknown under {percent(head.unknown_below)}, unsure under {percent(head.unsure_below)}"
            facts.append(("Thresholds", f"{head.name}: {thresholds}"))
    facts += [
        ("Form", f"{spec.format}, package {spec.package_version}"),
        ("Weights", f"SHA-256 {spec.model_hash}" if spec.model_hash else ""),
        ("Made from", f"SHA-256 {spec.data_fingerprint}" if spec.data_fingerprint else ""),
    ]
    return [(name, value) for name, value in facts if value]


def date(stated: str) -> str:
    """An ISO 8601 date as a person writes it, "21 November 2026"; anything else as it is."""
    parts = stated[:10].split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return f"{day} {_MONTHS[month - 1]} {year}"
    except (ValueError, IndexError):
        return stated


def _numbers_of(head: HeadSpec) -> str:
    """What the numbers of a head are."""
    form = head.form
    if head.kind in ("image", "grade"):
        return f"{form.low:g} to {form.high:g}"
    return f"{form.boxes} boxes" if head.kind == "boxes" else form.values


def _numbers(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.4g}" for value in values)


def _telling(figures: Sequence[Accuracy]) -> list[Accuracy]:
    """The main figure of each head, all on the same split: the most telling one that there is."""
    main = [one for one in figures if "calibration" not in one.metric.casefold()]
    if not main:
        return []
    split = min((one.split for one in main), key=_rank)
    heads: dict[str | None, Accuracy] = {}
    for one in main:
        if one.split == split:
            heads.setdefault(one.head, one)
    return list(heads.values())


def _rank(split: str) -> int:
    order = ("test", "cross-validation", "val", "train")
    return order.index(split) if split in order else 0


def _value(one: Accuracy) -> str:
    known = one.metric.casefold() in _SHARES or "error" in one.metric.casefold()
    return percent(one.value) if known and 0 <= one.value <= 1 else f"{one.value:.3g}"


def _what(one: Accuracy) -> str:
    return _SHARES.get(one.metric.casefold(), f"({one.metric})")
