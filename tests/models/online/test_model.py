from __future__ import annotations

import logging
import subprocess
import sys

import numpy as np
import pytest

from models.errors import OnlineError
from models.keys import ENVIRONMENT, Keys
from models.online import OnlineConfig, OnlineModel
from tests.conftest import ROOT
from tests.models.online.server import Clock, Planned, serving
from tests.models.test_keys import Ring

PICTURE = np.full((40, 60, 4), (200, 40, 40, 255), np.uint8)
NO_KEYS = Keys(Ring(), {})
SECRET = "sk-very-secret"  # noqa: S105 - opens nothing


def test_a_server_of_the_document_s_form_is_asked() -> None:
    with serving() as script:
        model = OnlineModel(
            {"enabled": True, "api_key": SECRET, "api_url": script.url, "model": "mine", "labels": ["metal", "wood"]}
        )
        assert model.predict(PICTURE, top_k=5) == [{"category": "metal", "confidence": 0.85}]
        model.close()
    path, headers, body = script.asked[0]
    assert path == "/classify"
    assert headers["Authorization"] == f"Bearer {SECRET}"
    assert set(body) == {"model", "image", "labels", "top_k"}
    assert body["image"].startswith("data:image/jpeg;base64,")
    assert (body["model"], body["labels"], body["top_k"]) == ("mine", ["metal", "wood"], 2)


def test_chat_completions_are_asked_where_the_address_ends_in_v1() -> None:
    answer = {"choices": [{"message": {"content": '{"scores": {"wood": 0.7}}'}}]}
    with serving(Planned(answer)) as script:
        model = OnlineModel(OnlineConfig(enabled=True, api_key=SECRET, api_url=f"{script.url}/v1"))
        assert model.predict(PICTURE, labels=["metal", "wood"]) == [{"category": "wood", "confidence": 0.7}]
        with pytest.raises(OnlineError, match="set labels"):
            model.predict(PICTURE)
        model.close()
    assert [path for path, _, _ in script.asked] == ["/v1/chat/completions"]


def test_a_malformed_answer_is_one_sentence() -> None:
    with serving(Planned({"predictions": [{"label": "lava", "score": 1}]})) as script:
        model = OnlineModel({"enabled": True, "api_url": script.url, "labels": ["metal"]}, keys=NO_KEYS)
        with pytest.raises(OnlineError, match=r"can't be used: it has a label that was not asked about; check"):
            model.predict(PICTURE)
        model.close()


def test_it_is_off_until_somebody_turns_it_on() -> None:
    with serving() as script, pytest.raises(OnlineError, match="turned off"):
        OnlineModel({"api_url": script.url}).predict(PICTURE)
    assert script.asked == []


def test_the_key_comes_from_the_keyring_of_that_host_and_the_environment_overrules_it() -> None:
    ring = Ring()
    Keys(ring, {}).set("127.0.0.1", SECRET)
    with serving() as script:
        for keys in (Keys(ring, {}), Keys(ring, {ENVIRONMENT: "sk-other"}), NO_KEYS, Keys(Ring(locked=True), {})):
            model = OnlineModel({"enabled": True, "api_url": script.url}, keys=keys)
            model.predict(PICTURE)
            model.close()
    assert [headers.get("Authorization") for _, headers, _ in script.asked] == [
        f"Bearer {SECRET}",
        "Bearer sk-other",
        None,
        None,
    ]


def test_a_server_that_needs_a_key_is_not_asked_without_one() -> None:
    with serving() as script:
        config = OnlineConfig(enabled=True, api_url=f"{script.url}/v1", labels=("a",))
        with pytest.raises(
            OnlineError, match=rf"no key for 127\.0\.0\.1; keep one in the settings, or set {ENVIRONMENT}"
        ):
            OnlineModel(config, keys=NO_KEYS).predict(PICTURE)
        with pytest.raises(OnlineError, match="keyring can't be used"):
            OnlineModel(config, keys=Keys(Ring(locked=True), {})).predict(PICTURE)
        with pytest.raises(OnlineError, match="no key does"):
            OnlineModel(config, keys=Keys(Ring(), {ENVIRONMENT: "sk\nvery"})).predict(PICTURE)
    assert script.asked == []


def test_the_key_is_neither_logged_nor_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    clock = Clock()
    with serving(Planned(status=500), Planned(status=401, body={"detail": f"wrong: {SECRET}"})) as script:
        model = OnlineModel({"enabled": True, "api_key": SECRET, "api_url": script.url}, timing=clock.timing)
        with pytest.raises(OnlineError) as caught:
            model.predict(PICTURE)
        model.close()
    assert "Authorization" in script.asked[0][1]
    shown = [caplog.text, repr(model), repr(model.config), repr(vars(model)["config"]), str(caught.value)]
    assert [text for text in shown if SECRET in text] == []


def test_importing_it_loads_neither_the_http_library_nor_the_keyring() -> None:
    code = "import sys, models.online, models.manager; print({'httpx', 'keyring', 'onnxruntime'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
