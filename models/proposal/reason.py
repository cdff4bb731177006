"""Why something is proposed."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Reason"]


class Reason(NamedTuple):
    """One decision, to show to a person: what it is about ("layout", or the name of a head), and a sentence."""

    what: str
    sentence: str
