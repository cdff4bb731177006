"""One POST to one server: the key, time-outs, another attempt when that can help, and one sentence when it can't."""

from __future__ import annotations

import json
import math
import random
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from models.errors import OnlineError, one_line
from models.online.config import OnlineConfig, is_loopback
from models.online.rate import RateLimit

if TYPE_CHECKING:  # a tenth of a second: only for who asks a server
    import httpx

__all__ = ["LARGEST_ANSWER", "Client", "Timing"]

LARGEST_ANSWER = 1 << 20
"""Bytes of an answer; what is longer is not read to its end."""

FIRST_PAUSE = 0.5
"""Seconds before the second attempt; each further pause is twice the one before, times 0.5 to 1 by chance, so that many
programs that failed together don't come back together."""

REST = 30.0
"""Seconds for which a server that could not be reached is left alone: the next thousand pictures need not wait."""

_BUSY = frozenset({429, 500, 502, 503, 504})
"""Statuses after which the same request may succeed."""

_SAID: Mapping[int, str] = {
    401: "does not accept the key; check it, and for which server it is",
    403: "does not accept the key for this model; check what the key may do",
    404: "has no such model or address; check api_url and model",
    408: "gave up waiting for the picture; try again, or send smaller pictures",
    413: "finds the picture too large; send smaller ones (side)",
    429: "is asked too often; lower max_requests_per_minute, or wait a while",
}


@dataclass(frozen=True, slots=True)
class Timing:
    """Time and chance, replaced by tests that must not wait.

    Attributes:
        clock: seconds since whenever, never going back.
        sleep: wait for so many seconds.
        chance: a number from 0 to 1.
        now: the time of day, for a date in ``Retry-After``.
    """

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


class Client:
    """Asks the server of ``config``. Safe to use from several threads at once.

    Args:
        config: of the server.
        timing: time and chance.
    """

    def __init__(self, config: OnlineConfig, timing: Timing | None = None) -> None:
        self._config = config
        self._timing = timing or Timing()
        self._limit = RateLimit(
            {60.0: config.max_requests_per_minute, 3600.0: config.max_requests_per_hour}, self._timing.clock
        )
        self._lock = threading.Lock()
        self._http: httpx.Client | None = None

    def post(self, path: str, body: Mapping[str, Any], key: str) -> bytes:
        """The body of the server's answer to ``body``, sent as JSON to ``api_url`` and ``path``.

        Args:
            path: with a slash in front.
            body: what is sent.
            key: sent as a bearer token; "" for none.

        Raises:
            OnlineError: there is no answer, or it may not be asked for now.
        """
        content = json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        for attempt in range(1, self._config.attempts + 1):
            self._enter()
            outcome = self._attempt(path, content, headers)
            if isinstance(outcome, bytes):
                return outcome
            pause = self._pause(attempt, outcome)
            if outcome.final or attempt == self._config.attempts or pause > self._config.timeout:
                if outcome.wait is not None or not outcome.reached:
                    self._limit.close(REST if outcome.wait is None else outcome.wait)
                raise OnlineError(f"{self._config.host} {_without(outcome.sentence, key)}.")
            self._timing.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def close(self) -> None:
        """Close the connections; a later ``post`` opens new ones."""
        with self._lock:
            if self._http is not None:
                self._http.close()
                self._http = None

    # -- inside -------------------------------------------------------------------------------------------------------

    def _enter(self) -> None:
        wait = self._limit.take()
        if wait > 0:
            raise OnlineError(
                f"{self._config.host} is not asked again for {math.ceil(wait)} s (its limit, or yours, is reached); "
                "the model on this computer answers meanwhile."
            )

    def _attempt(self, path: str, content: bytes, headers: Mapping[str, str]) -> bytes | _Failed:
        import httpx

        deadline = self._timing.clock() + self._config.timeout
        try:
            with self._client().stream(
                "POST", self._config.api_url + path, content=content, headers=dict(headers)
            ) as response:
                answer = bytearray()
                # Raw: nothing was asked to be compressed, and what is none the less could unpack to any size
                for chunk in response.iter_raw():
                    answer += chunk
                    if len(answer) > LARGEST_ANSWER:
                        return _Failed("answers with more than a mebibyte; check api_url", final=True)
                    if self._timing.clock() > deadline:
                        return _TOO_SLOW
        except httpx.TimeoutException:
            return _TOO_SLOW
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return _Failed(
                f"can't be reached ({type(error).__name__}); check the connection and api_url", reached=False
            )
        if response.status_code == 200:
            return bytes(answer)
        return self._refused(response.status_code, bytes(answer), response.headers.get("Retry-After"))

    def _refused(self, status: int, answer: bytes, retry_after: str | None) -> _Failed:
        if 300 <= status < 400:
            return _Failed("sends to another address, where the key is not sent; put that one into api_url", final=True)
        said = _SAID.get(status) or (
            "has failed; try again later"
            if status >= 500
            else f"refuses the request{_detail(answer)}; check the settings"
        )
        wait = self._asked_to_wait(retry_after) if status in (429, 503) else None
        return _Failed(f"{said} (status {status})", final=status not in _BUSY, wait=wait)

    def _asked_to_wait(self, header: str | None) -> float | None:
        """Seconds from ``Retry-After``, which is a number of them or a date (RFC 9110, section 10.2.3)."""
        if header is None:
            return None
        if header.strip().isdecimal():
            return float(header)
        try:
            when = parsedate_to_datetime(header)
        except (ValueError, OverflowError):
            return None
        return max(0.0, float((when - self._timing.now()).total_seconds())) if when.tzinfo else None

    def _pause(self, attempt: int, failed: _Failed) -> float:
        if failed.wait is not None:
            return failed.wait
        return FIRST_PAUSE * 2.0 ** (attempt - 1) * (0.5 + self._timing.chance() / 2)

    def _client(self) -> httpx.Client:
        import httpx

        with self._lock:
            if self._http is None:
                # A proxy of the environment is right for the world, and would see what is meant for this computer.
                self._http = httpx.Client(
                    timeout=self._config.timeout,
                    follow_redirects=False,
                    trust_env=not is_loopback(self._config.host),
                )
                weakref.finalize(self, self._http.close)  # the document's examples close nothing
            return self._http


@dataclass(frozen=True, slots=True)
class _Failed:
    """Why an attempt failed.

    Attributes:
        sentence: without the host in front and the full stop.
        final: whether the same request would fail again.
        reached: whether the server has said anything.
        wait: seconds that it asks to be left alone; None when it does not say.
    """

    sentence: str
    final: bool = False
    reached: bool = True
    wait: float | None = None


_TOO_SLOW = _Failed("takes too long to answer; raise timeout, or try again later", final=True, reached=False)
"""Not tried again: whoever has waited for as long as was agreed would wait twice as long."""


def _detail(answer: bytes) -> str:
    """What the server says is wrong, where it says so as FastAPI or OpenAI do; "" else."""
    try:
        said = json.loads(answer)
        if isinstance(said, dict):
            said = said.get("detail") or said["error"]["message"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return ""
    return f" ({one_line(said)[:200].rstrip('. ')})" if isinstance(said, str) and said else ""


def _without(sentence: str, key: str) -> str:
    """A server may quote the key; whoever reads the log must not see it."""
    return sentence.replace(key, "…") if key else sentence
