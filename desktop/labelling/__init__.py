"""How a person's hand becomes a label, one module a head kind. ``LABELLERS`` is the one table that lists them."""

from __future__ import annotations

from collections.abc import Mapping

from desktop.labelling import categories

__all__ = ["LABELLERS"]

LABELLERS: Mapping[str, type[categories.CategoriesLabeller]] = {"categories": categories.CategoriesLabeller}
"""Head kind -> the widget that labels one head of it, made with the label that stands for "can't tell"."""
