"""What COCO says of pictures, shapes and categories beyond names, sizes and outlines: which fields are its, and ours.

A shape's ``keypoints`` and a picture's licence, date and addresses stand where COCO has them, else in ``attributes``
(as CVAT writes them) and ``metadata``. Numbers of pictures and shapes are kept, and used again where they are free.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.errors import one_line
from training.datasets.attributes import NOTHING, Attributes
from training.datasets.formats.attributes_file import foreign
from training.datasets.formats.problems import Problems

__all__ = [
    "CATEGORY_ATTRIBUTES",
    "Numbers",
    "attributes_of",
    "by_category",
    "category_attributes",
    "metadata_of",
    "picture_fields",
    "shape_fields",
]

CATEGORY_ATTRIBUTES = "category_attributes"
"""Option of a question: category -> what COCO says of it, such as its number, supercategory, keypoints and skeleton."""

_OF_SHAPES = frozenset({"image_id", "category_id", "bbox", "area", "iscrowd", "segmentation", "polygons", "attributes"})
_OF_PICTURES = frozenset({"file_name", "width", "height", "labelled", "metadata"})
_OURS = frozenset({"id", "source", "group", "labels", "said", "frozen"})
_NATIVE = ("date_captured", "coco_url", "flickr_url")


def attributes_of(entry: Mapping[str, Any], name: str, problems: Problems, *, own: bool) -> Attributes:
    """What an annotation says of its shape further.

    Args:
        entry: the annotation.
        name: of the file, for the sentences.
        problems: takes what can't be kept.
        own: whether this program has written it; then its number means nothing.
    """
    found = {field: value for field, value in entry.items() if field not in _OF_SHAPES and not (own and field == "id")}
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


def shape_fields(attributes: Attributes) -> dict[str, Any]:
    """The fields of an annotation that say ``attributes``."""
    if not attributes:
        return {}
    rest = attributes.to_json()
    found: dict[str, Any] = {}
    points = rest.get("keypoints")
    if isinstance(points, list) and len(points) % 3 == 0 and all(_is_number(one, float) for one in points):
        found["keypoints"] = rest.pop("keypoints")
        if _is_number(rest.get("num_keypoints")):
            found["num_keypoints"] = rest.pop("num_keypoints")
    return found | ({"attributes": rest} if rest else {})


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


def _names(value: object) -> bool:
    """Whether a field names a source or a group."""
    return isinstance(value, str | int) and value != ""


def _is_number(value: object, *kinds: type) -> bool:
    return isinstance(value, (int, *kinds)) and not isinstance(value, bool)
