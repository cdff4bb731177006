"""The style sheet, written once with named colours. Widgets pick a look by the property ``look`` or ``text``."""

from __future__ import annotations

from string import Template

from desktop.theme.tokens import RADIUS, TYPE, Tokens

__all__ = ["stylesheet"]

_SHEET = Template("""
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 4px 8px; }

QLabel[text_role="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[text_role="section"] { font-size: ${section}px; font-weight: 600; }
QLabel[text_role="secondary"] { color: $secondary; font-size: ${small}px; }
QLabel[text_role="brand"] { font-size: ${section}px; font-weight: 700; }
QLabel[text_role="bad"] { color: $bad; }
QLabel[text_role="caution"] { color: $caution; font-size: ${small}px; }
QLabel[text_role="accent"] { color: $accent; font-size: ${small}px; font-weight: 600; }
QLabel[text_role="chip"], QLabel[text_role="quiet_chip"] {
    background: $selected; border: 1px solid $selected; border-radius: 4px; padding: 1px 7px; font-size: ${small}px;
}
QLabel[text_role="quiet_chip"] { background: transparent; border-color: $border; color: $secondary; }

QPushButton {
    background: $surface; color: $text; border: 1px solid $border; border-radius: ${radius}px;
    padding: 0 12px; min-height: ${control}px; max-height: ${control}px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $selected; }
QPushButton:disabled { color: $secondary; background: $window; }
QPushButton:focus {
    border: 2px solid $accent; padding: 0 11px; min-height: ${control_in}px; max-height: ${control_in}px;
}
QPushButton::menu-indicator { image: none; width: 0; }
QPushButton[look="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[look="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[look="primary"]:disabled { background: $track; color: $secondary; border-color: $track; }
QPushButton[look="primary"]:focus { border-color: $text; }
QPushButton[look="link"] {
    background: transparent; border-color: transparent; color: $accent; font-weight: 600; padding: 0 6px;
}
QPushButton[look="link"]:hover { background: $hover; }
QPushButton[look="link"]:focus { border-color: $accent; padding: 0 5px; }

QPushButton[look="chip"] { background: transparent; border-color: transparent; color: $secondary; padding: 0 10px; }
QPushButton[look="chip"]:hover { background: $hover; }
QPushButton[look="chip"]:checked { background: $selected; color: $text; }
QPushButton[look="chip"]:focus { border-color: $accent; padding: 0 9px; }

QPushButton[look="fold"] {
    background: transparent; border-color: transparent; text-align: left; padding: 0 4px; font-weight: 600;
}
QPushButton[look="fold"]:hover { background: $hover; }
QPushButton[look="fold"]:focus { border-color: $accent; padding: 0 3px; }

QPushButton[look="toggle"]:checked { background: $selected; border-color: $accent; }

QPushButton[look="rail"] {
    background: transparent; border: 2px solid transparent; color: $secondary; text-align: left; padding: 0 12px;
    min-height: 32px; max-height: 32px;
}
QPushButton[look="rail"][narrow="true"] { padding: 0 7px; }
QPushButton[look="rail"]:hover { background: $hover; }
QPushButton[look="rail"]:checked { background: $selected; color: $text; }
QPushButton[look="rail"]:focus { border-color: $accent; }

QToolButton { background: transparent; border: 2px solid transparent; border-radius: ${radius}px; padding: 3px; }
QToolButton:hover { background: $hover; }
QToolButton:checked { background: $selected; }
QToolButton:focus { border-color: $accent; }

QLineEdit {
    background: $surface; color: $text; border: 1px solid $border; border-radius: ${radius}px;
    padding: 0 8px; min-height: ${control}px; max-height: ${control}px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:focus {
    border: 2px solid $accent; padding: 0 7px; min-height: ${control_in}px; max-height: ${control_in}px;
}

QPlainTextEdit {
    background: $surface; color: $text; border: 1px solid $border; border-radius: ${radius}px; padding: 2px 4px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QPlainTextEdit:focus { border: 2px solid $accent; padding: 1px 3px; }

QMenu { background: $raised; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $selected; color: $text; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar::handle:vertical { background: $border; border-radius: 4px; min-height: 32px; margin: 2px; }
QScrollBar::handle:vertical:hover { background: $secondary; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle:horizontal { background: $border; border-radius: 4px; min-width: 32px; margin: 2px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $track; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: $accent; }
QSlider:focus { border: 2px solid $accent; border-radius: ${radius}px; }

QProgressBar { background: $track; border: none; border-radius: 2px; min-height: 4px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QListView { background: transparent; border: none; outline: none; }

#rail { background: $window; border-right: 1px solid $border; }
#inspector { background: $raised; border-left: 1px solid $border; }
#inspector QWidget#inspector_body { background: $raised; }
#job_bar, #notice_bar { background: $surface; border-top: 1px solid $border; }
#card { background: $surface; border: 1px solid $border; border-radius: ${radius}px; }
QScrollArea { border: none; background: transparent; }
""")


def stylesheet(colours: Tokens, scale: float) -> str:
    """The whole sheet for one theme; ``scale`` is the text size, 1.0 being 100 %."""
    control = round(28 * max(scale, 1.0))
    values = {name: getattr(colours, name) for name in Tokens.__dataclass_fields__}
    return _SHEET.substitute(
        values,
        control=control - 2,  # the border is drawn outside of min-height
        control_in=control - 4,
        radius=RADIUS,
        title=round(TYPE.title * scale),
        section=round(TYPE.section * scale),
        small=round(TYPE.secondary * scale),
    )
