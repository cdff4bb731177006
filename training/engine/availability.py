"""Whether there is an engine, and how to get one: a sentence, never an ``ImportError``."""

from __future__ import annotations

from pathlib import Path

from models.errors import EngineError
from training.engine.environment import Engine
from training.engine.finding import find
from training.engine.variants import VARIANTS, Variant, variant_named

__all__ = ["install_instructions", "is_pytorch_available", "require"]


def is_pytorch_available() -> bool:
    """Whether there is an engine with PyTorch that has been proved. PyTorch is not imported."""
    return find("torch") is not None


def install_instructions(variant: str | Variant = "torch") -> str:
    """How to get ``variant``, in one sentence."""
    variant = VARIANTS[variant] if isinstance(variant, str) else variant
    packages = {"torch": "torch torchvision"}.get(variant.name, variant.name)
    return (
        f"{variant.title} is not part of the program; install the engine in Settings > Engine or with: sortwerk engine "
        f"install {variant.name} (or take an environment of your own, made with pip install {packages}: "
        "sortwerk engine use PATH)."
    )


def require(variant: str | Variant, engines: Path | None = None) -> Engine:
    """The engine to work with; as ``training.engine.finding.find``.

    Raises:
        EngineError: there is none; the sentence says how to get one.
    """
    variant = variant_named(variant) if isinstance(variant, str) else variant
    engine = find(variant, engines)
    if engine is None:
        raise EngineError(install_instructions(variant))
    return engine
