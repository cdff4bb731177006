"""Writes one COCO file, picture by picture: nothing of it is held in memory."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Self

from training.datasets.formats import rle
from training.datasets.formats.outlines import area
from training.datasets.formats.plan import ContentsItem
from training.datasets.values import Shape

__all__ = ["CocoWriter"]


class CocoWriter:
    """One annotation file; complete when its ``with`` block ends.

    Args:
        path: of the file; its folder is made.
        categories: names; their numbers are 1, 2, ...
        info: what the file says of itself.
    """

    def __init__(self, path: Path, categories: Sequence[str], info: Mapping[str, Any]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._numbers = {name: number for number, name in enumerate(categories, 1)}
        self._file: IO[str] = path.open("w", encoding="utf-8", newline="\n")
        # The annotations come after all pictures, so they wait in a file of their own.
        self._waiting: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - closed with the other
        self._images = self._annotations = 0
        listed = [{"id": number, "name": name} for name, number in self._numbers.items()]
        self._file.write(f'{{"info": {json.dumps(dict(info))},\n"categories": {json.dumps(listed)},\n"images": [')

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._file, self._waiting:
            self._file.write('\n],\n"annotations": [')
            self._waiting.seek(0)
            while piece := self._waiting.read(1 << 20):
                self._file.write(piece)
            self._file.write("\n]}\n")

    def add(self, item: ContentsItem, name: str, shapes: Iterable[Shape] | None, extra: Mapping[str, Any]) -> None:
        """Add a picture.

        Args:
            item: for its size.
            name: what the file calls it.
            shapes: in it; None where nobody has looked.
            extra: further fields; those that are "" are left out.
        """
        self._images += 1
        entry = {"id": self._images, "file_name": name, "width": item.width, "height": item.height}
        entry |= {field: value for field, value in extra.items() if value != ""}
        if shapes is None:
            entry["labelled"] = False
        self._file.write(f"{',' * (self._images > 1)}\n{json.dumps(entry)}")
        for shape in shapes or ():
            self._annotations += 1
            self._waiting.write(f"{',' * (self._annotations > 1)}\n{json.dumps(self._annotation(shape))}")

    def _annotation(self, shape: Shape) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "id": self._annotations,
            "image_id": self._images,
            "category_id": self._numbers[shape.category],
            "bbox": [_short(side) for side in (shape.left, shape.top, shape.width, shape.height)],
            "area": _short(area(shape)),
            "iscrowd": int(shape.crowd),
            "segmentation": [[_short(value) for value in polygon] for polygon in shape.polygons],
        }
        if shape.rle is not None:
            # A crowd as a list, a single thing as text: the two forms that the COCO tools know.
            counts = list(shape.rle.counts) if shape.crowd else rle.pack(shape.rle.counts)
            if shape.polygons:
                entry["polygons"] = entry["segmentation"]
            entry["segmentation"] = {"size": [shape.rle.height, shape.rle.width], "counts": counts}
        return entry


def _short(value: float) -> float | int:
    return int(value) if value.is_integer() else value
