"""Engines that install in no time, for what is shown of them: in place of ``desktop.actions.engine``."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from models.errors import Cancelled, EngineError
from training.engine.environment import Engine
from training.engine.finding import State, Status
from training.engine.planning import Plan
from training.engine.watching import Installing

GIGABYTE = 1_000_000_000
TITLES = {"torch": "PyTorch", "tensorflow": "TensorFlow"}
VERSIONS = {
    "torch": {"torch": "2.9.1", "torchvision": "0.24.1", "timm": "1.0.22", "lightning": "2.6.0", "onnx": "1.19.1"},
    "tensorflow": {"tensorflow": "2.20.0", "keras": "3.12.0", "tf2onnx": "1.16.1", "onnx": "1.19.1"},
}
LOCKED = "The password can't be kept, because the keyring is locked; unlock it."
REFUSED = "/usr/bin/false is no Python; choose the python of an environment that has PyTorch."


@dataclass
class EngineActions:
    """Does as it is told.

    Attributes:
        folder: where engines would be.
        states: how each variant stands.
        own: path of the person's own Python, by variant.
        free: bytes on the disk.
        refusals: sentences with which the next installations fail, first one first.
        hold: an installation waits for it, half way.
        halfway: is set when an installation is half way.
        calls: what was asked for.
        left: variants whose half-made environment lies around.
    """

    folder: Path
    states: dict[str, State] = field(default_factory=lambda: {"torch": "none", "tensorflow": "none"})
    own: dict[str, Path] = field(default_factory=dict)
    free: int = 120 * GIGABYTE
    refusals: list[str] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)
    halfway: threading.Event = field(default_factory=threading.Event)
    calls: list[tuple[str, ...]] = field(default_factory=list)
    left: set[str] = field(default_factory=set)

    def engine_status(self) -> list[Status]:
        return [self._status(variant) for variant in self.states]

    def engine_plan(
        self, variant: str = "torch", device: str = "auto", *, cancel: threading.Event | None = None
    ) -> Plan:
        self.calls.append(("plan", variant, device))
        device = "cpu" if device == "auto" else device
        download = {"cpu": 640_000_000, "cuda": 3 * GIGABYTE}.get(device, 2 * GIGABYTE)
        where = self.folder / f"{variant}-{device}-0123456789ab"
        there = self.states[variant] == "ready" and variant not in self.own
        return Plan(
            variant, TITLES[variant], device, "3.12", download, 2 * download, where, 130.0, self.free, False, there
        )

    def engine_install(
        self,
        variant: str = "torch",
        device: str = "auto",
        *,
        cancel: threading.Event | None = None,
        on_progress: Callable[[Installing], None] = lambda _: None,
    ) -> Engine:
        self.calls.append(("install", variant, device))
        total = self.engine_plan(variant, device).download
        self.calls.pop()
        on_progress(Installing("preparing", 0, total, 0.0, None, "Making the environment"))
        self.left.add(variant)
        try:
            on_progress(Installing("downloading", 412_000_000, total, 12_300_000.0, 55.0, f"Fetching {variant}, timm"))
            self.halfway.set()
            while not self.hold.wait(0.005):
                if cancel is not None and cancel.is_set():
                    raise Cancelled("The work was cancelled.")
            if self.refusals:
                raise EngineError(self.refusals.pop(0))
            on_progress(Installing("proving", total, total, 0.0, None, "Computing for the first time"))
        finally:
            self.left.discard(variant)
        self.own.pop(variant, None)
        self.states[variant] = "ready"
        return self._engine(variant)

    def engine_use(
        self, path: Path, variant: str = "torch", device: str = "auto", *, cancel: threading.Event | None = None
    ) -> Engine:
        self.calls.append(("use", variant, str(path)))
        if not path.name.startswith("python"):
            raise EngineError(REFUSED)
        self.own[variant], self.states[variant] = path, "ready"
        return self._engine(variant)

    def engine_repair(
        self,
        variant: str = "torch",
        *,
        cancel: threading.Event | None = None,
        on_progress: Callable[[Installing], None] = lambda _: None,
    ) -> Engine:
        self.calls.append(("repair", variant))
        self.states[variant] = "ready"
        return self._engine(variant)

    def engine_remove(self, variant: str = "torch") -> int:
        self.calls.append(("remove", variant))
        self.states[variant] = "none"
        return 0 if self.own.pop(variant, None) else 3 * GIGABYTE

    def engine_keep_password(self, address: str, instead_of: str = "") -> None:
        self.calls.append(("keep", address, instead_of))
        if "locked" in address:
            raise EngineError(LOCKED)

    def _engine(self, variant: str) -> Engine:
        folder = self.folder / f"{variant}-cpu-0123456789ab"
        made = Engine(
            variant, folder / "bin" / "python", "cpu", VERSIONS[variant], own=False, folder=folder, size=3 * GIGABYTE
        )
        own = self.own.get(variant)
        return replace(made, own=True, python=own, folder=own.parents[1], size=0) if own else made

    def _status(self, variant: str) -> Status:
        state, title = self.states[variant], TITLES[variant]
        install, repair = f": sortwerk engine install {variant}.", f": sortwerk engine repair {variant}."
        changes = "numpy is 1.26.4 instead of 2.3.5; timm is gone"
        sentence = {
            "none": f"{title} is not installed; training and foreign formats need it{install}",
            "half": f"An installation of {title} was not finished; start it again{install}",
            "ready": f"{title} is ready on cpu.",
            "drifted": f"{title} was changed since it was proved ({changes}); repair it{repair}",
            "outdated": f"{title} works, and another version was tested; bring it up to date{install}",
            "broken": f"The engine {title} has lost its Python; repair it{repair}",
        }[state]
        whole = state in ("ready", "drifted", "outdated")
        size = 0 if state == "none" or variant in self.own else 3 * GIGABYTE
        drift = ("numpy is 1.26.4 instead of 2.3.5", "timm is gone") if state == "drifted" else ()
        engine = self._engine(variant) if whole else None
        return Status(variant, title, state, sentence, engine, drift, size, self.folder / "install.log")
