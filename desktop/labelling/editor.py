"""What an editor of labels is: what it is shown, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:  # NumPy and the canvas come with them, and the window is painted before they are loaded
    import numpy as np
    from numpy.typing import NDArray

    from desktop.widgets.canvas import Canvas
    from training.datasets.heads import HeadDef
    from training.datasets.values import Value
    from training.labelling.drafts import Draft

__all__ = [
    "Editor",
    "Proposal",
    "Subject",
    "ToolButton",
]


@dataclass(frozen=True, slots=True)
class Subject:
    """The picture that is labelled.

    Attributes:
        item: its id in the store.
        name: of its file.
        image: the upright picture; may be a reduced one.
        width: pixels, of the picture at full size, as labels count them.
        height: likewise.
        pixels: reads the picture at full size: uint8 (H, W, 3) RGB. Takes long for a large one: call it in a job.
        read: reads what the blob store keeps under a SHA-256; raises ``WorkspaceError``.
        path: of its file.
    """

    item: int
    name: str
    image: QImage
    width: int
    height: int
    pixels: Callable[[], NDArray[np.uint8]]
    read: Callable[[str], bytes]
    path: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody or something else would say; shown dashed (shapes, areas) or preselected (names, grades).

    Attributes:
        draft: as ``training.labelling.drafts.shown`` gives it; None where there are only likely names.
        by: who says so, as a person reads it: a model's name, "from the previous picture", "learned from you".
        confidence: 0 to 1, of the whole; None where nobody knows.
        parts: of each shape of ``Boxes``, in their order: how sure, 0 to 1; empty where nobody knows.
        likely: names with how likely each is, most likely first; of categories and tags.
    """

    draft: Draft | None = None
    by: str = ""
    confidence: float | None = None
    parts: tuple[float, ...] = ()
    likely: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class ToolButton:
    """A tool of an editor, as the tab's toolbar shows it.

    Attributes:
        key: what ``tool_changed`` calls it.
        words: its name, such as "Polygon".
        icon: a file of assets/icons without its ending.
        use: takes it up, or does it.
        shortcut: the key that the editor's ``handle_key`` takes for it, as printed on the keyboard; "" for none.
        lasting: whether it stays in the hand (and its button down) until another is taken; else it is done at once.
        checkable: whether an act at once is a switch, whose button stays down while ``checked()`` says so.
        checked: asked whenever ``tools_changed`` was emitted.
        enabled: likewise.
    """

    key: str
    words: str
    icon: str
    use: Callable[[], object]
    shortcut: str = ""
    lasting: bool = True
    checkable: bool = False
    checked: Callable[[], bool] = lambda: False
    enabled: Callable[[], bool] = lambda: True


class Editor(QWidget):
    """The panel of one head kind, and what it does on the canvas. It never touches the store: the tab saves.

    Order of calls: ``set_canvas`` and ``set_head`` once it is made, ``show_subject`` for each picture (the canvas shows
    it already, without shapes, mask or tool), ``leave`` before another picture or another editor is shown; then again
    ``set_head`` (its categories may have changed) and ``show_subject``. ``show_subject`` is called again for the same
    picture after an undo or when another window changed the label: ``value`` is then what holds.

    Signals:
        committed: a ``training.labelling.drafts.Draft``, None to take the label away (nobody knows), and words for it
            ("Drew a box"): one act, one step of undo. The editor shows it at once.
        hinted: a sentence on what to do next, or what was wrong; "" takes it away.
        advance_wanted: this picture's question is answered: the next one, please.
        released: the keyboard may go back to the canvas.
        category_wanted: a name the head lacks; the tab adds it and calls ``set_head`` again.
        decided: places in the proposal (a tuple of int, all where empty) and whether they were accepted. An editor
            commits what it accepts; the tab remembers what is no longer to be proposed.
        tool_changed: the key of the tool in hand, "" for none.
        tools_changed: what ``tools`` gives, or says when asked, is different now.
    """

    kind: ClassVar[str] = ""
    paints: ClassVar[bool] = False
    """Whether it works on the canvas; the others only show the picture there."""

    committed = Signal(object, str)
    hinted = Signal(str)
    advance_wanted = Signal()
    released = Signal()
    category_wanted = Signal(str)
    decided = Signal(object, bool)
    tool_changed = Signal(str)
    tools_changed = Signal()

    def set_canvas(self, canvas: Canvas) -> None:
        """The canvas that shows the pictures; given once."""

    def set_head(self, head: HeadDef) -> None:
        """The question that is answered from now on; of the editor's kind."""
        raise NotImplementedError

    def tools(self) -> Sequence[ToolButton]:
        """The tools, left to right; none where the kind needs none."""
        return ()

    def show_subject(self, subject: Subject, value: Value | None, proposal: Proposal | None) -> None:
        """Show a picture's label, None for unknown, and what is proposed."""
        raise NotImplementedError

    def set_proposal(self, proposal: Proposal | None) -> None:
        """What is proposed for the picture that is shown has become known, or is another now."""

    def accept_proposal(self) -> None:
        """Take all that is proposed."""

    def refuse_proposal(self) -> None:
        """Take none of it."""

    def handle_key(self, event: QKeyEvent) -> bool:
        """Do what a key pressed on the canvas or in the panel means here; whether it means anything."""
        return False

    def hints(self) -> Sequence[tuple[str, str]]:
        """Keys and what they do now, for the line of hints; most useful first."""
        return ()

    def leave(self) -> None:
        """Another picture, head or tab comes: drop what is begun and not finished, close what runs."""

    def close_editor(self) -> None:
        """The window closes: stop what runs on its own, for good."""
