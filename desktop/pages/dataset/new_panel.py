"""A new dataset: of files, without pictures yet, or of what was corrected on the Sort page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.pages.dataset.fit_part import FitPart
from desktop.pages.dataset.importing import Preview, questions
from desktop.pages.dataset.wording import counted
from desktop.theme import GAP
from desktop.widgets.choice import Choice
from desktop.widgets.facts import Facts
from desktop.widgets.labels import button, label
from desktop.widgets.pick_button import PickButton
from desktop.widgets.radio_list import RadioList
from desktop.widgets.side_panel import SidePanel
from desktop.widgets.tick_box import TickBox
from desktop.widgets.wrap import Wrap

if TYPE_CHECKING:  # NumPy comes with it
    from training.datasets.heads import HeadDef

__all__ = ["NewPanel", "Wish"]

_LONGEST = 100
_MOST_PROBLEMS = 4
_NARROWEST = 80  # of words that may be cut
_WAYS = {"files": "From files", "empty": "Empty", "sort": "From Sort"}
_FILES = (
    "Drop a folder or file on this page, or choose one. How its labels are kept is found out: a folder for each "
    "category, CSV, COCO, YOLO, Pascal VOC, masks, or no labels at all."
)
_SORT = "The pictures that you corrected on the Sort page, and what you said of them. Each model has its own."
_NOTHING = {"starter": "Nothing was corrected yet"}
_COPY = "Else they stay where they are, and are found again by their content when they are moved."


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be made.

    Attributes:
        way: "files", "empty" or "sort".
        name: of the dataset.
        template: what is asked; "" for one own question.
        copy: whether pictures are copied into the workspace.
        preview: what was looked at, where it is made of files.
        model: whose corrections, where it is made of those.
    """

    way: str
    name: str
    template: str = ""
    copy: bool = False
    preview: Preview | None = None
    model: str = "starter"


class NewPanel(SidePanel):
    """A form.

    Signals:
        folder_wanted: a folder is to be chosen.
        file_wanted: a file is to be chosen.
        agreed: the :class:`Wish`.
        add_wanted: what was looked at is to be added to the dataset that is open; whether its labels come too, and
            whether it is copied.
    """

    folder_wanted = Signal()
    file_wanted = Signal()
    agreed = Signal(object)
    add_wanted = Signal(object, bool, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("New dataset", parent)
        self._preview: Preview | None = None
        self._open = ""
        self._asked_there: Sequence[HeadDef] = ()
        self._adding = False
        self._ways = Choice(_WAYS, "files")
        self._ways.chosen.connect(self._turn)
        self._way = "files"
        self.column.addWidget(self._ways)
        self._pages: dict[str, QWidget] = {}
        for way, made in (("files", self._files()), ("empty", self._empty()), ("sort", self._sort())):
            self._pages[way] = made
            self.column.addWidget(made)
        self.name = QLineEdit(maxLength=_LONGEST)
        self.name.setAccessibleName("Name")
        self.name.returnPressed.connect(self._agree)
        self._name_row = QWidget()
        row = QVBoxLayout(self._name_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.xs)
        row.addWidget(label("Name", "secondary"))
        row.addWidget(self.name)
        self.column.addWidget(self._name_row)
        self._problem = label("", "bad", wrap=True)
        self.column.addWidget(self._problem)
        self._make = button("Make dataset", "primary", on_click=self._agree)
        self._add = button("", on_click=self._add_to_open)
        self._cancel = button("Cancel", on_click=self.dismissed.emit)
        self.add_buttons(self._add)
        self.add_buttons(self._make, self._cancel)

    def _files(self) -> QWidget:
        page, column = _page()
        self._say = label(_FILES, "secondary", wrap=True)
        column.addWidget(self._say)
        row = Wrap(spacing=GAP.s)
        row.addWidget(button("Choose a folder…", on_click=self.folder_wanted.emit))
        row.addWidget(button("Choose a file…", on_click=self.file_wanted.emit))
        row.begin_second()  # both from the left
        column.addLayout(row)
        self._found = Facts()
        self._questions_title = label("What is known of them", "section", wrap=True)
        self._questions = Facts()
        self._problems = label("", "caution", wrap=True)
        self._asked_title = label("What is asked about them", "secondary", wrap=True)
        self._asked = PickButton("What is asked about them", {"": "One name a picture"}, "")
        self.copy = TickBox("Copy the pictures into the workspace")
        self.copy.setMinimumWidth(_NARROWEST)
        self._copy_words = label(_COPY, "secondary", wrap=True)
        self.fit = FitPart()
        for one in (
            self._found,
            self._questions_title,
            self._questions,
            self._asked_title,
            self._asked,
            self.fit,
            self._problems,
            self.copy,
            self._copy_words,
        ):
            column.addWidget(one)
        return page

    def _empty(self) -> QWidget:
        page, self._templates_column = _page()
        self._templates_column.addWidget(
            label("What is it for? Pictures can be added afterwards.", "secondary", wrap=True)
        )
        self._templates: dict[str, RadioList] = {}
        self._template = ""
        return page

    def _sort(self) -> QWidget:
        page, column = _page()
        column.addWidget(label(_SORT, "secondary", wrap=True))
        self._corrected = PickButton("Whose corrections", _NOTHING, "starter")
        self._corrected.setEnabled(False)
        column.addWidget(self._corrected)
        return page

    # -- what the owner says ------------------------------------------------------------------------------------------

    def show_corrected(self, models: Mapping[str, str]) -> None:
        """The models with corrections: what those are kept under, and words."""
        self._corrected.set_options(models or _NOTHING, next(iter(models or _NOTHING)))
        self._corrected.setEnabled(bool(models))

    def begin(
        self, way: str = "files", *, opened: str = "", asked: Sequence[HeadDef] = (), adding: bool = False
    ) -> None:
        """Start anew.

        Args:
            way: a key of the ways.
            opened: name of the dataset that is open, to which files may be added instead; "" for none.
            asked: its questions.
            adding: whether files are for it only.
        """
        self._fill_templates()
        self._open, self._asked_there = opened, asked
        self._adding = adding and bool(opened)
        self.title.setText(f"Add pictures to {_cut(opened)}" if self._adding else "New dataset")
        self._make.setText(f"Add to {_cut(opened)}" if self._adding else "Make dataset")
        self._ways.setVisible(not self._adding)
        self._preview = None
        self.copy.setChecked(False)
        self.name.clear()
        self.show_problem("")
        self._ways.set_value(way)
        self._turn(way)
        self.area.verticalScrollBar().setValue(0)

    def show_looking(self, path: str) -> None:
        """Files are being looked at."""
        self._preview = None
        self.show_problem("")
        self._turn("files")
        self._say.setText(f"Looking at {path}…")

    def show_preview(self, preview: Preview) -> None:
        """What files hold."""
        self._preview = preview
        self.name.setText(preview.name)
        self.name.selectAll()
        self.show_problem("")
        self._turn("files")
        self._make.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, sentence: str) -> None:
        """Why it can't be done as it is wished; "" for nothing."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        self.set_busy(False)
        if sentence:
            self._say.setText(_FILES)
            self.area.ensureWidgetVisible(self._problem)

    def set_busy(self, busy: bool) -> None:
        """Whether it is being made."""
        ready = self._way != "files" or self._preview is not None
        self._make.setEnabled(ready and not busy)
        self._add.setEnabled(not busy)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _turn(self, way: str) -> None:
        self._way = way
        self._ways.set_value(way)
        for one, page in self._pages.items():
            page.setVisible(one == way)
        preview = self._preview if way == "files" else None
        self._show_found(preview)
        self._name_row.setVisible(not self._adding and (way != "files" or preview is not None))
        addable = preview is not None and bool(self._open) and not self._adding
        self._add.setVisible(addable)
        self._add.setText(f"Add to {_cut(self._open)}")
        if way == "sort" and not self.name.text():
            self.name.setText("Corrections")
        self._problem.setVisible(bool(self._problem.text()))
        self.set_busy(False)

    def _show_found(self, preview: Preview | None) -> None:
        found = preview is not None
        self._say.setVisible(not found)
        if not found:
            self._say.setText(_FILES)
        widgets: tuple[QWidget, ...] = (self._found, self.copy, self._copy_words)
        for one in widgets:
            one.setVisible(found)
        labelled = preview is not None and bool(preview.heads)
        self._questions_title.setVisible(labelled)
        self._questions.setVisible(labelled)
        self._asked_title.setVisible(found and not labelled and not self._adding)
        self._asked.setVisible(found and not labelled and not self._adding)
        self.fit.show_fit(_cut(self._open) if self._open else "", self._asked_there, preview)
        self._problems.setVisible(preview is not None and bool(preview.problems))
        if preview is None:
            return
        first = preview.paths[0]
        more = f" and {len(preview.paths) - 1:,} more" if len(preview.paths) > 1 else ""
        self._found.set_facts(
            [("From", f"{first.name or first}{more}"), ("Read as", preview.title), ("Holds", counted(preview.count))]
        )
        self._questions.set_facts(questions(preview.heads))
        said = list(preview.problems[:_MOST_PROBLEMS])
        if len(preview.problems) > _MOST_PROBLEMS:
            said.append(f"And {len(preview.problems) - _MOST_PROBLEMS:,} more.")
        self._problems.setText("\n".join(said))

    def _fill_templates(self) -> None:
        if self._templates:
            return
        from training.datasets.templates import TEMPLATES

        asked: dict[str, str] = {"": "One name a picture"}
        asked.update({name: one.title for name, one in TEMPLATES.items()})
        self._asked.set_options(asked, "")
        own: Mapping[str, tuple[str, str]] = {"": ("One name a picture", "Own categories, made as you go.")}
        self._add_templates("", own)
        for group, some in groupby(TEMPLATES.values(), lambda one: one.group):
            self._add_templates(group, {one.name: (one.title, one.sentence) for one in some})
        self._choose_template("")

    def _add_templates(self, group: str, options: Mapping[str, tuple[str, str]]) -> None:
        if group:
            self._templates_column.addWidget(label(group, "section"))
        made = RadioList(options, next(iter(options)))
        for name, one in made.buttons.items():
            one.clicked.connect(lambda _checked=False, name=name: self._choose_template(name))
        self._templates[group] = made
        self._templates_column.addWidget(made)

    def _choose_template(self, template: str) -> None:
        """One of all groups."""
        self._template = template
        for made in self._templates.values():
            group = next(iter(made.buttons.values())).group()
            group.setExclusive(False)
            for name, one in made.buttons.items():
                one.setChecked(name == template)
            group.setExclusive(any(name == template for name in made.buttons))

    def _agree(self) -> None:
        if not self._make.isEnabled():
            return
        if self._adding:
            self._add_to_open()
            return
        name = self.name.text().strip()
        if not name:
            self.show_problem("A dataset needs a name; type one.")
            self.name.setFocus()
            return
        template = self._template if self._way == "empty" else self._asked.value
        self.show_problem("")
        self.agreed.emit(Wish(self._way, name, template, self.copy.isChecked(), self._preview, self._corrected.value))

    def _add_to_open(self) -> None:
        if self._preview is not None:
            self.add_wanted.emit(self._preview, self.fit.wanted, self.copy.isChecked())


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GAP.m)
    return page, column


def _cut(name: str) -> str:
    return f"“{name[:24]}…”" if len(name) > 25 else f"“{name}”"
