"""Packages to try: good ones, and zips with every part bent that can be."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from tests.models.onnx_models import classifier

NAMES = ("metal", "stone", "wood", "fabric")
RIGHTS = 0o100644 << 16


def network(model: onnx.ModelProto | None = None) -> bytes:
    content: bytes = (model or classifier(len(NAMES))).SerializeToString(deterministic=True)
    return content


def metadata_1_0(content: bytes, **changes: Any) -> dict[str, Any]:
    """As the format's document writes it."""
    fields = {
        "package_version": "1.0",
        "name": "Model Name",
        "version": "1.0.0",
        "author": "Author Name",
        "description": "Model description",
        "license": "MIT",
        "created": "2024-01-01T00:00:00",
        "format": "onnx",
        "num_categories": len(NAMES),
        "tags": ["ps2", "textures", "classification"],
        "model_hash": hashlib.sha256(content).hexdigest(),
        "model_size": len(content),
        "framework": "onnxruntime",
        "compatibility": {"min_app_version": "1.0.0", "python_version": "3.8+"},
    }
    return fields | changes


def members_1_0(model: onnx.ModelProto | None = None, **changes: Any) -> dict[str, bytes]:
    """The members of a package made by hand from the document."""
    content = network(model)
    return {
        "model.onnx": content,
        "metadata.json": json.dumps(metadata_1_0(content, **changes)).encode(),
        "categories.json": json.dumps(list(NAMES)).encode(),
    }


def members_1_1(heads: Sequence[Mapping[str, Any]] | None = None, **changes: Any) -> dict[str, bytes]:
    """The members of a package with a spec, its hashes right."""
    members = {"model.onnx": network(), "categories.json": json.dumps(list(NAMES)).encode()}
    head = {"name": "material", "kind": "categories", "categories": list(NAMES), "form": {"outputs": ["output"]}}
    how = {"layout": "NCHW", "dtype": "float32", "scale": 1 / 255, "width": 32, "height": 32}
    fields = metadata_1_0(members["model.onnx"], package_version="1.1", heads=heads or [head], preprocessing=how)
    fields["files"] = {"categories.json": hashlib.sha256(members["categories.json"]).hexdigest()}
    return {**members, "metadata.json": json.dumps(fields | changes).encode()}


def with_members(members: Mapping[str, bytes], **more: Any) -> dict[str, bytes]:
    """``members`` of a 1.1 package with others, hashed: ``head__0_npz`` is head-0.npz; ``_metadata`` changes that."""
    changes = more.pop("_metadata", {})
    files = {name.replace("_npz", ".npz").replace("__", "-"): content for name, content in more.items()}
    fields = json.loads(members["metadata.json"])
    fields["files"] |= {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return {**members, **files, "metadata.json": json.dumps(fields | changes).encode()}


def npz(arrays: Mapping[str, Any]) -> bytes:
    target = io.BytesIO()
    np.savez(target, **arrays)
    return target.getvalue()


def zipped(path: Path, members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def tree(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder: path -> content, None for a folder."""
    if not folder.exists():
        return {}
    return {
        str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.name not in ("sortwerk.log",)
    }
