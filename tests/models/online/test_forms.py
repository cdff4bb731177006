from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from models.images.decode import decode
from models.online.config import Form
from models.online.forms import Question, data_uri, read_answer, request

QUESTION = Question("model_name", "data:image/jpeg;base64,AAAA", ("metal", "stone", "wood"), 5)


def openai(content: Any) -> bytes:
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


def test_the_document_s_request() -> None:
    assert request("classify", QUESTION) == {
        "model": "model_name",
        "image": "data:image/jpeg;base64,AAAA",
        "labels": ["metal", "stone", "wood"],
        "top_k": 5,
    }


def test_the_request_of_chat_completions_has_picture_labels_and_model() -> None:
    body = request("openai", QUESTION)
    text, picture = body["messages"][-1]["content"]
    assert body["model"] == "model_name"
    assert json.loads(text["text"]) == {"labels": ["metal", "stone", "wood"], "at most": 5}
    assert picture["image_url"]["url"] == QUESTION.image


@pytest.mark.parametrize(
    ("shape", "sent"),
    [((40, 2000), (10, 512)), ((2000, 40), (512, 10)), ((600, 600), (512, 512)), ((1, 5000), (1, 512))],
)
def test_a_picture_is_sent_small_and_keeps_its_shape(shape: tuple[int, int], sent: tuple[int, int]) -> None:
    uri = data_uri(np.full((*shape, 3), (200, 30, 30), np.uint8), 512)
    head, _, content = uri.partition(",")
    picture = decode(base64.b64decode(content), "sent.jpg")
    assert head == "data:image/jpeg;base64"
    assert (picture.height, picture.width) == sent
    assert np.abs(picture.pixels.mean((0, 1)) - (200, 30, 30)).max() < 4


def test_a_small_picture_is_not_enlarged() -> None:
    _, _, content = data_uri(np.zeros((8, 9, 3), np.uint8), 512).partition(",")
    picture = decode(base64.b64decode(content), "sent.jpg")
    assert (picture.width, picture.height) == (9, 8)


def test_the_document_s_response() -> None:
    body = b"""{"predictions": [{"label": "stone", "score": 0.10}, {"label": "metal", "score": 0.85},
        {"label": "wood", "score": 0.05}]}"""
    assert read_answer("classify", body, QUESTION) == [
        {"category": "metal", "confidence": 0.85},
        {"category": "stone", "confidence": 0.1},
        {"category": "wood", "confidence": 0.05},
    ]
    assert len(read_answer("classify", body, Question("", "", (), 2))) == 2


@pytest.mark.parametrize(
    "content",
    ['{"scores": {"metal": 0.9, "wood": 0}}', '{"metal": 0.9, "wood": 0}', '```json\n{"metal": 0.9, "wood": 0}\n```'],
)
def test_scores_of_chat_completions(content: str) -> None:
    assert read_answer("openai", openai(content), QUESTION) == [
        {"category": "metal", "confidence": 0.9},
        {"category": "wood", "confidence": 0.0},
    ]


@pytest.mark.parametrize(
    ("form", "body", "said"),
    [
        ("classify", b"<html>", "not JSON"),
        ("classify", b"\xff\xfe", "not JSON"),
        ("classify", b"[" * 100_000, "not JSON"),
        ("classify", b"[]", "no list"),
        ("classify", b'{"predictions": {}}', "no list"),
        ("classify", b'{"predictions": [1]}', "no list"),
        ("classify", b'{"predictions": []}', "no predictions"),
        ("classify", b'{"predictions": [{"label": "lava", "score": 0.5}]}', "not asked about"),
        ("classify", b'{"predictions": [{"label": ["metal"], "score": 0.5}]}', "not a text"),
        ("classify", b'{"predictions": [{"label": "metal"}]}', "from 0 to 1"),
        ("classify", b'{"predictions": [{"label": "metal", "score": true}]}', "from 0 to 1"),
        ("classify", b'{"predictions": [{"label": "metal", "score": NaN}]}', "from 0 to 1"),
        ("classify", b'{"predictions": [{"label": "metal", "score": Infinity}]}', "from 0 to 1"),
        ("classify", b'{"predictions": [{"label": "metal", "score": 1.01}]}', "from 0 to 1"),
        ("classify", b'{"predictions": [{"label": "metal", "score": 1' + b"0" * 400 + b"}]}", "from 0 to 1"),
        ("classify", b'{"predictions": [{"label": "metal", "score": "0.5"}]}', "from 0 to 1"),
        ("classify", b'{"predictions": [{"label": "metal", "score": 1}, {"label": "metal", "score": 0}]}', "twice"),
        ("openai", b'{"choices": []}', "no message"),
        ("openai", b"null", "no message"),
        ("openai", openai(None), "not a text"),
        ("openai", openai("It is metal."), "not JSON"),
        ("openai", openai("[1]"), "no scores"),
        ("openai", openai('{"scores": [1]}'), "no scores"),
        ("openai", openai('{"scores": {"lava": 1}}'), "not asked about"),
    ],
)
def test_a_malformed_answer_is_the_end_of_a_sentence(form: Form, body: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_answer(form, body, QUESTION)
