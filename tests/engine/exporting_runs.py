"""Run by the engine's Python: export untrained networks of every head kind from run folders, as a training does."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch

from training.config import ModelConfig, TrainingConfig
from training.config.changing import with_set
from training.datasets.heads import HeadDef
from training.datasets.values import Boxes, Category, Grade, Mask, Shape, Tags, Target, Value
from training.pytorch.export import export_run
from training.pytorch.heads.base import Example, HeadPlan
from training.pytorch.network import make_network
from training.runs.folder import RunFolder
from training.runs.info import DatasetFacts, RunInfo
from training.runs.items import RunItem

SIDE = 64
PARTS = ("brick", "plate", "tile")
RUNS = {
    "plain": (
        HeadDef("part", "categories", PARTS),
        HeadDef("colour", "categories", ("red", "blue")),
        HeadDef("marks", "tags", ("worn", "printed")),
        HeadDef("condition", "grade", options={"low": 1, "high": 10}),
    ),
    "dense": (HeadDef("surface", "mask", PARTS), HeadDef("recoloured", "image", options={"roles": ["recoloured"]})),
    "fcos": (HeadDef("things", "boxes", PARTS),),
    "fasterrcnn": (HeadDef("things", "boxes", PARTS),),
}


def example(row: int, heads: tuple[HeadDef, ...], chance: np.random.Generator) -> Example:
    """A picture of noise with a label for all heads; every fifth has none for the first."""
    image = chance.integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    mask = chance.integers(0, 3, (SIDE, SIDE)).astype(np.uint8)
    target = Target(path="/nowhere.png", role="recoloured")
    known: dict[str, Value] = {
        "part": Category(PARTS[row % 3]),
        "colour": Category(("red", "blue")[row % 2]),
        "marks": Tags(frozenset({"worn"} if row % 2 else set())),
        "condition": Grade(1 + row % 10),
        "things": Boxes((Shape(PARTS[row % 3], 8, 8, 32, 32),)),
        "surface": Mask("ab" * 32, SIDE, SIDE, (0, 1, 2)),
    }
    labels = {head.name: known[head.name] for head in heads if head.name in known}
    if row % 5 == 4:
        labels.pop(heads[0].name, None)
    return Example(
        f"{row:064x}", image, labels, masks={"surface": mask}, pictures={"recoloured": (target, image[::-1].copy())}
    )


def export(folder: Path, name: str) -> None:
    """One run."""
    torch.manual_seed(3)
    heads = RUNS[name]
    config = TrainingConfig(
        name=name, model=ModelConfig(weights="none", detector="fasterrcnn" if name == "fasterrcnn" else "fcos")
    )
    config = with_set(with_set(config, f"data.side={SIDE}"), "export.torchscript=true")
    info = RunInfo(id=name, dataset=DatasetFacts(name="Bricks", version="3", hash="cd" * 32))
    items = [RunItem(f"{row:064x}", f"/nowhere/{row}.png") for row in range(40)]
    run = RunFolder.create(folder / name, config, info, heads, folder / "blobs", items)
    plans = [
        HeadPlan(one.name, one.kind, one.categories, one.options, config.head(one.name), one.name) for one in heads
    ]
    network = make_network(config, plans)
    chance = np.random.default_rng(4)
    examples = [example(row, heads, chance) for row in range(40)]
    batches = [examples[start : start + 8] for start in range(0, len(examples), 8)]
    by_name = {head.plan.name: head for head in network.questions}
    done = export_run(
        network.encoder, by_name, {"val": batches[:4], "test": batches[4:]}, run=run, config=config, licence="MIT"
    )
    sys.stdout.write(" ".join([name, str(done.images), *done.sentences]) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    for chosen in sys.argv[2:] or RUNS:
        export(Path(sys.argv[1]), chosen)
