"""How a typed result looks, one module a head kind. ``WIDGETS`` is the one table that lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.results import categories

if TYPE_CHECKING:  # NumPy comes with it
    from models.heads import Result

__all__ = ["WIDGETS"]

WIDGETS: Mapping[str, Callable[[Result], QWidget]] = {"categories": categories.CategoriesWidget}
"""Head kind -> what makes the widget that shows a result of it."""
