r"""Which networks timm and torchvision can build, and by which tensors each is told.

``catalogue.csv`` beside this file is made by

    python -m training.pytorch.catalogue    # in the engine's environment; takes minutes

A row is a network, a fingerprint of the names and shapes of its tensors without those that depend on the number of
categories, and the names of the latter. Nothing is loaded: networks are built on PyTorch's meta device.
"""

from __future__ import annotations

import csv
import hashlib
import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import timm
import torch
import torchvision

from models.errors import ModelError, one_line

__all__ = ["INDEX", "Row", "build", "find_row", "fingerprint", "read_index", "write_index"]

INDEX = Path(__file__).with_name("catalogue.csv")

KINDS = ("classification", "segmentation", "detection")
"""Of torchvision's networks, those that answer about one picture."""

Shapes = Mapping[str, tuple[int, ...]]

_PASSED_OVER = ("num_batches_tracked", "relative_position_index", "attn_mask", "total_ops", "total_params")
"""Ends of names of tensors that say nothing of the network: writers leave them out or add them as they like."""

_FEW, _MANY = 7, 11
"""Numbers of categories that a network is built with, to see which of its tensors depend on it."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Row:
    """One network of a catalogue.

    Attributes:
        library: "timm" or "torchvision".
        name: by which that library builds it.
        kind: one of ``KINDS``.
        options: further arguments, such as "aux_loss=True" for the second head that torchvision's own weights have.
        print: fingerprint of its tensors without ``heads``.
        heads: names of the tensors that depend on the number of categories.
        counted: the one of them whose first axis tells that number; "" when none does.
        per: how long that axis is for each category.
    """

    library: str
    name: str
    kind: str
    options: str
    print: str
    heads: tuple[str, ...]
    counted: str
    per: int

    @property
    def title(self) -> str:
        """For people, such as "resnet50 (torchvision)"."""
        return f"{self.name} ({self.library})"

    def count(self, shapes: Shapes) -> int:
        """How many categories tensors of ``shapes`` are for; 0 when they have no head."""
        shape = shapes.get(self.counted, ())
        return shape[0] // self.per if shape else 0


def fingerprint(shapes: Shapes, without: Sequence[str] = ()) -> str:
    """16 hex digits for the names and shapes of tensors, whatever their order."""
    left_out = frozenset(without)
    rows = sorted(
        f"{name} {','.join(map(str, shape))}"
        for name, shape in shapes.items()
        if name not in left_out and not name.endswith(_PASSED_OVER)
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]


@cache
def read_index(path: Path = INDEX) -> tuple[Row, ...]:
    """The rows of the catalogue that lies beside this file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(line for line in file if not line.startswith("#"))
        return tuple(
            Row(library, name, kind, options, found, tuple(heads.split()), counted, int(per))
            for library, name, kind, options, found, heads, counted, per in rows
        )


def find_row(architecture: str) -> Row:
    """The network that a person calls ``architecture``, as "resnet50", "timm/resnet50" or "resnet50.a1_in1k".

    Raises:
        ModelError: neither library has one of that name.
    """
    library, _, name = architecture.strip().rpartition("/")
    name = name.partition(".")[0]  # behind a point timm names the weights
    found = [row for row in read_index() if row.name == name and library in ("", row.library)]
    if found:
        return found[0]
    near = sorted({row.name for row in read_index()}, key=lambda one: (not one.startswith(name[:6]), len(one), one))[:3]
    raise ModelError(
        f"Neither timm nor torchvision has an architecture {one_line(architecture)[:100]}; choose one of theirs, such "
        f"as {', '.join(near)}."
    )


def build(row: Row, categories: int) -> torch.nn.Module:
    """The network of ``row`` with random weights; nothing is downloaded.

    Args:
        row: which network.
        categories: that its head tells apart; 0 leaves the head of a timm network out.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about weights that are not there, and about old names
        if row.library == "timm":
            network: torch.nn.Module = timm.create_model(row.name, pretrained=False, num_classes=categories)
            return network
        options: dict[str, Any] = {name: value == "True" for name, _, value in _pairs(row.options)}
        if row.kind != "classification":
            options["weights_backbone"] = None
        if row.name in ("googlenet", "inception_v3"):
            options["init_weights"] = False
        made: torch.nn.Module = torchvision.models.get_model(
            row.name, weights=None, num_classes=categories or 1, **options
        )
        return made


def _pairs(options: str) -> list[tuple[str, str, str]]:
    return [option.partition("=") for option in options.split()]


def write_index(path: Path = INDEX) -> int:
    """Build every network without weights and write what tells them apart; returns how many there are."""
    rows = [row for row in map(_measured, _all()) if row is not None]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"# timm {timm.__version__}, torchvision {torchvision.__version__.partition('+')[0]}, ")
        file.write("by python -m training.pytorch.catalogue\n")
        writer = csv.writer(file, lineterminator="\n")
        for row in rows:
            heads = " ".join(row.heads)
            writer.writerow([row.library, row.name, row.kind, row.options, row.print, heads, row.counted, row.per])
    return len(rows)


def _all() -> Iterator[Row]:
    for name in torchvision.models.list_models():
        kind = torchvision.models.get_model_builder(name).__module__.split(".")[2]
        if kind in ("quantization", "video", "optical_flow"):
            continue
        kind = kind if kind in KINDS else "classification"
        variants = [""]
        if kind == "segmentation":
            variants = ["aux_loss=True", "aux_loss=False"]
        elif name in ("googlenet", "inception_v3"):
            variants = ["aux_logits=True", "aux_logits=False"]
        for options in variants:
            yield Row("torchvision", name, kind, options, "", (), "", 1)
    for name in timm.list_models():
        yield Row("timm", name, "classification", "", "", (), "", 1)


def _measured(row: Row) -> Row | None:
    """``row`` with what tells it; None for what can't be built for a number of categories."""
    try:
        few, many = (_shapes(row, count) for count in (_FEW, _MANY))
    except Exception as error:
        _log.warning("%s is left out: %s", row.title, error)
        return None
    heads = tuple(name for name in many if few.get(name) != many[name])
    lengths = {name: (few.get(name, (0,))[0], many[name][0]) for name in heads if many[name]}
    counts = {
        name: high // _MANY
        for name, (low, high) in lengths.items()
        if high % _MANY == 0 and low % _FEW == 0 and low // _FEW == high // _MANY > 0
    }
    counted = min(counts, key=lambda name: counts[name], default="")
    return Row(
        *(row.library, row.name, row.kind, row.options),
        *(fingerprint(many, heads), heads, counted, counts.get(counted, 1)),
    )


def _shapes(row: Row, categories: int) -> dict[str, tuple[int, ...]]:
    try:
        with torch.device("meta"):
            network = build(row, categories)
    except NotImplementedError:  # some read numbers from their own tensors while they are built
        network = build(row, categories)
    return {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger(__name__).info("%d networks", write_index())
