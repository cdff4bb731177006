"""What a person can ask of the engines: how they stand, what one costs, install, use, repair, remove.

The window and the command line call this; proxy and mirror are those of the settings.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from desktop.settings import load
from models.errors import EngineError
from models.workspace import folder
from training.engine.availability import install_instructions, is_pytorch_available
from training.engine.builds import DEVICES
from training.engine.environment import Engine
from training.engine.finding import Status, status
from training.engine.installing import Installer
from training.engine.network import Network
from training.engine.planning import Plan
from training.engine.variants import VARIANTS, Variant, variant_named
from training.engine.watching import Installing

__all__ = [
    "DEVICES",
    "VARIANTS",
    "Engine",
    "EngineError",
    "Installing",
    "Plan",
    "Status",
    "Variant",
    "engine_install",
    "engine_network",
    "engine_plan",
    "engine_remove",
    "engine_repair",
    "engine_status",
    "engine_use",
    "install_instructions",
    "is_pytorch_available",
    "plan_sentence",
    "size_words",
    "time_words",
]


def engine_status() -> list[Status]:
    """How each variant stands, in the order of ``VARIANTS``. Looks at the disk: not for the GUI thread."""
    return status()


def engine_plan(variant: str = "torch", device: str = "auto", *, cancel: threading.Event | None = None) -> Plan:
    """What installing would cost; fetches nothing, and may ask an index whether it is there (some seconds).

    Args:
        variant: a name in ``VARIANTS``.
        device: one of ``DEVICES``.
        cancel: set it to stop.

    Raises:
        EngineError: it can't be had for this computer or device.
        Cancelled: ``cancel`` was set.
    """
    return _installer().plan(variant_named(variant), device, cancel=cancel)


def engine_install(
    variant: str = "torch",
    device: str = "auto",
    *,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Installing], None] = lambda _: None,
) -> Engine:
    """Install an engine and prove it; one that is there, whole and unchanged, is returned at once.

    Args:
        variant: a name in ``VARIANTS``.
        device: one of ``DEVICES``.
        cancel: set it to stop; nothing half-made is left, and what was fetched stays in the cache.
        on_progress: called in this thread.

    Raises:
        EngineError: one sentence with what to do; trying again is safe.
        Cancelled: ``cancel`` was set.
    """
    return _installer().install(variant_named(variant), device, cancel=cancel, on_progress=on_progress)


def engine_use(
    path: Path, variant: str = "torch", device: str = "auto", *, cancel: threading.Event | None = None
) -> Engine:
    """Take the person's own interpreter, or environment, at ``path`` after the same proof.

    Raises:
        EngineError: it is no Python, lacks something, or does not compute.
        Cancelled: ``cancel`` was set.
    """
    return _installer().use(path, variant_named(variant), device, cancel=cancel)


def engine_repair(
    variant: str = "torch",
    *,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Installing], None] = lambda _: None,
) -> Engine:
    """Make an engine anew; if that fails, the old one is still there. An own one is proved again.

    Raises:
        EngineError: as ``engine_install``, or there is none.
        Cancelled: ``cancel`` was set.
    """
    return _installer().repair(variant_named(variant), cancel=cancel, on_progress=on_progress)


def engine_remove(variant: str = "torch") -> int:
    """Remove an engine; an own interpreter is only forgotten. The bytes that this freed.

    Raises:
        EngineError: something can't be removed.
    """
    return _installer().remove(variant_named(variant))


def engine_network() -> Network:
    """Proxy and mirror, as they are set."""
    settings, _ = load(folder())
    return Network(proxy=settings.proxy, index=settings.engine_index)


def plan_sentence(plan: Plan) -> str:
    """What an installation costs, in a sentence or two for a person."""
    if plan.there:
        return f"{plan.title} for {plan.device} is installed in {plan.where}."
    text = (
        f"{plan.title} for {plan.device}: about {size_words(plan.download)} to fetch and {size_words(plan.unpacked)} "
        f"on the disk in {plan.where} ({size_words(plan.free)} are free), about {time_words(plan.seconds)}."
    )
    if plan.fallback:
        text += " The small build for the processor can't be reached, so the large one is taken, which works as well."
    if not plan.enough:
        text += f" There is too little space: {size_words(plan.needed)} must be free."
    return text


def size_words(size: float) -> str:
    """Bytes for a person: "3.1 GB", "640 MB"."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


def time_words(seconds: float) -> str:
    """A time to come for a person: "40 seconds", "6 minutes"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} second{'s' if round(seconds) > 1 else ''}"
    return f"{round(seconds / 60)} minutes"


def _installer() -> Installer:
    return Installer(engine_network())
