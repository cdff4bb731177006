"""``attributes.json``: what is known of pictures and shapes where a format has no place for it.

``{"pictures": {"images/a.png": {"metadata": {...}, "shapes": [{...}, ...], "group": "..."}}}``, with paths below the
folder. Other programs pass over it. An entry's metadata and group stand in place of what the format itself says; the
attributes of shapes count only while there are as many shapes as when it was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from models.errors import DatasetError, one_line
from training.datasets.attributes import NOTHING, Attributes, usable
from training.datasets.formats.documents import read_document
from training.datasets.formats.problems import Problems
from training.datasets.values import Shape

__all__ = ["ATTRIBUTES", "AttributesFile", "entry", "foreign"]

ATTRIBUTES = "attributes.json"


class AttributesFile:
    """What the file of a folder says; nothing where there is none.

    Args:
        folder: of the dataset.
        problems: takes what can't be used.
    """

    def __init__(self, folder: Path, problems: Problems) -> None:
        self._folder = folder
        self._problems = problems
        self._pictures: Mapping[str, Any] = {}
        if (folder / ATTRIBUTES).is_file():
            try:
                said = read_document(folder / ATTRIBUTES).get("pictures")
                self._pictures = said if isinstance(said, dict) else {}
            except DatasetError as error:
                problems.say(str(error))

    def metadata(self, picture: Path, native: Attributes = NOTHING) -> Attributes:
        """Of a picture of the folder; ``native``, what the format itself says, where the file does not say it."""
        said = self._entry(picture).get("metadata")
        return (
            foreign(said, f"The metadata of {one_line(picture.name)}", self._problems) if said is not None else native
        )

    def group(self, picture: Path, native: str) -> str:
        """Of a picture; ``native``, what the format itself says, where the file does not say it."""
        said = self._entry(picture).get("group")
        return said if isinstance(said, str) else native

    def shapes(self, picture: Path, shapes: tuple[Shape, ...]) -> tuple[Shape, ...]:
        """``shapes`` with their attributes."""
        said = self._entry(picture).get("shapes")
        if not isinstance(said, list):
            return shapes
        if len(said) != len(shapes):
            self._problems.note(
                f"{{n:,}} more pictures have other shapes than when {ATTRIBUTES} was written.",
                f"{one_line(picture.name)} has {len(shapes):,} shapes where {ATTRIBUTES} knows {len(said):,}; they "
                "came in without attributes.",
            )
            return shapes
        what = f"The attributes of a shape of {one_line(picture.name)}"
        return tuple(
            replace(shape, attributes=foreign(some, what, self._problems)) if some else shape
            for shape, some in zip(shapes, said, strict=True)
        )

    def _entry(self, picture: Path) -> Mapping[str, Any]:
        if not self._pictures:
            return {}
        found = self._pictures.get(picture.relative_to(self._folder).as_posix())
        return found if isinstance(found, dict) else {}


def foreign(said: object, what: str, problems: Problems) -> Attributes:
    """Somebody's attributes as far as they can be kept; a sentence, begun with ``what``, about the others."""
    if not isinstance(said, Mapping):
        problems.note("{n:,} more attributes are no objects.", f"{what} are no JSON object and were left out.")
        return NOTHING
    found, bad = usable(said)
    for sentence in bad:
        problems.note("{n:,} more attributes can't be used.", f"{what} are not all usable: {sentence}")
    return found


def entry(metadata: Attributes | None, shapes: Sequence[Attributes], group: str | None) -> dict[str, Any]:
    """What the file says of a picture; None where the format says it itself."""
    found: dict[str, Any] = {}
    if metadata is not None:
        found["metadata"] = metadata.to_json()
    if any(shapes):
        found["shapes"] = [one.to_json() for one in shapes]
    if group is not None:
        found["group"] = group
    return found
