"""One COCO annotation file: which pictures it lists and which shapes are in each (cocodataset.org/#format-data)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from models.errors import DatasetError, one_line
from training.datasets.attributes import NOTHING, Attributes
from training.datasets.formats.attributes_file import ATTRIBUTES
from training.datasets.formats.coco_facts import (
    attributes_of,
    caption_fields,
    category_attributes,
    file_facts,
    metadata_of,
)
from training.datasets.formats.documents import number, read_document, whole
from training.datasets.formats.naming import split_of
from training.datasets.formats.outlines import outline_shape, region_shape
from training.datasets.formats.problems import Problems
from training.datasets.values import Shape

__all__ = ["CocoFile", "CocoImage", "is_coco", "name_parts"]

_KEYS = re.compile(rb'"(images|annotations)"\s*:\s*\[')
_HEAD = 1 << 18
_WORD = re.compile(r"^(.*?)(?:^|[_\-. ])([a-z]+)[_\-. ]?\d*$", re.IGNORECASE)


def is_coco(path: Path) -> bool:
    """Whether a file begins like a COCO file. Never raises."""
    try:
        with path.open("rb") as file:
            if path.name == ATTRIBUTES:  # ours, and whatever is in it
                return False
            return path.suffix.casefold() == ".json" and _KEYS.search(file.read(_HEAD)) is not None
    except OSError:
        return False


def name_parts(stem: str) -> tuple[str, str]:
    """What a file called so is about, and of which part: "instances_train2017" -> "instances", "train"."""
    found = _WORD.match(stem)
    split = split_of(found[2]) if found else None
    return (stem, "") if found is None or split is None else (found[1].rstrip("_-. "), split)


@dataclass(frozen=True, slots=True)
class CocoImage:
    """A picture of a COCO file.

    Attributes:
        name: as the file says it.
        size: width and height, or None.
        shapes: in it.
        extra: the whole entry, for fields that COCO does not know.
        metadata: what it says of the picture beyond the other fields of this.
        captions: sentences about the picture.
        caption_ids: their numbers in a file from elsewhere, None for one that has none; empty in one written here.
        caption_fields: what else such a file says of each sentence; likewise.
    """

    name: str
    size: tuple[int, int] | None
    shapes: tuple[Shape, ...]
    extra: Mapping[str, Any]
    metadata: Attributes = NOTHING
    captions: tuple[str, ...] = ()
    caption_ids: tuple[int | None, ...] = ()
    caption_fields: tuple[Mapping[str, Any], ...] = ()


class CocoFile:
    """A COCO file, read whole. What is wrong in it is said in ``problems`` and left out.

    Args:
        path: of the file.
        problems: takes what is left out.

    Raises:
        DatasetError: it can't be read, or is no JSON object.
    """

    def __init__(self, path: Path, problems: Problems) -> None:
        self.path = path
        self._name = one_line(path.name)
        self._problems = problems
        document = read_document(path)
        info = document.get("info")
        self.info: Mapping[str, Any] = info if isinstance(info, dict) else {}
        self.facts: Mapping[str, Any] = file_facts(document, self._name, problems)
        self._images = self._list(document, "images")
        listed = self._list(document, "categories")
        self._categories = self._named(listed)
        self.category_attributes = category_attributes(listed, self.info)
        licences = document.get("licenses")
        self._licences = {
            one["id"]: one
            for one in (licences if isinstance(licences, list) else ())
            if isinstance(one, dict) and isinstance(one.get("id"), int)
        }
        self._annotations = self._by_image(self._list(document, "annotations"))

    @property
    def categories(self) -> tuple[str, ...]:
        """Their names, by their numbers, each once."""
        return tuple(dict.fromkeys(self._categories.values()))

    @property
    def numbered(self) -> Mapping[int, str]:
        """Number -> category."""
        return self._categories

    @property
    def count(self) -> int:
        """How many pictures it lists."""
        return len(self._images)

    @property
    def own(self) -> bool:
        """Whether this program has written it."""
        return "head" in self.info

    @property
    def has_shapes(self) -> bool:
        """Whether there are boxes in it, or none at all; False for a file of captions, say."""
        first = self._first()
        return first is None or "bbox" in first or "segmentation" in first

    @property
    def has_captions(self) -> bool:
        """Whether there are sentences about pictures in it, and no boxes."""
        first = self._first()
        return first is not None and _is_caption(first)

    def _first(self) -> dict[str, Any] | None:
        return next((one for some in self._annotations.values() for one in some), None)

    def images(self) -> Iterator[CocoImage]:
        """The pictures in the order of the file."""
        known: set[int] = set()
        for entry in self._images:
            name = entry.get("file_name")
            try:
                identity = whole(entry.get("id"))
            except ValueError:
                identity = None
            if not isinstance(name, str) or not name or identity is None:
                self._problems.note(
                    f"{{n:,}} more pictures of {self._name} have no name or no number.",
                    f"A picture of {self._name} has no name or no number and was left out.",
                )
                continue
            if identity in known:
                self._problems.note(
                    f"{{n:,}} more numbers of pictures come twice in {self._name}.",
                    f"The number {identity} of {one_line(name)} in {self._name} is another picture's too; "
                    "it came in without labels.",
                )
                yield CocoImage(name, self._size(entry), (), {**entry, "labelled": False})
                continue
            known.add(identity)
            size = self._size(entry)
            said = self._annotations.pop(identity, [])
            shapes = tuple(self._shapes(name, size, (one for one in said if not _is_caption(one))))
            about = [one for one in said if _is_caption(one)]
            captions = tuple(one["caption"] for one in about)
            theirs = () if self.own else about
            numbers = tuple(_number(one.get("id")) for one in theirs)
            fields = tuple(caption_fields(one, self._name, self._problems) for one in theirs)
            metadata = metadata_of(entry, self._licences, self._name, self._problems, own=self.own)
            yield CocoImage(name, size, shapes, entry, metadata, captions, numbers, fields)
        if self._annotations:
            count = sum(len(some) for some in self._annotations.values())
            self._problems.say(f"{count:,} shapes of {self._name} belong to no picture in it and were left out.")

    def _list(self, document: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
        found = document.get(key, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self._problems.say(f"The {key} of {self._name} are no list of objects and were left out.")
            return []
        return found

    def _named(self, entries: list[dict[str, Any]]) -> dict[int, str]:
        found: dict[int, str] = {}
        for entry in entries:
            try:
                identity, name = whole(entry.get("id")), str(entry.get("name") or "").strip()
            except ValueError:
                identity, name = 0, ""
            if not name:
                self._problems.say(f"A category of {self._name} has no name or no number and was left out.")
            elif found.setdefault(identity, name) != name:
                self._problems.say(
                    f"The number {identity} stands for two categories in {self._name}; "
                    f"{one_line(found[identity])} counts."
                )
        return dict(sorted(found.items()))

    def _by_image(self, entries: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for entry in entries:
            try:
                found[whole(entry.get("image_id"))].append(entry)
            except ValueError:
                self._leave_out("a picture", "says no picture")
        return found

    def _size(self, entry: Mapping[str, Any]) -> tuple[int, int] | None:
        try:
            width, height = whole(entry.get("width")), whole(entry.get("height"))
        except ValueError:
            return None
        return (width, height) if width > 0 and height > 0 else None

    def _shapes(self, name: str, size: tuple[int, int] | None, entries: Iterable[dict[str, Any]]) -> Iterator[Shape]:
        for entry in entries:
            try:
                shape = self._shape(entry, size)
                attributes = attributes_of(entry, shape, self._name, self._problems, own=self.own)
                yield replace(shape, attributes=attributes) if attributes else shape
            except (DatasetError, ValueError, TypeError, OverflowError) as error:
                self._leave_out(name, str(error))

    def _leave_out(self, name: str, why: str) -> None:
        self._problems.note(
            f"{{n:,}} more shapes of {self._name} were left out.",
            f"A shape of {one_line(name)} in {self._name} was left out: {why.rstrip('.')}.",
        )

    def _shape(self, entry: Mapping[str, Any], size: tuple[int, int] | None) -> Shape:
        category = self._categories.get(whole(entry.get("category_id")))
        if category is None:
            raise ValueError(f"there is no category {entry.get('category_id')}")
        said = entry.get("bbox")
        box = [number(value) for value in said] if isinstance(said, list) and said else None
        if box is not None and len(box) != 4:
            raise ValueError("its box has no four numbers")
        outline, crowd = entry.get("segmentation"), bool(entry.get("iscrowd"))
        if isinstance(outline, dict):
            shape = region_shape(category, box, outline, size, crowd=crowd)
            said = entry.get("polygons")  # beside the run lengths; only this program writes both
            return replace(shape, polygons=tuple(map(tuple, said))) if isinstance(said, list) else shape
        if outline is not None and not isinstance(outline, list):
            raise ValueError("its outline is neither polygons nor run lengths")
        pieces = [outline] if outline and not isinstance(outline[0], list) else outline or []
        polygons = [tuple(number(value) for value in piece) for piece in pieces]
        return outline_shape(category, box, polygons, crowd=crowd)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _is_caption(entry: Mapping[str, Any]) -> bool:
    return isinstance(entry.get("caption"), str) and "bbox" not in entry and "segmentation" not in entry
