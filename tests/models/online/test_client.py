from __future__ import annotations

import itertools
import socket
from pathlib import Path
from typing import Any

import pytest

from models.errors import OnlineError
from models.online import OnlineConfig, Timing
from models.online.client import LARGEST_ANSWER, REST, Client
from tests.models.online.server import Clock, Planned, Script, self_signed, serving

KEY = "sk-very-secret"


def ask(script: Script, clock: Clock, *, times: int = 1, **settings: Any) -> bytes:
    """What the server says the last time."""
    client = Client(OnlineConfig.parse({"api_url": script.url} | settings), clock.timing)
    try:
        for _ in range(times - 1):
            client.post("/classify", {}, KEY)
        return client.post("/classify", {"a": 1}, KEY)
    finally:
        client.close()


def test_an_answer_comes_back_and_the_key_goes_as_a_bearer_token() -> None:
    with serving(Planned(b"as it is")) as script:
        assert ask(script, Clock()) == b"as it is"
    path, headers, body = script.asked[0]
    assert (path, body, headers["Authorization"]) == ("/classify", {"a": 1}, f"Bearer {KEY}")
    assert headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again_each_time_after_twice_the_pause(status: int) -> None:
    clock = Clock()
    with serving(Planned(status=status), Planned(status=status), Planned(b"at last")) as script:
        assert ask(script, clock) == b"at last"
    assert len(script.asked) == 3
    assert clock.slept == [0.5, 1.0]


def test_chance_shortens_a_pause_to_a_half_at_most() -> None:
    clock = Clock(chance=0.0)
    with serving(Planned(status=500), Planned()) as script:
        ask(script, clock)
    assert clock.slept == [0.25]


def test_a_connection_that_breaks_is_tried_again() -> None:
    clock = Clock()
    with serving(Planned(cut=True), Planned(b"at last")) as script:
        assert ask(script, clock) == b"at last"
    assert clock.slept == [0.5]


@pytest.mark.parametrize("header", ["7", "Thu, 01 Jan 2026 12:00:07 GMT"])
def test_retry_after_is_honoured(header: str) -> None:
    clock = Clock()
    with serving(Planned(status=429, headers={"Retry-After": header}), Planned(b"at last")) as script:
        assert ask(script, clock) == b"at last"
    assert clock.slept == [7.0]


def test_a_longer_retry_after_is_not_waited_for_and_not_forgotten() -> None:
    clock = Clock()
    with serving(Planned(status=429, headers={"Retry-After": "600"})) as script:
        client = Client(OnlineConfig(api_url=script.url, timeout=30), clock.timing)
        with pytest.raises(OnlineError, match="asked too often"):
            client.post("/classify", {}, KEY)
        with pytest.raises(OnlineError, match="not asked again for 600 s"):
            client.post("/classify", {}, KEY)
        assert (len(script.asked), clock.slept) == (1, [])
        clock.now += 600
        script.plan = [Planned(b"at last")]
        assert client.post("/classify", {}, KEY) == b"at last"
        client.close()


@pytest.mark.parametrize("header", ["soon", "-5", "Thu, 99 Jan 2026 12:00:07 GMT"])
def test_a_retry_after_that_says_nothing_is_none(header: str) -> None:
    clock = Clock()
    with serving(Planned(status=503, headers={"Retry-After": header}), Planned(b"at last")) as script:
        assert ask(script, clock) == b"at last"
    assert clock.slept == [0.5]


@pytest.mark.parametrize(
    ("planned", "said"),
    [
        (Planned(status=400, body={"detail": "No such label."}), "refuses the request (No such label); check"),
        (Planned(status=400, body={"error": {"message": f"bad\nkey {KEY}"}}), r"(bad\nkey …)"),
        (Planned(status=400, body=b"\xff"), "refuses the request; check the settings (status 400)"),
        (Planned(status=401, body={"detail": KEY}), "does not accept the key"),
        (Planned(status=403), "may do"),
        (Planned(status=404), "no such model or address"),
        (Planned(status=413), "too large"),
        (Planned(status=302, headers={"Location": "http://127.0.0.1:9/steal"}), "where the key is not sent"),
        (Planned(status=308, headers={"Location": "/elsewhere"}), "another address"),
        (Planned(body=b" " * (LARGEST_ANSWER + 1)), "more than a mebibyte"),
    ],
)
def test_what_would_fail_again_is_not_tried_again(planned: Planned, said: str) -> None:
    clock = Clock()
    with serving(planned) as script, pytest.raises(OnlineError) as caught:
        ask(script, clock)
    assert said in str(caught.value)
    assert str(caught.value).startswith("127.0.0.1 ")
    assert "\n" not in str(caught.value)
    assert KEY not in str(caught.value)
    assert (len(script.asked), clock.slept) == (1, [])


def test_the_largest_answer_is_still_read() -> None:
    with serving(Planned(body=b" " * LARGEST_ANSWER)) as script:
        assert len(ask(script, Clock())) == LARGEST_ANSWER


def test_a_server_that_never_answers_is_waited_for_once() -> None:
    clock = Clock()
    with serving(Planned(hang=True)) as script:
        client = Client(OnlineConfig(api_url=script.url, timeout=0.2), clock.timing)
        with pytest.raises(OnlineError, match="takes too long to answer"):
            client.post("/classify", {}, KEY)
        with pytest.raises(OnlineError, match=f"not asked again for {REST:.0f} s"):
            client.post("/classify", {}, KEY)
        client.close()
    assert (len(script.asked), clock.slept) == (1, [])


def test_an_answer_that_trickles_in_is_not_waited_for_to_its_end() -> None:
    ticks = itertools.count(0, 40)  # each look at the clock finds it 40 seconds on
    with serving() as script:
        client = Client(OnlineConfig(api_url=script.url, timeout=30), Timing(clock=lambda: float(next(ticks))))
        with pytest.raises(OnlineError, match="takes too long to answer"):
            client.post("/classify", {}, KEY)
        client.close()
    assert len(script.asked) == 1


def test_nothing_is_sent_to_a_server_whose_certificate_nobody_knows(tmp_path: Path) -> None:
    with serving(certificate=self_signed(tmp_path)) as script, pytest.raises(OnlineError, match="can't be reached"):
        ask(script, Clock())
    assert script.asked == []


def test_a_server_that_is_not_there_is_left_alone_for_a_while() -> None:
    with socket.socket() as unused:  # bound, and nobody listens
        unused.bind(("127.0.0.1", 0))
        clock = Clock()
        client = Client(OnlineConfig(api_url=f"http://127.0.0.1:{unused.getsockname()[1]}"), clock.timing)
        with pytest.raises(OnlineError, match=r"can't be reached \(ConnectError\)"):
            client.post("/classify", {}, "")
        assert clock.slept == [0.5, 1.0]
        with pytest.raises(OnlineError, match="not asked again for 30 s"):
            client.post("/classify", {}, "")
        clock.now += REST
        with pytest.raises(OnlineError, match="can't be reached"):
            client.post("/classify", {}, "")
        client.close()


def test_no_more_is_asked_than_agreed_and_attempts_count() -> None:
    clock = Clock()
    with serving(Planned(status=500), Planned()) as script:
        client = Client(OnlineConfig(api_url=script.url, max_requests_per_minute=3), clock.timing)
        client.post("/classify", {}, "")  # two attempts
        client.post("/classify", {}, "")
        with pytest.raises(OnlineError, match=r"not asked again for 60 s .*its limit, or yours"):
            client.post("/classify", {}, "")
        assert len(script.asked) == 3
        clock.now += 60
        client.post("/classify", {}, "")
        client.close()
    assert "Authorization" not in script.asked[0][1]


def test_a_proxy_of_the_environment_does_not_see_what_is_meant_for_this_computer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving() as script, serving(Planned(status=400)) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        ask(script, Clock())
    assert (len(script.asked), proxy.asked) == (1, [])
