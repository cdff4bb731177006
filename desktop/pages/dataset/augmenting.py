"""What the Augment tab knows: the settings of the dataset, one of its pictures, and how its variants look. No Qt.

``variant``, ``read`` and ``keep`` are for background threads, all else for the page's.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.observable import Event
from desktop.pages.dataset.state import DatasetState
from desktop.pages.dataset.variant_drawing import draw_variant
from models.errors import SortwerkError

if TYPE_CHECKING:  # NumPy comes with them
    import numpy as np
    from numpy.typing import NDArray

    from desktop.actions.augmenting import AugmentationSettings
    from training.augmentation.augmenter import Augmenter
    from training.augmentation.config import Border
    from training.augmentation.operations import Operation
    from training.augmentation.sample import Augmented
    from training.datasets.records import Dataset
    from training.datasets.varying import Loaded

__all__ = ["OWN", "VARIANTS", "Augmenting", "Variant"]

VARIANTS = 12
"""Pictures that are shown: the one itself, and what becomes of it."""

OWN = ""
"""In place of a preset's name: settings of one's own."""


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """One of the pictures.

    Attributes:
        generation: of the settings that it was made by.
        pixels: uint8 (H, W, 3) RGB, no larger than was asked for; None where it could not be made.
        words: what was done to it, or why it could not be made.
    """

    generation: int
    pixels: NDArray[np.uint8] | None
    words: str


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is shown, taken by background threads as a whole."""

    generation: int
    dataset: Dataset
    item: int
    settings: AugmentationSettings
    labels: bool


@dataclass(slots=True, weakref_slot=True)
class Augmenting:
    """Everything the tab shows.

    Attributes:
        state: of the page.
        changed: fires (with None) when other variants are to be shown.
        dataset: whose settings they are; None before they were read.
        settings: how pictures are varied.
        item: the picture that is shown; None for none.
        labels: whether labels are drawn over the pictures.
        generation: rises with every change.
        kept: the settings that are on the disk.
    """

    state: DatasetState
    changed: Event[None] = field(default_factory=Event)
    dataset: Dataset | None = None
    settings: AugmentationSettings | None = None
    item: int | None = None
    labels: bool = True
    generation: int = 0
    kept: AugmentationSettings | None = None
    _wish: _Wish | None = None
    _loaded: tuple[tuple[int, int], Loaded] | None = None
    _augmenter: tuple[AugmentationSettings, Augmenter] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    # -- what is shown; for the page's thread -------------------------------------------------------------------------

    def take(self, dataset: Dataset, settings: AugmentationSettings) -> None:
        """What was read of a dataset."""
        if self.dataset is None or self.dataset.id != dataset.id:
            self.item = None
        self.dataset, self.settings, self.kept = dataset, settings, settings
        self._renew()

    def show(self, item: int | None) -> None:
        """Vary another picture."""
        if item != self.item:
            self.item = item
            self._renew()

    def set_labels(self, shown: bool) -> None:
        """Draw labels, or not."""
        self.labels = shown
        self._renew()

    def set_operation(self, operation: Operation) -> None:
        """Vary otherwise; what is decided on together keeps one probability."""
        settings = self._settings
        config = settings.config.with_operation(operation)
        linked = next((some for some in config.together if operation.key in some), ())
        for key in linked:
            mate = config.operations[key]
            if mate.probability > 0 and operation.probability > 0 and mate.probability != operation.probability:
                config = config.with_operation(replace(mate, probability=operation.probability))
        self.set(replace(settings, config=config))

    def set_border(self, border: Border) -> None:
        """Let something else come in from beyond the edge."""
        self.set(replace(self._settings, config=replace(self._settings.config, border=border)))

    def set_preset(self, name: str) -> None:
        """Begin with a preset; seed and size stay."""
        from training.augmentation.presets import find_preset

        self.set(replace(self._settings, config=find_preset(name).config))

    def set_side(self, side: int) -> None:
        """Vary at another size."""
        self.set(replace(self._settings, side=side))

    def set_backgrounds(self, folder: Path | None) -> None:
        """Put pictures of a folder behind things, or plain colours."""
        self.set(replace(self._settings, backgrounds=str(folder) if folder is not None else ""))

    def draw_again(self) -> None:
        """Other variants by the same settings."""
        self.set(replace(self._settings, seed=self._settings.seed + 1))

    def reset(self) -> None:
        """As is usual for the dataset's template."""
        from desktop.actions.augmenting import usual_settings

        assert self.dataset is not None  # noqa: S101 - the form is hidden before
        self.set(usual_settings(self.dataset))

    def set(self, settings: AugmentationSettings) -> None:
        """Vary so."""
        if settings != self.settings:
            self.settings = settings
            self._renew()

    @property
    def preset(self) -> str:
        """Of which preset the settings are; ``OWN`` for none."""
        from training.augmentation.presets import PRESETS

        return next((name for name, one in PRESETS.items() if one.config == self._settings.config), OWN)

    @property
    def unkept(self) -> bool:
        """Whether there are settings that are not on the disk."""
        return self.settings is not None and self.settings != self.kept

    @property
    def _settings(self) -> AugmentationSettings:
        assert self.settings is not None  # noqa: S101 - the form is hidden before
        return self.settings

    def _renew(self) -> None:
        self.generation += 1
        self._wish = None
        if self.dataset is not None and self.settings is not None and self.item is not None:
            self._wish = _Wish(self.generation, self.dataset, self.item, self.settings, self.labels)
        self.changed.fire(None)

    # -- making; each for a background thread -------------------------------------------------------------------------

    def read(self, dataset: Dataset) -> AugmentationSettings:
        """The settings of a dataset. Raises ``DatasetError``, ``WorkspaceError``."""
        from desktop.actions.augmenting import load_settings

        return load_settings(dataset)

    def keep(self, dataset: Dataset, settings: AugmentationSettings) -> None:
        """Write them down. Raises ``WorkspaceError``."""
        from desktop.actions.augmenting import save_settings

        save_settings(dataset, settings)

    def variant(self, place: int, side: int) -> Variant | None:
        """The picture at a place, 0 being the one itself; None where nothing is to be shown.

        It is what training gets, made smaller for the screen only where it is larger than ``side`` pixels.
        """
        wish = self._wish
        if wish is None:
            return None
        try:
            loaded = self._load(wish)
            if loaded is None:
                return Variant(wish.generation, None, "This picture is not in the dataset any more.")
            made = self._vary(wish, loaded, place)
            return Variant(
                wish.generation,
                draw_variant(loaded, made, side, wish.dataset.heads if wish.labels else ()),
                _words(place, made),
            )
        except SortwerkError as error:
            return Variant(wish.generation, None, str(error))

    def _load(self, wish: _Wish) -> Loaded | None:
        from training.datasets.records import Query
        from training.datasets.varying import load

        key = (wish.item, wish.settings.side)
        with self._lock:
            if self._loaded is None or self._loaded[0] != key:
                items = self.state.store.items(wish.dataset.id, where=Query(ids=[wish.item]))
                if not items:
                    return None
                self._loaded = (key, load(items[0], wish.dataset.heads, self.state.store.blobs, wish.settings.side))
            return self._loaded[1]

    def forget(self) -> None:
        """Read the picture and its labels anew: something in the dataset has changed."""
        with self._lock:
            self._loaded = None
        self._renew()

    def _vary(self, wish: _Wish, loaded: Loaded, place: int) -> Augmented:
        from desktop.actions.augmenting import augmenter
        from training.augmentation.augmenter import Augmenter
        from training.augmentation.config import AugmentationConfig
        from training.datasets.varying import variant_index

        if place == 0:
            return Augmenter(AugmentationConfig(), 0)(loaded.sample, 0)
        if self._augmenter is None or self._augmenter[0] != wish.settings:
            self._augmenter = (wish.settings, augmenter(wish.settings))
        return self._augmenter[1](loaded.sample, variant_index(wish.item, place - 1))


def _words(place: int, made: Augmented) -> str:
    from training.augmentation.table import OPERATIONS

    if place == 0:
        return "As it is"
    return ", ".join(OPERATIONS[key].title for key in made.done) or "Nothing happened to this one"
