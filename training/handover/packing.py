"""The package of a trained model: its network, its card, and for each head what it goes on learning from."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from models.network import Network
from models.package.members import CATEGORIES, NETWORK, README, state_name, write_categories
from models.package.writing import write_package
from models.spec import ModelSpec
from training.features import Features
from training.handover.card import readme
from training.handover.parity import Parity
from training.handover.states import empty_state

__all__ = ["file_name", "pack", "with_states"]


def with_states(spec: ModelSpec, network: Path, features: Features | None) -> tuple[ModelSpec, dict[str, bytes]]:
    """``spec`` with the heads that can go on learning, and the members of the package that they need for it.

    Those of kind "categories" can, where the network gives an embedding and its rows are short enough to be remembered;
    beside a mask or a picture they are not.

    Raises:
        ModelError: the network does not do what ``spec`` says.
    """
    plain = spec.model_copy(update={"embedding": ""})
    if not spec.embedding or features is None or not Network(network, spec).cached:
        return plain, {}
    states: dict[str, bytes] = {}
    heads = []
    for index, head in enumerate(spec.heads):
        if head.kind != "categories":
            heads.append(head)
            continue
        content = states[state_name(index)] = empty_state(features, head.categories)
        heads.append(head.model_copy(update={"state_hash": hashlib.sha256(content).hexdigest()}))
    return (spec.model_copy(update={"heads": tuple(heads)}), states) if states else (plain, {})


def pack(target: Path, spec: ModelSpec, network: Path, features: Features | None, parity: Parity) -> ModelSpec:
    """Write the package ``target``, whole or not at all; the same bytes for the same run. The spec as written.

    Raises:
        ModelError: the network does not do what ``spec`` says, or is too large for a package.
        WorkspaceError: a file can't be read or written.
    """
    spec, states = with_states(spec, network, features)
    members: dict[str, bytes | Path] = {NETWORK: network, **states}
    members[CATEGORIES] = write_categories(spec.heads, {})
    members[README] = readme(spec, parity).encode("utf-8")
    return write_package(target, spec, members)


def file_name(name: str) -> str:
    """A model's name as that of a file, without an ending."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.")[:60] or "model"
