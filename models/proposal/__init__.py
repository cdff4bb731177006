"""What a foreign network is likely to be for: heads and preprocessing to begin with, each with the reason for it.

    proposal = propose(examine(path), beside=path)
    spec = ModelSpec(name="...", heads=proposal.heads, preprocessing=proposal.preprocessing)

A network says only of what shape its numbers are. The rest is guessed from its first run, its names and its metadata,
and a person is shown the guess with its ``reasons`` before it counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.errors import ModelError
from models.formats.facts import OnnxFacts
from models.formats.picture_input import find_colours, find_picture
from models.proposal.names import names_beside, names_in
from models.proposal.outputs import find_heads
from models.proposal.pixels import find_preprocessing
from models.proposal.reason import Reason
from models.spec import HeadSpec, Preprocessing

__all__ = ["Proposal", "Reason", "propose"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a network is used, to begin with.

    Attributes:
        heads: at least one; each names its outputs in its form.
        preprocessing: for the size that its first run worked with.
        reasons: what was decided and why, in the order in which a person would ask.
    """

    heads: tuple[HeadSpec, ...]
    preprocessing: Preprocessing
    reasons: tuple[Reason, ...]


def propose(facts: OnnxFacts, *, beside: Path | None = None) -> Proposal:
    """What the network of ``facts`` is likely to be for.

    Args:
        facts: with samples: of a network that could be run.
        beside: the network's file; a ``labels.txt`` or ``classes.txt`` in its folder is read for names.

    Raises:
        ModelError: it could not be run, takes no picture or more than one and its colours, or nothing that comes out
            is of a kind this program knows.
    """
    if facts.run_error or not facts.sample_outputs:
        raise ModelError(facts.run_error or "The network gives nothing; export it again.")
    picture = find_picture(facts.inputs)
    if picture is None:
        taken = ", ".join(f"{one.name} {list(one.shape or ())}" for one in facts.inputs)
        raise ModelError(f"The network takes no picture (it takes {taken}); export it with an input (N, 3, H, W).")
    colours = find_colours(facts.inputs)
    known = {picture.tensor.name, colours.name if colours is not None else ""}
    more = [one.name for one in facts.inputs if one.name not in known]
    if more:
        raise ModelError(f"The network takes more than a picture ({', '.join(more)}); export it without those inputs.")
    reasons: list[Reason] = []
    shape = next(one.shape for one in facts.sample_inputs if one.name == picture.tensor.name)
    height, width = shape[2:] if picture.layout == "NCHW" else shape[1:3]
    names = names_in(facts.metadata_map)
    if names is None and beside is not None:
        names = names_beside(beside)
    heads = find_heads(facts.sample_outputs, (height, width), names, colours is not None, reasons)
    if not heads:
        came = ", ".join(f"{one.name} {list(one.shape)}" for one in facts.sample_outputs)
        raise ModelError(f"Nothing that the network gives ({came}) is of a kind Sortwerk knows; export it differently.")
    preprocessing = find_preprocessing(facts, picture, (height, width), colours, heads, reasons)
    if not facts.finite:
        reasons.append(
            Reason("numbers", "In its first run some of what it gave were no numbers (NaN); don't trust it.")
        )
    return Proposal(tuple(heads), preprocessing, tuple(reasons))
