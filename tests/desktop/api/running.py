"""The application behind a real server, on a free port of this computer, in a thread of the test."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from desktop.actions.classify import Classifier
from desktop.api.app import create_app
from desktop.api.guard import Limits

__all__ = ["TOKEN", "Running", "data_uri", "running"]

TOKEN = "a-token-for-tests"  # noqa: S105 - opens nothing


@dataclass
class Running:
    """Where it is, and the model behind it."""

    url: str
    port: int
    http: httpx.Client
    classifier: Classifier

    def classify(self, **fields: Any) -> httpx.Response:
        return self.http.post("/classify", json=fields)


def data_uri(content: bytes | Path, kind: str = "jpeg") -> str:
    data = content.read_bytes() if isinstance(content, Path) else content
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


@contextmanager
def running(model: Path | None = None, limits: Limits | None = None) -> Iterator[Running]:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        Classifier(model, threads=1, device="cpu") as classifier,
    ):
        server = uvicorn.Server(
            uvicorn.Config(create_app(classifier, TOKEN, limits or Limits()), log_config=None, access_log=False)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        port = listener.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        try:
            with httpx.Client(
                base_url=url, trust_env=False, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60
            ) as http:
                yield Running(url, port, http, classifier)
        finally:
            server.should_exit = True
            thread.join()
