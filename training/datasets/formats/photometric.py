"""One thing under many lights: a folder for each with its pictures, ``lights.txt``, and what is true of its surface.

Each picture is an item, the folder its group. ``lights.txt`` has a row for each picture in the order of their names,
the unit vector towards the light; it is kept as the parameter ``light`` of the picture's targets. What ``info.json``
says of the thing is metadata of each of its pictures.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from models.errors import DatasetError, one_line
from models.walking import is_hidden, natural_key
from training.datasets.attributes import NOTHING, Attributes
from training.datasets.formats.attributes_file import ATTRIBUTES, AttributesFile, foreign
from training.datasets.formats.documents import number, read_document, read_text
from training.datasets.formats.heads_file import HEADS, read_heads, write_heads
from training.datasets.formats.mask_folders import BACKGROUND, indices
from training.datasets.formats.naming import Names, folder_name, is_picture
from training.datasets.formats.plan import (
    NO_OPTIONS,
    Contents,
    ContentsItem,
    MaskFile,
    Plan,
    PlannedItem,
    PlannedLabel,
    ReadOptions,
    TargetFile,
    TargetFiles,
)
from training.datasets.formats.problems import Problems
from training.datasets.formats.targets import place_target
from training.datasets.formats.writing import Writing
from training.datasets.heads import HeadDef
from training.datasets.values import Mask, Target, Targets

__all__ = ["read", "recognise", "write"]

TITLE = "A photometric folder"
LIGHTS, INFO = "lights.txt", "info.json"
MASK = "object"
ROLES = {"normals": ("normals",), "reflectance": ("albedo", "reflectance"), "depth": ("depth",)}
"""Question -> what its file is called before its ending."""

_RESERVED = frozenset({"mask", *(name for names in ROLES.values() for name in names)})
"""What no picture under a light is called."""

_UNKNOWN = 128
"""In a written mask: neither 0 nor 255, which others know."""

_ENDINGS = (".npz", ".npy", ".png", ".tif", ".tiff", ".jpg", ".jpeg", ".bmp", ".tga", ".webp", ".dds", ".gif", ".tim2")
_COLUMNS = "# unit vector towards the light: x right, y up, z to the camera; one row per picture"


def recognise(folder: Path) -> float:
    """0.97 where a folder with lights is, or below."""
    return 0.97 if next(_objects(folder), None) is not None else 0.0


def read(folder: Path, _: ReadOptions = NO_OPTIONS) -> Plan:
    """Plan what the folders say.

    Raises:
        DatasetError: there is no folder with lights.
    """
    problems = Problems()
    found = list(_objects(folder))
    if not found:
        raise DatasetError(f"{one_line(folder)} has no folders with {LIGHTS} in them; choose the folder of those.")
    stated = read_heads(folder)
    images = {head.name: head for head in stated if head.kind == "image" and head.name in ROLES}
    seen = [role for role in ROLES if any(_truth(one, role) for one in found)]
    roles = list(dict.fromkeys([*images, *seen]))
    heads = [images.get(role) or HeadDef(role, "image", options={"roles": [role]}) for role in roles]
    mask = next((head for head in stated if head.kind == "mask" and len(head.categories) == 2), None)
    if mask is None and any((one / "mask.png").is_file() for one in found):
        mask = HeadDef(MASK, "mask", (BACKGROUND, MASK))

    def items() -> Iterator[PlannedItem]:
        known = AttributesFile(folder, problems)
        for one in found:
            for item in _items(one, roles, mask.name if mask else "", problems):
                group, metadata = known.group(item.path, item.group), known.metadata(item.path, item.metadata)
                yield replace(item, group=group, metadata=metadata)

    return Plan(
        "photometric", (*heads, *([mask] if mask else [])), items, problems, sum(len(_pictures(one)) for one in found)
    )


def _objects(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    below = sorted((one for one in folder.iterdir() if one.is_dir() and not is_hidden(one.name)), key=_order)
    yield from (one for one in (folder, *below) if (one / LIGHTS).is_file())


def _order(path: Path) -> tuple[list[str | int], str]:
    return natural_key(path.name)


def _truth(folder: Path, role: str) -> Path | None:
    places = (folder / f"{name}{ending}" for name in ROLES[role] for ending in _ENDINGS)
    return next((one for one in places if one.is_file()), None)


def _pictures(folder: Path) -> list[Path]:
    """The pictures under the lights: all that are neither a truth nor the mask."""
    found = (one for one in folder.iterdir() if is_picture(one.name) and one.stem not in _RESERVED and one.is_file())
    return sorted((one for one in found if not is_hidden(one.name)), key=_order)


def _items(folder: Path, roles: list[str], mask: str, problems: Problems) -> Iterator[PlannedItem]:
    shown = _pictures(folder)
    lights = _lights(folder / LIGHTS, problems)
    if len(lights) != len(shown):
        problems.say(
            f"{one_line(folder.name)} has {len(shown)} pictures and {len(lights)} lights; they came without lights."
        )
        lights = [""] * len(shown)
    metadata = _info(folder / INFO, problems)
    known = {
        LIGHTS,
        INFO,
        ATTRIBUTES,
        HEADS,
        "mask.png",
        *(one.name for role in ROLES if (one := _truth(folder, role))),
    }
    known |= {one.name for one in shown}
    for other in sorted(one.name for one in folder.iterdir() if one.is_file()):
        if other not in known and not is_hidden(other):
            problems.say(f"{one_line(other)} of {one_line(folder.name)} has no place in a dataset and was left out.")
    for picture, light in zip(shown, lights, strict=True):
        labels: dict[str, PlannedLabel] = {}
        for role in roles:
            truth = _truth(folder, role)
            if truth is not None:
                labels[role] = TargetFiles((TargetFile(truth, role, {"light": light} if light else {}),))
        if (folder / "mask.png").is_file():
            labels[mask] = MaskFile(folder / "mask.png", {0: 0, 255: 1, 1: 1})
        yield PlannedItem(picture, labels, group=folder.name, metadata=metadata)


def _info(path: Path, problems: Problems) -> Attributes:
    if not path.is_file():
        return NOTHING
    try:
        return foreign(read_document(path), f"What {INFO} of {one_line(path.parent.name)} says", problems)
    except DatasetError as error:
        problems.say(str(error))
        return NOTHING


def _lights(path: Path, problems: Problems) -> list[str]:
    found: list[str] = []
    for line in read_text(path).splitlines():
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            if len(words) != 3:
                raise ValueError("it has not three numbers")
            for word in words:
                number(word)
        except ValueError as error:
            problems.say(f"A row of {LIGHTS} in {one_line(path.parent.name)} can't be used: {error}.")
            return []
        found.append(" ".join(words))
    return found


def write(contents: Contents, folder: Path, problems: Problems, *, cancel: threading.Event | None = None) -> None:
    """Write a folder for each group; pictures without a group, or without a light, have no place.

    Raises:
        DatasetError: no head is about normals, reflectance or depth, or a file can't be copied.
    """
    heads = [head for head in contents.of_kind("image") if head.name in ROLES]
    if not heads:
        raise DatasetError(
            f"{one_line(contents.name)} has no normals, reflectance or depth as answers; choose another format."
        )
    masks = [head for head in contents.of_kind("mask") if len(head.categories) == 2][:1]
    writing = Writing(contents, folder, TITLE, problems, keeps=(*heads, *masks), parts=("group",), cancel=cancel)
    folders, names = Names(), Names()
    places: dict[str, str] = {}
    lights: dict[str, list[tuple[str, str]]] = defaultdict(list)
    done: dict[str, str] = {}
    infos: dict[str, Attributes] = {}
    for item in writing.items():
        targets = {head.name: one for head in heads if (one := _first(item, head.name)) is not None}
        light = next((one.params["light"] for one in targets.values() if "light" in one.params), "")
        light = str(item.metadata.get("light", light))  # what was said here goes before what came with the folder
        if not item.group or not light:
            writing.lost("Photometric folders want a group and a light: {n:,} left out of the pictures without.")
            continue
        place = places.setdefault(item.group, "") or folders.take(folder_name(item.group))
        places[item.group] = place
        last = _free(item.name.rpartition("/")[2])
        name = names.take(f"{place}/{last}", f"{place}/{item.name.replace('/', '_')}")
        writing.place(item.path, name)
        lights[place].append((name, light))
        same = infos.setdefault(place, item.metadata) == item.metadata
        writing.keep(name, None if same else item.metadata, group=None if place == item.group else item.group)
        for role, target in targets.items():
            key = target.blob or target.path
            if done.setdefault(f"{place}/{role}", key) != key:
                writing.lost("Photometric folders have one truth a folder: {n:,} left out of further ones.")
            elif f"{place}/{role}" in done and not any((folder / place).glob(f"{ROLES[role][0]}.*")):
                place_target(writing, target, f"{place}/{ROLES[role][0]}")
        mask = item.labels.get(masks[0].name) if masks else None
        if not isinstance(mask, Mask):
            continue
        if done.setdefault(f"{place}/mask", mask.blob) != mask.blob:
            writing.lost("Photometric folders have one mask a folder: {n:,} left out of further ones.")
        elif not (folder / place / "mask.png").exists():
            _write_mask(contents.blob(mask.blob), folder / place / "mask.png")
    for place, rows in lights.items():
        ordered = sorted(rows, key=lambda row: natural_key(row[0].rpartition("/")[2]))
        writing.text(f"{place}/{LIGHTS}", "\n".join([_COLUMNS, *(light for _, light in ordered)]) + "\n")
        if infos[place]:
            writing.text(f"{place}/{INFO}", json.dumps(infos[place].to_json(), indent=1) + "\n")
    write_heads(folder, (*heads, *masks))


def _write_mask(source: Path, path: Path) -> None:
    """With 255 for the thing, as others read it."""
    table = np.full(256, _UNKNOWN, np.uint8)
    table[:2] = 0, 255
    path.write_bytes(cv2.imencode(".png", table[indices(MaskFile(source))])[1].tobytes())


def _free(name: str) -> str:
    """A name that no truth of a folder has."""
    return f"picture-{name}" if name.rpartition(".")[0] in _RESERVED else name


def _first(item: ContentsItem, head: str) -> Target | None:
    value = item.labels.get(head)
    return value.targets[0] if isinstance(value, Targets) else None
