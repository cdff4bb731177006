"""Models on servers: the document's ``OnlineModel``, its configuration, and how a server is asked.

Nothing here is loaded, and nothing leaves the computer, before a person has turned it on.
"""

from __future__ import annotations

from models.online.client import Timing
from models.online.config import OnlineConfig
from models.online.model import OnlineModel

__all__ = ["OnlineConfig", "OnlineModel", "Timing"]
