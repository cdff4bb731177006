"""How a training is set: what matters first, the rest folded away; made from the settings themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.pages.train.planning import Planning
from desktop.theme import GAP
from desktop.widgets.fold import Fold
from desktop.widgets.form import Field, Form, FormSection
from desktop.widgets.form_fields import Kind

if TYPE_CHECKING:  # pydantic comes with it
    from training.config.fields import FieldFacts

__all__ = ["SettingsForm"]

_KINDS: Mapping[str, Kind] = {"int": "int", "float": "float", "bool": "bool", "choice": "choice", "numbers": "pairs"}
_TEXTS = frozenset(("text", "augmentation", "backbone", "device", "monitor"))


class SettingsForm(QWidget):
    """The form; it is made when a plan is shown first.

    Args:
        planning: whose settings they are.

    Signals:
        refused: a setting can't have a value, in a sentence.
    """

    refused = Signal(str)

    def __init__(self, planning: Planning, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._planning = planning
        self.basic: Form | None = None
        self.advanced: Form | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP.m)

    def refresh(self) -> None:
        """Show the settings of the plan."""
        from training.config import paths

        config = self._planning.config
        if config is None:
            return
        if self.basic is None:
            self._make()
        values = paths(config)
        values["data.source_weights"] = dict(config.data.source_weights)
        for form in (self.basic, self.advanced):
            if form is not None:
                form.set_values({key: values[key] for key in form.values() if key in values})

    def _make(self) -> None:
        from training.config.fields import SECTIONS, fields_of

        basic: list[Field] = []
        sections: list[FormSection] = []
        for section, title in SECTIONS.items():
            found = [(one, made) for one in fields_of(section) if (made := _field(one)) is not None]
            basic += [made for one, made in found if not one.advanced]
            seldom = tuple(made for one, made in found if one.advanced)
            if seldom:
                sections.append(FormSection(title, seldom))
        self.basic, self.advanced = Form([FormSection("", tuple(basic))]), Form(sections)
        self._column.addWidget(Fold("Settings", self.basic))
        self._column.addWidget(Fold("Advanced settings", self.advanced))
        for form in (self.basic, self.advanced):
            form.changed.connect(lambda key, value, form=form: self._set(form, key, value))

    def _set(self, form: Form, key: str, value: Any) -> None:
        from models.errors import TrainingError

        try:
            self._planning.set(key, value)
        except TrainingError as error:
            form.set_problem(key, str(error))
            self.refused.emit(str(error))
        else:
            form.set_problem(key, "")


def _field(facts: FieldFacts) -> Field | None:
    """How the form asks for a setting; None for what it does not ask for (steps, lists)."""
    kind: Kind | None = _KINDS.get(facts.kind) or ("text" if facts.kind in _TEXTS else None)
    if kind is None or facts.key == "custom_augmentation":
        return None
    help_text = facts.help
    if facts.zero:
        help_text = f"{help_text} {-1 if facts.low == -1 else 0}: {facts.zero}."
    return Field(
        key=facts.path,
        title=facts.title,
        kind=kind,
        help=help_text,
        default=facts.default,
        minimum=facts.low,
        maximum=facts.high,
        step=facts.step or 0.0,
        choices=dict(facts.choices) or None,
        unit=facts.unit,
        optional=kind in ("text", "pairs"),
    )
