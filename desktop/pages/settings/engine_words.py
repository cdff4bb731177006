"""What the window says of the engines: how one stands, what it costs, how far an installation is. No Qt."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.actions.facts import file_size, time_words

if TYPE_CHECKING:
    from desktop.actions.engine import Engine, Installing, Plan, Status

__all__ = [
    "DEVICE_NAMES",
    "PURPOSES",
    "Purpose",
    "Standing",
    "command_free",
    "device_choices",
    "engine_rows",
    "installing_words",
    "plan_rows",
    "share_done",
    "standing",
]


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a variant is there for.

    Attributes:
        title: what a person calls it.
        words: what it does here, a sentence.
        devices: whether it is to be had for several devices.
    """

    title: str
    words: str
    devices: bool


PURPOSES: Mapping[str, Purpose] = {
    "torch": Purpose("PyTorch", "Trains models, and turns models of PyTorch into ones that run here.", devices=True),
    "tensorflow": Purpose("TensorFlow", "Turns models of TensorFlow and Keras into ones that run here.", devices=False),
}
"""What there is to install, by its name in ``training.engine``; a test holds the two tables equal."""

DEVICE_NAMES: Mapping[str, str] = {
    "auto": "Whatever is here",
    "cpu": "Processor",
    "cuda": "NVIDIA (CUDA)",
    "rocm": "AMD (ROCm)",
    "mps": "Apple (Metal)",
}
"""What the engine computes on -> words."""

_ELSEWHERE: Mapping[str, frozenset[str]] = {"darwin": frozenset({"cuda", "rocm"}), "linux": frozenset({"mps"})}
_NOT_ON_OTHERS = frozenset({"rocm", "mps"})

_NOTHING = 1000.0
"""Bytes a second below which nothing comes that would be worth an estimate."""

_COMMAND = re.compile(r": sortwerk engine [a-z]+ [a-z]+")
"""What a sentence says to whoever is on the command line; in the window a button stands beside it."""

_STANDINGS: Mapping[str, tuple[str, str, str]] = {
    "none": ("download", "secondary", "Not installed"),
    "half": ("triangle-alert", "caution", "Half installed"),
    "ready": ("circle-check", "good", "Ready"),
    "drifted": ("triangle-alert", "caution", "Changed"),
    "outdated": ("info", "caution", "Works, and is not the newest"),
    "broken": ("circle-alert", "bad", "Broken"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a variant stands, for the eye.

    Attributes:
        icon: of the theme.
        colour: a token's name.
        words: two or three.
        more: a sentence on it; "" where the words say all.
    """

    icon: str
    colour: str
    words: str
    more: str


def standing(status: Status) -> Standing:
    """How ``status`` is shown."""
    icon, colour, words = _STANDINGS[status.state]
    own = status.engine is not None and status.engine.own
    if status.state == "ready":
        return Standing(icon, colour, f"{words}: a Python of your own" if own else words, "")
    more = "" if status.state == "none" else command_free(status.sentence)
    return Standing(icon, colour, words, more)


def command_free(sentence: str) -> str:
    """``sentence`` without the commands to type: in the window there are buttons for them."""
    return _COMMAND.sub("", sentence)


def engine_rows(status: Status) -> list[tuple[str, str]]:
    """Facts about the engine that is there."""
    engine = status.engine
    if engine is None:
        return [("On disk", file_size(status.size))] if status.size else []
    rows = [("Versions", _versions(engine)), ("Device", _device(engine))]
    if not engine.own:
        rows.append(("On disk", file_size(engine.size or status.size)))
    rows.append(("Its Python" if engine.own else "Folder", str(engine.python if engine.own else engine.folder)))
    return rows


def plan_rows(plan: Plan) -> list[tuple[str, str]]:
    """What an installation costs."""
    if plan.there:
        return [("Device", DEVICE_NAMES[plan.device]), ("Where", str(plan.where))]
    return [
        ("Device", DEVICE_NAMES[plan.device]),
        ("To fetch", f"about {file_size(plan.download)}"),
        ("On disk", f"about {file_size(plan.unpacked)}"),
        ("Free there", f"{file_size(plan.free)}; {file_size(plan.needed)} are needed"),
        ("Takes", f"about {time_words(plan.seconds)} on an ordinary line"),
        ("Where", str(plan.where)),
    ]


def device_choices(chosen: str, system: str = sys.platform) -> dict[str, str]:
    """What can be installed for on this system, ``chosen`` in any case: the setting's value -> words."""
    never = _ELSEWHERE.get(system, _NOT_ON_OTHERS)
    return {name: words for name, words in DEVICE_NAMES.items() if name not in never or name == chosen}


def share_done(now: Installing) -> float | None:
    """How far an installation is, 0 to 1; None while nobody knows."""
    if now.phase in ("preparing", "proving") or not now.total:
        return None
    return min(1.0, now.done / now.total)


def installing_words(now: Installing) -> str:
    """One line, such as "Fetching torch  ·  412 MB of 1.1 GB  ·  12.3 MB/s  ·  about 55 seconds left"."""
    parts = [now.words]
    if now.phase == "downloading":
        parts.append(f"{file_size(now.done)} of {file_size(now.total)}" if now.total else file_size(now.done))
        if now.rate < _NOTHING:
            parts.append("waiting for the server")
        else:
            parts.append(f"{file_size(int(now.rate))}/s")
            if now.seconds_left is not None:
                parts.append(f"about {time_words(now.seconds_left)} left")
    return "  ·  ".join(parts)


def _versions(engine: Engine) -> str:
    first = ("torch", "torchvision", "timm", "lightning", "tensorflow", "keras", "tf2onnx", "onnx")
    named = [name for name in first if name in engine.versions] or sorted(engine.versions)
    return ", ".join(f"{name} {engine.versions[name]}" for name in named)


def _device(engine: Engine) -> str:
    words = DEVICE_NAMES.get(engine.device, engine.device)
    return f"{engine.device_name} ({words})" if engine.device_name else words
