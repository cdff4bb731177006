"""Whether an unpacked package is what it says: its metadata, its hashes, its signature. Nothing is run here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from models import signing
from models.errors import ModelError, one_line
from models.heads import KINDS
from models.package.members import (
    CATEGORIES,
    MAX_HEADS,
    METADATA,
    NETWORK,
    SIGNATURE,
    Category,
    head_name,
    is_head,
    read_json,
    state_name,
)
from models.package.writing import digest
from models.spec import ModelSpec

__all__ = [
    "APP_VERSION",
    "check_categories",
    "check_hashes",
    "check_heads",
    "check_names",
    "check_signature",
    "read_metadata",
]

APP_VERSION = (1, 1)
"""The newest ``min_app_version`` of a package that this program reads. Of the format's own count, in which the first
program was 1.0.0; it is not Sortwerk's."""

_AGAIN = "get the package again"


def read_metadata(folder: Path, package: str) -> ModelSpec:
    """The spec in ``metadata.json``.

    Raises:
        ModelError: it can't be used, or is for a newer program.
    """
    fields = read_json(folder / METADATA, package)
    if not isinstance(fields, dict):
        raise ModelError(f"{package} is damaged: its {METADATA} is not a JSON object; {_AGAIN}.")
    spec = ModelSpec.parse(fields, f"{METADATA} in {package}")
    needed = _numbers(spec.compatibility.min_app_version)
    if needed[:2] > APP_VERSION:
        raise ModelError(
            f"{package} needs a program of version {one_line(spec.compatibility.min_app_version[:20])} of its format; "
            "install a newer Sortwerk."
        )
    if spec.format != "onnx":
        raise ModelError(
            f"{package} holds a model of the format {one_line(spec.format[:20])}, which this version does not read; "
            "ask its maker for ONNX."
        )
    return spec


def check_hashes(folder: Path, spec: ModelSpec, package: str) -> None:
    """Every file that the metadata names is there and unchanged; since version 1.1, every file is named.

    Raises:
        ModelError: one is not.
    """
    there = {path.name for path in folder.iterdir()}
    stated = {**spec.files, **({NETWORK: spec.model_hash} if spec.model_hash else {})}
    if missing := sorted(stated.keys() - there):
        raise ModelError(f"{package} is not whole: {one_line(missing[0][:80])} is missing; {_AGAIN}.")
    for name, wanted in stated.items():
        if digest(folder / name) != wanted:
            raise ModelError(
                f"{package} was altered or damaged on its way ({name} is not what its maker packed); {_AGAIN}."
            )
    if spec.model_size and spec.model_size != (folder / NETWORK).stat().st_size:
        raise ModelError(f"{package} was altered or damaged on its way ({NETWORK} has another size); {_AGAIN}.")
    unnamed = sorted(there - stated.keys() - {METADATA, SIGNATURE})
    if unnamed and (_numbers(spec.package_version)[:2] > (1, 0) or any(map(is_head, unnamed))):
        raise ModelError(f"{package} does not state what {unnamed[0]} in it hashes to; {_AGAIN}.")


def check_heads(folder: Path, spec: ModelSpec, package: str) -> None:
    """Files of heads belong to heads of the spec, and the other way round.

    Raises:
        ModelError: one does not, or this version can't show what a head answers.
    """
    if len(spec.heads) > MAX_HEADS:
        raise ModelError(f"{package} answers {len(spec.heads)} questions, more than {MAX_HEADS}; don't use it.")
    for head in spec.heads:
        if head.kind not in KINDS:
            raise ModelError(
                f"{package} answers {one_line(head.name)} ({one_line(head.kind)}), which this version can't show; "
                "install a newer Sortwerk."
            )
    allowed = {head_name(index) for index in range(len(spec.heads))}
    for index, head in enumerate(spec.heads):
        name = state_name(index)
        if head.state_hash:
            if spec.files.get(name) != head.state_hash:
                raise ModelError(
                    f"{package} is not whole: what {one_line(head.name)} has learned is missing; {_AGAIN}."
                )
            allowed.add(name)
    extra = sorted(path.name for path in folder.iterdir() if is_head(path.name) and path.name not in allowed)
    if extra:
        raise ModelError(f"{package} is damaged: {extra[0]} belongs to no head of it; {_AGAIN}.")


def check_categories(spec: ModelSpec, said: Mapping[str, Sequence[Category]], package: str) -> None:
    """``categories.json`` and the heads in the metadata name the same categories.

    Raises:
        ModelError: they don't.
    """
    lists = {head or spec.heads[0].name: tuple(one.name for one in names) for head, names in said.items()}
    for head in spec.heads:
        if lists.pop(head.name, () if said else head.categories) != head.categories:
            raise ModelError(
                f"{package} is damaged: its {CATEGORIES} lists other categories for {one_line(head.name)} than its "
                f"{METADATA}; {_AGAIN}."
            )
    if lists:
        raise ModelError(
            f"{package} is damaged: its {CATEGORIES} is about {one_line(next(iter(lists))[:50])}, which it does not "
            f"answer; {_AGAIN}."
        )
    count = sum(len(head.categories) for head in spec.heads)
    if spec.num_categories not in (0, count):
        raise ModelError(
            f"{package} says that it has {spec.num_categories:,} categories and lists {count:,}; {_AGAIN}."
        )


def check_names(spec: ModelSpec, package: str) -> None:
    """Names can be shown as they are: none hides something, or does something to a terminal.

    Raises:
        ModelError: one can't.
    """
    for what, names in (
        ("a name", (spec.name,)),
        ("a question", tuple(head.name for head in spec.heads)),
        ("a category", tuple(name for head in spec.heads for name in head.categories)),
    ):
        for name in names:
            if not name.isprintable() or not name.strip():
                raise ModelError(f"{package} has {what} that can't be shown ({one_line(name[:40])}); don't use it.")


def check_signature(folder: Path, spec: ModelSpec, package: str) -> signing.Signed | None:
    """Who signed the package; None when nobody did.

    Raises:
        ModelError: there is a signature, and it is not of this content.
    """
    path = folder / SIGNATURE
    if not path.is_file():
        return None
    try:
        signed = signing.verify((folder / METADATA).read_bytes(), path.read_bytes())
    except signing.SignatureError as error:
        raise ModelError(f"{package} can't be trusted: its signature {error}; {_AGAIN}.") from None
    if signed.author != spec.author:
        raise ModelError(f"{package} can't be trusted: its signature names another author than its metadata; {_AGAIN}.")
    if not spec.model_hash:
        raise ModelError(f"{package} can't be trusted: its signature says nothing of {NETWORK}; {_AGAIN}.")
    return signed


def _numbers(version: str) -> tuple[int, ...]:
    """From "1.2.3" to (1, 2, 3); what is no number ends it."""
    return tuple(int(one) for one in re.match(r"(?:\d{1,9}(?:\.(?=\d))?)*", version)[0].split(".") if one)  # type: ignore[index]  # it always matches
