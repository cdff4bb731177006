"""Colours, spacing, type and icons. Every token lives in this package and nowhere else."""

from desktop.theme.apply import apply, resolve_dark, sized, system_text_scale, tokens
from desktop.theme.icons import ICON_SIDE, draw_icon, icon, program_icon
from desktop.theme.tokens import DARK, GAP, LIGHT, RADIUS, TYPE, Tokens

__all__ = [
    "DARK",
    "GAP",
    "ICON_SIDE",
    "LIGHT",
    "RADIUS",
    "TYPE",
    "Tokens",
    "apply",
    "draw_icon",
    "icon",
    "program_icon",
    "resolve_dark",
    "sized",
    "system_text_scale",
    "tokens",
]
