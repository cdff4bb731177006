"""Which editor a kind of question has: the one table. An editor is imported when it is asked for first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from desktop.labelling.editor import Editor

if TYPE_CHECKING:  # NumPy comes with it
    from training.datasets.heads import HeadDef

__all__ = ["EDITORS", "editor_kind"]


def _categories() -> type[Editor]:
    from desktop.labelling.names import CategoriesEditor

    return CategoriesEditor


def _tags() -> type[Editor]:
    from desktop.labelling.names import TagsEditor

    return TagsEditor


def _grade() -> type[Editor]:
    from desktop.labelling.grade import GradeEditor

    return GradeEditor


def _mask() -> type[Editor]:
    from desktop.labelling.mask import MaskEditor

    return MaskEditor


def _boxes() -> type[Editor]:
    from desktop.labelling.boxes import BoxesEditor

    return BoxesEditor


def _quads() -> type[Editor]:
    from desktop.labelling.quads import QuadsEditor

    return QuadsEditor


def _image() -> type[Editor]:
    from desktop.labelling.image import ImageEditor

    return ImageEditor


EDITORS: Mapping[str, Callable[[], type[Editor]]] = MappingProxyType(
    {
        "categories": _categories,
        "tags": _tags,
        "grade": _grade,
        "mask": _mask,
        "boxes": _boxes,
        "quads": _quads,
        "image": _image,
    }
)
"""Head kind -> imports the class of its editor. "quads" are boxes of four corners each (``HeadDef.options``)."""


def editor_kind(head: HeadDef) -> str:
    """The key of ``EDITORS`` for a head."""
    return "quads" if head.kind == "boxes" and head.options.get("quads") else head.kind
