"""How every result is laid out: a sentence, and under it what explains it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import label

__all__ = ["lay_out", "more"]


def lay_out(widget: QWidget, sentence: str, *below: QWidget, role: str = "secondary") -> None:
    """Fill ``widget`` with ``sentence`` in the text role ``role`` and, under it, what explains it."""
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GAP.xs)
    column.addWidget(label(sentence, role, wrap=True))
    for one in below:
        column.addWidget(one)


def more(hidden: int) -> list[QWidget]:
    """A line that tells of ``hidden`` rows which are not shown; nothing where there are none."""
    return [label(f"and {hidden:,} more", "secondary")] if hidden > 0 else []
