"""The document's ``ModelManager``: the offline model, the online model and the rules behind one question.

    manager = ModelManager.create_default()
    for prediction in manager.predict(np.array(Image.open("texture.dds")), top_k=5):
        print(f"{prediction['category']}: {prediction['confidence']:.2%}")

Who answers: every model that is there and enabled is asked, and two answers are blended (``models.blending``). One that
fails says nothing, which goes to the log and into ``stats``; when nobody has said anything, the rules guess.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models import rules
from models.blending import BlendMode, Prediction, blend
from models.errors import ModelError, SortwerkError
from models.images.arrays import as_rgb
from models.offline import OfflineModel
from models.online import OnlineConfig, OnlineModel

__all__ = ["ManagerConfig", "ModelManager", "Offline", "Online", "Stats"]

_log = logging.getLogger(__name__)


_ALL = 1000
"""Predictions that each of two models is asked for: what one of them left out would count as 0."""


class Offline(Protocol):
    """Whoever answers on this computer; ``models.offline.OfflineModel``."""

    @property
    def categories(self) -> tuple[str, ...]:
        """What it tells apart."""

    def predict(self, image: NDArray[Any], top_k: int = 5) -> list[Prediction]:
        """Highest first; raises ``SortwerkError`` when it can't answer."""


class Online(Protocol):
    """Whoever answers elsewhere; ``models.online.OnlineModel``."""

    def predict(self, image: NDArray[Any], top_k: int = 5, labels: Sequence[str] = ()) -> list[Prediction]:
        """Highest first; raises ``SortwerkError`` when it can't answer."""

    def close(self) -> None:
        """Close the connections."""


class ManagerConfig(BaseModel):
    """The document's configuration.

    Attributes:
        offline_enabled: whether a model on this computer answers.
        offline_model_path: an ``.onnx`` file, or the folder of a model; None for the starter model.
        online_enabled: whether a model on a server is asked too, if ``online`` says ``enabled`` as well.
        online: which server, as ``models.online.OnlineConfig``.
        blend_mode: how two answers become one.
        min_confidence: what is less sure than that is left out, 0 to 1.
        cache_size: predictions that are remembered; 0 for none.
        num_threads: that one answer of the offline model uses.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    offline_enabled: bool = True
    offline_model_path: Path | None = None
    online_enabled: bool = False
    online: Mapping[str, Any] | OnlineConfig = Field(default_factory=dict, repr=False)
    blend_mode: BlendMode = "confidence_weighted"
    min_confidence: float = Field(default=0.0, ge=0, le=1)
    cache_size: int = Field(default=1024, ge=0)
    num_threads: int = Field(default=1, ge=1)


@dataclass(frozen=True, slots=True)
class Stats:
    """What has been counted since the manager was made.

    Attributes:
        predictions: asked for; each is one of cache_hits, or was computed.
        cache_hits: answered from memory.
        offline: answers of the offline model.
        offline_failures: times it was asked and failed.
        online: answers of the online model.
        online_failures: times it was asked and failed.
        blended: answers made of two.
        rules: guesses by the rules, because nobody else answered.
        switches: times another offline model was set.
    """

    predictions: int = 0
    cache_hits: int = 0
    offline: int = 0
    offline_failures: int = 0
    online: int = 0
    online_failures: int = 0
    blended: int = 0
    rules: int = 0
    switches: int = 0


class ModelManager:
    """Safe to use from several threads at once; they don't wait for each other's answers.

    Args:
        offline: a model on this computer; None for none.
        online: a model on a server; None for none.
        blend_mode: how two answers become one.
        min_confidence: what is less sure than that is left out, 0 to 1.
        cache_size: predictions that are remembered; 0 for none.
        num_threads: of models that ``set_offline_model`` loads.
    """

    def __init__(
        self,
        offline: Offline | None = None,
        online: Online | None = None,
        *,
        blend_mode: BlendMode = "confidence_weighted",
        min_confidence: float = 0.0,
        cache_size: int = 1024,
        num_threads: int = 1,
    ) -> None:
        self.blend_mode = blend_mode
        self.min_confidence = min_confidence
        self._online = online
        self._num_threads = num_threads
        self._lock = threading.RLock()
        self._offline = offline
        self._generation = 0
        self._stats = Stats()
        self._cache: OrderedDict[bytes, tuple[Prediction, ...]] = OrderedDict()
        self._cache_size = cache_size

    @classmethod
    def create_default(cls, config: Mapping[str, Any] | None = None) -> ModelManager:
        """A manager as the document's mapping says (``ManagerConfig``); None for the starter model alone.

        An offline model that can't be loaded is logged, and the others answer: ``get_stats`` shows who is there.

        Raises:
            ModelError: a key of ``config`` is wrong or unknown.
            OnlineError: one of its key ``online`` is.
        """
        try:
            read = ManagerConfig.model_validate(dict(config or {}))
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            field = ".".join(str(part) for part in first["loc"])
            raise ModelError(
                f"The models can't be set up: {field}: {first['msg']}; change that in the configuration."
            ) from None
        online = read.online if isinstance(read.online, OnlineConfig) else OnlineConfig.parse(read.online)
        manager = cls(
            None,
            OnlineModel(online) if read.online_enabled and online.enabled else None,
            blend_mode=read.blend_mode,
            min_confidence=read.min_confidence,
            cache_size=read.cache_size,
            num_threads=read.num_threads,
        )
        if read.offline_enabled:
            try:
                manager._offline = OfflineModel(read.offline_model_path, num_threads=read.num_threads)
            except ModelError as error:
                _log.warning("Going on without an offline model: %s", error)
        return manager

    def predict(self, image: NDArray[Any], top_k: int = 5, *, name: str | None = None) -> list[Prediction]:
        """What a picture is.

        Args:
            image: (H, W), (H, W, 3) or (H, W, 4), uint8 or floats from 0 to 1, as ``models.images.arrays.as_rgb``.
            top_k: how many predictions are wanted, at least 1.
            name: of its file, for the rules; None when it has none.

        Returns:
            At most ``top_k`` predictions {"category": str, "confidence": float from 0 to 1}, highest first; fewer, or
            none, where ``min_confidence`` leaves them out.

        Raises:
            ValueError: ``image`` is no picture, or ``top_k`` is under 1.
        """
        if top_k < 1:
            raise ValueError(f"top_k must be at least 1, not {top_k}")
        rgb = as_rgb(image)
        with self._lock:
            self._count(predictions=1)
            offline, generation = self._offline, self._generation
            key = _key(rgb, top_k, generation)
            known = self._cache.get(key)
            if known is not None:
                self._cache.move_to_end(key)
                self._count(cache_hits=1)
                return [one.copy() for one in known]
        answers, complete = self._ask(rgb, top_k, offline)
        if answers:
            predictions = blend(answers, self.blend_mode) if len(answers) > 1 else list(answers[0])
        else:
            predictions = rules.classify(rgb, name, top_k)
        kept = [one.copy() for one in predictions[:top_k] if one["confidence"] >= self.min_confidence]
        with self._lock:
            self._count(blended=int(len(answers) > 1), rules=int(not answers))
            # A guess, or an answer for want of a better one, must not outlive the trouble that it is owed to.
            if answers and complete and generation == self._generation:
                self._remember(key, kept)
        return kept

    def set_offline_model(self, path: Path | None) -> None:
        """Answer with another model from now on; whoever is being answered still gets the old one's word.

        Args:
            path: an ``.onnx`` file, or the folder of a model; None for the starter model.

        Raises:
            ModelError: it can't be loaded; the old one stays.
        """
        model = OfflineModel(path, num_threads=self._num_threads)
        with self._lock:
            self._offline = model
            self._generation += 1
            self._cache.clear()
            self._count(switches=1)

    @property
    def stats(self) -> Stats:
        """What has been counted so far."""
        with self._lock:
            return self._stats

    def get_stats(self) -> dict[str, Any]:
        """``stats`` as a dictionary, with who is there ("offline_available", "online_available"), how two answers are
        blended ("blend_mode"), and how many predictions are remembered ("cached").
        """
        with self._lock:
            return asdict(self._stats) | {
                "offline_available": self._offline is not None,
                "online_available": self._online is not None,
                "blend_mode": self.blend_mode,
                "cached": len(self._cache),
            }

    def close(self) -> None:
        """Close the connections to a server; a later ``predict`` opens new ones."""
        if self._online is not None:
            self._online.close()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _ask(self, rgb: NDArray[np.uint8], top_k: int, offline: Offline | None) -> tuple[list[list[Prediction]], bool]:
        """What each model says, and whether all of them have said something."""
        answers: list[list[Prediction]] = []
        labels = offline.categories if offline is not None else ()
        both = offline is not None and self._online is not None
        asked = max(top_k, _ALL) if both else top_k
        if self._online is not None:
            try:
                answers.append(self._online.predict(rgb, asked, labels))
                self._count(online=1)
            except SortwerkError as error:
                _log.warning("Going on without the online model: %s", error)
                self._count(online_failures=1)
        if offline is not None:
            try:
                answers.append(offline.predict(rgb, asked))
                self._count(offline=1)
            except SortwerkError as error:
                _log.warning("Going on without the offline model: %s", error)
                self._count(offline_failures=1)
        wanted = (self._online is not None) + (offline is not None)
        answers = [answer for answer in answers if answer]
        return answers, len(answers) == wanted

    def _count(self, **more: int) -> None:
        with self._lock:
            self._stats = replace(self._stats, **{name: getattr(self._stats, name) + n for name, n in more.items()})

    def _remember(self, key: bytes, predictions: Sequence[Prediction]) -> None:
        if not self._cache_size:
            return
        self._cache[key] = tuple(one.copy() for one in predictions)
        self._cache.move_to_end(key)
        while len(self._cache) > self._cache_size:
            self._cache.popitem(last=False)


def _key(rgb: NDArray[np.uint8], top_k: int, generation: int) -> bytes:
    """Of a picture's pixels, the models that are asked, and how many predictions are wanted."""
    hashed = hashlib.sha256(np.ascontiguousarray(rgb).data)
    hashed.update(repr((rgb.shape, top_k, generation)).encode())
    return hashed.digest()
