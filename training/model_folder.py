"""A model's folder as something that learns: read the state of its heads, or make a model that knows nothing yet."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.combinations import Combinations
from models.embedding import Embedder
from models.errors import ModelError, WorkspaceError
from models.heads.categories import CategoriesResult
from models.library import STARTER, load_head
from models.network import HeadSlice, Network
from models.spec import HeadSpec, ModelSpec
from models.workspace import atomic_file, reason
from training import head_file
from training.calibration import DEFAULT_TEMPERATURE, Calibration
from training.features import Features
from training.frozen_head import FrozenHead
from training.incremental import IncrementalHead
from training.learned_head import LearnedHead
from training.tuned_head import TunedHead

__all__ = ["EMPTY", "create", "load_heads", "model_id"]

EMPTY = "corrections"
"""The format of a model that was made here: it knows what a person has said, and nothing else."""

RIDGE = 0.1
"""Of a head that starts from nothing; between 0.01 and 0.3 it makes no difference (docs/learning.md)."""

WRONG = 0.2
"""The share of wrong answers for which the thresholds in a spec are found."""


def model_id(folder: Path | None, spec: ModelSpec) -> str:
    """What corrections call a model: "starter", or the id that its spec states, or the hash of its weights."""
    if folder is None or folder.resolve() == STARTER.resolve():
        return "starter"
    return spec.id or spec.model_hash or folder.resolve().name


def load_heads(folder: Path, spec: ModelSpec, backbone: Embedder) -> list[LearnedHead | TunedHead | FrozenHead]:
    """The heads of the model in ``folder``, as they were when it was made.

    Raises:
        ModelError: a file is missing, altered or damaged, or does not fit.
    """
    heads: list[LearnedHead | TunedHead | FrozenHead] = []
    empty: Features | None = None
    network = backbone if isinstance(backbone, Network) else None
    learns = network is None  # else what a head has learned is not about this embedding
    own = network.embedding if network is not None and network.cached else None  # rows that are kept can be learned
    for index, head in enumerate(spec.heads):
        if head.state_hash and learns:
            heads.append(_with_state(folder / f"state-{index}.npz", head, backbone))
        elif spec.format == EMPTY and learns:
            empty = empty or standard_features()  # one for all: what is made of pictures by them can be shared
            heads.append(_from_nothing(head, empty))
        elif network is not None and own is not None and head.state_hash and head.kind == CategoriesResult.kind:
            heads.append(_tuned(folder / f"state-{index}.npz", head, network.heads[index], own))
        else:
            heads.append(FrozenHead(head, load_head(folder, spec, index, backbone)))
    return heads


def standard_features() -> Features:
    """Standardised as the starter model does, for a head that has no pictures yet to be standardised by.

    Raises:
        ModelError: the starter model is missing.
    """
    path = STARTER / "head.npz"
    try:
        with np.load(path, allow_pickle=False) as file:
            return Features(file["mean"], file["scale"])
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path} is missing or damaged; install Sortwerk again.") from error


def create(
    folder: Path,
    name: str,
    questions: Sequence[str],
    backbone_id: str,
    combinations: Combinations | None = None,
) -> ModelSpec:
    """Make a model that knows nothing in the new folder ``folder``; its categories come with the first corrections.

    Args:
        folder: must not exist.
        name: for people.
        questions: the names of its heads, one or more, none twice.
        backbone_id: what it stands on.
        combinations: which categories of two heads go together, if that is known.

    Raises:
        ModelError: a name is missing, too long, or there twice.
        WorkspaceError: the folder is there, or can't be written.
    """
    if not questions:
        raise ModelError(f"The model {name} answers nothing; give it at least one question.")
    spec = ModelSpec.parse(
        {
            "package_version": "1.1",
            "id": uuid.uuid4().hex,
            "name": name,
            "description": "Learned from corrections alone.",
            "format": EMPTY,
            "heads": [{"name": question, "kind": "categories"} for question in questions],
            "backbone": backbone_id,
            "combinations": combinations,
        },
        f"The model {name}",
    )
    try:
        folder.mkdir(parents=True)
        try:
            with atomic_file(folder / "metadata.json") as file:
                file.write(spec.to_json().encode())
        except OSError:
            folder.rmdir()  # no half of a model
            raise
    except OSError as error:
        raise WorkspaceError(f"{folder} can't be made ({reason(error)}); choose another name or place.") from error
    return spec


def _tuned(path: Path, spec: HeadSpec, logits: HeadSlice, embedding: HeadSlice) -> TunedHead:
    saved = _saved(path, spec, embedding.stop - embedding.start)
    return TunedHead(spec, logits, embedding, saved.head.features, ridge=saved.head.ridge)


def _saved(path: Path, spec: HeadSpec, dimensions: int) -> head_file.SavedHead:
    """The state of the head ``spec`` that was fitted on ``dimensions`` numbers a picture."""
    try:
        if hashlib.sha256(path.read_bytes()).hexdigest() != spec.state_hash:
            raise ModelError(f"{path} was altered or damaged (its SHA-256 is not the one stated); get the model again.")
        saved = head_file.load(path)
    except (OSError, WorkspaceError) as error:
        raise ModelError(f"{path} can't be read or is damaged; get the model again.") from error
    if saved.head.features.dimensions != dimensions or saved.head.categories != spec.categories:
        raise ModelError(f"{path} does not fit its model; get the model again.")
    return saved


def _with_state(path: Path, spec: HeadSpec, backbone: Embedder) -> LearnedHead:
    saved = _saved(path, spec, backbone.dimensions)
    calibration = Calibration(
        temperature=spec.temperature,
        unsure_below=spec.unsure_below,
        unknown_below=spec.unknown_below,
        wrong=WRONG,
        promised=spec.unknown_below > 0,
        examples=len(saved.head.examples),
    )
    return LearnedHead(spec, saved.head, saved.series, calibration)


def _from_nothing(spec: HeadSpec, features: Features) -> LearnedHead:
    calibration = Calibration(DEFAULT_TEMPERATURE, 1.0, 0.0, wrong=None, promised=False, examples=0)
    return LearnedHead(spec, IncrementalHead(features, ridge=RIDGE, categories=spec.categories), {}, calibration)
