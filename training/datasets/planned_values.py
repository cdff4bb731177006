"""Planned labels that are still files of their own, masks and targets, as values that the store can keep."""

from __future__ import annotations

from pathlib import Path

from models.errors import DatasetError, one_line
from models.sources import Source
from training.datasets.blobs import BlobStore
from training.datasets.formats.mask_folders import indices
from training.datasets.formats.plan import MaskFile, PlannedLabel, TargetFile, TargetFiles
from training.datasets.formats.targets import ending_of
from training.datasets.masks import put_mask
from training.datasets.values import Mask, Target, Targets, Value

__all__ = ["PlannedValues"]

_MOST = 2000
"""Masks that are remembered: several pictures may have the same."""


class PlannedValues:
    """Reads them.

    Args:
        blobs: takes masks, and copies of targets.
        copy: whether targets are copied; else they stay where they are.
    """

    def __init__(self, blobs: BlobStore, *, copy: bool) -> None:
        self._blobs = blobs
        self._copy = copy
        self._masks: dict[tuple[Path, tuple[tuple[int, int], ...]], Mask] = {}

    def value(self, label: PlannedLabel, size: tuple[int, int]) -> Value:
        """The answer to a picture of ``size``, width and height; (0, 0) where that is not known.

        Raises:
            DatasetError: the file is none of its kind, or of another size.
            FileError: it can't be read.
        """
        if isinstance(label, MaskFile):
            return self._mask(label, size)
        if isinstance(label, TargetFiles):
            return Targets(tuple(self._target(one) for one in label.targets))
        return label

    def _mask(self, label: MaskFile, size: tuple[int, int]) -> Mask:
        key = label.path, tuple((label.values or {}).items())
        mask = self._masks.get(key)
        if mask is None:
            mask = put_mask(self._blobs, indices(label))
            if len(self._masks) >= _MOST:
                self._masks.clear()
            self._masks[key] = mask
        if size not in ((0, 0), (mask.width, mask.height)):
            name, stated = one_line(label.path.name), f"{mask.width} x {mask.height}"
            raise DatasetError(f"{name} has {stated} pixels, the picture {size[0]} x {size[1]}.")
        return mask

    def _target(self, label: TargetFile) -> Target:
        path = label.path.absolute()
        if not ending_of(path):
            raise DatasetError(f"{one_line(path.name)} is neither a picture nor a NumPy file.")
        if self._copy or not _is_text(str(path)):
            return Target(self._blobs.put(Source(path).read()), "", label.role, label.params)
        return Target("", str(path), label.role, label.params)


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
