"""A model on a server, asked about one picture at a time. Off until a person turns it on: pictures leave here."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from models.blending import Prediction
from models.errors import OnlineError
from models.images.arrays import as_rgb
from models.keys import ENVIRONMENT, Keys
from models.online.client import Client, Timing
from models.online.config import OnlineConfig
from models.online.forms import PATHS, Question, data_uri, read_answer, request

__all__ = ["OnlineModel"]


class OnlineModel:
    """Asks the server of a configuration. Safe to use from several threads at once.

    Args:
        config: the document's mapping, or an ``OnlineConfig``.
        keys: where the key is looked for when the configuration has none; None for the system's keyring.
        timing: time and chance; None for those of the world.

    Attributes:
        config: as validated.

    Raises:
        OnlineError: a setting is wrong or unknown.
    """

    def __init__(
        self,
        config: Mapping[str, Any] | OnlineConfig,
        *,
        keys: Keys | None = None,
        timing: Timing | None = None,
    ) -> None:
        self.config = config if isinstance(config, OnlineConfig) else OnlineConfig.parse(config)
        self._keys = keys or Keys()
        self._client = Client(self.config, timing)
        self._lock = threading.Lock()
        self._key: str | None = None

    def __repr__(self) -> str:
        return f"OnlineModel({self.config.api_url!r}, model={self.config.model!r})"

    def predict(self, image: NDArray[Any], top_k: int = 5, labels: Sequence[str] = ()) -> list[Prediction]:
        """What the server says of a picture.

        Args:
            image: as ``models.images.arrays.as_rgb`` takes it.
            top_k: how many predictions are wanted, at least 1.
            labels: to choose from, when the configuration names none; empty to leave it to the server.

        Returns:
            At most ``top_k`` predictions, highest first, at least one.

        Raises:
            OnlineError: it is turned off, may not be asked now, or gives no usable answer.
            ValueError: ``image`` is no picture.
        """
        if not self.config.enabled:
            raise OnlineError("The online model is turned off; turn it on first, pictures then leave this computer.")
        form = self.config.form
        chosen = self.config.labels or tuple(labels)
        wanted = min(top_k, len(chosen)) if chosen else top_k
        question = Question(self.config.model, data_uri(as_rgb(image), self.config.side), chosen, wanted)
        if form == "openai" and not question.labels:
            raise OnlineError(f"{self.config.host} has to be told what to choose from; set labels.")
        body = self._client.post(PATHS[form], request(form, question), self._find_key())
        try:
            return read_answer(form, body, question)
        except ValueError as error:
            raise OnlineError(
                f"{self.config.host} gives an answer that can't be used: {error}; check api_url, kind and model."
            ) from None

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _find_key(self) -> str:
        """The key, looked for once it is needed: a keyring may ask the person. "" for a server that wants none."""
        with self._lock:
            if self._key is None:
                self._key = self.config.api_key.get_secret_value() or self._kept_key()
            return self._key

    def _kept_key(self) -> str:
        needed = self.config.form == "openai"
        try:
            key = self._keys.get(self.config.host) or ""
        except OnlineError:
            if needed:
                raise
            return ""
        if needed and not key:
            raise OnlineError(
                f"There is no key for {self.config.host}; keep one in the settings, or set {ENVIRONMENT}."
            )
        if not all("!" <= character <= "~" for character in key):
            raise OnlineError(f"The key for {self.config.host} holds what no key does (a space?); paste it again.")
        return key
