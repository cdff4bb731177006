"""Answering by a mask: a category for each pixel, painted by hand or with an assist. One stroke is one act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.labelling.answer_editor import OTHER_KEYS, UNKNOWN_KEY, sure_words
from desktop.labelling.editor import Editor, Proposal, Subject, ToolButton
from desktop.labelling.mask_assists import Assists, decode_mask, own_jobs
from desktop.labelling.mask_hand import BRUSHES, MaskHand
from desktop.labelling.mask_panel import MaskPanel
from desktop.labelling.mask_proposal import MaskProposal
from desktop.labelling.mask_words import (
    KEEP_KEY,
    NUMBERS,
    category_rows,
    key_hints,
    proposed_rows,
    tool_buttons,
    tool_of,
)
from desktop.widgets.canvas import Canvas, CanvasShape
from desktop.widgets.swatch_rows import SwatchRow
from models.errors import SortwerkError
from models.heads.painting import hex_colour
from training.datasets.heads import HeadDef
from training.datasets.masks import UNKNOWN_PIXEL
from training.datasets.values import Mask, Value
from training.labelling.drafts import PaintedMask
from training.labelling.mask_painting import MaskPainting, ground_of

__all__ = ["MaskEditor"]

_AT_ONCE = 4_000_000
"""Pixels of a mask that is read without a job."""
_BRUSH = 60
"""The first brush has the picture's longer side divided by this as its radius."""


class MaskEditor(Editor):
    """Categories by number keys, tools by letters, U for unknown, K keeps what is painted, Enter goes on."""

    kind: ClassVar[str] = "mask"
    paints: ClassVar[bool] = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas: Canvas | None = None
        self._hand: MaskHand | None = None
        self._jobs = own_jobs(self)
        self._head: HeadDef | None = None
        self._subject: Subject | None = None
        self._assists: Assists | None = None
        self._painting: MaskPainting | None = None
        self._proposal: Proposal | None = None
        self._proposed: MaskProposal | None = None
        self._tool, self._category = "brush", 0
        self._radius, self._sized = 1.0, False
        self._keep = self._labelled = self._asked = False
        self._panel = MaskPanel()
        self._panel.category_chosen.connect(self._choose_row)
        self._panel.radius_changed.connect(self._set_radius)
        self._panel.keep_changed.connect(self._set_keep)
        self._panel.proposed_chosen.connect(self._accept_row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._panel)

    # -- what the tab says --------------------------------------------------------------------------------------------

    def set_canvas(self, canvas: Canvas) -> None:
        """The canvas that shows the pictures."""
        self._canvas = canvas
        self._hand = MaskHand(canvas, done=self._acted, said=self.hinted.emit, sized=self._set_radius)

    def set_head(self, head: HeadDef) -> None:
        """The question that is answered from now on."""
        same = self._head is not None and self._head.id == head.id
        self._head = head
        if not same or (self._category >= len(head.categories) and self._category != UNKNOWN_PIXEL):
            first = 1 if ground_of(head.categories) == 0 and len(head.categories) > 1 else 0
            self._category = first if head.categories else UNKNOWN_PIXEL
        self._show_panel()

    def tools(self) -> Sequence[ToolButton]:
        """Brushes, outlines, assists, and the switch."""
        return tool_buttons(self._take, self._turn_keep, keeps=lambda: self._keep, ready=self._ready)

    def show_subject(self, subject: Subject, value: Value | None, proposal: Proposal | None) -> None:
        """Show a picture's mask, and what is proposed."""
        if self._assists is None or self._subject is None or self._subject.item != subject.item:
            self._close()
            self._assists = Assists(subject, self._jobs, self.hinted.emit)
        assists = self._assists
        self._subject, self._proposal, self._proposed = subject, proposal, None
        self._labelled, self._asked = value is not None, False
        if not self._sized:
            self._radius = max(2.0, max(subject.width, subject.height) / _BRUSH)
        if not isinstance(value, Mask):
            self._show_mask(None)
        elif subject.width * subject.height <= _AT_ONCE:
            try:
                self._show_mask(decode_mask(subject, value))
            except SortwerkError as error:
                self._show_mask(None)
                self.hinted.emit(str(error))
        else:
            self._painting = None
            self.hinted.emit("Reading the mask…")
            assists.run("Reading a mask", lambda: decode_mask(subject, value), self._mask_read)

    def set_proposal(self, proposal: Proposal | None) -> None:
        """What is proposed has become known."""
        self._proposal = proposal
        self._show_proposal()

    def leave(self) -> None:
        """Drop what is begun, and what runs."""
        if self._hand is not None:
            self._hand.end()
        if self._canvas is not None:
            self._canvas.set_shapes(())
            self._canvas.set_mask(None)
        self._close()
        self._subject = self._painting = self._proposed = None

    def _close(self) -> None:
        if self._assists is not None:
            self._assists.close()
            self._assists = None

    # -- showing ------------------------------------------------------------------------------------------------------

    def _ready(self) -> bool:
        return self._painting is not None

    @property
    def _names(self) -> tuple[str, ...]:
        return self._head.categories if self._head is not None else ()

    def _mask_read(self, indices: NDArray[np.uint8]) -> None:
        self.hinted.emit("")
        self._show_mask(indices)

    def _show_mask(self, indices: NDArray[np.uint8] | None) -> None:
        subject, canvas, hand, assists = self._subject, self._canvas, self._hand, self._assists
        if subject is None or canvas is None or hand is None or assists is None:
            return
        names, ground = self._names, ground_of(self._names)
        if indices is None:
            indices = np.full((subject.height, subject.width), ground, np.uint8)
        gone = (indices >= len(names)) & (indices != UNKNOWN_PIXEL)
        if gone.any():
            indices[gone] = UNKNOWN_PIXEL
            self.hinted.emit(f"{np.count_nonzero(gone):,} pixels had a category that is gone, and are unknown now.")
        self._painting = MaskPainting(indices, ground)
        self._painting.keep = self._keep
        canvas.set_mask(indices, [hex_colour(index) if index != ground else "" for index in range(len(names))])
        hand.begin(self._painting, assists)
        self.tools_changed.emit()
        self._take(self._tool)
        self._show_proposal()

    def _show_panel(self) -> None:
        rows = category_rows(self._names, self._painting)
        self._panel.show_categories(rows, len(rows) - 1 if self._category == UNKNOWN_PIXEL else self._category)
        self._panel.show_keep(self._keep)
        self._panel.show_radius(self._radius, used=self._tool in BRUSHES)

    def hints(self) -> Sequence[tuple[str, str]]:
        """Keys of this kind, and of the tool in hand."""
        last = "accept what is proposed" if self._accepts() else "go on"
        return [*key_hints(self._tool, len(self._names)), ("Enter", last)]

    # -- keys and tools -----------------------------------------------------------------------------------------------

    def handle_key(self, event: QKeyEvent) -> bool:
        """1 to 9 and U choose, letters take tools, K keeps, Enter goes on."""
        if event.modifiers() & OTHER_KEYS or self._head is None or self._subject is None:
            return False
        text = event.text().upper()
        tool = tool_of(text)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_on()
        elif text.isdigit() and 0 < int(text) <= min(NUMBERS, len(self._names)):
            self._choose(int(text) - 1)
        elif text == UNKNOWN_KEY:
            self._choose(UNKNOWN_PIXEL)
        elif text == KEEP_KEY:
            self._turn_keep()
        elif tool is not None:
            self._take(tool)
        else:
            return False
        return True

    def _take(self, key: str) -> None:
        if self._hand is None or self._painting is None:
            return
        outlined = self._hand.outlining
        self._tool = key
        unknown = self._category == UNKNOWN_PIXEL
        self._hand.set_category(self._category, "unknown" if unknown else self._names[self._category])
        self._hand.set_radius(self._radius)
        self._hand.take(key)
        if outlined and not self._hand.outlining:
            self._draw_proposal()
        self.tool_changed.emit(key)
        self._show_panel()

    def _choose_row(self, place: int) -> None:
        self._choose(UNKNOWN_PIXEL if place == len(self._names) else place)
        self.released.emit()

    def _choose(self, index: int) -> None:
        self._category = index
        self._take("brush" if self._tool == "eraser" else self._tool)

    def _set_radius(self, radius: float) -> None:
        self._radius, self._sized = radius, True
        if self._hand is not None:
            self._hand.set_radius(radius)
        self._show_panel()

    def _turn_keep(self) -> None:
        self._set_keep(not self._keep)

    def _set_keep(self, keep: bool) -> None:
        self._keep = keep
        if self._painting is not None:
            self._painting.keep = keep
        self._panel.show_keep(keep)
        self.tools_changed.emit()

    def _acted(self, words: str) -> None:
        """The mask is another now: one act."""
        painting = self._painting
        if painting is None:
            return
        self._asked = False
        self._show_panel()
        self._labelled = not (painting.empty and painting.ground == UNKNOWN_PIXEL)
        if self._labelled:
            self.committed.emit(PaintedMask(painting.indices.copy()), words)
        else:
            self.committed.emit(None, "Took the mask away")

    # -- proposals and the end ----------------------------------------------------------------------------------------

    def _accepts(self) -> bool:
        return self._proposed is not None and not self._labelled

    def _show_proposal(self) -> None:
        painting = self._painting
        self._proposed = MaskProposal.of(self._proposal, painting, self._names) if painting is not None else None
        self._draw_proposal()

    def _draw_proposal(self) -> None:
        proposed = self._proposed
        self._show_shapes([])
        rows: list[SwatchRow] = []
        said = ""
        if proposed is not None and self._assists is not None:
            said = sure_words(proposed.proposal)
            rows = proposed_rows(self._names, proposed.left, proposed.share)
            proposed.draw(
                self._assists,
                self._names,
                lambda shapes: self._show_shapes(shapes) if proposed is self._proposed else None,
            )
        self._panel.show_proposed(f"Proposed: {said}" if said else "Proposed", rows)

    def _show_shapes(self, shapes: Sequence[CanvasShape]) -> None:
        if self._canvas is not None and self._hand is not None and not self._hand.outlining:
            self._canvas.set_shapes(shapes)

    def _accept_row(self, place: int) -> None:
        if self._proposed is not None and place < len(self._proposed.left):
            index = self._proposed.left[place]
            self._accept((index,), f"Accepted {self._names[index]}")
        self.released.emit()

    def accept_proposal(self) -> None:
        """Take all that is proposed and not yet taken."""
        if self._proposed is not None:
            self._accept(self._proposed.left, "Accepted the proposed mask")

    def _accept(self, taken: tuple[int, ...], words: str) -> None:
        proposed, painting, hand = self._proposed, self._painting, self._hand
        if proposed is None or painting is None or hand is None:
            return
        everything = taken == proposed.left
        changed = proposed.accept(taken, painting)
        if not proposed.left:
            self._proposal = self._proposed = None
        self.decided.emit(() if everything else taken, True)
        self._draw_proposal()
        hand.finish(changed, words)

    def refuse_proposal(self) -> None:
        """Take none of it."""
        if self._proposal is not None:
            self._proposal = self._proposed = None
            self._draw_proposal()
            self.decided.emit((), False)

    def _go_on(self) -> None:
        """Enter: what is proposed, if nothing was said yet; an empty mask is asked for twice."""
        painting = self._painting
        if painting is None:
            return
        known = painting.ground != UNKNOWN_PIXEL
        if self._accepts():
            self.accept_proposal()
        elif not self._labelled and not self._asked:
            self._asked = True
            nothing = "say that there is nothing" if known else "leave it unknown"
            self.hinted.emit(f"Nothing is painted here; Enter once more to {nothing} and go on.")
            return
        elif not self._labelled and known:
            self._labelled = True
            self.committed.emit(PaintedMask(painting.indices.copy()), "Said that there is nothing")
        self._asked = False
        self.advance_wanted.emit()
