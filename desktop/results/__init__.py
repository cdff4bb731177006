"""How a typed result looks, one module a head kind. ``WIDGETS`` is the one table that lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.results import boxes, categories, grade, image, mask, tags

__all__ = ["PAINTED", "WIDGETS"]

WIDGETS: Mapping[str, Callable[[Any], QWidget]] = {
    "categories": categories.CategoriesWidget,
    "tags": tags.TagsWidget,
    "grade": grade.GradeWidget,
    "mask": mask.MaskWidget,
    "boxes": boxes.BoxesWidget,
    "image": image.ImageWidget,
}
"""Head kind -> what makes the widget that shows a result of it, which is of the kind's own class."""

PAINTED = frozenset({"mask", "boxes", "image"})
"""Head kinds whose results can be painted (``Result.paint``): they say something of places in the picture."""
