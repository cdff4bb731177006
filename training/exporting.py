"""From a model as it stands now, after all that a person has said, to a package for others (``models.package``).

A model on the bundled backbone is packed twice over: as heads (and what they have learned from, if wished) for those
who have that backbone, and as one whole network for every other program. A model with a network of its own is packed as
it came.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.composing import LinearPart, compose, output_name
from models.errors import ModelError
from models.heads import Form
from models.library import BUNDLED, STARTER, LinearHead
from models.network import Network
from models.package.author import AuthorKey
from models.package.exporter import now
from models.package.members import (
    CATEGORIES,
    MAX_HEADS,
    NETWORK,
    README,
    TRAINING_DATA,
    head_name,
    is_head,
    read_categories,
    state_name,
    to_json,
    write_categories,
)
from models.package.writing import write_package
from models.spec import Accuracy, HeadSpec, ModelSpec, Preprocessing
from training import head_file
from training.calibration import Calibration, calibrate
from training.freezing import freeze_folded
from training.held_out import held_out_logits
from training.learner import HeadSnapshot, Learner
from training.model_folder import WRONG
from training.series import series

__all__ = ["ExportOptions", "export_package"]

CROSS_VALIDATION = "cross-validation"
"""The split of an accuracy that is measured on what was learned: each example answered without its own series."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What a person decides about an export; None for what the model itself says.

    Attributes:
        name: for people.
        version: of the model.
        author: who made it.
        license: under which others may use it.
        description: what it is for.
        readme: text of README.md; None for the model's own, as long as nothing was learned since it was written.
        with_state: whether to pack what the heads have learned from (embeddings and hashes of the pictures), so that
            others can go on. It says something about the pictures.
        with_corrections: whether to pack the list of corrections, with the pictures' file names.
        key: to sign with; None for no signature.
        created: ISO 8601; None for now. The same model and the same time give the same bytes.
    """

    name: str | None = None
    version: str | None = None
    author: str | None = None
    license: str | None = None
    description: str | None = None
    readme: str | None = None
    with_state: bool = True
    with_corrections: bool = False
    key: AuthorKey | None = None
    created: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Head:
    """A head, ready to be packed."""

    spec: HeadSpec
    matrix: NDArray[np.float32]
    bias: NDArray[np.float32]
    state: bytes | None
    accuracy: tuple[Accuracy, ...] | None
    keys: frozenset[bytes]


def export_package(learner: Learner, folder: Path | None, target: Path, options: ExportOptions) -> ModelSpec:
    """Write the model to the package ``target``; return the spec as written.

    Takes seconds when something was learned since its thresholds were found. The learner stays as it is.

    The package has an id of its own, made from its content, so that what people say of their copies does not mix.

    Args:
        learner: of the model.
        folder: of the model; None for the starter model.
        target: written whole or not at all.
        options: what the person decided.

    Raises:
        ModelError: there is nothing to export yet, or it can't be packed.
        WorkspaceError: a file can't be read or written.
    """
    if options.key is not None and not options.author:
        raise ModelError("A signature needs the name of its author; say who you are.")
    place = folder or STARTER
    if isinstance(learner.backbone, Network):
        spec, members = _own_network(learner, place, with_state=options.with_state)
    else:
        spec, members = _on_bundled(learner, place, options)
    stated = {name: getattr(options, name) for name in ("name", "version", "author", "license", "description")}
    fields = spec.model_dump() | {name: value for name, value in stated.items() if value is not None}
    spec = ModelSpec.parse(fields | {"created": options.created or now()}, f"The model {spec.name}")
    spec = spec.model_copy(update={"id": _id(spec, members)})
    if options.readme is not None:
        members[README] = options.readme.encode("utf-8")
    if options.with_corrections:
        members[TRAINING_DATA] = to_json(_records(learner, spec.id))
    return write_package(target, spec, members, key=options.key)


def _own_network(learner: Learner, folder: Path, *, with_state: bool) -> tuple[ModelSpec, dict[str, bytes | Path]]:
    """As it came; heads for another backbone are passed on, too."""
    spec = learner.spec
    if not with_state:
        heads = tuple(head.model_copy(update={"state_hash": ""}) for head in spec.heads)
        spec = spec.model_copy(update={"heads": heads})
    states = {state_name(index) for index, head in enumerate(spec.heads) if not head.state_hash}
    kept = [name for name in spec.files if (is_head(name) or name == README) and name not in states]
    members: dict[str, bytes | Path] = {name: folder / name for name in (NETWORK, *kept)}
    members[CATEGORIES] = write_categories(spec.heads, _descriptions(folder, spec))
    return spec, members


def _on_bundled(learner: Learner, folder: Path, options: ExportOptions) -> tuple[ModelSpec, dict[str, bytes | Path]]:
    spec = learner.spec
    if len(spec.heads) > MAX_HEADS:
        raise ModelError(f"{spec.name} has {len(spec.heads)} questions, and a package takes {MAX_HEADS}; use fewer.")
    published, snapshots = learner.published, learner.snapshots()
    heads: list[_Head] = []
    for index, head in enumerate(spec.heads):
        taken = {name for one in heads for name in one.spec.form.outputs} | {"image"}
        output = output_name(head.name, taken)
        snapshot, logits = snapshots[index], published[index].logits
        if snapshot is not None:
            heads.append(_learned(spec, head, snapshot, output, with_state=options.with_state))
        elif isinstance(logits, LinearHead):
            form = Form(outputs=(output,))
            heads.append(
                _Head(
                    head.model_copy(update={"form": form, "temperature": 1.0}), *logits.folded, None, None, frozenset()
                )
            )
        else:
            raise ModelError(f"{spec.name} answers {head.name} in a way that can't be exported; leave it out.")
    members: dict[str, bytes | Path] = {
        head_name(i): freeze_folded(one.matrix, one.bias) for i, one in enumerate(heads)
    }
    members |= {state_name(i): one.state for i, one in enumerate(heads) if one.state is not None}
    parts = [LinearPart(one.spec.form.outputs[0], one.matrix, one.bias) for one in heads]
    specs = tuple(one.spec for one in heads)
    version = options.version or spec.version
    metadata = {"categories": _flat(specs), "version": version, "description": options.description or spec.description}
    members[NETWORK] = compose(BUNDLED / "backbone" / NETWORK, parts, metadata)
    members[CATEGORIES] = write_categories(specs, _descriptions(folder, spec))
    changed = any(one is not None and one.changed for one in snapshots)
    if not changed and (folder / README).is_file():
        members[README] = folder / README
    keys = sorted(frozenset[bytes]().union(*(one.keys for one in heads)))
    update = {
        "heads": specs,
        "preprocessing": Preprocessing(input="image"),
        "accuracy": tuple(_accuracy(spec, heads)),
        "data_fingerprint": hashlib.sha256(b"".join(keys)).hexdigest() if keys else spec.data_fingerprint,
    }
    return spec.model_copy(update=update), members


def _learned(spec: ModelSpec, head: HeadSpec, now_: HeadSnapshot, output: str, *, with_state: bool) -> _Head:
    if not now_.head.categories or not now_.head.examples:
        raise ModelError(
            f"{spec.name} has learned nothing about {head.name} yet; say what a few pictures are, and export it then."
        )
    together = series(now_.series, {key: one.category for key, one in now_.head.examples.items()})
    calibration = _settled(now_)
    matrix, bias = now_.head.features.fold(now_.head.weights)
    state = None
    if with_state:
        file = io.BytesIO()
        head_file.write(now_.head, file, now_.series)
        state = file.getvalue()
    update = {
        "categories": now_.head.categories,
        "temperature": calibration.temperature,
        "unsure_below": calibration.unsure_below,
        "unknown_below": calibration.unknown_below,
        "state_hash": hashlib.sha256(state).hexdigest() if state is not None else "",
        "form": Form(outputs=(output,)),
    }
    accuracy = _measured(head.name, now_, together) if now_.changed else None
    temperature = np.float32(calibration.temperature)
    return _Head(
        head.model_copy(update=update),
        matrix / temperature,
        bias / temperature,
        state,
        accuracy,
        frozenset(now_.head.examples),
    )


def _settled(now_: HeadSnapshot) -> Calibration:
    """How sure to sound, found for just these examples and for the share of wrong answers that specs are for."""
    if now_.settled and now_.calibration.wrong == WRONG:
        return now_.calibration
    return calibrate(now_.head, now_.series, wrong=WRONG)


def _measured(name: str, now_: HeadSnapshot, together: Mapping[bytes, bytes]) -> tuple[Accuracy, ...]:
    """Top-1 on all that was learned, each example answered by what it would be without it and its series."""
    if len(now_.head.categories) < 2:
        return ()
    logits, labels = held_out_logits(now_.head, together)
    right = float((logits.argmax(axis=1) == labels).mean())
    return (Accuracy(metric="top-1", value=round(right, 4), images=len(labels), split=CROSS_VALIDATION, head=name),)


def _accuracy(spec: ModelSpec, heads: Sequence[_Head]) -> list[Accuracy]:
    """What was measured anew of each head, or what its maker stated, where nothing was learned since."""
    anew = {head.spec.name: head.accuracy for head in heads if head.accuracy is not None}
    first = spec.heads[0].name
    kept = [one for one in spec.accuracy if (one.head or first) not in anew]
    return [*kept, *(one for ones in anew.values() for one in ones)]


def _descriptions(folder: Path, spec: ModelSpec) -> dict[str, dict[str, str]]:
    """Head -> category -> what it is, from the model's own ``categories.json``."""
    if not (folder / CATEGORIES).is_file():
        return {}
    listed = read_categories(folder / CATEGORIES, spec.name)
    return {head or spec.heads[0].name: {one.name: one.description for one in names} for head, names in listed.items()}


def _flat(heads: Sequence[HeadSpec]) -> list[str] | dict[str, list[str]]:
    lists = {head.name: list(head.categories) for head in heads}
    return lists if len(heads) > 1 else next(iter(lists.values()))


def _id(spec: ModelSpec, members: Mapping[str, bytes | Path]) -> str:
    """Of the package: another name, version or content is another model."""
    digest = hashlib.sha256()
    for text in (spec.name, spec.version):
        digest.update(hashlib.sha256(text.encode()).digest())
    for name in sorted(members):
        content = members[name]
        if name != README:
            digest.update(hashlib.sha256(content if isinstance(content, bytes) else content.read_bytes()).digest())
    return digest.hexdigest()[:32]


def _records(learner: Learner, model: str) -> list[dict[str, Any]]:
    """The corrections without what is the person's own affair: folders, names of people, notes."""
    return [
        replace(
            one, id=0, texture_path=PurePath(one.texture_path).name or "picture", annotator="", metadata={}, model=model
        ).to_record()
        for one in learner.corrections()
    ]
