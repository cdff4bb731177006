"""The values themselves. Each text and accent colour has a contrast of at least 4.6 against its background."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DARK", "GAP", "LIGHT", "RADIUS", "TYPE", "Tokens"]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme, as #RRGGBB.

    Attributes:
        window: behind everything.
        surface: cards, lists, text fields.
        raised: menus and the inspector.
        canvas: behind pictures.
        border: hairlines, outlines of fields and buttons.
        track: the empty part of a bar.
        hover: a control under the pointer.
        selected: the ground of the chosen entry in rail and filters.
        text: body text.
        secondary: text that explains.
        accent: the one accent: primary action, bars, selection, focus.
        accent_hover: the primary action under the pointer.
        on_accent: text on the accent.
        good: success.
        caution: needs a look.
        bad: did not work.
    """

    window: str
    surface: str
    raised: str
    canvas: str
    border: str
    track: str
    hover: str
    selected: str
    text: str
    secondary: str
    accent: str
    accent_hover: str
    on_accent: str
    good: str
    caution: str
    bad: str


LIGHT = Tokens(
    window="#F6F7F9",
    surface="#FFFFFF",
    raised="#FFFFFF",
    canvas="#E9EBEF",
    border="#DDE1E7",
    track="#E2E5EB",
    hover="#ECEEF2",
    selected="#E3E9FA",
    text="#16191F",
    secondary="#545C6A",
    accent="#3056D3",
    accent_hover="#2848B8",
    on_accent="#FFFFFF",
    good="#1B7F4B",
    caution="#8F5500",
    bad="#B42318",
)

DARK = Tokens(
    window="#14161A",
    surface="#1B1E24",
    raised="#23272F",
    canvas="#0F1114",
    border="#323843",
    track="#323843",
    hover="#20242B",
    selected="#262C3D",
    text="#ECEEF2",
    secondary="#A3ACBA",
    accent="#8AA4FF",
    accent_hover="#A3B8FF",
    on_accent="#0E1433",
    good="#58C08A",
    caution="#E0A64B",
    bad="#F2877D",
)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Spacing, device-independent pixels, from one scale."""

    xs: int = 4
    s: int = 8
    m: int = 12
    lg: int = 16
    xl: int = 24
    xxl: int = 32


@dataclass(frozen=True, slots=True)
class TypeScale:
    """Type sizes, device-independent pixels at 100 % text size."""

    secondary: int = 12
    body: int = 13
    section: int = 15
    title: int = 20


GAP = Gaps()
TYPE = TypeScale()
RADIUS = 6
