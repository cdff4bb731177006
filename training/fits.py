"""What was fitted last for each head, kept in the cache: a start then need not fit it again."""

from __future__ import annotations

import json
import logging
import math
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from models.database import Database
from models.errors import WorkspaceError
from training.calibration import Calibration

__all__ = ["Fit", "Fits"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What was found for a set of examples.

    Attributes:
        categories: n names.
        weights: float64 (F, n).
        calibration: how sure to sound.
        calibrated: whether that was found for just these examples, or for some a little earlier.
    """

    categories: tuple[str, ...]
    weights: NDArray[np.float64]
    calibration: Calibration
    calibrated: bool


class Fits:
    """One fit a head, by the fingerprint of its examples. A cache that fails costs time and is logged.

    Args:
        database: from ``models.database.open_cache``; it stays the caller's to close.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, model: str, head: str, fingerprint: bytes) -> Fit | None:
        """The fit for just these examples, or None."""
        sql = "SELECT facts, weights FROM fits WHERE model = ? AND head = ? AND examples = ?"
        try:
            rows = self._database.query(sql, (model, head, fingerprint))
            if not rows:
                return None
            facts = json.loads(rows[0][0])
            names = tuple(map(str, facts["categories"]))
            weights = np.frombuffer(rows[0][1], "<f8").reshape(int(facts["features"]), len(names)).astype(np.float64)
            return Fit(names, weights, _checked(Calibration(**facts["calibration"])), bool(facts["calibrated"]))
        except (WorkspaceError, ValueError, TypeError, KeyError) as error:
            _log.warning("A fit in the cache can't be used, and is made anew: %s", error)
            return None

    def put(self, model: str, head: str, fingerprint: bytes, fit: Fit) -> None:
        """Keep the fit for these examples in place of the one before."""
        facts = {
            "categories": fit.categories,
            "features": len(fit.weights),
            "calibration": asdict(fit.calibration),
            "calibrated": fit.calibrated,
        }
        row = (model, head, fingerprint, json.dumps(facts), fit.weights.astype("<f8").tobytes())
        try:
            with self._database.transaction() as connection:
                connection.execute(
                    "INSERT OR REPLACE INTO fits (model, head, examples, facts, weights) VALUES (?, ?, ?, ?, ?)", row
                )
        except WorkspaceError as error:
            _log.warning("A fit is not kept in the cache: %s", error)


def _checked(calibration: Calibration) -> Calibration:
    """``calibration`` if it can be one; ValueError or TypeError if not."""
    fractions = (calibration.unsure_below, calibration.unknown_below, calibration.wrong or 0.0)
    if not (0 < calibration.temperature < math.inf and all(0 <= one <= 1 for one in fractions)):
        raise ValueError("its calibration is none")
    return calibration
