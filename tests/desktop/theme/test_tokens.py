from __future__ import annotations

import pytest

from desktop.theme import DARK, LIGHT, Tokens


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["window", "surface", "raised", "hover", "selected", "canvas"])
@pytest.mark.parametrize("text", ["text", "secondary"])
def test_text_can_be_read_on_every_ground(theme: Tokens, ground: str, text: str) -> None:
    assert contrast(getattr(theme, text), getattr(theme, ground)) > 4.6


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("colour", ["accent", "good", "caution", "bad"])
def test_signal_colours_can_be_read_on_surfaces(theme: Tokens, colour: str) -> None:
    for ground in ("window", "surface", "raised"):
        assert contrast(getattr(theme, colour), getattr(theme, ground)) > 4.6


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_on_the_accent_can_be_read(theme: Tokens) -> None:
    assert contrast(theme.on_accent, theme.accent) > 4.6
    assert contrast(theme.on_accent, theme.accent_hover) > 4.6
