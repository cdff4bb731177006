"""Items that need the model's files and no inference: size, metadata, hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from models.errors import ModelError
from models.library import network_file
from models.spec import ModelSpec
from models.validation.check import (
    HASHES,
    METADATA,
    MOST_BYTES,
    SIZE,
    Check,
    failed,
    none,
    passed,
)

__all__ = ["check_files", "check_size", "weights_file"]


def check_files(folder: Path, spec: ModelSpec) -> list[Check]:
    """Size, metadata and hashes of the model in ``folder``."""
    return [check_size(folder), _metadata(spec), _hashes(folder, spec)]


def weights_file(folder: Path, spec: ModelSpec) -> Path:
    """The file that ``model_hash`` is of."""
    return folder / "head.npz" if spec.format == "head" else network_file(folder, spec)


def check_size(path: Path) -> Check:
    """How large a file is, or all files of a folder together."""
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    size = sum(one.stat().st_size for one in files)
    figure = f"{size / 2**20:,.1f} MB of {MOST_BYTES >> 20} MB"
    if size > MOST_BYTES:
        return failed(SIZE, figure, "Quantise it to INT8, or train a smaller one.")
    return passed(SIZE, figure)


def _metadata(spec: ModelSpec) -> Check:
    missing = [
        words
        for words, there in (
            ("version", spec.version.strip()),
            ("description", spec.description.strip()),
            ("licence", spec.license.strip()),
        )
        if not there
    ]
    faults = [f"no {word}" for word in missing]
    counts = {len(head.categories) for head in spec.heads}
    counts.add(sum(len(head.categories) for head in spec.heads))
    if spec.num_categories and spec.num_categories not in counts:
        named = ", ".join(f"{len(head.categories)} of {head.name}" for head in spec.heads)
        faults.append(f"num_categories is {spec.num_categories} and there are {named}")
    if faults:
        return failed(METADATA, "; ".join(faults), "Write it into metadata.json, or ask who made the model.")
    return passed(METADATA, f"version {spec.version}, {spec.license}, {spec.num_categories} categories")


def _hashes(folder: Path, spec: ModelSpec) -> Check:
    stated = _stated(folder, spec)
    if not stated:
        return none(HASHES, "none are stated", "Export it again with this version, which writes them.")
    try:
        wrong = [path.name for path, wanted in stated.items() if _sha256(path) != wanted]
    except ModelError as error:
        return failed(HASHES, str(error), "Get the model again.")
    if wrong:
        return failed(HASHES, f"not of {', '.join(sorted(wrong))}", "The file was altered or damaged; get it again.")
    return passed(HASHES, f"{len(stated)} file{'s' if len(stated) > 1 else ''}, SHA-256")


def _stated(folder: Path, spec: ModelSpec) -> Mapping[Path, str]:
    """The files whose hashes are stated, and these."""
    stated = {folder / name: sha256 for name, sha256 in spec.files.items() if (folder / name).is_file()}
    weights = weights_file(folder, spec)
    if spec.model_hash:
        stated[weights] = spec.model_hash
    stated |= {
        folder / f"state-{index}.npz": head.state_hash for index, head in enumerate(spec.heads) if head.state_hash
    }
    return stated


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{path.name} can't be read ({error.strerror})") from error
