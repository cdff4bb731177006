"""Answering with other pictures (``image``): choose, drop or paste them, and look at where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QBuffer, QIODevice, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QImageWriter, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from desktop.jobs import Loader
from desktop.labelling.editor import Editor, Proposal, Subject
from desktop.labelling.image_panel import ImagePanel
from desktop.labelling.target_files import target_data, target_fit
from desktop.theme import GAP
from models.errors import SortwerkError

if TYPE_CHECKING:  # NumPy comes with them
    import numpy as np
    from numpy.typing import NDArray

    from desktop.widgets.canvas import Canvas
    from training.datasets.heads import HeadDef
    from training.datasets.values import Target, Value
    from training.labelling.drafts import GivenTarget

__all__ = ["ImageEditor"]

_FILTER = "Pictures (*.png *.jpg *.jpeg *.bmp *.webp *.tga *.dds *.gif *.tm2);;All files (*)"


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    """A target that was read: picture, differences, and what is wrong with it."""

    place: int
    turn: int
    image: QImage | None
    apart: NDArray[np.uint8] | None
    words: str
    problem: str


class ImageEditor(Editor):
    """The targets in a list; the one that is chosen is behind the curtain of the canvas, or a map of differences."""

    kind: ClassVar[str] = "image"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas: Canvas | None = None
        self._subject: Subject | None = None
        self._targets: tuple[Target | GivenTarget, ...] = ()
        self._place = 0
        self._turn = 0
        self._shown: _Shown | None = None
        self._proposal: Proposal | None = None
        self.panel = ImagePanel()
        self.panel.choose_wanted.connect(self.choose)
        self.panel.paste_wanted.connect(self.paste)
        self.panel.remove_wanted.connect(self.remove)
        self.panel.place_chosen.connect(self._go)
        self.panel.described.connect(self._describe)
        self.panel.view_changed.connect(self._look)
        self.panel.accept_wanted.connect(self.accept_proposal)
        self.panel.unknown_wanted.connect(self._say_unknown)
        self._reading: Loader[_Shown] = Loader(self._read, self._was_read, self)
        self.setAcceptDrops(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.s)
        column.addWidget(self.panel)

    # -- the contract -------------------------------------------------------------------------------------------------

    def set_canvas(self, canvas: Canvas) -> None:
        """The canvas that shows the pictures."""
        self._canvas = canvas

    def set_head(self, head: HeadDef) -> None:
        """The question; its option "roles" says what the targets are."""
        roles = head.options.get("roles")
        self.panel.set_roles([str(one) for one in roles] if isinstance(roles, list | tuple) else [])

    def show_subject(self, subject: Subject, value: Value | None, proposal: Proposal | None) -> None:
        """Show the targets of a picture."""
        from training.datasets.values import Targets

        same = self._subject is not None and self._subject.item == subject.item
        self._subject, self._proposal = subject, proposal
        self._targets = value.targets if isinstance(value, Targets) else ()
        self._place = min(self._place, max(0, len(self._targets) - 1)) if same else 0
        self._refresh()

    def set_proposal(self, proposal: Proposal | None) -> None:
        """What a model would answer."""
        self._proposal = proposal
        self.panel.set_proposal(proposal.by if proposal is not None and proposal.draft is not None else "")

    def accept_proposal(self) -> None:
        """Take the model's picture as the target."""
        from training.labelling.drafts import GivenTarget, MadePicture

        draft = self._proposal.draft if self._proposal is not None else None
        if isinstance(draft, MadePicture):
            self._add([GivenTarget(draft.png, draft.role)], "Accepted a model's picture for")
            self.decided.emit((), True)

    def refuse_proposal(self) -> None:
        """Leave the model's picture."""
        self._proposal = None
        self.panel.set_proposal("")
        self.decided.emit((), False)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Ctrl+V pastes, O chooses, H shows the map, Delete removes, 1 to 9 go to a target, U: nobody can tell."""
        if self._subject is None:
            return False
        key, text = event.key(), event.text()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if key != Qt.Key.Key_V:
                return False
            self.paste()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self._targets and self._proposal is not None:
                self.accept_proposal()
            self.advance_wanted.emit()
        elif key == Qt.Key.Key_O:
            self.choose()
        elif key == Qt.Key.Key_H:
            self.panel.next_view()
        elif key == Qt.Key.Key_Delete:
            self.remove()
        elif key == Qt.Key.Key_U:
            self._say_unknown()
        elif text.isdigit() and 0 < int(text) <= len(self._targets):
            self._go(int(text) - 1)
        else:
            return False
        return True

    def hints(self) -> Sequence[tuple[str, str]]:
        """Keys of this kind."""
        some = [("H", "curtain, map"), ("Delete", "remove")] if self._targets else []
        return [
            ("O", "choose a file"),
            ("Ctrl V", "paste"),
            *some,
            ("Enter", "go on"),
            ("U", "nobody can tell"),
        ]

    def leave(self) -> None:
        """Take curtain and map off the canvas."""
        self._turn += 1
        self._shown = None
        if self._canvas is not None:
            self._canvas.set_compare(None)
            self._canvas.set_superimposed(None)

    def close_editor(self) -> None:
        """Stop reading."""
        self._reading.close()

    # -- bringing pictures --------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Choose files."""
        start = str(Path(self._subject.path).parent) if self._subject is not None else ""
        files, _ = QFileDialog.getOpenFileNames(self, "Choose the pictures that are the answer", start, _FILTER)
        self.take([Path(one) for one in files])

    def paste(self) -> None:
        """Take what was copied: files, or a picture."""
        data = QGuiApplication.clipboard().mimeData()
        files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data is not None else []
        image = QGuiApplication.clipboard().image()
        if files:
            self.take(files)
        elif not image.isNull():
            from training.labelling.drafts import GivenTarget

            buffer = QBuffer()
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            QImageWriter(buffer, b"PNG").write(image)
            self._add([GivenTarget(bytes(buffer.data().data()), self.panel.role)], "Pasted a target for")
        else:
            self.hinted.emit("There is no picture on the clipboard; copy one first.")

    def take(self, paths: Sequence[Path]) -> None:
        """Take files as targets."""
        from models.sources import Source
        from training.labelling.drafts import GivenTarget

        given = []
        for path in paths:
            try:
                given.append(GivenTarget(Source(path).read_picture(), self.panel.role))
            except SortwerkError as error:
                self.hinted.emit(str(error))
        if given:
            self._add(given, "Chose a target for" if len(given) == 1 else f"Chose {len(given)} targets for")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped."""
        if any(QUrl.isLocalFile(url) for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files."""
        self.take([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def _add(self, given: Sequence[GivenTarget], words: str) -> None:
        subject = self._subject
        if subject is None:
            return
        fitting = []
        for one in given:
            problem, note = target_fit(one.data, subject)
            if problem or note:
                self.hinted.emit(problem or note)
            if not problem:
                fitting.append(one)
        if fitting:
            self._place = len(self._targets)
            self._keep((*self._targets, *fitting), words)

    # -- changing them ------------------------------------------------------------------------------------------------

    def remove(self) -> None:
        """Take the chosen target away."""
        if self._targets:
            left = (*self._targets[: self._place], *self._targets[self._place + 1 :])
            self._keep(left, "Removed a target of")

    def _describe(self, role: str, params: Mapping[str, str]) -> None:
        """What the chosen target is was said anew."""
        if not self._targets:
            return
        one = self._targets[self._place]
        now = replace(one, role=role, params=dict(params))
        if now != one or dict(now.params) != dict(one.params):
            self._keep((*self._targets[: self._place], now, *self._targets[self._place + 1 :]), "Described a target of")

    def _say_unknown(self) -> None:
        if self._targets:
            self._keep((), "Took the targets from")
        self.decided.emit((), False)
        self.advance_wanted.emit()

    def _keep(self, targets: tuple[Target | GivenTarget, ...], words: str) -> None:
        from training.labelling.drafts import GivenTargets

        self._targets = targets
        self._place = min(self._place, max(0, len(targets) - 1))
        self._refresh()
        name = self._subject.name if self._subject is not None else "a picture"
        self.committed.emit(GivenTargets(targets) if targets else None, f"{words} {name}")

    # -- looking ------------------------------------------------------------------------------------------------------

    def _go(self, place: int) -> None:
        self._place = place
        self._refresh()

    def _refresh(self) -> None:
        self._turn += 1
        self._shown = None
        self.panel.show_targets([(one.role, dict(one.params)) for one in self._targets], self._place)
        self.set_proposal(self._proposal)
        self._look()
        if self._targets:
            self._reading.want([self._turn])

    def _read(self, turn: int) -> _Shown | None:
        """Read the chosen target in the background."""
        from desktop.labelling.difference import difference
        from desktop.widgets.pixels import to_image
        from models.images.decode import decode

        subject, targets, place = self._subject, self._targets, self._place
        if subject is None or place >= len(targets) or turn != self._turn:
            return None
        try:
            data = target_data(targets[place], subject)
            picture = decode(data, f"the target of {subject.name}")
            rgb = picture.on_checker()
            apart = None
            words = f"{picture.width:,} × {picture.height:,} pixels"
            if (picture.width, picture.height) == (subject.width, subject.height):
                apart = difference(subject.pixels(), picture.on_grey())
            problem, note = target_fit(data, subject)
        except SortwerkError as error:
            return _Shown(place, turn, None, None, "", str(error))
        image = to_image(rgb.shape[1], rgb.shape[0], rgb.tobytes())
        return _Shown(place, turn, image, apart, words, problem or note)

    def _was_read(self, turn: int, shown: _Shown | None) -> None:
        if shown is not None and turn == self._turn:
            self._shown = shown
            self._look()

    def _look(self) -> None:
        """Show the target as the panel says: behind the curtain, or as a map of differences."""
        from desktop.labelling.difference import changed_share, heat

        canvas, shown, view = self._canvas, self._shown, self.panel.view
        if canvas is None or self._subject is None:
            return
        image = shown.image if shown is not None else None
        apart = shown.apart if shown is not None else None
        canvas.set_compare(image if view == "curtain" else None, ("Picture", "Target"))
        above = self.panel.above
        canvas.set_superimposed(heat(apart, above) if apart is not None and view == "map" else None)
        words = shown.words if shown is not None else ""
        if apart is not None:
            words += f"; {changed_share(apart, above) * 100:.0f} % of it differs by more than {above}"
        self.panel.show_facts(words, shown.problem if shown is not None else "")
