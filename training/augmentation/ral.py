"""RAL classic tones in sRGB. Screen approximations, as every sRGB value of a paint is; not a colour reference."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["RAL"]

RAL: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "1001": ("beige", "#D0B084"),
        "1003": ("signal yellow", "#F9A900"),
        "1013": ("oyster white", "#E3D9C6"),
        "1021": ("rapeseed yellow", "#F6B600"),
        "2004": ("pure orange", "#E25303"),
        "3003": ("ruby red", "#861A22"),
        "3012": ("beige red", "#C6846D"),
        "4005": ("blue lilac", "#76689A"),
        "5002": ("ultramarine", "#00387B"),
        "5010": ("gentian blue", "#004F7C"),
        "5014": ("pigeon blue", "#637D96"),
        "5018": ("turquoise blue", "#048B8C"),
        "5024": ("pastel blue", "#6093AC"),
        "6003": ("olive green", "#535442"),
        "6011": ("reseda green", "#6C7C59"),
        "6019": ("pastel green", "#B9CEAC"),
        "6027": ("light green", "#7EBAB5"),
        "7001": ("silver grey", "#8C969D"),
        "7016": ("anthracite", "#383E42"),
        "7032": ("pebble grey", "#B5B0A1"),
        "7035": ("light grey", "#C5C7C4"),
        "8003": ("clay brown", "#7E4B26"),
        "8017": ("chocolate", "#442F29"),
        "9005": ("jet black", "#0A0A0D"),
        "9010": ("pure white", "#F1ECE1"),
    }
)
"""Number -> name and #RRGGBB, those of the furniture scenes."""
