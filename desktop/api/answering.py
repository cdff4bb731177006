"""From the picture in a request to scores, by the same learner that the window and ``sortwerk classify`` ask."""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
import os
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from desktop.actions.classify import Classifier
from models.answer import UNKNOWN, Reply
from models.errors import WorkspaceError, one_line
from models.heads.categories import Score
from models.pipeline import prepare

__all__ = ["Answerer", "RefusedError", "picture_bytes"]

_log = logging.getLogger(__name__)

_DATA_URI = re.compile(r"data:image/[a-z0-9.+-]{1,60}(;[a-z0-9=.+_-]{1,60})*;base64,", re.IGNORECASE)

_NAME = "The picture"
"""What the sentences about a picture without a file name call it."""

_PATIENCE = 30.0
"""Seconds that a request waits for its turn."""


class RefusedError(Exception):
    """A request that gets no answer; ``status`` is its HTTP status, ``str()`` one sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status = status
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Served:
    """What is known of a model's question at the moment."""

    name: str
    categories: tuple[str, ...]


class Answerer:
    """Answers about one picture at a time, several threads side by side but no more than cores: a large picture takes
    much memory while it is decoded.

    Args:
        classifier: the model with all it was taught; it stays the caller's to close.
        at_once: requests that are worked on side by side; None for one a core.
    """

    def __init__(self, classifier: Classifier, at_once: int | None = None) -> None:
        self._learner = classifier.learner
        self.spec = classifier.spec
        self._turns = threading.BoundedSemaphore(at_once or os.cpu_count() or 1)

    def heads(self) -> list[Served]:
        """The model's questions, with what it has learned by now."""
        self._refresh()
        return [Served(head.name, tuple(head.categories)) for head in self._learner.published]

    def scores(self, model: str, image: str, labels: Sequence[str], top_k: int, head: str) -> list[Score]:
        """What the model says of a picture, highest first; arguments as in ``messages.ClassifyBody``.

        What a person has said of this very file counts as certain.

        Raises:
            RefusedError: it can't be answered.
            FileError: the picture can't be decoded.
            ModelError: the model can't be run.
        """
        if model not in ("", self.spec.name):
            raise RefusedError(404, f"There is no model {one_line(model)} here; ask GET /models which there is.")
        names = [one.name for one in self._learner.published]
        if head and head not in names:
            raise RefusedError(404, f"The model has no question {one_line(head)}; it has {', '.join(names)}.")
        data = picture_bytes(image)
        if not self._turns.acquire(timeout=_PATIENCE):
            raise RefusedError(503, "Too many pictures are being looked at; try again later.")
        try:
            pixels = prepare(data, _NAME, self._learner.backbone)
            embeddings = self._learner.backbone.embed(pixels[np.newaxis])
            self._refresh()
            reply = self._learner.answer([hashlib.sha256(data).digest()], embeddings)[0]
        finally:
            self._turns.release()
        confidences = _confidences(reply, head or names[0], labels)
        if not confidences:
            raise RefusedError(409, "The model has learned nothing yet; say in the window what a few pictures are.")
        chosen = _restricted(confidences, labels)
        ranked = sorted(chosen, key=lambda category: -chosen[category])
        return [Score(category, chosen[category]) for category in ranked[:top_k]]

    def _refresh(self) -> None:
        """A window may have been open beside this, in which something was corrected."""
        try:
            self._learner.refresh()
        except WorkspaceError as error:
            _log.warning("Answering with what was learned before: %s", error)


def picture_bytes(image: str) -> bytes:
    """The bytes of a data URI. Anything else is refused: an address is never looked up.

    Raises:
        RefusedError: it is none, or its base64 is wrong.
    """
    start = _DATA_URI.match(image)
    if start is None:
        raise RefusedError(422, "The picture has to be a data URI (data:image/...;base64,...); send its bytes as one.")
    try:
        return base64.b64decode(image[start.end() :], validate=True)
    except (binascii.Error, ValueError):
        raise RefusedError(422, "The base64 of the picture is damaged; encode it again.") from None


def _confidences(reply: Reply, head: str, labels: Sequence[str]) -> dict[str, float]:
    """Category -> probability; certainty where a person has said what it is, if that is among ``labels``, or all."""
    result = reply.heads[head]
    confidences = dict(zip(result.categories, result.probabilities.tolist(), strict=True))
    said = reply.labels.get(head)
    if said is not None and said != UNKNOWN and (said in labels or not labels):
        return dict.fromkeys(confidences, 0.0) | {said: 1.0}
    return confidences


def _restricted(confidences: Mapping[str, float], labels: Sequence[str]) -> Mapping[str, float]:
    """Only those of ``labels`` that the model knows, made to sum to 1 again.

    Raises:
        RefusedError: it knows none of them.
    """
    if not labels:
        return confidences
    chosen = {label: confidences[label] for label in dict.fromkeys(labels) if label in confidences}
    if not chosen:
        raise RefusedError(422, "The model knows none of the labels; ask GET /models which it knows.")
    total = sum(chosen.values())
    if total <= 0:
        return dict.fromkeys(chosen, 1 / len(chosen))
    return {label: confidence / total for label, confidence in chosen.items()}
