"""One tiny event type, so that states and notices can tell others something without knowing Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Event"]

T = TypeVar("T")


class Event(Generic[T]):
    """Calls every subscriber, in order of subscription, in the thread that fires it."""

    def __init__(self) -> None:
        self._subscribers: list[Callable[[T], None]] = []

    def subscribe(self, subscriber: Callable[[T], None]) -> None:
        """Call ``subscriber`` with each later value."""
        self._subscribers.append(subscriber)

    def fire(self, value: T) -> None:
        """Hand ``value`` to every subscriber."""
        for subscriber in tuple(self._subscribers):
            subscriber(value)
