"""The online model as a person has set it up: its key, a test of it, and a second opinion on a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.settings import Settings
from models.errors import OnlineError
from models.images.decode import decode
from models.keys import Keys
from models.online import OnlineConfig, OnlineModel
from models.sources import Source

if TYPE_CHECKING:
    from models.blending import Prediction

__all__ = ["forget_key", "has_key", "keep_key", "online_config", "second_opinion", "try_online"]

_SIDE = 1024  # of a decoded picture, twice what is sent


def online_config(settings: Settings) -> OnlineConfig:
    """What the settings say of the online model.

    Raises:
        OnlineError: the address is missing, or something can't be.
    """
    if not settings.online_url.strip():
        raise OnlineError("The online model has no address; type one under Settings.")
    return OnlineConfig.parse(
        {
            "enabled": settings.online,
            "api_url": settings.online_url.strip(),
            "kind": settings.online_kind,
            "model": settings.online_model.strip(),
            "max_requests_per_minute": settings.online_per_minute,
            "max_requests_per_hour": settings.online_per_hour,
        }
    )


def keep_key(settings: Settings, key: str, keys: Keys | None = None) -> None:
    """Keep the key for the online model's host in the system's keyring.

    Raises:
        OnlineError: the address is missing, the key can't be one, or there is no keyring.
    """
    (keys or Keys()).set(online_config(settings).host, key)


def forget_key(settings: Settings, keys: Keys | None = None) -> None:
    """Forget it again.

    Raises:
        OnlineError: the address is missing, or there is no keyring.
    """
    (keys or Keys()).delete(online_config(settings).host)


def has_key(settings: Settings, keys: Keys | None = None) -> bool:
    """Whether there is a key for the online model's host.

    Raises:
        OnlineError: the address is missing, or there is no keyring.
    """
    return (keys or Keys()).get(online_config(settings).host) is not None


def second_opinion(model: OnlineModel, source: Source, labels: Sequence[str], top_k: int = 5) -> Sequence[Prediction]:
    """What the online model says of one picture, which leaves this computer for that, reduced and without its name.

    Args:
        model: that is asked.
        source: the picture.
        labels: the categories to choose from.
        top_k: answers wanted.

    Raises:
        FileError: the picture can't be read.
        OnlineError: there is no usable answer.
    """
    return model.predict(decode(source.read_picture(), source.name, max_side=_SIDE).on_grey(), top_k, labels)


def try_online(settings: Settings, sample: Path, labels: Sequence[str]) -> Sequence[Prediction]:
    """Ask the online model about a picture of our own, also while it is turned off; errors as ``second_opinion``."""
    config = online_config(settings).model_copy(update={"enabled": True})
    model = OnlineModel(config)
    try:
        return second_opinion(model, Source(sample), labels)
    finally:
        model.close()
