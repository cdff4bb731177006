"""A second opinion on one picture, from the online model. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop.pages.sort.items import Item
from desktop.settings import Settings

if TYPE_CHECKING:  # HTTP comes with it: only when somebody asks
    from models.blending import Prediction
    from models.online import OnlineModel

__all__ = ["Asking"]


@dataclass(slots=True)
class Asking:
    """Whom to ask, and the connection to it.

    Attributes:
        settings: of the online model.
    """

    settings: Settings = field(default_factory=Settings)
    _model: OnlineModel | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def host(self) -> str:
        """Who is asked; "" when the online model is turned off or has no address."""
        if not self.settings.online:
            return ""
        from urllib.parse import urlsplit  # not for a start without an online model

        try:
            return urlsplit(self.settings.online_url).hostname or ""
        except ValueError:  # what is wrong with it is said when it is asked
            return self.settings.online_url

    def configure(self, settings: Settings) -> None:
        """Use other settings from now on."""
        with self._lock:
            self.settings = settings
        self.close()

    def ask(self, item: Item, labels: Sequence[str]) -> Sequence[Prediction]:
        """What the online model says of a picture, which leaves the computer for that; for a background thread.

        Args:
            item: the picture.
            labels: the categories to choose from.

        Raises:
            FileError: the picture can't be read.
            OnlineError: there is no usable answer.
        """
        from desktop.actions.online import online_config, second_opinion
        from models.online import OnlineModel

        with self._lock:  # its limits on how often it is asked are kept by the one model
            if self._model is None:
                self._model = OnlineModel(online_config(self.settings))
            model = self._model
        return second_opinion(model, item.source, labels)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            model, self._model = self._model, None
        if model is not None:
            model.close()
