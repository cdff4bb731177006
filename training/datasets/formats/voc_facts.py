"""What Pascal VOC says of a thing beyond its name and box, and of a picture beyond its size: read and written.

``truncated``, ``difficult``, ``occluded``, ``pose`` and ``part`` stand where VOC has them, else in ``attributes`` as
the programs write them that people label with today; what is no text has ``value_json`` beside it there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from training.datasets.attributes import NOTHING, Attributes
from training.datasets.formats import xml
from training.datasets.formats.attributes_file import foreign
from training.datasets.formats.documents import number
from training.datasets.formats.problems import Problems

__all__ = ["attributes_of", "metadata_of", "picture_fields", "thing_fields"]

_FLAGS = ("truncated", "difficult", "occluded")
_OF_THINGS = frozenset({"name", "bndbox", "polygon", "pose", "part", "attributes", *_FLAGS})
_OF_PICTURES = frozenset({"folder", "filename", "path", "size", "object", "segmented"})
_SIDES = ("xmin", "ymin", "xmax", "ymax")
_NO_POSE = "Unspecified"
_ELEMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_PLAIN = re.compile("[ !-~\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")


def attributes_of(thing: xml.Node, name: str, problems: Problems) -> Attributes:
    """What an ``object`` says of its thing further; ``name`` is the file's."""
    found: dict[str, Any] = {flag: True for flag in _FLAGS if _is_set(thing.said(flag))}
    if thing.said("pose") not in ("", _NO_POSE):
        found["pose"] = thing.said("pose")
    if parts := [_part(one) for one in thing.all("part")]:
        found["part"] = parts
    for child in thing.children:
        if child.name not in _OF_THINGS:
            found[child.name] = _tree(child)
    for group in thing.all("attributes"):
        for one in group.all("attribute"):
            found[_text(one, "name")] = _text(one, "value")
    return foreign(found, f"The attributes of a thing in {name}", problems) if found else NOTHING


def metadata_of(node: xml.Node, name: str, problems: Problems) -> Attributes:
    """What an ``annotation`` says of its picture further."""
    found: dict[str, Any] = {child.name: _tree(child) for child in node.children if child.name not in _OF_PICTURES}
    if _is_set(node.said("segmented")):
        found["segmented"] = True
    return foreign(found, f"The metadata in {name}", problems) if found else NOTHING


def thing_fields(attributes: Attributes) -> str:
    """The elements of an ``object`` that say ``attributes``."""
    rest = attributes.to_json()
    pose = rest.get("pose")
    if isinstance(pose, str) and _is_plain(pose) and pose not in ("", _NO_POSE):
        del rest["pose"]
    else:
        pose = _NO_POSE
    lines = [f"  <pose>{escape(pose)}</pose>\n"]
    for flag in _FLAGS:
        is_set = rest.get(flag) is True
        if is_set:
            del rest[flag]
        if is_set or flag != "occluded":
            lines.append(f"  <{flag}>{int(is_set)}</{flag}>\n")
    if _are_parts(rest.get("part")):
        lines += [_part_fields(one) for one in rest.pop("part")]
    if rest:
        said = "".join(
            f"   <attribute>{_field('name', name)}{_field('value', rest[name])}</attribute>\n" for name in rest
        )
        lines.append(f"  <attributes>\n{said}  </attributes>\n")
    return "".join(lines)


def picture_fields(metadata: Attributes) -> str:
    """The elements of an ``annotation`` that say of ``metadata`` what VOC can: texts, and objects of texts."""
    lines = []
    for name, value in metadata.items():
        if name == "segmented" or name in _OF_PICTURES or not _ELEMENT.fullmatch(name):
            continue
        if isinstance(value, str) and _is_plain(value):
            lines.append(f" <{name}>{escape(value)}</{name}>\n")
        elif (
            isinstance(value, dict)
            and value
            and all(_ELEMENT.fullmatch(key) and isinstance(one, str) and _is_plain(one) for key, one in value.items())
        ):
            inner = "".join(f"<{key}>{escape(one)}</{key}>" for key, one in value.items())
            lines.append(f" <{name}>{inner}</{name}>\n")
    return "".join([*lines, f" <segmented>{int(metadata.get('segmented') is True)}</segmented>\n"])


def _is_set(text: str) -> bool:
    return text.casefold() in ("1", "true", "yes")


def _tree(node: xml.Node) -> Any:
    """An element of somebody's: its text, or what is in it by name, a list where a name comes more than once."""
    if not node.children:
        return node.text.strip()
    found: dict[str, Any] = {}
    for child in node.children:
        some = [_tree(one) for one in node.all(child.name)]
        found[child.name] = some[0] if len(some) == 1 else some
    return found


def _text(node: xml.Node, field: str) -> Any:
    """The text of a field, or what the JSON beside it says."""
    if node.find(f"{field}_json") is None:
        return node.said(field)
    try:
        return json.loads(node.said(f"{field}_json"))
    except (ValueError, RecursionError):
        return node.said(field)


def _field(name: str, value: Any) -> str:
    """The counterpart of ``_text``."""
    if isinstance(value, str) and _is_plain(value):
        return f"<{name}>{escape(value)}</{name}>"
    text = json.dumps(value)
    shown = value if isinstance(value, str) else text
    shown = "".join(_PLAIN.findall(shown)).strip()
    return f"<{name}>{escape(shown)}</{name}><{name}_json>{escape(text)}</{name}_json>"


def _is_plain(text: str) -> bool:
    """Whether XML gives back ``text`` as it is."""
    return text == text.strip() and _PLAIN.fullmatch(text) is not None


def _part(node: xml.Node) -> dict[str, Any]:
    box: dict[str, float | str] = {}
    for side in _SIDES:
        try:
            box[side] = number(node.said("bndbox", side))
        except ValueError:
            box[side] = node.said("bndbox", side)
    return {"name": node.said("name"), "bndbox": box}


def _are_parts(value: Any) -> bool:
    """Whether VOC can say them, and ``_part`` reads them as they are."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(
            isinstance(one, dict)
            and set(one) == {"name", "bndbox"}
            and isinstance(one["name"], str)
            and _is_plain(one["name"])
            and isinstance(one["bndbox"], dict)
            and set(one["bndbox"]) == set(_SIDES)
            and all(isinstance(side, float) for side in one["bndbox"].values())
            for one in value
        )
    )


def _part_fields(part: Mapping[str, Any]) -> str:
    box = "".join(f"<{side}>{part['bndbox'][side]!r}</{side}>" for side in _SIDES)
    return f"  <part><name>{escape(part['name'])}</name><bndbox>{box}</bndbox></part>\n"
