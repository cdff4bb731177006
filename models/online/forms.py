"""The two forms in which a server is asked, and what its answers must look like. Pure functions over JSON.

``classify`` is the document's own: ``POST {api_url}/classify``. ``openai`` is the chat completions that OpenAI and many
servers of one's own offer, with the picture as a data URI and the labels in the text.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.blending import Prediction, ranked
from models.images.resize import to_size
from models.online.config import Form

__all__ = ["PATHS", "Question", "data_uri", "read_answer", "request"]

PATHS: Mapping[Form, str] = {"classify": "/classify", "openai": "/chat/completions"}
"""What follows ``api_url``."""

_QUALITY = 90
"""Of the JPEG: an eighth of the bytes of 100, and no model tells them apart."""

_LONGEST_LABEL = 200

_FENCE = re.compile(r"^\s*```(?:json)?\s*(.*?)\s*```\s*$", re.DOTALL)
"""Some models wrap JSON for a reader, whatever they are told."""

_INSTRUCTION = (
    "You classify one picture. Answer with a JSON object and nothing else: "
    '{"scores": {"<label>": <probability from 0 to 1>, ...}}. '
    "Use only labels from the list, word for word, the most probable ones, at most as many as asked for."
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about one picture.

    Attributes:
        model: the name by which the server knows the model.
        image: the picture as a data URI.
        labels: to choose from; empty to leave it to the server.
        top_k: how many predictions are wanted.
    """

    model: str
    image: str
    labels: tuple[str, ...]
    top_k: int


def data_uri(rgb: NDArray[np.uint8], side: int) -> str:
    """A picture, uint8 (H, W, 3) RGB, as the data URI of a JPEG whose longest side is at most ``side`` pixels."""
    height, width = rgb.shape[:2]
    longest = max(height, width)
    if longest > side:
        rgb = to_size(rgb, *(max(1, round(length * side / longest)) for length in (width, height)))
    _, content = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return f"data:image/jpeg;base64,{base64.b64encode(content.tobytes()).decode('ascii')}"


def request(form: Form, question: Question) -> dict[str, Any]:
    """The body of a request, to be sent as JSON."""
    if form == "classify":
        return {
            "model": question.model,
            "image": question.image,
            "labels": list(question.labels),
            "top_k": question.top_k,
        }
    asked = json.dumps({"labels": list(question.labels), "at most": question.top_k}, ensure_ascii=False)
    return {
        "model": question.model,
        "temperature": 0,
        "response_format": {"type": "json_object"},
        "messages": [
            {"role": "system", "content": _INSTRUCTION},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": asked},
                    {"type": "image_url", "image_url": {"url": question.image, "detail": "low"}},
                ],
            },
        ],
    }


def read_answer(form: Form, body: bytes, question: Question) -> list[Prediction]:
    """The predictions in an answer, highest first, at most ``question.top_k``.

    Raises:
        ValueError: it is malformed; the message is the end of a sentence, such as "it is not JSON".
    """
    answer = _json(body)
    scores = _of_classify(answer) if form == "classify" else _of_openai(answer)
    confidences: dict[str, float] = {}
    for label, score in scores:
        if not isinstance(label, str) or not 0 < len(label) <= _LONGEST_LABEL or not label.isprintable():
            raise ValueError("a label is not a text")
        if question.labels and label not in question.labels:
            raise ValueError("it has a label that was not asked about")
        if label in confidences:
            raise ValueError("the same label is there twice")
        if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
            raise ValueError("a score is not a number from 0 to 1")
        confidences[label] = float(score)
    if not confidences:
        raise ValueError("it has no predictions")
    return ranked(confidences)[: question.top_k]


def _of_classify(answer: Any) -> list[tuple[Any, Any]]:
    predictions = answer.get("predictions") if isinstance(answer, dict) else None
    if not isinstance(predictions, list) or not all(isinstance(one, dict) for one in predictions):
        raise ValueError("it has no list of predictions")
    return [(one.get("label"), one.get("score")) for one in predictions]


def _of_openai(answer: Any) -> Sequence[tuple[Any, Any]]:
    try:
        text = answer["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        raise ValueError("it has no message") from None
    if not isinstance(text, str):
        raise ValueError("its message is not a text")
    fenced = _FENCE.match(text)
    scores = _json((fenced[1] if fenced else text).encode())
    if isinstance(scores, dict) and "scores" in scores:
        scores = scores["scores"]
    if not isinstance(scores, dict):
        raise ValueError("its message has no scores")
    return list(scores.items())


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
