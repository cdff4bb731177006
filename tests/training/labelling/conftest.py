from __future__ import annotations

from tests.training.datasets.conftest import database, store

__all__ = ["database", "store"]
