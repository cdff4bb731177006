"""What is in a package, beside the cards, before anything of it joins the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.actions.facts import file_size
from desktop.pages.models.wording import NOT_WHO, accuracy_rows, date, questions_of, takes
from desktop.theme import GAP
from desktop.widgets.facts import Facts
from desktop.widgets.labels import button, label
from desktop.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from models.package import Inspected
    from models.spec import ModelSpec

__all__ = ["PackagePanel"]

_UNSIGNED = f"Nobody signed it. {NOT_WHO}"
_SIGNED = "Signed by {author} with the key {fingerprint}. Whether that is who they say, only they can tell you: ask."
_LEARNS = (
    "It goes on learning from your corrections, without the pictures that it was made from. What it knows of those "
    "are numbers for each of them, no pictures and no names."
)
_STAYS = "It answers as it was made; it learns nothing from your corrections."


class PackagePanel(SidePanel):
    """Shows a package that was looked at.

    Signals:
        agreed: it is to be installed; whether it is to answer at once.
    """

    agreed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Import", parent)
        self._file = label("", "secondary", wrap=True)
        self._about = label("", wrap=True)
        self.column.addWidget(self._file)
        self.column.addWidget(self._about)
        self._warnings = label("", "caution", wrap=True)
        self.column.addWidget(self._warnings)
        self._answers = self._section("What it answers")
        self._accuracy = self._section("Accuracy, as its author measured it")
        self._facts = self._section("About it")
        self._signed = self._said("Who made it")
        self._learns = self._said("Learning")
        self.install = button("Install", "primary", on_click=lambda: self._agree(use=False))
        self.use = button("Install and use", on_click=lambda: self._agree(use=True))
        self.add_buttons(self.install, self.use)
        self._cancel = button("Cancel", on_click=self.dismissed.emit)
        self._more = label("", "secondary")
        self.add_buttons(self._cancel)
        self.column.addWidget(self._more)

    def _section(self, title: str) -> Facts:
        shown = Facts()
        self._add(title, shown)
        return shown

    def _said(self, title: str) -> QLabel:
        said = label("", wrap=True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._add(title, said)
        return said

    def _add(self, title: str, shown: QWidget) -> None:
        around = QWidget()
        column = QVBoxLayout(around)
        column.setContentsMargins(0, GAP.xs, 0, 0)
        column.setSpacing(GAP.s)
        column.addWidget(label(title, "section", wrap=True))
        column.addWidget(shown)
        self.column.addWidget(around)

    def show_package(self, package: Inspected, *, waiting: int) -> None:
        """Show what is in ``package``; ``waiting`` are to be looked at after it."""
        spec = package.spec
        there = package.installed is not None
        self.title.setText(spec.name)
        self._file.setText(f"{package.file}{' is in your library already' if there else ', not installed yet'}")
        self._set(self._about, spec.description)
        self._set(self._warnings, "\n".join(package.warnings))
        asked = questions_of(spec.heads)
        self._answers.set_facts(
            [
                (head.name, f"{one.says}: {one.categories}" if one.categories else one.says)
                for head, one in zip(spec.heads, asked, strict=True)
            ]
        )
        self._accuracy.set_facts(accuracy_rows(spec.accuracy) or [("Right answers", "Not stated")])
        self._facts.set_facts(_facts(spec, package.facts.size))
        signed = package.signed
        self._signed.setText(
            _SIGNED.format(author=signed.author or "somebody without a name", fingerprint=signed.fingerprint)
            if signed is not None
            else _UNSIGNED
        )
        self._learns.setText(_LEARNS if package.has_state else _STAYS)
        self.show_waiting(waiting)
        self.install.setText("Show it" if there else "Install")
        self.use.setText("Use it" if there else "Install and use")
        self.use.setEnabled({head.kind for head in spec.heads} != {"image"})
        self.install.setEnabled(True)
        self.area.verticalScrollBar().setValue(0)
        self.install.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_waiting(self, waiting: int) -> None:
        """How many are to be looked at after this one."""
        self._set(self._more, f"{waiting:,} more to look at after this one" if waiting else "")

    def let_again(self) -> None:
        """It could not be installed; the person may try again."""
        self.install.setEnabled(True)

    @staticmethod
    def _set(shown: QLabel, words: str) -> None:
        shown.setText(words)
        shown.setVisible(bool(words))

    def _agree(self, *, use: bool) -> None:
        if self.install.isEnabled():
            self.install.setEnabled(False)  # until it is installed, or can't be
            self.agreed.emit(use)


def _facts(spec: ModelSpec, size: int) -> list[tuple[str, str]]:
    facts = [
        ("Author", spec.author or "Not stated"),
        ("Version", spec.version),
        ("Made", date(spec.created)),
        ("Licence", spec.license or "None stated: ask before you pass it on"),
        ("Size", file_size(size)),
        ("Takes", takes(spec.preprocessing)),
    ]
    return [(name, value) for name, value in facts if value]
