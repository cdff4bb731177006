"""How pictures are to be varied: a preset, and each operation by itself, in groups that fold."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.pages.dataset.augmenting import OWN, Augmenting
from desktop.pages.dataset.operation_row import OperationRow
from desktop.theme import GAP
from desktop.widgets.fold import Fold
from desktop.widgets.labels import Elided, button, label
from desktop.widgets.pick_button import PickButton

__all__ = ["AugmentForm"]

_BORDERS = {"reflect": "Mirrored", "replicate": "Its last pixels", "constant": "Grey"}


class AugmentForm(QWidget):
    """Follows the state, and tells it what is wanted.

    Signals:
        copies_wanted: copies are to be written.
    """

    copies_wanted = Signal()

    def __init__(self, state: Augmenting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from desktop.actions.augmenting import SIDES
        from training.augmentation.operations import GROUPS
        from training.augmentation.presets import PRESETS
        from training.augmentation.table import OPERATIONS

        self._state = state
        self._presets = {name: one.title for name, one in PRESETS.items()}
        self._sentences = {name: one.sentence for name, one in PRESETS.items()} | {OWN: "Settings of your own."}
        self._titles = {key: kind.title for key, kind in OPERATIONS.items()}
        self.preset = PickButton("Preset", self._presets, next(iter(self._presets)))
        self.preset.chosen.connect(self._choose_preset)
        self._about = label("", "secondary", wrap=True)
        self.side = PickButton("Picture size", {str(one): f"{one} px" for one in SIDES}, str(SIDES[0]))
        self.side.chosen.connect(lambda value: state.set_side(int(value)))
        self.side.setToolTip("Pictures are brought to this size first, as in training: ranges in pixels are of it")
        self.border = PickButton("Beyond the edge", _BORDERS, "reflect")
        self.border.chosen.connect(state.set_border)
        self.border.setToolTip("What comes in from outside the picture; grey where boxes or outlines are labelled")
        self._reset = button("Reset", on_click=state.reset, tip="Back to what is usual for this kind of dataset")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, GAP.xs, 0)
        column.setSpacing(GAP.s)
        head = QHBoxLayout()
        head.addWidget(label("Augmentation", "section"), 1)
        head.addWidget(
            button("Write copies…", "link", on_click=self.copies_wanted.emit, tip="Into a folder, with labels")
        )
        column.addLayout(head)
        top = QHBoxLayout()
        top.setSpacing(GAP.s)
        top.addWidget(self.preset, 1)
        top.addWidget(self._reset)
        column.addLayout(top)
        column.addWidget(self._about)
        for words, widget in (("Picture size", self.side), ("Beyond the edge", self.border)):
            row = QHBoxLayout()
            row.addWidget(label(words, "secondary"), 1)
            row.addWidget(widget, 1)
            column.addLayout(row)
        self.rows: dict[str, OperationRow] = {}
        self.folds: dict[str, Fold] = {}
        self._linked: dict[str, QWidget] = {}
        for group, title in GROUPS.items():
            inside = QWidget()
            rows = QVBoxLayout(inside)
            rows.setContentsMargins(GAP.s, 0, 0, GAP.s)
            rows.setSpacing(GAP.s)
            for key, kind in OPERATIONS.items():
                if kind.group == group:
                    self.rows[key] = OperationRow(kind())
                    self.rows[key].changed.connect(state.set_operation)
                    rows.addWidget(self.rows[key])
            self.folds[group] = Fold(title, inside)
            column.addWidget(self.folds[group])
        self.rows["background"].add_inside(self._backgrounds())
        self._together = label("", "secondary", wrap=True)
        column.addWidget(self._together)
        column.addStretch(1)
        self.folds["geometry"].set_open(True)
        self._group_titles = GROUPS

    def _backgrounds(self) -> QWidget:
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.s)
        self._behind = Elided("Plain colours", "secondary")
        self._plain = button("Plain", on_click=partial(self._state.set_backgrounds, None), tip="Plain colours again")
        row.addWidget(self._behind, 1)
        row.addWidget(self._plain)
        row.addWidget(button("Folder…", on_click=self._choose_folder, tip="Pictures to be put behind things"))
        return whole

    def _choose_preset(self, name: str) -> None:
        if name != OWN:
            self._state.set_preset(name)

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Choose a folder with pictures to be put behind things")
        if folder:
            self._state.set_backgrounds(Path(folder))

    def refresh(self) -> None:
        """Follow the state."""
        settings = self._state.settings
        if settings is None:
            return
        preset = self._state.preset
        own = {OWN: "Own settings"} if preset == OWN else {}
        self.preset.set_options({**own, **self._presets}, preset)
        self._about.setText(self._sentences[preset])
        self.side.set_value(str(settings.side))
        self.border.set_value(settings.config.border)
        counts = dict.fromkeys(self.folds, 0)
        for key, operation in settings.config.operations.items():
            row = self.rows[key]
            if row.operation != operation:
                row.set_operation(operation)
            counts[operation.group] += operation.probability > 0
        for group, fold in self.folds.items():
            title = self._group_titles[group]  # type: ignore[index]  # the folds are those of the groups
            fold.button.setText(f" {title}, {counts[group]} on" if counts[group] else f" {title}")
        self._behind.set_text(Path(settings.backgrounds).name if settings.backgrounds else "Plain colours")
        self._plain.setVisible(bool(settings.backgrounds))
        linked = [_listed([self._titles[key] for key in some]) for some in settings.config.together]
        self._together.setText(f"Decided on together: {'; '.join(linked)}." if linked else "")
        self._together.setVisible(bool(linked))


def _listed(words: list[str]) -> str:
    """With commas, and "and" before the last."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
