"""The tabs of the Dataset page in one table. A tab is made when it is shown first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from desktop.pages.dataset.tab import Around, Tab
from desktop.pages.dataset.wanted import Wanted

__all__ = ["TABS", "TabKind"]


@dataclass(frozen=True, slots=True)
class TabKind:
    """What a tab is called, and how it is made."""

    words: str
    make: Callable[[Around], Tab]


def _camera(around: Around) -> Tab:
    from desktop.pages.dataset.camera_view import CameraView

    return CameraView(around)


def _label(around: Around) -> Tab:
    from desktop.pages.dataset.label_view import LabelView

    return LabelView(around)


def _quality(around: Around) -> Tab:
    from desktop.pages.dataset.quality_view import QualityView

    view = QualityView(around.state, around.jobs, around.notices, around.acting)
    view.show_wanted.connect(around.show_items)
    return view


def _splits(around: Around) -> Tab:
    from desktop.pages.dataset.splits_view import SplitsView

    return SplitsView(around.state, around.jobs, around.notices, around.acting)


def _augment(around: Around) -> Tab:
    from desktop.pages.dataset.augment_view import AugmentView

    return AugmentView(around)


def _versions(around: Around) -> Tab:
    from desktop.pages.dataset.versions_view import VersionsView

    view = VersionsView(around.state, around.jobs, around.notices, around.acting)
    view.told.connect(around.told)
    view.show_trash_wanted.connect(lambda: around.want(Wanted(trashed=True)))
    view.panel_wanted.connect(around.show_panel)
    view.naming_wanted.connect(around.ask_name)
    return view


TABS: Mapping[str, TabKind] = MappingProxyType(
    {
        "label": TabKind("Label", _label),
        "quality": TabKind("Quality", _quality),
        "splits": TabKind("Splits", _splits),
        "augment": TabKind("Augment", _augment),
        "versions": TabKind("Versions", _versions),
        "camera": TabKind("Camera", _camera),
    }
)
"""Key -> tab, left to right, behind the pictures, which are always there."""
