"""Figures of a training in words: what each is called, how its number is written, and what it says of the pictures.

No Qt. The names are those of ``training.metrics``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = [
    "FIGURES",
    "PRIMARY",
    "FigureFacts",
    "fact_of",
    "known_figures",
    "parted",
    "sentence_of",
    "short",
]


@dataclass(frozen=True, slots=True)
class FigureFacts:
    """One figure.

    Attributes:
        title: for people.
        percent: whether it is a share, shown in percent.
        lower: whether less is better.
        unit: behind the number.
        tip: what it means, where the title does not say it.
    """

    title: str
    percent: bool = True
    lower: bool = False
    unit: str = ""
    tip: str = ""


_CATEGORIES = {
    "accuracy": FigureFacts("right first time", tip="Pictures whose first answer is right"),
    "top5_accuracy": FigureFacts("right within five", tip="Pictures whose right answer is among the first five"),
    "balanced_accuracy": FigureFacts("right, each category alike", tip="Mean over categories, rare ones count as much"),
    "macro_f1": FigureFacts("F1, each category alike"),
    "cohen_kappa": FigureFacts("Cohen's kappa", percent=False, tip="1 is perfect, 0 is what chance gives"),
    "calibration_error": FigureFacts("confidence off by", lower=True, tip="How far confidence is from being right"),
}
_TAGS = {
    "map": FigureFacts("average precision"),
    "macro_f1": FigureFacts("F1, each tag alike"),
    "micro_f1": FigureFacts("F1, all tags together"),
    "micro_precision": FigureFacts("given tags that are right"),
    "micro_recall": FigureFacts("true tags that are given"),
    "subset_accuracy": FigureFacts("pictures with all tags right"),
}
_GRADE = {
    "mae": FigureFacts("off by", percent=False, lower=True, tip="Mean distance from the true grade"),
    "rmse": FigureFacts("off by (root mean square)", percent=False, lower=True),
    "bias": FigureFacts("too high by", percent=False, tip="Below 0: too low"),
    "within_half_step": FigureFacts("within half a step"),
    "within_one_step": FigureFacts("within one step"),
    "quadratic_weighted_kappa": FigureFacts(
        "weighted kappa", percent=False, tip="1 is perfect, 0 is what chance gives"
    ),
    "spearman": FigureFacts("same order (Spearman)", percent=False),
}
_MASK = {
    "mean_iou": FigureFacts("overlap", tip="Mean intersection over union of the categories (IoU)"),
    "mean_dice": FigureFacts("overlap (Dice)"),
    "pixel_accuracy": FigureFacts("pixels that are right"),
    "mean_accuracy": FigureFacts("pixels that are right, each category alike"),
    "frequency_weighted_iou": FigureFacts("overlap, weighted by area"),
}
_BOXES = {
    "map_50_95": FigureFacts("found (mAP 50–95)", tip="Average precision, mean over overlaps of 50 to 95 %"),
    "map_50": FigureFacts("found (mAP 50)", tip="Average precision where boxes overlap by half"),
    "map_75": FigureFacts("found exactly (mAP 75)"),
    "mar_100": FigureFacts("recall of 100 boxes"),
    "mask_map_50_95": FigureFacts("outlines found (mAP 50–95)"),
    "mask_map_50": FigureFacts("outlines found (mAP 50)"),
}
_IMAGE = {
    "ssim": FigureFacts("likeness (SSIM)"),
    "psnr": FigureFacts("likeness (PSNR)", percent=False, unit="dB"),
    "mae": FigureFacts("off by", percent=False, lower=True, tip="Mean difference of a pixel, of 1"),
    "delta_e_2000": FigureFacts("colour off by (ΔE 2000)", percent=False, lower=True),
    "angular_error": FigureFacts("direction off by", percent=False, lower=True, unit="°"),
}

FIGURES: Mapping[str, Mapping[str, FigureFacts]] = MappingProxyType(
    {"categories": _CATEGORIES, "tags": _TAGS, "grade": _GRADE, "mask": _MASK, "boxes": _BOXES, "image": _IMAGE}
)
"""Head kind -> figure -> what it is; the one that a person looks at first comes first (``training.metrics.KINDS``)."""

PRIMARY: Mapping[str, str] = MappingProxyType({kind: next(iter(figures)) for kind, figures in FIGURES.items()})
"""Head kind -> the figure by which the best epoch is chosen."""


def parted(path: str) -> tuple[str, str]:
    """Head and figure of "head.figure"; the head may have dots in its name."""
    head, _, figure = path.rpartition(".")
    return head, figure


def fact_of(kind: str, figure: str) -> FigureFacts:
    """What a figure is; one that is not known here is a plain number called by its name."""
    return FIGURES.get(kind, {}).get(figure) or FigureFacts(figure.replace("_", " "), percent=False)


def short(value: float | None, facts: FigureFacts) -> str:
    """A number: "87.2 %", "0.41", "2.3°", "–" where there is none."""
    if value is None or not math.isfinite(value):
        return "–"
    if facts.percent:
        return f"{100 * value:.1f}\N{NO-BREAK SPACE}%"
    unit = facts.unit if facts.unit in ("", "°") else f"\N{NO-BREAK SPACE}{facts.unit}"
    return f"{value:.3g}{unit}" if abs(value) < 100 else f"{value:,.0f}{unit}"


_SENTENCES = {
    "tags": "average precision {value} over {images}",
    "grade": "off by {value} on average over {images}",
    "mask": "an overlap of {value} over {images}",
    "boxes": "average precision {value} over {images}",
    "image": "a likeness of {value} over {images}",
}


def sentence_of(head: str, kind: str, value: float | None, images: int) -> str:
    """What the primary figure says, in a sentence: "part: right on 182 of 210 pictures it has not seen"."""
    if value is None:
        return f"{head}: nothing can be said, none of the pictures it has not seen has an answer"
    unseen = f"{images:,} picture{'' if images == 1 else 's'} it has not seen"
    if kind == "categories":
        return f"{head}: right on {round(value * images):,} of {unseen}" if images else f"{head}: right on {value:.1%}"
    text = _SENTENCES.get(kind, "{value} over {images}")
    return f"{head}: " + text.format(value=short(value, fact_of(kind, PRIMARY.get(kind, ""))), images=unseen)


def known_figures(kind: str, said: Iterable[str], head: str) -> list[str]:
    """The figures of a head that were said, those known here first and in their order."""
    there = {figure for path in said for name, figure in [parted(path)] if name == head and figure != "loss"}
    ordered = [figure for figure in FIGURES.get(kind, {}) if figure in there]
    return ordered + sorted(there - set(ordered))
