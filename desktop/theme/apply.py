"""Puts a theme on the application: palette, font size, style sheet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication

from desktop.theme.stylesheet import stylesheet
from desktop.theme.tokens import DARK, LIGHT, TYPE, Tokens

__all__ = ["apply", "resolve_dark", "sized", "system_text_scale", "tokens"]


def resolve_dark(app: QApplication, choice: str) -> bool:
    """Whether ``choice`` ("light", "dark" or "system") means the dark theme on this desktop, now."""
    if choice == "system":
        return app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return choice == "dark"


def system_text_scale(app: QApplication) -> float:
    """How much larger than usual this desktop's interface text is, 1.0 to 2.0. Ask before :func:`apply`."""
    return min(2.0, max(1.0, QFontInfo(app.font()).pixelSize() / TYPE.body))


def apply(app: QApplication, choice: str, scale: float = 1.0) -> None:
    """Give every widget the light or the dark theme, over the style "fusion" that the application is started with.

    Args:
        app: the application.
        choice: as in :func:`resolve_dark`.
        scale: text size, 1.0 being 100 %.
    """
    colours = DARK if resolve_dark(app, choice) else LIGHT
    font = app.font()
    font.setPixelSize(round(TYPE.body * scale))
    app.setFont(font)
    app.setPalette(_palette(colours))
    app.setStyleSheet(stylesheet(colours, scale))


def sized(font: QFont, size: int) -> QFont:
    """``font`` at ``size`` of the type scale, larger where the person's text is larger."""
    result = QFont(font)
    result.setPixelSize(max(1, round(QFontInfo(font).pixelSize() * size / TYPE.body)))
    return result


def tokens(palette: QPalette) -> Tokens:
    """The colours that go with a widget's ``palette``; widgets that paint ask anew at each paint."""
    # Told by the text, since the style sheet makes some grounds transparent.
    return DARK if palette.color(QPalette.ColorRole.WindowText).lightness() > 128 else LIGHT


def _palette(colours: Tokens) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for where, colour in (
        (role.Window, colours.window),
        (role.Base, colours.surface),
        (role.AlternateBase, colours.window),
        (role.Button, colours.surface),
        (role.ToolTipBase, colours.raised),
        (role.Mid, colours.border),
        (role.Text, colours.text),
        (role.WindowText, colours.text),
        (role.ButtonText, colours.text),
        (role.ToolTipText, colours.text),
        (role.PlaceholderText, colours.secondary),
        (role.Highlight, colours.accent),
        (role.Accent, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Link, colours.accent),
    ):
        palette.setColor(where, QColor(colour))
    for where in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(colours.secondary))
    return palette
