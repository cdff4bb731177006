"""What the window knows of the engines: how each stands, what goes on with one, and what went wrong with it. No Qt.

Whatever is done to an engine is done by ``desktop.actions.engine``, in a background thread, one thing at a time.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from desktop.observable import Event
from desktop.pages.settings.engine_words import PURPOSES, command_free
from desktop.pages.settings.state import SettingsState
from models.errors import EngineError

if TYPE_CHECKING:  # httpx and pydantic come with them
    from desktop.actions.engine import Engine, Installing, Plan, Status

__all__ = ["LOG_LINES", "Actions", "Deed", "Engines", "Problem", "Wish"]

Deed = Literal["install", "use", "repair", "remove"]

LOG_LINES = 400
"""Of the log of the installations, the newest."""

_TITLES = {"install": "Installing {}", "use": "Proving {}", "repair": "Repairing {}", "remove": "Removing {}"}


class Actions(Protocol):
    """What ``desktop.actions.engine`` can do; the module is one, and tests bring another."""

    def engine_status(self) -> list[Status]:
        """How each variant stands."""

    def engine_plan(self, variant: str = ..., device: str = ..., *, cancel: threading.Event | None = ...) -> Plan:
        """What installing would cost."""

    def engine_install(
        self,
        variant: str = ...,
        device: str = ...,
        *,
        cancel: threading.Event | None = ...,
        on_progress: Callable[[Installing], None] = ...,
    ) -> Engine:
        """Install an engine and prove it."""

    def engine_use(
        self, path: Path, variant: str = ..., device: str = ..., *, cancel: threading.Event | None = ...
    ) -> Engine:
        """Take a Python of the person's own, after the same proof."""

    def engine_repair(
        self,
        variant: str = ...,
        *,
        cancel: threading.Event | None = ...,
        on_progress: Callable[[Installing], None] = ...,
    ) -> Engine:
        """Make an engine anew."""

    def engine_remove(self, variant: str = ...) -> int:
        """Remove an engine; the bytes that this freed."""

    def engine_keep_password(self, address: str, instead_of: str = ...) -> None:
        """Keep the password in the address of a proxy or a package index."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that is to be done.

    Attributes:
        deed: what.
        variant: to which, a key of ``PURPOSES``.
        path: of the person's own Python, for "use".
    """

    deed: Deed
    variant: str
    path: Path | None = None

    @property
    def title(self) -> str:
        """What the job bar says."""
        return _TITLES[self.deed].format(PURPOSES[self.variant].title)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a wish did not come true, in one sentence; trying the wish again is safe."""

    sentence: str
    wish: Wish


@dataclass(slots=True)
class Engines:
    """All engines.

    Attributes:
        settings: which device they are installed for, and how they are fetched.
        actions: what does it; None for ``desktop.actions.engine``.
        changed: fires (with None) whenever something that is shown has changed.
        statuses: by the variant's name; empty before they were looked at.
        work: what goes on, None for nothing.
        how_far: it is, None before its first word.
        problems: by the variant's name: what went wrong last.
    """

    settings: SettingsState
    actions: Actions | None = None
    changed: Event[None] = field(default_factory=Event)
    statuses: dict[str, Status] = field(default_factory=dict)
    work: Wish | None = None
    how_far: Installing | None = None
    problems: dict[str, Problem] = field(default_factory=dict)

    # -- for a background thread --------------------------------------------------------------------------------------

    def look(self) -> list[Status]:
        """How each variant stands now; counts what is on the disk, which takes a second."""
        return self._actions().engine_status()

    def plan(self, variant: str, cancel: threading.Event) -> Plan:
        """What installing would cost; may ask a server whether it is there.

        Raises:
            EngineError: it can't be had for this computer or device.
            Cancelled: ``cancel`` was set.
        """
        return self._actions().engine_plan(variant, self.device(variant), cancel=cancel)

    def do(self, wish: Wish, cancel: threading.Event, on_progress: Callable[[Installing], None]) -> Engine | int:
        """Do it; the engine that is ready then, or the bytes that were freed.

        Raises:
            EngineError: it can't be done; one sentence.
            Cancelled: ``cancel`` was set; nothing half-made is left.
        """
        actions, variant = self._actions(), wish.variant
        if wish.deed == "remove":
            return actions.engine_remove(variant)
        if wish.deed == "repair":
            return actions.engine_repair(variant, cancel=cancel, on_progress=on_progress)
        if wish.deed == "use":
            if wish.path is None:
                raise EngineError("No Python was chosen; choose the python of an environment.")
            return actions.engine_use(wish.path, variant, "auto", cancel=cancel)
        return actions.engine_install(variant, self.device(variant), cancel=cancel, on_progress=on_progress)

    def keep_password(self, address: str, instead_of: str) -> None:
        """Keep the password in ``address``, and forget the one for the address that was set before.

        Raises:
            EngineError: the system's keyring can't be used.
        """
        self._actions().engine_keep_password(address, instead_of)

    def read_log(self) -> str:
        """The newest lines of what the installer said; "" where there is nothing."""
        status = next(iter(self.statuses.values()), None)
        if status is None:
            return ""
        try:
            with status.log.open(encoding="utf-8", errors="replace") as file:
                return "".join(deque(file, LOG_LINES))
        except OSError:
            return ""

    def _actions(self) -> Actions:
        if self.actions is not None:
            return self.actions
        from desktop.actions import engine

        return engine

    # -- for the window's thread --------------------------------------------------------------------------------------

    def device(self, variant: str) -> str:
        """What ``variant`` is installed for."""
        return self.settings.settings.engine_device if PURPOSES[variant].devices else "cpu"

    def is_ready(self, variant: str) -> bool:
        """Whether ``variant`` was seen to be there and whole."""
        status = self.statuses.get(variant)
        return status is not None and status.engine is not None

    def take(self, statuses: Sequence[Status]) -> None:
        """They stand so now."""
        self.statuses = {one.variant: one for one in statuses if one.variant in PURPOSES}
        self.changed.fire(None)

    def begin(self, wish: Wish) -> bool:
        """``wish`` begins; False where something else goes on, which has to end first."""
        if self.work is not None:
            return False
        self.work, self.how_far = wish, None
        self.problems.pop(wish.variant, None)
        self.changed.fire(None)
        return True

    def follow(self, now: Installing) -> None:
        """What goes on is so far."""
        self.how_far = now
        self.changed.fire(None)

    def fail(self, sentence: str) -> None:
        """What goes on has failed."""
        if self.work is not None:
            self.problems[self.work.variant] = Problem(command_free(sentence), self.work)

    def end(self) -> None:
        """What went on has ended, however."""
        self.work = self.how_far = None
        self.changed.fire(None)

    def forgive(self, variant: str) -> None:
        """What went wrong with ``variant`` was seen."""
        if self.problems.pop(variant, None) is not None:
            self.changed.fire(None)

    # -- how they are fetched -----------------------------------------------------------------------------------------

    def set_device(self, device: str) -> None:
        """Install for ``device`` from now on."""
        self.settings.change(engine_device=device)
        self.changed.fire(None)

    def set_address(self, name: Literal["proxy", "engine_index"], address: str) -> str:
        """Keep the address of the proxy or of the package index, without its password; "" for the usual one.

        Returns:
            What is wrong with it, in one sentence; it is not kept then. "" when it is.
        """
        from training.engine.network import Network, checked, split_password

        what = "proxy" if name == "proxy" else "package index"
        if not address.isprintable() or " " in address:
            return f"The {what} has a space or a sign in it that no address has; write it as http://name:port."
        try:
            checked(Network(proxy=address) if name == "proxy" else Network(index=address))
        except EngineError as error:
            return str(error)
        self.settings.change(**{name: split_password(address)[0]})
        return ""
