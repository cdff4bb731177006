"""What a person can ask of the engines: how they stand, what one costs, install, use, repair, remove.

The window and the command line call this; proxy and mirror are those of the settings, and their passwords those of the
system's keyring.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

from desktop.actions.facts import file_size, time_words
from desktop.settings import load
from models.errors import EngineError, OnlineError
from models.keys import Keys
from models.workspace import folder
from training.engine.availability import install_instructions, is_pytorch_available
from training.engine.builds import DEVICES
from training.engine.environment import Engine
from training.engine.finding import Status, status
from training.engine.installing import Installer
from training.engine.network import Network, hidden, password_name, split_password, with_password
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
    "engine_keep_password",
    "engine_network",
    "engine_plan",
    "engine_remove",
    "engine_repair",
    "engine_status",
    "engine_use",
    "install_instructions",
    "is_pytorch_available",
    "plan_sentence",
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
    return Installer().use(path, variant_named(variant), device, cancel=cancel)


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
    return Installer().remove(variant_named(variant))


def engine_network(keys: Keys | None = None) -> Network:
    """Proxy and mirror, as they are set, with the passwords that are kept for them.

    Args:
        keys: where those are; None for the system's keyring.

    Raises:
        EngineError: there is a password, and the keyring can't be read.
    """
    settings, _ = load(folder())
    return Network(proxy=_whole(settings.proxy, keys), index=_whole(settings.engine_index, keys))


def engine_keep_password(address: str, instead_of: str = "", keys: Keys | None = None) -> None:
    """Keep the password in ``address`` in the system's keyring; not for the GUI thread, which a keyring may hold up.

    Args:
        address: of a proxy or a package index, as a person writes it. Without a password, that which is kept stays.
        instead_of: the address that was set before; its password is forgotten, unless it is the same user's there.
        keys: where it is kept; None for the system's keyring.

    Raises:
        EngineError: there is no keyring, or it can't be written.
    """
    keys = _keys(keys)
    name, before = password_name(address), password_name(instead_of)
    if before and before != name:
        with contextlib.suppress(OnlineError):  # then there was none
            keys.delete(before)
    password = split_password(address)[1]
    if password:
        try:
            keys.set(name, password)
        except OnlineError as error:
            raise EngineError(
                f"The password for {hidden(address)} can't be kept, because the system's keyring is missing or locked; "
                "unlock it and write the address again, or give a proxy in HTTPS_PROXY and a package index's password "
                "in the file .netrc."
            ) from error


def plan_sentence(plan: Plan) -> str:
    """What an installation costs, in a sentence or two for a person."""
    if plan.there:
        return f"{plan.title} for {plan.device} is installed in {plan.where}."
    text = (
        f"{plan.title} for {plan.device}: about {file_size(plan.download)} to fetch and {file_size(plan.unpacked)} "
        f"on the disk in {plan.where} ({file_size(plan.free)} are free), about {time_words(plan.seconds)}."
    )
    if plan.fallback:
        text += " The small build for the processor can't be reached, so the large one is taken, which works as well."
    if not plan.enough:
        text += f" There is too little space: {file_size(plan.needed)} must be free."
    return text


def _installer() -> Installer:
    return Installer(engine_network())


def _whole(address: str, keys: Keys | None) -> str:
    """``address`` with its password; one that names no user has none, and the keyring is left alone."""
    name = password_name(address)
    if not name or split_password(address)[1]:
        return address
    try:
        return with_password(address, _keys(keys).get(name) or "")
    except OnlineError as error:
        raise EngineError(
            f"The password for {hidden(address)} can't be read, because the system's keyring is missing or locked; "
            "unlock it and try again, or take the name out of that address in Settings."
        ) from error


def _keys(keys: Keys | None) -> Keys:
    """The keyring alone: the variable that overrules it is for models on servers."""
    return keys or Keys(environment={})
