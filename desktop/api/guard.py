"""In front of everything: who does not know the token is turned away, and so is a body that is too long or comes too
slowly. Nothing of what is turned away is kept.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Guard", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may be.

    Attributes:
        body_bytes: of its body; a picture as base64 is a third longer than its file.
        body_seconds: until all of it is here.
        at_once: requests that are worked on side by side; None for one a core.
    """

    body_bytes: int = 16 << 20
    body_seconds: float = 60.0
    at_once: int | None = None


_DRAINED = 4
"""How many times the length that is allowed is read, and thrown away, before a request is refused: most programs listen
for an answer only when they have sent everything, and would be told of a broken connection else."""

_DRAINING = 5.0
"""Seconds for which that is done for who has no token."""


class _RefusedError(Exception):
    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        self.status = status
        super().__init__(sentence)


class Guard:
    """ASGI middleware.

    Args:
        app: what is guarded.
        token: who sends it as a bearer token may come in.
        limits: of one request.
        public: paths for which no token is needed; one that ends in a slash is the start of paths.
    """

    def __init__(self, app: ASGIApp, token: str, limits: Limits, public: Collection[str]) -> None:
        self._app = app
        self._token = token.encode()
        self._limits = limits
        self._public = tuple(public)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI has it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        refused = None if self._is_public(scope["path"]) else self._without_token(scope)
        try:
            body = await self._body(scope, receive, refused)
        except _RefusedError as error:
            await _refuse(send, error)
            return
        await self._app(scope, _replay(body, receive), send)

    def _is_public(self, path: str) -> bool:
        return any(path == one or (one.endswith("/") and path.startswith(one)) for one in self._public)

    def _without_token(self, scope: Scope) -> _RefusedError | None:
        scheme, _, given = _header(scope, b"authorization").partition(b" ")
        # Always compared, and in constant time: how long a refusal takes says nothing about the token.
        if hmac.compare_digest(given.strip(), self._token) and scheme.lower() == b"bearer":
            return None
        return _RefusedError(
            HTTPStatus.UNAUTHORIZED,
            "The token is missing or wrong; send the one that sortwerk serve was given as a bearer token.",
        )

    async def _body(self, scope: Scope, receive: Receive, refused: _RefusedError | None) -> bytes:
        """The body; of one that is refused, already or for its length, the end is waited for and nothing kept."""
        most = self._limits.body_bytes
        seconds = self._limits.body_seconds if refused is None else min(self._limits.body_seconds, _DRAINING)
        announced = _header(scope, b"content-length")
        came = int(announced) if announced.isdigit() else 0
        if came > most:
            refused = refused or _too_large(most)
            if came > _DRAINED * most:
                raise refused
        body = bytearray()
        came = 0
        try:
            async with asyncio.timeout(seconds):
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        return bytes(body)  # whoever asked has gone
                    part = message.get("body", b"")
                    came += len(part)
                    if came > most:
                        refused = refused or _too_large(most)
                        body.clear()
                    if refused is None:
                        body += part
                    elif came > _DRAINED * most:
                        raise refused
                    if not message.get("more_body", False):
                        break
        except TimeoutError:
            sentence = "The request comes too slowly; try again, or send a smaller picture."
            raise refused or _RefusedError(HTTPStatus.REQUEST_TIMEOUT, sentence) from None
        if refused is not None:
            raise refused
        return bytes(body)


def _too_large(most: int) -> _RefusedError:
    return _RefusedError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The request is longer than {most:,} bytes; send a smaller picture."
    )


def _replay(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives the body that has been read already, then whatever else comes."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _header(scope: Scope, name: bytes) -> bytes:
    return next((bytes(value) for key, value in scope["headers"] if key == name), b"")


async def _refuse(send: Send, refused: _RefusedError) -> None:
    content = json.dumps({"detail": str(refused)}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        (b"connection", b"close"),  # the rest of a body that nobody wants is not waited for
    ]
    if refused.status == HTTPStatus.UNAUTHORIZED:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": int(refused.status), "headers": headers})
    await send({"type": "http.response.body", "body": content})
