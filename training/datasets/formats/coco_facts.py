"""What COCO says of pictures, shapes and categories beyond names, sizes and outlines: which fields are its, and ours.

A shape's ``keypoints`` and a picture's licence, date and addresses stand where COCO has them, else in ``attributes``
(as CVAT writes them) and ``metadata``. Numbers of pictures and shapes are kept, and used again where they are free.
What a file says of itself is an option of its question.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from models.errors import one_line
from training.datasets.attributes import NOTHING, Attributes
from training.datasets.formats.attributes_file import foreign
from training.datasets.formats.outlines import area
from training.datasets.formats.problems import Problems
from training.datasets.values import Shape

__all__ = [
    "CATEGORY_ATTRIBUTES",
    "FILE_FACTS",
    "Numbers",
    "area_field",
    "attributes_of",
    "by_category",
    "caption_entry",
    "caption_fields",
    "category_attributes",
    "file_facts",
    "file_fields",
    "metadata_of",
    "picture_fields",
    "shape_fields",
    "short",
]

CATEGORY_ATTRIBUTES = "category_attributes"
"""Option of a question: category -> what COCO says of it, such as its number, supercategory, keypoints and skeleton."""

FILE_FACTS = "coco_files"
"""Option of a question: split -> what a file that came from elsewhere says of itself, such as its info and licences."""

AREA = "area"
"""Attribute of a shape whose area is said to be another than its outline has: what is said, and what that is. It is
written again while the outline is the same."""

_MOST_FILE_FACTS = 1 << 16
"""Characters of it as JSON: questions are read whenever a dataset is."""

_OF_FILES = frozenset({"images", "annotations", "categories"})
_OF_SHAPES = frozenset({"image_id", "category_id", "bbox", "area", "iscrowd", "segmentation", "polygons", "attributes"})
_OF_CAPTIONS = frozenset({"id", "image_id", "caption"})
_SHAPELY = frozenset({"bbox", "segmentation"})
"""Fields by which an annotation is of a shape, and of no caption."""
_OF_PICTURES = frozenset({"file_name", "width", "height", "labelled", "metadata"})
_OURS = frozenset({"id", "source", "group", "labels", "said", "frozen"})
_NATIVE = ("date_captured", "coco_url", "flickr_url")


def attributes_of(entry: Mapping[str, Any], shape: Shape, name: str, problems: Problems, *, own: bool) -> Attributes:
    """What an annotation says of its shape further.

    Args:
        entry: the annotation.
        shape: what it says of it otherwise.
        name: of the file, for the sentences.
        problems: takes what can't be kept.
        own: whether this program has written it; then its number means nothing.
    """
    found = {field: value for field, value in entry.items() if field not in _OF_SHAPES and not (own and field == "id")}
    said, measured = entry.get(AREA), float(area(shape))
    if isinstance(said, int | float) and _is_number(said, float) and math.isfinite(said):
        found |= {} if _is_close(said, measured) else {AREA: [said, measured]}
    said = entry.get("attributes")
    if isinstance(said, dict):
        found |= said
    elif said is not None:
        found["attributes"] = said
    return foreign(found, f"The attributes of a shape in {name}", problems) if found else NOTHING


def metadata_of(
    entry: Mapping[str, Any], licences: Mapping[int, Mapping[str, Any]], name: str, problems: Problems, *, own: bool
) -> Attributes:
    """What an entry says of its picture further; ``licences`` by their numbers. The others are as ``attributes_of``."""
    found = {field: value for field, value in entry.items() if field not in _OF_PICTURES}
    if own:
        found = {field: value for field, value in found.items() if field not in _OURS}
    else:
        group = next((field for field in ("group", "scene") if _names(found.get(field))), "")
        named = ("source" if _names(found.get("source")) else "", group)
        found = {field: value for field, value in found.items() if field not in named}
    licence = found.get("license")
    if isinstance(licence, int) and licence in licences:
        found["license"] = dict(licences[licence])
    said = entry.get("metadata")
    if isinstance(said, dict):
        found |= said
    elif said is not None:
        found["metadata"] = said
    return (
        foreign(found, f"The metadata of {one_line(str(entry.get('file_name')))} in {name}", problems)
        if found
        else NOTHING
    )


def caption_fields(entry: Mapping[str, Any], name: str, problems: Problems) -> dict[str, Any]:
    """What an annotation of a file from elsewhere says of its sentence further; as ``attributes_of``."""
    found = {field: value for field, value in entry.items() if field not in _OF_CAPTIONS}
    return foreign(found, f"The fields of a caption in {name}", problems).to_json() if found else {}


def caption_entry(number: int, picture: int, caption: str, further: object) -> dict[str, Any]:
    """An annotation that says a sentence; ``further`` are its ``caption_fields``, if they are any."""
    fields = further if isinstance(further, dict) else {}
    kept = {field: value for field, value in fields.items() if field not in _SHAPELY}
    return kept | {"id": number, "image_id": picture, "caption": caption}


def category_attributes(entries: list[dict[str, Any]], info: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Category -> what a file says of it; nothing where that is but its place in the list. ``info``: of the file."""
    if "head" in info:  # written here
        return by_category(info)
    found: dict[str, dict[str, Any]] = {}
    plain = True
    for at, entry in enumerate(entries, 1):
        name = str(entry.get("name") or "").strip()
        some = {field: value for field, value in entry.items() if field != "name"}
        plain = plain and some == {"id": at}
        if name:
            found.setdefault(name, some)
    return {} if plain else found


def file_facts(document: Mapping[str, Any], name: str, problems: Problems) -> dict[str, Any]:
    """What a COCO file says of itself, but for what this program says there; a sentence about what is too long."""
    info = document.get("info")
    if isinstance(info, dict) and "head" in info:  # written here
        said = info.get(FILE_FACTS)
        return dict(said) if isinstance(said, dict) else {}
    found = {field: value for field, value in document.items() if field not in _OF_FILES and value not in ({}, [])}
    kept = foreign(found, f"The info and other fields of {name}", problems)
    if len(kept.text) > _MOST_FILE_FACTS:
        problems.say(f"{name} says more of itself than {_MOST_FILE_FACTS >> 10} KiB; that was left out.")
        return {}
    return kept.to_json()


def file_fields(
    options: Mapping[str, Any], split: str, own: Mapping[str, Any], licences: dict[int, Any]
) -> dict[str, Any]:
    """What a file says of itself: its ``info``, and other fields.

    Args:
        options: of its question.
        split: of the pictures in it; where no file of that split came, what the first one says holds.
        own: what this program says in ``info``.
        licences: gains those that a picture may name by number.
    """
    said = options.get(FILE_FACTS)
    known = {name: one for name, one in said.items() if isinstance(one, dict)} if isinstance(said, dict) else {}
    facts: Mapping[str, Any] = known.get(split) or next(iter(known.values()), {})
    fields = {field: value for field, value in facts.items() if field not in (*_OF_FILES, "info", "licenses")}
    listed = facts.get("licenses")
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict) and _is_number(one.get("id")):
            licences.setdefault(one["id"], one)
    info = facts.get("info")
    about = {**own, **(info if isinstance(info, dict) else {})}
    about |= {field: value for field, value in own.items() if field != "description"}
    return {"info": about | ({FILE_FACTS: facts} if facts else {}), **fields}


def by_category(options: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Category -> what ``options``, of a question or of a file, say of it."""
    said = options.get(CATEGORY_ATTRIBUTES)
    return {name: some for name, some in said.items() if isinstance(some, dict)} if isinstance(said, dict) else {}


def picture_fields(metadata: Attributes, licences: dict[int, Any]) -> dict[str, Any]:
    """The fields of a picture's entry that say ``metadata``; its licence joins ``licences``, the file's list."""
    found: dict[str, Any] = {}
    rest = metadata.to_json()
    for field in _NATIVE:
        if field in rest:
            found[field] = rest.pop(field)
    licence = rest.get("license")
    if isinstance(licence, dict) and _is_number(licence.get("id")):
        number = licence["id"]
        if licences.setdefault(number, licence) == licence:
            found["license"] = number
            del rest["license"]
    return found | ({"metadata": rest} if rest else {})


def shape_fields(shape: Shape) -> dict[str, Any]:
    """The fields of an annotation that say the attributes of ``shape``, and its area."""
    found: dict[str, Any] = {AREA: area_field(shape)}
    if not shape.attributes:
        return found
    rest = shape.attributes.to_json()
    if found[AREA] != short(area(shape)):
        del rest[AREA]
    points = rest.get("keypoints")
    if isinstance(points, list) and len(points) % 3 == 0 and all(_is_number(one, float) for one in points):
        found["keypoints"] = rest.pop("keypoints")
        if _is_number(rest.get("num_keypoints")):
            found["num_keypoints"] = rest.pop("num_keypoints")
    return found | ({"attributes": rest} if rest else {})


def area_field(shape: Shape) -> float | int:
    """The area of a shape, square pixels: what is said of it, while it is said of this outline; else what it has."""
    measured = float(area(shape))
    match shape.attributes.get(AREA):
        case [said, of] if _is_number(said, float) and _is_number(of, float) and of == measured:
            if not _is_close(said, measured):
                return said  # type: ignore[no-any-return]  # a number
    return short(measured)


def short(value: float) -> float | int:
    """Whole numbers without their point."""
    return int(value) if float(value).is_integer() else value


class Numbers:
    """Gives everything in a file a number of its own: the one it has, while that is free."""

    def __init__(self) -> None:
        self._next = 1
        self._taken: set[int] = set()

    def take(self, wanted: object = None) -> int:
        """``wanted`` where that is a free number above 0, else the next free one."""
        if (
            isinstance(wanted, int)
            and not isinstance(wanted, bool)
            and 0 < wanted < 2**53
            and wanted not in self._taken
        ):
            number = wanted
        else:
            while self._next in self._taken:
                self._next += 1
            number = self._next
        self._taken.add(number)
        return number


def _is_close(area: float, measured: float) -> bool:
    """Whether two areas differ by no more than how they were added up."""
    return math.isclose(area, measured, rel_tol=1e-6, abs_tol=1e-6)


def _names(value: object) -> bool:
    """Whether a field names a source or a group."""
    return isinstance(value, str | int) and value != ""


def _is_number(value: object, *kinds: type) -> bool:
    return isinstance(value, (int, *kinds)) and not isinstance(value, bool)
