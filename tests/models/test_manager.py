from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.blending import Prediction
from models.errors import ModelError, OnlineError
from models.manager import ModelManager
from models.rules import MATERIALS, classify
from tests.models.networks import COLOURS, plain, write_colours
from tests.models.online.server import Planned, serving

RED = plain((250, 10, 10))


def says(**confidences: float) -> list[Prediction]:
    return [Prediction(category=name, confidence=value) for name, value in confidences.items()]


class Speaker:
    """A model that says what it is told to, on this computer or another."""

    categories = ("metal", "stone", "wood")

    def __init__(self, *answers: list[Prediction] | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[int, tuple[str, ...]]] = []

    def predict(self, image: Any, top_k: int = 5, labels: Sequence[str] = ()) -> list[Prediction]:
        self.asked.append((top_k, tuple(labels)))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer[:top_k]

    def close(self) -> None:
        self.asked.append((0, ("closed",)))


OFFLINE = says(metal=0.5, stone=0.3, wood=0.2)
ONLINE = says(wood=0.9, stone=0.1)


def test_one_model_alone_says_what_it_says() -> None:
    assert ModelManager(Speaker(OFFLINE)).predict(RED, top_k=2) == says(metal=0.5, stone=0.3)
    assert ModelManager(None, Speaker(ONLINE)).predict(RED) == ONLINE


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("confidence_weighted", says(wood=(0.9 + 0.2) / 4, metal=0.5 / 4, stone=0.4 / 4)),
        ("max", says(wood=0.9, metal=0.5, stone=0.3)),
        ("average", says(wood=0.55, metal=0.25, stone=0.2)),
    ],
)
def test_two_answers_are_blended(mode: Any, expected: list[Prediction]) -> None:
    manager = ModelManager(Speaker(OFFLINE), Speaker(ONLINE), blend_mode=mode)
    said = manager.predict(RED)
    assert [one["category"] for one in said] == [one["category"] for one in expected]
    assert [one["confidence"] for one in said] == pytest.approx([one["confidence"] for one in expected])
    assert manager.stats.blended == 1


def test_both_are_asked_for_all_they_know_and_the_online_one_about_the_offline_one_s_categories() -> None:
    offline, online = Speaker(OFFLINE), Speaker(ONLINE)
    assert len(ModelManager(offline, online).predict(RED, top_k=1)) == 1
    assert (offline.asked, online.asked) == ([(1000, ())], [(1000, ("metal", "stone", "wood"))])


def test_when_the_online_model_fails_the_offline_one_answers_and_that_is_not_remembered(
    caplog: pytest.LogCaptureFixture,
) -> None:
    online = Speaker(OnlineError("127.0.0.1 can't be reached."), ONLINE)
    manager = ModelManager(Speaker(OFFLINE), online, blend_mode="max")
    with caplog.at_level(logging.WARNING):
        assert manager.predict(RED) == OFFLINE
    assert "Going on without the online model: 127.0.0.1 can't be reached." in caplog.text
    assert manager.predict(RED)[0] == says(wood=0.9)[0]
    assert manager.predict(RED)[0] == says(wood=0.9)[0]
    stats = manager.stats
    assert (stats.online_failures, stats.online, stats.offline, stats.cache_hits) == (1, 1, 2, 1)


def test_when_the_offline_model_fails_it_says_nothing_and_the_online_one_answers() -> None:
    manager = ModelManager(Speaker(ModelError("It failed.")), Speaker(ONLINE))
    assert manager.predict(RED) == ONLINE
    assert (manager.stats.offline_failures, manager.stats.blended, manager.get_stats()["cached"]) == (1, 0, 0)


def test_when_nobody_answers_the_rules_guess_and_it_is_not_remembered() -> None:
    failing = ModelManager(Speaker(ModelError("It failed.")), Speaker(OnlineError("It failed.")))
    for manager in (ModelManager(), failing, ModelManager(Speaker([]))):
        assert manager.predict(RED, 3, name="brick.png") == classify(RED, "brick.png", 3)
        assert manager.predict(RED, 3) == classify(RED, None, 3)
        assert (manager.stats.rules, manager.get_stats()["cached"]) == (2, 0)


def test_what_is_less_sure_is_left_out_even_if_nothing_remains() -> None:
    assert ModelManager(Speaker(OFFLINE), min_confidence=0.3).predict(RED) == says(metal=0.5, stone=0.3)
    assert ModelManager(Speaker(OFFLINE), min_confidence=0.6).predict(RED) == []


def test_predictions_are_remembered_by_pixels_and_shape_up_to_the_size_of_the_cache() -> None:
    offline = Speaker(OFFLINE)
    manager = ModelManager(offline, cache_size=2)
    pictures = [plain((1, 2, 3)), plain((1, 2, 4)), plain((1, 2, 3), 30, 20)]
    for picture in pictures:
        first = manager.predict(picture)
        first[0]["confidence"] = 7.0  # whoever asks owns the answer
        assert manager.predict(picture) == OFFLINE
    assert len(offline.asked) == 3
    manager.predict(pictures[0])  # the one that was asked for longest ago has gone
    manager.predict(pictures[2])
    assert len(offline.asked) == 4
    assert manager.get_stats()["cached"] == 2
    assert manager.stats.predictions == 8


def test_a_cache_of_no_size_remembers_nothing() -> None:
    offline = Speaker(OFFLINE)
    manager = ModelManager(offline, cache_size=0)
    manager.predict(RED)
    manager.predict(RED)
    assert (len(offline.asked), manager.stats.cache_hits) == (2, 0)


def test_another_model_answers_at_once_and_one_that_can_not_be_loaded_changes_nothing(tmp_path: Path) -> None:
    manager = ModelManager(Speaker(OFFLINE))
    assert manager.predict(RED)[0]["category"] == "metal"
    with pytest.raises(ModelError, match="is not there"):
        manager.set_offline_model(tmp_path / "none.onnx")
    assert manager.predict(RED)[0]["category"] == "metal"
    assert manager.get_stats()["cached"] == 1
    manager.set_offline_model(write_colours(tmp_path / "colours.onnx"))
    assert manager.get_stats()["cached"] == 0
    assert manager.predict(RED)[0]["category"] == "red"
    assert manager.stats.switches == 1


class Slow(Speaker):
    """Says nothing before it may."""

    def __init__(self, answer: list[Prediction]) -> None:
        super().__init__(answer)
        self.begun, self.may = threading.Event(), threading.Event()

    def predict(self, image: Any, top_k: int = 5, labels: Sequence[str] = ()) -> list[Prediction]:
        self.begun.set()
        self.may.wait()
        return super().predict(image, top_k, labels)


def test_an_answer_of_the_old_model_is_not_remembered_for_the_new_one(tmp_path: Path) -> None:
    slow = Slow(OFFLINE)
    manager = ModelManager(slow)
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(manager.predict, RED)
        slow.begun.wait()
        manager.set_offline_model(write_colours(tmp_path / "colours.onnx"))  # does not wait for the one that is slow
        slow.may.set()
        assert late.result()[0]["category"] == "metal"
    assert manager.get_stats()["cached"] == 0
    assert manager.predict(RED)[0]["category"] == "red"


def test_many_threads_ask_while_the_model_is_switched(tmp_path: Path) -> None:
    names = ("a", "b", "c")
    paths = [
        write_colours(tmp_path / "0.onnx", size=32),
        write_colours(tmp_path / "1.onnx", size=32, names=names),
    ]
    manager = ModelManager.create_default({"offline_model_path": paths[0], "cache_size": 3})
    colours = [plain((number, 200, 0)) for number in range(6)]

    def ask(number: int) -> tuple[str, ...]:
        if number % 50 == 7:
            manager.set_offline_model(paths[number % 2])
        return tuple(one["category"] for one in manager.predict(colours[number % 6], top_k=3))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(400)))
    # Each answer is that of one model, never a mixture
    assert {frozenset(answer) for answer in answers} <= {frozenset(COLOURS), frozenset(names)}
    stats = manager.stats
    assert (stats.predictions, stats.cache_hits + stats.offline) == (400, 400)
    assert manager.get_stats()["cached"] <= 3


def test_an_offline_model_that_is_not_there_leaves_the_others(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    manager = ModelManager.create_default({"offline_model_path": tmp_path / "none.onnx"})
    assert "Going on without an offline model" in caplog.text
    assert not manager.get_stats()["offline_available"]
    assert manager.predict(RED)[0]["category"] in MATERIALS


def test_a_server_is_asked_only_if_both_switches_are_on() -> None:
    with serving(Planned({"predictions": [{"label": "wood", "score": 1}]})) as script:
        for outer, inner in ((True, False), (False, True), (True, True)):
            manager = ModelManager.create_default(
                {"offline_enabled": False, "online_enabled": outer, "online": {"enabled": inner, "api_url": script.url}}
            )
            assert manager.get_stats()["online_available"] is (outer and inner)
            manager.predict(RED)
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"blend_mode": "median"}, "blend_mode"),
        ({"min_confidence": 2}, "min_confidence"),
        ({"offline_enable": True}, "offline_enable"),
        ({"cache_size": -1}, "cache_size"),
    ],
)
def test_a_wrong_configuration_is_one_sentence(config: dict[str, Any], said: str) -> None:
    with pytest.raises(ModelError, match=rf"^The models can't be set up: {said}: .*; change that") as caught:
        ModelManager.create_default(config)
    assert "\n" not in str(caught.value)


def test_a_wrong_server_is_one_sentence_without_the_key() -> None:
    config = {"online": {"api_url": "http://elsewhere.example", "api_key": "sk-secret"}}
    with pytest.raises(OnlineError, match="unencrypted") as caught:
        ModelManager.create_default(config)
    assert "sk-secret" not in str(caught.value)


def test_closing_closes_the_connections() -> None:
    online = Speaker(ONLINE)
    ModelManager(Speaker(OFFLINE), online).close()
    ModelManager().close()
    assert online.asked == [(0, ("closed",))]


def test_asking_for_no_predictions_or_about_no_picture_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="top_k"):
        ModelManager().predict(RED, 0)
    with pytest.raises(ValueError, match="a picture is an array"):
        ModelManager().predict(np.zeros(3, np.uint8))
