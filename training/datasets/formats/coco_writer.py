"""Writes one COCO file, picture by picture: nothing of it is held in memory."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Self

from training.datasets.attributes import NOTHING, Attributes
from training.datasets.formats import rle
from training.datasets.formats.coco_facts import (
    Numbers,
    by_category,
    caption_entry,
    file_fields,
    picture_fields,
    shape_fields,
    short,
)
from training.datasets.formats.plan import ContentsItem
from training.datasets.values import Shape

__all__ = ["CocoWriter"]


class CocoWriter:
    """One annotation file; complete when its ``with`` block ends.

    Args:
        path: of the file; its folder is made.
        categories: names; their numbers are 1, 2, ..., unless ``info`` has others under ``CATEGORY_ATTRIBUTES``;
            None for a file of captions, which has none.
        info: what this program says of the file.
        options: of the question, with what a file from elsewhere said of itself.
    """

    def __init__(
        self,
        path: Path,
        categories: Sequence[str] | None,
        info: Mapping[str, Any],
        options: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        known = by_category(info)
        free = Numbers()
        self._numbers = {name: free.take(known.get(name, {}).get("id")) for name in categories or ()}
        self._file: IO[str] = path.open("w", encoding="utf-8", newline="\n")
        # The annotations come after all pictures, so they wait in a file of their own.
        self._waiting: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - closed with the other
        self._images, self._annotations = Numbers(), Numbers()
        self._commas = {"images": "", "annotations": ""}
        self._licences: dict[int, Any] = {}
        listed = [{**known.get(name, {}), "id": number, "name": name} for name, number in self._numbers.items()]
        named = "" if categories is None else f'"categories": {json.dumps(listed)},\n'
        fields = file_fields(options, str(info.get("split", "")), info, self._licences)
        said = "".join(f"{json.dumps(field)}: {json.dumps(value)},\n" for field, value in fields.items())
        self._file.write(f'{{{said}{named}"images": [')

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._file, self._waiting:
            self._file.write('\n],\n"annotations": [')
            self._waiting.seek(0)
            while piece := self._waiting.read(1 << 20):
                self._file.write(piece)
            licences = f',\n"licenses": {json.dumps(list(self._licences.values()))}' if self._licences else ""
            self._file.write(f"\n]{licences}}}\n")

    def add(
        self,
        item: ContentsItem,
        name: str,
        shapes: Iterable[Shape] | None,
        extra: Mapping[str, Any],
        metadata: Attributes = NOTHING,
        captions: Iterable[str] = (),
        number: int | None = None,
        caption_numbers: Sequence[object] = (),
        caption_fields: Sequence[object] = (),
    ) -> int:
        """Add a picture.

        Args:
            item: for its size.
            name: what the file calls it.
            shapes: in it; None where nobody has looked.
            extra: further fields; those that are "" are left out.
            metadata: what else is known of it.
            captions: sentences about it.
            number: that it should have; None for the one that ``metadata`` say, or any.
            caption_numbers: that the sentences should have; any where there are not as many.
            caption_fields: what else their annotations say, by name; nothing where there are not as many.

        Returns:
            Its number.
        """
        identity = self._images.take(metadata.get("id") if number is None else number)
        entry = {"id": identity, "file_name": name, "width": item.width, "height": item.height}
        entry |= picture_fields(metadata, self._licences)
        entry |= {field: value for field, value in extra.items() if value != ""}
        if shapes is None:
            entry["labelled"] = False
        self._write(self._file, "images", entry)
        for shape in shapes or ():
            self._write(self._waiting, "annotations", self._annotation(shape, identity))
        sentences = tuple(captions)
        numbers, fields = (
            some if len(some) == len(sentences) else (None,) * len(sentences)
            for some in (caption_numbers, caption_fields)
        )
        for caption, one, further in zip(sentences, numbers, fields, strict=True):
            entry = caption_entry(self._annotations.take(one), identity, caption, further)
            self._write(self._waiting, "annotations", entry)
        return identity

    def _write(self, file: IO[str], part: str, entry: Mapping[str, Any]) -> None:
        file.write(f"{self._commas[part]}\n{json.dumps(entry)}")
        self._commas[part] = ","

    def _annotation(self, shape: Shape, image: int) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "id": self._annotations.take(shape.attributes.get("id")),
            "image_id": image,
            "category_id": self._numbers[shape.category],
            "bbox": [short(side) for side in (shape.left, shape.top, shape.width, shape.height)],
            "iscrowd": int(shape.crowd),
            "segmentation": [[short(value) for value in polygon] for polygon in shape.polygons],
        }
        if shape.rle is not None:
            # A crowd as a list, a single thing as text: the two forms that the COCO tools know.
            counts = list(shape.rle.counts) if shape.crowd else rle.pack(shape.rle.counts)
            if shape.polygons:
                entry["polygons"] = entry["segmentation"]
            entry["segmentation"] = {"size": [shape.rle.height, shape.rle.width], "counts": counts}
        return entry | shape_fields(shape)
