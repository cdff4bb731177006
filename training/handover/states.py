"""What a head of a trained network goes on learning from: how its embedding is standardised, and no example yet."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.errors import ModelError
from training import head_file
from training.features import Features
from training.incremental import IncrementalHead

__all__ = ["RIDGE", "empty_state", "read_features"]

RIDGE = 0.1
"""As of a head that starts from nothing (``training.model_folder``); features are scaled alike."""


def read_features(path: Path) -> Features:
    """How the embedding is standardised, by ``embedding.npz``: "mean" and "deviation", (E,), of the run's pictures.

    Raises:
        ModelError: it is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as kept:
            mean, deviation = (kept["mean"].astype(np.float64), kept["deviation"].astype(np.float64))
        # Squares then sum to about one, as ``training.incremental`` wants it; an output that never moved is left out
        return Features(mean, (deviation + 1e-6) * np.sqrt(max(len(mean), 1)))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path} is missing or damaged; export the run again.") from error


def empty_state(features: Features, categories: Sequence[str]) -> bytes:
    """The content of ``state-<n>.npz`` of a head that no one has corrected yet; the same bytes each time."""
    file = io.BytesIO()
    head_file.write(IncrementalHead(features, ridge=RIDGE, categories=categories), file)
    return file.getvalue()
