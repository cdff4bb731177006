"""The checks there are, in the order in which they run: cheap ones first, what all others use in the middle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from training.datasets.quality import (
    balance,
    blur,
    consistency,
    coverage,
    exact_duplicates,
    exposure,
    information,
    leaks,
    near_duplicates,
    outlines,
    sizes,
    unknown,
    unreadable,
    wrong_labels,
)
from training.datasets.quality.facts import Facts
from training.datasets.quality.finding import Finding

__all__ = ["CHECKS", "Check"]


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes:
        kinds: of the findings that it may bring.
        words: what is being done, for the progress.
        find: the findings, whichever way it wants them ordered.
    """

    kinds: tuple[str, ...]
    words: str
    find: Callable[[Facts], list[Finding]]


CHECKS: tuple[Check, ...] = (
    Check(("missing", "unreadable"), "Reading files", unreadable.find),
    Check(("exact-duplicates", "other-datasets"), "Comparing contents", exact_duplicates.find),
    Check(("blur",), "Looking for blur", blur.find),
    Check(("exposure",), "Looking at the light", exposure.find),
    Check(("low-information",), "Looking for empty pictures", information.find),
    Check(("odd-sizes",), "Comparing sizes", sizes.find),
    Check(("boxes-outside", "empty-masks", "mask-sizes"), "Checking outlines", outlines.find),
    Check(("coverage", "set-aside"), "Counting labels", coverage.find),
    Check(("near-duplicates",), "Looking for look-alikes", near_duplicates.find),
    Check(("leaks",), "Comparing splits", leaks.find),
    Check(("label-consistency",), "Comparing labels", consistency.find),
    Check(
        ("unused-categories", "scarce-categories", "class-balance", "absent-categories"),
        "Counting categories",
        balance.find,
    ),
    Check(("wrong-labels", "doubtful-labels"), "Doubting labels", wrong_labels.find),
    Check(("unknown-labels",), "Looking for labels that can be given", unknown.find),
)
