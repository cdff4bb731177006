"""Writing a package: the same bytes for the same content.

Members come sorted by name, all of 1 January 1980, with the same rights, and stored as they are: what deflate makes of
the same bytes differs between versions of zlib, and weights hardly get smaller anyway.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from models import signing, workspace
from models.errors import ModelError, WorkspaceError
from models.package.author import AuthorKey
from models.package.members import MAX_PACKAGE, METADATA, NETWORK, SIGNATURE, VERSION, is_member, most
from models.spec import ModelSpec

__all__ = ["digest", "with_facts", "write_package"]

RIGHTS = 0o100644 << 16
UNIX = 3
"""In a zip's words, the system whose rights those are; ``zipfile`` would write the one it runs on."""


def write_package(
    target: Path, spec: ModelSpec, members: Mapping[str, bytes | Path], *, key: AuthorKey | None = None
) -> ModelSpec:
    """Write a package to ``target``, whole or not at all.

    Args:
        target: replaced if it is there.
        spec: of the model; hashes, sizes and numbers in it are found here.
        members: name -> content, or the file that holds it; without metadata and signature, with ``model.onnx``.
        key: to sign with; None for no signature.

    Returns:
        The spec as it was written.

    Raises:
        ModelError: a member can't be in a package, or they are too large.
        WorkspaceError: a file can't be read or written; what was at ``target`` still is.
    """
    unknown = [name for name in members if not is_member(name) or name in (METADATA, SIGNATURE)]
    if unknown or NETWORK not in members:
        wrong = f"{unknown[0]} can't be in it" if unknown else f"it has no {NETWORK}"
        raise ModelError(f"{target.name} can't be written because {wrong}; name the files as the format has them.")
    try:
        spec = with_facts(spec, members)
        metadata = spec.to_json().encode()
        whole: dict[str, bytes | Path] = {**members, METADATA: metadata}
        if key is not None:
            whole[SIGNATURE] = signing.sign(metadata, key.private, spec.author)
        _check_sizes(target, whole)
        with workspace.atomic_file(target) as file:
            _write(file, whole)
    except OSError as error:
        raise WorkspaceError(
            f"{target} could not be written ({workspace.reason(error)}); choose a folder that you may write to, "
            "with space left."
        ) from error
    return spec


def with_facts(spec: ModelSpec, members: Mapping[str, bytes | Path]) -> ModelSpec:
    """``spec`` as a package with these members states it.

    Raises:
        OSError: a file can't be read.
    """
    facts = {
        "package_version": VERSION,
        "format": "onnx",
        "framework": "onnxruntime",
        "num_categories": sum(len(head.categories) for head in spec.heads),
        "model_hash": digest(members[NETWORK]),
        "model_size": _size(members[NETWORK]),
        "files": {name: digest(members[name]) for name in sorted(members) if name != NETWORK},
    }
    return spec.model_copy(update=facts)


def digest(content: bytes | Path) -> str:
    """SHA-256 in lower-case hex.

    Raises:
        OSError: the file can't be read.
    """
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _size(content: bytes | Path) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _check_sizes(target: Path, members: Mapping[str, bytes | Path]) -> None:
    for name, content in members.items():
        if _size(content) > most(name):
            raise ModelError(
                f"{target.name} can't be written because {name} would be larger than the {most(name) >> 20} MiB it may "
                "have; leave something out."
            )
    total = sum(map(_size, members.values()))
    if total > MAX_PACKAGE:
        raise ModelError(
            f"{target.name} can't be written because it would hold {total >> 20} MiB, more than the "
            f"{MAX_PACKAGE >> 20} MiB that a package may; leave out what it has learned from, or quantise the model."
        )


def _write(file: BinaryIO, members: Mapping[str, bytes | Path]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            content = members[name]
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = UNIX, RIGHTS
            info.file_size = _size(content)
            source = io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
            with source, archive.open(info, "w") as member:
                shutil.copyfileobj(source, member, 1 << 20)
