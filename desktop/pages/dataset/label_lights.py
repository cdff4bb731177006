"""The part of the Label tab for pictures of one thing under many lights: the set, and where each light stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.jobs import Loader
from desktop.pages.dataset.label_editing import LabelEditing
from desktop.pages.dataset.label_stage import LabelStage
from desktop.pages.dataset.lighting import Direction, LitPicture, parse_light, read_set, set_light
from desktop.pages.dataset.tab import Around
from desktop.theme import GAP
from desktop.widgets.canvas import Point, PointsTool
from desktop.widgets.hemisphere import Hemisphere
from desktop.widgets.labels import button, label
from desktop.widgets.numbers_field import NumbersField
from desktop.widgets.pixels import to_image
from desktop.widgets.reel import Mark, Reel
from desktop.widgets.wrap import Wrap
from models.errors import SortwerkError

if TYPE_CHECKING:  # NumPy comes with it
    from training.datasets.records import Item

__all__ = ["LabelLights", "Lighting"]

_TYPING_MS = 600


class LabelLights(QWidget):
    """The set in a row, the direction on a half ball and in numbers, and the way by a ball that mirrors the light.

    Signals:
        place_wanted: the picture at a place of the set.
        light_set: x, y, z.
        ball_wanted: the rim of a ball is to be clicked.
        unknown_wanted: nobody knows where the light stands.
    """

    place_wanted = Signal(int)
    light_set = Signal(float, float, float)
    ball_wanted = Signal()
    unknown_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures: tuple[LitPicture, ...] = ()
        self.reel = Reel("Pictures of this set", self)
        self.reel.chosen.connect(self.place_wanted)
        self._words = label("", "secondary", wrap=True)
        self.ball = Hemisphere("Direction towards the light")
        self.numbers = NumbersField(("x, to the right", "y, up", "z, to the camera"))
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._typed)
        self.ball.moved.connect(self._show_numbers)
        self.ball.chosen.connect(self.light_set)
        self.numbers.changed.connect(lambda _: self._typing.start())
        verbs = QWidget()
        row = Wrap(verbs, spacing=GAP.xs)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(button("From a chrome ball", on_click=self.ball_wanted.emit, tip="Click three points on its rim"))
        row.addWidget(button("Nobody knows", on_click=self.unknown_wanted.emit))
        row.begin_second()
        self._hint = label("", "secondary", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.s)
        for one in (self._words, self.reel, self.ball, self.numbers, verbs, self._hint):
            column.addWidget(one)
        self.show_hint("")

    # -- the row ------------------------------------------------------------------------------------------------------

    def key(self, place: int) -> int:
        """The item at a place."""
        return self.pictures[place].item

    def name(self, place: int) -> str:
        """Of its file."""
        return self.pictures[place].name

    def mark(self, place: int) -> Mark:
        """Whether its light is known."""
        return "done" if self.pictures[place].light is not None else ""

    # -- showing ------------------------------------------------------------------------------------------------------

    def show_set(self, pictures: Sequence[LitPicture], current: int) -> None:
        """Show a set; ``current`` is the place of the picture that is labelled."""
        self.pictures = tuple(pictures)
        self.reel.set_count(len(pictures), current)
        known = sum(one.light is not None for one in pictures)
        self._words.setText(f"{known} of {len(pictures)} lights of this set are known.")
        light = pictures[current].light if 0 <= current < len(pictures) else None
        others = [one.light for at, one in enumerate(pictures) if one.light is not None and at != current]
        self.ball.set_direction(light, others)
        self._show_numbers(*(light or (0.0, 0.0, 0.0)))

    def show_hint(self, sentence: str) -> None:
        """What to do next, or what was wrong."""
        self._hint.setText(sentence)
        self._hint.setVisible(bool(sentence))

    def _show_numbers(self, x: float, y: float, z: float) -> None:
        self.numbers.set_numbers([round(one, 4) for one in (x, y, z)])

    def _typed(self) -> None:
        """Numbers were typed, and a moment has passed since: one act, not one a key."""
        light = parse_light(self.numbers.numbers)
        if light is not None:
            self.light_set.emit(*light)


class Lighting(QObject):
    """Between that part and the store.

    Signals:
        picked: an item of the set that was clicked.
    """

    picked = Signal(int)

    def __init__(
        self, around: Around, part: LabelLights, editing: LabelEditing, stage: LabelStage, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._around, self.part, self._editing, self._stage = around, part, editing, stage
        self._item: Item | None = None
        self._small: Loader[QImage] = Loader(self._load, part.reel.set_picture, self)
        part.reel.wanted.connect(self._small.want)
        part.place_wanted.connect(lambda place: self.picked.emit(part.pictures[place].item))
        part.light_set.connect(lambda x, y, z: self._set((x, y, z)))
        part.unknown_wanted.connect(lambda: self._set(None))
        part.ball_wanted.connect(self._ask_ball)

    def follow(self, item: Item) -> None:
        """The tab shows this picture, one of a set."""
        dataset, store = self._around.state.selected, self._around.state.store
        self._item = item
        self.part.show_hint("")
        if dataset is None:
            return

        def done(found: list[LitPicture]) -> None:
            if self._item is item:
                places = {one.item: place for place, one in enumerate(found)}
                self.part.show_set(found, places.get(item.id, -1))

        self._around.jobs.start(
            "Reading lights",
            lambda _: read_set(store, dataset, item.group),
            on_done=done,
            on_error=self._around.notices.error,
            visible=False,
        )

    def _set(self, light: Direction | None) -> None:
        item = self._item
        if item is not None:
            self._around.acting.change(lambda store, dataset: set_light(store, dataset, item.id, light))

    def _ask_ball(self) -> None:
        self.part.show_hint("Click three points on the rim of the ball that mirrors the light; Esc ends it.")
        canvas = self._stage.canvas
        canvas.set_tool(PointsTool(canvas, finished=self._found_ball, least=3, most=3))
        canvas.setFocus()

    def _found_ball(self, points: tuple[Point, ...]) -> None:
        self._stage.canvas.set_tool(None)
        subject = self._editing.subject
        if subject is None or self._item is None or subject.item != self._item.id:
            return
        pixels, item = subject.pixels, self._item

        def work() -> Direction:
            from training.labelling.chrome_ball import circle_through, light_from

            return light_from(pixels(), circle_through(points))

        def done(light: Direction) -> None:
            if self._item is item:
                self.part.show_hint("")
                self._set(light)

        self._around.jobs.start(
            "Looking at the ball", lambda _: work(), on_done=done, on_error=self.part.show_hint, visible=False
        )

    def _load(self, number: int) -> QImage | None:
        from desktop.actions.pictures import load_thumbnail

        item = self._around.state.load_item(number)
        if item is None:
            return None
        try:
            pixels = load_thumbnail(item.place.source, self.part.reel.side)
        except SortwerkError:
            return None  # the large one says why
        return to_image(pixels.width, pixels.height, pixels.data)

    def close(self) -> None:
        """Stop loading."""
        self._small.close()
