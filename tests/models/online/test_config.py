from __future__ import annotations

from typing import Any

import pytest

from models.errors import OnlineError
from models.online import OnlineConfig

DOCUMENTED = {
    "enabled": True,
    "api_key": "sk-secret",
    "api_url": "https://api.openai.com/v1",
    "model": "clip-vit-base-patch32",
    "timeout": 30,
    "max_requests_per_minute": 60,
    "max_requests_per_hour": 1000,
}


def test_the_document_s_mapping_is_taken_and_the_key_is_not_shown() -> None:
    config = OnlineConfig.parse(DOCUMENTED)
    assert (config.enabled, config.timeout, config.max_requests_per_hour, config.form) == (True, 30.0, 1000, "openai")
    assert "sk-secret" not in repr(config) + str(config) + config.model_dump_json()


def test_it_is_off_until_somebody_turns_it_on() -> None:
    assert not OnlineConfig().enabled


@pytest.mark.parametrize(
    ("url", "kind", "form"),
    [
        ("https://api.openai.com", "auto", "openai"),
        ("https://elsewhere.example/v1/", "auto", "openai"),
        ("https://elsewhere.example", "auto", "classify"),
        ("http://127.0.0.1:8765", "auto", "classify"),
        ("http://[::1]:8765/v1", "classify", "classify"),
        ("http://localhost:1", "openai", "openai"),
    ],
)
def test_the_form_follows_from_the_address_unless_it_is_said(url: str, kind: str, form: str) -> None:
    assert OnlineConfig.parse({"api_url": url, "kind": kind}).form == form


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"api_url": "http://elsewhere.example"}, "api_url: the key and the pictures would travel unencrypted"),
        ({"api_url": "http://127.0.0.1.elsewhere.example"}, "unencrypted"),
        ({"api_url": "http://localhost.elsewhere.example"}, "unencrypted"),
        ({"api_url": "https://me:sk-secret@elsewhere.example"}, "put the key into api_key"),
        ({"api_url": "https://elsewhere.example/?key=sk-secret"}, "more than a place"),
        ({"api_url": "ftp://elsewhere.example"}, "starts with https://"),
        ({"api_url": "https://elsewhere.example:port"}, "not an address"),
        ({"api_key": "sk-secret with a space"}, "api_key: a key has no spaces"),
        ({"api_key": "sk-secret\r\nX: y"}, "no spaces, line breaks"),
        ({"timeout": 0}, "timeout"),
        ({"max_requests_per_minute": 0}, "max_requests_per_minute"),
        ({"labels": ["metal", "metal"]}, "twice"),
        ({"max_request_per_minute": 5}, "max_request_per_minute: Extra inputs"),
    ],
)
def test_what_is_wrong_is_one_sentence_without_the_key(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(OnlineError, match=r"^The online model can't be used: ") as caught:
        OnlineConfig.parse(fields)
    assert said in str(caught.value)
    assert "sk-secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
