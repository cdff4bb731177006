"""What is said about a model on a server: the document's keys, validated."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from models.errors import OnlineError

__all__ = ["Form", "OnlineConfig", "is_loopback"]

Form = Literal["classify", "openai"]
"""In which form a server is asked: the document's own ``POST /classify``, or the chat completions of OpenAI."""


class OnlineConfig(BaseModel):
    """Which server is asked, as whom, how often and how patiently. The key stands in no ``repr``.

    Attributes:
        enabled: whether it is asked at all.
        api_key: the key; empty for the one that the environment or the system's keyring holds for the host.
        api_url: where the server is: https, or http on this computer. ``/classify`` or ``/chat/completions`` follows.
        model: the name by which the server knows the model; "" where it has one only.
        timeout: seconds that one request may take to connect, and to answer.
        max_requests_per_minute: requests in any 60 seconds, attempts that failed too.
        max_requests_per_hour: requests in any 3,600 seconds.
        labels: the categories to choose from; empty for those of whoever asks.
        kind: the form; "auto" for "openai" where the host is api.openai.com or the path ends in /v1, else "classify".
        attempts: how often a request is made at most, when the server is busy, fails or can't be reached.
        side: longest side of the picture that is sent, pixels.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, protected_namespaces=())

    enabled: bool = False
    api_key: SecretStr = SecretStr("")
    api_url: str = "https://api.openai.com/v1"
    model: str = Field(default="", max_length=200)
    timeout: float = Field(default=30.0, gt=0, le=600, allow_inf_nan=False)
    max_requests_per_minute: int = Field(default=60, ge=1)
    max_requests_per_hour: int = Field(default=1000, ge=1)
    labels: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = Field(default=(), max_length=1000)
    kind: Literal["auto", "classify", "openai"] = "auto"
    attempts: int = Field(default=3, ge=1, le=10)
    side: int = Field(default=512, ge=32, le=2048)

    @field_validator("labels")
    @classmethod
    def _distinct(cls, labels: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(labels)) != len(labels):
            raise ValueError("the same label is listed twice")
        return labels

    @field_validator("api_key")
    @classmethod
    def _sendable(cls, key: SecretStr) -> SecretStr:
        # What can't stand in a header ends in an exception of the HTTP library that quotes it.
        if not all("!" <= character <= "~" for character in key.get_secret_value()):
            raise ValueError("a key has no spaces, line breaks or letters beyond ASCII; paste it again")
        return key

    @field_validator("api_url")
    @classmethod
    def _safe(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            _ = parts.port
        except ValueError:
            raise ValueError("it is not an address") from None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("it is not an address that starts with https://")
        if parts.username is not None or parts.password is not None:
            raise ValueError("it holds a name or password; put the key into api_key")
        if parts.query or parts.fragment:
            raise ValueError("it holds more than a place (? or #)")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise ValueError("the key and the pictures would travel unencrypted; use https://")
        return url.rstrip("/")

    @classmethod
    def parse(cls, fields: Mapping[str, Any]) -> OnlineConfig:
        """A configuration from the document's mapping.

        Raises:
            OnlineError: a field is wrong or unknown.
        """
        try:
            return cls.model_validate(dict(fields))
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            field = ".".join(str(part) for part in first["loc"])
            wrong = first["msg"].removeprefix("Value error, ")
            raise OnlineError(f"The online model can't be used: {field}: {wrong}; change that setting.") from None

    @property
    def host(self) -> str:
        """The host of ``api_url``, in lower case."""
        return urlsplit(self.api_url).hostname or ""

    @property
    def form(self) -> Form:
        """The form that ``kind`` comes to."""
        if self.kind != "auto":
            return self.kind
        is_openai = self.host == "api.openai.com" or urlsplit(self.api_url).path.endswith("/v1")
        return "openai" if is_openai else "classify"


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this computer, by its address or the reserved name; no name is looked up."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
