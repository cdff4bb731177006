"""The application: paths, the documentation that comes with them, and one sentence for whatever goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException

from desktop.actions.classify import Classifier
from desktop.api.answering import Answerer, RefusedError
from desktop.api.guard import Guard, Limits
from desktop.api.messages import (
    ClassifyBody,
    ClassifyReply,
    Fault,
    HeadReply,
    HealthReply,
    ModelReply,
    ModelsReply,
    Scored,
)
from desktop.version import own_version
from models.errors import FileError, ImageTooLargeError, SortwerkError, UnknownFormatError

__all__ = ["PUBLIC", "create_app"]

_log = logging.getLogger(__name__)

PUBLIC = ("/health", "/docs", "/docs/oauth2-redirect", "/redoc", "/openapi.json", "/static-offline-docs/")
"""Paths without a token: whether it is alive, and the documentation, which a browser opens and which holds no data."""

_FAULTS: Mapping[int | str, dict[str, Any]] = {
    status: {"model": Fault} for status in (401, 404, 408, 409, 413, 415, 422, 500, 503)
}


def create_app(classifier: Classifier, token: str, limits: Limits | None = None) -> FastAPI:
    """The application, to be served by any ASGI server.

    Args:
        classifier: the model with all it was taught; it stays the caller's to close, after the server has ended.
        token: who sends it as a bearer token may ask.
        limits: of one request; None for ``Limits()``.

    Raises:
        ValueError: the token is empty.
    """
    if not token:
        raise ValueError("a token is needed: without one, anybody could ask")
    limits = limits or Limits()
    answerer = Answerer(classifier, limits.at_once)
    app: FastAPI = FastAPIOffline(
        title="Sortwerk",
        version=own_version(),
        description="Ask a model what is in a picture. What a person has corrected counts.",
    )
    known = [Security(HTTPBearer(auto_error=False))]  # checked by the guard; here for the documentation

    @app.post("/classify", dependencies=known, responses=dict(_FAULTS))
    def classify(body: ClassifyBody) -> ClassifyReply:
        """Say what a picture is."""
        scores = answerer.scores(body.model, body.image, body.labels or (), body.top_k, body.head)
        return ClassifyReply(predictions=[Scored(label=one.category, score=one.confidence) for one in scores])

    @app.get("/models", dependencies=known, responses={401: {"model": Fault}})
    def models() -> ModelsReply:
        """Say which model is served, and what it tells apart."""
        spec = answerer.spec
        heads = [HeadReply(name=one.name, categories=list(one.categories)) for one in answerer.heads()]
        return ModelsReply(
            models=[ModelReply(name=spec.name, version=spec.version, description=spec.description, heads=heads)]
        )

    @app.get("/health")
    def health() -> HealthReply:
        """Say that the server is there."""
        return HealthReply(status="ok", version=own_version())

    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.add_middleware(Guard, token=token, limits=limits, public=PUBLIC)
    return app


def _refused(_: Request, error: Exception) -> JSONResponse:
    status = error.status if isinstance(error, RefusedError) else HTTPStatus.INTERNAL_SERVER_ERROR
    return JSONResponse({"detail": str(error)}, status)


def _not_a_picture(_: Request, error: Exception) -> JSONResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if isinstance(error, ImageTooLargeError):
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    elif isinstance(error, UnknownFormatError):
        status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    return JSONResponse({"detail": str(error)}, status)


def _failed(_: Request, error: Exception) -> JSONResponse:
    _log.error("A request failed: %s", error)
    return JSONResponse({"detail": str(error)}, HTTPStatus.INTERNAL_SERVER_ERROR)


def _wrong_fields(_: Request, error: Exception) -> JSONResponse:
    first = error.errors()[0] if isinstance(error, RequestValidationError) else {"loc": (), "msg": "it is wrong"}
    place = ".".join(str(part) for part in first["loc"] if part != "body") or "the body"
    sentence = f"The request can't be used: {place}: {first['msg']}; send it as GET /docs describes."
    return JSONResponse({"detail": sentence}, HTTPStatus.UNPROCESSABLE_ENTITY)


def _no_such_path(_: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    said = {404: "There is nothing at this path", 405: "This path does not take that method"}.get(
        status, "The body is not JSON in UTF-8"
    )
    headers = error.headers if isinstance(error, HTTPException) else None
    return JSONResponse({"detail": f"{said}; GET /docs describes what there is."}, status, headers)


def _unexpected(_: Request, error: Exception) -> JSONResponse:
    _log.error("A request ended unexpectedly", exc_info=error)
    sentence = f"Sortwerk failed because of a fault in it ({type(error).__name__}); please report it with the log."
    return JSONResponse({"detail": sentence}, HTTPStatus.INTERNAL_SERVER_ERROR)


_HANDLERS = {
    RefusedError: _refused,
    FileError: _not_a_picture,
    SortwerkError: _failed,
    RequestValidationError: _wrong_fields,
    HTTPException: _no_such_path,
    Exception: _unexpected,
}
"""Which sentence, and which status, for which error; the most particular kind counts."""
