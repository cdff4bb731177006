"""The lights of a set: one thing photographed under many of them, a picture each. No Qt; for background threads.

Where a light stands is metadata of its picture ("light": x y z); where there is none, it is the parameter of that name
of the picture's targets, as photometric folders are read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.errors import DatasetError

if TYPE_CHECKING:  # NumPy comes with it
    from training.datasets.heads import HeadDef
    from training.datasets.store import DatasetStore

__all__ = ["LIGHT", "Direction", "LitPicture", "light_text", "parse_light", "read_set", "set_light", "under_lights"]

LIGHT = "light"
"""The name of the fact."""

_ROLES = frozenset({"normals", "reflectance", "depth"})  # what photometric stereo finds

Direction = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class LitPicture:
    """One picture of a set.

    Attributes:
        item: its id.
        name: of its file.
        light: unit vector towards the light: x right, y up, z to the camera; None where nobody knows.
    """

    item: int
    name: str
    light: Direction | None


def under_lights(heads: Iterable[HeadDef]) -> bool:
    """Whether questions ask what only pictures under several lights can tell."""
    return any(head.kind == "image" and _ROLES & set(head.options.get("roles", ())) for head in heads)


def parse_light(said: object) -> Direction | None:
    """A direction from "x y z" or three numbers, of any length but 0; None where it is none."""
    words: Any = said.split() if isinstance(said, str) else said
    try:
        x, y, z = (float(one) for one in words)
    except (TypeError, ValueError):
        return None
    length = math.sqrt(x * x + y * y + z * z)
    return (x / length, y / length, z / length) if math.isfinite(length) and length > 0 else None


def light_text(light: Direction) -> str:
    """As ``lights.txt`` has it."""
    return " ".join(f"{one:.6f}" for one in light)


def read_set(store: DatasetStore, dataset: int, group: str) -> list[LitPicture]:
    """The pictures of a set by name. Raises ``DatasetError`` or ``WorkspaceError``."""
    from training.datasets.records import Query
    from training.datasets.values import Targets

    items = store.items(dataset, where=Query(group=group), order="name")
    facts = store.metadata(dataset, [one.id for one in items])
    found = []
    for item in items:
        light = parse_light(facts[item.id].get(LIGHT)) if item.id in facts else None
        if light is None:
            params = [
                target.params.get(LIGHT)
                for value in item.labels.values()
                if isinstance(value, Targets)
                for target in value.targets
            ]
            light = next((one for said in params if (one := parse_light(said)) is not None), None)
        found.append(LitPicture(item.id, item.name, light))
    return found


def set_light(store: DatasetStore, dataset: int, item: int, light: Direction | None) -> int | None:
    """Say where the light of a picture stands; None for "nobody knows". Returns the step.

    Raises:
        DatasetError: the picture is gone, or the direction is none.
        WorkspaceError: the workspace can't be written.
    """
    if light is not None and parse_light(light) is None:
        raise DatasetError("A light needs a direction of three numbers that are not all 0; give it one.")
    facts = dict(store.metadata(dataset, [item]).get(item, {}))
    if light is None:
        facts.pop(LIGHT, None)
    else:
        facts[LIGHT] = light_text(light)
    action = "Set the light of 1 picture" if light is not None else "Took the light of 1 picture away"
    return store.set_metadata(dataset, {item: facts}, action=action)
