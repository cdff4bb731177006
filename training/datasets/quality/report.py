"""Runs the checks and puts what they find in order."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.datasets.quality.embedding_map import layout
from training.datasets.quality.facts import Facts
from training.datasets.quality.finding import SEVERITIES, Finding
from training.datasets.quality.table import CHECKS

__all__ = ["Report", "check"]


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What is wrong with a dataset.

    Attributes:
        findings: the worst first: by severity, then by how many pictures they concern.
        ids: of all items that were looked at, int64 (N,).
        places: of each on the map, float32 (N, 2), 0 to 1; NaN where nothing is known; (0, 2)
            when it was not asked for.
    """

    findings: tuple[Finding, ...]
    ids: NDArray[np.int64]
    places: NDArray[np.float32]


def check(
    facts: Facts,
    *,
    kinds: Collection[str] | None = None,
    with_map: bool = True,
    on_step: Callable[[int, int, str], None] | None = None,
) -> Report:
    """Run the checks.

    Args:
        facts: what is known; its ``stop`` ends the work early.
        kinds: only the checks that bring findings of these kinds; None for all.
        with_map: whether to make the map too.
        on_step: is told how many steps of how many are done, and what comes next.

    Raises:
        Cancelled: the person has enough.
    """
    told = on_step or _nobody
    chosen = [one for one in CHECKS if kinds is None or set(kinds) & set(one.kinds)]
    total = len(chosen) + with_map
    findings: list[Finding] = []
    for done, one in enumerate(chosen):
        facts.stop()
        told(done, total, one.words)
        findings += [finding for finding in one.find(facts) if kinds is None or finding.kind in kinds]
    places = np.empty((0, 2), np.float32)
    if with_map:
        told(len(chosen), total, "Drawing the map")
        places = layout(facts.towards, facts.embedded, stop=facts.stop)
    told(total, total, "")
    findings.sort(key=lambda finding: (SEVERITIES.index(finding.severity), -len(finding.items)))
    return Report(tuple(findings), facts.ids, places)


def _nobody(*_: object) -> None:
    """Whom nothing needs to be told."""
