"""What datasets are made from: a name, a sentence, and the questions. One typed table, ``TEMPLATES``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models.errors import DatasetError, one_line
from training.datasets.heads import HeadDef

__all__ = ["TEMPLATES", "Template", "find_template"]


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of dataset.

    Attributes:
        name: as commands and the store call it.
        title: as a person reads it.
        group: under which title it stands in a list.
        sentence: what it is for, and what is labelled.
        heads: its questions. Categories may be empty: they come with the labels.
    """

    name: str
    title: str
    group: str
    sentence: str
    heads: tuple[HeadDef, ...]


def find_template(name: str) -> Template:
    """The template of that name.

    Raises:
        DatasetError: there is none.
    """
    if name not in TEMPLATES:
        raise DatasetError(f"There is no template {one_line(name)}; the templates are: {', '.join(TEMPLATES)}.")
    return TEMPLATES[name]


_GRADE = MappingProxyType({"low": 1, "high": 10})
_DAMAGE = ("scratch", "dent", "stain", "wear", "crease")


def _grade(name: str, question: str) -> HeadDef:
    return HeadDef(name, "grade", options={**_GRADE, "question": question})


def _picture(name: str, role: str, question: str) -> HeadDef:
    return HeadDef(name, "image", options={"roles": [role], "question": question})


_ALL = (
    Template(
        "textures",
        "Textures",
        "Sorting",
        "Game textures by material: one name a picture.",
        (HeadDef("material", "categories", options={"question": "What is it made of?"}),),
    ),
    Template(
        "parts",
        "Parts and colours",
        "Sorting",
        "Building-brick parts: which part it is, and which colour it has; either may stay unknown.",
        (
            HeadDef("part", "categories", options={"question": "Which part is it?"}),
            HeadDef("colour", "categories", options={"question": "Which colour does it have?"}),
        ),
    ),
    Template(
        "tags",
        "Tags",
        "Sorting",
        "Any number of names a picture.",
        (HeadDef("tags", "tags", options={"question": "What is in it?"}),),
    ),
    Template(
        "detection",
        "Detection",
        "Finding",
        "Things in pictures: a box around each, and its outline where that matters.",
        (HeadDef("objects", "boxes", options={"question": "What is where?"}),),
    ),
    Template(
        "furniture-segmentation",
        "Furniture segmentation",
        "Furniture",
        "Cabinets: every pixel is drawer, frame, handle, surface, something else, or background.",
        (
            HeadDef(
                "component",
                "mask",
                ("background", "drawer", "frame", "handle", "surface", "other"),
                {"question": "What is each part of the picture?"},
            ),
        ),
    ),
    Template(
        "colour-transfer",
        "Colour transfer",
        "Furniture",
        "Furniture in one colour and the same scene in another: the source picture, and one or more targets.",
        (_picture("recoloured", "recoloured", "What does it look like in the other colour?"),),
    ),
    Template(
        "border-single",
        "Border, one class",
        "Cards",
        "Cards: the outer border as four corners.",
        (HeadDef("border", "boxes", ("outer_border",), {"quads": True, "question": "Where is the border?"}),),
    ),
    Template(
        "border-dual",
        "Border, two classes",
        "Cards",
        "Cards: the outer border and the border of the printed picture, as four corners each.",
        (
            HeadDef(
                "border",
                "boxes",
                ("outer_border", "graphical_border"),
                {"quads": True, "question": "Where are the two borders?"},
            ),
        ),
    ),
    Template(
        "corner-quality",
        "Corner quality",
        "Cards",
        "Pictures of corners: a grade from 1 (worn) to 10 (untouched).",
        (_grade("quality", "How good is the corner?"),),
    ),
    Template(
        "corner-damage",
        "Corner damage",
        "Cards",
        "Pictures of corners: which pixels are damaged.",
        (HeadDef("damage", "mask", ("sound", "damaged"), {"question": "Where is the damage?"}),),
    ),
    Template(
        "corner-sharpness",
        "Corner sharpness",
        "Cards",
        "Pictures of corners: a grade from 1 (rounded off) to 10 (sharp).",
        (_grade("sharpness", "How sharp is the corner?"),),
    ),
    Template(
        "edge",
        "Edge",
        "Cards",
        "Pictures of edges: a grade from 1 (worn) to 10 (untouched), and which pixels are worn.",
        (
            _grade("quality", "How good is the edge?"),
            HeadDef("wear", "mask", ("sound", "worn"), {"question": "Where is the wear?"}),
        ),
    ),
    Template(
        "surface-defects",
        "Surface defects",
        "Cards",
        "Card surfaces: each scratch, dent, stain, worn spot and crease, with its outline.",
        (HeadDef("defects", "boxes", _DAMAGE, {"question": "Where are the defects?"}),),
    ),
    Template(
        "surface-quality",
        "Surface quality",
        "Cards",
        "Card surfaces: a grade from 1 (ruined) to 10 (untouched).",
        (_grade("quality", "How good is the surface?"),),
    ),
    Template(
        "surface-damage",
        "Surface damage",
        "Cards",
        "Card surfaces: which kinds of damage there are, any number of them.",
        (HeadDef("damage", "tags", _DAMAGE, {"question": "Which damage is there?"}),),
    ),
    Template(
        "photometric-normals",
        "Photometric stereo: normals",
        "Photometric stereo",
        "One object under many lights: its surface normals. Pictures of one object are a group.",
        (_picture("normals", "normals", "Which way does the surface face?"),),
    ),
    Template(
        "photometric-reflectance",
        "Photometric stereo: reflectance",
        "Photometric stereo",
        "One object under many lights: its own colour without light. Pictures of one object are a group.",
        (_picture("reflectance", "reflectance", "What is its colour without light?"),),
    ),
    Template(
        "photometric-depth",
        "Photometric stereo: depth",
        "Photometric stereo",
        "One object under many lights: its depth map. Pictures of one object are a group.",
        (_picture("depth", "depth", "How deep is it?"),),
    ),
)

TEMPLATES: Mapping[str, Template] = MappingProxyType({one.name: one for one in _ALL})
"""Name -> template, in the order in which they are offered."""
