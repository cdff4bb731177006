"""What can be installed: a table of variants, the lock file of each, and what their wheels weigh.

``bash packaging/lock.sh`` writes ``assets/engine/<variant>.txt``, exact versions and hashes for every system and
Python, and ``assets/engine/<variant>.json``, the bytes to fetch on each of them.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import EngineError
from training.engine.running import WORKERS

__all__ = ["VARIANTS", "Variant", "lock_hash", "pins", "platform_key", "pythons", "variant_named", "wheel_sizes"]

_ASSETS = Path(__file__).resolve().parents[2] / "assets" / "engine"

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Variant:
    """A set of libraries that are installed together.

    Attributes:
        name: on the command line and in the names of folders.
        title: what a person calls it.
        lock: file with the versions and hashes of all its distributions.
        sizes: file with the bytes of their wheels.
        worker: module that its interpreter runs.
        watched: distributions that work in it is done with; an own interpreter must have them.
        backend: distributions that exist in several builds, one a device; () where there is one build.
        backend_only: distributions that only the build in the lock needs, or beginnings of their names.
        backend_index: where the other builds are.
        unpacked: bytes on the disk for a byte of wheel.
        needed: what needs it, with its verb, in the middle of a sentence.
    """

    name: str
    title: str
    lock: Path
    sizes: Path
    worker: str
    watched: tuple[str, ...]
    backend: tuple[str, ...] = ()
    backend_only: tuple[str, ...] = ()
    backend_index: str = ""
    unpacked: float = 2.0
    needed: str = "what you want to do needs"


VARIANTS: Mapping[str, Variant] = {
    one.name: one
    for one in (
        Variant(
            "torch",
            "PyTorch",
            _ASSETS / "torch.txt",
            _ASSETS / "torch.json",
            WORKERS["torch"],
            (
                *("torch", "torchvision", "timm", "lightning", "segmentation-models-pytorch", "onnx", "onnxscript"),
                *("numpy", "opencv-python-headless", "safetensors", "pydantic", "psutil"),
            ),
            ("torch", "torchvision"),
            ("nvidia-", "cuda-", "triton"),
            "https://download.pytorch.org/whl",
            unpacked=1.85,  # 5.9 GB of 3.18 GB, Linux
            needed="training and models of PyTorch need",
        ),
        Variant(
            "tensorflow",
            "TensorFlow",
            _ASSETS / "tensorflow.txt",
            _ASSETS / "tensorflow.json",
            WORKERS["tensorflow"],
            ("tensorflow", "tf2onnx", "onnx", "numpy", "pydantic", "psutil"),
            unpacked=3.2,
            needed="models of TensorFlow and Keras need",
        ),
    )
}
"""All variants, by their names."""


def variant_named(name: str) -> Variant:
    """The variant called ``name``.

    Raises:
        EngineError: there is none.
    """
    if name not in VARIANTS:
        raise EngineError(f"There is no engine {name}; choose one of {', '.join(VARIANTS)}.")
    return VARIANTS[name]


def lock_hash(variant: Variant, python: str, device: str) -> str:
    """Twelve hexadecimal digits that change with the lock file, the minor version of Python ("3.12"), or the device.

    Raises:
        EngineError: the lock file is missing.
    """
    return hashlib.sha256(_read(variant.lock) + f"\n{python}\n{device}\n".encode()).hexdigest()[:12]


def pins(variant: Variant) -> Mapping[str, tuple[str, ...]]:
    """Name of a distribution -> the versions that the lock allows, one for most.

    Raises:
        EngineError: the lock file is missing.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, version in _PIN.findall(_read(variant.lock).decode()):
        found[name] = (*found.get(name, ()), version)
    return found


def platform_key() -> str:
    """This computer in the table of sizes, such as "linux-x86_64"."""
    machine = platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    return f"{'windows' if sys.platform == 'win32' else 'macos' if sys.platform == 'darwin' else 'linux'}-{machine}"


def pythons(variant: Variant) -> tuple[str, ...]:
    """The minor versions of Python ("3.12") for which every distribution has a wheel on this computer; newest last.

    Raises:
        EngineError: there is none, or the table is missing.
    """
    key = platform_key()
    found = [name.removeprefix(f"{key}-") for name in _table(variant) if name.startswith(f"{key}-")]
    if not found:
        raise EngineError(
            f"{variant.title} has no build for this computer ({key}); use the engine on another one, such as x86_64."
        )
    return tuple(sorted(found, key=lambda text: [int(part) for part in text.split(".")]))


def wheel_sizes(variant: Variant, python: str) -> Mapping[str, int]:
    """Name of a distribution -> bytes of its wheel on this computer, for Python ``python`` ("3.12").

    Raises:
        EngineError: the table is missing, or says nothing of this Python.
    """
    sizes = _table(variant).get(f"{platform_key()}-{python}")
    if sizes is None:
        raise EngineError(
            f"{variant.title} has no build for Python {python} on this computer; take {' or '.join(pythons(variant))}."
        )
    return sizes


def _table(variant: Variant) -> dict[str, dict[str, int]]:
    content: Any = json.loads(_read(variant.sizes))
    table: dict[str, dict[str, int]] = content["wheels"]
    return table


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EngineError(f"The engine's file {path} is missing; install Sortwerk again.") from error
