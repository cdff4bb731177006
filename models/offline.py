"""The document's ``OfflineModel``: one model on this computer, from an installed folder or a bare ``.onnx`` file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.blending import Prediction, ranked
from models.errors import ModelError
from models.heads.categories import softmax
from models.images.arrays import as_rgb
from models.images.resize import to_size
from models.inference import OnnxInferenceSession
from models.library import load_model
from models.network import to_tensor
from models.spec import Preprocessing

__all__ = ["OfflineModel"]

Scores = Callable[[NDArray[np.uint8]], list[Prediction]]
"""From uint8 (H, W, 3) RGB to every category, highest first."""

_SIDE = 224
"""Of the input of a network that takes any size."""


class OfflineModel:
    """Answers about one picture at a time. Safe to use from several threads at once: ONNX Runtime is.

    A bare ``.onnx`` is used as the document's "Offline Model Format" says: (batch, 3, height, width) floats normalised
    with ImageNet's mean and standard deviation, to (batch, classes) logits or probabilities, the names of the classes
    as a JSON list under "categories" in its custom metadata. Without names they are "class 0", "class 1" and so on.

    Args:
        path: an ``.onnx`` file, or the folder of a model; None for the starter model.
        num_threads: that one answer uses.

    Attributes:
        path: as given.
        categories: the names of what it tells apart; of a folder, those of its first head.

    Raises:
        ModelError: it is missing, damaged, or of a form that is not read.
    """

    def __init__(self, path: Path | None = None, *, num_threads: int = 1) -> None:
        self.path = path
        self.categories: tuple[str, ...]
        self._scores: Scores
        if path is not None and path.suffix.lower() == ".onnx":
            network = _BareNetwork(path, num_threads)
            self.categories, self._scores = network.categories, network.scores
        else:
            self.categories, self._scores = _load_folder(path, num_threads)

    def predict(self, image: NDArray[Any], top_k: int = 5) -> list[Prediction]:
        """At most ``top_k`` predictions, highest first, for what ``models.images.arrays.as_rgb`` takes.

        Raises:
            ModelError: the network fails.
            ValueError: ``image`` is no picture.
        """
        return self._scores(as_rgb(image))[:top_k]


def _load_folder(path: Path | None, num_threads: int) -> tuple[tuple[str, ...], Scores]:
    model = load_model(path, threads=num_threads, device="cpu")
    first = model.spec.heads[0]

    def scores(rgb: NDArray[np.uint8]) -> list[Prediction]:
        embeddings = model.backbone.embed(model.backbone.prepare(rgb)[None])
        # The name under which corrections would be looked for; this model has none, and any will do.
        result = model.answer([hashlib.sha256(rgb.tobytes()).digest()], embeddings)[0].heads[first.name]
        return [
            Prediction(category=one.category, confidence=one.confidence) for one in result.top(len(first.categories))
        ]

    return first.categories, scores


class _BareNetwork:
    """A network without a ``metadata.json``. It is run once, on grey, to see what it gives."""

    def __init__(self, path: Path, num_threads: int) -> None:
        self._path = path
        self._session = OnnxInferenceSession(path, num_threads=num_threads)
        if not self._session.is_ready():
            raise ModelError(self._session.error or f"{path} can't be loaded; get the model again.")
        self._how = self._preprocessing()
        classes = len(self._run(np.full((8, 8, 3), 127, np.uint8)))
        self.categories = self._names(classes)

    def scores(self, rgb: NDArray[np.uint8]) -> list[Prediction]:
        numbers = self._run(rgb)
        if not np.isfinite(numbers).all():
            raise ModelError(f"{self._path} answers with what are no numbers (NaN); don't use it.")
        # Probabilities stay what they are; anything else is taken for logits, which the document allows too.
        if not (numbers.min() >= 0 and abs(float(numbers.sum()) - 1) < 1e-3):
            numbers = softmax(numbers[None])[0]
        return ranked(dict(zip(self.categories, numbers.tolist(), strict=True)))

    def _run(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        square = to_size(rgb, *self._how.size)
        output = self._session.run(to_tensor(square[None], self._how)).astype(np.float32)
        numbers: NDArray[np.float32] = output.reshape(-1)
        if output.ndim < 2 or output.shape[:2] != (1, numbers.size) or not numbers.size:
            raise ModelError(f"{self._path} gives {output.shape} and not (batch, classes); it is no classifier.")
        return numbers

    def _preprocessing(self) -> Preprocessing:
        shape = self._session.input_shape
        if len(shape) != 4 or shape[1] not in (3, None) or shape[0] not in (1, None):
            takes = ", ".join("any" if one is None else str(one) for one in shape)
            raise ModelError(
                f"{self._path} takes ({takes}) and not (batch, 3, height, width); "
                "import it in the program, where its form can be said."
            )
        return Preprocessing.of_1_0().model_copy(update={"height": shape[2] or _SIDE, "width": shape[3] or _SIDE})

    def _names(self, classes: int) -> tuple[str, ...]:
        text = self._session.metadata.get("categories")
        if text is None:
            return tuple(f"class {number}" for number in range(classes))
        try:
            names = json.loads(text)
        except (ValueError, RecursionError):
            names = None
        if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
            raise ModelError(f"{self._path} has no JSON list of names as its categories; write its metadata again.")
        if len(names) != classes or len(set(names)) != classes:
            raise ModelError(
                f"{self._path} has {classes} classes and {len(set(names))} different names for them; "
                "write its metadata again."
            )
        return tuple(names)
